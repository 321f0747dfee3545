"""Backpropagation as a learner reads it: δ unfolded one layer at a time, paths gathered by the unit they go through.

All of it is for one sample's cost; `sample_derivatives` has every sample's at once, whose mean is the gradient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.tree import ONE, Binary, Expression, Variable
from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.costs import COSTS
from chainrule_gui.model.network.definitions import Place, places_of
from chainrule_gui.model.network.network import Network, NetworkError, checked_parameters
from chainrule_gui.model.network.propagation import Gradients, Trace

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of δ: a weight into the layer above times δ of the unit that it goes to."""

    weight: str
    weight_value: float
    delta: str
    delta_value: float

    @property
    def product(self) -> float:
        """The term's value."""
        return self.weight_value * self.delta_value


@dataclass(frozen=True, slots=True)
class Delta:
    """δ = ∂J/∂z of one unit: f′(z) times the sum of its terms.

    In the last layer there are no terms, and `arriving` is ∂J/∂ŷ; for cross-entropy of sigmoids that has no value
    where ŷ is rounded to 0 or 1, but δ = ŷ − y always has.
    """

    name: str
    z: str
    layer: int
    unit: int
    terms: tuple[Term, ...]
    arriving: float | None
    slope: float
    value: float


@dataclass(frozen=True, slots=True)
class Unfolding:
    """∂J/∂w = δ·a, and then δ, one layer further out with each level.

    Attributes
    ----------
    of : the parameter
    delta, a : the names of its two factors; `a` is None for a bias, whose second factor is 1
    delta_value, a_value, value : δ, a and their product
    levels : the δ that are needed, from the parameter's layer to the last one; the first level has one
    """

    of: str
    delta: str
    a: str | None
    delta_value: float
    a_value: float
    value: float
    levels: tuple[tuple[Delta, ...], ...]


@dataclass(frozen=True, slots=True)
class PathGroup:
    """All paths from J to a parameter that go through one unit.

    Attributes
    ----------
    z : the unit's pre-activation
    layer, unit : where it is
    count : number of its paths
    delta : δ = ∂J/∂z of the unit, the sum over what lies outside of it
    onward : ∂z/∂w, the sum over what lies between it and the parameter
    """

    z: str
    layer: int
    unit: int
    count: int
    delta: float
    onward: float

    @property
    def value(self) -> float:
        """The sum of the group's paths."""
        return self.delta * self.onward


@dataclass(frozen=True, slots=True)
class PairStep:
    """One line of how the cost and the last activation go together: left = formula, and why."""

    of: str
    wrt: str
    formula: Expression
    because: str


def delta_name(network: Network, layer: int, unit: int) -> str:
    """Return the name of δ of a unit: ``delta2`` or ``delta2.1``."""
    return network.z_name(layer, unit).replace("z", "delta", 1)


def unfold(
    network: Network, parameters: ArrayLike, trace: Trace, gradients: Gradients, of: str, sample: int = 0
) -> Unfolding:
    """Return ∂J/∂(a parameter) as δ·a, with every δ that it rests on, layer by layer outwards.

    Parameters
    ----------
    parameters : (P,), those of the trace
    of : the parameter's name
    sample : row of the trace

    Raises
    ------
    NetworkError
        where the network has no such parameter, or the trace no such sample.
    """
    place = _parameter_place(network, trace, of, sample)
    weights = network.weights(checked_parameters(network, parameters))
    levels = []
    for layer in range(place.layer, network.depth + 1):
        units = [place.unit] if layer == place.layer else range(1, network.layers[layer] + 1)
        levels.append(tuple(_delta(network, weights, trace, gradients, layer, unit, sample) for unit in units))
    value = levels[0][0].value
    a = network.a_name(place.layer - 1, place.source) if place.kind == "w" else None
    a_value = _source_value(trace, place, sample)
    return Unfolding(of, levels[0][0].name, a, value, a_value, value * a_value, tuple(levels))


def _delta(
    network: Network, weights: tuple[Array, ...], trace: Trace, gradients: Gradients, layer: int, unit: int, sample: int
) -> Delta:
    z, a = trace.z[layer - 1][sample], trace.a[layer - 1][sample]
    slope = float(ACTIVATIONS[network.activations[layer - 1]].derivative(z, a)[unit - 1])
    if layer < network.depth:
        above = gradients.delta[layer][sample]
        terms = tuple(
            Term(
                network.weight_name(layer + 1, to + 1, unit),
                float(weights[layer][to, unit - 1]),
                delta_name(network, layer + 1, to + 1),
                float(above[to]),
            )
            for to in range(network.layers[layer + 1])
        )
        arriving: float | None = math.fsum(term.product for term in terms)
    else:
        terms = ()
        with np.errstate(all="ignore"):
            by_output = COSTS[network.cost].by_output(trace.y_hat[sample], trace.targets[sample])
        arriving = float(by_output[unit - 1]) if math.isfinite(by_output[unit - 1]) else None
    value = float(gradients.delta[layer - 1][sample, unit - 1])
    name = delta_name(network, layer, unit)
    return Delta(name, network.z_name(layer, unit), layer, unit, terms, arriving, slope, value)


def path_groups(
    network: Network, parameters: ArrayLike, trace: Trace, gradients: Gradients, of: str, layer: int, sample: int = 0
) -> tuple[PathGroup, ...]:
    """Return the paths to a parameter, gathered by the unit of `layer` that they go through.

    The values of the groups add up to ∂J/∂(the parameter), whichever layer is chosen.

    Parameters
    ----------
    parameters : (P,), those of the trace
    of : the parameter's name
    layer : the parameter's own layer, where all paths go through one unit, or one further out
    sample : row of the trace

    Raises
    ------
    NetworkError
        where the network has no such parameter, the trace no such sample, or no path goes through the layer.
    """
    place = _parameter_place(network, trace, of, sample)
    if not place.layer <= layer <= network.depth:
        message = _("No path from the cost to {name} goes through layer {layer}.")
        raise NetworkError(message.format(name=of, layer=layer))
    weights = network.weights(checked_parameters(network, parameters))
    # ∂z/∂w, carried outwards from the parameter's own unit.
    onward = np.zeros(network.layers[place.layer])
    onward[place.unit - 1] = _source_value(trace, place, sample)
    for between in range(place.layer, layer):
        row = ACTIVATIONS[network.activations[between - 1]]
        onward = weights[between] @ (
            row.derivative(trace.z[between - 1][sample], trace.a[between - 1][sample]) * onward
        )
    sizes = network.layers
    count = math.prod(sizes[place.layer + 1 : layer]) * math.prod(sizes[layer + 1 :])
    units = [place.unit] if layer == place.layer else range(1, sizes[layer] + 1)
    return tuple(
        PathGroup(
            network.z_name(layer, unit),
            layer,
            unit,
            count,
            float(gradients.delta[layer - 1][sample, unit - 1]),
            float(onward[unit - 1]),
        )
        for unit in units
    )


def sample_derivatives(network: Network, trace: Trace, gradients: Gradients, of: str) -> Array:
    """Return ∂(a sample's cost)/∂(a parameter) for each sample, (n,); their mean is the gradient.

    Raises
    ------
    NetworkError
        where the network has no such parameter.
    """
    place = _parameter_place(network, trace, of, 0)
    delta = gradients.delta[place.layer - 1][:, place.unit - 1]
    if place.kind == "b":
        return np.array(delta)
    below = trace.inputs if place.layer == 1 else trace.a[place.layer - 2]
    return np.asarray(delta * below[:, place.source - 1])


def output_pair(network: Network) -> tuple[PairStep, ...]:
    """Return how δ of an output follows from the cost and the last activation, and what cancels.

    The formulas are for the first output; they are the same for every one.
    """
    y_hat, y, z = network.output_name(1), network.target_name(1), network.z_name(network.depth, 1)
    row, cost = ACTIVATIONS[network.activations[-1]], COSTS[network.cost]
    by_output = cost.by_output_formula(Variable(y_hat), Variable(y))
    difference = Binary("-", Variable(y_hat), Variable(y))
    if network.entropy_of_sigmoid:
        slope: Expression = Binary("*", Variable(y_hat), Binary("-", ONE, Variable(y_hat)))
        last = PairStep(
            "J", z, difference, _("ŷ(1 − ŷ) cancels: δ is ŷ − y, which is large wherever the output is far off.")
        )
    else:
        slope = row.derivative_formula(Variable(z))
        last = _without_cancelling(network, z, by_output, slope)
    return (
        PairStep("J", y_hat, by_output, _("the cost by its output")),
        PairStep(y_hat, z, slope, _("the slope of the last activation; its value is ŷ") if network.entropy_of_sigmoid
                 else _("the slope of the last activation")),
        PairStep("J", z, Binary("*", by_output, slope), _("chain rule: δ is their product")),
        last,
    )  # fmt: skip


def _without_cancelling(network: Network, z: str, by_output: Expression, slope: Expression) -> PairStep:
    if network.activations[-1] == "identity" and network.cost == "squared-error":
        return PairStep("J", z, by_output, _("The slope is 1: δ is ŷ − y."))
    if ACTIVATIONS[network.activations[-1]].flat_beyond is not None:
        because = _("Where the activation is almost flat δ is almost 0, however far off the output is.")
    else:
        because = _("Nothing cancels.")
    return PairStep("J", z, Binary("*", by_output, slope), because)


def _parameter_place(network: Network, trace: Trace, of: str, sample: int) -> Place:
    network.parameter_index(of)
    if not 0 <= sample < len(trace.inputs):
        message = _("There is no sample {sample}: the data have {count}.")
        raise NetworkError(message.format(sample=sample + 1, count=len(trace.inputs)))
    return places_of(network)[of]


def _source_value(trace: Trace, place: Place, sample: int) -> float:
    """What a parameter is multiplied by: the value below a weight, 1 for a bias."""
    if place.kind == "b":
        return 1.0
    below = trace.inputs if place.layer == 1 else trace.a[place.layer - 2]
    return float(below[sample, place.source - 1])
