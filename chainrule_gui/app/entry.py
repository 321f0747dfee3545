"""The command `chainrule-gui`: opens the window, or checks that it could."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from chainrule_gui import __version__
from chainrule_gui.i18n import _


def main(arguments: list[str] | None = None) -> int:
    """Open the window with a file or without; return the exit status."""
    if getattr(sys, "frozen", False):  # a frozen copy that was started for bounded work does that and no more
        import multiprocessing

        multiprocessing.freeze_support()
    options = _parser().parse_args(arguments)
    if not _has_display():
        print(_("There is no display. Start from a desktop, or set QT_QPA_PLATFORM=offscreen."), file=sys.stderr)
        return 2
    gc.disable()  # a start makes hundreds of thousands of objects that stay: to look through them takes a tenth of it
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    application.setApplicationName("Chain Rule Lab")
    application.setApplicationVersion(__version__)
    from chainrule_gui.app.faults import catch_faults
    from chainrule_gui.app.main_window import MainWindow
    from chainrule_gui.app.settings import Settings
    from chainrule_gui.session.session import Session
    from chainrule_gui.views.theme import look

    if options.self_check:
        from chainrule_gui.app.self_check import self_check

        gc.enable()
        return self_check()
    settings = Settings()
    look.scale = min(max(settings.number("scale", 1.0), 0.75), 3.0)
    theme = settings.text("theme", "system")
    look.choose(theme if theme in ("light", "dark") else "system")  # type: ignore[arg-type]
    window = MainWindow(Session(), settings)
    catch_faults(window)
    if options.file is not None:
        window.files.open_path(options.file)
    window.show()
    QTimer.singleShot(0, _collect_again)
    return int(application.exec())


def _collect_again() -> None:
    """Let garbage be collected from now on, but what the start made be left alone: that would pause a drag."""
    gc.freeze()
    gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chainrule-gui", description=_("Chain Rule Lab, the window"))
    parser.add_argument("file", nargs="?", type=Path, help=_("a session file (.chainrule)"))
    parser.add_argument("--self-check", action="store_true", help=_("open the window, try it, print OK and leave"))
    parser.add_argument("--version", action="version", version=f"chainrule-gui {__version__}")
    return parser


def _has_display() -> bool:
    """Without a display Qt aborts, and an abort cannot be caught: look first."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
