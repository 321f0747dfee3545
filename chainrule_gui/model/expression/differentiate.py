"""Differentiation of an expression tree by the rules of any calculus text, and operations that leave out 0 and 1."""

from __future__ import annotations

from decimal import Decimal

from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import (
    ONE,
    TWO,
    ZERO,
    Binary,
    Call,
    Constant,
    Derivative,
    Expression,
    Negate,
    Number,
    Variable,
)


def differentiate(expression: Expression, wrt: str) -> Expression:
    """Return d expression / d wrt as a formula, every other variable held fixed."""
    match expression:
        case Variable(name):
            return ONE if name == wrt else ZERO
        case Number() | Constant():
            return ZERO
        case Negate(operand):
            return negate(differentiate(operand, wrt))
        case Call(function, argument):
            inner = differentiate(argument, wrt)
            return ZERO if inner == ZERO else multiply(FUNCTIONS[function].derivative(argument), inner)
        case Binary("+", left, right):
            return add(differentiate(left, wrt), differentiate(right, wrt))
        case Binary("-", left, right):
            return subtract(differentiate(left, wrt), differentiate(right, wrt))
        case Binary("*", left, right):
            return add(multiply(differentiate(left, wrt), right), multiply(left, differentiate(right, wrt)))
        case Binary("/", left, right):
            return _quotient(left, right, differentiate(left, wrt), differentiate(right, wrt))
        case Binary(_, base, exponent):
            return _power(base, exponent, differentiate(base, wrt), differentiate(exponent, wrt))
        case Derivative(operand, by):
            return differentiate(differentiate(operand, by), wrt)


def _quotient(top: Expression, bottom: Expression, d_top: Expression, d_bottom: Expression) -> Expression:
    if d_bottom == ZERO:
        return divide(d_top, bottom)
    return divide(subtract(multiply(d_top, bottom), multiply(top, d_bottom)), Binary("^", bottom, TWO))


def _power(base: Expression, exponent: Expression, d_base: Expression, d_exponent: Expression) -> Expression:
    if d_exponent == ZERO:
        if d_base == ZERO:
            return ZERO
        return multiply(multiply(exponent, power(base, one_less(exponent))), d_base)
    itself = Binary("^", base, exponent)
    if d_base == ZERO:
        scale = ONE if base == Constant("e") else Call("ln", base)
        return multiply(multiply(itself, scale), d_exponent)
    growth = add(multiply(d_exponent, Call("ln", base)), divide(multiply(exponent, d_base), base))
    return multiply(itself, growth)


def one_less(exponent: Expression) -> Expression:
    """exponent − 1, worked out where it is a number, in decimals: 2.3 − 1 is 1.3, which binary fractions miss."""
    match exponent:
        case Number(value):
            less = float(Decimal(repr(value)) - 1)
            return Number(less) if less >= 0 else Negate(Number(-less))
        case Negate(Number(value)):
            return Negate(Number(float(Decimal(repr(value)) + 1)))
    return Binary("-", exponent, ONE)


def add(left: Expression, right: Expression) -> Expression:
    """left + right without superfluous zeros."""
    if left == ZERO:
        return right
    if right == ZERO:
        return left
    return Binary("-", left, right.operand) if isinstance(right, Negate) else Binary("+", left, right)


def subtract(left: Expression, right: Expression) -> Expression:
    """left − right without superfluous zeros."""
    if right == ZERO:
        return left
    if left == ZERO:
        return negate(right)
    return Binary("+", left, right.operand) if isinstance(right, Negate) else Binary("-", left, right)


def negate(operand: Expression) -> Expression:
    """−operand without a double sign."""
    if operand == ZERO:
        return ZERO
    return operand.operand if isinstance(operand, Negate) else Negate(operand)


def multiply(left: Expression, right: Expression) -> Expression:
    """left · right without superfluous zeros, ones and inner signs."""
    if ZERO in (left, right):
        return ZERO
    if left == ONE:
        return right
    if right == ONE:
        return left
    if isinstance(left, Negate):
        return negate(multiply(left.operand, right))
    if isinstance(right, Negate):
        return negate(multiply(left, right.operand))
    return Binary("*", left, right)


def divide(left: Expression, right: Expression) -> Expression:
    """left / right without superfluous zeros, ones and signs."""
    if left == ZERO or right == ONE:
        return left
    return negate(Binary("/", left.operand, right)) if isinstance(left, Negate) else Binary("/", left, right)


def power(base: Expression, exponent: Expression) -> Expression:
    """base ^ exponent without superfluous exponents 0 and 1."""
    if exponent == ONE:
        return base
    return ONE if exponent == ZERO else Binary("^", base, exponent)
