"""`python -m tests.gallery OUT/`: renders the app in its canonical states to PNG."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp()  # not into the results of who looks at the pictures
os.environ["QT_LOGGING_RULES"] = "qt.qpa.plugin=false"

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.session.session import Session
from chainrule_gui.views.theme import look
from tests.gallery.states import STATES, Shot


def main() -> int:
    """Render every state, each into its own file."""
    if len(sys.argv) < 2:
        print("usage: python -m tests.gallery OUT/ [NAME …]", file=sys.stderr)
        return 2
    out, wanted = Path(sys.argv[1]), sys.argv[2:]
    out.mkdir(parents=True, exist_ok=True)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
    application = QApplication([])
    for shot in STATES:
        if not wanted or any(part in shot.name for part in wanted):
            _render(application, shot, out / f"{shot.name}.png")
            print(out / f"{shot.name}.png")
    return 0


def _render(application: QApplication, shot: Shot, path: Path) -> None:
    look.choose(shot.theme)
    look.set_scale(shot.scale)
    application.setStyleSheet("")  # as at a start, not as the window before left it
    window = MainWindow(Session(shot.state()))
    window.resize(*shot.size)
    window.show()
    application.processEvents()
    shot.then(window)
    for _turn in range(3):
        application.processEvents()
    window.grab().save(str(path))
    window.hide()
    window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    sys.exit(main())
