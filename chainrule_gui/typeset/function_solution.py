"""The worked solution of a function's derivative as data: definitions, chain, local derivatives, numbers, result."""

from __future__ import annotations

from collections.abc import Mapping

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Derivation, Link
from chainrule_gui.typeset.derivation_markup import local_derivatives
from chainrule_gui.typeset.solution import written_derivation
from chainrule_gui.typeset.solution_parts import Formula, Json, block, equation, name, number, section, table
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup


def function_solution(derivation: Derivation, point: Mapping[str, float]) -> Json:
    """Return the worked solution of a derivative at a point."""
    values = dict(point)
    forward = []
    for quantity in derivation.quantities:
        if quantity.definition is not None and quantity.value is not None:
            forward.append(equation(quantity.name, quantity.definition, values, quantity.value))
            values[quantity.name] = quantity.value
    expression = derivation.expression
    given = (
        [
            Formula(
                f"{derivation.of}({derivation.wrt}) = {expression_markup(expression)}",
                _("{name} equals {formula}").format(name=derivation.of, formula=to_spoken(expression)),
            )
        ]
        if expression is not None
        else []
    )
    links: list[list[str | Formula]] = [
        [
            Formula(f"display({ratio})", _link(link)),
            Formula(f"display({formula})", to_spoken(link.local_derivative)),
            number(link.value),
            because,
        ]
        for ratio, formula, link, because in local_derivatives(derivation)
        if link.value is not None
    ]
    at = ", ".join(f"{key} = {value:g}" for key, value in point.items())
    return {
        "title": _("Worked solution"),
        "subtitle": _("the derivative of {name} at {point}").format(name=derivation.of, point=at),
        "sections": [
            section(
                _("Given"),
                block(given),
                table([_("variable"), _("value")], [[name(k), number(v)] for k, v in point.items()], [1]),
            ),
            section(_("From the inside out"), block(forward)),
            section(_("Local derivatives"), table([_("link"), _("formula"), _("value"), _("because")], links, [2])),
            section(_("Chain rule"), block([written_derivation(derivation)])),
        ],
    }


def _link(link: Link) -> str:
    return _("d {of} by d {wrt}").format(of=spoken_symbol(link.of), wrt=spoken_symbol(link.wrt))
