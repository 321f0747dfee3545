"""A small change of the variable, sent through the named quantities of a function.

Linear approximation: Δh ≈ h′(x)·Δx, and for a twice differentiable h the error is ½·h″·Δx² + O(Δx³).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.expression.evaluate import evaluate

_LARGEST, _SMALLEST, _PER_DECADE = 0, -7, 4
_CLEAR = 50.0
"""An error so many times larger than rounding is one of the approximation."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a nudge does to one quantity.

    Attributes
    ----------
    name : the quantity's name
    change : its new value minus its old one; None where one of them does not exist
    linear : its derivative by the variable times the nudge; None where it has no derivative
    """

    name: str
    change: float | None
    linear: float | None

    @property
    def error(self) -> float | None:
        """How far the linear approximation is off; None where it or the change does not exist."""
        return None if self.change is None or self.linear is None else self.change - self.linear


@dataclass(frozen=True, slots=True, eq=False)
class Nudge:
    """A nudge of the variable and what follows from it.

    Attributes
    ----------
    size : Δx
    changes : one for each quantity that depends on the variable, from the variable to the result
    sizes, errors : |Δx| from 1 downwards, and |Δh − h′·Δx| for each, nan where it does not exist; same shape (n,)
    rounding : about so large an error is left by the computer's arithmetic alone
    """

    size: float
    changes: tuple[Change, ...]
    sizes: NDArray[np.float64]
    errors: NDArray[np.float64]
    rounding: float

    @property
    def result(self) -> Change:
        """The change of the result."""
        return self.changes[-1]

    @property
    def is_exact(self) -> bool:
        """Whether the linear approximation leaves nothing but rounding: the function is a straight line."""
        known = self.errors[np.isfinite(self.errors)]
        return len(known) > 0 and bool((known <= _CLEAR * self.rounding).all())

    @property
    def tenth(self) -> tuple[float, float, float] | None:
        """A size near the nudge's, its error, and the error of a tenth of that size; None where rounding hides it."""
        start = int(np.argmax(self.sizes <= abs(self.size) * (1 + 1e-9)))
        for place in range(start, -1, -1):
            if place + _PER_DECADE < len(self.sizes):
                error, smaller = float(self.errors[place]), float(self.errors[place + _PER_DECADE])
                if math.isfinite(error) and smaller > _CLEAR * self.rounding:
                    return float(self.sizes[place]), error, smaller
        return None

    def of(self, name: str) -> Change | None:
        """Return the change of a quantity; None for one that the variable does not reach."""
        return next((change for change in self.changes if change.name == name), None)


def nudge(derivation: Derivation, size: float) -> Nudge:
    """Send a change of `derivation.wrt` by `size` through a function's derivation that has values.

    Raises
    ------
    ValueError
        where the derivation is a network's, or has no point yet.
    """
    if derivation.expression is None:
        raise ValueError("only a function can be nudged")
    given = {quantity.name: quantity.value for quantity in derivation.quantities if quantity.definition is None}
    x = given[derivation.wrt]
    if x is None:
        raise ValueError("a nudge needs a point")
    sizes = math.copysign(1.0, size) * np.logspace(_LARGEST, _SMALLEST, (_LARGEST - _SMALLEST) * _PER_DECADE + 1)
    reached = {derivation.wrt, derivation.of, *(link.of for link in derivation.graph)}
    moved: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    moved[derivation.wrt] = x + np.append(sizes, size)
    changes: list[Change] = []
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            moved[quantity.name] = evaluate(quantity.definition, moved)
        if quantity.name in reached:
            slope = 1.0 if quantity.name == derivation.wrt else derivation.slope(quantity.name)
            linear = None if slope is None else slope * size
            changes.append(Change(quantity.name, _difference(moved[quantity.name], quantity.value), linear))
    terms = (derivation.quantity(derivation.of).value, (derivation.derivative_value or 0.0) * x)
    rounding = float(np.spacing(max(abs(term or 0.0) for term in terms)))
    return Nudge(size, tuple(changes), np.abs(sizes), _errors(derivation, moved[derivation.of], sizes), rounding)


def _difference(moved: object, value: float | None) -> float | None:
    new = float(np.atleast_1d(np.asarray(moved))[-1])
    return None if value is None or not math.isfinite(new) else new - value


def _errors(derivation: Derivation, moved: object, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    value, slope = derivation.quantity(derivation.of).value, derivation.derivative_value
    if value is None or slope is None:
        return np.full(sizes.shape, np.nan)
    ends = np.broadcast_to(np.asarray(moved, dtype=np.float64), (len(sizes) + 1,))[:-1]
    with np.errstate(all="ignore"):
        errors = np.abs((ends - value) - slope * sizes)
    return np.where(np.isfinite(errors), errors, np.nan)
