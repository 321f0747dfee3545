"""Expressions as LaTeX."""

from __future__ import annotations

import math

from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import number_text
from chainrule_gui.model.expression.tree import Derivative, Expression
from chainrule_gui.typeset import notation
from chainrule_gui.typeset.notation import Mark
from chainrule_gui.typeset.numbers import MISSING, split_number


class _Latex:
    dot = r"\cdot"
    minus = "-"

    def __init__(self, partial_by: str = "", mark: Mark | None = None) -> None:
        self._partial_by = partial_by
        self._mark = mark

    def number(self, value: float) -> str:
        mantissa, _e, exponent = number_text(value).partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    def letter(self, name: str, hat: bool) -> str:
        if name == "omicron":  # LaTeX has no command for it: it looks like this
            name = "o"
        written = name if len(name) == 1 else rf"\{name}"
        return rf"\hat{{{written}}}" if hat else written

    def indexed(self, base: str, lower: str, upper: str) -> str:
        return f"{base}_{{{lower}}}^{{({upper})}}" if upper else f"{base}_{{{lower}}}"

    def variable(self, name: str, text: str) -> str:
        return text

    def constant(self, name: str) -> str:
        return "e" if name == "e" else r"\pi"

    def fraction(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, argument: str) -> str:
        return rf"\sqrt{{{argument}}}"

    def absolute(self, argument: str) -> str:
        return rf"\left|{argument}\right|"

    def function(self, key: str) -> str:
        return FUNCTIONS[key].latex

    def parentheses(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def primed(self, function: str, order: int) -> str:
        return function + "'" * order

    def pending(self, derivative: Derivative, operand: str, wrt: str, partial: bool) -> str:
        d = r"\partial" if partial or derivative.wrt == self._partial_by else "d"
        text = rf"\frac{{{d}}}{{{d} {wrt}}}\left[{operand}\right]"
        return text if self._mark is None else self._mark(derivative, text)


_NOTATION = _Latex()
_SPECIAL = str.maketrans(
    {character: rf"\{character}" for character in "#$%&_{}"}
    | {"^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "\\": r"\textbackslash{}"}
)


def to_latex(expression: Expression, partial_by: str = "", mark: Mark | None = None) -> str:
    """Return a formula as LaTeX, without dollar signs.

    Parameters
    ----------
    partial_by : the variable that is one of several: derivatives by it are written with ∂
    mark : takes each derivative still to be worked out and its LaTeX, returns what is written
    """
    return notation.write(expression, _Latex(partial_by, mark) if partial_by or mark else _NOTATION)


def factor_latex(expression: Expression) -> str:
    """Return a formula as a factor of a product: sums and signs in parentheses."""
    return notation.at_least(expression, 2, _NOTATION)


def symbol_latex(name: str) -> str:
    """Return a name as LaTeX."""
    return notation.symbol(name, _NOTATION)


def value_latex(value: float | None, as_factor: bool = False) -> str:
    """Return a number as shown, as LaTeX; a negative factor in parentheses."""
    if value is None or not math.isfinite(value):
        return rf"\text{{{MISSING}}}"
    mantissa, exponent = split_number(value)
    text = mantissa.replace("−", "-") + ("" if exponent is None else rf" \times 10^{{{exponent}}}")
    return rf"\left({text}\right)" if as_factor and value < 0 else text


def text_latex(text: str) -> str:
    r"""Return any text so that LaTeX shows it as it is, within ``\text{…}``."""
    return text.translate(_SPECIAL)
