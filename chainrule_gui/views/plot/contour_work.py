"""Computes a contour a little at a time, so that the window never waits, and keeps it for when it is asked again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from chainrule_gui.model.data import Dataset
from chainrule_gui.model.landscape import Block, contour_blocks
from chainrule_gui.model.network import Network

Array = NDArray[np.float64]

AT_START, AT_A_TICK = 0.006, 0.02
"""Seconds that are spent on a contour when it is asked for, and at a tick of the timer."""

_MOST_NUMBERS = 400_000_000
"""So many numbers of one layer at most, cells × samples × units; a large network gets fewer cells."""

_KEPT = 12


@dataclass(frozen=True, slots=True)
class Place:
    """The rectangle of a contour: the range of either parameter."""

    first: tuple[float, float]
    second: tuple[float, float]

    def axes(self, cells: int) -> tuple[Array, Array]:
        """Return the values of either parameter."""
        return np.linspace(*self.first, cells), np.linspace(*self.second, cells)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Which contour is wanted."""

    network: Network
    dataset: Dataset
    parameters: Array
    of: tuple[str, str]
    place: Place

    @property
    def cells(self) -> int:
        """Rows and columns."""
        numbers = len(self.dataset.inputs) * max(self.network.layers)
        return next((cells for cells in (129, 65, 33) if cells * cells * numbers <= _MOST_NUMBERS), 17)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same contour: the two parameters' own values do not matter."""
        others = self.parameters.copy()
        for name in self.of:
            others[self.network.parameter_index(name)] = 0.0
        return self.network, id(self.dataset), others.tobytes(), self.of, self.place


class ContourWork(QObject):
    """One contour at a time; what is not yet computed holds the costs of the contour before, marked as stale."""

    #: some more of the contour is there
    advanced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_tick)
        self._kept: OrderedDict[tuple[object, ...], tuple[Wanted, Array]] = OrderedDict()
        self._blocks: Iterator[Block] | None = None
        self._next: Wanted | None = None
        self._doing: Wanted | None = None
        self.place: Place | None = None
        self.costs = np.full((2, 2), np.nan)
        self.fresh = np.zeros((2, 2), dtype=bool)

    @property
    def finished(self) -> bool:
        """Whether all of the contour asked for is there."""
        return self._blocks is None and self._next is None

    def ask(self, wanted: Wanted) -> None:
        """Compute this contour next; one that was begun is brought to its end first, unless it is of another place."""
        doing = self._doing
        if doing is not None and doing.key == wanted.key:
            self._next = None
            return
        if doing is not None and doing.place == wanted.place and doing.of == wanted.of and self._blocks is not None:
            self._next = wanted
            return
        self._begin(wanted)
        self._work(AT_START)

    def stop(self) -> None:
        """Do nothing any more until something is asked for."""
        self._timer.stop()
        self._blocks = self._next = self._doing = None

    def _begin(self, wanted: Wanted) -> None:
        self._next, self._doing = None, wanted
        known = self._kept.get(wanted.key)
        if known is not None:
            self._kept.move_to_end(wanted.key)
            self._blocks, self.place, self.costs = None, wanted.place, known[1]
            self.fresh = np.ones_like(self.costs, dtype=bool)
            return
        cells = wanted.cells
        if self.place != wanted.place or self.costs.shape != (cells, cells):
            self.costs = np.full((cells, cells), np.nan)
        else:
            self.costs = self.costs.copy()
        self.place, self.fresh = wanted.place, np.zeros((cells, cells), dtype=bool)
        data = wanted.dataset
        self._blocks = contour_blocks(
            wanted.network, wanted.parameters, data.inputs, data.targets, wanted.of, *wanted.place.axes(cells)
        )

    def _work(self, seconds: float) -> None:
        """Compute for so long, and go on by the timer where that was not enough."""
        end = time.perf_counter() + seconds
        while self._blocks is not None and time.perf_counter() < end:
            block = next(self._blocks, None)
            if block is not None:
                self.costs[block.rows, block.columns] = block.costs
                self.fresh[block.rows, block.columns] = True
                continue
            self._blocks = None
            if self._doing is not None:
                self._kept[self._doing.key] = (self._doing, self.costs)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            if self._next is not None:
                self._begin(self._next)
        if self.finished:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _on_tick(self) -> None:
        self._work(AT_A_TICK)
        self.advanced.emit()
