"""The curves of the function plot: the derivative, what it is the derivative of, and the inner functions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.calculus import substituted
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.gaps import Gap
from chainrule_gui.model.expression.tree import Expression, substitute
from chainrule_gui.session.derived import Derived

Array = NDArray[np.float64]

_SAMPLES = 801


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One curve of the function plot; `ys` is nan where there is no value."""

    name: str
    xs: Array
    ys: Array


def function_curves(
    whole: Derived, point: dict[str, float], wrt: str, x_range: tuple[float, float], gaps: tuple[Gap, ...]
) -> tuple[Curve, ...]:
    """Return the derivative's curve, those it is the derivative of, and those of the inner functions."""
    xs = np.linspace(*x_range, _SAMPLES)
    values = point | {wrt: xs}
    curves = []
    meanings: dict[str, Expression] = {}
    for quantity in whole.last.quantities[:-1]:
        if quantity.definition is not None:
            meanings[quantity.name] = substitute(quantity.definition, meanings)
            curves.append(Curve(quantity.name, xs, _finite(evaluate(meanings[quantity.name], values), xs)))
    named = [(one.of, one.expression or whole.expression) for one in whole.derivations]
    inner = len(curves)
    for name, formula in (*named, (whole.derivative_name, substituted(whole.last))):
        curves.append(Curve(name, xs, _finite(evaluate(formula, values), xs)))
        if len(curves) > inner + 1:
            # A derivative's formula may have values where the function has none: ln′ = 1/x left of 0.
            curves[-1].ys[np.isnan(curves[-2].ys)] = np.nan
    curves[inner:] = [_cut(curve, gaps) for curve in curves[inner:]]
    return tuple(reversed(curves))


def _cut(curve: Curve, gaps: tuple[Gap, ...]) -> Curve:
    """Leave out the line that would join the two sides of a pole."""
    poles = [gap.low for gap in gaps if gap.low == gap.high and not gap.has_value]
    ys = curve.ys.copy()
    ys[np.minimum(np.searchsorted(curve.xs, poles), len(ys) - 1)] = np.nan
    return replace(curve, ys=ys)


def _finite(values: object, xs: Array) -> Array:
    ys = np.array(np.broadcast_to(np.asarray(values, dtype=np.float64), xs.shape))
    ys[~np.isfinite(ys)] = np.nan
    return ys
