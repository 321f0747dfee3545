"""Judges answers in threads, so that the window never waits: a close case may take seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from chainrule_gui.model.expression.parser import parse

if TYPE_CHECKING:
    from chainrule_gui.learning.judge import Judgement


@dataclass(frozen=True, slots=True)
class Question:
    """What is judged: whether `answer` is the derivative of the function `text` by `wrt`."""

    text: str
    wrt: str
    answer: str


def judged(question: Question) -> Judgement:
    """Judge an answer."""
    from chainrule_gui.learning.judge import judge

    return judge(parse(question.text), question.answer, question.wrt)


class Examiner(QObject):
    """Asks for one judgement at a time; the one that was asked for before is then of no interest any more."""

    #: the judgement of the question that was asked last
    answered = Signal(object)
    #: the question that was asked last could not be judged; the fault is raised next
    failed = Signal()
    _done = Signal(object, object)

    def __init__(self, judged: Callable[[Question], Judgement] = judged, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._judged = judged
        self._asked: Question | None = None
        self._threads: list[threading.Thread] = []
        self._done.connect(self._on_done)

    @property
    def asked(self) -> Question | None:
        """The question that is being judged."""
        return self._asked

    def ask(self, question: Question) -> None:
        """Begin to judge."""
        self._asked = question
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._work, args=(question,), name="examiner", daemon=True)
        self._threads.append(thread)
        thread.start()

    def drop(self) -> None:
        """Take no more interest in what is being judged."""
        self._asked = None

    def finish(self) -> None:
        """Drop everything and wait until every thread has ended, which is soon: what takes its time is ended."""
        from chainrule_gui.model.bounded import end_all

        self.drop()
        for thread in self._threads:
            while thread.is_alive():
                end_all()
                thread.join(0.02)

    def _work(self, question: Question) -> None:
        try:
            found: Judgement | Exception = self._judged(question)
        except Exception as problem:  # it is raised again where it is reported: not in this thread
            found = problem
        with suppress(RuntimeError):  # the window was deleted meanwhile
            self._done.emit(question, found)

    @Slot(object, object)
    def _on_done(self, question: Question, found: Judgement | Exception) -> None:
        if question != self._asked:
            return
        self._asked = None
        if isinstance(found, Exception):
            self.failed.emit()
            raise found
        self.answered.emit(found)
