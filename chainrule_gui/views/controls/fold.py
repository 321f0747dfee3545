"""A part of a form that opens and closes; closed, its heading says what is set in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.typeset.settings_markup import Line, lines_page
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.icons import icon
from chainrule_gui.views.theme import look

_WIDTH = 270


class Fold(QWidget):
    """A heading that is a button, and a form below it."""

    #: it was opened: what it shows is wanted now
    opened = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.heading = QToolButton()
        self.heading.setObjectName("fold")
        self.heading.setCheckable(True)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.toggled.connect(self._on_toggled)
        self.body = QWidget()
        self.body.hide()
        self.form = QFormLayout(self.body)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self.body)
        self.summarise("")
        look.changed.connect(self._turn_arrow)
        self._turn_arrow()

    @property
    def is_open(self) -> bool:
        """Whether what is in it is shown."""
        return self.heading.isChecked()

    def summarise(self, summary: str) -> None:
        """Say in the heading what is set."""
        text = ": ".join(part for part in (self._title, summary) if part)
        self.heading.setText(text)
        self.heading.setToolTip(text)
        self.heading.setAccessibleName(text)

    def add_row(self, text: str, widget: QWidget) -> None:
        """Add a field and its name."""
        self.form.addRow(text, widget)
        if not widget.accessibleName():
            widget.setAccessibleName(text)

    def _on_toggled(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self._turn_arrow()
        if is_open:
            self.opened.emit()

    def _turn_arrow(self) -> None:
        muted = look.theme.muted
        self.heading.setIcon(icon("chevron-down" if self.is_open else "chevron-right", muted, muted))
        self.heading.setIconSize(QSize(look.px(16), look.px(16)))


def show_lines(view: FormulaView, name: str, lines: Sequence[Line]) -> None:
    """Typeset lines with their words for the width of the form; none hide the view."""
    view.setVisible(bool(lines))
    if lines:
        width = min(look.px(_WIDTH), _room(view))
        spoken = "; ".join(f"{line.spoken}. {line.words}" if line.words else line.spoken for line in lines)
        document = lines_page(lines, 9.5 * look.scale, width * 0.75 - 4, look.theme.text, look.theme.muted)
        view.show_document(document, f"{name}: {spoken}")
        view.fit(width, view.natural_width)


def _room(view: QWidget) -> int:
    """Return how wide the part of the form is that can be seen."""
    parent = view.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return look.px(_WIDTH) if parent is None else parent.viewport().width() - look.px(8)
