"""Expressions as Typst's math markup. Only our trees become markup; text becomes a string literal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from chainrule_gui.model.expression.text import number_text
from chainrule_gui.model.expression.tree import Expression, Negate, Number, substitute
from chainrule_gui.typeset import notation
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

    def number(self, value: float) -> str:
        mantissa, _e, exponent = number_text(value).partition("e")
        return f"{mantissa} dot.op 10^({int(exponent)})" if exponent else mantissa

    def letter(self, name: str, hat: bool) -> str:
        return f"hat({name})" if hat else name

    def indexed(self, base: str, lower: str, upper: str) -> str:
        return f"{base}_({lower})^((#[{upper}]))" if upper else f"{base}_({lower})"

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


class _WithNumbers(_Typst):
    """Numbers as shown, without zeros at the end where nothing was rounded."""

    def number(self, value: float) -> str:
        return short_markup(value)


_NOTATION = _Typst()
_NUMBERS = _WithNumbers()


def expression_markup(expression: Expression) -> str:
    """Return a formula as Typst math, without the dollar signs."""
    return notation.write(expression, _NOTATION)


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
