"""The derivative table as data: one row for each function, the one source of values and derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule_gui.i18n import N_
from chainrule_gui.model.expression.tree import (
    ONE,
    TWO,
    ZERO,
    Binary,
    Call,
    Expression,
    Negate,
    Number,
)

LEAK = 0.01
"""Slope of the leaky ReLU left of 0."""


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One row of the derivative table.

    Attributes
    ----------
    key : the name as typed, ``sin``
    label : its name in words
    rule : the name of its differentiation rule in data that programs read
    latex : the LaTeX source of the function's name
    apply : vectorised value; nan outside the domain, never a warning under `np.errstate(all="ignore")`
    derivative : the derivative's formula at the given argument
    domain : where it has a value, in words and symbols
    contains : whether a number is in the domain
    differentiable : where, within the domain, it has a derivative (False at a kink or an end point)
    kinks : the points of the domain without a derivative, in words; empty where there is none
    plot_range : an interval that shows its shape
    helper : True for a function that only appears in derivatives of others
    """

    key: str
    label: str
    rule: str
    latex: str
    apply: Callable[[Any], Any]
    derivative: Callable[[Expression], Expression]
    domain: str
    contains: Callable[[float], bool]
    differentiable: Callable[[float], bool]
    kinks: str
    plot_range: tuple[float, float]
    helper: bool = False


def _everywhere(_value: float) -> bool:
    return True


def _positive(value: float) -> bool:
    return value > 0


def _inside_one(value: float) -> bool:
    return -1 < value < 1


def _not_zero(value: float) -> bool:
    return value != 0


def sigmoid(value: Any) -> Any:
    """1/(1 + e^−x) without overflow: e^x/(1 + e^x) left of 0."""
    decay = np.exp(-np.abs(value))
    return np.where(np.asarray(value) >= 0, 1.0, decay)[()] / (1.0 + decay)


def softplus(value: Any) -> Any:
    """ln(1 + e^x) without overflow."""
    return np.logaddexp(0.0, value)


def relu(value: Any) -> Any:
    """max(0, x)."""
    return np.maximum(value, 0.0)


def leaky_relu(value: Any) -> Any:
    """x for x ≥ 0, `LEAK`·x for x < 0."""
    return np.maximum(value, LEAK * value)


def _step(value: Any) -> Any:
    return np.where(np.asarray(value) == 0, np.nan, np.heaviside(value, np.nan))[()]


def _over(numerator: Expression, denominator: Expression) -> Expression:
    return Binary("/", numerator, denominator)


def _times(left: Expression, right: Expression) -> Expression:
    return Binary("*", left, right)


def _minus(left: Expression, right: Expression) -> Expression:
    return Binary("-", left, right)


def _squared(base: Expression) -> Expression:
    return Binary("^", base, TWO)


_RULES = {
    "exp": "exponential", "log": "logarithm", "ln": "logarithm", "log10": "logarithm", "log2": "logarithm",
    "sqrt": "square-root", "abs": "absolute-value", "sin": "sine", "cos": "cosine", "tan": "tangent",
    "asin": "arcsine", "acos": "arccosine", "atan": "arctangent", "sinh": "hyperbolic-sine",
    "cosh": "hyperbolic-cosine", "tanh": "hyperbolic-tangent",
}  # fmt: skip


def _rows() -> tuple[FunctionRow, ...]:
    all_x = N_("all x")
    no_kink = ""
    u = Call  # short, for the table's sake

    def row(
        key: str,
        label: str,
        latex: str,
        apply: Callable[[Any], Any],
        derivative: Callable[[Expression], Expression],
        domain: str = all_x,
        contains: Callable[[float], bool] = _everywhere,
        differentiable: Callable[[float], bool] = _everywhere,
        kinks: str = no_kink,
        plot_range: tuple[float, float] = (-3.0, 3.0),
        helper: bool = False,
    ) -> FunctionRow:
        return FunctionRow(
            key,
            label,
            _RULES.get(key, key),
            latex,
            apply,
            derivative,
            domain,
            contains,
            differentiable,
            kinks,
            plot_range,
            helper,
        )

    above_zero = N_("x > 0")
    turn = (-6.5, 6.5)
    log_range = (0.02, 5.0)
    one_range = (-1.0, 1.0)
    return (
        row("exp", N_("exponential"), r"\exp", np.exp, lambda x: u("exp", x), plot_range=(-3.0, 1.5)),
        row(
            "log",
            N_("natural logarithm"),
            r"\log",
            np.log,
            lambda x: _over(ONE, x),
            above_zero,
            _positive,
            plot_range=log_range,
        ),
        row(
            "ln",
            N_("natural logarithm"),
            r"\ln",
            np.log,
            lambda x: _over(ONE, x),
            above_zero,
            _positive,
            plot_range=log_range,
        ),
        row(
            "log10",
            N_("logarithm to base 10"),
            r"\log_{10}",
            np.log10,
            lambda x: _over(ONE, _times(x, u("ln", Number(10.0)))),
            above_zero,
            _positive,
            plot_range=log_range,
        ),
        row(
            "log2",
            N_("logarithm to base 2"),
            r"\log_{2}",
            np.log2,
            lambda x: _over(ONE, _times(x, u("ln", TWO))),
            above_zero,
            _positive,
            plot_range=log_range,
        ),
        row(
            "sqrt",
            N_("square root"),
            r"\sqrt",
            np.sqrt,
            lambda x: _over(ONE, _times(TWO, u("sqrt", x))),
            N_("x ≥ 0"),
            lambda x: x >= 0,
            _positive,
            N_("x = 0: the slope is infinite"),
            (0.0, 5.0),
        ),
        row(
            "abs",
            N_("absolute value"),
            r"\mathrm{abs}",
            np.abs,
            lambda x: _over(x, u("abs", x)),
            differentiable=_not_zero,
            kinks=N_("the slope jumps from −1 to 1 at 0"),
        ),
        row("sin", N_("sine"), r"\sin", np.sin, lambda x: u("cos", x), plot_range=turn),
        row("cos", N_("cosine"), r"\cos", np.cos, lambda x: Negate(u("sin", x)), plot_range=turn),
        row(
            "tan",
            N_("tangent"),
            r"\tan",
            np.tan,
            lambda x: _over(ONE, _squared(u("cos", x))),
            N_("x ≠ π/2 + kπ"),
            lambda x: bool(np.cos(x) != 0),
            plot_range=(-4.5, 4.5),
        ),
        row(
            "asin",
            N_("arcsine"),
            r"\arcsin",
            np.arcsin,
            lambda x: _over(ONE, u("sqrt", _minus(ONE, _squared(x)))),
            N_("−1 ≤ x ≤ 1"),
            lambda x: -1 <= x <= 1,
            _inside_one,
            N_("x = ±1: the slope is infinite"),
            one_range,
        ),
        row(
            "acos",
            N_("arccosine"),
            r"\arccos",
            np.arccos,
            lambda x: Negate(_over(ONE, u("sqrt", _minus(ONE, _squared(x))))),
            N_("−1 ≤ x ≤ 1"),
            lambda x: -1 <= x <= 1,
            _inside_one,
            N_("x = ±1: the slope is infinite"),
            one_range,
        ),
        row(
            "atan",
            N_("arctangent"),
            r"\arctan",
            np.arctan,
            lambda x: _over(ONE, Binary("+", ONE, _squared(x))),
            plot_range=(-5.0, 5.0),
        ),
        row("sinh", N_("hyperbolic sine"), r"\sinh", np.sinh, lambda x: u("cosh", x)),
        row("cosh", N_("hyperbolic cosine"), r"\cosh", np.cosh, lambda x: u("sinh", x)),
        row("tanh", N_("hyperbolic tangent"), r"\tanh", np.tanh, lambda x: _minus(ONE, _squared(u("tanh", x)))),
        row(
            "sigmoid",
            N_("sigmoid"),
            r"\sigma",
            sigmoid,
            lambda x: _times(u("sigmoid", x), _minus(ONE, u("sigmoid", x))),
            plot_range=(-6.0, 6.0),
        ),
        row(
            "relu",
            N_("rectifier (ReLU)"),
            r"\mathrm{relu}",
            relu,
            lambda x: u("step", x),
            differentiable=_not_zero,
            kinks=N_("the slope jumps from 0 to 1 at 0"),
        ),
        row(
            "softplus",
            N_("softplus"),
            r"\mathrm{softplus}",
            softplus,
            lambda x: u("sigmoid", x),
            plot_range=(-5.0, 5.0),
        ),
        row(
            "leakyrelu",
            N_("leaky rectifier"),
            r"\mathrm{leakyrelu}",
            leaky_relu,
            lambda x: Binary("+", Number(LEAK), _times(Number(1 - LEAK), u("step", x))),
            differentiable=_not_zero,
            kinks=N_("the slope jumps from 0.01 to 1 at 0"),
        ),
        row("step", N_("unit step"), r"\mathrm{step}", _step, lambda _x: ZERO, N_("x ≠ 0"), _not_zero, helper=True),
    )


FUNCTIONS: dict[str, FunctionRow] = {row.key: row for row in _rows()}
"""Every function that can be typed, by its key."""

ALIASES = {"σ": "sigmoid", "sigma": "sigmoid", "√": "sqrt", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}
"""Other spellings of a function."""

CONSTANTS = {"e": float(np.e), "pi": float(np.pi)}
"""Named constants and their values."""
