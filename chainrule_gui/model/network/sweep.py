"""The forward and backward sweep without allocating, for gradient descent's inner loop.

Everything is computed here and only here: `forward`, `backward` and gradient descent all use a `Sweep`.

Inside, samples run along the rows of memory: an activation has shape (units + 1, n), its last row is 1, and a
layer's weights and bias are one matrix [W | b]. So z = [W | b]·[a; 1] is one matrix product, and so is the
gradient [dW | db] = δ·[a; 1]ᵀ. The parameters are one vector in that order, `ParameterOrder` translates.
"""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.network.activations import ACTIVATIONS, Operation
from chainrule_gui.model.network.network import Network

Array = NDArray[np.float64]


@lru_cache(maxsize=64)
def inner_order(layers: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the places in the public vector of the parameters in inner order: [W | b] row by row."""
    parts: list[NDArray[np.intp]] = []
    start = 0
    for before, units in pairwise(layers):
        weights = np.arange(start, start + units * before).reshape(units, before)
        biases = np.arange(start + units * before, start + units * (before + 1)).reshape(units, 1)
        parts.append(np.hstack([weights, biases]).ravel())
        start += units * (before + 1)
    order = np.concatenate(parts)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=64)
def outer_order(layers: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the places in the inner vector of the parameters in public order."""
    order = np.argsort(inner_order(layers))
    order.flags.writeable = False
    return order


class Sweep:
    """The forward and backward sweep of a network over a fixed number of samples.

    `forward` leaves z and a; `cost` then gives the mean cost; `backward` leaves δ and the gradient, and must
    follow a `forward`. Run it under ``np.errstate(all="ignore")``: overflow shows in the cost.

    Parameters
    ----------
    network : what is computed
    parameters, gradient : (P,) vectors in inner order; the gradient is the *sum* over the samples
    samples : number of samples, n
    """

    def __init__(self, network: Network, parameters: Array, gradient: Array, samples: int) -> None:
        sizes = network.layers
        matrices = _matrices(sizes, parameters)
        gradients = _matrices(sizes, gradient)
        stacked = [np.ones((units + 1, samples)) for units in sizes]
        self.samples = samples
        self.inputs = stacked[0][:-1]
        """(in, n), to be filled by the caller."""
        self.targets = np.empty((sizes[-1], samples))
        """(out, n), to be filled by the caller."""
        self.z = [np.empty((units, samples)) for units in sizes[1:]]
        self.a = [values[:-1] for values in stacked[1:]]
        self.delta = [np.empty((units, samples)) for units in sizes[1:]]
        scratch = [np.empty((units, samples)) for units in sizes[1:]]
        rows = [ACTIVATIONS[key] for key in network.activations]
        difference = self.delta[-1]
        last = network.depth - 1

        forward: list[Operation] = []
        for layer, row in enumerate(rows):
            forward.append(partial(matrices[layer].dot, stacked[layer], self.z[layer]))
            forward += row.write_value(self.z[layer], self.a[layer])
        forward.append(partial(np.subtract, self.a[-1], self.targets, difference))

        backward: list[Operation] = []
        if network.cost == "cross-entropy" and not network.entropy_of_sigmoid:
            backward += _divide_by_spread(self.a[-1], difference, scratch[-1])
        if not network.entropy_of_sigmoid:
            backward += rows[-1].write_delta(self.z[-1], self.a[-1], difference, scratch[-1])
        for layer in range(last, -1, -1):
            backward.append(partial(self.delta[layer].dot, stacked[layer].T, gradients[layer]))
            if layer > 0:
                below = self.delta[layer - 1]
                weights = matrices[layer][:, :-1]
                backward.append(partial(weights.T.dot, self.delta[layer], below))
                backward += rows[layer - 1].write_delta(self.z[layer - 1], self.a[layer - 1], below, scratch[layer - 1])

        self.forward_operations = tuple(forward)
        self.backward_operations = tuple(backward)
        self._flat_difference = difference.ravel()
        self._ones = np.ones(difference.size)
        self._terms = np.empty_like(difference)
        self._cost_operations = tuple(_entropy_operations(network, self.z[-1], self.a[-1], self.targets, self._terms))
        self._flat_terms = self._terms.ravel()

    def forward(self) -> None:
        """Compute z and a of every layer, and ŷ − y."""
        for operation in self.forward_operations:
            operation()

    def backward(self) -> None:
        """Compute δ of every layer and the gradient summed over the samples."""
        for operation in self.backward_operations:
            operation()

    def cost(self) -> float:
        """Return the mean cost over the samples; after `forward` and before `backward`."""
        if not self._cost_operations:
            return 0.5 * float(self._flat_difference.dot(self._flat_difference)) / self.samples
        for operation in self._cost_operations:
            operation()
        return float(self._flat_terms.dot(self._ones)) / self.samples


def _matrices(sizes: tuple[int, ...], vector: Array) -> list[Array]:
    matrices, start = [], 0
    for before, units in pairwise(sizes):
        matrices.append(vector[start : start + units * (before + 1)].reshape(units, before + 1))
        start += units * (before + 1)
    return matrices


def _divide_by_spread(y_hat: Array, difference: Array, scratch: Array) -> tuple[Operation, ...]:
    """∂J/∂ŷ of the cross-entropy: (ŷ − y)/(ŷ(1 − ŷ))."""
    return (
        partial(np.subtract, np.array(1.0), y_hat, scratch),
        partial(np.multiply, scratch, y_hat, scratch),
        partial(np.divide, difference, scratch, difference),
    )


def _entropy_operations(network: Network, z: Array, y_hat: Array, y: Array, terms: Array) -> tuple[Operation, ...]:
    """Write the cross-entropy of each output into `terms`; nothing for the squared error."""
    if network.cost != "cross-entropy":
        return ()
    one, zero, scratch = np.array(1.0), np.array(0.0), np.empty_like(terms)
    if network.entropy_of_sigmoid:
        return (
            partial(np.logaddexp, zero, z, terms),
            partial(np.multiply, y, z, scratch),
            partial(np.subtract, terms, scratch, terms),
        )
    remaining = np.empty_like(terms)
    return (
        partial(np.log, y_hat, terms),
        partial(np.multiply, terms, y, terms),
        partial(np.subtract, one, y_hat, scratch),
        partial(np.log, scratch, scratch),
        partial(np.subtract, one, y, remaining),
        partial(np.multiply, scratch, remaining, scratch),
        partial(np.add, terms, scratch, terms),
        partial(np.negative, terms, terms),
    )
