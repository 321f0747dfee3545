"""A few words beside a point of a plot, with a halo instead of a ground, so that no curve is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Gives where a curve is, from the top, for places from the left; nan where it is not. All in pixels."""


_RING = tuple(QPointF(cos(turn * pi / 6), sin(turn * pi / 6)) for turn in range(12))


class Caption(QGraphicsItem):
    """Text at a point of the view; it keeps its size, and takes that place about its point where fewest curves run."""

    def __init__(self, halo: float = 2.5) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(20)
        self._text, self._halo = "", halo
        self._font, self._colour, self._ground = QFont(), QColor(), QColor()
        self._base, self._box = 0.0, QRectF()
        self._shift = QPointF()

    def set_look(self, font: QFont, colour: str, ground: str) -> None:
        """Use a font, a colour, and the ground's colour for the halo."""
        self._font, self._colour, self._ground = font, QColor(colour), QColor(ground)
        self._draw()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self._draw()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    @property
    def box(self) -> QRectF:
        """Where it is written, in pixels from its point."""
        return self._box.translated(self._shift)

    def place(self, at: QPointF, room: QRectF, curves: Sequence[Curve], gap: float) -> None:
        """Choose a place about the point `at` within `room`, both in pixels.

        Parameters
        ----------
        gap : from the point to the writing
        """
        width, height = self._box.width(), self._box.height()
        beside, above = (gap, -width - gap, -width / 2), (-height - gap, gap, -height / 2)
        shifts = [self._shift, *(QPointF(x, y) for y in above for x in beside if (x, y) != (-width / 2, -height / 2))]
        shifts += [QPointF(shift.x() * 3, shift.y() * 3) for shift in shifts[1:5]]
        best, fewest = self._shift, float("inf")
        for place, shift in enumerate(shifts):
            box = QRectF(at.x() + shift.x(), at.y() + shift.y(), width, height)
            crossings = sum(_crossings(curve, box) for curve in curves) + (0 if room.contains(box) else 1_000_000)
            if place == 0 and box.adjusted(-1, -1, 1, 1).contains(at):
                continue  # it was written for another text
            if crossings < fewest:
                best, fewest = shift, crossings
            if crossings == 0:
                break
        if best != self._shift:
            self.prepareGeometryChange()
            self._shift = best

    def _draw(self) -> None:
        metrics = QFontMetricsF(self._font)
        self.prepareGeometryChange()
        self._base = metrics.ascent()
        self._box = QRectF(0, 0, metrics.horizontalAdvance(self._text), metrics.height())
        self.update()

    def boundingRect(self) -> QRectF:
        return self.box.adjusted(-self._halo, -self._halo, self._halo, self._halo)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.setPen(self._ground)
        base = self._shift + QPointF(0, self._base)
        for aside in _RING:  # several times quicker than stroking the outlines
            painter.drawText(base + aside * self._halo, self._text)
        painter.setPen(self._colour)
        painter.drawText(base, self._text)


def _crossings(curve: Curve, box: QRectF) -> int:
    """At how many of a few places across a box a curve runs through it."""
    there = curve(np.linspace(box.left(), box.right(), 12))
    return int(np.count_nonzero((there >= box.top()) & (there <= box.bottom())))
