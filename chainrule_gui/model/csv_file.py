"""The learner's own CSV files: read strictly, or looked at first, with every row that cannot be used and why."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.model.dataset import DataError, Dataset

MAX_BYTES = 64 * 2**20
"""Larger files are refused before they are read."""

MAX_ROWS = 100_000
"""More samples than this would stop the window from answering at every step."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NUMBER_WITH_COMMA = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
_MISSING = frozenset({"", "?", "-", "na", "n/a", "nan", "null", "none"})


DELIMITERS = (",", ";", "\t")
"""What may stand between two values."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used: its line in the file, counted from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class CsvTable:
    """A CSV file taken apart into cells of text, before any of them is read as a number.

    Attributes
    ----------
    path : the file
    delimiter : what stands between two values
    header : whether the first row holds the names of the columns
    names : of the columns; 1, 2, 3, … where there is no header
    rows : line in the file and cells of every row below the header that is not blank
    """

    path: Path
    delimiter: str
    header: bool
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def columns(self, outputs: int = 1, inputs: Sequence[str] = (), targets: Sequence[str] = ()) -> tuple[int, ...]:
        """Return the places of the input columns, then those of the target columns.

        Parameters
        ----------
        outputs : number of target columns, the last ones, where `targets` is not given
        inputs : names of the input columns; all that are not targets where not given
        targets : names of the target columns

        Raises
        ------
        DataError
            where there is no such column, too few of them, or one is chosen twice.
        """
        chosen = [self._column(name) for name in inputs]
        if targets:
            wanted = [self._column(name) for name in targets]
        else:
            free = [place for place in range(len(self.names)) if place not in chosen]
            wanted = free[len(free) - outputs :] if 0 < outputs <= len(free) else []
        if not inputs:
            chosen = [place for place in range(len(self.names)) if place not in wanted]
        if not chosen or not wanted:
            message = _("{count} columns are too few: there must be at least one input and {outputs} targets.")
            raise _error(self.path, message.format(count=len(self.names), outputs=len(targets) or outputs))
        if len({*chosen, *wanted}) < len(chosen) + len(wanted):
            raise _error(self.path, _("a column is chosen twice; each can be one input or one target."))
        return (*chosen, *wanted)

    def _column(self, name: str) -> int:
        if self.names.count(name) == 1:
            return self.names.index(name)
        if name in self.names:
            message = _("two columns are named {name}; give them different names.")
            raise _error(self.path, message.format(name=name))
        message = _("there is no column named {name}; there are {names}.")
        raise _error(self.path, message.format(name=name, names=", ".join(self.names[:20])))

    def samples(
        self, outputs: int = 1, inputs: Sequence[str] = (), targets: Sequence[str] = ()
    ) -> tuple[Dataset | None, tuple[Rejected, ...]]:
        """Return the rows that can be used, None where there are none, and all others with the reason.

        Raises
        ------
        DataError
            where the columns cannot be chosen like that.
        """
        columns = self.columns(outputs, inputs, targets)
        read = [(line, self._values(cells, columns)) for line, cells in self.rows]
        table = [values for _line, values in read if not isinstance(values, str)]
        rejected = tuple(Rejected(line, reason) for line, reason in read if isinstance(reason, str))
        return self._dataset(table, len(columns) - (len(targets) or outputs)) if table else None, rejected

    def strict_samples(self, outputs: int = 1, inputs: Sequence[str] = (), targets: Sequence[str] = ()) -> Dataset:
        """Return all rows.

        Raises
        ------
        DataError
            at the first row that cannot be used, and where there is none.
        """
        data, rejected = self.samples(outputs, inputs, targets)
        if rejected:
            raise _error(self.path, rejected[0].reason, rejected[0].line)
        if data is None:
            raise _error(self.path, _("there is a header but no row of numbers below it."), 1)
        return data

    def _dataset(self, table: list[list[float]], split: int) -> Dataset:
        values = np.array(table)
        # A name with bytes that are no UTF-8 could not be saved with the session.
        name = self.path.name.encode("utf-8", "replace").decode()
        return Dataset(name, values[:, :split], values[:, split:])

    def _values(self, cells: tuple[str, ...], columns: tuple[int, ...]) -> list[float] | str:
        """Return the numbers of a row, or why it cannot be used."""
        width = len(self.names)
        if len(cells) < width or any(cells[width:]):
            message = _("the row has {count} values, but there are {width} columns.")
            return message.format(count=len(cells), width=width)
        values = []
        for column in columns:
            value = _number(cells[column], self.delimiter)
            if value is None or not np.isfinite(value):
                return _why_not(cells[column], self.names[column], value)
            values.append(value)
        return values


def csv_table(path: str | Path, delimiter: str | None = None, header: bool | None = None) -> CsvTable:
    """Take a CSV file apart.

    Parameters
    ----------
    delimiter : one of `DELIMITERS`; where not given, a semicolon or a tab where the first row has one, else a comma
    header : whether the first row holds names; where not given, it does if it holds no number

    Raises
    ------
    DataError
        where the file cannot be read, is empty, or has too many rows.
    """
    path = Path(path)
    text = _text(path)
    delimiter = delimiter or _delimiter(text)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in _rows(path, text, delimiter):
        if len(rows) > MAX_ROWS:
            message = _("more than {most} rows; keep a part of them in a file of its own.")
            raise _error(path, message.format(most=MAX_ROWS), line)
        rows.append((line, tuple(cells)))
    if not rows:
        raise _error(path, _("the file is empty; it needs one row for each sample."))
    first = rows[0][1]
    if header is None:
        header = not any(_number(cell, delimiter) is not None for cell in first)
    while header and len(first) > 1 and not first[-1]:
        first = first[:-1]
    names = first if header else tuple(str(column) for column in range(1, len(first) + 1))
    rows = rows[1:] if header else rows
    if len(rows) > MAX_ROWS:
        message = _("more than {most} rows; keep a part of them in a file of its own.")
        raise _error(path, message.format(most=MAX_ROWS), rows[-1][0])
    return CsvTable(path, delimiter, header, names, tuple(rows))


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
    return csv_table(path).strict_samples(outputs, inputs, targets)


def _error(path: Path, message: str, line: int | None = None) -> DataError:
    place = str(path) if line is None else f"{path}:{line}"
    return DataError(f"{place}: {message}")


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise _error(path, _("this is a folder; choose a CSV file."))
        if not path.exists():
            raise _error(path, _("there is no such file."))
        if not path.is_file():
            raise _error(path, _("this is not an ordinary file."))
        if path.stat().st_size > MAX_BYTES:
            message = _("the file is larger than {most} MB; keep a part of its rows in a file of its own.")
            raise _error(path, message.format(most=MAX_BYTES // 2**20))
        content = path.read_bytes()
    except OSError as problem:
        message = _("the file cannot be read: {problem}.")
        raise _error(path, message.format(problem=problem.strerror or problem)) from None
    except ValueError as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(_("The name of the data file cannot be used as a file name.")) from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _error(path, _("this is not plain text; save it as CSV in UTF-8."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise _error(path, _("a character is not valid UTF-8; save the file as CSV in UTF-8."), line) from None


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each row that is not blank."""
    reader = csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = _("the row cannot be taken apart; is a quotation mark left open?")
            raise _error(path, message, reader.line_num) from None
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield reader.line_num, cells


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in (";", "\t") if mark in first), ",")


def _number(cell: str, delimiter: str) -> float | None:
    pattern = _NUMBER if delimiter == "," else _NUMBER_WITH_COMMA
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
