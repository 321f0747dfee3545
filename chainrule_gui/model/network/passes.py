"""The forward pass and the backward pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.costs import COSTS, entropy_of_z
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
    parameters : flat vector, shape (P,)
    inputs, targets : shapes (n, inputs) and (n, outputs)
    """
    a, z_values, a_values = inputs, [], []
    with np.errstate(all="ignore"):
        layers = zip(network.weights(parameters), network.biases(parameters), network.activations, strict=True)
        for weights, biases, activation in layers:
            z = a @ weights.T + biases
            a = ACTIVATIONS[activation].value(z)
            z_values.append(z)
            a_values.append(a)
        costs = costs_of_outputs(network, z, a, targets).sum(axis=-1)
        return Trace(inputs, targets, tuple(z_values), tuple(a_values), costs, float(costs.mean()))


def costs_of_outputs(network: Network, z: Array, y_hat: Array, targets: Array) -> Array:
    """Return each output's part of the cost, in the shape of `y_hat`."""
    return entropy_of_z(z, targets) if network.entropy_of_sigmoid else COSTS[network.cost].of_outputs(y_hat, targets)


def last_delta(network: Network, slope: Array, y_hat: Array, targets: Array) -> Array:
    """Return δ of the last layer, ∂(sample's cost)/∂z; `slope` is σ′(z)."""
    if network.entropy_of_sigmoid:
        return np.asarray(y_hat - targets)  # (ŷ − y)/(ŷ(1 − ŷ)) · ŷ(1 − ŷ)
    return np.asarray(COSTS[network.cost].by_output(y_hat, targets) * slope)


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
            slope = ACTIVATIONS[network.activations[layer - 1]].derivative(z, a)
            if layer == network.depth:
                delta = last_delta(network, slope, a, trace.targets)
            else:
                delta = (deltas[-1] @ weights[layer]) * slope
            deltas.append(delta)
        deltas.reverse()
        dWs, dbs = network.weights(flat), network.biases(flat)
        for layer, (dW, db) in enumerate(zip(dWs, dbs, strict=True)):
            below = trace.inputs if layer == 0 else trace.a[layer - 1]
            dW[...] = deltas[layer].T @ below / samples
            db[...] = deltas[layer].mean(axis=0)
    flat.flags.writeable = False
    return Gradients(tuple(deltas), dWs, dbs, flat)
