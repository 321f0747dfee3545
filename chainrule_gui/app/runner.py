"""Runs gradient descent by a timer: a few milliseconds of steps at a tick, one repaint, one undo entry in all."""

from __future__ import annotations

import itertools
import time

from PySide6.QtCore import QObject, QTimer, Signal

from chainrule_gui.i18n import _
from chainrule_gui.session import edits
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import LabState

_TICK = 16
_BUDGET = 0.008
_MOST_STEPS = 1_000_000


class Runner(QObject):
    """Steps the session's run at a chosen speed until it is paused, diverges or reaches a million steps."""

    #: whether it runs
    running_changed = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)
        self._numbers = itertools.count()
        self._key = ""
        self._due = 0.0
        self._last = 0.0
        self.speed = 20

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Run, or pause."""
        self.pause() if self.running else self.run()

    def run(self) -> None:
        """Begin to run; everything up to the pause is one undo entry."""
        if self.running:
            return
        self._key = f"run:{next(self._numbers)}"
        self._due, self._last = 1.0, time.perf_counter()
        self._timer.start()
        self.running_changed.emit(True)

    def pause(self) -> None:
        """Stop running."""
        if self.running:
            self._timer.stop()
            self.running_changed.emit(False)

    def _tick(self) -> None:
        state = self._session.state
        now = time.perf_counter()
        self._due += (now - self._last) * self.speed
        self._last = now
        if self.speed and self._due < 1:
            return
        run = edits.run_of(state)
        step = run.step if run is not None else 0
        if self.speed:
            count = int(self._due)
            self._due -= count
            following = edits.advanced(state, min(count, 2000))
        else:
            following = self._as_many_as_fit(now)
        reached = edits.run_of(following)
        stuck = reached is None or reached.step == step
        if not stuck:
            self._session.edit(_("Run"), following, self._key)
        if stuck or reached is None or reached.trajectory.stopped_at == reached.step or reached.step >= _MOST_STEPS:
            self.pause()

    def _as_many_as_fit(self, start: float) -> LabState:
        state, count = self._session.state, 8
        while time.perf_counter() - start < _BUDGET:
            following = edits.advanced(state, count)
            reached, before = edits.run_of(following), edits.run_of(state)
            if reached is None or (before is not None and reached.step == before.step):
                break
            state, count = following, min(count * 2, 512)
        return state
