"""The expression pane: the entry for a function, and below it the chain, the worked steps or both orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import Frame, FunctionFrame
from chainrule_gui.views.expression.answer_box import AnswerBox
from chainrule_gui.views.expression.chain_view import ChainView
from chainrule_gui.views.expression.cover import Cover
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window
from chainrule_gui.views.tab_order import reach_after

if TYPE_CHECKING:
    from chainrule_gui.views.expression.orders_view import OrdersView
    from chainrule_gui.views.expression.steps_view import StepsView

_REST = 1000
"""Milliseconds without a key after which what was typed is taken as it stands."""


class ExpressionPane(QWidget):
    """Takes the function and shows its derivation in the view that is chosen; the others are not drawn."""

    #: (what stands in the entry after a key, merge key)
    text_edited = Signal(str, str)
    #: (what stands in the entry when Enter is pressed, the keyboard goes elsewhere or rests a while, merge key)
    text_finished = Signal(str, str)
    #: key of the link under the pointer or the keyboard's choice, or None
    link_hovered = Signal(object)
    #: key of the derivative table's row that was asked for
    table_row_requested = Signal(str)
    #: (section, form): a formula is to be copied as latex, mathml, typst or picture
    copy_requested = Signal(str, str)
    #: the view of the worked steps was built, which is when it is first asked for
    steps_built = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = QLineEdit(self)
        self.entry.setObjectName("expression")
        self.entry.setAccessibleName(_("Function of x"))
        self.entry.setPlaceholderText(_("Type a function, for example log(2 + cos x)"))
        self._listen_to_the_entry()
        self.examples = QToolButton(self)
        self.examples.setText(_("Examples"))
        self.examples.setAccessibleName(_("Examples of functions"))
        self.examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._entry_row = QWidget(self)
        row = QHBoxLayout(self._entry_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.entry, 1)
        row.addWidget(self.examples)
        self.message = QLabel(self)
        self.message.setObjectName("warning")
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)  # it may quote what was typed
        self.message.hide()
        self.answer_box = AnswerBox(self)
        self.cover = Cover(self)
        self.cover.hide()
        self._frame: Frame | None = None
        self._waits = False
        self._highlight: str | None = None
        self._views = QStackedWidget(self)
        self.chain = ChainView()
        self._steps: StepsView | None = None
        self._orders: OrdersView | None = None
        self._shown: ChainView | StepsView | OrdersView = self.chain
        self._add(self.chain)
        self.chain.table_row_requested.connect(self.table_row_requested)
        self.chain.copy_requested.connect(self.copy_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._entry_row)
        layout.addWidget(self.message)
        layout.addWidget(self.answer_box)
        layout.addWidget(self.cover, 1)
        layout.addWidget(self._views, 1)

    def _add(self, view: ChainView | StepsView | OrdersView) -> None:
        self._views.addWidget(view)
        view.set_highlight(self._highlight)
        view.link_hovered.connect(self.link_hovered)

    @property
    def steps(self) -> StepsView:
        """The view of the worked steps."""
        if self._steps is None:
            from chainrule_gui.views.expression.steps_view import StepsView

            self._steps = StepsView()
            self._add(self._steps)
            reach_after(self.chain, self._steps)
            self.steps_built.emit()
        return self._steps

    @property
    def orders(self) -> OrdersView:
        """The view of both orders of multiplication."""
        if self._orders is None:
            from chainrule_gui.views.expression.orders_view import OrdersView

            self._orders = OrdersView()
            self._add(self._orders)
            reach_after(self.chain, self._orders)
        return self._orders

    def _listen_to_the_entry(self) -> None:
        self.entry.textEdited.connect(self._on_typed)
        self.entry.editingFinished.connect(self._on_typing_ended)
        leave_undo_to_the_window(self.entry)
        self._gesture = Gesture()
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST)
        self._resting.timeout.connect(self._on_typing_ended)

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the derivation of the subject chosen in the frame; while it is hidden it waits."""
        self._frame = new
        self._waits = not self.isVisible()
        if self._waits:
            return
        is_function = new.state.subject == "function"
        self._entry_row.setVisible(is_function)
        self.answer_box.setVisible(is_function)
        self._show_cover(new.function if is_function else None)
        if is_function:
            self.answer_box.render_frame(new.function)
            self._render_entry(new.function)
        else:
            self._say(new.network.stopped or "")
        chosen = new.state.function.view.expression if is_function else new.state.network.view.expression
        view = self.steps if chosen == "steps" else self.orders if chosen == "orders" else self.chain
        if view is not self._shown:
            self._shown = view
            self._views.setCurrentWidget(view)
        view.render_frame(new, old)

    def _show_cover(self, frame: FunctionFrame | None) -> None:
        """Keep the derivation out of sight while it would give an answer away."""
        exercise = frame.state.exercise if frame is not None else None
        covered = exercise is not None and exercise.outcome == "open"
        self.cover.setVisible(covered)
        self._views.setVisible(not covered)
        if frame is not None and covered:
            self.cover.render_frame(frame)

    def set_highlight(self, key: str | None) -> None:
        """Light up the factors of a link."""
        self._highlight = key
        for view in (self.chain, self._steps, self._orders):
            if view is not None:
                view.set_highlight(key)

    def formula(self, key: str) -> FormulaView:
        """Return the formula of a section of the chain: definitions, chain, numbers, gradient, local or update."""
        return self.chain.formula(key)

    @property
    def first_entry(self) -> QLineEdit:
        """Where typing begins: the function, or the answer while an exercise is open."""
        return self.entry if self.cover.isHidden() else self.answer_box.entry

    @property
    def derivation(self) -> QWidget:
        """The whole of the view shown, also what is scrolled out of sight: what is saved as a picture."""
        return self._shown.body

    def _render_entry(self, frame: FunctionFrame) -> None:
        if self.entry.text() != frame.state.text:
            with QSignalBlocker(self.entry):
                self.entry.setText(frame.state.text)
                if not self.entry.hasFocus():
                    self.entry.home(False)  # its beginning is read first
        problem = frame.problem
        self._say(problem.message if problem is not None else frame.stopped or frame.limit or "")

    def _say(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))

    def _on_typed(self, text: str) -> None:
        self._resting.start()
        self.text_edited.emit(text, self._gesture.repeated("text"))

    def _on_typing_ended(self) -> None:
        self._resting.stop()
        self.text_finished.emit(self.entry.text(), self._gesture.key("text"))

    def showEvent(self, event: QShowEvent) -> None:
        if self._waits and self._frame is not None:
            self.render_frame(self._frame, None)
        super().showEvent(event)
