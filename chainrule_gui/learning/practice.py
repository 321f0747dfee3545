"""A learner's record of practice: what was tried, when, and with what success. Data and pure functions, no files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chainrule_gui.i18n import _

VERSION = 1
MOST_BYTES = 50_000_000
"""No record is larger."""

_LONGEST_TEXT = 1000
_COLUMNS = ("time", "topic", "difficulty", "expression", "wrt", "answer", "verdict", "diagnosis")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class PracticeError(ValueError):
    """A record that cannot be read: what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one exercise.

    Attributes
    ----------
    time : when, with its time zone
    topic, difficulty : of the exercise
    expression, wrt : what was to be differentiated, as typed
    answer : what was answered, as typed
    verdict, diagnosis : as judged
    """

    time: Annotated[datetime, msgspec.Meta(tz=True)]
    topic: str
    difficulty: int
    expression: str
    wrt: str
    answer: str
    verdict: Literal["correct", "incorrect", "unreadable"]
    diagnosis: str | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """All attempts, oldest first."""

    attempts: tuple[Attempt, ...] = ()

    def with_attempt(self, attempt: Attempt) -> Practice:
        """Return the record with one more attempt; what cannot be written to a file is replaced in its answer."""
        answer = attempt.answer[:_LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
        return Practice((*self.attempts, replace(attempt, answer=answer)))

    @property
    def streak(self) -> int:
        """How many answers in a row were correct, up to the last; one that could not be read does not count."""
        run = 0
        for attempt in reversed(self._judged):
            if attempt.verdict != "correct":
                break
            run += 1
        return run

    @property
    def best_streak(self) -> int:
        """The longest row of correct answers ever."""
        best = run = 0
        for attempt in self._judged:
            run = run + 1 if attempt.verdict == "correct" else 0
            best = max(best, run)
        return best

    @property
    def mistakes(self) -> dict[str, int]:
        """How often each diagnosis was got, the most frequent first."""
        counts = Counter(attempt.diagnosis for attempt in self._judged if attempt.diagnosis is not None)
        return dict(counts.most_common())

    @property
    def by_topic(self) -> dict[str, tuple[int, int]]:
        """Of each topic, how many answers were correct and how many there were."""
        asked = Counter(attempt.topic for attempt in self._judged)
        correct = Counter(attempt.topic for attempt in self._judged if attempt.verdict == "correct")
        return {topic: (correct[topic], asked[topic]) for topic in asked}

    @property
    def _judged(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.verdict != "unreadable"]


class _Record(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    attempts: list[Attempt]


def encode(practice: Practice) -> bytes:
    """Return the record as JSON."""
    return msgspec.json.format(msgspec.json.encode(_Record(VERSION, list(practice.attempts))), indent=1)


def decode(content: bytes) -> Practice:
    """Read a record from JSON.

    Raises
    ------
    PracticeError
        where it is not one: what is wrong, and where.
    """
    if len(content) > MOST_BYTES:
        raise PracticeError(_("The practice record is larger than any can be."))
    try:
        record = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise PracticeError(_("The practice record cannot be read: {reason}.").format(reason=problem)) from None
    if record.version != VERSION:
        message = _("The practice record is of version {version}; this program reads version {known}.")
        raise PracticeError(message.format(version=record.version, known=VERSION))
    return Practice(tuple(record.attempts))


def to_csv(practice: Practice) -> str:
    """Return the record as a table for a spreadsheet: a header, then one row for each attempt.

    A text that a spreadsheet would take for a formula (``-sin(x)``) gets an apostrophe before it.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for attempt in practice.attempts:
        cells = (getattr(attempt, column) for column in _COLUMNS)
        writer.writerow([cell.isoformat() if isinstance(cell, datetime) else _as_text(cell) for cell in cells])
    return table.getvalue()


def _as_text(cell: str | int | None) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
