"""Every weight, bias, input and target in a table: value, gradient, and the gradient by central differences."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.network import Trace
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.phases import plain
from chainrule_gui.typeset.numbers import HAIR_SPACE, format_number, full_precision, read_number
from chainrule_gui.views.controls.table_cells import LOCKED_ROLE, NAME_ROLE, SELECTED_ROLE, NumberCell, name_width
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.icons import icon
from chainrule_gui.views.theme import look

_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        NAME_ROLE,
        SELECTED_ROLE,
        LOCKED_ROLE,
    }
)
_LOCK = 4
"""The column of locks."""

_AT_ONCE = 400
"""Up to so many parameters × samples the numerical gradient is quick enough for every change; others wait."""

_IDLE = 200
"""Milliseconds without a change after which a large network's numerical gradient is calculated."""

_Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    value_typed = Signal(str, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self._frame: NetworkFrame | None = None
        self._numerical: tuple[Trace, list[float]] | None = None
        self._idle = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_IDLE)
        self._timer.timeout.connect(self._on_idle)

    def show(self, frame: NetworkFrame) -> None:
        if self._frame is None or frame.trace is not self._frame.trace:
            self._idle = False
            self._timer.start()
        network = frame.state.network
        names = (
            *network.parameter_names,
            *(network.input_name(unit) for unit in range(1, network.layers[0] + 1)),
            *(network.target_name(unit) for unit in range(1, network.layers[-1] + 1)),
        )
        if names != self.names:
            self.beginResetModel()
            self._frame, self.names = frame, names
            self.endResetModel()
        else:
            moved = self._frame is None or frame.state.selected != self._frame.state.selected
            self._frame = frame
            self.dataChanged.emit(self.index(0, 0 if moved else 1), self.index(len(names) - 1, _LOCK))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else len(self.names)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and section == _LOCK:
            if role == Qt.ItemDataRole.DecorationRole:
                return icon("lock-outline", look.theme.muted, look.theme.muted)
            known = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
            return _("locked: no step changes it") if role in known else None
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Name"), _("Value"), _("∂J/∂"), _("numeric"))[section]
        return None

    def value(self, row: int, column: int) -> float | None:
        """Return the number in a cell; None in the first column and where there is none."""
        frame = self._frame
        if frame is None or column in (0, _LOCK):
            return None
        count = frame.state.network.parameter_count
        if row >= count:
            if column > 1:
                return None
            values = [*frame.trace.inputs[frame.state.sample], *frame.trace.targets[frame.state.sample]]
            return float(values[row - count])
        if column == 1:
            return float(frame.parameters[row])
        if column == 2:
            return float(frame.gradients.flat[row])
        numerical = self._numerically(frame)
        return None if numerical is None else numerical[row]

    def is_locked(self, row: int) -> bool | None:
        """Return whether no step changes the parameter of a row; None where there is nothing to lock."""
        frame = self._frame
        if frame is None or row >= frame.state.network.parameter_count:
            return None
        return self.names[row] in frame.state.frozen

    def _numerically(self, frame: NetworkFrame) -> list[float] | None:
        known = self._numerical
        if known is not None and known[0] is frame.trace:
            return known[1]
        from chainrule_gui.model.gradient_check import numerical_gradient

        data = frame.state.dataset
        if frame.state.network.parameter_count * len(data.inputs) > _AT_ONCE and not self._idle:
            return None
        gradient = numerical_gradient(frame.state.network, frame.parameters, data.inputs, data.targets)
        self._numerical = (frame.trace, gradient.tolist())
        return self._numerical[1]

    def _on_idle(self) -> None:
        self._idle = True
        self.dataChanged.emit(self.index(0, 3), self.index(len(self.names) - 1, 3))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ROLES:  # most of what a view asks for; this is asked at every repaint
            return None
        row, column = index.row(), index.column()
        if column == _LOCK and role not in (SELECTED_ROLE, NAME_ROLE):
            return self._lock_data(row, role)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if column == 0:
                return plain(self.names[row])
            value = self.value(row, column)
            return "" if value is None else format_number(value, 4 if column == 1 else 3).replace(" ", HAIR_SPACE)
        if role == Qt.ItemDataRole.EditRole:
            return repr(self.value(row, 1))
        if role == NAME_ROLE:
            return self.names[row]
        if role == SELECTED_ROLE:
            return self._frame is not None and self.names[row] == self._frame.state.selected
        if role == Qt.ItemDataRole.ToolTipRole and column == 0:
            return _("{symbol}, in files and commands {name}").format(
                symbol=plain(self.names[row]), name=self.names[row]
            )
        if role == Qt.ItemDataRole.ToolTipRole and column:
            return full_precision(self.value(row, column))
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _lock_data(self, row: int, role: int) -> object:
        locked = self.is_locked(row)
        if role == LOCKED_ROLE:
            return locked
        if locked is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("locked") if locked else _("not locked")
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                _("No step changes it. Click or press Space to unlock it.")
                if locked
                else _("Click or press Space to lock it: no step changes it then.")
            )
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else usual

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        number = read_number(str(value))
        if number is None or number == self.value(index.row(), 1):
            return False
        self.value_typed.emit(self.names[index.row()], number)
        return True


class ParameterTable(QTableView):
    """Edits values by typing; a click on a row, or Enter, derives by it."""

    #: (name, value, merge key)
    value_edited = Signal(str, float, str)
    #: (name of a parameter, whether it is to be locked)
    lock_requested = Signal(str, bool)
    #: name of the row that was chosen
    selected_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Parameters"))
        self._gesture = Gesture()
        self._model = _Model(self)
        self._model.value_typed.connect(self._on_typed)
        self._frame: NetworkFrame | None = None
        self._measured: QFont | None = None
        self.setModel(self._model)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (0, 1, _LOCK):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setItemDelegate(NumberCell(self))
        look.changed.connect(self._apply_look)
        self._apply_look()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)  # Tab goes on to the next pane
        self.clicked.connect(self._on_chosen)

    def render_frame(self, frame: NetworkFrame) -> None:
        """Show the values of a frame; while it is hidden it waits."""
        if frame is not self._frame:
            self._frame = frame
            if self.isVisible():
                self._show(frame)

    def showEvent(self, event: object) -> None:
        if self._frame is not None:
            self._show(self._frame)
        super().showEvent(event)  # type: ignore[arg-type]

    def _show(self, frame: NetworkFrame) -> None:
        names = self._model.names
        self._model.show(frame)
        if names != self._model.names or self.font() != self._measured:
            self._measured = self.font()
            self._fit_columns()

    def _apply_look(self) -> None:
        self.verticalHeader().setMinimumSectionSize(look.px(18))
        self.verticalHeader().setDefaultSectionSize(look.px(26))

    def _fit_columns(self) -> None:
        metrics, padding = self.horizontalHeader().fontMetrics(), look.px(10)
        longest = max(self._model.names, key=len, default="w")
        width = max(name_width(longest), metrics.horizontalAdvance(_("Name")) + padding)
        self.setColumnWidth(0, ceil(width))
        self.setColumnWidth(_LOCK, look.px(24))
        self.setColumnWidth(1, metrics.horizontalAdvance("−10.0000") + padding)

    def row_of(self, name: str) -> int:
        """Return the row of a name."""
        return self._model.names.index(name)

    @property
    def current_name(self) -> str:
        """Name of the row that has the keyboard, empty where none has."""
        row = self.currentIndex().row()
        return self._model.names[row] if 0 <= row < len(self._model.names) else ""

    def _on_typed(self, name: str, value: float) -> None:
        self._gesture.begin()
        self.value_edited.emit(name, value, self._gesture.key(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and not editing:
            self._on_chosen(self.currentIndex())
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().column() == _LOCK:
            self._toggle_lock(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _toggle_lock(self, row: int) -> None:
        locked = self._model.is_locked(row)
        if locked is not None:
            self.lock_requested.emit(self._model.names[row], not locked)

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.column() == _LOCK:
            self._toggle_lock(index.row())
        elif self._frame is not None and 0 <= index.row() < self._frame.state.network.parameter_count:
            self.selected_requested.emit(self._model.names[index.row()])
