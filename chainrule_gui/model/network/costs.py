"""The costs: one row each, with the cost of a sample, its derivative by the outputs, and both as formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.expression.tree import ONE, TWO, Binary, Call, Expression, Negate, Variable

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost J of a sample; the cost of several samples is their mean.

    Attributes
    ----------
    key : its name in files and on the command line
    label : its name in words
    of_outputs : (y_hat, y) -> the cost of each output, to be summed over the outputs
    by_output : (y_hat, y) -> ∂J/∂ŷ of each output
    formula : (ŷ, y) -> the cost of one output as a tree
    by_output_formula : (ŷ, y) -> ∂J/∂ŷ as a tree
    """

    key: str
    label: str
    of_outputs: Callable[[Array, Array], Array]
    by_output: Callable[[Array, Array], Array]
    formula: Callable[[Expression, Expression], Expression]
    by_output_formula: Callable[[Expression, Expression], Expression]

    def definition(self, outputs: Sequence[str], targets: Sequence[str]) -> Expression:
        """Return J of one sample as a tree over the names of all outputs and targets."""
        terms = [self.formula(Variable(y_hat), Variable(y)) for y_hat, y in zip(outputs, targets, strict=True)]
        return reduce(lambda left, right: Binary("+", left, right), terms)


def _squared_formula(y_hat: Expression, y: Expression) -> Expression:
    return Binary("*", Binary("/", ONE, TWO), Binary("^", Binary("-", y_hat, y), TWO))


def _entropy_formula(y_hat: Expression, y: Expression) -> Expression:
    rest = Binary("*", Binary("-", ONE, y), Call("ln", Binary("-", ONE, y_hat)))
    return Negate(Binary("+", Binary("*", y, Call("ln", y_hat)), rest))


def _entropy_slope(y_hat: Expression, y: Expression) -> Expression:
    return Binary("/", Binary("-", y_hat, y), Binary("*", y_hat, Binary("-", ONE, y_hat)))


def _squared(y_hat: Array, y: Array) -> Array:
    difference = y_hat - y
    return 0.5 * difference * difference


def _entropy(y_hat: Array, y: Array) -> Array:
    # Outside 0 < ŷ < 1 the logarithms give nan or inf, which is then reported as no value.
    return -(y * np.log(y_hat) + (1.0 - y) * np.log(1.0 - y_hat))


def entropy_of_z(z: Array, y: Array) -> Array:
    """Return the cross-entropy of sigmoid outputs σ(z): −[y ln σ(z) + (1−y) ln(1−σ(z))] = ln(1+e^z) − y·z.

    It stays exact where σ(z) itself is rounded to 0 or 1.
    """
    return np.asarray(np.logaddexp(0.0, z) - y * z)


COSTS: dict[str, Cost] = {
    row.key: row
    for row in (
        Cost(
            "squared-error", N_("squared error"), _squared, lambda y_hat, y: y_hat - y,
            _squared_formula, lambda y_hat, y: Binary("-", y_hat, y),
        ),
        Cost(
            "cross-entropy", N_("cross-entropy"), _entropy, lambda y_hat, y: (y_hat - y) / (y_hat * (1.0 - y_hat)),
            _entropy_formula, _entropy_slope,
        ),
    )
}  # fmt: skip
"""Every cost by its key."""


def why_no_cost(cost: str, y_hat: Array, y: Array) -> str:
    """Say in one sentence why a cost is not a finite number."""
    if cost == "cross-entropy" and not ((y >= 0.0) & (y <= 1.0)).all():
        return _("Cross-entropy has no meaning here: a target is not between 0 and 1.")
    if cost == "cross-entropy" and np.isfinite(y_hat).all() and not ((y_hat > 0.0) & (y_hat < 1.0)).all():
        return _(
            "Cross-entropy has no value here: an output is not between 0 and 1. "
            "Choose sigmoid for the last layer, or the squared error."
        )
    return _("The cost is too large to calculate with.")
