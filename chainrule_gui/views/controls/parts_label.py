"""A line of text in parts: where the room is short the last parts go first, and all of it stays in the tool tip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_BETWEEN = "  ·  "


class PartsLabel(QWidget):
    """Shows as many parts as fit, the most important first; a first part that does not fit ends in an ellipsis.

    Not a QLabel: that has the window laid out anew for every other text.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[str]) -> None:
        """Show parts, the most important first."""
        if self._parts != tuple(parts):
            self._parts = tuple(parts)
            self.setToolTip(self.text())
            self.setAccessibleDescription(self.text())
            if not parts or self.sizeHint().width() > self.width():
                self.updateGeometry()
            self.update()

    def text(self) -> str:
        """All that there is to say."""
        return _BETWEEN.join(self._parts)

    @property
    def shown(self) -> str:
        """What there is room for."""
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        for count in range(len(self._parts), 0, -1):
            text = _BETWEEN.join(self._parts[:count])
            if metrics.horizontalAdvance(text) <= room:
                return text
        return metrics.elidedText(self._parts[0] if self._parts else "", Qt.TextElideMode.ElideRight, room)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self.contentsRect(), left, self.shown)
        painter.end()
