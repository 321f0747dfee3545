"""Wires what the expression pane asks for, beyond the entry, to edits of the session and to work in threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from chainrule_gui.app.background import Background
from chainrule_gui.app.panes import Panes
from chainrule_gui.i18n import _
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.session import edits
from chainrule_gui.session.derived import next_question
from chainrule_gui.session.frame import Frame
from chainrule_gui.session.session import Session

if TYPE_CHECKING:
    from chainrule_gui.learning.prediction import Prediction
    from chainrule_gui.model.step import Line

Edit = Callable[..., None]
_ORDERS = ("first_order", "second_order", "third_order")
_STEPS = ("next_step", "previous_step", "all_steps", "start_over", "predict", "simplify")


class StepsWiring(QObject):
    """Connects the switch, the worked steps, predictions, the simplified form, the order and the variable."""

    def __init__(
        self,
        session: Session,
        panes: Panes,
        actions: dict[str, QAction],
        edit: Edit,
        do: Callable[[Callable[[], object]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._panes, self._actions, self._edit = session, panes, actions, edit
        self._checking, self._simplifying = Background(self), Background(self)
        self._checking.done.connect(self._on_checked)
        self._simplifying.done.connect(self._on_simplified)
        self._asked_of: Expression | None = None
        handlers: dict[str, Callable[[], object]] = {
            "derivation_view": lambda: self._view(edits.next_expression_view(session.state)),
            "next_step": self._next, "previous_step": self._previous,
            "all_steps": lambda: self._reveal(None), "start_over": lambda: self._reveal(0),
            "predict": self._predict, "simplify": self._simplify,
        }  # fmt: skip
        handlers |= {key: partial(self._order, place) for place, key in enumerate(_ORDERS, start=1)}
        for key, handler in handlers.items():
            actions[key].triggered.connect(lambda _checked=False, handler=handler: do(handler))
        panes.expression.steps_built.connect(lambda: self._connect_steps(do))
        panes.expression_views.chosen.connect(
            lambda view: do(lambda: self._view(edits.expression_view_chosen(session.state, view)))
        )
        panes.derivative_order.activated.connect(lambda place: do(partial(self._order, place + 1)))
        panes.expression.chain.variable_chosen.connect(
            lambda name: edit(_("Differentiate by"), edits.wrt_chosen(session.state, name))
            if name != session.state.function.wrt else None
        )  # fmt: skip

    def _connect_steps(self, do: Callable[[Callable[[], object]], None]) -> None:
        steps = self._panes.expression.steps
        for key, button in steps.buttons.items():
            button.setDefaultAction(self._actions[key])
            button.setAccessibleName(self._actions[key].text().replace("&", ""))
        steps.next_requested.connect(lambda: do(self._next))
        steps.prediction_checked.connect(self._check)

    def render_frame(self, frame: Frame) -> None:
        """Say in the menu what is possible, and drop what is outdated."""
        actions, is_function = self._actions, frame.state.subject == "function"
        view, solution = frame.state.function.view, frame.function.solution
        shown = is_function and solution is not None
        count = len(solution.lines) if solution is not None else 0
        revealed = count if view.revealed is None else min(view.revealed, count)
        actions["next_step"].setEnabled(shown and revealed < count)
        actions["previous_step"].setEnabled(shown and revealed > 0)
        actions["all_steps"].setEnabled(shown and revealed < count)
        actions["start_over"].setEnabled(shown and revealed > 0)
        actions["predict"].setEnabled(shown)
        actions["predict"].setChecked(view.predicting)
        actions["simplify"].setEnabled(shown and revealed == count)
        for place, key in enumerate(_ORDERS, start=1):
            actions[key].setEnabled(is_function)
            actions[key].setChecked(frame.state.function.order == place)
        if solution is None or solution.result is not self._asked_of:
            self._asked_of = None
            self._simplifying.drop()

    def finish(self) -> None:
        """Leave no thread behind."""
        self._checking.finish()
        self._simplifying.finish()

    def _view(self, state: object) -> None:
        self._edit(_("View of the derivation"), state, pause=False)

    def _order(self, order: int) -> None:
        if order != self._session.state.function.order:
            self._edit(_("Order of the derivative"), edits.order_chosen(self._session.state, order), pause=False)

    # --- revealing ---------------------------------------------------------------------------------------

    def _lines(self) -> tuple[Line, ...]:
        solution = self._session.frame.function.solution
        return solution.lines if solution is not None else ()

    def _reveal(self, count: int | None) -> None:
        """Show so many steps, and where the learner predicts, those up to the next question."""
        view, lines = self._session.state.function.view, self._lines()
        if count is not None and view.predicting:
            count = next_question(lines, count)
        state = edits.steps_revealed(self._session.state, count)
        self._edit(_("Steps shown"), state, pause=False)

    def _revealed(self) -> int:
        view, lines = self._session.state.function.view, self._lines()
        return len(lines) if view.revealed is None else min(view.revealed, len(lines))

    def _next(self) -> None:
        if self._revealed() < len(self._lines()):
            self._reveal(self._revealed() + 1)

    def _previous(self) -> None:
        place = self._revealed() - 1
        if self._session.state.function.view.predicting:
            while place > 0 and next_question(self._lines(), place) != place:
                place -= 1
        self._reveal(max(place, 0))

    def _predict(self) -> None:
        predicting = not self._session.state.function.view.predicting
        state = edits.prediction_chosen(self._session.state, predicting)
        if predicting:
            start = state.function.view.revealed or 0
            if start >= len(self._lines()):
                start = 0
            state = edits.steps_revealed(state, next_question(self._lines(), start))
        self._edit(_("Predict"), state, pause=False)
        if predicting:
            self._panes.expression.steps.prediction.entry.setFocus()

    def _check(self, line: Line, text: str) -> None:
        from chainrule_gui.learning.prediction import check_prediction

        self._checking.ask(lambda: (line, check_prediction(line.step, text)))

    def _on_checked(self, found: tuple[Line, Prediction]) -> None:
        line, prediction = found
        steps = self._panes.expression.steps
        if steps.asked is None or steps.asked is not line:
            return
        if prediction.verdict == "correct":
            self._next()
            steps.show_prediction(_("Right: the step above is filled in.") if steps.asked is not None else "")
        else:
            steps.show_prediction(prediction.message, wrong=True)

    # --- the simplified form -------------------------------------------------------------------------------

    def _simplify(self) -> None:
        solution = self._session.frame.function.solution
        if solution is None or solution.result is self._asked_of:
            return
        result = self._asked_of = solution.result
        self._panes.expression.steps.show_simplified(None, _("SymPy is looking for a simplified form…"))
        self._simplifying.ask(lambda: _simple_form(result))

    def _on_simplified(self, found: tuple[Expression | None, str]) -> None:
        self._panes.expression.steps.show_simplified(*found)
        self._asked_of = None


def _simple_form(result: Expression) -> tuple[Expression | None, str]:
    from chainrule_gui.model.simplify import SimplifyError, simplified

    try:
        form = simplified(result)
    except SimplifyError as problem:
        return None, str(problem)
    if form == result:
        return None, _("SymPy finds nothing simpler than this form.")
    return form, _("Simplified by SymPy, and proven equal to the derivative.")
