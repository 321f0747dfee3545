"""Comparison with hundreds of digits, by the arithmetic that comes with SymPy: for what floats cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chainrule_gui.model.expression.table import LEAK
from chainrule_gui.model.expression.tree import Binary, Call, Constant, Expression, Negate, Number, Variable

_LOW, _HIGH = 100, 200
"""Digits. What remains of a difference when the digits are doubled is no rounding error."""
_ENOUGH = 8


def agree_precisely(
    first: Expression, second: Expression, names: Sequence[str], rows: Sequence[Sequence[float]]
) -> bool | None:
    """Return whether two expressions agree at all of `rows` (a value for each of `names`), None if too few count.

    It may take for ever (``exp(exp(exp(99)))``): to be run by `bounded`.

    Raises
    ------
    ImportError
        where SymPy is not installed.
    """
    # SymPy's own import makes sure of the version of mpmath that it works with.
    import sympy  # noqa: F401
    from mpmath import mp

    compared = 0
    for row in rows:
        values = dict(zip(names, row, strict=True))
        low = _difference(first, second, values, mp, _LOW)
        high = _difference(first, second, values, mp, _HIGH)
        if low is None or high is None:
            continue
        compared += 1
        difference, scale = high
        lasting = abs(difference - low[0]) < abs(difference) * mp.mpf(10) ** -10
        if lasting and abs(difference) > scale * mp.mpf(10) ** -30:
            return False
    return True if compared >= _ENOUGH else None


def _difference(
    first: Expression, second: Expression, values: dict[str, float], mp: Any, digits: int
) -> tuple[Any, Any] | None:
    with mp.workdps(digits):
        try:
            a, b = (_value(tree, values, mp) for tree in (first, second))
            return (a - b, max(abs(a), abs(b)))
        except (ArithmeticError, ValueError):
            return None


def _value(node: Expression, values: dict[str, float], mp: Any) -> Any:
    match node:
        case Variable(name):
            return mp.mpf(values[name])
        case Number(value):
            # The number that was typed, not the nearest float: 0.1 is a tenth.
            return mp.mpf(repr(value))
        case Constant(name):
            return +getattr(mp, name)
        case Negate(operand):
            return -_value(operand, values, mp)
        case Call(function, argument):
            at = _value(argument, values, mp)
            return _real(_own_functions(mp).get(function) or getattr(mp, function), at, mp)
        case Binary(operator, left, right):
            a, b = _value(left, values, mp), _value(right, values, mp)
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "*":
                    return a * b
                case "/":
                    return a / b
            return _real(lambda base: mp.power(base, b), a, mp)


def _real(function: Callable[[Any], Any], at: Any, mp: Any) -> Any:
    value = function(at)
    if isinstance(value, mp.mpc) or not mp.isfinite(value):
        raise ValueError("no finite real value")
    return value


def _own_functions(mp: Any) -> dict[str, Callable[[Any], Any]]:
    """The functions that mpmath does not have, or names otherwise."""
    return {
        "abs": abs,
        "log2": lambda x: mp.log(x, 2),
        "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
        "softplus": lambda x: mp.log1p(mp.exp(x)),
        "relu": lambda x: max(x, mp.mpf(0)),
        "leakyrelu": lambda x: x if x > 0 else x * mp.mpf(repr(LEAK)),
        "step": lambda x: mp.mpf(x > 0) if x else mp.nan,
    }
