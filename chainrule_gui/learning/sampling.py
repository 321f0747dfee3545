"""Points at which expressions can be compared: all of one fixed seed, at many scales, with every pattern of signs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.tree import Expression, Number, walk

Points = dict[str, NDArray[np.float64]]
"""One array for each variable, all of the same length."""

ENOUGH = 24
"""With fewer points where everything has a value, more are looked for."""

_FIRST = 320
_MORE = 4000
_ROUNDS = 4
_SCALES = np.array([0.3, 1.0, 1.0, 3.0, 3.0, 10.0, 30.0, 100.0])


def common_points(expressions: Sequence[Expression], names: Sequence[str]) -> Points:
    """Return points at which every one of `expressions` has a finite real value; possibly none."""
    anchors = tuple(sorted({node.value for tree in expressions for node in walk(tree) if isinstance(node, Number)}))
    points = _drawn(tuple(names), anchors)
    found = _chosen(points, has_values(expressions, points))
    generator = np.random.default_rng(1)
    for _round in range(_ROUNDS):
        size = _size(found)
        if size >= ENOUGH:
            break
        points = _draw(names, anchors, _MORE, generator)
        if size:
            points = _joined(points, _around(found, _MORE, generator))
        found = _joined(found, _chosen(points, has_values(expressions, points)))
    return _chosen(found, np.arange(min(_size(found), _FIRST)))


def has_values(expressions: Sequence[Expression], points: Points) -> NDArray[np.bool_]:
    """Return at which of `points` every one of `expressions` has a finite real value."""
    valid = np.ones(_size(points), dtype=bool)
    for expression in expressions:
        valid &= np.isfinite(evaluate(expression, points))
    return valid


@lru_cache(maxsize=64)
def _drawn(names: tuple[str, ...], anchors: tuple[float, ...] = ()) -> Points:
    """Return the first points to look at, wherever they lie; `anchors` are numbers to look near."""
    points = _draw(names, anchors, _FIRST, np.random.default_rng(0))
    for values in points.values():
        values.flags.writeable = False
    return points


def _draw(names: Sequence[str], anchors: Sequence[float], count: int, generator: np.random.Generator) -> Points:
    """Draw half at fixed scales, an eighth at any, an eighth positive, a quarter near the expressions' numbers."""
    half, eighth = count // 2, count // 8
    quarter = count - half - 2 * eighth
    near = np.array([0.0, *anchors, *(-anchor for anchor in anchors)])
    return {
        name: np.concatenate(
            [
                generator.choice(_SCALES, half) * generator.uniform(-1.0, 1.0, half),
                generator.choice([-1.0, 1.0], eighth) * 10.0 ** generator.uniform(-6.0, 6.0, eighth),
                np.exp(generator.normal(0.0, 1.0, eighth)),
                generator.choice(near, quarter) + generator.normal(0.0, 1.0, quarter),
            ]
        )
        for name in names
    }


def _around(points: Points, count: int, generator: np.random.Generator) -> Points:
    """Points near `points`: where a domain is narrow, its neighbourhood is where to look."""
    chosen = generator.integers(0, _size(points), count)
    reach = 10.0 ** generator.uniform(-4.0, 0.0, count)
    return {
        name: values[chosen] * (1.0 + reach * generator.normal(0.0, 1.0, count))
        + reach * generator.normal(0.0, 1.0, count) * (generator.uniform(size=count) < 0.5)
        for name, values in points.items()
    }


def _size(points: Points) -> int:
    return len(next(iter(points.values())))


def _chosen(points: Points, which: NDArray[np.bool_] | NDArray[np.int_]) -> Points:
    return {name: values[which] for name, values in points.items()}


def _joined(first: Points, second: Points) -> Points:
    return {name: np.concatenate([values, second[name]]) for name, values in first.items()}
