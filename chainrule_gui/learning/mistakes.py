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
    Operator,
    Variable,
    children,
    contains,
)

_DEEPEST_INNER = 6
"""An inner function is looked for at most so many levels down: sin(2 + 3x) has 2 + 3x and 3x."""


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
    """A part of the expression, with its numbers at all points.

    Attributes
    ----------
    value, slope : its value and its derivative by the variable
    operands : the values of its children, by side: ``left`` and ``right``, or ``only``
    varying : its children that hold the variable, by side
    weight : ∂whole/∂part
    """

    node: Expression
    value: Any
    slope: Any
    operands: dict[str, Any]
    varying: dict[str, Part]
    weight: Any = 1.0


class _Composition:
    """f(u): the operations from an outer part down to an inner one, to be evaluated at any argument."""

    def __init__(self, steps: list[tuple[Part, str]], inner: Any, inner_slope: Any, x: Any) -> None:
        self._steps = steps
        self.x = x
        self.inner = inner
        self.inner_slope = inner_slope

    def value(self, at: Any) -> Any:
        for part, side in reversed(self._steps):
            at = _applied(part.node, {**part.operands, side: at})
        return at

    def slope(self, at: Any) -> Any:
        slope: Any = 1.0
        for part, side in reversed(self._steps):
            operands = {**part.operands, side: at}
            slope = slope * _partial(part.node, side, operands)
            at = _applied(part.node, operands)
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
    "inner-derivative-twice": lambda f: f.slope(f.inner_slope) * f.inner_slope,
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
    """Return `expression` with the values, derivatives and weights of its parts."""
    with np.errstate(all="ignore"):
        whole = _part(expression, wrt, points)
        for part in parts(whole):
            for side, child in part.varying.items():
                child.weight = part.weight * _partial(part.node, side, part.operands)
    return whole


def parts(whole: Part) -> Iterator[Part]:
    """Yield the varying parts, a part before those that it is made of."""
    yield whole
    for child in whole.varying.values():
        yield from parts(child)


def mistakes(whole: Part, x: Any) -> list[Mistake]:
    """Return every wrong derivative that the rules give: with one mistake, then with one kind everywhere.

    Parameters
    ----------
    whole : from `taken_apart`
    x : the variable's value at each point
    """
    with np.errstate(all="ignore"):
        found = [
            Mistake(kind, part.node, inner, lifted(whole, part, wrong))
            for part in parts(whole)
            for kind, inner, wrong in _at(part, x)
        ]
        firsts = {mistake.kind: mistake for mistake in reversed(found)}
        found += [
            first._replace(wrong=_everywhere(kind, whole, x))
            for kind, first in firsts.items()
            if kind not in ("sign", "not-differentiated")
        ]
    return found


def lifted(whole: Part, part: Part, wrong: Any) -> Any:
    """Return the derivative of the whole where that of `part` is `wrong`."""
    return wrong if part is whole else whole.slope + part.weight * (wrong - part.slope)


def _part(node: Expression, wrt: str, points: Points) -> Part:
    if not children(node):
        return Part(node, evaluate(node, points), float(node == Variable(wrt)), {}, {})
    sides = ("left", "right") if isinstance(node, Binary) else ("only",)
    made = {side: _part(child, wrt, points) for side, child in zip(sides, children(node), strict=True)}
    operands = {side: part.value for side, part in made.items()}
    varying = {side: part for side, part in made.items() if contains(part.node, wrt)}
    slope: Any = sum(_partial(node, side, operands) * part.slope for side, part in varying.items())
    return Part(node, _applied(node, operands), slope, operands, varying)


def _at(part: Part, x: Any) -> Iterator[tuple[str, Expression | None, Any]]:
    """Yield kind, inner function and wrong derivative of one part for each mistake that may be made there."""
    for inner, composition in _compositions(part, x):
        for kind, rule in _COMPOSITION_RULES.items():
            yield kind, inner.node, rule(composition)
        for deeper, _function in _compositions(inner, x):
            yield "missing-inner-derivative", inner.node, composition.slope(inner.value) * deeper.slope
    if isinstance(part.node, Binary):
        slopes = {side: child.slope for side, child in part.varying.items()}
        for kind, wrong in _OPERATION_RULES[part.node.operator](_operation(part.node.operator, part, slopes)):
            yield kind, None, wrong
    if isinstance(part.node, Call) and part.node.function == "sqrt":
        yield "power-not-reduced", None, part.value / 2.0 * part.varying["only"].slope
    yield from _raised_exponent(part)
    yield "not-differentiated", None, part.value
    yield "sign", None, -part.slope


def _raised_exponent(part: Part) -> Iterator[tuple[str, Expression | None, Any]]:
    """1/x^3 is x^(−3): its exponent changed by one the wrong way gives −3/x^2."""
    match part.node, part.varying:
        case Binary("/", _, Binary("^", _, _)), {"right": below} if len(part.varying) == 1:
            if set(below.varying) == {"left"}:
                base, exponent = below.operands["left"], below.operands["right"]
                slope = -exponent * base ** (1.0 - exponent) * below.varying["left"].slope
                yield "power-not-reduced", None, part.operands["left"] * slope


def _everywhere(kind: str, part: Part, x: Any) -> Any:
    """Return the derivative of `part` with one kind of mistake wherever it applies."""
    if not part.varying:
        return part.slope
    slopes = {side: _everywhere(kind, child, x) for side, child in part.varying.items()}
    side, child = next(iter(part.varying.items()))
    if kind in _COMPOSITION_RULES and _is_curved(part, side) and child.varying:
        return _COMPOSITION_RULES[kind](_Composition([(part, side)], child.value, slopes[side], x))
    if isinstance(part.node, Binary):
        for found, wrong in _OPERATION_RULES[part.node.operator](_operation(part.node.operator, part, slopes)):
            if found == kind:
                return wrong
    return sum(_partial(part.node, side, part.operands) * slope for side, slope in slopes.items())


def _compositions(part: Part, x: Any) -> Iterator[tuple[Part, _Composition]]:
    """Yield each inner function through which alone `part` varies, and `part` as a function of it."""
    steps: list[tuple[Part, str]] = []
    inner, curved = part, False
    while len(inner.varying) == 1 and len(steps) < _DEEPEST_INNER:
        side, child = next(iter(inner.varying.items()))
        steps.append((inner, side))
        curved = curved or _is_curved(inner, side)
        inner = child
        if curved and inner.varying:
            yield inner, _Composition(list(steps), inner.value, inner.slope, x)


def _is_curved(part: Part, side: str) -> bool:
    """Whether the operation is a function of one side, and more than a factor or a term."""
    match part.node:
        case Binary("^", _, _) | Call(_, _):
            return len(part.varying) == 1
        case Binary("/", _, _):
            return len(part.varying) == 1 and side == "right"
    return False


def _operation(operator: Operator, part: Part, slopes: dict[str, Any]) -> _Operation:
    return _Operation(
        operator,
        part.operands["left"],
        part.operands["right"],
        slopes.get("left", 0.0),
        slopes.get("right", 0.0),
        "left" in slopes,
        "right" in slopes,
    )


def _applied(node: Expression, operands: dict[str, Any]) -> Any:
    """Return the value of the operation `node` for other values of its children."""
    match node:
        case Call(function, _):
            return FUNCTIONS[function].apply(operands["only"])
        case Binary(operator, _, _):
            return evaluate(Binary(operator, Variable("left"), Variable("right")), operands)
    return -operands["only"]


def _partial(node: Expression, side: str, operands: dict[str, Any]) -> Any:
    """Return the derivative of the operation `node` by one child, for any values of its children."""
    match node:
        case Call(function, _):
            return evaluate(FUNCTIONS[function].derivative(Variable("only")), operands)
        case Binary(operator, _, _):
            a, b = operands["left"], operands["right"]
            by_left, by_right = _PARTIALS[operator]
            return by_left(a, b) if side == "left" else by_right(a, b)
    return -1.0


_PARTIALS: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "+": (lambda a, b: 1.0, lambda a, b: 1.0),
    "-": (lambda a, b: 1.0, lambda a, b: -1.0),
    "*": (lambda a, b: b, lambda a, b: a),
    "/": (lambda a, b: 1.0 / b, lambda a, b: -a / b**2),
    "^": (lambda a, b: b * a ** (b - 1.0), lambda a, b: a**b * np.log(a)),
}
