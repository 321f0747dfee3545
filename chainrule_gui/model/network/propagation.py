"""The forward pass of all samples, and the backward pass that gives every gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.model.network.costs import COSTS, entropy_of_z, why_no_cost
from chainrule_gui.model.network.network import Network, checked_parameters, checked_samples
from chainrule_gui.model.network.sweep import Sweep, inner_order, outer_order

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Everything the forward pass computed; all arrays are read-only.

    Attributes
    ----------
    inputs : (n, in)
    targets : (n, out)
    z, a : (n, units) for each layer after the input
    cost : mean over the samples; nan where it has no value
    sample_costs : (n,); nan where a sample's cost has no value
    why : a sentence, where `cost` has no value
    """

    inputs: Array
    targets: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    cost: float
    sample_costs: Array
    why: str | None = None

    @property
    def y_hat(self) -> Array:
        """The outputs, (n, out)."""
        return self.a[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """Everything the backward pass computed; all arrays are read-only.

    Attributes
    ----------
    delta : ∂(a sample's cost)/∂z for each layer, (n, units)
    dW : ∂(mean cost)/∂W for each layer, (units, units before)
    db : ∂(mean cost)/∂b for each layer, (units,)
    flat : the gradient of the mean cost in the order of the parameters, (P,)
    """

    delta: tuple[Array, ...]
    dW: tuple[Array, ...]
    db: tuple[Array, ...]
    flat: Array


def forward(network: Network, parameters: ArrayLike, inputs: ArrayLike, targets: ArrayLike) -> Trace:
    """Compute every z and a and the cost.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)

    Raises
    ------
    NetworkError
        where the shapes do not fit the network.
    """
    vector = checked_parameters(network, parameters)
    x, y = checked_samples(network, inputs, targets)
    sweep, _gradient = _prepared(network, vector, x, y)
    with np.errstate(all="ignore"):
        sweep.forward()
        cost = sweep.cost()
        if network.entropy_of_sigmoid:
            of_outputs = entropy_of_z(sweep.z[-1], sweep.targets)
        else:
            of_outputs = COSTS[network.cost].of_outputs(sweep.a[-1], sweep.targets)
        sample_costs = np.asarray(of_outputs.sum(axis=0))
    known = math.isfinite(cost)
    sample_costs[~np.isfinite(sample_costs)] = np.nan
    sample_costs.flags.writeable = False
    return Trace(
        inputs=_frozen(x),
        targets=_frozen(y),
        z=tuple(_frozen(z.T) for z in sweep.z),
        a=tuple(_frozen(a.T) for a in sweep.a),
        cost=cost if known else math.nan,
        sample_costs=sample_costs,
        why=None if known else why_no_cost(network.cost, sweep.a[-1], sweep.targets),
    )


def backward(network: Network, parameters: ArrayLike, trace: Trace) -> Gradients:
    """Compute δ of every layer and the gradient of the mean cost.

    Parameters
    ----------
    parameters : (P,), those of the trace
    trace : what `forward` returned

    Returns
    -------
    Where the cost has no value, the gradient has none either and holds nan.
    """
    vector = checked_parameters(network, parameters)
    sweep, gradient = _prepared(network, vector, trace.inputs, trace.targets)
    with np.errstate(all="ignore"):
        sweep.forward()
        sweep.backward()
        flat = gradient[outer_order(network.layers)] / sweep.samples
    flat = _frozen(flat)
    return Gradients(
        delta=tuple(_frozen(delta.T) for delta in sweep.delta),
        dW=network.weights(flat),
        db=network.biases(flat),
        flat=flat,
    )


def _prepared(network: Network, parameters: Array, inputs: Array, targets: Array) -> tuple[Sweep, Array]:
    gradient = np.zeros(network.parameter_count)
    sweep = Sweep(network, parameters[inner_order(network.layers)], gradient, len(inputs))
    sweep.inputs[...] = inputs.T
    sweep.targets[...] = targets.T
    return sweep, gradient


def _frozen(values: Array) -> Array:
    """Return `values` in C order and read-only, copied unless they already are."""
    if not values.flags.writeable and values.flags.c_contiguous:
        return values
    copied = np.array(values, order="C")
    copied.flags.writeable = False
    return copied
