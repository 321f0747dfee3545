"""Why an expression has no value, or no derivative, at a point or along an axis: said in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import number_text, to_text
from chainrule_gui.model.expression.tree import ONE, Binary, Call, Expression, children, contains, walk


def why_no_value(expression: Expression, values: Mapping[str, float]) -> str | None:
    """Return what keeps `expression` from having a finite real value, innermost cause first; None if nothing."""
    for child in children(expression):
        if reason := why_no_value(child, values):
            return reason
    if math.isfinite(evaluate(expression, values)):
        return None
    match expression:
        case Call(function, argument):
            row, at = FUNCTIONS[function], float(evaluate(argument, values))
            if not row.contains(at):
                message = _("{function} has no value at {at}: its domain is {domain}.")
                return message.format(function=row.key, at=_short(at), domain=_(row.domain))
        case Binary("/", _left, right) if evaluate(right, values) == 0:
            return _("{formula} has no value: its denominator is 0.").format(formula=to_text(expression))
        case Binary("^", base, exponent):
            base_at, exponent_at = float(evaluate(base, values)), float(evaluate(exponent, values))
            if base_at == 0:
                return _("0 to the power {exponent} has no value: it divides by 0.").format(
                    exponent=_short(exponent_at)
                )
            if base_at < 0 and not exponent_at.is_integer():
                message = _("{base} to the power {exponent} is not a real number.")
                return message.format(base=_short(base_at), exponent=_short(exponent_at))
    return _("{formula} is too large to calculate with here.").format(formula=to_text(expression))


def why_no_derivative(
    definition: Expression, by: str, local_derivative: Expression, values: Mapping[str, float]
) -> str | None:
    """Return what keeps `definition` from having a finite derivative by the variable `by`; None if nothing."""
    if reason := why_no_value(definition, values) or _kink(definition, by, values):
        return reason
    if math.isfinite(evaluate(local_derivative, values)):
        return None
    message = _("{formula} has no finite slope here: its derivative {derivative} has no value.")
    return message.format(formula=to_text(definition), derivative=to_text(local_derivative))


def may_have_kink(definition: Expression) -> bool:
    """Whether `definition` uses a function that has no derivative at some point of its domain."""
    return any(isinstance(node, Call) and FUNCTIONS[node.function].kinks for node in walk(definition))


def _kink(definition: Expression, by: str, values: Mapping[str, float]) -> str | None:
    if not contains(definition, by):
        return None
    if isinstance(definition, Call):
        row, at = FUNCTIONS[definition.function], float(evaluate(definition.argument, values))
        if not row.differentiable(at):
            message = _("{function} has no derivative at {at} ({kinks}).")
            return message.format(function=row.key, at=_short(at), kinks=_(row.kinks))
    return next((reason for child in children(definition) if (reason := _kink(child, by, values))), None)


def _short(value: float) -> str:
    return number_text(float(f"{value:.4g}")).replace("-", "−")


@dataclass(frozen=True, slots=True)
class Gap:
    """Part of the axis where a function or its derivative has no value, or one point where it has a kink or pole.

    Attributes
    ----------
    low, high : the ends; equal for a single point
    why : a sentence
    has_value : whether the function itself has a value there, and only its derivative has none
    """

    low: float
    high: float
    why: str
    has_value: bool


_SAMPLES = 2001
_MOST_POINTS = 60
"""So many single points are found at most: tan(1/x) has any number of them."""


def gaps(
    expression: Expression, derivative: Expression, name: str, low: float, high: float, others: Mapping[str, float]
) -> tuple[Gap, ...]:
    """Return where, from `low` to `high`, `expression` or its derivative by `name` has no value, from left to right.

    Intervals are found by sampling, their ends by bisection; poles and kinks between two samples by the zeros of what
    causes them (a denominator, the argument of |…|).

    Parameters
    ----------
    others : the values of the other variables
    """
    x = np.linspace(low, high, _SAMPLES)
    at = _Axis(expression, derivative, name, dict(others))
    states = at.states(x)
    found: list[Gap] = []
    edges = np.flatnonzero(states[1:] != states[:-1]) + 1
    starts = [0, *edges.tolist()]
    ends = [*edges.tolist(), _SAMPLES]
    for start, end in zip(starts, ends, strict=True):
        state = int(states[start])
        if state == _FINE or end - start == 1 and 0 < start < _SAMPLES - 1:
            continue
        left = low if start == 0 else at.edge(float(x[start - 1]), float(x[start]), state)
        right = high if end == _SAMPLES else at.edge(float(x[end]), float(x[end - 1]), state)
        middle = float(x[(start + end - 1) // 2])
        if why := at.why(middle):
            found.append(Gap(left, right, why, state == _NO_SLOPE))
    inside = [(gap.low, gap.high) for gap in found]
    spacing = (high - low) / (_SAMPLES - 1)
    for place, why, has_value in at.points(x)[:_MOST_POINTS]:
        if not any(left - spacing * 1e-6 <= place <= right + spacing * 1e-6 for left, right in inside):
            found.append(Gap(place, place, why, has_value))
            inside.append((place, place))
    return tuple(sorted(found, key=lambda gap: gap.low))


_FINE, _NO_SLOPE, _NO_VALUE = range(3)


class _Axis:
    """A function along one variable, the others fixed."""

    def __init__(self, expression: Expression, derivative: Expression, name: str, others: dict[str, float]) -> None:
        self.expression = expression
        self.derivative = derivative
        self.name = name
        self.others = others

    def value(self, formula: Expression, x: Any) -> Any:
        return evaluate(formula, {**self.others, self.name: x})

    def states(self, x: Any) -> Any:
        value = np.broadcast_to(self.value(self.expression, x), x.shape)
        slope = np.broadcast_to(self.value(self.derivative, x), x.shape)
        return np.where(~np.isfinite(value), _NO_VALUE, np.where(~np.isfinite(slope), _NO_SLOPE, _FINE))

    def edge(self, outside: float, inside: float, state: int) -> float:
        """Return where the state begins, between a point that does not have it and one that has."""
        for _halving in range(60):
            middle = (outside + inside) / 2
            if int(self.states(np.array([middle]))[0]) == state:
                inside = middle
            else:
                outside = middle
        return _rounded(inside, abs(inside - outside))

    def why(self, x: float) -> str | None:
        values = {**self.others, self.name: x}
        return why_no_value(self.expression, values) or why_no_derivative(
            self.expression, self.name, self.derivative, values
        )

    def points(self, x: Any) -> list[tuple[float, str, bool]]:
        """Return the single points without value or derivative, each with its sentence."""
        found: list[tuple[float, str, bool]] = []
        for node in walk(self.expression):
            if contains(node, self.name):
                for cause, make in _causes(node):
                    for place in self._zeros(cause, x):
                        found += [(place, *said) for said in [make(self, place)] if said is not None]
        return sorted(set(found))

    def _zeros(self, cause: Expression, x: Any) -> list[float]:
        """Return where `cause` is 0: at samples, where its sign changes, and where it touches 0 between samples."""
        values = np.broadcast_to(self.value(cause, x), x.shape)
        zeros = x[values == 0].tolist()[:_MOST_POINTS]
        if len(zeros) > _SAMPLES // 2:
            return []
        changes = np.flatnonzero(values[:-1] * values[1:] < 0)[:_MOST_POINTS]
        for index in changes:
            zeros += self._bisected(cause, float(x[index]), float(x[index + 1]))
        size = np.abs(values)
        dips = np.flatnonzero((size[1:-1] < size[:-2]) & (size[1:-1] < size[2:]) & (values[:-2] * values[2:] > 0)) + 1
        for index in dips[:_MOST_POINTS]:
            zeros += self._touched(cause, float(x[index - 1]), float(x[index + 1]))
        return zeros

    def _bisected(self, cause: Expression, left: float, right: float) -> list[float]:
        at_left = float(self.value(cause, left))
        start = max(abs(at_left), abs(float(self.value(cause, right))))
        for _halving in range(60):
            middle = (left + right) / 2
            value = float(self.value(cause, middle))
            if value == 0:
                left = right = middle
            elif (value > 0) == (at_left > 0):
                left = middle
            else:
                right = middle
        place = _rounded((left + right) / 2, abs(right - left))
        # Where the sign changes through a pole instead, the value there is not small.
        return [place] if abs(float(self.value(cause, (left + right) / 2))) <= start else []

    def _touched(self, cause: Expression, left: float, right: float) -> list[float]:
        start = abs(float(self.value(cause, left)))
        for _third in range(80):
            a, b = left + (right - left) / 3, right - (right - left) / 3
            if abs(float(self.value(cause, a))) <= abs(float(self.value(cause, b))):
                right = b
            else:
                left = a
        place = _rounded((left + right) / 2, 1e-7 * max(1.0, abs(left)))
        return [place] if abs(float(self.value(cause, place))) <= 1e-12 * start else []


Said = Callable[["_Axis", float], "tuple[str, bool] | None"]


def _causes(node: Expression) -> list[tuple[Expression, Said]]:
    """Return what in a node makes a pole or a kink where it is 0, each with what is to be said there."""
    match node:
        case Binary("/", _, bottom):
            return [(bottom, _exactly_there)]
        case Binary("^", base, _):
            return [(base, _exactly_there)]
        case Call("tan", argument):
            return [(Call("cos", argument), _pole_of(node))]
        case Call("asin" | "acos", argument):
            return [(Binary("-", argument, ONE), _exactly_there), (Binary("+", argument, ONE), _exactly_there)]
        case Call(function, argument) if FUNCTIONS[function].kinks or not FUNCTIONS[function].contains(0.0):
            return [(argument, _exactly_there)]
    return []


def _exactly_there(axis: _Axis, x: float) -> tuple[str, bool] | None:
    why = axis.why(x)
    return None if why is None else (why, bool(np.isfinite(axis.value(axis.expression, x))))


def _pole_of(node: Call) -> Said:
    def said(axis: _Axis, x: float) -> tuple[str, bool]:
        row, at = FUNCTIONS[node.function], float(axis.value(node.argument, x))
        message = _("{function} has no value at {at}: its domain is {domain}.")
        return message.format(function=row.key, at=_short(at), domain=_(row.domain)), False

    return said


def _rounded(value: float, uncertainty: float) -> float:
    """Return the number with the fewest digits that the uncertainty allows: −1.1e−16 is 0, 0.4999999999 is 0.5."""
    room = max(uncertainty, 1e-12 * max(1.0, abs(value)))
    for digits in range(15):
        short = round(value, digits)
        if abs(short - value) <= room:
            return short + 0.0
    return value
