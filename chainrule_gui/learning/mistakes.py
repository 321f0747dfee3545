"""The wrong derivatives that known mistakes give, for any expression: at one place of it, or wherever they apply.

Everything here is numbers at given points. A derivative is linear in the derivative of each part, so one mistake
at one place changes the whole by ``weight * (wrong - right)``, where the weight is ∂whole/∂part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from chainrule_gui.learning.sampling import Points
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import (
    Binary,
    Call,
    Expression,
    Variable,
    children,
    contains,
)

_DEEPEST_INNER = 6
"""An inner function is looked for at most so many levels down: sin(2 + 3x) has 2 + 3x and 3x."""
_LEFT, _RIGHT = Variable("left"), Variable("right")


class Mistake(NamedTuple):
    """A wrong derivative.

    Attributes
    ----------
    kind : a row of `EXPLANATIONS` in diagnosis.py
    place : the part that was differentiated wrongly; the first of them for a mistake made everywhere
    inner : its inner function, where the mistake concerns one
    wrong : the derivative of the whole that comes out, at each point
    """

    kind: str
    place: Expression
    inner: Expression | None
    wrong: Any


@dataclass(eq=False)
class Part:
    """A part of the expression that varies, with its numbers at all points.

    Attributes
    ----------
    value, slope : its value and its derivative by the variable
    weight : ∂whole/∂part
    sides : its varying children, each with the child on the other side (None where there is only one)
    """

    node: Expression
    value: Any
    slope: Any
    sides: list[tuple[Part, str]]
    weight: Any = 1.0


class _Composition:
    """f(u): the operations from `outer` down to `inner`, to be evaluated at any argument."""

    def __init__(
        self, steps: list[tuple[Expression, str]], inner: Any, inner_slope: Any, points: Points, x: Any
    ) -> None:
        self._steps = steps
        self._points = points
        self.x = x
        self.inner = inner
        self.inner_slope = inner_slope

    def value(self, at: Any) -> Any:
        for node, side in reversed(self._steps):
            at = _applied(node, side, at, self._points)
        return at

    def slope(self, at: Any) -> Any:
        slope: Any = 1.0
        for node, side in reversed(self._steps):
            slope = slope * _partial(node, side, at, self._points)
            at = _applied(node, side, at, self._points)
        return slope


class _Operation(NamedTuple):
    """left operator right: values and derivatives of both sides."""

    operator: str
    left: Any
    right: Any
    d_left: Any
    d_right: Any
    left_varies: bool
    right_varies: bool


_COMPOSITION_RULES: dict[str, Callable[[_Composition], Any]] = {
    "missing-inner-derivative": lambda f: f.slope(f.inner),
    "outer-at-x": lambda f: f.slope(f.x) * f.inner_slope,
    "added-instead-of-multiplied": lambda f: f.slope(f.inner) + f.inner_slope,
    "inner-derivative-as-argument": lambda f: f.slope(f.inner_slope),
    "inner-derivative-misplaced": lambda f: f.slope(f.inner * f.inner_slope),
    "composition-as-product": lambda f: f.slope(f.x) * f.inner + f.value(f.x) * f.inner_slope,
    "outer-not-differentiated": lambda f: f.value(f.inner) * f.inner_slope,
    "outer-derivative-missing": lambda f: f.inner_slope,
}


def _product(op: _Operation) -> Iterator[tuple[str, Any]]:
    if op.left_varies and op.right_varies:
        yield "product-of-derivatives", op.d_left * op.d_right
        yield "term-sign", op.d_left * op.right - op.left * op.d_right
        yield "term-sign", op.left * op.d_right - op.d_left * op.right
        yield "product-term-missing", op.d_left * op.right
        yield "product-term-missing", op.left * op.d_right
    else:
        yield "constant-dropped", op.d_left if op.left_varies else op.d_right


def _quotient(op: _Operation) -> Iterator[tuple[str, Any]]:
    if not op.right_varies:
        yield "constant-dropped", op.d_left
        return
    numerator = op.d_left * op.right - op.left * op.d_right
    yield "quotient-not-squared", numerator / op.right
    if op.left_varies:
        yield "quotient-order", -numerator / op.right**2
        yield "term-sign", (op.d_left * op.right + op.left * op.d_right) / op.right**2
        yield "quotient-of-derivatives", op.d_left / op.d_right
    else:
        # With a constant above, it is a power: −1 with the exponent as it was.
        yield "power-not-reduced", -op.left / op.right * op.d_right


def _power(op: _Operation) -> Iterator[tuple[str, Any]]:
    if op.left_varies and op.right_varies:
        yield "general-power", op.right * op.left ** (op.right - 1) * op.d_left
        yield "general-power", op.left**op.right * np.log(op.left) * op.d_right
    elif op.left_varies:
        yield "power-not-reduced", op.right * op.left**op.right * op.d_left
        if np.all(op.right < 0):
            yield "power-not-reduced", op.right * op.left ** (op.right + 1) * op.d_left
    else:
        yield "exponential-as-power", op.right * op.left ** (op.right - 1) * op.d_right
        yield "exponential-as-power", op.right * op.left ** (op.right - 1)


def _sum(op: _Operation) -> Iterator[tuple[str, Any]]:
    sign = 1.0 if op.operator == "+" else -1.0
    if not op.right_varies:
        yield "constant-kept", op.d_left + sign * op.right
    elif not op.left_varies:
        yield "constant-kept", op.left + sign * op.d_right
    else:
        yield "term-missing", op.d_left
        yield "term-missing", sign * op.d_right


_OPERATION_RULES: dict[str, Callable[[_Operation], Iterator[tuple[str, Any]]]] = {
    "*": _product, "/": _quotient, "^": _power, "+": _sum, "-": _sum,
}  # fmt: skip


def taken_apart(expression: Expression, wrt: str, points: Points) -> Part:
    """Return `expression` with the values, derivatives and weights of its varying parts."""
    with np.errstate(all="ignore"):
        whole = _part(expression, wrt, points)
        for part in parts(whole):
            for child, side in part.sides:
                child.weight = part.weight * _partial(part.node, side, child.value, points)
    return whole


def parts(whole: Part) -> Iterator[Part]:
    """Yield the varying parts, a part before those that it is made of."""
    yield whole
    for child, _side in whole.sides:
        yield from parts(child)


def mistakes(whole: Part, wrt: str, points: Points) -> list[Mistake]:
    """Return every wrong derivative that the rules give: with one mistake, then with one kind everywhere."""
    with np.errstate(all="ignore"):
        found = [
            Mistake(kind, part.node, inner, lifted(whole, part, wrong))
            for part in parts(whole)
            for kind, inner, wrong in _at(part, wrt, points)
        ]
        firsts = {mistake.kind: mistake for mistake in reversed(found)}
        found += [
            first._replace(wrong=_everywhere(kind, whole, wrt, points))
            for kind, first in firsts.items()
            if kind not in ("sign", "not-differentiated")
        ]
    return found


def lifted(whole: Part, part: Part, wrong: Any) -> Any:
    """Return the derivative of the whole where that of `part` is `wrong`."""
    return wrong if part is whole else whole.slope + part.weight * (wrong - part.slope)


def _part(node: Expression, wrt: str, points: Points) -> Part:
    names = ("left", "right") if isinstance(node, Binary) else ("only",)
    sides = [
        (_part(child, wrt, points), side)
        for child, side in zip(children(node), names, strict=False)
        if contains(child, wrt)
    ]
    slopes = [_partial(node, side, child.value, points) * child.slope for child, side in sides]
    return Part(node, evaluate(node, points), sum(slopes) if slopes else float(node == Variable(wrt)), sides)


def _at(part: Part, wrt: str, points: Points) -> Iterator[tuple[str, Expression | None, Any]]:
    """Yield kind, inner function and wrong derivative of one part for each mistake that may be made there."""
    for inner, composition in _compositions(part, wrt, points):
        for kind, rule in _COMPOSITION_RULES.items():
            yield kind, inner.node, rule(composition)
        for deeper, _function in _compositions(inner, wrt, points):
            yield "missing-inner-derivative", inner.node, composition.slope(inner.value) * deeper.slope
    if isinstance(part.node, Binary):
        slopes = {side: child.slope for child, side in part.sides}
        for kind, wrong in _OPERATION_RULES[part.node.operator](_operation(part.node, slopes, points)):
            yield kind, None, wrong
    if isinstance(part.node, Call) and part.node.function == "sqrt":
        yield "power-not-reduced", None, part.value / 2.0 * part.sides[0][0].slope
    yield "not-differentiated", None, part.value
    yield "sign", None, -part.slope


def _everywhere(kind: str, part: Part, wrt: str, points: Points) -> Any:
    """Return the derivative of `part` with one kind of mistake wherever it applies."""
    slopes = {side: _everywhere(kind, child, wrt, points) for child, side in part.sides}
    if kind in _COMPOSITION_RULES and len(part.sides) == 1:
        child, side = part.sides[0]
        if _is_curved(part.node, side) and child.node != Variable(wrt):
            composition = _Composition([(part.node, side)], child.value, slopes[side], points, points[wrt])
            return _COMPOSITION_RULES[kind](composition)
    if isinstance(part.node, Binary):
        operation = _operation(part.node, slopes, points)
        for found, wrong in _OPERATION_RULES[part.node.operator](operation):
            if found == kind:
                return wrong
    if not part.sides:
        return part.slope
    return sum(_partial(part.node, side, child.value, points) * slopes[side] for child, side in part.sides)


def _compositions(part: Part, wrt: str, points: Points) -> Iterator[tuple[Part, _Composition]]:
    """Yield each inner function through which alone `part` varies, and `part` as a function of it."""
    steps: list[tuple[Expression, str]] = []
    inner, curved = part, False
    while len(inner.sides) == 1 and len(steps) < _DEEPEST_INNER:
        child, side = inner.sides[0]
        steps.append((inner.node, side))
        curved = curved or _is_curved(inner.node, side)
        inner = child
        if curved and inner.node != Variable(wrt):
            yield inner, _Composition(list(steps), inner.value, inner.slope, points, points[wrt])


def _is_curved(node: Expression, side: str) -> bool:
    """Whether the operation is more than a factor or a term: only then does where it is taken matter."""
    match node:
        case Binary("^", _, _) | Call(_, _):
            return True
        case Binary("/", _, _):
            return side == "right"
    return False


def _operation(node: Binary, slopes: dict[str, Any], points: Points) -> _Operation:
    return _Operation(
        node.operator,
        evaluate(node.left, points),
        evaluate(node.right, points),
        slopes.get("left", 0.0),
        slopes.get("right", 0.0),
        "left" in slopes,
        "right" in slopes,
    )


def _applied(node: Expression, side: str, at: Any, points: Points) -> Any:
    """Return the value of the operation `node` with `at` in the place of one child."""
    match node:
        case Call(function, _):
            return FUNCTIONS[function].apply(at)
        case Binary(operator, left, right):
            both = {"left": at, "right": evaluate(right, points)}
            if side == "right":
                both = {"left": evaluate(left, points), "right": at}
            return evaluate(Binary(operator, _LEFT, _RIGHT), both)
    return -at


def _partial(node: Expression, side: str, at: Any, points: Points) -> Any:
    """Return the derivative of the operation `node` by one child, at the child's value `at`."""
    match node:
        case Call(function, _):
            return evaluate(FUNCTIONS[function].derivative(_LEFT), {"left": at})
        case Binary("+", _, _):
            return 1.0
        case Binary("-", _, _):
            return 1.0 if side == "left" else -1.0
        case Binary("*", left, right):
            return evaluate(right if side == "left" else left, points)
        case Binary("/", left, right):
            return 1.0 / evaluate(right, points) if side == "left" else -evaluate(left, points) / at**2
        case Binary("^", left, right):
            if side == "left":
                exponent = evaluate(right, points)
                return exponent * at ** (exponent - 1.0)
            base = evaluate(left, points)
            return base**at * np.log(base)
    return -1.0
