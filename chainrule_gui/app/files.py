"""Everything of the window that reads or writes files; on failure it says why and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from chainrule_gui.app.settings import Settings
from chainrule_gui.i18n import _
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import LabState, initial_state


class Files(QObject):
    """The session's file, data and exports."""

    #: another session, or the same under another name
    path_changed = Signal()
    #: before another session takes the place of this one
    about_to_leave = Signal()
    #: (message, whether something failed)
    said = Signal(str, bool)

    def __init__(self, session: Session, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self.path: Path | None = None
        self.recent_menu = QMenu(_("Open &recent"), window)
        self.recent_menu.aboutToShow.connect(self._fill_recent)

    def open_path(self, path: Path) -> bool:
        """Open a session file; on failure say why and keep what is there."""
        from chainrule_gui.session.document import DocumentError, read_document

        try:
            state = read_document(path)
        except DocumentError as problem:
            self.said.emit(str(problem), True)
            return False
        self.about_to_leave.emit()
        self.path = path
        self._session.open(state)
        self._settings.add_recent(path)
        self.path_changed.emit()
        return True

    def save(self) -> bool:
        """Save to the session's file, asking for one where there is none."""
        return self.save_as() if self.path is None else self.save_to(self.path)

    def save_to(self, path: Path) -> bool:
        """Save to a file; on failure say why."""
        from chainrule_gui.session.document import DocumentError, write_document

        try:
            write_document(path, self._session.state)
        except DocumentError as problem:
            self.said.emit(str(problem), True)
            return False
        self.path = path
        self._session.undo_stack.setClean()
        self._settings.add_recent(path)
        self.path_changed.emit()
        self.said.emit(_("saved"), False)
        return True

    def new(self) -> None:
        """Begin with the lesson's function and network."""
        self.begin_with(initial_state)

    def begin_with(self, make: Callable[[], LabState]) -> bool:
        """Begin an untitled session with a state; return False where the learner stays with what there is."""
        if not self.may_leave():
            return False
        self.about_to_leave.emit()
        self.path = None
        self._session.open(make())
        self.path_changed.emit()
        return True

    def open(self) -> None:
        """Ask for a session file and open it."""
        from chainrule_gui.session.document import SUFFIX

        if self.may_leave():
            kinds = _("Sessions (*{suffix})").format(suffix=SUFFIX)
            name, _kind = QFileDialog.getOpenFileName(self._window, _("Open a session"), self._folder(), kinds)
            if name:
                self.open_path(Path(name))

    def save_as(self) -> bool:
        """Ask for a name and save there."""
        from chainrule_gui.session.document import SUFFIX

        kinds = _("Sessions (*{suffix})").format(suffix=SUFFIX)
        name, _kind = QFileDialog.getSaveFileName(self._window, _("Save the session"), self._folder(), kinds)
        if not name:
            return False
        path = Path(name)
        return self.save_to(path if path.suffix else path.with_suffix(SUFFIX))

    def may_leave(self) -> bool:
        """Ask what becomes of unsaved work; return False to stay."""
        if self._session.undo_stack.isClean():
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window, _("Chain Rule Lab"), _("Save the changes to this session first?"),
            buttons.Save | buttons.Discard | buttons.Cancel,
        )  # fmt: skip
        return answer == buttons.Discard or (answer == buttons.Save and self.save())

    def ask_for_csv(self) -> Path | None:
        """Ask for a table; None where the learner thought better of it."""
        kinds = _("Tables (*.csv *.txt)")
        name, _kind = QFileDialog.getOpenFileName(self._window, _("Open data"), self._folder(), kinds)
        return Path(name) if name else None

    def export_picture(self, widget: QWidget, name: str, title: str) -> None:
        """Ask for a name and save what a widget shows; the kind chosen gives a name its suffix."""
        from chainrule_gui.app.export import PICTURES, write_picture

        usual = str(Path(self._folder(), f"{name}.png"))
        kinds = ";;".join(_("{kind} picture (*.{suffix})").format(kind=key.upper(), suffix=key) for key in PICTURES)
        asked = _("Export the pane “{title}”").format(title=title)
        chosen, kind = QFileDialog.getSaveFileName(self._window, asked, usual, kinds)
        if chosen:
            path = Path(chosen)
            if path.suffix.lower().lstrip(".") not in PICTURES:
                path = path.with_name(f"{path.name}.{next(key for key in PICTURES if f'*.{key}' in kind)}")
            self._write(lambda: write_picture(widget, path), path.name)

    def export_history(self) -> None:
        """Ask for a name and save the run as a table."""
        from chainrule_gui.app.export import history_csv
        from chainrule_gui.session.document import write_atomically

        usual, kinds = str(Path(self._folder(), "history.csv")), _("Tables (*.csv)")
        chosen, _kind = QFileDialog.getSaveFileName(self._window, _("Export the history"), usual, kinds)
        if chosen:
            self._write(lambda: write_atomically(Path(chosen), history_csv(self._session.state)), chosen)

    def export_results(self, table: str) -> None:
        """Ask for a name and save the results of practice."""
        from chainrule_gui.session.document import write_atomically

        usual, kinds = str(Path(self._folder(), "practice.csv")), _("Tables (*.csv)")
        chosen, _kind = QFileDialog.getSaveFileName(self._window, _("Export the results"), usual, kinds)
        if chosen:
            self._write(lambda: write_atomically(Path(chosen), table.encode()), chosen)

    def ask_where(self, title: str, name: str, kinds: dict[str, str]) -> Path | None:
        """Ask for a name to write to; the kind chosen gives a name its suffix.

        Parameters
        ----------
        name : the usual one, without its suffix
        kinds : each suffix and how the dialog calls such files; the first is the usual one
        """
        usual = str(Path(self._folder(), name + next(iter(kinds))))
        chosen, kind = QFileDialog.getSaveFileName(self._window, title, usual, ";;".join(kinds.values()))
        if not chosen:
            return None
        path = Path(chosen)
        suffix = next((suffix for suffix, text in kinds.items() if text == kind), next(iter(kinds)))
        return path if path.suffix.lower() in kinds else path.with_name(path.name + suffix)

    def _write(self, write: Callable[[], None], name: str) -> None:
        from chainrule_gui.session.document import DocumentError

        try:
            write()
        except DocumentError as problem:
            self.said.emit(str(problem), True)
        else:
            self.said.emit(_("written: {file}").format(file=Path(name).name), False)

    def _folder(self) -> str:
        return str(self.path.parent) if self.path is not None else str(Path.home())

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self._settings.recent:
            action = self.recent_menu.addAction(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.may_leave() and self.open_path(path))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction(_("nothing yet")).setEnabled(False)
