"""What a network is set to, typeset: optimisers, how a cost and an activation go together, standardising."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule_gui.i18n import _
from chainrule_gui.model.network import Network
from chainrule_gui.model.network.deltas import delta_name, output_pair
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.model.preparation import Scaling
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, numbers_markup, symbol_markup, text_markup

_INPUTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line: Typst math, how it is spoken, and words below it, which may be empty."""

    math: str
    spoken: str
    words: str = ""


def rule_lines(rule: UpdateRule) -> list[Line]:
    """Return an optimiser's equations, in the order in which a step computes them."""
    remembered = {"theta", *rule.row.state}
    lines = [
        Line(
            f"{symbol_markup(name)} {'<-' if name in remembered else '='} {expression_markup(formula)}",
            _("{name} becomes {formula}").format(name=spoken_symbol(name), formula=to_spoken(formula)),
        )
        for name, formula in rule.row.equations
    ]
    about = _("θ is a parameter, g its gradient, η the learning rate.")
    if rule.row.state:
        about = _("θ is a parameter, g its gradient, η the learning rate; what is remembered starts at 0.")
    return [*lines[:-1], Line(lines[-1].math, lines[-1].spoken, about)]


def pair_lines(network: Network) -> list[Line]:
    """Return how δ of an output follows from the cost and the last activation, and what cancels."""
    delta = symbol_markup(delta_name(network, network.depth, 1))
    lines = []
    steps = output_pair(network)
    for place, step in enumerate(steps):
        of, wrt = symbol_markup(step.of), symbol_markup(step.wrt)
        left = f"frac(partial {of}, partial {wrt})"
        if place == len(steps) - 2:
            left = f"{delta} = {left}"
        elif place == len(steps) - 1:
            left = delta
        said = _("derivative of {of} by {wrt} = {formula}").format(
            of=spoken_symbol(step.of), wrt=spoken_symbol(step.wrt), formula=to_spoken(step.formula)
        )
        lines.append(Line(f"{left} = {expression_markup(step.formula)}", said, step.because))
    return lines


def scaling_lines(scaling: Scaling, network: Network) -> list[Line]:
    """Return what each input that the network sees is computed by; of many inputs the first few."""
    lines = []
    for place in range(min(len(scaling.mean), _INPUTS_SHOWN)):
        seen = network.input_name(place + 1)
        formula = scaling.formula(place, seen.replace("x", "d", 1))
        said = _("{name} = {formula}").format(name=spoken_symbol(seen), formula=to_spoken(formula))
        lines.append(Line(f"{symbol_markup(seen)} = {numbers_markup(formula, {})}", said))
    about = _("x is what the network sees, d what stands in the data: the mean of the training samples is taken away, "
              "the rest divided by their standard deviation.")  # fmt: skip
    return [*lines[:-1], Line(lines[-1].math, lines[-1].spoken, about)]


def lines_page(lines: Sequence[Line], size: float, width: float, colour: str, muted: str) -> str:
    """Return a document that holds lines of math with their words below them.

    Parameters
    ----------
    size : of the math, in points
    width : at which words go on in the next line, in points; math takes the width that it needs
    colour, muted : of math and words
    """
    body = []
    for line in lines:
        body.append(f"$ {line.math} $")
        if line.words:
            words = f'#text(size: {size * 0.92}pt, fill: rgb("{muted}"), {text_markup(line.words)})'
            body.append(f"#block(width: {width}pt, below: {size * 1.1}pt)[{words}]")
    return (
        "#set page(width: auto, height: auto, margin: 2pt, fill: none)\n"
        f'#set text(size: {size}pt, fill: rgb("{colour}"))\n'
        "#show math.equation.where(block: true): set align(left)\n" + "\n".join(body)
    )
