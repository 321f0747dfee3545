"""Printing an expression as plain text that parses back to the same tree."""

from __future__ import annotations

from chainrule_gui.model.expression.tree import (
    Binary,
    Call,
    Constant,
    Derivative,
    Expression,
    Negate,
    Number,
    Variable,
)

_SUM, _TERM, _PRODUCT, _POWER, _ATOM = range(5)
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}


def level(expression: Expression) -> int:
    """Return how tightly the outermost operation binds: 0 sum, 1 sign, 2 product, 3 power, 4 no operation."""
    match expression:
        case Binary(operator, _, _):
            return _LEVELS[operator]
        case Negate(_):
            return _TERM
    return _ATOM


def number_text(value: float) -> str:
    """Return the shortest text that reads back as exactly `value`, without a superfluous ``.0``."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def to_text(expression: Expression) -> str:
    """Print `expression`; for what `parse` returns, parsing the text gives an equal tree.

    A derivative still to be worked out is printed as ``d/dx(…)``, which is not for `parse`.
    """
    match expression:
        case Number(value):
            return number_text(value)
        case Variable(name) | Constant(name):
            return name
        case Call(function, argument):
            return f"{function}({to_text(argument)})"
        case Negate(operand):
            return f"-{_at_least(operand, _TERM)}"
        case Binary("^", base, exponent):
            return f"{_at_least(base, _ATOM)}^{_at_least(exponent, _POWER)}"
        case Binary("*" | "/" as operator, left, right):
            return f"{_at_least(left, _PRODUCT)}{operator}{_at_least(right, _POWER)}"
        case Binary(operator, left, right):
            return f"{to_text(left)} {operator} {_at_least(right, _PRODUCT)}"
        case Derivative(operand, wrt):
            return f"d/d{wrt}({to_text(operand)})"


def quoted(expression: Expression, longest: int = 60) -> str:
    """Print `expression` for a sentence: with · and −, cut off where it is longer than `longest` characters."""
    text = to_text(expression).replace("*", "·").replace("-", "−")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _at_least(expression: Expression, lowest: int) -> str:
    text = to_text(expression)
    return text if level(expression) >= lowest else f"({text})"
