"""The window as a learner gets it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QCursor

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.session.session import Session


@pytest.fixture
def window(qtbot):
    QCursor.setPos(0, 0)  # what the pointer of an earlier test lies over would light up
    made = MainWindow(Session())
    qtbot.addWidget(made, before_close_func=lambda widget: widget.session.undo_stack.setClean())
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    return made
