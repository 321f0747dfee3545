"""The schemes for initial values: one row each, with its name, its formula in words and how weights are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import N_

Array = NDArray[np.float64]

DEFAULT_SCHEME = "rounded"
_EQUAL = 0.5


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme.

    Attributes
    ----------
    key : its name in files and on the command line
    label : its name in words
    formula : what every weight and bias is, in words
    draw : (random, units, units before) -> a layer's weights, (units, units before)
    bias : every bias
    """

    key: str
    label: str
    formula: str
    draw: Callable[[np.random.Generator, int, int], Array]
    bias: float = 0.0


def _rounded(random: np.random.Generator, units: int, before: int) -> Array:
    return np.round(random.normal(0.0, 1.0 / np.sqrt(before), (units, before)), 2) + 0.0


def _normal(random: np.random.Generator, units: int, before: int) -> Array:
    return random.normal(0.0, 1.0, (units, before))


def _uniform(random: np.random.Generator, units: int, before: int) -> Array:
    return random.uniform(-1.0, 1.0, (units, before))


def _xavier(random: np.random.Generator, units: int, before: int) -> Array:
    bound = np.sqrt(6.0 / (before + units))
    return random.uniform(-bound, bound, (units, before))


def _he(random: np.random.Generator, units: int, before: int) -> Array:
    return random.normal(0.0, np.sqrt(2.0 / before), (units, before))


def _equal(_random: np.random.Generator, units: int, before: int) -> Array:
    return np.full((units, before), _EQUAL)


SCHEMES: dict[str, Scheme] = {
    row.key: row
    for row in (
        Scheme(
            DEFAULT_SCHEME,
            N_("two decimals"),
            N_("weights normal with mean 0 and variance 1/(units before), rounded to two decimals; biases 0"),
            _rounded,
        ),
        Scheme("normal", N_("normal"), N_("weights normal with mean 0 and variance 1; biases 0"), _normal),
        Scheme("uniform", N_("uniform"), N_("weights uniform between −1 and 1; biases 0"), _uniform),
        Scheme(
            "xavier",
            N_("Xavier (Glorot)"),
            N_("weights uniform between −r and r with r = √(6/(units before + units)); biases 0"),
            _xavier,
        ),
        Scheme("he", N_("He"), N_("weights normal with mean 0 and variance 2/(units before); biases 0"), _he),
        Scheme("equal", N_("all equal"), N_("every weight and every bias 0.5"), _equal, bias=_EQUAL),
    )
}
"""Every scheme by its key. Two decimals can be copied to paper and worked with by hand."""
