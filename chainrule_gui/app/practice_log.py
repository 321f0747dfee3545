"""The learner's own record of practice: kept on this computer from session to session."""

from __future__ import annotations

import itertools
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from chainrule_gui.i18n import _

if TYPE_CHECKING:
    from chainrule_gui.learning.practice import Attempt, Practice

NAME = "practice.json"


class PracticeLog(QObject):
    """The record, and the file that follows it; a file that cannot be read is kept aside, never overwritten."""

    #: after every change of the record
    changed = Signal()
    #: what could not be read or written
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation), NAME)

    @cached_property
    def practice(self) -> Practice:
        """What the learner has answered up to now."""
        from chainrule_gui.learning.practice import Practice

        return Practice()

    def load(self) -> None:
        """Read the record, as it was left or as another window has left it since."""
        if not self.path.exists():
            return
        from chainrule_gui.learning.practice import MOST_BYTES, PracticeError, decode

        try:
            if self.path.stat().st_size > MOST_BYTES:
                raise PracticeError(_("The practice record is larger than any can be."))
            self.practice = decode(self.path.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, PracticeError) as problem:
            self._keep_aside(problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem))
        self.changed.emit()

    def add(self, attempt: Attempt) -> None:
        """Add an attempt and save the record."""
        self.load()
        self.practice = self.practice.with_attempt(attempt)
        self._save()

    def forget(self) -> None:
        """Begin the record anew."""
        del self.practice
        self._save()

    def _save(self) -> None:
        from chainrule_gui.learning.practice import encode
        from chainrule_gui.session.document import DocumentError, write_atomically

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, encode(self.practice))
        except (DocumentError, OSError) as problem:
            self.failed.emit(_("Your results could not be saved. {reason}").format(reason=problem))
        self.changed.emit()

    def _keep_aside(self, reason: str) -> None:
        places = (self.path.with_name(f"{self.path.stem}-unreadable-{number}.json") for number in itertools.count(1))
        aside = next(place for place in places if not place.exists())
        try:
            self.path.rename(aside)
            message = _("{reason} It was kept as “{path}”; a new record begins.")
        except OSError:
            self.path = aside  # what is saved from here on must not overwrite it
            message = _("{reason} It was left as it is; new results are saved as “{path}”.")
        self.failed.emit(message.format(reason=reason, path=aside))
