"""The gradient by central differences, as a check on backpropagation that shares nothing with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.costs import COSTS, entropy_of_z
from chainrule_gui.model.network.network import Network, checked_parameters, checked_samples
from chainrule_gui.model.network.propagation import backward, forward

Array = NDArray[np.float64]

_AT_ONCE = 1 << 18
"""So many numbers of one layer are held at once: parameter sets × samples × units."""


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """Both gradients of the mean cost and |analytic − numerical|, each (P,)."""

    analytic: Array
    numerical: Array
    difference: Array


@dataclass(frozen=True, slots=True, eq=False)
class StepCurve:
    """|analytic − numerical| of one parameter against the step h of the central difference.

    Attributes
    ----------
    of : the parameter's name
    analytic : ∂J/∂θ by backpropagation
    steps : (m,) values of h, falling apart into the large ones, where the truncation rules, and the small ones,
        where the rounding does
    numerical, difference : (m,); nan where a cost has no value
    truncation : (m,) what is expected of cutting off Taylor's series, |J‴|h²/6
    rounding : (m,) what is expected of rounding J to double precision, ε|J|/h
    """

    of: str
    analytic: float
    steps: Array
    numerical: Array
    difference: Array
    truncation: Array
    rounding: Array


def step_curve(
    network: Network,
    parameters: ArrayLike,
    inputs: ArrayLike,
    targets: ArrayLike,
    of: str,
    steps: ArrayLike | None = None,
) -> StepCurve:
    """Return how the gradient check of one parameter depends on its step.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    of : the parameter's name
    steps : (m,) values of h; 1 down to 1e-13, four in each power of ten, where not given

    Raises
    ------
    NetworkError
        where the shapes do not fit the network, or it has no such parameter.
    """
    vector = checked_parameters(network, parameters)
    x, y = checked_samples(network, inputs, targets)
    index = network.parameter_index(of)
    h = np.logspace(0, -13, 53) if steps is None else np.asarray(steps, dtype=np.float64)
    rows = np.tile(vector, (2 * len(h), 1))
    rows[:, index] += np.concatenate([h, -h])
    with np.errstate(all="ignore"):
        costs = np.concatenate(
            [
                mean_costs(network, rows[part], x, y)
                for part in _chunks(len(rows), len(x) * max(network.layers) // 2 + 1)
            ]
        )
        numerical = (costs[: len(h)] - costs[len(h) :]) / (rows[: len(h), index] - rows[len(h) :, index])
        numerical[~np.isfinite(numerical)] = np.nan
        trace = forward(network, vector, x, y)
        analytic = float(backward(network, vector, trace).flat[index])
        third = _third_derivative(network, vector, x, y, index)
        truncation, rounding = np.abs(third) * h**2 / 6, np.finfo(np.float64).eps * abs(trace.cost) / h
    return StepCurve(of, analytic, h, numerical, np.abs(numerical - analytic), truncation, rounding)


def _third_derivative(network: Network, vector: Array, x: Array, y: Array, index: int, width: float = 1e-3) -> float:
    """∂³J/∂θ³ from the exact gradients at three places."""
    slopes = []
    for shift in (-width, 0.0, width):
        shifted = vector.copy()
        shifted[index] += shift
        slopes.append(float(backward(network, shifted, forward(network, shifted, x, y)).flat[index]))
    return (slopes[0] - 2 * slopes[1] + slopes[2]) / width**2


def check_gradient(
    network: Network, parameters: ArrayLike, inputs: ArrayLike, targets: ArrayLike, h: float = 1e-5
) -> GradientCheck:
    """Compare backpropagation with central differences."""
    analytic = backward(network, parameters, forward(network, parameters, inputs, targets)).flat
    numerical = numerical_gradient(network, parameters, inputs, targets, h)
    with np.errstate(all="ignore"):
        return GradientCheck(analytic, numerical, np.abs(analytic - numerical))


def numerical_gradient(
    network: Network, parameters: ArrayLike, inputs: ArrayLike, targets: ArrayLike, h: float = 1e-5
) -> Array:
    """Return (J(θ + h) − J(θ − h))/2h for every parameter θ, nan where a cost has no value.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    h : the step; the truncation is of order h², the rounding of order 1e-16/h

    Raises
    ------
    NetworkError
        where the shapes do not fit the network.
    """
    return np.concatenate(list(numerical_parts(network, parameters, inputs, targets, h)))


def numerical_parts(
    network: Network, parameters: ArrayLike, inputs: ArrayLike, targets: ArrayLike, h: float = 1e-5
) -> Iterator[Array]:
    """Yield the numerical gradient a few parameters at a time, in their order, for who must not wait for all."""
    vector = checked_parameters(network, parameters)
    x, y = checked_samples(network, inputs, targets)
    for places in _chunks(len(vector), len(x) * max(network.layers)):
        rows = np.arange(len(places))
        raised, lowered = np.tile(vector, (2, len(places), 1))
        raised[rows, places] += h
        lowered[rows, places] -= h
        with np.errstate(all="ignore"):
            # The step really taken, after rounding.
            width = raised[rows, places] - lowered[rows, places]
            costs = mean_costs(network, np.concatenate([raised, lowered]), x, y)
            part = (costs[: len(places)] - costs[len(places) :]) / width
        part[~np.isfinite(part)] = np.nan
        yield part


def mean_costs(network: Network, parameters: Array, inputs: Array, targets: Array) -> Array:
    """Return the mean cost for each of many parameter sets at once.

    Parameters
    ----------
    parameters : (sets, P)
    inputs : (n, in)
    targets : (n, out)

    Returns
    -------
    (sets,); nan or inf where there is no finite cost.
    """
    sets = len(parameters)
    z = a = inputs[None]
    start = 0
    with np.errstate(all="ignore"):
        for key, (before, units) in zip(network.activations, pairwise(network.layers), strict=True):
            end = start + units * before
            weights = parameters[:, start:end].reshape(sets, units, before)
            z = a @ weights.transpose(0, 2, 1) + parameters[:, None, end : end + units]
            a = ACTIVATIONS[key].value(z)
            start = end + units
        of_outputs = (
            entropy_of_z(z, targets) if network.entropy_of_sigmoid else COSTS[network.cost].of_outputs(a, targets)
        )
        return np.asarray(of_outputs.sum(axis=2).mean(axis=1))


def _chunks(count: int, size: int) -> Iterator[NDArray[np.intp]]:
    length = max(1, _AT_ONCE // (2 * size))
    for start in range(0, count, length):
        yield np.arange(start, min(start + length, count))
