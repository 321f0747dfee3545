"""Where the learner types the factor that stands in the box of a step."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.typeset.compiler import page
from chainrule_gui.typeset.spoken import to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup
from chainrule_gui.views.announcer import announce
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.gesture import leave_undo_to_the_window
from chainrule_gui.views.theme import look

_LONGEST = 1000


class PredictionBox(QWidget):
    """Shows what is typed as a formula, and what is said of it; whether it is right, it does not know."""

    #: what was typed is to be checked
    check_requested = Signal(str)
    #: the learner gives up on this factor
    show_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = QLineEdit(self)
        self.entry.setMaxLength(_LONGEST)
        self.entry.setPlaceholderText(_("Type what stands in the box"))
        self.entry.setAccessibleName(_("What stands in the box"))
        self.entry.textEdited.connect(self._on_typed)
        self.entry.returnPressed.connect(self._on_enter)
        leave_undo_to_the_window(self.entry)
        self.check, self.give_up = QPushButton(_("Check"), self), QPushButton(_("Show it"), self)
        self.check.setAccessibleName(_("Check what stands in the box"))
        self.give_up.setAccessibleName(_("Show what stands in the box"))
        self.check.clicked.connect(self._on_enter)
        self.give_up.clicked.connect(self.show_requested)
        self.preview = FormulaView(self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setObjectName("muted")
        self.said.setAccessibleName(_("What is said of the answer"))
        row = QHBoxLayout()
        row.addWidget(self.entry, 1)
        row.addWidget(self.check)
        row.addWidget(self.give_up)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), 0, 0, look.px(6))
        column.addLayout(row)
        column.addWidget(self.preview)
        column.addWidget(self.said)
        self._show_preview("")

    def ask(self, question: str) -> None:
        """Begin with an empty entry."""
        self.entry.clear()
        self.entry.setAccessibleDescription(question)
        self.say("")
        self._show_preview("")

    def say(self, text: str, wrong: bool = False) -> None:
        """Say something of the answer."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        name = "warning" if wrong else "muted"
        if self.said.objectName() != name:
            self.said.setObjectName(name)
            self.said.style().polish(self.said)
        if text:
            announce(self.said, text)

    def _on_typed(self, text: str) -> None:
        self.say("")
        self._show_preview(text)

    def _show_preview(self, text: str) -> None:
        try:
            read = parse(text) if text.strip() else None
        except ExpressionError:
            read = None
        self.preview.setVisible(read is not None)
        if read is not None:
            document = page(expression_markup(read), 11 * look.scale, look.theme.muted)
            self.preview.show_document(document, _("Read as {formula}").format(formula=to_spoken(read)))
            self.preview.fit(max(self.entry.width(), look.px(160)), self.preview.natural_width)

    def _on_enter(self) -> None:
        if self.entry.text().strip():
            self.check_requested.emit(self.entry.text())
