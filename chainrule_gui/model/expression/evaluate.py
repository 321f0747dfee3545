"""Evaluation of expression trees with numpy, for single numbers and whole arrays alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule_gui.model.expression.table import CONSTANTS, FUNCTIONS
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

_CONSTANTS = {name: np.float64(value) for name, value in CONSTANTS.items()}
_APPLY = {key: row.apply for key, row in FUNCTIONS.items()}


def evaluate(expression: Expression, values: Mapping[str, Any]) -> Any:
    """Evaluate `expression`.

    Parameters
    ----------
    values : a float or an array for each variable; arrays broadcast

    Returns
    -------
    A numpy float or array; nan or inf where there is no finite real value, without a warning.

    Raises
    ------
    KeyError
        for a variable without a value.
    ValueError
        for a derivative that is still to be worked out.
    """
    converted = {name: value if isinstance(value, np.ndarray) else np.float64(value) for name, value in values.items()}
    with np.errstate(all="ignore"):
        return value_of(expression, converted)


def value_of(node: Expression, values: Mapping[str, Any]) -> Any:
    """Evaluate one of many formulas: `values` are numpy's already, and the caller has silenced its warnings."""
    match node:
        case Variable(name):
            return values[name]
        case Number(value):
            return np.float64(value)
        case Call(function, argument):
            return _APPLY[function](value_of(argument, values))
        case Negate(operand):
            return -value_of(operand, values)
        case Constant(name):
            return _CONSTANTS[name]
        case Binary(operator, left, right):
            return _OPERATE[operator](value_of(left, values), value_of(right, values))
        case Derivative():
            raise ValueError("a derivative that is still to be worked out has no value")


def _power(base: Any, exponent: Any) -> Any:
    # A whole number as exponent takes numpy's fast path, which an array of exponents has not.
    if not isinstance(exponent, np.ndarray) and exponent == 2.0:
        return base * base
    return base**exponent


_OPERATE = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "^": _power,
}
