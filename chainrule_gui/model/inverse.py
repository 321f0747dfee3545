"""Where a function's inner quantity takes a value that is asked for, near the present point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.expression.evaluate import evaluate

Array = NDArray[np.float64]

_SAMPLES = 801
_HALVINGS = 50


def place_where(derivation: Derivation, name: str, target: float, x_range: tuple[float, float]) -> float | None:
    """Return the x at which the quantity `name` is `target`, every other variable held fixed.

    Only the branches that go steadily towards the target from the present x are followed, inside `x_range`:
    who drags a point never jumps to another branch. Where they do not reach it, the end that comes nearest is
    returned; None where either way leads away from it, or where there is no value to start from.
    """
    given = {quantity.name: quantity.value for quantity in derivation.quantities if quantity.definition is None}
    x, value = given[derivation.wrt], derivation.quantity(name).value
    if x is None or value is None:
        return None
    if value == target:
        return x

    def height(xs: Array) -> Array:
        known: dict[str, object] = {**given, derivation.wrt: xs}
        for quantity in derivation.quantities:
            if quantity.definition is not None:
                known[quantity.name] = evaluate(quantity.definition, known)
        return np.broadcast_to(np.asarray(known[name], dtype=np.float64), xs.shape)

    bounds = (max(x_range[1], x), min(x_range[0], x))
    ends = [end for bound in bounds if (end := _towards(height, np.linspace(x, bound, _SAMPLES), target)) is not None]
    # At a peak or in a valley both ways may lead there: the nearer place is meant.
    return min(((miss, abs(place - x), place) for miss, place in ends), default=(0.0, 0.0, None))[2]


def _towards(height: Callable[[Array], Array], xs: Array, target: float) -> tuple[float, float] | None:
    """Follow a branch while it comes nearer: by how much the target is missed, and where; None where it never does."""
    ys = height(xs)
    way = np.sign(target - ys[0])
    with np.errstate(invalid="ignore"):
        nearer = way * np.diff(ys) > 0
    steady = len(nearer) if nearer.all() else int(np.argmin(nearer))
    if steady == 0:
        return None
    left = way * (target - ys[: steady + 1])
    if left[-1] > 0:
        return float(left[-1]), float(xs[steady])
    behind = int(np.argmax(left <= 0))
    near, far = float(xs[behind - 1]), float(xs[behind])
    for _halving in range(_HALVINGS):
        middle = (near + far) / 2
        if way * (target - float(height(np.array([middle]))[0])) > 0:
            near = middle
        else:
            far = middle
    return 0.0, far
