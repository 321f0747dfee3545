"""The one live object: the present frame, one signal when it changes, one undo stack."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from chainrule_gui.session.frame import Frame, resolve
from chainrule_gui.session.state import LabState, initial_state


class Session(QObject):
    """Holds the frame; every change goes through `edit` and so through the undo stack."""

    #: (new Frame, old Frame) after every change
    changed = Signal(object, object)
    #: key of the link to light up in all panes, or None
    highlight_changed = Signal(object)

    def __init__(self, state: LabState | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame = resolve(initial_state() if state is None else state)
        self._pointed_at: str | None = None
        self._pinned: str | None = None
        self.undo_stack = QUndoStack(self)

    @property
    def state(self) -> LabState:
        """The present state."""
        return self.frame.state

    def edit(self, label: str, state: LabState, merge_key: str | None = None) -> None:
        """Make `state` the present one, as one undo entry; edits with the same merge key in a row are one."""
        if state is not self.state:
            self.undo_stack.push(_ReplaceState(self, label, self.state, state, merge_key))

    def open(self, state: LabState) -> None:
        """Begin anew with `state`: nothing before it can be undone."""
        self.undo_stack.clear()
        self.show_state(state)

    def show_state(self, state: LabState) -> None:
        """Resolve `state` and tell everyone; for the undo stack."""
        old, self.frame = self.frame, resolve(state, self.frame)
        self.changed.emit(self.frame, old)

    @property
    def highlight(self) -> str | None:
        """Key of the link that is lit: the one under the pointer or the focus, else the one that is pinned."""
        return self._pinned if self._pointed_at is None else self._pointed_at

    def set_highlight(self, key: str | None) -> None:
        """Light up the link under the pointer or the focus in all panes."""
        before, self._pointed_at = self.highlight, key
        self._tell_highlight(before)

    def pin_highlight(self, key: str | None) -> None:
        """Light up a link in all panes for as long as no other is pointed at."""
        before, self._pinned = self.highlight, key
        self._tell_highlight(before)

    def _tell_highlight(self, before: str | None) -> None:
        if self.highlight != before:
            self.highlight_changed.emit(self.highlight)


class _ReplaceState(QUndoCommand):
    """The one undo command: from a state to a state."""

    def __init__(self, session: Session, label: str, old: LabState, new: LabState, merge_key: str | None) -> None:
        super().__init__(label)
        self._session, self._old, self._new, self._merge_key = session, old, new, merge_key

    def id(self) -> int:
        """Commands with a merge key may merge."""
        return -1 if self._merge_key is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the newer state of the same gesture."""
        if not isinstance(other, _ReplaceState) or other._merge_key != self._merge_key:
            return False
        self._new = other._new
        return True

    def redo(self) -> None:
        """Go to the newer state."""
        self._session.show_state(self._new)

    def undo(self) -> None:
        """Go back to the older state."""
        self._session.show_state(self._old)
