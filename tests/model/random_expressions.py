"""Random expressions over the whole function table, and oracles for them that share no code with ours."""

from __future__ import annotations

from random import Random

import mpmath
import numpy as np
import sympy

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import Binary, Call, Constant, Derivative, Negate, Number, Variable, contains

TYPED = [key for key, row in FUNCTIONS.items() if not row.helper]
X = sympy.Symbol("x")
POINTS = (0.7, -0.45, 1.6)


class Modulus(sympy.Function):
    """|u| of a real u."""

    def fdiff(self, argindex=1):
        return self.args[0] / self


SYMPY = {
    "ln": sympy.log,
    "abs": Modulus,
    "log10": lambda u: sympy.log(u) / sympy.log(10),
    "log2": lambda u: sympy.log(u) / sympy.log(2),
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    "relu": lambda u: (u + Modulus(u)) / 2,
    "leakyrelu": lambda u: (101 * u + 99 * Modulus(u)) / 200,
}


def random_expression(random: Random, depth: int):
    """At most `depth` operations nested; one side of an operation is kept small, so that the depth is reached often."""
    if depth == 0 or random.random() < 0.07:
        kind = random.random()
        if kind < 0.68:
            return Variable("x")
        return Number(random.choice([1.0, 2.0, 3.0, 0.5, 2.3])) if kind < 0.93 else Constant(random.choice(["e", "pi"]))
    kind = random.random()
    inner = random_expression(random, depth - 1)
    if kind < 0.5:
        return Call(random.choice(TYPED), inner)
    if kind < 0.56:
        return Negate(inner)
    other = random_expression(random, min(depth - 1, 1))
    if kind < 0.9:
        sides = [inner, other] if random.random() < 0.5 else [other, inner]
        return Binary(random.choice("+-*/"), *sides)
    if kind < 0.95:
        return Binary("^", inner, random.choice([Number(2.0), Number(3.0), Number(0.5), Negate(Number(1.0))]))
    return Binary("^", inner, other) if kind < 0.98 else Binary("^", other, inner)


def as_sympy(node, constants):
    """The tree as SymPy's; what holds no x is a symbol, whose value is put into `constants`."""
    match node:
        case Number(value):
            return sympy.Rational(repr(value))
        case Variable("x"):
            return X
        case _ if not contains(node, "x"):
            symbol = sympy.Symbol(f"c{len(constants)}")
            constants[symbol] = mpmath.mpf(float(evaluate(node, {})))
            return symbol
        case Negate(operand):
            return -as_sympy(operand, constants)
        case Call(function, argument):
            return (SYMPY.get(function) or getattr(sympy, function))(as_sympy(argument, constants))
        case Binary(operator, left, right):
            a, b = as_sympy(left, constants), as_sympy(right, constants)
            return a + b if operator == "+" else a - b if operator == "-" else a * b if operator == "*" else (
                a / b if operator == "/" else a**b
            )  # fmt: skip
    raise AssertionError(node)


def sympy_slope(tree):
    """dtree/dx by SymPy as a function of x with 40 digits; None where it has no real value there."""
    constants = {}
    try:
        formula = sympy.diff(as_sympy(tree, constants), X)
    except TypeError:  # it meets a nan on its way
        return None
    if formula.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        return None

    def slope(x):
        try:
            with mpmath.workdps(40):
                known = {X: mpmath.mpf(repr(x)), sympy.E: mpmath.e, sympy.pi: mpmath.pi, **constants}
                value = _worked_out(formula, known)
        except (ArithmeticError, ValueError, TypeError):
            return None
        return float(value) if not isinstance(value, mpmath.mpc) else None

    return slope


def _worked_out(node, known):
    """The value of SymPy's formula, each part once."""
    if node not in known:
        if node.is_Rational:
            known[node] = mpmath.mpf(node.p) / node.q
        else:
            values = [_worked_out(part, known) for part in node.args]
            if node.is_Add:
                known[node] = mpmath.fsum(values)
            elif node.is_Mul:
                known[node] = mpmath.fprod(values)
            elif node.is_Pow:
                known[node] = mpmath.power(*values)
            else:
                known[node] = getattr(mpmath, {"Modulus": "fabs"}.get(node.func.__name__, node.func.__name__))(*values)
    return known[node]


def central(function, x, step):
    """Five-point central difference, error of fourth order."""
    return (8 * (function(x + step) - function(x - step)) - (function(x + 2 * step) - function(x - 2 * step))) / (
        12 * step
    )


def value_with_pending(node, point, step):
    """The value of a formula with derivatives still to be worked out, those by central differences."""
    match node:
        case Derivative(operand, wrt):
            return central(lambda at: value_with_pending(operand, {**point, wrt: at}, step), point[wrt], step)
        case Binary(operator, left, right):
            sides = {"l": value_with_pending(left, point, step), "r": value_with_pending(right, point, step)}
            return evaluate(Binary(operator, Variable("l"), Variable("r")), sides)
        case Negate(operand):
            return -value_with_pending(operand, point, step)
        case Call(function, argument):
            return evaluate(Call(function, Variable("l")), {"l": value_with_pending(argument, point, step)})
    return evaluate(node, point)


def steady_value(node, point):
    """`value_with_pending` where two step sizes agree, else nan: near poles and kinks differences say nothing."""
    with np.errstate(all="ignore"):
        fine, coarse = (value_with_pending(node, point, step) + 0 * point["x"] for step in (2e-4, 5e-4))
        return np.where(np.abs(fine - coarse) <= 1e-6 * (1 + np.abs(fine)), fine, np.nan)
