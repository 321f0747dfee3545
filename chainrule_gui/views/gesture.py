"""One gesture is one undo entry: changes that share a merge key become one."""

from __future__ import annotations

import itertools
import time

_PAUSE = 0.8
"""Seconds after which another turn of the wheel or press of a key is another gesture."""

_numbers = itertools.count()


class Gesture:
    """Hands out merge keys: the same while a gesture goes on, a new one for the next."""

    def __init__(self) -> None:
        self._number = next(_numbers)
        self._target = ""
        self._last = 0.0

    def begin(self) -> None:
        """Begin another gesture: a press of the mouse, a change of focus."""
        self._number = next(_numbers)

    def key(self, target: str) -> str:
        """Return the merge key of a change of `target` within a gesture that was begun."""
        return f"{self._number}:{target}"

    def repeated(self, target: str) -> str:
        """Return the merge key of one more turn of the wheel or press of a key; a pause ends the gesture."""
        now = time.monotonic()
        if target != self._target or now - self._last > _PAUSE:
            self.begin()
        self._target, self._last = target, now
        return self.key(target)
