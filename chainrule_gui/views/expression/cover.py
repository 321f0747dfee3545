"""What lies over the derivation while an exercise is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.views.theme import look


class Cover(QFrame):
    """Says why there is nothing to see, and offers the solution."""

    #: the derivation is to be shown
    solution_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cover")
        why = QLabel(_("Covered until you have the answer."))
        why.setObjectName("muted")
        why.setWordWrap(True)
        why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(_("Show the solution"))
        self.button.clicked.connect(self.solution_requested)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(why)
        self._column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        look.changed.connect(self._apply_look)
        self._apply_look()

    def _apply_look(self) -> None:
        self._column.setSpacing(look.px(10))
