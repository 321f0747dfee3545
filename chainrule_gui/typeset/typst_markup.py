"""Expressions as Typst's math markup. Only our trees become markup; text becomes a string literal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from chainrule_gui.model.expression.text import number_text
from chainrule_gui.model.expression.tree import (
    Call,
    Derivative,
    Expression,
    Negate,
    Number,
    Variable,
    substitute,
)
from chainrule_gui.typeset import notation
from chainrule_gui.typeset.notation import Mark
from chainrule_gui.typeset.numbers import MINUS, MISSING, split_number

_FUNCTIONS = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "log10": "log_10",
    "log2": "log_2",
    "sigmoid": "sigma",
    "relu": 'op("relu") ',
    "leakyrelu": 'op("leakyrelu") ',
    "softplus": 'op("softplus") ',
    "step": 'op("step") ',
}


class _Typst:
    dot = "dot.op"
    minus = "-"

    def __init__(self, partial_by: str = "", mark: Mark | None = None, variables: frozenset[str] = frozenset()) -> None:
        self._variables = variables
        self._partial_by = partial_by
        self._mark = mark

    def number(self, value: float) -> str:
        mantissa, _e, exponent = number_text(value).partition("e")
        return f"{mantissa} dot.op 10^({int(exponent)})" if exponent else mantissa

    def letter(self, name: str, hat: bool) -> str:
        return f"hat({name})" if hat else name

    def indexed(self, base: str, lower: str, upper: str) -> str:
        return f"{base}_({lower})^((#[{upper}]))" if upper else f"{base}_({lower})"

    def variable(self, name: str, text: str) -> str:
        return f'#link("variable:{name}", ${text}$)' if name in self._variables else text

    def constant(self, name: str) -> str:
        return name

    def fraction(self, top: str, bottom: str) -> str:
        return f"frac({top}, {bottom})"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^({exponent})"

    def root(self, argument: str) -> str:
        return f"sqrt({argument})"

    def absolute(self, argument: str) -> str:
        return f"abs({argument})"

    def function(self, key: str) -> str:
        return _FUNCTIONS.get(key, key)

    def parentheses(self, inner: str) -> str:
        return f"({inner})"

    def primed(self, function: str, order: int) -> str:
        return function + "'" * order

    def pending(self, derivative: Derivative, operand: str, wrt: str, partial: bool) -> str:
        d = "partial" if partial or derivative.wrt == self._partial_by else "d"
        text = f"frac({d}, {d} {wrt}) lr([{operand}])"
        return text if self._mark is None else self._mark(derivative, text)


class _WithNumbers(_Typst):
    """Numbers as shown, without zeros at the end where nothing was rounded."""

    def number(self, value: float) -> str:
        return short_markup(value)


_NOTATION = _Typst()
_BLANK = Variable("blank")
_NUMBERS = _WithNumbers()


class _Inline(_Typst):
    """Writes fractions with a slash, for where a line has no room for a bar, and `_BLANK` as an empty box."""

    def fraction(self, top: str, bottom: str) -> str:
        return " slash ".join(f"({part})" if " " in part else part for part in (top, bottom))

    def letter(self, name: str, hat: bool) -> str:
        return "square.stroked" if name == _BLANK.name else super().letter(name, hat)


_INLINE = _Inline()


def expression_markup(
    expression: Expression, partial_by: str = "", mark: Mark | None = None, variables: frozenset[str] = frozenset()
) -> str:
    """Return a formula as Typst math, without the dollar signs.

    Parameters
    ----------
    partial_by : the variable that is one of several: derivatives by it are written with ∂
    mark : takes each derivative still to be worked out and its markup, returns what is written
    variables : those that are hot zones ``variable:NAME``
    """
    plain = not (partial_by or mark or variables)
    return notation.write(expression, _NOTATION if plain else _Typst(partial_by, mark, variables))


def inline_markup(expression: Expression) -> str:
    """Return a formula as Typst math of one line's height."""
    return notation.write(expression, _INLINE)


def operation_markup(definition: Expression, argument: str) -> str:
    """Return what a formula does with its argument: a function's name alone, else the formula around an empty box."""
    match definition:
        case Call(function, Variable()) if function not in ("sqrt", "abs"):
            return _NOTATION.function(function)
    return notation.write(substitute(definition, {argument: _BLANK}), _INLINE)


def numbers_markup(expression: Expression, values: Mapping[str, float]) -> str:
    """Return a formula with numbers put in for its variables."""
    numbers: dict[str, Expression] = {
        name: Negate(Number(-value)) if value < 0 else Number(value) for name, value in values.items()
    }
    return notation.write(substitute(expression, numbers), _NUMBERS)


def factor_markup(expression: Expression) -> str:
    """Return a formula as a factor of a product: sums and signs in parentheses."""
    return notation.at_least(expression, 2, _NOTATION)


def function_markup(key: str) -> str:
    """Return a function's name as Typst math."""
    return _NOTATION.function(key).strip()


@lru_cache(maxsize=4096)
def symbol_markup(name: str) -> str:
    """Return a name as Typst math."""
    return notation.symbol(name, _NOTATION)


def value_markup(value: float | None, as_factor: bool = False, digits: int = 4) -> str:
    """Return a number as shown, as Typst math; a negative factor in parentheses."""
    if value is None or not math.isfinite(value):
        return f'"{MISSING}"'
    mantissa, exponent = split_number(value, digits)
    text = mantissa.replace(MINUS, "-")
    if exponent is not None:
        text += f" times 10^({exponent})"
    return f"({text})" if as_factor and value < 0 else text


def short_markup(value: float | None, as_factor: bool = False) -> str:
    """Return a number as shown, but 0.5 instead of 0.5000 where that is all of it."""
    text = value_markup(value, as_factor)
    if value is None or "times" in text or float(f"{value:.4f}") != value:
        return text
    value += 0.0  # no −0
    short = f"{value:g}" if abs(value) < 1e5 and float(f"{value:g}") == value else repr(value)
    return f"({short})" if as_factor and value < 0 else short


def text_markup(text: str) -> str:
    """Return any text as a Typst string literal, which is shown and never read as markup."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'
