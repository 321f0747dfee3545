"""One walk over an expression tree for every typeset notation; Typst and LaTeX say only how each part is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from chainrule_gui.model.expression.text import level
from chainrule_gui.model.expression.tree import (
    ONE,
    Binary,
    Call,
    Constant,
    Derivative,
    Expression,
    Negate,
    Number,
    Variable,
    variables,
)

_SUM, _TERM, _PRODUCT, _POWER, _ATOM = range(5)
_NAME = re.compile(r"([A-Za-z]+)(?:_hat)?(\d*)((?:\.\d+)*)([′″‴]?)$")

Mark = Callable[[Derivative, str], str]
"""Takes a derivative still to be worked out and what is written for it, returns what is to be written instead."""


class TypesetError(RuntimeError):
    """A formula that cannot be written in a notation; the message says why and what to do."""


class Notation(Protocol):
    """How the parts of a formula are written."""

    dot: str
    minus: str

    def number(self, value: float) -> str:
        """A literal."""

    def letter(self, name: str, hat: bool) -> str:
        """A letter or the name of a Greek one."""

    def indexed(self, base: str, lower: str, upper: str) -> str:
        """A base with a lower index and, unless empty, an upper one in parentheses."""

    def variable(self, name: str, text: str) -> str:
        """A variable of a formula; `text` is its name as it is written."""

    def constant(self, name: str) -> str:
        """``e`` or ``pi``."""

    def fraction(self, top: str, bottom: str) -> str:
        """A fraction with a bar."""

    def power(self, base: str, exponent: str) -> str:
        """A power."""

    def root(self, argument: str) -> str:
        """A square root."""

    def absolute(self, argument: str) -> str:
        """An absolute value."""

    def function(self, key: str) -> str:
        """A function's name."""

    def parentheses(self, inner: str) -> str:
        """Parentheses that grow with what is inside."""

    def primed(self, function: str, order: int) -> str:
        """The name of a function's first, second or third derivative."""

    def pending(self, derivative: Derivative, operand: str, wrt: str, partial: bool) -> str:
        """A derivative still to be worked out; its parts are written already. `partial`: with ∂."""


def symbol(name: str, notation: Notation) -> str:
    """Write a name: ``w2`` with a lower index, ``y_hat`` with a hat, ``w2.1.3`` with the layer above, ``h′``."""
    match = _NAME.match(name)
    if match is None:
        raise ValueError(f"not a name: {name!r}")
    letters, digits, units, primes = match.groups()
    if primes:
        return notation.primed(symbol(name[:-1], notation), " ′″‴".index(primes))
    base = notation.letter(letters, "_hat" in name)
    indices = [part for part in units.split(".") if part]
    if not indices:
        return notation.indexed(base, digits, "") if digits else base
    return notation.indexed(base, ",".join(indices), digits)


def write(expression: Expression, notation: Notation) -> str:
    """Write a formula with fractions as bars and no more parentheses than needed."""
    match expression:
        case Number(value):
            return notation.number(value)
        case Constant(name):
            return notation.constant(name)
        case Variable(name):
            return notation.variable(name, symbol(name, notation))
        case Call("sqrt", argument):
            return notation.root(write(argument, notation))
        case Call("abs", argument):
            return notation.absolute(write(argument, notation))
        case Call(function, argument):
            return notation.function(function) + notation.parentheses(write(argument, notation))
        case Negate(operand):
            return f"{notation.minus}{at_least(operand, _PRODUCT, notation)}"
        case Derivative(operand, wrt):
            partial = bool({*variables(operand)} - {wrt})
            return notation.pending(expression, write(operand, notation), symbol(wrt, notation), partial)
        case Binary():
            return _write_binary(expression, notation)


def _write_binary(expression: Binary, notation: Notation) -> str:
    match expression:
        case Binary("/", left, right):
            return notation.fraction(write(left, notation), write(right, notation))
        case Binary("^", Call(function, argument), exponent) if (
            function not in ("sqrt", "abs", "exp") and not isinstance(exponent, Negate)  # sin⁻¹ would be the arcsine
        ):
            name = notation.power(notation.function(function), write(exponent, notation))
            return name + notation.parentheses(write(argument, notation))
        case Binary("^", base, exponent):
            lower = at_least(base, _ATOM, notation)
            if isinstance(base, Variable) and "." in base.name:  # an upper index is where the exponent would be
                lower = notation.parentheses(lower)
            return notation.power(lower, write(exponent, notation))
        case Binary("*", left, right):
            between = f" {notation.dot} " if _needs_dot(left, right) else " "
            return f"{at_least(left, _PRODUCT, notation)}{between}{at_least(right, _PRODUCT, notation, right=True)}"
        case Binary(operator, left, right):
            sign = notation.minus if operator == "-" else "+"
            return f"{write(left, notation)} {sign} {at_least(right, _PRODUCT, notation)}"


def at_least(expression: Expression, lowest: int, notation: Notation, right: bool = False) -> str:
    """Write a formula, in parentheses where it binds less tightly than `lowest` asks for."""
    text = write(expression, notation)
    bare = level(expression) >= lowest and not (right and isinstance(expression, Binary) and expression.operator == "*")
    if isinstance(expression, Binary) and expression.operator == "/":
        bare = lowest < _POWER  # the bar groups, except as a base
    return text if bare else notation.parentheses(text)


def _needs_dot(left: Expression, right: Expression) -> bool:
    """Whether two factors side by side would read as one number or as a function's call; a factor 1 is kept apart."""
    if left == ONE:
        return True
    match right:
        case Number() | Negate():
            return True
        case Derivative():
            return not isinstance(left, Number)
        case Binary("^" | "*" | "/", first, _):
            return isinstance(first, Number) or (
                isinstance(right, Binary) and right.operator == "/" and not isinstance(left, Number)
            )
        case Binary():
            return isinstance(left, Variable)
    return False
