"""The expression tree: seven kinds of node, all frozen and compared by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal["+", "-", "*", "/", "^"]


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, always finite and not negative: −2 is `Negate(Number(2))`, as it is typed."""

    value: float


@dataclass(frozen=True, slots=True)
class Constant:
    """A named constant: ``"e"`` or ``"pi"``."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable or a named intermediate: ``x``, ``w2``, ``theta``; of a network also ``y_hat`` and ``z2.1``."""

    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    """−operand."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """left operator right; ``^`` is the power."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the function table applied to one argument."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Derivative:
    """d operand / d wrt, still to be worked out: it stands in worked solutions and is never typed."""

    operand: Expression
    wrt: str


Expression = Number | Constant | Variable | Negate | Binary | Call | Derivative

ZERO = Number(0.0)
ONE = Number(1.0)
TWO = Number(2.0)


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct subexpressions, left to right."""
    # Plain tests here and below: `match` takes twice as long, and everything goes through these.
    if isinstance(expression, Binary):
        return (expression.left, expression.right)
    if isinstance(expression, Call):
        return (expression.argument,)
    if isinstance(expression, Negate | Derivative):
        return (expression.operand,)
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield every node, a parent before its children, left to right."""
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def variables(expression: Expression) -> tuple[str, ...]:
    """Return the names of the variables in order of first appearance."""
    names: dict[str, None] = {}
    _collect(expression, names)
    return tuple(names)


def _collect(expression: Expression, names: dict[str, None]) -> None:
    if isinstance(expression, Variable):
        names[expression.name] = None
    for child in children(expression):
        _collect(child, names)


def contains(expression: Expression, name: str) -> bool:
    """Whether the variable `name` occurs in `expression`."""
    if isinstance(expression, Variable):
        return expression.name == name
    for child in children(expression):  # noqa: SIM110  # a generator for `any` takes twice as long
        if contains(child, name):
            return True
    return False


def substitute(expression: Expression, values: dict[str, Expression]) -> Expression:
    """Replace variables by expressions, all at once; not the one that a pending derivative is taken by."""
    match expression:
        case Variable(name):
            return values.get(name, expression)
        case Negate(operand):
            return Negate(substitute(operand, values))
        case Call(function, argument):
            return Call(function, substitute(argument, values))
        case Binary(operator, left, right):
            return Binary(operator, substitute(left, values), substitute(right, values))
        case Derivative(operand, wrt):
            others = {name: value for name, value in values.items() if name != wrt}
            return Derivative(substitute(operand, others), wrt)
    return expression
