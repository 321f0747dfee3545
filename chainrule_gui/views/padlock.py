"""The sign of what is locked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def draw_padlock(painter: QPainter, corner: QPointF, side: float, colour: str, closed: bool = True) -> None:
    """Draw a padlock in the square with this upper left corner; an open one as an outline."""
    body = QRectF(corner.x() + 0.12 * side, corner.y() + 0.45 * side, 0.76 * side, 0.5 * side)
    shackle = QRectF(corner.x() + 0.27 * side, corner.y() + 0.08 * side, 0.46 * side, 0.74 * side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 0.12 * side))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(shackle, 0 if closed else 40 * 16, 180 * 16 if closed else 140 * 16)
    if closed:
        painter.setBrush(QColor(colour))
    painter.drawRoundedRect(body, 0.1 * side, 0.1 * side)
