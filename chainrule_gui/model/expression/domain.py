"""Why an expression has no value, or no derivative, at a point: said in one sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import number_text, to_text
from chainrule_gui.model.expression.tree import Binary, Call, Expression, children, contains


def why_no_value(expression: Expression, values: Mapping[str, float]) -> str | None:
    """Return what keeps `expression` from having a finite real value, innermost cause first; None if nothing."""
    for child in children(expression):
        if reason := why_no_value(child, values):
            return reason
    if math.isfinite(evaluate(expression, values)):
        return None
    match expression:
        case Call(function, argument):
            row, at = FUNCTIONS[function], float(evaluate(argument, values))
            if not row.contains(at):
                message = _("{function} has no value at {at}: its domain is {domain}.")
                return message.format(function=row.key, at=short_number(at), domain=_(row.domain))
        case Binary("/", _left, right) if evaluate(right, values) == 0:
            return _("{formula} has no value: its denominator is 0.").format(formula=to_text(expression))
        case Binary("^", base, exponent):
            base_at, exponent_at = float(evaluate(base, values)), float(evaluate(exponent, values))
            if base_at == 0:
                return _("0 to the power {exponent} has no value: it divides by 0.").format(
                    exponent=short_number(exponent_at)
                )
            if base_at < 0 and not exponent_at.is_integer():
                message = _("{base} to the power {exponent} is not a real number.")
                return message.format(base=short_number(base_at), exponent=short_number(exponent_at))
    return _("{formula} is too large to calculate with here.").format(formula=to_text(expression))


def why_no_derivative(
    definition: Expression, by: str, local_derivative: Expression, values: Mapping[str, float]
) -> str | None:
    """Return what keeps `definition` from having a finite derivative by the variable `by`; None if nothing."""
    if reason := why_no_value(definition, values) or _kink(definition, by, values):
        return reason
    if math.isfinite(evaluate(local_derivative, values)):
        return None
    message = _("{formula} has no finite slope here: its derivative {derivative} has no value.")
    return message.format(formula=to_text(definition), derivative=to_text(local_derivative))


def may_have_kink(definition: Expression) -> bool:
    """Whether `definition` uses a function that has no derivative at some point of its domain."""
    if isinstance(definition, Call) and FUNCTIONS[definition.function].kinks:
        return True
    return any(map(may_have_kink, children(definition)))


def _kink(definition: Expression, by: str, values: Mapping[str, float]) -> str | None:
    if not contains(definition, by):
        return None
    if isinstance(definition, Call):
        row, at = FUNCTIONS[definition.function], float(evaluate(definition.argument, values))
        if not row.differentiable(at):
            message = _("{function} has no derivative at {at} ({kinks}).")
            return message.format(function=row.key, at=short_number(at), kinks=_(row.kinks))
    return next((reason for child in children(definition) if (reason := _kink(child, by, values))), None)


def short_number(value: float) -> str:
    """Return a number for a sentence, with four digits."""
    return number_text(float(f"{value:.4g}")).replace("-", "−")
