"""Data sets: the built-in ones and the learner's own CSV files. Nothing is rescaled or filled in."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _

Array = NDArray[np.float64]

MAX_BYTES = 64 * 2**20
"""Larger files are refused before they are read."""

MAX_ROWS = 100_000
"""More samples than this would stop the window from answering at every step."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NUMBER_WITH_COMMA = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
_MISSING = frozenset({"", "?", "-", "na", "n/a", "nan", "null", "none"})


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


def _lesson(_random: np.random.Generator) -> tuple[ArrayLike, ArrayLike]:
    return [[0.5]], [[1.0]]


def _xor(_random: np.random.Generator) -> tuple[ArrayLike, ArrayLike]:
    return [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]


def _circles(random: np.random.Generator) -> tuple[ArrayLike, ArrayLike]:
    classes = np.arange(200) % 2
    angles = random.uniform(0, 2 * np.pi, 200)
    radii = np.where(classes, 0.4, 1.0) + random.normal(0, 0.07, 200)
    return np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]), classes[:, None]


def _moons(random: np.random.Generator) -> tuple[ArrayLike, ArrayLike]:
    classes = np.arange(200) % 2
    angles = random.uniform(0, np.pi, 200)
    first = np.column_stack([np.cos(angles) - 0.5, np.sin(angles) - 0.25])
    second = np.column_stack([0.5 - np.cos(angles), 0.25 - np.sin(angles)])
    points = np.where(classes[:, None], second, first) + random.normal(0, 0.1, (200, 2))
    return points, classes[:, None]


def _spirals(random: np.random.Generator) -> tuple[ArrayLike, ArrayLike]:
    classes = np.arange(200) % 2
    along = np.sqrt(random.uniform(0.03, 1, 200))
    angles = 1.5 * np.pi * along + np.pi * classes
    points = along[:, None] * np.column_stack([np.cos(angles), np.sin(angles)]) + random.normal(0, 0.03, (200, 2))
    return points, classes[:, None]


def _line(random: np.random.Generator) -> tuple[ArrayLike, ArrayLike]:
    x = np.linspace(-1, 1, 40)
    return x[:, None], (0.5 + 0.3 * x + random.uniform(-0.1, 0.1, 40))[:, None]


_BUILT_IN: dict[str, Callable[[np.random.Generator], tuple[ArrayLike, ArrayLike]]] = {
    "lesson": _lesson,
    "xor": _xor,
    "circles": _circles,
    "moons": _moons,
    "spirals": _spirals,
    "line": _line,
}

DATASETS = tuple(_BUILT_IN)
"""Names of the built-in data sets."""


def dataset(name: str, seed: int = 0) -> Dataset:
    """Return a built-in data set; the same seed gives the same samples.

    Raises
    ------
    DataError
        where there is none of that name, or the seed is negative.
    """
    make = _BUILT_IN.get(name)
    if make is None:
        raise DataError(
            _("There is no data set named {name}; choose from {names}, or give a CSV file.").format(
                name=name, names=", ".join(DATASETS)
            )
        )
    if seed < 0:
        raise DataError(_("The seed must not be negative."))
    inputs, targets = make(np.random.default_rng(seed))
    return Dataset(name, np.asarray(inputs), np.asarray(targets))


def read_csv(path: str | Path, outputs: int = 1, inputs: Sequence[str] = (), targets: Sequence[str] = ()) -> Dataset:
    """Read samples from a CSV file.

    Commas, semicolons or tabs separate; with the latter two a decimal comma is read too. A first row without any
    number is a header. Without a header the columns are named 1, 2, 3, …

    Parameters
    ----------
    outputs : number of target columns, the last ones, where `targets` is not given
    inputs : names of the input columns; all that are not targets where not given
    targets : names of the target columns

    Raises
    ------
    DataError
        where the file cannot be read as numbers; the message starts with file:line.
    """
    return _Reader(Path(path)).read(outputs, tuple(inputs), tuple(targets))


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def error(self, message: str, line: int | None = None) -> DataError:
        place = str(self.path) if line is None else f"{self.path}:{line}"
        return DataError(f"{place}: {message}")

    def read(self, outputs: int, inputs: tuple[str, ...], targets: tuple[str, ...]) -> Dataset:
        text = self.text()
        delimiter = _delimiter(text)
        rows = self.rows(text, delimiter)
        first = next(rows, None)
        if first is None:
            raise self.error(_("the file is empty; it needs one row for each sample."))
        line, cells = first
        number = _NUMBER if delimiter == "," else _NUMBER_WITH_COMMA
        header = not any(_number(cell, number) is not None for cell in cells)
        while header and len(cells) > 1 and not cells[-1]:
            cells = cells[:-1]
        names = cells if header else [str(column) for column in range(1, len(cells) + 1)]
        columns = self.columns(names, outputs, inputs, targets)
        table = [] if header else [self.numbers(line, cells, names, columns, number)]
        for line, cells in rows:
            if len(table) == MAX_ROWS:
                message = _("more than {most} rows; keep a part of them in a file of its own.")
                raise self.error(message.format(most=MAX_ROWS), line)
            table.append(self.numbers(line, cells, names, columns, number))
        if not table:
            raise self.error(_("there is a header but no row of numbers below it."), line)
        values = np.array(table)
        split = len(columns) - (len(targets) or outputs)
        # A name with bytes that are no UTF-8 could not be saved with the session.
        name = self.path.name.encode("utf-8", "replace").decode()
        return Dataset(name, values[:, :split], values[:, split:])

    def text(self) -> str:
        try:
            if self.path.is_dir():
                raise self.error(_("this is a folder; choose a CSV file."))
            if not self.path.exists():
                raise self.error(_("there is no such file."))
            if not self.path.is_file():
                raise self.error(_("this is not an ordinary file."))
            if self.path.stat().st_size > MAX_BYTES:
                message = _("the file is larger than {most} MB; keep a part of its rows in a file of its own.")
                raise self.error(message.format(most=MAX_BYTES // 2**20))
            content = self.path.read_bytes()
        except OSError as problem:
            message = _("the file cannot be read: {problem}.")
            raise self.error(message.format(problem=problem.strerror or problem)) from None
        except ValueError as problem:
            if isinstance(problem, DataError):
                raise
            raise DataError(_("The name of the data file cannot be used as a file name.")) from None
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
            raise self.error(_("this is not plain text; save it as CSV in UTF-8."))
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            line = content.count(b"\n", 0, problem.start) + 1
            raise self.error(_("a character is not valid UTF-8; save the file as CSV in UTF-8."), line) from None

    def rows(self, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the line number and the cells of each row that is not blank."""
        reader = csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                message = _("the row cannot be taken apart; is a quotation mark left open?")
                raise self.error(message, reader.line_num) from None
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield reader.line_num, cells

    def columns(self, names: list[str], outputs: int, inputs: tuple[str, ...], targets: tuple[str, ...]) -> list[int]:
        """Return the places of the input columns, then those of the target columns."""
        chosen = [self.column(names, name) for name in inputs]
        if targets:
            wanted = [self.column(names, name) for name in targets]
        else:
            free = [place for place in range(len(names)) if place not in chosen]
            wanted = free[len(free) - outputs :] if 0 < outputs <= len(free) else []
        if not inputs:
            chosen = [place for place in range(len(names)) if place not in wanted]
        if not chosen or not wanted:
            raise self.error(
                _("{count} columns are too few: there must be at least one input and {outputs} targets.").format(
                    count=len(names), outputs=len(targets) or outputs
                )
            )
        if len({*chosen, *wanted}) < len(chosen) + len(wanted):
            raise self.error(_("a column is chosen twice; each can be one input or one target."))
        return chosen + wanted

    def column(self, names: list[str], name: str) -> int:
        if names.count(name) == 1:
            return names.index(name)
        if name in names:
            raise self.error(_("two columns are named {name}; give them different names.").format(name=name))
        message = _("there is no column named {name}; there are {names}.")
        raise self.error(message.format(name=name, names=", ".join(names[:20])))

    def numbers(
        self, line: int, cells: list[str], names: list[str], columns: list[int], number: re.Pattern[str]
    ) -> list[float]:
        width = len(names)
        if len(cells) < width or any(cells[width:]):
            message = _("the row has {count} values, but there are {width} columns.")
            raise self.error(message.format(count=len(cells), width=width), line)
        values = []
        for column in columns:
            value = _number(cells[column], number)
            if value is None or not np.isfinite(value):
                raise self.error(_why_not(cells[column], names[column], value), line)
            values.append(value)
        return values


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in (";", "\t") if mark in first), ",")


def _number(cell: str, pattern: re.Pattern[str]) -> float | None:
    cell = cell.replace("−", "-")
    return float(cell.replace(",", ".")) if pattern.fullmatch(cell) else None


def _why_not(cell: str, column: str, value: float | None) -> str:
    if value is not None:
        return _("the number in column {column} is too large.").format(column=column)
    if cell.lower() in _MISSING:
        return _("the value in column {column} is missing; fill it in or remove the row.").format(column=column)
    shown = cell if len(cell) <= 30 else cell[:30] + "…"
    message = _("“{cell}” in column {column} is not a number; correct it, or choose other columns.")
    return message.format(cell=shown, column=column)
