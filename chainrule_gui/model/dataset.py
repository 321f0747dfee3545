"""Samples to learn from. Nothing is rescaled or filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _

Array = NDArray[np.float64]


class DataError(ValueError):
    """Data that cannot be used; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples to learn from; both arrays are finite, float64 and read-only.

    Attributes
    ----------
    name : what it is called
    inputs : (n, in)
    targets : (n, out)
    """

    name: str
    inputs: Array
    targets: Array

    def __post_init__(self) -> None:
        inputs = np.array(self.inputs, dtype=np.float64, order="C")
        targets = np.array(self.targets, dtype=np.float64, order="C")
        if inputs.ndim != 2 or targets.ndim != 2 or len(inputs) != len(targets) or inputs.size * targets.size == 0:
            raise DataError(_("Inputs and targets must be two tables with the same number of rows, at least one."))
        if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
            raise DataError(_("The data hold a value that is not a finite number."))
        for values in (inputs, targets):
            values.flags.writeable = False
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "targets", targets)


def single_sample(inputs: ArrayLike, targets: ArrayLike) -> Dataset:
    """Return the data set of one sample from its inputs (in,) and targets (out,).

    Raises
    ------
    DataError
        where one of them is empty or not finite.
    """
    return Dataset("single sample", np.atleast_1d(inputs)[None], np.atleast_1d(targets)[None])
