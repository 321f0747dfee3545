"""Where the learner answers: the derivative as typed, how it was read, what the examiner says, and hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.expression.parser import MAX_CHARACTERS, ExpressionError
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.compiler import page
from chainrule_gui.typeset.derivation_markup import sought_markup
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup
from chainrule_gui.views.announcer import announce
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window
from chainrule_gui.views.theme import look

if TYPE_CHECKING:
    from chainrule_gui.learning.judge import Judgement
    from chainrule_gui.model.expression.tree import Expression

_SIZE = 12.5
_SMALLEST = 90
_VERDICTS = {
    "correct": N_("✓ Correct"),
    "incorrect": N_("✗ Not yet"),
    "unreadable": N_("? Cannot be read"),
    "incomparable": N_("? Cannot be compared"),
}


class AnswerBox(QWidget):
    """Shows what it is told; whether an answer is right, it does not know."""

    #: (what stands in the entry after a key, merge key)
    answer_edited = Signal(str, str)
    #: the answer is to be judged
    check_requested = Signal()
    #: a hint, or the next one, is wanted
    hint_requested = Signal()
    #: the next exercise is wanted
    next_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: FunctionFrame | None = None
        self._gesture = Gesture()
        self._hint_level, self._hints_left = 0, True
        self.goal = _still_formula()
        self.entry = QLineEdit()
        self.entry.setObjectName("answer")
        self.entry.setMaxLength(MAX_CHARACTERS)
        self.entry.setPlaceholderText(_("Your derivative"))
        self.entry.textEdited.connect(lambda text: self.answer_edited.emit(text, self._gesture.repeated("answer")))
        self.entry.returnPressed.connect(self.check_requested)
        leave_undo_to_the_window(self.entry)
        self.check_button = _button(_("Check"), _("Check the answer"), self.check_requested)
        self.hint_button = _button(_("Hint"), _("Hint"), self.hint_requested)
        self.next_button = _button(_("Next"), _("Next exercise"), self.next_requested)
        self.next_button.setObjectName("primary")
        row = QHBoxLayout()
        row.addWidget(self.goal)
        row.addWidget(self.entry, 1)
        row.addWidget(self.check_button)
        row.addWidget(self.next_button)
        self.preview = _still_formula()
        self.verdict = QLabel()
        self.verdict.setObjectName("verdict")
        self.verdict.setAccessibleName(_("Verdict"))
        self.message, self.hint = _words(_("What the examiner says")), _words(_("Hint"))
        self.hint.setObjectName("muted")
        self._help = QWidget()
        help_row = QHBoxLayout(self._help)
        help_row.setContentsMargins(0, 0, 0, 0)
        help_row.addWidget(self.hint, 1)
        help_row.addWidget(self.hint_button)
        self._reading = QWidget()
        reading = QHBoxLayout(self._reading)
        reading.setContentsMargins(0, 0, 0, 0)
        reading.addWidget(self.preview)
        reading.addStretch(1)
        reading.addWidget(self.verdict)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(row)
        for widget in (self._reading, self.message, self._help):
            self._column.addWidget(widget)
        # A verdict that is there at once must not flash up as “checking” before.
        self._checking = QTimer(self)
        self._checking.setSingleShot(True)
        self._checking.setInterval(60)
        self._checking.timeout.connect(lambda: self._show_verdict("", _("checking…")))
        self.clear_verdict()
        self.show_hint("", 0, 0)
        look.changed.connect(self._apply_look)
        self._apply_look()

    def render_frame(self, frame: FunctionFrame) -> None:
        """Show the answer of a function, and how it is read."""
        old, self._frame = self._frame, frame
        state = frame.state
        if old is not None and _same(old, frame):
            return
        if self.entry.text() != state.answer:
            with QSignalBlocker(self.entry):
                self.entry.setText(state.answer)
        derivation, theme = frame.derivation, look.theme
        of, wrt = spoken_symbol(derivation.of), spoken_symbol(derivation.wrt)
        name = _("Your derivative of {of} by {wrt}").format(of=of, wrt=wrt)
        self.entry.setAccessibleName(name)
        self.goal.show_document(page(f"{sought_markup(derivation)} =", _SIZE * look.scale, theme.text), name)
        self._show_reading(state.answer)
        ended = state.exercise is not None and state.exercise.outcome != "open"
        self.next_button.setVisible(ended)
        self.check_button.setVisible(not ended)
        self.check_button.setEnabled(frame.problem is None)
        self._show_help()

    def _show_reading(self, answer: str) -> None:
        """Show what was read; while it cannot be read, what could be read last is faint."""
        try:
            read = _read(answer) if answer.strip() else None
        except ExpressionError:
            self.preview.set_dimmed(True)
            self._show_row()
            return
        self.preview.set_dimmed(False)
        self.preview.setVisible(read is not None)
        if read is not None:
            markup = page(expression_markup(read), _SIZE * look.scale, look.theme.muted)
            self.preview.show_document(markup, _("read as {formula}").format(formula=to_spoken(read)))
            self._fit()
        self._show_row()

    def _fit(self) -> None:
        room = self.width() - self.verdict.sizeHint().width() - look.px(12)
        self.preview.fit(max(room, look.px(80)), self.preview.natural_width)

    def show_checking(self) -> None:
        """Say that the answer is being judged, unless that takes no time at all."""
        self.clear_verdict()
        self._checking.start()

    def show_judgement(self, judgement: Judgement) -> None:
        """Show and announce what the examiner says; where the answer cannot be read, go to the place."""
        self._checking.stop()
        kind: str = judgement.verdict
        if kind == "unreadable":
            kind = self._go_to_the_place()
        said = judgement.message.partition("\n")[0]
        self._show_verdict(kind, _(_VERDICTS[kind]))
        self._say(self.message, "" if said == _("Correct.") else said)
        announce(self, said if kind == "correct" else f"{self.verdict.text()[2:]}. {said}")

    def _go_to_the_place(self) -> str:
        typed = self.entry.text()
        try:
            _read(typed)
        except ExpressionError as problem:
            place = len(typed) - len(problem.text) + problem.position
            self.entry.setFocus()
            if place < len(typed):
                self.entry.setSelection(place, 1)
            else:
                self.entry.setCursorPosition(len(typed))
            return "unreadable"
        return "incomparable"

    def clear_verdict(self) -> None:
        """Take back what was said: it does not belong to what stands there now."""
        self._checking.stop()
        self._say(self.message, "")
        self._show_verdict("", "")

    def show_hint(self, text: str, level: int, of: int) -> None:
        """Show a hint, the `level`-th of so many; none for level 0."""
        self._hint_level, self._hints_left = level, not level or level < of
        said = _("Hint {level} of {of}: {text}").format(level=level, of=of, text=text)
        self.hint.setText(said if level else _("Stuck? A hint says where to look."))
        self._show_help()
        if level:
            announce(self, said)

    def _show_help(self) -> None:
        """Offer hints where they help: in an open exercise, after a wrong answer, and once one was asked for."""
        frame = self._frame
        exercise = None if frame is None else frame.state.exercise
        is_open = exercise is not None and exercise.outcome == "open"
        self._help.setVisible(is_open or bool(self._hint_level) or self.verdict.property("verdict") == "incorrect")
        self.hint_button.setEnabled(self._hints_left and (frame is None or frame.problem is None))

    def _show_verdict(self, kind: str, text: str) -> None:
        self.verdict.setText(text)
        for widget in (self.verdict, self.entry):
            if widget.property("verdict") != kind:
                widget.setProperty("verdict", kind)
                widget.style().polish(widget)
        self._show_row()
        self._show_help()
        self._fit()

    def _show_row(self) -> None:
        self.verdict.setVisible(bool(self.verdict.text()))
        self._reading.setVisible(not self.preview.isHidden() or not self.verdict.isHidden())

    @staticmethod
    def _say(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _apply_look(self) -> None:
        self._column.setSpacing(look.px(4))
        self.entry.setMinimumWidth(look.px(_SMALLEST))
        frame, self._frame = self._frame, None
        if frame is not None:
            self.render_frame(frame)


def _read(answer: str) -> Expression:
    from chainrule_gui.learning.judge import read_answer

    return read_answer(answer)


def _same(one: FunctionFrame, other: FunctionFrame) -> bool:
    """Whether only the point or the view differ, which happens at every step of a drag."""
    before, after = one.state, other.state
    return (
        one.expression is other.expression
        and (one.problem is None) == (other.problem is None)
        and (before.wrt, before.answer, before.exercise) == (after.wrt, after.answer, after.exercise)
    )


def _still_formula() -> FormulaView:
    """A formula without zones: the keyboard passes it by."""
    view = FormulaView()
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return view


def _button(text: str, name: str, wanted: SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keyboard stays in the entry
    button.clicked.connect(wanted)
    return button


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # it may quote what was typed
    label.setAccessibleName(name)
    return label
