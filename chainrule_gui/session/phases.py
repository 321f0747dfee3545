"""The phases of one gradient descent step, each with one sentence and what it lights up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from chainrule_gui.i18n import _
from chainrule_gui.model.network import ACTIVATIONS, Gradients, Network, Trace
from chainrule_gui.model.network.optimisers import OPTIMISERS, PLAIN
from chainrule_gui.session.phase_equations import (
    backward_equation,
    cost_equation,
    forward_equation,
    update_equation,
)
from chainrule_gui.typeset.numbers import format_number

_SUBSCRIPT = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉,")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a step.

    Attributes
    ----------
    kind : which of the four
    layer : its layer, 0 where it concerns all
    sentence : what it does, in words
    lit : names of the quantities and parameters that light up
    write_equation : gives its equation as Typst math; written only for the phase that is shown
    derived_by : names of the quantities that J is differentiated by
    """

    kind: Literal["forward", "cost", "backward", "update"]
    layer: int
    sentence: str
    lit: frozenset[str]
    write_equation: Callable[[], str]
    derived_by: frozenset[str] = frozenset()

    def lights(self, of: str, wrt: str) -> bool:
        """Whether the local derivative ∂of/∂wrt is one that this phase multiplies by."""
        return self.kind in ("cost", "backward") and (of in self.lit or wrt in self.derived_by)


def phases(
    network: Network,
    trace: Trace,
    gradients: Gradients,
    sample: int,
    learning_rate: float,
    optimiser: str = PLAIN,
    frozen: frozenset[str] = frozenset(),
) -> tuple[Phase, ...]:
    """Return the phases of the next step: forward by layer, cost, backward by layer, update."""
    layers = range(1, network.depth + 1)
    return (
        *(_forward(network, trace, sample, layer) for layer in layers),
        _cost(network, trace, sample),
        *(_backward(network, trace, gradients, sample, layer) for layer in reversed(layers)),
        Phase(
            "update",
            0,
            _update(learning_rate, optimiser, frozen),
            frozenset(network.parameter_names) - frozen,
            partial(update_equation, learning_rate, optimiser),
        ),
    )


def _update(learning_rate: float, optimiser: str, frozen: frozenset[str]) -> str:
    rate = format_number(learning_rate)
    if optimiser == PLAIN:
        sentence = _(
            "Update: every weight and bias moves against its gradient, p ← p − η · ∂J/∂p with η = {rate}."
        ).format(rate=rate)
    else:
        sentence = _("Update: every weight and bias moves as {optimiser} says, with η = {rate}.").format(
            optimiser=_(OPTIMISERS[optimiser].label), rate=rate
        )
    return sentence + (" " + _("What is frozen stays as it is.") if frozen else "")


def phase_count(network: Network) -> int:
    """Number of phases of one step."""
    return 2 * network.depth + 2


def plain(name: str) -> str:
    """Return a name as it can stand in a sentence, as near to its typeset form as text comes: z₁, ŷ, w⁽²⁾₁,₃."""
    head, _dot, units = name.replace("y_hat", "ŷ").partition(".")
    letter = head.rstrip("0123456789")
    layer = head[len(letter) :]
    if not units:
        return letter + layer.translate(_SUBSCRIPT)
    return letter + (f"⁽{layer.translate(_SUPERSCRIPT)}⁾" if layer else "") + units.translate(_SUBSCRIPT)


def _units(network: Network, layer: int) -> range:
    return range(1, network.layers[layer] + 1)


def _forward(network: Network, trace: Trace, sample: int, layer: int) -> Phase:
    units = _units(network, layer)
    lit = frozenset(name for unit in units for name in (network.z_name(layer, unit), network.a_name(layer, unit)))
    equation = partial(forward_equation, network, trace, sample, layer)
    z, a = plain(network.z_name(layer, 1)), plain(network.a_name(layer, 1))
    activation = _(ACTIVATIONS[network.activations[layer - 1]].label)
    if len(units) > 1 or network.layers[layer - 1] > 1:
        sentence = _(
            "Forward, layer {layer}: each unit adds its weighted inputs and its bias to z, "
            "and passes z through {activation} to a."
        ).format(layer=layer, activation=activation)
        return Phase("forward", layer, sentence, lit, equation)
    sentence = _(
        "Forward, layer {layer}: {z} = {weight} · {below} + {bias} = {z_value}, "
        "and {activation} makes {a} = {a_value} of it."
    ).format(
        layer=layer,
        z=z,
        a=a,
        weight=plain(network.weight_name(layer, 1, 1)),
        below=plain(network.a_name(layer - 1, 1)),
        bias=plain(network.bias_name(layer, 1)),
        activation=activation,
        z_value=format_number(float(trace.z[layer - 1][sample, 0])),
        a_value=format_number(float(trace.a[layer - 1][sample, 0])),
    )
    return Phase("forward", layer, sentence, lit, equation)


def _cost(network: Network, trace: Trace, sample: int) -> Phase:
    cost = format_number(float(trace.sample_costs[sample]))
    if network.layers[-1] == 1:
        sentence = _("Cost: ŷ = {y_hat} is compared with the target y = {y}; J = {cost}.").format(
            y_hat=format_number(float(trace.y_hat[sample, 0])),
            y=format_number(float(trace.targets[sample, 0])),
            cost=cost,
        )
    else:
        sentence = _("Cost: the outputs are compared with their targets; J = {cost}.").format(cost=cost)
    return Phase("cost", 0, sentence, frozenset({"J"}), partial(cost_equation, network, trace, sample))


def _backward(network: Network, trace: Trace, gradients: Gradients, sample: int, layer: int) -> Phase:
    units = _units(network, layer)
    sources = _units(network, layer - 1)
    lit = frozenset(
        [network.z_name(layer, unit) for unit in units]
        + [network.bias_name(layer, unit) for unit in units]
        + [network.weight_name(layer, unit, source) for unit in units for source in sources]
    )
    derived = frozenset(name for unit in units for name in (network.z_name(layer, unit), network.a_name(layer, unit)))
    equation = partial(backward_equation, network, trace, gradients, sample, layer)
    if len(units) > 1 or len(sources) > 1:
        sentence = _(
            "Backward, layer {layer}: δ = ∂J/∂z of each unit; δ times the value below is ∂J/∂w, δ alone is ∂J/∂b."
        ).format(layer=layer)
        return Phase("backward", layer, sentence, lit, equation, derived)
    delta = float(gradients.delta[layer - 1][sample, 0])
    below = trace.inputs if layer == 1 else trace.a[layer - 2]
    sentence = _(
        "Backward, layer {layer}: δ = ∂J/∂{z} = {delta}; so ∂J/∂{weight} = δ · {below} = {slope} and ∂J/∂{bias} = δ."
    ).format(
        layer=layer,
        z=plain(network.z_name(layer, 1)),
        weight=plain(network.weight_name(layer, 1, 1)),
        bias=plain(network.bias_name(layer, 1)),
        below=plain(network.a_name(layer - 1, 1)),
        delta=format_number(delta),
        slope=format_number(delta * float(below[sample, 0])),
    )
    return Phase("backward", layer, sentence, lit, equation, derived)
