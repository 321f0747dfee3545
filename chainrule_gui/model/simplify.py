"""Simplified forms by SymPy: in a process of its own, within a time, and shown only where they are proven equal.

Our tree goes over node by node and comes back node by node: no text is ever handed to SymPy to read.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.model.bounded import bounded
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
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
    walk,
)
from chainrule_gui.model.tidy import tidied, times

SECONDS = 5.0
"""So long SymPy may take, its start included."""

_POINTS = 400
_FEWEST = 12
_SLOPE = "sigmoid_slope"
_RECIPROCALS = {"sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh", "coth": "tanh"}


LARGEST_EXPONENT = 1000
"""SymPy multiplies powers out exactly: 9^9^9 would keep it busy for hours."""


class SimplifyError(RuntimeError):
    """There is no simplified form to show; the message says why."""


def simplified(expression: Expression, seconds: float = SECONDS) -> Expression:
    """Return a shorter expression with the same values; `expression` itself, tidy, where none is found.

    The caller waits, at most `seconds`: a window calls this from a thread. σ(1 − σ) stays as it is.

    Raises
    ------
    SimplifyError
        where SymPy takes too long, its answer cannot be written here, or it is not proven equal.
    """
    try:
        shorter, is_equal = bounded(_shorter, expression, seconds=seconds)
    except TimeoutError:
        message = _("Simplifying took longer than {seconds:g} s and was stopped; the derivative is right as it is.")
        raise SimplifyError(message.format(seconds=seconds)) from None
    except SimplifyError:
        raise
    except Exception as problem:  # whatever goes wrong inside SymPy
        message = _("No simplified form was found: {reason}")
        raise SimplifyError(message.format(reason=problem)) from None
    if is_equal is False or not _equal_on_points(expression, shorter):
        raise SimplifyError(_("A simplified form was found, but it is not proven equal, so it is not shown."))
    plain = _tidy(expression)
    return min((shorter, plain), key=lambda form: sum(1 for _node in walk(form)))


def _tidy(expression: Expression) -> Expression:
    steps = tidied(expression)
    return steps[-1].after if steps else expression


def _equal_on_points(left: Expression, right: Expression) -> bool:
    """Whether both are equal at many points, wherever the first has a value."""
    random = np.random.default_rng(0)
    names = dict.fromkeys((*variables(left), *variables(right)))
    scale = 10.0 ** random.uniform(-1.5, 1.0, _POINTS)
    point = {name: scale * random.standard_normal(_POINTS) for name in names}
    a, b = (np.broadcast_to(evaluate(side, point), _POINTS) for side in (left, right))
    known = np.isfinite(a) & (np.abs(a) < 1e12)
    if known.sum() < _FEWEST:
        return False
    return bool(np.all(np.abs(a[known] - b[known]) <= 1e-6 * np.maximum(1e-3, np.abs(a[known]))))


def _shorter(expression: Expression) -> tuple[Expression, bool | None]:
    """Return SymPy's simplified form, and whether SymPy knows it to be equal; for the process of its own."""
    import sympy

    formula = _to_sympy(_with_slopes(expression), sympy)
    shorter = sympy.simplify(formula)
    return _tidy(_from_sympy(shorter, sympy)), (shorter - formula).equals(0)


def _with_slopes(node: Expression) -> Expression:
    """Replace each product σ(u)·(1 − σ(u)) by one function of u, which SymPy does not take apart."""
    match node:
        case Binary("*"):
            return times(_slopes_found([_with_slopes(factor) for factor in _factors(node)]))
        case Binary(operator, left, right):
            return Binary(operator, _with_slopes(left), _with_slopes(right))
        case Negate(operand):
            return Negate(_with_slopes(operand))
        case Call(function, argument):
            return Call(function, _with_slopes(argument))
    return node


def _factors(node: Expression) -> list[Expression]:
    match node:
        case Binary("*", left, right):
            return [*_factors(left), *_factors(right)]
    return [node]


def _slopes_found(factors: list[Expression]) -> list[Expression]:
    for place, factor in enumerate(factors):
        match factor:
            case Binary("-", Number(1.0), Call("sigmoid", argument) as sigma):
                for other, candidate in enumerate(factors):
                    rest = _one_less_of(candidate, sigma)
                    if rest is not None:
                        others = [f for at, f in enumerate(factors) if at not in (place, other)]
                        return _slopes_found([*others, *rest, Call(_SLOPE, argument)])
    return factors


def _one_less_of(factor: Expression, sigma: Expression) -> list[Expression] | None:
    """Return what is left of σ or σⁿ when one σ is taken out; None for anything else."""
    match factor:
        case Call() if factor == sigma:
            return []
        case Binary("^", base, Number(exponent)) if base == sigma and exponent.is_integer() and exponent >= 2:
            return [base if exponent == 2 else Binary("^", base, Number(exponent - 1))]
    return None


def _to_sympy(node: Expression, sympy: Any) -> Any:
    match node:
        case Number(value):
            return sympy.Integer(int(value)) if value.is_integer() else sympy.Rational(repr(value))
        case Constant(name):
            return sympy.E if name == "e" else sympy.pi
        case Variable(name):
            return sympy.Symbol(name, real=True)
        case Negate(operand):
            return -_to_sympy(operand, sympy)
        case Call(function, argument):
            return _function(function, _to_sympy(argument, sympy), sympy)
        case Binary(operator, left, right):
            a, b = _to_sympy(left, sympy), _to_sympy(right, sympy)
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "*":
                    return a * b
                case "/":
                    return a / b
            if b.is_number and abs(b) > LARGEST_EXPONENT:
                message = _("A simplified form is not looked for: an exponent is larger than {limit}.")
                raise SimplifyError(message.format(limit=LARGEST_EXPONENT))
            return a**b
        case Derivative():
            raise SimplifyError(_("A derivative that is still to be worked out cannot be simplified."))


def _function(function: str, argument: Any, sympy: Any) -> Any:
    match function:
        case "ln":
            return sympy.log(argument)
        case "log2" | "log10":
            return sympy.log(argument) / sympy.log(int(function[3:]))
        case "abs":
            return sympy.Abs(argument)
        case "sigmoid" | "softplus" | "relu" | "leakyrelu" | "step" | "sigmoid_slope":
            # Left whole: 1/(1 + e^−x) spelt out would hide the function a learner knows.
            return sympy.Function(function, real=True)(argument)
    return getattr(sympy, function)(argument)


def _from_sympy(node: Any, sympy: Any) -> Expression:
    if node is sympy.E:
        return Constant("e")
    if node is sympy.pi:
        return Constant("pi")
    if node.is_Symbol:
        return Variable(node.name)
    if node.is_Rational:
        size = abs(node)
        whole: Expression = Number(float(size.p))
        value = whole if size.q == 1 else Binary("/", whole, Number(float(size.q)))
        return Negate(value) if node < 0 else value
    if node.is_Add:
        return reduce(_plus, (_from_sympy(term, sympy) for term in node.as_ordered_terms()))
    if node.is_Mul:
        return _product(node, sympy)
    if node.is_Pow or isinstance(node, sympy.exp):
        return _power(node, sympy)
    if isinstance(node, sympy.Abs) and node.args[0].is_Pow and node.args[0].exp.is_real:
        # |x^a| = |x|^a: here a power of a negative number has no value, but SymPy's is complex.
        base, exponent = node.args[0].as_base_exp()
        return Binary("^", Call("abs", _from_sympy(base, sympy)), _from_sympy(exponent, sympy))
    name = "abs" if isinstance(node, sympy.Abs) else node.func.__name__
    if name == _SLOPE:
        sigma = Call("sigmoid", _from_sympy(node.args[0], sympy))
        return Binary("*", sigma, Binary("-", ONE, sigma))
    if name in _RECIPROCALS:
        return Binary("/", Number(1.0), Call(_RECIPROCALS[name], _from_sympy(node.args[0], sympy)))
    if name not in FUNCTIONS or len(node.args) != 1:
        raise SimplifyError(_("The simplified form uses {name}, which has no notation here.").format(name=name))
    return Call(name, _from_sympy(node.args[0], sympy))


def _plus(left: Expression, right: Expression) -> Expression:
    return Binary("-", left, right.operand) if isinstance(right, Negate) else Binary("+", left, right)


def _product(node: Any, sympy: Any) -> Expression:
    sign = node.could_extract_minus_sign()
    top, bottom = (-node if sign else node).as_numer_denom()
    factors = (
        [_from_sympy(factor, sympy) for factor in top.as_ordered_factors()] if top.is_Mul else [_from_sympy(top, sympy)]
    )
    result = times(part for factor in factors for part in _factors(factor))
    if bottom != 1:
        result = Binary("/", result, _from_sympy(bottom, sympy))
    return Negate(result) if sign else result


def _power(node: Any, sympy: Any) -> Expression:
    base, exponent = node.as_base_exp()
    if exponent == sympy.Rational(1, 2):
        return Call("sqrt", _from_sympy(base, sympy))
    if exponent.is_Rational and exponent < 0:
        return Binary("/", Number(1.0), _from_sympy(sympy.Pow(base, -exponent), sympy))
    return Binary("^", _from_sympy(base, sympy), _from_sympy(exponent, sympy))
