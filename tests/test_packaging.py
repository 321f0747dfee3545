"""What is shipped: the set-up script, and a wheel and an sdist with everything in them."""

from __future__ import annotations

import ast
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import chainrule_gui

ROOT = Path(__file__).parent.parent
BOOTSTRAP = ROOT / "packaging" / "bootstrap.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_setup_script_needs_the_standard_library_alone():
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(BOOTSTRAP.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_the_setup_script_says_how_it_is_used(arguments):
    ended = subprocess.run(
        [sys.executable, BOOTSTRAP, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert "run" in ended.stderr
    assert "test" in ended.stderr


def test_the_version_is_the_same_everywhere():
    assert PROJECT["version"] == chainrule_gui.__version__


def test_wheel_and_sdist_carry_the_resources(tmp_path):
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "resources").rglob("*.*")}
    assert shipped
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert {f"chainrule_gui/{name}" for name in shipped} <= set(wheel.namelist())
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as sdist:
        assert shipped <= {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
