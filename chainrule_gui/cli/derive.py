"""`chainrule derive`: a function taken apart and differentiated."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chainrule_gui.cli.common import (
    InputError,
    chosen_variable,
    print_json,
    read_expression,
    short,
    value_or_why,
    written_out,
)
from chainrule_gui.i18n import _

if TYPE_CHECKING:
    from chainrule_gui.model.chain import Derivation
    from chainrule_gui.model.expression.tree import Expression
    from chainrule_gui.model.higher import Order


def derive_command(options: argparse.Namespace) -> None:
    """Take a function apart, in the form that was asked for."""
    from chainrule_gui.model.expression.tree import variables
    from chainrule_gui.model.higher import TooLongError, orders
    from chainrule_gui.typeset.notation import TypesetError

    expression = read_expression(options.expression)
    names = variables(expression)
    wrt = chosen_variable(options.wrt, names)
    point = _read_point(options.at, (*names, wrt))
    try:
        solved = list(orders(expression, wrt, options.order))
    except TooLongError as problem:
        raise InputError(str(problem)) from None
    derivations = [order.derivation.at(**point) if point else order.derivation for order in solved]
    simplified = _simplified(solved[-1].derivative) if options.simplify else None
    if options.format == "json":
        print_json(_derivation_json(solved, derivations, simplified))
        return
    try:
        for order, derivation in zip(solved, derivations, strict=True):
            print(written_out(derivation, options.format))
            _print_steps(order, options.format)
        if isinstance(simplified, str):
            print(simplified, file=sys.stderr)
        elif simplified is not None:
            print(_formula(simplified, options.format))
    except TypesetError as problem:
        raise InputError(str(problem)) from None


def _read_point(assignments: list[str], names: tuple[str, ...]) -> dict[str, float]:
    from chainrule_gui.model.expression.evaluate import evaluate
    from chainrule_gui.model.expression.parser import ExpressionError, parse
    from chainrule_gui.model.expression.tree import Variable, variables

    point: dict[str, float] = {}
    for assignment in assignments:
        left, _equals, right = assignment.partition("=")
        try:
            name, formula = parse(left), parse(right)
        except ExpressionError:
            name = formula = Variable("")
        if not isinstance(name, Variable) or variables(formula):
            message = _("“{text}” is not a value for a variable: write, for example, --at x=1.")
            raise InputError(message.format(text=short(assignment)))
        if name.name in point:
            raise InputError(_("Two values are given for {name}: keep one.").format(name=name.name))
        value = float(evaluate(formula, {}))
        if not math.isfinite(value):
            raise InputError(_("“{text}” is not a finite number.").format(text=short(assignment)))
        point[name.name] = value
    missing = [name for name in dict.fromkeys(names) if name not in point]
    if point and missing:
        message = _("A value is missing for {names}: add --at {name}=1.")
        raise InputError(message.format(names=", ".join(missing), name=missing[0]))
    unknown = [name for name in point if name not in names]
    if unknown:
        message = _("“{name}” does not occur in the expression; its variables are: {names}.")
        raise InputError(message.format(name=unknown[0], names=", ".join(names)))
    return point


def _derivation_json(
    solved: list[Order], derivations: list[Derivation], simplified: Expression | str | None
) -> dict[str, Any]:
    from chainrule_gui.model.calculus import outer_chain
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.typeset.latex import to_latex

    first, last = derivations[0], derivations[-1]
    expression, derivative = first.expression, solved[-1].derivative
    assert expression is not None  # a function's derivation has one
    value = first.quantities[-1]
    content: dict[str, Any] = {
        "expression": to_text(expression),
        "latex": to_latex(expression),
        "wrt": last.wrt,
        "chain": [
            {
                "name": link.of,
                "function": to_text(last.quantity(link.of).definition or expression),
                "argument": link.wrt,
                "rule": link.rule,
                "local_derivative": to_text(link.local_derivative),
                **value_or_why("value", link.value, link.why),
            }
            for link in outer_chain(last)
        ],
        "derivative": to_text(derivative),
        "derivative_latex": to_latex(derivative),
        **value_or_why("value", value.value, value.why),
        **value_or_why("derivative_value", last.derivative_value, last.why),
        "steps": [step for order in solved for step in _steps_json(order)],
    }
    if len(solved) > 1:
        content["order"] = len(solved)
        content["derivatives"] = [to_text(order.derivative) for order in solved]
    if isinstance(simplified, str):
        content |= {"simplified": None, "why": " ".join([*filter(None, [content.get("why")]), simplified])}
    elif simplified is not None:
        content["simplified"] = to_text(simplified)
    return content


def _steps_json(order: Order) -> Iterator[dict[str, Any]]:
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.model.step import flatten

    for line in flatten(order.solution, str(order.order)):
        step = line.step
        written: dict[str, Any] = {
            "rule": step.rule,
            "before": to_text(step.before),
            "after": to_text(step.after),
            "because": step.because,
            "depth": line.depth,
        }
        if step.where:
            written["where"] = {name: to_text(meaning) for name, meaning in step.where.items()}
        yield written


def _print_steps(order: Order, style: str) -> None:
    from chainrule_gui.model.step import flatten
    from chainrule_gui.typeset.solution_markup import partial_by, solution_latex, solution_text

    lines = flatten(order.solution, str(order.order))
    if style == "text":
        print("\n" + _("Step by step:") + "\n" + solution_text(lines) + "\n")
    elif style == "latex":
        print(solution_latex(lines, partial_by(order.derivation)))


def _simplified(derivative: Expression) -> Expression | str:
    """Return a simplified derivative, or a sentence why there is none."""
    from chainrule_gui.model.simplify import SimplifyError, simplified

    try:
        return simplified(derivative)
    except SimplifyError as problem:
        return str(problem)


def _formula(expression: Expression, style: str) -> str:
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.typeset.latex import to_latex
    from chainrule_gui.typeset.typst_markup import expression_markup

    match style:
        case "latex":
            return to_latex(expression)
        case "typst":
            return f"$ {expression_markup(expression)} $"
        case "mathml":
            from chainrule_gui.typeset.compiler import mathml

            return mathml(expression_markup(expression))
    return to_text(expression)
