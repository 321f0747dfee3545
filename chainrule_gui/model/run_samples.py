"""Some steps of a run, evenly spread: every step of a short run, every 2ᵏ-th of a long one."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.descent import Trajectory

Array = NDArray[np.float64]

MOST = 400
"""At most so many steps are kept of a run."""


class RunSamples:
    """The parameters at some steps of a run, and a number measured there; it grows with the run.

    Parameters
    ----------
    measure : parameters -> number, None where only the parameters are wanted
    """

    def __init__(self, trajectory: Trajectory, measure: Callable[[Array], float] | None = None) -> None:
        self.trajectory = trajectory
        self._measure = measure
        self._every = 1
        self._rows: list[Array] = []
        self._measured: list[float] = []

    def extend(self, length: int, seconds: float) -> bool:
        """Take samples up to step `length`, for about so many seconds at most; return whether all are there."""
        while length // self._every >= MOST:
            self._every *= 2
            self._rows, self._measured = self._rows[::2], self._measured[::2]
        end = time.perf_counter() + seconds
        while len(self._rows) * self._every <= length:
            if time.perf_counter() >= end:
                return False
            self._rows.append(self.trajectory.parameters_at(len(self._rows) * self._every))
            if self._measure is not None:
                self._measured.append(self._measure(self._rows[-1]))
        return True

    def upto(self, length: int) -> tuple[Array, Array, Array]:
        """Return the samples taken up to a step: steps (m,), parameters (m, P) and what was measured (m,)."""
        count = min(len(self._rows), length // self._every + 1)
        steps = np.arange(count, dtype=np.float64) * self._every
        rows = np.array(self._rows[:count]).reshape(count, -1)
        return steps, rows, np.array(self._measured[:count])
