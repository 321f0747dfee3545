"""The forward pass and the backward pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.network.costs import last_delta, sample_costs
from chainrule_gui.model.network.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Every value of a forward pass over n samples.

    Attributes
    ----------
    inputs, targets : shapes (n, inputs), (n, outputs)
    z, a : for each layer after the inputs, shape (n, units)
    sample_costs : shape (n,)
    cost : their mean; not finite where it overflows or, for cross-entropy, where ŷ is outside 0 … 1
    """

    inputs: Array
    targets: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    sample_costs: Array
    cost: float

    @property
    def y_hat(self) -> Array:
        """The outputs, shape (n, outputs)."""
        return self.a[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """Every gradient of a backward pass.

    Attributes
    ----------
    delta : for each layer δ = ∂(sample's own cost)/∂z, shape (n, units)
    dW, db : for each layer the gradients of the mean cost, shapes (units, sources) and (units,)
    flat : the same gradients in the order of the flat parameter vector, shape (P,)
    """

    delta: tuple[Array, ...]
    dW: tuple[Array, ...]
    db: tuple[Array, ...]
    flat: Array


def forward(network: Network, parameters: Array, inputs: Array, targets: Array) -> Trace:
    """Run the network forward: z = W a + b and a = σ(z), layer by layer, then the cost.

    Parameters
    ----------
    parameters : flat vector, shape (P,), or stacked, shape (…, P)
    inputs, targets : shapes (n, inputs) and (n, outputs)
    """
    a, z_values, a_values = inputs, [], []
    with np.errstate(all="ignore"):
        for layer, (weights, biases) in enumerate(network.blocks(parameters), start=1):
            z = a @ np.swapaxes(weights, -1, -2) + biases[..., None, :]
            a = np.empty_like(z)
            network.activation(layer).apply(z, a)
            z_values.append(z)
            a_values.append(a)
        costs = sample_costs(network, z, a, targets) if a.ndim == 2 else _stacked_costs(network, z, a, targets)
        return Trace(inputs, targets, tuple(z_values), tuple(a_values), costs, float(costs.mean()))


def _stacked_costs(network: Network, z: Array, a: Array, targets: Array) -> Array:
    flat = sample_costs(
        network,
        z.reshape(-1, z.shape[-1]),
        a.reshape(-1, a.shape[-1]),
        np.broadcast_to(targets, a.shape).reshape(-1, a.shape[-1]),
    )
    return flat.reshape(a.shape[:-1])


def backward(network: Network, parameters: Array, trace: Trace) -> Gradients:
    """Run backpropagation over a trace: δ of the last layer, then δ = (δ W) ⊙ σ′(z) from layer to layer.

    Nothing is accumulated: running it again gives the same numbers.
    """
    samples = len(trace.inputs)
    flat = np.empty(network.parameter_count)
    deltas: list[Array] = []
    weights = network.weights(parameters)
    with np.errstate(all="ignore"):
        for layer in range(network.depth, 0, -1):
            z, a = trace.z[layer - 1], trace.a[layer - 1]
            slope = np.empty_like(z)
            network.activation(layer).slope(z, a, slope)
            if layer == network.depth:
                delta = last_delta(network, slope, a, trace.targets)
            else:
                delta = (deltas[-1] @ weights[layer]) * slope
            deltas.append(delta)
        deltas.reverse()
        blocks = network.blocks(flat)
        for layer, (dW, db) in enumerate(blocks):
            below = trace.inputs if layer == 0 else trace.a[layer - 1]
            dW[...] = deltas[layer].T @ below / samples
            db[...] = deltas[layer].mean(axis=0)
    flat.flags.writeable = False
    return Gradients(tuple(deltas), tuple(dW for dW, _db in blocks), tuple(db for _dW, db in blocks), flat)
