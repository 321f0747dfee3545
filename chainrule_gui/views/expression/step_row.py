"""One step of a worked solution as a row: its formula over its reason, indented, its value beside."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.step import Line
from chainrule_gui.session.derived import Solution
from chainrule_gui.typeset.derivation_markup import Section
from chainrule_gui.typeset.numbers import format_number, full_precision
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look

INDENT, GUTTER, VALUE = 18, 20, 74
"""Pixels at scale 1: of each level, of the arrow before a step with steps inside, of the value."""


class StepRow(QWidget):
    """Shows what it is told of one step; a thin line for each level leads the eye along what belongs together."""

    #: the steps inside are to be hidden or shown
    folded = Signal(str)

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self.formula = FormulaView(self)
        self.arrow = QToolButton(self)
        self.arrow.setObjectName("fold")
        self.arrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.arrow.clicked.connect(lambda: self.folded.emit(line.key))
        self.arrow.setVisible(bool(line.step.inner))
        self._solution: Solution | None = None
        self._value: str | None = None
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addWidget(self.arrow, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.formula, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addStretch(1)

    def room(self, width: int) -> int:
        """Return how many pixels the formula may take of a row that is so wide."""
        return max(width - self._left() - look.px(VALUE), look.px(120))

    def _left(self) -> int:
        """Deep steps move to the right only as far as leaves them room to be read."""
        level = min(look.px(INDENT), max(2, self.width() // 3 // max(self.line.depth, 1)))
        return look.px(GUTTER) + level * self.line.depth

    def show_step(self, section: Section, width: int, open_: bool) -> None:
        """Typeset the step in a row that is so wide."""
        self.setFixedWidth(width)
        has_arrow = bool(self.line.step.inner)
        gutter = look.px(GUTTER)
        self._row.setContentsMargins(self._left() - (gutter if has_arrow else 0), look.px(4), 0, look.px(5))
        self.arrow.setFixedSize(gutter, look.px(30))
        self.show_open(open_)
        self.formula.show_document(section.document, section.spoken)
        self.formula.fit(self.room(width), self.formula.natural_width)

    def show_open(self, open_: bool) -> None:
        """Show whether the steps inside are shown."""
        self.arrow.setText("▾" if open_ else "▸")
        name = _("Hide the steps inside {place}") if open_ else _("Show the steps inside {place}")
        self.arrow.setAccessibleName(name.format(place=self.line.key))
        self.arrow.setToolTip(name.format(place=self.line.key))

    def show_value(self, solution: Solution | None) -> None:
        """Show what both sides come to at the solution's point; None while that would help too much."""
        if solution is not self._solution:
            self._solution, self._value = solution, None
            wide = look.px(VALUE)
            self.update(self.width() - wide, 0, wide, self.height())  # not the formula, which stays

    @property
    def value(self) -> str:
        """What both sides come to, as shown: it is worked out when it is first seen."""
        if self._value is None:
            value = None if self._solution is None else self._solution.value(self.line)
            self._value = "" if self._solution is None else f"= {format_number(value)}"
            said = _("Both sides are {value} at the point.").format(value=full_precision(value))
            self.setToolTip(said if self._value else "")
            self.setAccessibleDescription(said if self._value else "")
        return self._value

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(look.font())
        painter.setPen(QColor(look.theme.muted))
        beside = self.rect().adjusted(0, look.px(10), 0, 0)
        painter.drawText(beside, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop), self.value)
        depth = self.line.depth
        if depth:
            painter.setPen(QPen(QColor(look.theme.border), 1.0))
            level = (self._left() - look.px(GUTTER)) / depth
            for place in range(depth):
                x = round(look.px(GUTTER) * 0.5 + level * place) + 0.5
                painter.drawLine(QRectF(x, 0, 0, self.height()).topLeft(), QRectF(x, 0, 0, self.height()).bottomLeft())
        painter.end()
