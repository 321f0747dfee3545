"""Gradient descent and its history: every step's cost, and the parameters of any step, within bounded memory.

A `Trajectory` is deterministic and remembers what it computed. Parameters are kept every few steps; those in
between are computed again, bit for bit, from the last kept ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.model.function_stepper import FunctionStepper
from chainrule_gui.model.network.descending import NetworkStepper
from chainrule_gui.model.network.network import Network
from chainrule_gui.model.network.optimisers import PLAIN, UpdateRule

Array = NDArray[np.float64]

CHECKPOINT_BYTES = 128 * 2**20
"""So much memory at most holds the kept parameters of a run."""

_BLOCK_BYTES = 2**20
_AT_ONCE = 1 << 17
"""At most so many parameters, steps × P, are written between two looks at the history."""


class DescentError(ValueError):
    """A descent that cannot be set up; the message says why."""


class Stepper(Protocol):
    """What a trajectory steps with: it knows how to get from one step to the next, and nothing of history."""

    def inner(self, parameters: Array) -> Array:
        """Return the row that stands for `parameters`."""

    def outer(self, row: Array) -> Array:
        """Return the parameters that a row stands for."""

    def state(self, row: Array) -> dict[str, Array]:
        """Return what the optimiser remembers at a row, by the names of its state variables."""

    def gradient(self, step: int, row: Array) -> Array:
        """Return the gradient by the parameters that the step from `row` goes by."""

    def start(self, row: Array) -> tuple[float, str | None]:
        """Return the cost at a row, and why there is none."""

    def run(self, step: int, row: Array, learning_rate: float, costs: Array, rows: Array) -> tuple[int, str | None]:
        """Take ``len(costs)`` steps from `row`, which belongs to `step`; write each new cost and row.

        Returns
        -------
        How many steps were taken, and a sentence where it could not go on.
        """


class _Checkpoints:
    """Rows of a run, at `first` and every `spacing` steps after it; twice as far apart when memory is full."""

    def __init__(self, first: int, row: Array, most_bytes: int) -> None:
        # An even number of rows in a block lets two blocks be thinned into one.
        self._in_block = max(2, _BLOCK_BYTES // row.nbytes // 2 * 2)
        self._most_blocks = max(2, most_bytes // (self._in_block * row.nbytes))
        self._blocks: list[Array] = []
        self._count = 0
        self.first = first
        self.spacing = 1
        self.extend(first, row[None])

    def extend(self, step: int, rows: Array) -> None:
        """Keep what is due of the rows of consecutive steps, the first of them at `step`."""
        taken = 0
        while taken < len(rows):
            taken += -(step + taken - self.first) % self.spacing
            due = rows[taken :: self.spacing]
            if not len(due):
                return
            block, place = divmod(self._count, self._in_block)
            if block == len(self._blocks):
                if block == self._most_blocks:
                    self._thin()
                    continue
                self._blocks.append(np.empty((self._in_block, rows.shape[1])))
            fits = min(len(due), self._in_block - place)
            self._blocks[block][place : place + fits] = due[:fits]
            self._count += fits
            taken += (fits - 1) * self.spacing + 1

    def _thin(self) -> None:
        half = self._in_block // 2
        kept = []
        for index, block in enumerate(self._blocks):
            even = block[::2].copy()
            if index % 2 == 0:
                block[:half] = even
                kept.append(block)
            else:
                kept[-1][half:] = even
        self._blocks = kept
        self._count = (self._count + 1) // 2
        self.spacing *= 2

    def before(self, step: int) -> tuple[int, Array]:
        """Return the last kept step that is not after `step`, and its row."""
        index = min((step - self.first) // self.spacing, self._count - 1)
        block, place = divmod(index, self._in_block)
        return self.first + index * self.spacing, self._blocks[block][place]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The part of a run with one learning rate, from a step on."""

    first: int
    learning_rate: float
    checkpoints: _Checkpoints


class Trajectory:
    """A run of gradient descent: step k has a cost and parameters, step 0 is the start.

    It is extended as far as it is asked for. Where it cannot go on, `stopped` says why and `stopped_at` is the
    last step there is; no step holds a number that is not finite, except that the cost of step 0 is nan where
    the start has none.
    """

    def __init__(self, stepper: Stepper, parameters: Array, learning_rate: float) -> None:
        self._stepper = stepper
        self._stretches: tuple[_Stretch, ...] = ()
        self._tip = stepper.inner(parameters)
        self._at_once = max(16, _AT_ONCE // len(self._tip))
        self._length = 0
        self._costs = np.empty(256)
        self._replayed: tuple[int, Array] | None = None
        self._stopped: str | None = None
        cost, why = stepper.start(self._tip)
        self._costs[0] = cost if why is None else math.nan
        if why is not None:
            self._stopped = _("cannot start: {reason}").format(reason=why)
        self._begin_stretch(learning_rate)

    def _begin_stretch(self, learning_rate: float) -> None:
        self._rate = _checked_rate(learning_rate)
        checkpoints = _Checkpoints(self._length, self._tip, CHECKPOINT_BYTES)
        earlier = tuple(stretch for stretch in self._stretches if stretch.first < self._length)
        self._stretches = (*earlier, _Stretch(self._length, self._rate, checkpoints))

    @property
    def learning_rate(self) -> float:
        """The learning rate of the steps to come."""
        return self._rate

    @property
    def rates(self) -> tuple[tuple[int, float], ...]:
        """(first step, learning rate) of each part of the run with its own learning rate."""
        return tuple((stretch.first, stretch.learning_rate) for stretch in self._stretches)

    @property
    def stopped(self) -> str | None:
        """Why the run cannot go on, None as long as no end was met."""
        return self._stopped

    @property
    def stopped_at(self) -> int | None:
        """The last step there is, None as long as no end was met."""
        return None if self._stopped is None else self._length

    def extend_to(self, step: int) -> int:
        """Compute up to `step` and return the last step there is up to it."""
        while self._length < step and self._stopped is None:
            self._advance(min(step - self._length, self._at_once))
        return min(step, self._length)

    def _advance(self, count: int) -> None:
        self._reserve(self._length + count + 1)
        rows = np.empty((count, len(self._tip)))
        costs = self._costs[self._length + 1 : self._length + count + 1]
        taken, why = self._stepper.run(self._length, self._tip, self._rate, costs, rows)
        if taken:
            self._stretches[-1].checkpoints.extend(self._length + 1, rows[:taken])
            self._tip = rows[taken - 1].copy()
            self._length += taken
        self._stopped = why

    def _reserve(self, count: int) -> None:
        if count > len(self._costs):
            grown = np.empty(max(count, len(self._costs) * 3 // 2))
            grown[: self._length + 1] = self._costs[: self._length + 1]
            self._costs = grown

    def cost_at(self, step: int) -> float:
        """Return the cost at a step.

        Raises
        ------
        IndexError
            where there is no such step.
        """
        self._require(step)
        return float(self._costs[step])

    def costs(self, upto: int) -> Array:
        """Return the costs of steps 0 to `upto`, a read-only view of shape (upto + 1,).

        Raises
        ------
        IndexError
            where there is no step `upto`.
        """
        self._require(upto)
        view = self._costs[: upto + 1]
        view.flags.writeable = False
        return view

    def parameters_at(self, step: int) -> Array:
        """Return the parameters at a step, read-only.

        Raises
        ------
        IndexError
            where there is no such step.
        """
        self._require(step)
        parameters = self._stepper.outer(self._row(step))
        parameters.flags.writeable = False
        return parameters

    def optimiser_state_at(self, step: int) -> dict[str, Array]:
        """Return what the optimiser remembers at a step, each (P,); empty for plain gradient descent.

        Raises
        ------
        IndexError
            where there is no such step.
        """
        self._require(step)
        return self._stepper.state(self._row(step))

    def step_gradient_at(self, step: int) -> Array:
        """Return the gradient, (P,), that the step from `step` goes by: that of its batch, frozen ones included.

        Raises
        ------
        IndexError
            where there is no such step.
        """
        self._require(step)
        return self._stepper.gradient(step, self._row(step))

    def _require(self, step: int) -> None:
        if step < 0 or self.extend_to(step) < step:
            raise IndexError(_("There is no step {step}.").format(step=step))

    def _row(self, step: int) -> Array:
        if step == self._length:
            return self._tip
        stretch = next(stretch for stretch in reversed(self._stretches) if stretch.first <= step)
        known, row = stretch.checkpoints.before(step)
        if self._replayed is not None and known < self._replayed[0] <= step:
            known, row = self._replayed
        if known == step:
            return row
        rows = np.empty((step - known, len(row)))
        self._stepper.run(known, row, stretch.learning_rate, np.empty(len(rows)), rows)
        self._replayed = (step, rows[-1].copy())
        return self._replayed[1]

    def branch(self, step: int, learning_rate: float) -> Trajectory:
        """Return a trajectory that is the same up to `step` and goes on from there with another learning rate.

        Raises
        ------
        IndexError
            where there is no such step.
        DescentError
            where the learning rate is not finite.
        """
        rate = _checked_rate(learning_rate)
        self._require(step)
        twin = Trajectory.__new__(Trajectory)
        twin._stepper = self._stepper
        twin._stretches = tuple(stretch for stretch in self._stretches if stretch.first <= step)
        twin._tip = self._row(step).copy()
        twin._at_once = self._at_once
        twin._length = step
        twin._costs = self._costs[: step + 1].copy()
        twin._replayed = None
        twin._stopped = self._stopped if step == 0 and not math.isfinite(self._costs[0]) else None
        twin._begin_stretch(rate)
        return twin


class Descent(Trajectory):
    """Gradient descent of a network with a place in it: `position` is the step it stands at.

    The cost is always that of all samples, also where each step uses a batch of them.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    batch : samples in a step, None for all; each epoch goes once through all samples in a new order
    seed : of the order of the samples
    optimiser : its key, or an `UpdateRule` with hyperparameters of your own
    frozen : names of the parameters that no step changes

    Raises
    ------
    ValueError
        a NetworkError or DescentError where something does not fit or is not finite.
    """

    def __init__(
        self,
        network: Network,
        parameters: ArrayLike,
        inputs: ArrayLike,
        targets: ArrayLike,
        learning_rate: float,
        batch: int | None = None,
        seed: int = 0,
        optimiser: str | UpdateRule = PLAIN,
        frozen: Iterable[str] = (),
    ) -> None:
        start = np.array(parameters, dtype=np.float64)
        if not np.isfinite(start).all():
            raise DescentError(_("A parameter is not a finite number."))
        if batch is not None and batch < 1:
            raise DescentError(_("A batch needs at least one sample."))
        if seed < 0:
            raise DescentError(_("The seed must not be negative."))
        _checked_rate(learning_rate)
        rule = UpdateRule(optimiser) if isinstance(optimiser, str) else optimiser
        stepper = NetworkStepper(network, start, inputs, targets, batch, seed, rule, frozen)
        super().__init__(stepper, start, learning_rate)
        self._position = 0

    @property
    def position(self) -> int:
        """The step it stands at."""
        return self._position

    @property
    def cost(self) -> float:
        """The cost at `position`."""
        return self.cost_at(self._position)

    @property
    def parameters(self) -> Array:
        """The parameters at `position`, read-only."""
        return self.parameters_at(self._position)

    def step(self, n: int = 1) -> Self:
        """Go on by n steps, or as far as there are steps; `stopped` then says why."""
        return self.go_to(self._position + n)

    def go_to(self, step: int) -> Self:
        """Go to a step, or as near to it as there are steps."""
        self._position = self.extend_to(max(step, 0))
        return self


class FunctionDescent(Trajectory):
    """Gradient descent of a typed function on one of its variables; its parameters are that one number.

    Parameters
    ----------
    wrt : the variable that is stepped
    point : a value for every variable, `wrt` included

    Raises
    ------
    DescentError
        where a value is missing or not finite.
    """

    def __init__(self, expression: Expression, wrt: str, point: dict[str, float], learning_rate: float) -> None:
        if wrt not in point or not all(math.isfinite(value) for value in point.values()):
            raise DescentError(_("Every variable needs a finite value."))
        stepper = FunctionStepper(expression, wrt, point)
        super().__init__(stepper, np.array([point[wrt]], dtype=np.float64), learning_rate)


def _checked_rate(learning_rate: float) -> float:
    rate = float(learning_rate)
    if not math.isfinite(rate):
        raise DescentError(_("The learning rate must be a finite number."))
    return rate
