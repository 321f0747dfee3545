"""`chainrule-gui --self-check`: opens the real window, takes both subjects through a few steps, looks at every pane."""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QWidget

from chainrule_gui import __version__
from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.app.settings import Settings
from chainrule_gui.i18n import _
from chainrule_gui.session import edits
from chainrule_gui.session.document import read_document, write_document
from chainrule_gui.session.session import Session
from chainrule_gui.views.theme import look

_NEEDED_GLYPHS = "∂δηŷ₁²·−×→"


def self_check() -> int:
    """Run the check; print one line starting OK and return 0, or say what failed and return 1."""
    session = Session()
    window = MainWindow(session, Settings())
    window.show()
    try:
        problems = _check(window, session)
    finally:
        window.session.undo_stack.setClean()
        window.hide()
        window.deleteLater()
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"OK chainrule-gui {__version__}, Qt {PySide6.__version__}, Python {platform.python_version()}")
    return 1 if problems else 0


def _check(window: MainWindow, session: Session) -> list[str]:
    problems = []
    missing = [glyph for glyph in _NEEDED_GLYPHS if not QFontMetrics(look.font()).inFontUcs4(ord(glyph))]
    if len(missing) > len(_NEEDED_GLYPHS) // 2:
        problems.append(_("The system has no font with the letters {letters}.").format(letters="".join(missing)))
    session.edit("", edits.text_edited(session.state, "log(2 + cos x)"))
    problems += _look_at(window)
    for _step in range(3):
        session.edit("", edits.advanced(session.state))
    problems += _look_at(window)
    session.edit("", edits.subject_chosen(session.state, "network"))
    before = session.frame.network.trace.cost
    for _step in range(3):
        session.edit("", edits.advanced(session.state))
    problems += _look_at(window)
    if not session.frame.network.trace.cost < before:
        problems.append(_("Gradient descent did not lower the cost."))
    check = session.frame.network.check
    if check is None or not check.passes:
        problems.append(_("The gradient check failed."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "check.chainrule")
        write_document(path, session.state)
        if read_document(path).network.run.step != session.state.network.run.step:
            problems.append(_("A session did not come back as it was saved."))
    return problems


def _look_at(window: MainWindow) -> list[str]:
    QCoreApplication.processEvents()
    panes = {_("chain rule"): window.panes.expression, _("diagram"): window.panes.diagram, _("plot"): window.panes.plot}
    return [
        _("The pane “{name}” painted nothing.").format(name=name) for name, pane in panes.items() if _is_blank(pane)
    ]


def _is_blank(pane: QWidget) -> bool:
    image = pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    return len(colours) < 3
