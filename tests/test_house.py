"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

import chainrule_gui

PACKAGE = Path(chainrule_gui.__file__).parent
SHOWN = sorted([*PACKAGE.glob("views/**/*.py"), *PACKAGE.glob("app/**/*.py")])
# Calls whose text a person reads.
READ = {
    "setText", "setToolTip", "setPlaceholderText", "setWindowTitle", "setAccessibleName", "setTitle", "addAction",
    "addMenu", "addRow", "QLabel", "QPushButton", "QAction", "QMenu", "Card", "setSpecialValueText", "say", "question",
    "setInformativeText", "setAccessibleDescription", "_edit", "edit",
}  # fmt: skip


def _calls(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def _unmarked(path: Path) -> list[str]:
    found = []
    for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
        if name in READ:
            for argument in call.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    words = re.search(r"[A-Za-z]{3,}", argument.value)
                    if (words and " " in argument.value.strip()) or (words and argument.value[:1].isupper()):
                        found.append(f"{path.name}:{argument.lineno}: {argument.value!r}")
    return found


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_people_read_is_marked_for_translation(path):
    assert not _unmarked(path)


def test_the_search_for_unmarked_text_finds_some(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("label.setText('Nothing marked here')\nlabel.setText(_('Marked'))\n", encoding="utf-8")
    assert len(_unmarked(bad)) == 1


def _modules():
    for found in pkgutil.walk_packages([str(PACKAGE)], "chainrule_gui."):
        if found.name.split(".")[1] in ("views", "app"):
            yield import_module(found.name)


def test_public_methods_of_widgets_say_what_they_do():
    silent = []
    for module in _modules():
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ != module.__name__ or kind.__name__.startswith("_"):
                continue
            of_qt = {
                name
                for base in kind.__mro__
                if base.__module__.startswith(("PySide6", "pyqtgraph"))
                for name in vars(base)
            }
            silent += [
                f"{kind.__name__}.{name}"
                for name, member in vars(kind).items()
                if inspect.isfunction(member) and not name.startswith("_") and name not in of_qt and not member.__doc__
            ]
    assert not silent


def test_widgets_are_only_made_where_they_are_drawn():
    for found in pkgutil.walk_packages([str(PACKAGE / "session")], "chainrule_gui.session."):
        module = import_module(found.name)
        assert not [kind for _name, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, QWidget)]
