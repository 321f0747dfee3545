"""The worked solution, step by step: nested, revealed one at a time, or asked of the learner factor by factor."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.model.step import Line
from chainrule_gui.session.derived import Solution
from chainrule_gui.session.frame import Frame, FunctionFrame
from chainrule_gui.typeset.derivation_markup import Section, Style
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.solution_markup import (
    question,
    result_section,
    simplified_section,
    solution_sections,
    step_spoken,
    task_section,
)
from chainrule_gui.views.announcer import announce
from chainrule_gui.views.controls.flow import Flow
from chainrule_gui.views.expression.chain_view import BASE_SIZE
from chainrule_gui.views.expression.prediction_box import PredictionBox
from chainrule_gui.views.expression.step_row import GUTTER, StepRow
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look

BUTTONS = ("start_over", "previous_step", "next_step", "all_steps", "predict", "simplify")
_SLICE = 0.008
"""Seconds for which rows are typeset before the window gets its turn."""


class StepsView(QWidget):
    """Draws the steps revealed so far. Rows are typeset from the top, a few at a time."""

    #: key of the link under the pointer or the keyboard's choice, or None
    link_hovered = Signal(object)
    #: (line, what the learner typed for its blank)
    prediction_checked = Signal(object, str)
    #: one more step is to be revealed
    next_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {key: QToolButton(self) for key in BUTTONS}
        self.progress = QLabel(self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(_("Worked solution"))
        self.body = QWidget()
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.task, self.result, self.simplified = (FormulaView(self.body) for _place in range(3))
        self.prediction = PredictionBox(self.body)
        self.said = QLabel(self.body)
        self.said.setWordWrap(True)
        self.said.setObjectName("muted")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self._end = QVBoxLayout()
        self._column.addWidget(self.task)
        self._column.addWidget(self.prediction)
        ends: tuple[QWidget, ...] = (self.result, self.simplified, self.said)
        for widget in (*ends, self.buttons["simplify"]):
            self._end.addWidget(widget)
        self._column.addLayout(self._end)
        self._column.addStretch(1)
        for widget in (self.task, self.prediction, *ends):
            widget.hide()
        self._scroll.setWidget(self.body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar())
        layout.addWidget(self._scroll, 1)
        self.prediction.check_requested.connect(self._on_check)
        self.prediction.show_requested.connect(self.next_requested)
        self.rows: dict[str, StepRow] = {}
        self._frame: FunctionFrame | None = None
        self._lines: tuple[Line, ...] = ()
        self._folded: set[str] = set()
        self._style = Style("", "", (), 0.0)
        self._width = 0
        self._waiting: list[Line] = []
        self._asked: str | None = None
        self._asked_changed = False
        self._order: list[str] = []
        self._revealed = 0
        self._simple: Expression | None = None
        self._simple_said = ""
        self._result_of: object = None
        self._highlight: str | None = None
        self._slices = QTimer(self)
        self._slices.setSingleShot(True)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._typeset_some)
        self._scroll.viewport().installEventFilter(self)
        look.changed.connect(self._on_look_changed)
        self._apply_look()

    def _bar(self) -> QWidget:
        bar = Flow(look.px(6), self)
        self.buttons["next_step"].setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.add(*(button for key, button in self.buttons.items() if key != "simplify"))
        self.progress.setObjectName("muted")
        self.progress.setAccessibleName(_("Steps shown"))
        bar.add(self.progress)
        return bar

    # --- showing ---------------------------------------------------------------------------------------

    def render_frame(self, new: Frame, _old: Frame | None) -> None:
        """Show the worked solution of the function."""
        self._render(new.function)

    def set_highlight(self, key: str | None) -> None:
        """Light up the factors of a link."""
        self._highlight = key
        for row in self.rows.values():
            row.formula.set_highlight(key)

    @property
    def asked(self) -> Line | None:
        """The step whose blank is to be filled in; None where nothing is asked."""
        return next((line for line in self._lines if line.key == self._asked), None)

    def _render(self, frame: FunctionFrame) -> None:
        solution = frame.solution
        self._frame = frame
        if solution is None:
            return
        theme = look.theme
        style = Style(theme.text, theme.muted, theme.link_colours, BASE_SIZE * look.scale)
        width = self._scroll.width() - look.px(14)  # with or without a scroll bar: its coming must not typeset anew
        if solution.lines is not self._lines:
            self._begin(solution)
        fresh = style != self._style or width != self._width
        self._style, self._width = style, width
        shown = self._shown(solution, frame)
        if fresh or [line.key for line in shown] != self._order or self._asked_changed:
            self._lay_out(shown, fresh)
        self._show_values(solution)
        self._show_ends(solution, frame)
        for row in self.rows.values():
            row.formula.set_dimmed(frame.problem is not None)

    def _begin(self, solution: Solution) -> None:
        """Forget the rows of another derivation."""
        self._clear_rows()
        self._lines, self._folded, self._asked, self._order = solution.lines, set(), None, []
        self._revealed = 0
        self.show_simplified(None, "")

    def _shown(self, solution: Solution, frame: FunctionFrame) -> list[Line]:
        """Return the steps that are revealed and not folded away, and the one that is asked."""
        lines, view = solution.lines, frame.state.view
        count = len(lines) if view.revealed is None else min(view.revealed, len(lines))
        asked = lines[count] if view.predicting and count < len(lines) else None
        was_asked, self._asked = self._asked, asked.key if asked is not None else None
        if asked is not None and self._asked != was_asked:
            self.prediction.ask(question(asked.step))
            announce(self, question(asked.step))
        elif view.revealed is not None and count == self._revealed + 1:
            announce(self, step_spoken(lines[count - 1].step))
        self._asked_changed = self._asked != was_asked
        for key in (was_asked, self._asked) if self._asked_changed else ():
            self._drop(key or "")  # with its blank, or without it
        self._revealed = count
        revealed = lines[: count + (asked is not None)]
        self._unfold(revealed[-1:] if view.revealed is not None else ())
        self.progress.setText(_("{shown} of {count}").format(shown=count, count=len(lines)))
        return [line for line in revealed if not self._is_folded_away(line.key)]

    def _is_folded_away(self, key: str) -> bool:
        return any(key.startswith(f"{outer}.") for outer in self._folded)

    def _unfold(self, newest: tuple[Line, ...]) -> None:
        """Show the step revealed last, whatever was folded around it before."""
        for line in newest if newest and newest[0].key not in self.rows else ():
            self._folded = {key for key in self._folded if not line.key.startswith(f"{key}.")}

    def _lay_out(self, shown: list[Line], fresh: bool) -> None:
        """Keep the rows that stay, take away those that go, typeset the rest."""
        keys = {line.key for line in shown}
        for key in [key for key in self.rows if key not in keys]:
            self._drop(key)
        self._waiting = [line for line in shown if fresh or line.key not in self.rows]
        self._order = [line.key for line in shown]
        self._typeset_some()

    def _typeset_some(self) -> None:
        """Typeset rows for some milliseconds, then let the window draw and go on."""
        if self._frame is None or self._frame.solution is None:
            return
        end = time.perf_counter() + _SLICE
        while self._waiting and time.perf_counter() < end:
            self._typeset(self._waiting.pop(0), self._frame.solution)
        self._show_ends(self._frame.solution, self._frame)
        # Without waiting for the scroll area to ask for it: until then all rows would be squeezed.
        self._column.activate()
        height = max(self.body.minimumSizeHint().height(), self._scroll.viewport().height())
        self.body.resize(self.body.width(), height)
        if self._waiting:
            self._slices.start()
        elif self._frame.state.view.revealed is not None:
            QTimer.singleShot(0, self, self._show_newest)

    def _typeset(self, line: Line, solution: Solution) -> None:
        row = self.rows.get(line.key)
        if row is None:
            row = StepRow(line, self.body)
            row.folded.connect(self._on_folded)
            row.formula.zone_hovered.connect(self._on_zone_hovered)
            row.formula.zone_activated.connect(self._on_zone_activated)
            row.formula.set_highlight(self._highlight)
            before = self._order[: self._order.index(line.key)]
            self._column.insertWidget(1 + sum(key in self.rows for key in before), row)
            self.rows[line.key] = row
            self.rows = {key: self.rows[key] for key in self._order if key in self.rows}
        row.setFixedWidth(self._width)
        points = row.room(self._width) * 72 / 96 - 6
        blank = line.key if line.key == self._asked else None
        flat = Line(line.step, 0, line.key)  # the row itself is indented
        section = solution_sections([flat], solution.derivation, self._style, points, with_blank=blank)[0]
        row.show_step(section, self._width, line.key not in self._folded)
        row.show_value(solution if blank is None else None)
        row.show()

    def _show_values(self, solution: Solution) -> None:
        for key, row in self.rows.items():
            row.show_value(solution if key != self._asked else None)

    def _show_ends(self, solution: Solution, frame: FunctionFrame) -> None:
        """Show what stands above and below the rows: the task before the first, the result after the last."""
        self.task.setVisible(not self.rows and self._revealed == 0 and self._asked is None)
        if not self.task.isHidden():
            self._show_formula(self.task, task_section(solution.lines[0].step, solution.derivation, self._style))
        self.prediction.setVisible(self._asked is not None and self._asked in self.rows)
        done = self._revealed == len(solution.lines) and not self._waiting
        self.result.setVisible(done)
        self.buttons["simplify"].setVisible(done and self._simple is None)
        if done:
            form = (id(solution.lines), self._style)
            if self._result_of != form:
                self._result_of = form
                section = result_section(solution.result, frame.derivative_name, solution.derivation, self._style)
                self._show_formula(self.result, section)
            value = format_number(solution.derivation.derivative_value)
            self.result.setToolTip(_("At the point: {value}").format(value=value))

    def _show_formula(self, view: FormulaView, section: Section) -> None:
        view.show_document(section.document, section.spoken)
        view.fit(self._width - look.px(GUTTER), view.natural_width)

    def _show_newest(self) -> None:
        if self.rows:
            newest: QWidget = self.prediction if self._asked is not None else list(self.rows.values())[-1]
            if not self.result.isHidden():
                newest = self.result
            self._scroll.ensureWidgetVisible(newest, 0, look.px(8))

    def show_prediction(self, said: str, wrong: bool = False) -> None:
        """Show what is said of the answer."""
        self.prediction.say(said, wrong)
        QTimer.singleShot(0, self, self._show_newest)

    # --- simplified form -------------------------------------------------------------------------------

    def show_simplified(self, form: Expression | None, said: str) -> None:
        """Show the simplified form, or only what is said of it; nothing with neither."""
        self._simple, self._simple_said = form, said
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self.simplified.setVisible(form is not None)
        if form is not None:
            self._show_formula(self.simplified, simplified_section(form, self._style))
        self.buttons["simplify"].setVisible(form is None and not self.result.isHidden())
        if said:
            announce(self.said, said)
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.said))

    # --- what the learner does ---------------------------------------------------------------------------

    def _on_check(self, text: str) -> None:
        line = self.asked
        if line is not None:
            self.prediction_checked.emit(line, text)

    def _on_folded(self, key: str) -> None:
        self._folded ^= {key}
        self.rows[key].show_open(key not in self._folded)
        if self._frame is not None:
            self._render(self._frame)

    def _on_zone_hovered(self, target: str | None) -> None:
        self.link_hovered.emit(target[5:] if target is not None and target.startswith("link:") else None)

    def _on_zone_activated(self, target: str) -> None:
        kind, _colon, key = target.partition(":")
        if kind == "blank":
            self.prediction.entry.setFocus()
        elif kind == "step" and key in self.rows and self.rows[key].line.step.inner:
            self._on_folded(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.next_requested.emit()
        else:
            super().keyPressEvent(event)

    # --- rows --------------------------------------------------------------------------------------------

    def _drop(self, key: str) -> None:
        row = self.rows.pop(key, None)
        if row is not None:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _clear_rows(self) -> None:
        for key in list(self.rows):
            self._drop(key)
        self._waiting = []

    def _apply_look(self) -> None:
        for button in self.buttons.values():
            button.setIconSize(QSize(look.px(16), look.px(16)))
        self._end.setContentsMargins(look.px(GUTTER), look.px(10), 0, look.px(6))
        self._end.setSpacing(look.px(4))

    def _on_look_changed(self) -> None:
        self._apply_look()
        if self._frame is not None:
            self._render(self._frame)
            self.show_simplified(self._simple, self._simple_said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._frame is not None:
            self._render(self._frame)
        return super().eventFilter(watched, event)
