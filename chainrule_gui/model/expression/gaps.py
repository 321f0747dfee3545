"""Along one axis: where a function or its derivative has no value, in intervals and at single poles and kinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.domain import short_number, why_no_derivative, why_no_value
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import ONE, Binary, Call, Expression, contains, walk


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
    exact = at.states(x)
    states = _without_single_samples(exact)
    found: list[Gap] = []
    edges = np.flatnonzero(states[1:] != states[:-1]) + 1
    starts = [0, *edges.tolist()]
    ends = [*edges.tolist(), _SAMPLES]
    for start, end in zip(starts, ends, strict=True):
        state = int(states[start])
        if state == _FINE:
            continue
        left = low if start == 0 else at.edge(float(x[start - 1]), float(x[start]), state)
        right = high if end == _SAMPLES else at.edge(float(x[end]), float(x[end - 1]), state)
        typical = start + np.flatnonzero(exact[start:end] == state)
        if why := at.why(float(x[typical[len(typical) // 2]])):
            found.append(Gap(left, right, why, state == _NO_SLOPE))
    inside = [(gap.low, gap.high) for gap in found]
    spacing = (high - low) / (_SAMPLES - 1)
    for place, why, has_value in at.points(x)[:_MOST_POINTS]:
        if not any(left - spacing * 1e-6 <= place <= right + spacing * 1e-6 for left, right in inside):
            found.append(Gap(place, place, why, has_value))
            inside.append((place, place))
    return tuple(sorted(found, key=lambda gap: gap.low))


_FINE, _NO_SLOPE, _NO_VALUE = range(3)


def _without_single_samples(states: Any) -> Any:
    """Give a sample between two equal others their state: single points are looked for by their causes."""
    smooth = states.copy()
    alone = np.flatnonzero((states[:-2] == states[2:]) & (states[1:-1] != states[:-2])) + 1
    smooth[alone] = states[alone - 1]
    smooth[0], smooth[-1] = smooth[1], smooth[-2]
    return smooth


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
        return sorted(set(found), key=lambda point: (point[0], point[2], point[1]))  # no value is said first

    def _zeros(self, cause: Expression, x: Any) -> list[float]:
        """Return where `cause` is 0: at samples, where its sign changes, and where it touches 0 between samples."""
        values = np.broadcast_to(self.value(cause, x), x.shape)
        zeros: list[float] = x[values == 0].tolist()[:_MOST_POINTS]
        if len(zeros) > _SAMPLES // 2:
            return []
        sign = np.sign(values)
        changes = np.flatnonzero(sign[:-1] * sign[1:] < 0)[:_MOST_POINTS]
        for index in changes:
            zeros += self._bisected(cause, float(x[index]), float(x[index + 1]))
        size = np.abs(values)
        dips = np.flatnonzero((size[1:-1] < size[:-2]) & (size[1:-1] < size[2:]) & (sign[:-2] * sign[2:] > 0)) + 1
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
        for room in (1e-7, 1e-12):  # beside a parabola's lowest point halves of a number's digits look the same
            place = _rounded((left + right) / 2, room * max(1.0, abs(left)))
            if abs(float(self.value(cause, place))) <= 1e-10 * start:
                return [place]
        return []


_Said = Callable[[_Axis, float], tuple[str, bool] | None]
"""What is to be said of a point, and whether the function has a value there; None where nothing is wrong."""


def _causes(node: Expression) -> list[tuple[Expression, _Said]]:
    """Return what in a node makes a pole or a kink where it is 0, each with what is to be said there."""
    match node:
        case Binary("/", _, bottom):
            message = _("{formula} has no value: its denominator is 0.")
            return [(bottom, _said(message.format(formula=to_text(node)), False))]
        case Binary("^", base, exponent):
            return [(base, _of_power(exponent))]
        case Call("tan", argument):
            return [(Call("cos", argument), _of_call(node))]
        case Call("asin" | "acos", argument):
            return [(Binary(sign, argument, ONE), _of_call(node)) for sign in ("-", "+")]
        case Call(function, argument) if FUNCTIONS[function].kinks or not FUNCTIONS[function].contains(0.0):
            return [(argument, _of_call(node))]
    return []


def _said(sentence: str, has_value: bool) -> _Said:
    """Say what is wrong at exactly the point, or `sentence` where the point, being irrational, is not met exactly."""

    def said(axis: _Axis, x: float) -> tuple[str, bool]:
        exactly = axis.why(x)
        if exactly is None:
            return sentence, has_value
        return exactly, bool(np.isfinite(axis.value(axis.expression, x)))

    return said


def _of_power(exponent: Expression) -> _Said:
    def said(axis: _Axis, x: float) -> tuple[str, bool] | None:
        if (exactly := axis.why(x)) is not None:
            return exactly, bool(np.isfinite(axis.value(axis.expression, x)))
        at = float(axis.value(exponent, x))
        if at < 0:
            message = _("0 to the power {exponent} has no value: it divides by 0.")
            return message.format(exponent=short_number(at)), False
        if 0 < at < 1:
            return _("0 to the power {exponent} has an infinite slope.").format(exponent=short_number(at)), True
        return None

    return said


def _of_call(node: Call) -> _Said:
    row = FUNCTIONS[node.function]

    def said(axis: _Axis, x: float) -> tuple[str, bool] | None:
        at = float(np.round(axis.value(node.argument, x), 9)) + 0.0
        if row.kinks:
            message = _("{function} has no derivative at {at} ({kinks}).")
            return _said(message.format(function=row.key, at=short_number(at), kinks=_(row.kinks)), True)(axis, x)
        message = _("{function} has no value at {at}: its domain is {domain}.")
        return message.format(function=row.key, at=short_number(at), domain=_(row.domain)), False

    return said


def _rounded(value: float, uncertainty: float) -> float:
    """Return the number with the fewest digits that the uncertainty allows: −1.1e−16 is 0, 0.4999999999 is 0.5."""
    room = max(uncertainty, 1e-12 * max(1.0, abs(value)))
    for digits in range(15):
        short = round(value, digits)
        if abs(short - value) <= room:
            return short + 0.0
    return value
