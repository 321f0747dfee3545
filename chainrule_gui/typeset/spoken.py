"""Expressions in words, for screen readers: the accessible name of every formula."""

from __future__ import annotations

import re

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import number_text
from chainrule_gui.model.expression.tree import (
    TWO,
    Binary,
    Call,
    Constant,
    Derivative,
    Expression,
    Negate,
    Number,
    Variable,
)

_PRIMES = {"′": N_("prime"), "″": N_("double prime"), "‴": N_("triple prime")}
_INDEX = re.compile(r"(\d+(?:\.\d+)*)$")


def spoken_symbol(name: str) -> str:
    """Return a name in words: ``w2`` is “w 2”, ``y_hat.1`` is “y hat 1”, ``h″`` is “h double prime”."""
    if name[-1:] in _PRIMES:
        return f"{spoken_symbol(name[:-1])} {_(_PRIMES[name[-1]])}"
    return " ".join(_INDEX.sub(lambda match: " " + match[0].replace(".", " "), name).replace("_", " ").split())


def to_spoken(expression: Expression) -> str:
    """Return a formula in words; every group says where it ends."""
    match expression:
        case Number(value):
            return number_text(value)
        case Variable(name):
            return spoken_symbol(name)
        case Constant(name):
            return name
        case Negate(operand):
            return _("minus {operand}").format(operand=_group(operand))
        case Call(function, argument):
            name, inner = _(FUNCTIONS[function].label), to_spoken(argument)
            if isinstance(argument, Number | Variable | Constant):
                return _("{function} of {argument}").format(function=name, argument=inner)
            return _("{function} of, {argument}, end").format(function=name, argument=inner)
        case Binary("^", base, exponent):
            if exponent == TWO:
                return _("{base} squared").format(base=_group(base))
            return _("{base} to the power {exponent}").format(base=_group(base), exponent=_group(exponent))
        case Binary(operator, left, right):
            words = {"+": _("plus"), "-": _("minus"), "*": _("times"), "/": _("over")}[operator]
            return f"{_group(left)} {words} {_group(right)}"
        case Derivative(operand, wrt):
            return _("the derivative by {variable} of {operand}").format(
                variable=spoken_symbol(wrt), operand=_group(operand)
            )


def _group(expression: Expression) -> str:
    text = to_spoken(expression)
    if isinstance(expression, Number | Variable | Constant):
        return text
    if isinstance(expression, Call):
        return text
    return _("the quantity {inner}, end").format(inner=text)
