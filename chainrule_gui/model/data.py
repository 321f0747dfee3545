"""Data sets: the built-in ones, and all that has to do with data under one name.

What reads files is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.dataset import DataError, Dataset, single_sample

if TYPE_CHECKING:
    from chainrule_gui.model.csv_file import DELIMITERS, MAX_BYTES, MAX_ROWS, CsvTable, Rejected, csv_table, read_csv

__all__ = [
    "BUILT_IN",
    "DATASETS",
    "DELIMITERS",
    "MAX_BYTES",
    "MAX_ROWS",
    "MAX_SIZE",
    "BuiltIn",
    "CsvTable",
    "DataError",
    "Dataset",
    "Rejected",
    "csv_table",
    "dataset",
    "read_csv",
    "single_sample",
]

Array = NDArray[np.float64]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from chainrule_gui.model import csv_file

    return getattr(csv_file, name)


MAX_SIZE = 10_000
"""So many samples at most has a built-in set."""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """One built-in set.

    Attributes
    ----------
    name : its name in files and on the command line
    make : (seed, size, noise) -> inputs and targets
    size : number of samples where not asked otherwise
    noise : spread of the noise where not asked otherwise; None where the set cannot be varied
    noise_means : what the noise is, in words
    """

    name: str
    make: Callable[[int, int, float], tuple[ArrayLike, ArrayLike]]
    size: int
    noise: float | None
    noise_means: str = ""


def _lesson(_seed: int, _size: int, _noise: float) -> tuple[ArrayLike, ArrayLike]:
    return [[0.5]], [[1.0]]


def _xor(seed: int, size: int, noise: float) -> tuple[ArrayLike, ArrayLike]:
    random = np.random.default_rng(seed)
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)[np.arange(size) % 4]
    points = corners + random.normal(0, noise, (size, 2)) if noise else corners
    return points, (corners[:, :1] != corners[:, 1:]).astype(np.float64)


def _circles(seed: int, size: int, noise: float) -> tuple[ArrayLike, ArrayLike]:
    random = np.random.default_rng(seed)
    classes = np.arange(size) % 2
    angles = random.uniform(0, 2 * np.pi, size)
    radii = np.where(classes, 0.4, 1.0) + random.normal(0, noise, size)
    return np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]), classes[:, None]


def _moons(seed: int, size: int, noise: float) -> tuple[ArrayLike, ArrayLike]:
    random = np.random.default_rng(seed)
    classes = np.arange(size) % 2
    angles = random.uniform(0, np.pi, size)
    first = np.column_stack([np.cos(angles) - 0.5, np.sin(angles) - 0.25])
    second = np.column_stack([0.5 - np.cos(angles), 0.25 - np.sin(angles)])
    points = np.where(classes[:, None], second, first) + random.normal(0, noise, (size, 2))
    return points, classes[:, None]


def _spirals(seed: int, size: int, noise: float) -> tuple[ArrayLike, ArrayLike]:
    random = np.random.default_rng(seed)
    classes = np.arange(size) % 2
    along = np.sqrt(random.uniform(0.03, 1, size))
    angles = 1.5 * np.pi * along + np.pi * classes
    points = along[:, None] * np.column_stack([np.cos(angles), np.sin(angles)]) + random.normal(0, noise, (size, 2))
    return points, classes[:, None]


def _line(seed: int, size: int, noise: float) -> tuple[ArrayLike, ArrayLike]:
    random = np.random.default_rng(seed)
    x = np.linspace(-1, 1, size)
    return x[:, None], (0.5 + 0.3 * x + random.uniform(-noise, noise, size))[:, None]


_OF_PLACE = N_("standard deviation of where a point lies")

BUILT_IN: dict[str, BuiltIn] = {
    row.name: row
    for row in (
        BuiltIn("lesson", _lesson, 1, None),
        BuiltIn("xor", _xor, 4, 0.0, _OF_PLACE),
        BuiltIn("circles", _circles, 200, 0.07, N_("standard deviation of the radius")),
        BuiltIn("moons", _moons, 200, 0.1, _OF_PLACE),
        BuiltIn("spirals", _spirals, 200, 0.03, _OF_PLACE),
        BuiltIn("line", _line, 40, 0.1, N_("the target lies at most so far above or below the line")),
    )
}
"""Every built-in set by its name."""

DATASETS = tuple(BUILT_IN)
"""Names of the built-in data sets."""


def dataset(name: str, seed: int = 0, size: int | None = None, noise: float | None = None) -> Dataset:
    """Return a built-in data set; the same seed, size and noise give the same samples.

    Parameters
    ----------
    size : number of samples, that of the set where not given
    noise : its spread, that of the set where not given

    Raises
    ------
    DataError
        where there is none of that name, the seed or the noise is negative, or the set cannot have that size.
    """
    row = BUILT_IN.get(name)
    if row is None:
        raise DataError(
            _("There is no data set named {name}; choose from {names}, or give a CSV file.").format(
                name=name, names=", ".join(DATASETS)
            )
        )
    if seed < 0:
        raise DataError(_("The seed must not be negative."))
    size, noise = row.size if size is None else size, row.noise if noise is None else noise
    if row.noise is None and (size != row.size or noise is not None):
        raise DataError(_("The data set {name} has a fixed size and no noise.").format(name=name))
    if not 1 <= size <= MAX_SIZE:
        raise DataError(_("A data set has 1 to {most} samples.").format(most=MAX_SIZE))
    if noise is not None and not 0.0 <= noise < np.inf:
        raise DataError(_("The noise must be a number that is not negative."))
    inputs, targets = row.make(seed, size, noise or 0.0)
    return Dataset(name, np.asarray(inputs), np.asarray(targets))
