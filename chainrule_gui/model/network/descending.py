"""The inner loop of gradient descent on a network."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.network.activations import Operation
from chainrule_gui.model.network.costs import why_no_cost
from chainrule_gui.model.network.network import Network, checked_parameters, checked_samples
from chainrule_gui.model.network.optimisers import Buffers, UpdateRule
from chainrule_gui.model.network.sweep import Sweep, inner_order, outer_order

Array = NDArray[np.float64]


class NetworkStepper:
    """Takes steps of a network by the rule of an optimiser, all arrays set up once.

    A row of its history is the parameters followed by the optimiser's state variables, so that any step can be
    gone on from. Frozen parameters keep their value: in an update their gradient counts as 0.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    batch : samples in a step, None for all of them
    seed : of the order of the samples in each epoch
    rule : the optimiser with its hyperparameters
    frozen : names of the parameters that no step changes

    Raises
    ------
    NetworkError
        where the shapes do not fit the network, or it has no parameter of a name.
    """

    def __init__(
        self,
        network: Network,
        parameters: ArrayLike,
        inputs: ArrayLike,
        targets: ArrayLike,
        batch: int | None,
        seed: int,
        rule: UpdateRule | None = None,
        frozen: Iterable[str] = (),
    ) -> None:
        vector = checked_parameters(network, parameters)
        x, y = checked_samples(network, inputs, targets)
        count = len(vector)
        self.network = network
        self.rule = rule or UpdateRule()
        self._to_inner = inner_order(network.layers)
        self._to_outer = outer_order(network.layers)
        self._row = np.full(count * (1 + len(self.rule.row.state)), np.nan)
        self._zeros = np.zeros(len(self._row))
        parts = np.split(self._row, len(self._row) // count)
        self._on = Buffers(
            parameters=parts[0],
            gradient=np.zeros(count),
            state=tuple(parts[1:]),
            scratch=(np.empty(count), np.empty(count)),
            rate=np.array(0.0),
            share=np.array(0.0),
            step_size=np.array(0.0),
            clock=np.array(0.0),
        )
        self._update = (*self._freezing(frozenset(frozen)), *self.rule.row.write_update(self._on, self.rule.values))
        self._all = Sweep(network, self._on.parameters, self._on.gradient, len(x))
        self._all.inputs[...] = x.T
        self._all.targets[...] = y.T
        self._batches = None
        if batch is not None and batch < len(x):
            self._batches = _Batches(network, self._on.parameters, self._on.gradient, x, y, batch, seed)

    def _freezing(self, names: frozenset[str]) -> tuple[Operation, ...]:
        if not names:
            return ()
        held = np.zeros(len(self._to_inner), dtype=bool)
        held[[self.network.parameter_index(name) for name in names]] = True
        return (partial(np.copyto, self._on.gradient, 0.0, where=held[self._to_inner]),)

    def inner(self, parameters: Array) -> Array:
        """Return the row that stands for `parameters` at the start, every state variable 0."""
        row = np.zeros(len(self._row))
        row[: len(parameters)] = parameters[self._to_inner]
        return row

    def outer(self, row: Array) -> Array:
        """Return the parameters that a row stands for."""
        return row[self._to_outer]

    def state(self, row: Array) -> dict[str, Array]:
        """Return the optimiser's state variables of a row, each (P,) in the order of the parameters."""
        parts = np.split(row, len(row) // len(self._to_outer))[1:]
        return {name: part[self._to_outer] for name, part in zip(self.rule.row.state, parts, strict=True)}

    def start(self, row: Array) -> tuple[float, str | None]:
        """Return the mean cost at a row, and why there is none."""
        with np.errstate(all="ignore"):
            self._row[...] = row
            self._all.forward()
            cost = self._all.cost()
        return cost, None if math.isfinite(cost) else self._why_no_cost()

    def gradient(self, step: int, row: Array) -> Array:
        """Return ∂J/∂θ, (P,), that the step from `row` goes by: the mean over its samples, frozen ones included."""
        with np.errstate(all="ignore"):
            self._row[...] = row
            self._all.forward()
            if self._batches is None:
                self._all.backward()
                samples = self._all.samples
            else:
                samples = self._batches.backward(step)
            gradient = self._on.gradient[self._to_outer] / samples
        self._row[...] = np.nan  # ŷ − y is spoiled: whoever goes on has to begin with a forward pass
        return gradient

    def run(self, step: int, row: Array, learning_rate: float, costs: Array, rows: Array) -> tuple[int, str | None]:
        """Take ``len(costs)`` steps from `row`, which belongs to `step`; write each new cost and row.

        Returns
        -------
        How many steps were taken, and a sentence where it could not go on.
        """
        present, whole, batches, on = self._row, self._all, self._batches, self._on
        cost_of, finite, sum_with = whole.cost, math.isfinite, present.dot
        operations = (*self._update, *whole.forward_operations)
        if batches is None:
            operations = (*whole.backward_operations, *operations)
        with np.errstate(all="ignore"):
            if batches is not None or present.tobytes() != row.tobytes():
                present[...] = row
                if batches is None:
                    whole.forward()
            on.clock[...] = step
            on.rate[...] = learning_rate
            self._divide_among(whole.samples, learning_rate)
            for taken in range(len(costs)):
                if batches is not None:
                    self._divide_among(batches.backward(step + taken), learning_rate)
                for operation in operations:
                    operation()
                cost = cost_of()
                # inf·0 and nan·0 are nan: one product finds any number that is not finite.
                if not finite(cost) or sum_with(self._zeros) != 0.0:
                    return taken, self._why_stopped(step + taken + 1)
                rows[taken] = present
                costs[taken] = cost
        return len(costs), None

    def _divide_among(self, samples: int, learning_rate: float) -> None:
        self._on.step_size[...] = learning_rate / samples
        self._on.share[...] = 1.0 / samples

    def _why_no_cost(self) -> str:
        return why_no_cost(self.network.cost, self._all.a[-1], self._all.targets)

    def _why_stopped(self, step: int) -> str:
        if np.isfinite(self._on.parameters).all() and not np.isfinite(self._row).all():
            message = _(
                "diverged at step {step}: what the optimiser remembers is no longer a finite number; "
                "try a smaller learning rate"
            )
            return message.format(step=step)
        if not np.isfinite(self._row).all():
            message = _(
                "diverged at step {step}: a parameter is no longer a finite number; try a smaller learning rate"
            )
            return message.format(step=step)
        y_hat = self._all.a[-1]
        if self.network.cost == "cross-entropy" and np.isfinite(y_hat).all() and not self.network.entropy_of_sigmoid:
            return _("stopped at step {step}: {reason}").format(step=step, reason=self._why_no_cost())
        message = _("diverged at step {step}: the cost is no longer a finite number; try a smaller learning rate")
        return message.format(step=step)


class _Batches:
    """The samples in a new order each epoch, batch by batch; the same seed and step give the same batch."""

    def __init__(
        self, network: Network, row: Array, gradient: Array, inputs: Array, targets: Array, batch: int, seed: int
    ) -> None:
        self._inputs, self._targets, self._seed, self._batch = inputs.T, targets.T, seed, batch
        self._per_epoch = -(-inputs.shape[0] // batch)
        self._full = Sweep(network, row, gradient, batch)
        rest = inputs.shape[0] % batch
        self._rest = Sweep(network, row, gradient, rest) if rest else self._full
        self._epoch = -1
        self._shuffled = self._inputs, self._targets

    def backward(self, step: int) -> int:
        """Leave the summed gradient of the batch of a step; return the batch's size."""
        epoch, place = divmod(step, self._per_epoch)
        if epoch != self._epoch:
            order = np.random.default_rng([self._seed, epoch]).permutation(self._inputs.shape[1])
            self._shuffled = self._inputs[:, order], self._targets[:, order]
            self._epoch = epoch
        sweep = self._rest if place == self._per_epoch - 1 else self._full
        samples = slice(place * self._batch, place * self._batch + sweep.samples)
        inputs, targets = self._shuffled
        sweep.inputs[...] = inputs[:, samples]
        sweep.targets[...] = targets[:, samples]
        sweep.forward()
        sweep.backward()
        return sweep.samples
