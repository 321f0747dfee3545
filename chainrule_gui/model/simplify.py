"""Simplified forms by SymPy, which is imported only when one is asked for.

Our tree goes over node by node and comes back node by node: no text is ever handed to SymPy to read.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import Binary, Call, Constant, Expression, Negate, Number, Variable

_RECIPROCALS = {"sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh", "coth": "tanh"}


LARGEST_EXPONENT = 1000
"""SymPy multiplies powers out exactly: 9^9^9 would keep it busy for hours."""


class SimplifyError(RuntimeError):
    """SymPy finds no other form, or one that has no notation here."""


def simplified(expression: Expression) -> Expression:
    """Return a shorter expression that equals `expression` wherever both have a value.

    Raises
    ------
    SimplifyError
        where SymPy finds none, or one that cannot be written with the functions known here.
    """
    import sympy

    try:
        return _from_sympy(sympy.simplify(_to_sympy(expression, sympy)), sympy)
    except SimplifyError:
        raise
    except Exception as problem:  # SymPy raises errors of many kinds on odd formulas
        raise SimplifyError(_("No simplified form was found.")) from problem


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


def _function(function: str, argument: Any, sympy: Any) -> Any:
    match function:
        case "ln":
            return sympy.log(argument)
        case "log2" | "log10":
            return sympy.log(argument) / sympy.log(int(function[3:]))
        case "abs":
            return sympy.Abs(argument)
        case "sigmoid" | "softplus" | "relu" | "leakyrelu" | "step":
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
    result = reduce(lambda left, right: Binary("*", left, right), factors)
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
