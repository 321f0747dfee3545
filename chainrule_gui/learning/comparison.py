"""Whether two expressions are the same function, as far as real numbers can tell."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.learning.precise import agree_precisely
from chainrule_gui.learning.rounding import measured
from chainrule_gui.learning.sampling import Points, common_points
from chainrule_gui.model.bounded import bounded
from chainrule_gui.model.expression.tree import Expression

SECONDS = 5.0
"""What a close case may take."""

_BEYOND_ROUNDING = 4.0
_SHARP = 1e-7
"""A point counts as evidence for equality where rounding hides at most this part of the value."""
_CLEAR = 1e-6
_ENOUGH_SHARP = 12
_ENOUGH_CLEAR = 3
_MOST_ROWS = 24
_NOTHING = 1e-25


class Outcome(Enum):
    """What a comparison found."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NO_COMMON_POINT = "no common point"
    UNDECIDED = "undecided"


def compare(first: Expression, second: Expression, names: Sequence[str], where: Sequence[Expression] = ()) -> Outcome:
    """Compare two expressions where they and all of `where` have finite real values.

    Values come with a bound for their rounding error. A difference beyond it at several points is a difference;
    none at many points where the bound is small is equality; whatever lies between is decided with hundreds of
    digits, in a process of its own that has 5 s.
    """
    if first == second:
        return Outcome.EQUAL
    points = common_points((first, second, *where), names)
    (one, its_error), (other, other_error) = (measured(tree, points) for tree in (first, second))
    if not len(points[names[0]]):
        return Outcome.NO_COMMON_POINT
    with np.errstate(all="ignore"):
        difference = np.abs(one - other)
        scale = np.maximum(np.abs(one), np.abs(other))
        error = its_error + other_error
        apart = _at_each(difference > _BEYOND_ROUNDING * error, points)
        sharp = _at_each(error <= _SHARP * scale, points)
        clear = apart & sharp & (difference > _CLEAR * scale)
    if np.count_nonzero(clear) >= _ENOUGH_CLEAR:
        return Outcome.DIFFERENT
    if not apart.any() and np.count_nonzero(sharp) >= _ENOUGH_SHARP:
        return Outcome.EQUAL
    # Where cancellation leaves nothing of a value, many digits may leave nothing either.
    doubt = np.where(apart, 0.0, _at_each(error / (scale + _NOTHING), points))
    legible_first = np.argsort(doubt, kind="stable")[:_MOST_ROWS]
    return _decided_precisely(first, second, points, legible_first)


def _at_each(which: NDArray[Any], points: Points) -> NDArray[Any]:
    """One entry for each point, also where both expressions are constants."""
    return np.broadcast_to(which, next(iter(points.values())).shape)


def _decided_precisely(first: Expression, second: Expression, points: Points, which: NDArray[np.int_]) -> Outcome:
    rows = np.column_stack(list(points.values()))[which].tolist()
    try:
        agree = bounded(agree_precisely, first, second, tuple(points), rows, seconds=SECONDS)
    except (ImportError, TimeoutError, RuntimeError, MemoryError):
        agree = None
    if agree is None:
        return Outcome.UNDECIDED
    return Outcome.EQUAL if agree else Outcome.DIFFERENT
