"""The command search: type a few letters, Enter runs the action."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.views.theme import look


class CommandSearch(QDialog):
    """Lists the actions whose text or tool tip holds every word typed.

    An action that is named by its menu too, like one of the presets, has its full name as data.
    """

    def __init__(self, actions: list[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = actions
        self.entry = QLineEdit()
        self.entry.setAccessibleName(_("Search commands"))
        self.entry.setPlaceholderText(_("Type what you want to do"))
        self.entry.textChanged.connect(self._fill)
        self.entry.returnPressed.connect(self._run)
        self.entry.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Commands found"))
        self.list.itemActivated.connect(lambda _item: self._run())
        column = QVBoxLayout(self)
        column.addWidget(self.entry)
        column.addWidget(self.list)
        self.resize(look.px(520), look.px(380))
        self._fill("")

    def _fill(self, typed: str) -> None:
        self.list.clear()
        words = typed.casefold().split()
        for action in self._actions:
            name = (action.data() or action.text()).replace("&", "")
            if action.isEnabled() and all(word in f"{name} {action.toolTip()}".casefold() for word in words):
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                item = QListWidgetItem(f"{name}    {keys}" if keys else name)
                item.setToolTip(action.toolTip())
                item.setData(Qt.ItemDataRole.UserRole, action)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            action = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return super().eventFilter(watched, event)
