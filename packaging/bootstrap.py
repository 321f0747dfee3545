"""Sets everything up and starts: `python3 packaging/bootstrap.py run` the app, `… test` the tests.

Needs nothing but Python's standard library. Works on Linux, Windows and macOS.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")

# What Qt loads on Debian and its relatives beyond a minimal system, and a font for the window's text.
DEBIAN_PACKAGES = [
    "libegl1",
    "libgl1",
    "libglib2.0-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-image0",
    "libxcb-render-util0",
    "libxcb-xkb1",
    "fonts-dejavu-core",
]
LIBRARIES = [
    "libEGL.so.1",
    "libGL.so.1",
    "libglib-2.0.so.0",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libxkbcommon-x11.so.0",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
    "libxcb-image.so.0",
    "libxcb-render-util.so.0",
    "libxcb-xkb.so.1",
]


def main() -> int:
    """Set up what is missing, then do what the first argument says; further arguments are handed on."""
    if len(sys.argv) < 2 or sys.argv[1] not in ("run", "test"):
        print("usage: python3 packaging/bootstrap.py run [FILE] | test [PYTEST ARGUMENTS]", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        print(f"Chain Rule Lab needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    task, arguments = sys.argv[1], sys.argv[2:]
    for_tests = task == "test"
    try:
        set_up_environment("[dev]" if for_tests else "")
        if sys.platform.startswith("linux"):
            set_up_libraries()
    except subprocess.CalledProcessError as problem:
        print(f"Set-up failed: {' '.join(map(str, problem.cmd))}", file=sys.stderr)
        print("Look at the lines above; with a network connection, try again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the next start goes on with the set-up.", file=sys.stderr)
        return 130
    if for_tests:
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        return subprocess.call([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=environment)
    return subprocess.call([PYTHON, "-m", "chainrule_gui.app.entry", *arguments])


def set_up_environment(extra: str) -> None:
    """Create .venv and install the project into it, unless that was done for this very pyproject.toml, here."""
    made_for = (ROOT / "pyproject.toml").read_bytes() + os.fsencode(ROOT) + sys.version.encode()
    wanted = hashlib.sha256(made_for).hexdigest()
    stamp = ENVIRONMENT / f"installed{extra}"
    done = {path.read_text() for path in (stamp, ENVIRONMENT / "installed[dev]") if path.is_file()}
    if PYTHON.exists() and wanted in done:
        return
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    if not PYTHON.exists() or subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        # There is none, or it was left half made, or its Python is gone or another one now.
        print(f"Creating {ENVIRONMENT.name} …", flush=True)
        create_environment()
    print("Installing Chain Rule Lab and what it needs (once, some minutes) …", flush=True)
    subprocess.run([*pip, "install", "--quiet", "--editable", f"{ROOT}{extra}"], check=True)
    stamp.write_text(wanted)


def create_environment() -> None:
    """Create the virtual environment; Debian splits what that needs into a package of its own."""
    # A copied interpreter does not find the library beside the original where Python was not installed by the system.
    create = venv.EnvBuilder(with_pip=True, clear=True, symlinks=not WINDOWS).create
    try:
        create(ENVIRONMENT)
    except (subprocess.CalledProcessError, SystemExit):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        if not shutil.which("apt-get"):
            raise
        install_with_apt([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
        create(ENVIRONMENT)


def set_up_libraries() -> None:
    """Look whether Qt's system libraries load; where apt is there, install the missing ones, saying so first."""
    stamp = ENVIRONMENT / "libraries-checked"
    if stamp.is_file():
        return
    check = "import ctypes, sys\nfor name in sys.argv[1:]:\n  try: ctypes.CDLL(name)\n  except OSError: print(name)"
    found = subprocess.run([PYTHON, "-c", check, *LIBRARIES], capture_output=True, text=True, check=True)
    missing = found.stdout.split()
    has_fonts = any(any(Path(folder).rglob("*.[to]tf")) for folder in ("/usr/share/fonts", Path.home() / ".fonts"))
    if missing or not has_fonts:
        if not shutil.which("apt-get"):
            what = ", ".join(missing) or "a font (for example DejaVu)"
            print(f"Qt needs what this system lacks: {what}. Install it with your package manager.", file=sys.stderr)
            return
        try:
            install_with_apt(DEBIAN_PACKAGES)
        except (OSError, subprocess.CalledProcessError):  # no sudo, no right to use it, no network
            print(f"They could not be installed; without {', '.join(missing) or 'a font'} "
                  "the window may not open. Ask an administrator to install them.", file=sys.stderr)  # fmt: skip
            return
    stamp.write_text("")


def install_with_apt(packages: "list[str]") -> None:
    """Install Debian packages, with sudo unless already root."""
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    print(f"Installing system packages with apt: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-qq"], check=True, env=environment)
    subprocess.run([*prefix, "apt-get", "install", "-y", "-qq", *packages], check=True, env=environment)


if __name__ == "__main__":
    sys.exit(main())
