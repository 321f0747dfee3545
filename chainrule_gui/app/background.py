"""Work that takes seconds, in threads, so that the window never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal, Slot

from chainrule_gui.model.bounded import end_all


class Background(QObject):
    """Does one thing at a time; what was asked for before is then of no interest any more."""

    #: what was asked for last came to this
    done = Signal(object)
    _ended = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._threads: list[threading.Thread] = []
        self._ended.connect(self._on_ended)

    def ask(self, work: Callable[[], object]) -> None:
        """Begin `work`; it must not touch the window."""
        self._number += 1
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._work, args=(self._number, work), name="background", daemon=True)
        self._threads.append(thread)
        thread.start()

    def drop(self) -> None:
        """Take no more interest in what is being done."""
        self._number += 1

    def finish(self) -> None:
        """Drop everything and wait until every thread has ended, which is soon: what takes its time is ended."""
        self.drop()
        for thread in self._threads:
            while thread.is_alive():
                end_all()
                thread.join(0.02)

    def _work(self, number: int, work: Callable[[], object]) -> None:
        try:
            found = work()
        except Exception as problem:  # raised again in the window's thread, where it is reported
            found = problem
        with suppress(RuntimeError):  # the window was deleted meanwhile
            self._ended.emit(number, found)

    @Slot(int, object)
    def _on_ended(self, number: int, found: object) -> None:
        if number != self._number:
            return
        if isinstance(found, Exception):
            raise found
        self.done.emit(found)
