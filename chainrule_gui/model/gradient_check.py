"""The gradient check: what backpropagation says against central differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.network import Network
from chainrule_gui.model.network.passes import costs_of_outputs

Array = NDArray[np.float64]

STEP = 1e-5
_CHUNK_VALUES = 200_000


def numerical_gradient(network: Network, parameters: Array, inputs: Array, targets: Array, h: float = STEP) -> Array:
    """Return the gradient of the mean cost by central differences, (J(p + h) − J(p − h)) / 2h, shape (P,).

    Many shifted parameter vectors go through the network at once; `h` is the shift of each parameter.
    """
    count = network.parameter_count
    size = max(1, _CHUNK_VALUES // (2 * len(inputs) * max(network.layers)))
    gradient = np.empty(count)
    for start in range(0, count, size):
        rows = np.arange(start, min(start + size, count))
        places = np.arange(len(rows))
        shifted = np.tile(parameters, (2, len(rows), 1))
        shifted[0, places, rows] += h
        shifted[1, places, rows] -= h
        # What was really added, after rounding, is what must be divided by.
        width = shifted[0, places, rows] - shifted[1, places, rows]
        with np.errstate(all="ignore"):
            costs = _stacked_costs(network, shifted, inputs, targets)
            gradient[rows] = (costs[0] - costs[1]) / width
    return gradient


def _stacked_costs(network: Network, parameters: Array, inputs: Array, targets: Array) -> Array:
    """Return the mean cost for each parameter vector in the last axis of `parameters`."""
    a, start, stack = inputs, 0, parameters.shape[:-1]
    for before, units, activation in zip(network.layers, network.layers[1:], network.activations, strict=False):
        middle, end = start + units * before, start + units * (before + 1)
        weights = parameters[..., start:middle].reshape(*stack, units, before)
        z = a @ np.swapaxes(weights, -1, -2) + parameters[..., None, middle:end]
        a = ACTIVATIONS[activation].value(z)
        start = end
    return np.asarray(costs_of_outputs(network, z, a, targets).sum(axis=-1).mean(axis=-1))
