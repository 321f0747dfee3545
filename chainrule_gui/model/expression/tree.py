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
    match expression:
        case Binary(_, left, right):
            return (left, right)
        case Negate(inner) | Call(_, inner) | Derivative(inner, _):
            return (inner,)
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
    return tuple(dict.fromkeys(node.name for node in walk(expression) if isinstance(node, Variable)))


def contains(expression: Expression, name: str) -> bool:
    """Whether the variable `name` occurs in `expression`."""
    match expression:
        case Variable(own):
            return own == name
        case Binary(_, left, right):
            return contains(left, name) or contains(right, name)
        case Negate(inner) | Call(_, inner) | Derivative(inner, _):
            return contains(inner, name)
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
