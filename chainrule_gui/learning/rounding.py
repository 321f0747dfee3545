"""Values with a bound for their rounding error, so that a difference between two formulas can be told from noise."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule_gui.learning.sampling import Points
from chainrule_gui.model.expression.table import CONSTANTS, FUNCTIONS
from chainrule_gui.model.expression.tree import Binary, Call, Constant, Expression, Negate, Number, Operator, Variable

_EPS = float(np.finfo(np.float64).eps)
_TINY = 1e-320
"""What underflow may cost."""
_FUNCTION = 4 * _EPS
"""What a function of the C library or numpy may be off by, relatively."""
_PERIODIC = frozenset({"sin", "cos", "tan"})


class Measured(NamedTuple):
    """A value and a bound for its error; both numpy floats or arrays, the bound inf where nothing is known."""

    value: Any
    error: Any


def measured(expression: Expression, points: Points) -> Measured:
    """Evaluate `expression` with a running error bound, to first order, for exactly given variables."""
    with np.errstate(all="ignore"):
        value, error = _measured(expression, points)
    return Measured(value, np.where(np.isnan(error), np.inf, error))


def _measured(node: Expression, points: Points) -> Measured:
    match node:
        case Variable(name):
            return Measured(points[name], 0.0)
        case Number(value):
            return Measured(np.float64(value), 0.0 if _short(value) else _EPS * value)
        case Constant(name):
            return Measured(np.float64(CONSTANTS[name]), _EPS * CONSTANTS[name])
        case Negate(operand):
            value, error = _measured(operand, points)
            return Measured(-value, error)
        case Call(function, argument):
            return _call(function, *_measured(argument, points))
        case Binary(operator, left, right):
            return _binary(operator, _measured(left, points), _measured(right, points))
    raise ValueError("a derivative that is still to be worked out has no value")


def _call(function: str, at: Any, error: Any) -> Measured:
    apply = FUNCTIONS[function].apply
    value = apply(at)
    bound = _FUNCTION * np.abs(value) + _TINY
    if _is_inexact(error):
        bound = bound + np.abs(apply(at + error) - value) + np.abs(apply(at - error) - value)
        if function in _PERIODIC:
            bound = np.where(error > 1e-3, np.inf, bound)
    return Measured(value, np.where(np.isnan(bound), np.inf, bound))


def _binary(operator: Operator, left: Measured, right: Measured) -> Measured:
    (a, da), (b, db) = left, right
    match operator:
        case "+" | "-":
            value = a + b if operator == "+" else a - b
            error = da + db + _EPS * np.abs(value)
        case "*":
            value = a * b
            error = np.abs(a) * db + np.abs(b) * da + da * db + _EPS * np.abs(value) + _TINY
        case "/":
            value = a / b
            left_over = np.abs(b) - db
            error = np.where(left_over > 0, (da + np.abs(value) * db) / left_over, np.inf)
            error = error + _EPS * np.abs(value) + _TINY
        case _:
            value = a**b
            error = _FUNCTION * np.abs(value) + _TINY
            if _is_inexact(da):
                error = error + np.abs((a + da) ** b - value) + np.abs((a - da) ** b - value)
            if _is_inexact(db):
                error = error + np.abs(a ** (b + db) - value) + np.abs(a ** (b - db) - value)
    if _is_exact(operator, left, right, value):
        return Measured(value, 0.0)
    return Measured(value, np.where(np.isnan(error), np.inf, error) if isinstance(error, np.ndarray) else error)


def _is_inexact(error: Any) -> bool:
    return isinstance(error, np.ndarray) or error != 0.0


def _is_exact(operator: Operator, left: Measured, right: Measured, value: Any) -> bool:
    """Whether a calculation with short literals has no rounding error: x^(3−1) must stay x^2 left of 0 too."""
    if isinstance(value, np.ndarray) or _is_inexact(left.error) or _is_inexact(right.error):
        return False
    if not (_short(left.value) and _short(right.value) and _short(value)):
        return False
    match operator:
        case "/":
            return bool(value * right.value == left.value)
        case "^":
            return bool(right.value >= 0 and all(map(float.is_integer, (left.value, right.value))))
    return True


def _short(value: float) -> bool:
    """Whether `value` has few binary digits, so that sums and products of two such numbers are exact."""
    return abs(value) < 2**20 and float(value * 1024).is_integer()
