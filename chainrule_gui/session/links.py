"""What is plotted of each link of a chain: the function it stands for, over its own variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.chain import Chain, Derivation, Link
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.tree import Expression, variables

Array = NDArray[np.float64]

_SAMPLES = 401
_BESIDE = 0.12
"""So much of its width an inner quantity's range is shown on either side."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkCurve:
    """One link as a function of its own variable.

    Attributes
    ----------
    link : its two ends and its slope at the point
    definition : the formula of `link.of`
    held : names and values of what else stands in the formula and is held fixed here, None without a value
    xs, ys : the curve, ys nan where there is no value; shape (n,)
    seen : the range of y to show, but for the point
    at : the point on it, None where one of its two values does not exist
    """

    link: Link
    definition: Expression
    held: tuple[tuple[str, float | None], ...]
    xs: Array
    ys: Array
    seen: tuple[float, float]
    at: tuple[float, float] | None

    @property
    def y_range(self) -> tuple[float, float]:
        """The range of y to show."""
        return self.seen if self.at is None else _including(self.seen, self.at[1])


def chosen_chain(derivation: Derivation, path: int) -> Chain | None:
    """Return the chain whose links are plotted; None where nothing depends on the variable."""
    return derivation.chains[min(path, len(derivation.chains) - 1)] if derivation.chains else None


def link_curves(
    derivation: Derivation,
    path: int,
    x_range: tuple[float, float],
    taken: Callable[[str], Array],
    old: tuple[LinkCurve, ...],
) -> tuple[LinkCurve, ...]:
    """Return the curves of a chain's links, from the variable outwards; what did not change is taken from `old`.

    Parameters
    ----------
    taken : gives the values that an inner quantity takes on near the point
    """
    chain = chosen_chain(derivation, path)
    known = {link.link.key: link for link in old}
    values = {quantity.name: quantity.value for quantity in derivation.quantities}
    found: list[LinkCurve] = []
    for link in () if chain is None else chain.links[::-1]:
        definition = derivation.quantity(link.of).definition
        assert definition is not None  # every link starts at a defined quantity
        held = tuple((name, values[name]) for name in variables(definition) if name != link.wrt)
        x, y = values[link.wrt], values[link.of]
        at = None if x is None or y is None else (x, y)
        span = x_range if link.wrt == derivation.wrt else _including(_shown_range(taken(link.wrt)), x)
        before = known.get(link.key)
        if before is not None and (before.definition, before.held, _span(before.xs)) == (definition, held, span):
            xs, ys, seen = before.xs, before.ys, before.seen
        else:
            xs = np.linspace(*span, _SAMPLES)
            known_values = {name: np.nan if value is None else value for name, value in held}
            ys = np.array(np.broadcast_to(evaluate(definition, {**known_values, link.wrt: xs}), xs.shape))
            ys[~np.isfinite(ys)] = np.nan
            seen = _shown_range(ys)
        found.append(LinkCurve(link, definition, held, xs, ys, seen, at))
    return tuple(found)


def around(x: float, x_range: tuple[float, float]) -> Callable[[Array], NDArray[np.bool_]]:
    """Return what chooses the half of the range that x is in the middle of, or nearly: it moves on in quarters.

    Inner quantities are shown over what they take on there; a range that followed x would make curves swim.
    """
    quarter = (x_range[1] - x_range[0]) / 4
    middle = x_range[0] + quarter * round((x - x_range[0]) / quarter)
    return lambda xs: np.abs(xs - middle) <= quarter


def _shown_range(ys: Array) -> tuple[float, float]:
    """Return the range over which an inner quantity is shown: what it takes on, but not to the top of a pole."""
    finite = ys[np.isfinite(ys)]
    if not len(finite):
        return -1.0, 1.0
    low, quarter, three_quarters, high = (float(value) for value in np.percentile(finite, [0, 20, 80, 100]))
    reach = 2.0 * (three_quarters - quarter)
    low, high = max(low, quarter - reach), min(high, three_quarters + reach)
    if high - low <= 1e-9 * max(1.0, abs(low)):
        return low - 1.0, high + 1.0
    beside = _BESIDE * (high - low)
    return low - beside, high + beside


def _including(span: tuple[float, float], value: float | None) -> tuple[float, float]:
    return span if value is None else (min(span[0], value), max(span[1], value))


def _span(xs: Array) -> tuple[float, float]:
    return float(xs[0]), float(xs[-1])
