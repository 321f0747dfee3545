"""What is to be said along the variable: where a function has no value, and where it has no derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.domain import why_no_value
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Binary, Call, Expression, contains, walk
from chainrule_gui.typeset.numbers import format_number

Array = NDArray[np.float64]

_MOST = 60
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Region:
    """An interval of the variable, or a point, without a value or, where it `exists`, without a derivative."""

    low: float
    high: float
    sentence: str
    exists: bool = False


def regions(expression: Expression, point: dict[str, float], wrt: str, xs: Array, ys: Array) -> tuple[Region, ...]:
    """Return where `expression` has no value or no derivative, in the order of the variable.

    Parameters
    ----------
    point : values of all variables; all but `wrt` are held fixed
    xs, ys : samples of the function, ys nan where there is no value; shape (n,)
    """

    def values_of(part: Expression) -> Callable[[Array], Array]:
        return lambda at: np.broadcast_to(np.asarray(evaluate(part, point | {wrt: at}), dtype=np.float64), at.shape)

    def exists(at: float) -> bool:
        return bool(np.isfinite(evaluate(expression, point | {wrt: at})))

    found: list[Region] = []
    for first, last in _runs(~np.isfinite(ys)):
        low = _edge(exists, xs[first], xs[first - 1]) if first > 0 else xs[first]
        high = _edge(exists, xs[last], xs[last + 1]) if last + 1 < len(xs) else xs[last]
        why = why_no_value(expression, point | {wrt: float(xs[(first + last) // 2])})
        found.append(Region(float(low), float(high), why or ""))
    for part in dict.fromkeys(walk(expression)):
        match part:
            case Call(function, argument) if _jumps_at_zero(function) and contains(argument, wrt):
                said = _("At {wrt} = {place} the slope of {formula} jumps: there is no derivative.")
                found += _said(said, part, wrt, filter(exists, _zeros(values_of(argument), xs)), True)
            case Binary("/", _top, bottom) if contains(bottom, wrt):
                said = _("At {wrt} = {place} the denominator of {formula} is 0: there is no value.")
                found += _said(said, part, wrt, _zeros(values_of(bottom), xs), False)
    return tuple(sorted(found, key=lambda region: (region.low, region.high)))[:_MOST]


def _jumps_at_zero(function: str) -> bool:
    """Whether a function has a kink at 0, inside its domain: abs, relu."""
    row = FUNCTIONS[function]
    return not row.differentiable(0.0) and row.contains(-1.0) and row.contains(1.0)


def _said(sentence: str, part: Expression, wrt: str, places: Iterator[float], exists: bool) -> list[Region]:
    formula = to_text(part)
    return [Region(x, x, sentence.format(wrt=wrt, place=format_number(x), formula=formula), exists) for x in places]


def cut(regions: tuple[Region, ...], xs: Array, ys: Array) -> Array:
    """Return a curve without the line that would join its two sides across a point without a value."""
    cut_ys = ys.copy()
    for region in regions:
        if region.low == region.high and not region.exists:
            cut_ys[min(int(np.searchsorted(xs, region.low)), len(xs) - 1)] = np.nan
    return cut_ys


def _runs(marked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield first and last place of each run of marks; a single mark is a point, said by what makes it one."""
    steps = np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8))
    for first, behind in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
        if behind - first > 1:
            yield int(first), int(behind) - 1


def _edge(exists: Callable[[float], bool], outside: float, inside: float) -> float:
    """Return where values begin between a place without one and a place with one."""
    for _halving in range(_HALVINGS):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if exists(middle) else (middle, inside)
    return inside


def _zeros(values: Callable[[Array], Array], xs: Array) -> Iterator[float]:
    """Yield where something is 0: at a sample, or between two samples of different sign."""
    ys = values(xs)
    yield from (float(x) for x in xs[ys == 0])
    with np.errstate(invalid="ignore"):
        changes = np.flatnonzero(ys[:-1] * ys[1:] < 0)
    for place in changes:
        low, high, sign = float(xs[place]), float(xs[place + 1]), np.sign(ys[place])
        for _halving in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if np.sign(values(np.array([middle]))[0]) == sign else (low, middle)
        if abs(values(np.array([high]))[0]) <= abs(ys[place]):  # a pole changes sign, too, and grows
            yield high
