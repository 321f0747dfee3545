"""A CSV file before its data are used: how it is taken apart, which columns are what, which rows cannot be used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.data import DELIMITERS, DataError, Dataset, Rejected, csv_table
from chainrule_gui.model.network.network import MAX_UNITS
from chainrule_gui.views.controls.flow import Flow
from chainrule_gui.views.theme import look

_ROWS_SHOWN = 8
_REJECTED_SHOWN = 200
_COLUMNS_SHOWN = 64
_INPUT, _TARGET, _UNUSED = "input", "target", "unused"


class CsvPreview(QDialog):
    """Asks what a file's columns are; what cannot be used is said, row by row."""

    #: the data, once they are taken
    taken = Signal(object)

    def __init__(self, path: Path, outputs: int, parent: QWidget) -> None:
        """Take a file apart as it seems to be meant: the last `outputs` columns are targets.

        Raises
        ------
        DataError
            where the file cannot be read at all.
        """
        table = csv_table(path)  # before there is a window that would stay without one
        super().__init__(parent)
        self.setWindowTitle(_("Data from {file}").format(file=path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._path, self._outputs, self._table = path, outputs, table
        self._data: Dataset | None = None
        self.delimiter = QComboBox()
        self.delimiter.setAccessibleName(_("Between two values stands"))
        for mark, name in zip(DELIMITERS, (_("comma"), _("semicolon"), _("tab")), strict=True):
            self.delimiter.addItem(name, mark)
        self.delimiter.setCurrentIndex(self.delimiter.findData(self._table.delimiter))
        self.delimiter.activated.connect(lambda _index: self._take_apart())
        self.header = QCheckBox(_("The first row holds the names"))
        self.header.setChecked(self._table.header)
        self.header.toggled.connect(lambda _on: self._take_apart())
        self.cells = QTableWidget()
        self.cells.setAccessibleName(_("First rows of the file; above each column, what it is"))
        self.cells.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.cells.setTabKeyNavigation(False)
        self.cells.verticalHeader().hide()
        self.roles: list[QComboBox] = []
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setAccessibleName(_("What can be used"))
        self.refused = QListWidget()
        self.refused.setAccessibleName(_("Rows that cannot be used"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton(_("Use these data"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setObjectName("primary")
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        settings = Flow()
        label = QLabel(_("Between two values stands"))
        label.setBuddy(self.delimiter)
        settings.add(label, self.delimiter, self.header)
        column = QVBoxLayout(self)
        for widget in (settings, self.cells, self.summary, self.refused, self.buttons):
            column.addWidget(widget)
        column.setStretch(1, 3)
        column.setStretch(3, 1)
        self.resize(look.px(640), look.px(520))
        self._show_table()

    def _take_apart(self) -> None:
        try:
            self._table = csv_table(self._path, self.delimiter.currentData(), self.header.isChecked())
        except DataError as problem:
            self._show_samples(None, (), str(problem))
        else:
            self._show_table()

    def _show_table(self) -> None:
        table = self._table
        width = min(len(table.names), _COLUMNS_SHOWN)
        self.cells.clear()
        self.cells.setColumnCount(width)
        self.cells.setRowCount(1 + min(len(table.rows), _ROWS_SHOWN))
        self.cells.setHorizontalHeaderLabels(table.names[:width])
        self.roles = []
        for place in range(width):
            role = QComboBox()
            role.setAccessibleName(_("Column {name} is").format(name=table.names[place]))
            for key, text in ((_INPUT, _("input")), (_TARGET, _("target")), (_UNUSED, _("not used"))):
                role.addItem(text, key)
            is_target = place >= len(table.names) - self._outputs and len(table.names) > self._outputs
            role.setCurrentIndex(role.findData(_TARGET if is_target else _INPUT))
            role.activated.connect(lambda _index: self._read())
            self.cells.setCellWidget(0, place, role)
            self.roles.append(role)
            for row, (_line, cells) in enumerate(table.rows[:_ROWS_SHOWN], start=1):
                text = cells[place] if place < len(cells) else ""
                self.cells.setItem(row, place, QTableWidgetItem(text))
        self.cells.resizeColumnsToContents()
        self.cells.resizeRowsToContents()
        self._read()

    def _read(self) -> None:
        """Read the columns as they are chosen."""
        names = {key: self._named(key) for key in (_INPUT, _TARGET)}
        problem = ""
        data: Dataset | None = None
        rejected: tuple[Rejected, ...] = ()
        if not names[_INPUT] or not names[_TARGET]:
            problem = _("Choose at least one input and one target.")
        elif max(map(len, names.values())) > MAX_UNITS:
            problem = _("A network has at most {most} inputs and as many outputs; choose fewer columns.")
            problem = problem.format(most=MAX_UNITS)
        else:
            try:
                data, rejected = self._table.samples(inputs=names[_INPUT], targets=names[_TARGET])
            except DataError as error:
                problem = str(error)
        self._show_samples(data, rejected, problem)

    def _named(self, key: str) -> list[str]:
        return [name for name, role in zip(self._table.names, self.roles, strict=False) if role.currentData() == key]

    def _show_samples(self, data: Dataset | None, rejected: tuple[Rejected, ...], problem: str) -> None:
        self._data = data
        self.use.setEnabled(data is not None)
        count = 0 if data is None else len(data.inputs)
        said = ngettext("{count} row can be used.", "{count} rows can be used.", count).format(count=count)
        if rejected:
            cannot = ngettext("{count} row cannot:", "{count} rows cannot:", len(rejected))
            said += " " + cannot.format(count=len(rejected))
        self.summary.setText(problem or said)
        self.summary.setObjectName("warning" if problem or data is None else "")
        self.summary.style().polish(self.summary)
        self.refused.setVisible(bool(rejected))
        self.refused.clear()
        for row in rejected[:_REJECTED_SHOWN]:
            self.refused.addItem(_("line {line}: {reason}").format(line=row.line, reason=row.reason))
        if len(rejected) > _REJECTED_SHOWN:
            self.refused.addItem(_("and {count} more").format(count=len(rejected) - _REJECTED_SHOWN))

    def _on_accepted(self) -> None:
        if self._data is not None:
            self.accept()
            self.taken.emit(self._data)
