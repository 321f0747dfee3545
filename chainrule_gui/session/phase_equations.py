"""The equation of each phase as Typst math: with names and numbers for single units, with indices for layers."""

from __future__ import annotations

from chainrule_gui.model.expression.tree import Expression, Variable
from chainrule_gui.model.network import ACTIVATIONS, COSTS, Gradients, Network, Trace
from chainrule_gui.model.network.definitions import definitions
from chainrule_gui.model.network.optimisers import OPTIMISERS, PLAIN
from chainrule_gui.typeset.typst_markup import expression_markup, factor_markup, symbol_markup, value_markup

_NEXT = ", quad "


def forward_equation(network: Network, trace: Trace, sample: int, layer: int) -> str:
    """Return how a layer's z and a follow from the layer below."""
    z_name, a_name = network.z_name(layer, 1), network.a_name(layer, 1)
    activation = expression_markup(ACTIVATIONS[network.activations[layer - 1]].formula(Variable(z_name)))
    if not network.is_single:
        z, a, bias = (_of_unit(name, "i") for name in (z_name, a_name, network.bias_name(layer, 1)))
        below = _of_unit(network.a_name(layer - 1, 1), "j")
        weighted = f"sum_j {_weight(layer, 'i, j')} {below} + {bias}"
        return f"{z} = {weighted}{_NEXT}{a} = {_indexed(activation, 'i')}"
    weighted = expression_markup(_definition(network, z_name))
    return (
        f"{symbol_markup(z_name)} = {weighted} = {value_markup(float(trace.z[layer - 1][sample, 0]))}{_NEXT}"
        f"{symbol_markup(a_name)} = {activation} = {value_markup(float(trace.a[layer - 1][sample, 0]))}"
    )


def cost_equation(network: Network, trace: Trace, sample: int) -> str:
    """Return J of the sample."""
    value = value_markup(float(trace.sample_costs[sample]))
    if network.layers[-1] == 1:
        return f"J = {expression_markup(_definition(network, 'J'))} = {value}"
    term = COSTS[network.cost].formula(Variable(network.output_name(1)), Variable(network.target_name(1)))
    return f"J = sum_i J_i = {value}{_NEXT}J_i = {_indexed(expression_markup(term), 'i')}"


def backward_equation(network: Network, trace: Trace, gradients: Gradients, sample: int, layer: int) -> str:
    """Return how a layer's δ follows from what is above it, and its gradients from δ."""
    z_name, below_name = network.z_name(layer, 1), network.a_name(layer - 1, 1)
    slope = ACTIVATIONS[network.activations[layer - 1]].derivative_formula(Variable(z_name))
    is_output = layer == network.depth
    if not network.is_single:
        delta = _delta(layer, "i")
        if is_output:
            above = f"frac(partial J, partial {_of_unit(network.output_name(1), 'i')})"
        else:
            above = f"(sum_k {_weight(layer + 1, 'k, i')} {_delta(layer + 1, 'k')})"
        weight, bias = _weight(layer, "i, j"), _of_unit(network.bias_name(layer, 1), "i")
        return (
            f"{delta} = {above} dot.op {_indexed(factor_markup(slope), 'i')}{_NEXT}"
            f"frac(partial J, partial {weight}) = {delta} {_of_unit(below_name, 'j')}{_NEXT}"
            f"frac(partial J, partial {bias}) = {delta}"
        )
    delta, z = f"delta_{layer}", symbol_markup(z_name)
    if is_output:
        above = f"frac(partial J, partial {symbol_markup(network.output_name(1))})"
    else:
        above = f"delta_{layer + 1} dot.op {symbol_markup(network.weight_name(layer + 1, 1, 1))}"
    value = value_markup(float(gradients.delta[layer - 1][sample, 0]))
    weight, bias = (symbol_markup(name) for name in (network.weight_name(layer, 1, 1), network.bias_name(layer, 1)))
    return (
        f"{delta} = frac(partial J, partial {z}) = {above} dot.op {factor_markup(slope)} = {value}{_NEXT}"
        f"frac(partial J, partial {weight}) = {delta} dot.op {symbol_markup(below_name)}{_NEXT}"
        f"frac(partial J, partial {bias}) = {delta}"
    )


def update_equation(learning_rate: float, optimiser: str = PLAIN) -> str:
    """Return how a parameter moves; for an optimiser with a memory θ stands for it and g for its gradient."""
    if optimiser == PLAIN:
        moves = f"w <- w - eta frac(partial J, partial w){_NEXT}b <- b - eta frac(partial J, partial b)"
    else:
        row = OPTIMISERS[optimiser]
        moves = _NEXT.join(
            f"{symbol_markup(name)} {'<-' if name in (*row.state, 'theta') else '='} {expression_markup(formula)}"
            for name, formula in row.equations
        )
    return f"{moves}{_NEXT}eta = {value_markup(learning_rate)}"


def _definition(network: Network, name: str) -> Expression:
    found = dict(definitions(network))[name]
    assert found is not None
    return found


def _indexed(markup: str, index: str) -> str:
    """Let what was written for the first unit stand for unit `index`."""
    return markup.replace("_(1)", f"_({index})")


def _of_unit(name: str, index: str) -> str:
    return _indexed(symbol_markup(name), index)


def _weight(layer: int, indices: str) -> str:
    return f"w_({indices})^((#[{layer}]))"


def _delta(layer: int, index: str) -> str:
    return f"delta_({index})^((#[{layer}]))"
