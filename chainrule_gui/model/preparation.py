"""What is done to data before a network sees them, and only if chosen: a part held out, inputs standardised."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.dataset import DataError, Dataset
from chainrule_gui.model.expression.tree import Binary, Expression, Number, Variable

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """Standardised inputs: x′ = (x − mean)/scale, for each input; both arrays are (in,) and read-only.

    The mean and the standard deviation are those of the training samples alone. An input that is the same in all
    of them has the scale 1.
    """

    mean: Array
    scale: Array

    def __post_init__(self) -> None:
        for values in (self.mean, self.scale):
            values.flags.writeable = False
        if self.mean.shape != self.scale.shape or self.mean.ndim != 1:
            raise DataError(_("Standardising needs one mean and one scale for each input."))
        if not (np.isfinite(self.mean).all() and np.isfinite(self.scale).all() and (self.scale > 0).all()):
            raise DataError(_("Standardising needs finite means and scales above 0."))

    def apply(self, inputs: Array) -> Array:
        """Return standardised inputs."""
        return np.asarray((inputs - self.mean) / self.scale)

    def undo(self, inputs: Array) -> Array:
        """Return inputs as they were before."""
        return np.asarray(inputs * self.scale + self.mean)

    def formula(self, place: int, name: str) -> Expression:
        """Return what an input, counted from 0, is computed by, as a tree over its name in the data."""
        mean, scale = Number(float(self.mean[place])), Number(float(self.scale[place]))
        return Binary("/", Binary("-", Variable(name), mean), scale)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Data with a part held out and, where there is a scaling, standardised inputs.

    Attributes
    ----------
    whole : the data as they came
    test_share, seed : how the part was drawn
    scaling : None where the inputs are as they came
    rows, test_rows : the places in `whole` of the training and of the test samples
    train, test : what the network sees; `test` is None where nothing is held out
    """

    whole: Dataset
    test_share: float
    seed: int
    scaling: Scaling | None
    rows: NDArray[np.intp]
    test_rows: NDArray[np.intp]
    train: Dataset
    test: Dataset | None

    def with_value(self, sample: int, column: int, value: float, target: bool) -> Prepared:
        """Return the data with an input or a target of a training sample changed; split and scaling stay.

        An input is given as the network sees it.
        """
        inputs, targets = self.whole.inputs.copy(), self.whole.targets.copy()
        row = self.rows[sample]
        if target:
            targets[row, column] = value
        else:
            scaling = self.scaling
            inputs[row, column] = value if scaling is None else value * scaling.scale[column] + scaling.mean[column]
        whole = Dataset(_("edited"), inputs, targets)
        return _seen(replace(self, whole=whole))


def prepare(
    whole: Dataset,
    test_share: float = 0.0,
    seed: int = 0,
    standardised: bool = False,
    scaling: Scaling | None = None,
) -> Prepared:
    """Hold a part of the data out for testing and standardise the inputs, each only if asked.

    Parameters
    ----------
    test_share : the part that is held out, 0 to below 1; the nearest whole number of samples is taken, and of two
        samples or more at least one is left for training
    seed : of the drawing
    standardised : by mean and standard deviation of the training samples
    scaling : one that is known already; `standardised` is then of no account

    Raises
    ------
    DataError
        for a share or a seed that cannot be, or a scaling for another number of inputs.
    """
    if not 0.0 <= test_share < 1.0:
        raise DataError(_("The part held out for testing must be at least 0 and below 1."))
    if seed < 0:
        raise DataError(_("The seed must not be negative."))
    count = len(whole.inputs)
    held_out = min(round(test_share * count), count - 1)
    order = np.random.default_rng(seed).permutation(count)
    rows, test_rows = np.sort(order[held_out:]), np.sort(order[:held_out])
    if scaling is None and standardised:
        inputs = whole.inputs[rows]
        spread = inputs.std(axis=0)
        scaling = Scaling(inputs.mean(axis=0), np.where(spread > 0, spread, 1.0))
    if scaling is not None and len(scaling.mean) != whole.inputs.shape[1]:
        raise DataError(_("Standardising needs one mean and one scale for each input."))
    return _seen(Prepared(whole, test_share, seed, scaling, rows, test_rows, whole, None))


def _seen(prepared: Prepared) -> Prepared:
    """Return it with `train` and `test` as they follow from the rest."""

    def part(rows: NDArray[np.intp]) -> Dataset:
        inputs = whole.inputs[rows]
        return Dataset(
            whole.name, inputs if prepared.scaling is None else prepared.scaling.apply(inputs), whole.targets[rows]
        )

    whole = prepared.whole
    return replace(
        prepared, train=part(prepared.rows), test=part(prepared.test_rows) if len(prepared.test_rows) else None
    )
