"""The card that each pane lives in, and the segmented switch in its title bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.views.controls.parts_label import PartsLabel
from chainrule_gui.views.theme import look


class Segments(QFrame):
    """A few choices side by side, one of them chosen."""

    #: key of the choice that was made by the user
    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, text in choices:
            button = QPushButton(text, self)
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {text}")
            # Not by a click: the ring of the keyboard's focus would look like a second choice.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            layout.addWidget(button)
            self._buttons[key] = button
        look.changed.connect(self._apply_look)
        self._apply_look()

    def _apply_look(self) -> None:
        """Leave room for the bold writing that the choice gets, so that choosing moves nothing."""
        metrics = QFontMetrics(look.font(bold=True))
        for button in self._buttons.values():
            button.setMinimumWidth(metrics.horizontalAdvance(button.text()) + look.px(24))

    def show_choice(self, key: str) -> None:
        """Show which choice is made, without a signal."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> QPushButton:
        """Return the button of a choice."""
        return self._buttons[key]


class Notice(QFrame):
    """What went wrong, or what to look for, above the panes; it stays until it is closed or something else is said."""

    def __init__(self, name: str, warns: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice" if warns else "hint")
        self.text = QLabel(self)
        self.text.setObjectName("warning" if warns else "hint")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName(name)
        self.close_button = QToolButton(self)
        self.close_button.setObjectName("flat")
        self.close_button.setText("✕")
        self.close_button.setAccessibleName(_("Close this message"))
        self.close_button.setToolTip(_("Close this message"))
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show a message, or nothing."""
        self.text.setText(text)
        self.setVisible(bool(text))


class Card(QFrame):
    """A pane with its title; a double click on the title bar asks to maximise it."""

    #: the title bar was double-clicked or its button pressed
    maximise_requested = Signal()

    def __init__(
        self, title: str, body: QWidget, corner: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.body = body
        self._title = PartsLabel(self)
        self._title.setObjectName("pane-title")
        self._title.show_parts([title.upper()])
        self._title.setAccessibleName(title)
        self.setAccessibleName(title)
        self._maximise = QToolButton(self)
        self._maximise.setObjectName("flat")
        self._maximise.setText("⤢")
        self._maximise.setAccessibleName(_("Maximise the pane {title}").format(title=title))
        self._maximise.setToolTip(_("Maximise this pane, or show all panes again"))
        self._maximise.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._maximise.clicked.connect(self.maximise_requested)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self._title, 1)
        for widget in corner:
            self._bar.addWidget(widget)
        self._bar.addWidget(self._maximise)
        self._layout = QVBoxLayout(self)
        self._layout.addLayout(self._bar)
        self._layout.addWidget(body, 1)
        look.changed.connect(self._apply_look)
        self._apply_look()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.show_parts([title.upper()])
        self._title.setAccessibleName(title)
        self.setAccessibleName(title)

    def _apply_look(self) -> None:
        margin = look.px(14)
        self._layout.setContentsMargins(margin, look.px(9), margin, look.px(10))
        self._layout.setSpacing(look.px(6))
        self._bar.setSpacing(look.px(8))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() < self.body.y() and event.button() == Qt.MouseButton.LeftButton:
            self.maximise_requested.emit()
        super().mouseDoubleClickEvent(event)
