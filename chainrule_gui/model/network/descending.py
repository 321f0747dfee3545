"""The inner loop of gradient descent on a network."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.network.costs import why_no_cost
from chainrule_gui.model.network.network import Network, checked_parameters, checked_samples
from chainrule_gui.model.network.sweep import Sweep, inner_order, outer_order

Array = NDArray[np.float64]


class NetworkStepper:
    """Takes steps θ ← θ − η·∂J/∂θ of a network, all arrays set up once.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    batch : samples in a step, None for all of them
    seed : of the order of the samples in each epoch

    Raises
    ------
    NetworkError
        where the shapes do not fit the network.
    """

    def __init__(
        self,
        network: Network,
        parameters: ArrayLike,
        inputs: ArrayLike,
        targets: ArrayLike,
        batch: int | None,
        seed: int,
    ) -> None:
        vector = checked_parameters(network, parameters)
        x, y = checked_samples(network, inputs, targets)
        self.network = network
        self._to_inner = inner_order(network.layers)
        self._to_outer = outer_order(network.layers)
        self._row = np.full(len(vector), np.nan)
        self._gradient = np.zeros(len(vector))
        self._zeros = np.zeros(len(vector))
        self._scale = np.array(0.0)
        self._all = Sweep(network, self._row, self._gradient, len(x))
        self._all.inputs[...] = x.T
        self._all.targets[...] = y.T
        self._batches = None
        if batch is not None and batch < len(x):
            self._batches = _Batches(network, self._row, self._gradient, x, y, batch, seed)

    def inner(self, parameters: Array) -> Array:
        """Return the row that stands for `parameters`."""
        return parameters[self._to_inner]

    def outer(self, row: Array) -> Array:
        """Return the parameters that a row stands for."""
        return row[self._to_outer]

    def start(self, row: Array) -> tuple[float, str | None]:
        """Return the mean cost at a row, and why there is none."""
        with np.errstate(all="ignore"):
            self._row[...] = row
            self._all.forward()
            cost = self._all.cost()
        return cost, None if math.isfinite(cost) else self._why_no_cost()

    def run(self, step: int, row: Array, learning_rate: float, costs: Array, rows: Array) -> tuple[int, str | None]:
        """Take ``len(costs)`` steps from `row`, which belongs to `step`; write each new cost and row.

        Returns
        -------
        How many steps were taken, and a sentence where it could not go on.
        """
        parameters, gradient, scale, whole = self._row, self._gradient, self._scale, self._all
        forward, cost_of, finite = whole.forward_operations, whole.cost, math.isfinite
        multiply, subtract, sum_with = np.multiply, np.subtract, parameters.dot
        with np.errstate(all="ignore"):
            if self._batches is not None or parameters.tobytes() != row.tobytes():
                parameters[...] = row
                if self._batches is None:
                    whole.forward()
            scale[...] = learning_rate / whole.samples
            for taken in range(len(costs)):
                if self._batches is None:
                    for operation in whole.backward_operations:
                        operation()
                else:
                    scale[...] = learning_rate / self._batches.backward(step + taken)
                multiply(gradient, scale, gradient)
                subtract(parameters, gradient, parameters)
                for operation in forward:
                    operation()
                cost = cost_of()
                # inf·0 and nan·0 are nan: one product finds any parameter that is not finite.
                if not finite(cost) or sum_with(self._zeros) != 0.0:
                    return taken, self._why_stopped(step + taken + 1)
                rows[taken] = parameters
                costs[taken] = cost
        return len(costs), None

    def _why_no_cost(self) -> str:
        return why_no_cost(self.network.cost, self._all.a[-1], self._all.targets)

    def _why_stopped(self, step: int) -> str:
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
