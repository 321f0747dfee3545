"""Wires answering and practising: what is asked of the examiner, what counts, and what is seen of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from chainrule_gui.app.examiner import Examiner, Question
from chainrule_gui.app.files import Files
from chainrule_gui.app.panes import Panes
from chainrule_gui.app.practice_log import PracticeLog
from chainrule_gui.i18n import _
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.session import exercise_edits
from chainrule_gui.session.frame import Frame
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import ActiveExercise, LabState

if TYPE_CHECKING:
    from chainrule_gui.learning.judge import Judgement
    from chainrule_gui.views.practice_panel import PracticePanel


class PracticeWiring(QObject):
    """Keeps the verdict beside the answer that it is of; the answer and the exercise themselves are the session's."""

    #: (message, whether something failed)
    said = Signal(str, bool)

    def __init__(
        self,
        session: Session,
        panes: Panes,
        actions: dict[str, QAction],
        files: Files,
        edit: Callable[..., None],
        do: Callable[[Callable[[], object]], None],
    ) -> None:
        super().__init__(panes)
        self._session, self._panes, self._actions, self._files, self._edit = session, panes, actions, files, edit
        self.examiner, self.log = Examiner(parent=self), PracticeLog(self)
        self._question: Question | None = None
        self._judgement: Judgement | None = None
        self._hint = 0
        self._hinted: str | None = None  # the link that hints are about; the outermost without one
        self._exercise: ActiveExercise | None = None
        self._panel: PracticePanel | None = None
        self.examiner.answered.connect(self._on_answered)
        self.examiner.failed.connect(self._forget_verdict)
        self.log.changed.connect(self._show_record)
        panes.practice_built.connect(self._connect_panel)
        self.log.failed.connect(lambda message: self.said.emit(message, True))
        self._connect(do)

    def _connect(self, do: Callable[[Callable[[], object]], None]) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "practice": self._show_page, "new_exercise": self._request_new, "next_exercise": self._next,
            "answer": self._go_to_answer, "check_answer": self._check, "hint": self._show_hint,
            "solution": self._show_solution, "export_results": self._export,
        }  # fmt: skip
        for key, handler in handlers.items():
            self._actions[key].triggered.connect(lambda _checked=False, handler=handler: do(handler))
        box, cover = self._panes.expression.answer_box, self._panes.expression.cover
        box.answer_edited.connect(
            lambda text, key: self._edit(
                _("Answer"), exercise_edits.answer_edited(self._session.state, text), key, pause=False
            )
        )
        self._let_act(
            (box.check_requested, box.check_button, "check_answer"), (box.hint_requested, box.hint_button, "hint"),
            (box.next_requested, box.next_button, "next_exercise"),
            (cover.solution_requested, cover.button, "solution"),
        )  # fmt: skip

    def _connect_panel(self) -> None:
        self._panel = panel = self._panes.practice
        panel.new_requested.connect(self._begin_exercise)
        panel.reset_requested.connect(self.log.forget)
        self._let_act(
            (panel.next_requested, panel.next_button, "next_exercise"),
            (panel.export_requested, panel.export_button, "export_results"),
        )
        self._show_exercise()
        self._show_record()

    def _let_act(self, *rows: tuple[SignalInstance, QPushButton, str]) -> None:
        """Let buttons trigger actions and tell the actions' keys."""
        for wanted, button, key in rows:
            wanted.connect(self._actions[key].trigger)
            button.setToolTip(self._actions[key].toolTip())

    def begin(self) -> None:
        """Read the record of practice; what is wrong with it is said."""
        self.log.load()

    def finish(self) -> None:
        """Leave: nothing is judged any more, and no thread stays behind."""
        self.examiner.finish()

    def render_frame(self, frame: Frame) -> None:
        """Take back what no longer belongs to what is shown."""
        function = frame.state.function
        is_function = frame.state.subject == "function"
        derived = frame.function.derivation.expression  # of a second derivative, h′
        text = function.good_text if function.order == 1 or derived is None else to_text(derived)
        question = Question(text, function.wrt, function.answer) if is_function else None
        if question != self._question:
            before, self._question = self._question, question
            self._forget_verdict()
            if question is None or before is None or (before.text, before.wrt) != (question.text, question.wrt):
                self._hint_at(None)
        exercise = function.exercise
        for key in ("check_answer", "hint"):
            self._actions[key].setEnabled(is_function and frame.function.problem is None)
        self._actions["next_exercise"].setEnabled(exercise is not None)
        self._actions["solution"].setEnabled(is_function and exercise is not None and exercise.outcome == "open")
        if exercise != self._exercise:
            self._exercise = exercise
            self._show_exercise()

    def _show_exercise(self) -> None:
        if self._panel is not None:
            self._panel.show_exercise(self._exercise)
            if self._exercise is not None:
                self._panel.show_choice(self._exercise)

    def _show_record(self) -> None:
        if self._panel is not None:
            self._panel.show_record(self.log.practice)

    # --- answering -------------------------------------------------------------------------------------

    def _go_to_answer(self) -> None:
        if self._session.state.subject == "network":
            self._actions["function"].trigger()
        self._panes.show_card("expression")
        entry = self._panes.expression.answer_box.entry
        entry.setFocus()
        entry.selectAll()

    def _check(self) -> None:
        question = self._question
        if question is None or not question.answer.strip():
            self._go_to_answer()
        elif self._judgement is None and self.examiner.asked != question:
            self._panes.expression.answer_box.show_checking()
            self.examiner.ask(question)
        elif self._judgement is not None and self._judgement.verdict == "correct" and self._exercise is not None:
            self._next()

    def _on_answered(self, judgement: Judgement) -> None:
        self._judgement = judgement
        if judgement.link != self._hinted:
            self._hint_at(judgement.link)
        function = self._session.state.function
        as_judged = function.order == 1 and not function.split  # else a link of that name may be another
        self._session.pin_highlight(judgement.link if as_judged else None)
        self._panes.expression.answer_box.show_judgement(judgement)
        exercise = self._exercise
        if exercise is not None and exercise.outcome == "open":
            self._record(exercise, judgement)
            if judgement.verdict == "correct":
                self._edit(_("Solved"), exercise_edits.exercise_ended(self._session.state, "solved"))

    def _record(self, exercise: ActiveExercise, judgement: Judgement) -> None:
        """An answer that is given twice in a row counts once."""
        from datetime import datetime

        from chainrule_gui.learning.practice import Attempt

        asked = self._question
        assert asked is not None
        last = self.log.practice.attempts[-1] if self.log.practice.attempts else None
        if last is not None and (last.expression, last.wrt, last.answer) == (asked.text, asked.wrt, asked.answer):
            return
        now = datetime.now().astimezone()
        self.log.add(
            Attempt(
                now, exercise.kind, exercise.difficulty, asked.text, asked.wrt, asked.answer,
                judgement.verdict, judgement.diagnosis,
            )
        )  # fmt: skip

    def _forget_verdict(self) -> None:
        self.examiner.drop()
        self._judgement = None
        self._session.pin_highlight(None)
        self._panes.expression.answer_box.clear_verdict()

    def _show_hint(self) -> None:
        from chainrule_gui.learning.diagnosis import hints

        function = self._session.frame.function
        texts = hints(derive(function.expression, function.state.wrt), self._hinted)
        self._hint = min(self._hint + 1, len(texts))
        self._panes.expression.answer_box.show_hint(texts[self._hint - 1], self._hint, len(texts))

    def _hint_at(self, link: str | None) -> None:
        """Begin the hints anew, about another link."""
        self._hint, self._hinted = 0, link
        self._panes.expression.answer_box.show_hint("", 0, 0)

    # --- practising ------------------------------------------------------------------------------------

    def _show_page(self) -> None:
        if self._session.state.subject == "network":
            self._actions["function"].trigger()
        self._panes.show_card("side")
        self._panes.show_side_page("practice")
        self._panes.practice.topic.setFocus()

    def _request_new(self) -> None:
        self._panes.practice.request_new()

    def _begin_exercise(self, topic: str, difficulty: int, depth: int | None) -> None:
        seed = _seed()
        self._take(lambda state: exercise_edits.exercise_begun(state, topic, difficulty, depth, seed))

    def _next(self) -> None:
        self._take(lambda state: exercise_edits.next_exercise(state, _seed()))

    def _take(self, edit: Callable[[LabState], LabState]) -> None:
        try:
            state = edit(self._session.state)
        except ValueError as problem:
            self.said.emit(str(problem), True)
            return
        self._edit(_("Exercise"), state)
        self._go_to_answer()

    def _show_solution(self) -> None:
        self._edit(_("Show the solution"), exercise_edits.exercise_ended(self._session.state, "shown"))

    def _export(self) -> None:
        from chainrule_gui.learning.practice import to_csv

        if self.log.practice.attempts:
            self._files.export_results(to_csv(self.log.practice))
        else:
            self.said.emit(_("There are no results yet: check your answer to an exercise first."), False)


def _seed() -> int:
    from secrets import randbelow

    return randbelow(2**31)
