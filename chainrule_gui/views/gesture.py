"""One gesture is one undo entry: changes that share a merge key become one."""

from __future__ import annotations

import itertools
import math
import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

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


def rounded_within(value: float, low: float, high: float) -> float:
    """Return what the hand chose in a range with no more decimals than it can aim at, so that it can be read off."""
    return round(value, max(3, 4 - math.floor(math.log10(high - low)))) if high > low else value


def leave_undo_to_the_window(entry: QWidget) -> None:
    """Let Ctrl+Z in an entry take back the last change of the session, whatever it was, not the last letter typed."""
    entry.installEventFilter(_UndoFilter(entry))


_UNDO_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class _UndoFilter(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and any(event.matches(key) for key in _UNDO_KEYS)
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
