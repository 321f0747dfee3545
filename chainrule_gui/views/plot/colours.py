"""Colour maps: numbers as colours that change evenly to the eye, and the bar that says which number is which."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.views.theme import look

Array = NDArray[np.float64]
Colours = NDArray[np.uint8]

COST_MAP, OUTPUT_MAP = "viridis", "CET-D1"
"""pyqtgraph's names of maps that are perceptually uniform: one from low to high, one from either end to a middle."""


@cache
def _table(name: str) -> Colours:
    table: Colours = pg.colormap.get(name).getLookupTable(nPts=256, alpha=False)
    return table


def colours(values: Array, low: float, high: float, name: str) -> Colours:
    """Return red, green and blue of each value, (…, 3); what lies outside takes the colour of that end."""
    share = np.clip((values - low) / max(high - low, 1e-300), 0.0, 1.0)
    return _table(name)[np.nan_to_num(share * 255).astype(np.intp)]


def colour(value: float, low: float, high: float, name: str) -> QColor:
    """Return the colour of one value."""
    return QColor(*(int(part) for part in colours(np.array([value]), low, high, name)[0]))


class Map(pg.ImageItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A picture of values at evenly spaced places, smooth between them."""

    def __init__(self) -> None:
        super().__init__(axisOrder="col-major")

    def show_values(self, pixels: Colours, xs: Array, ys: Array) -> None:
        """Show red, green, blue and opacity of each value, (columns, rows, 4), each in the middle of its pixel."""
        wide, tall = xs[1] - xs[0], ys[1] - ys[0]
        self.setImage(pixels, levels=None)
        self.setRect(QRectF(xs[0] - wide / 2, ys[0] - tall / 2, wide * len(xs), tall * len(ys)))

    def paint(self, painter: QPainter, *arguments: Any) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *arguments)


def line_on_map(colour: str, width: float) -> Any:
    """Return a pen for the short pieces of an isoline, whose ends do not show."""
    found = pg.mkPen(colour, width=width * look.scale)
    found.setCapStyle(Qt.PenCapStyle.RoundCap)
    return found


class ColourBar(QWidget):
    """An upright bar of a colour map with the numbers at its ends."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._title, self._low, self._high = name, "", "", ""
        self.setAccessibleName(_("Colours"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_range(self, title: str, low: str, high: str) -> None:
        """Write what the colours mean: of what quantity, from which number to which."""
        if (title, low, high) != (self._title, self._low, self._high):
            self._title, self._low, self._high = title, low, high
            self.setAccessibleDescription(
                _("{quantity} from {low} to {high}").format(quantity=title, low=low, high=high)
            )
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(look.font(8.5))
        widest = max(metrics.horizontalAdvance(text) for text in (self._title, self._low, self._high))
        return QSize(round(widest) + look.px(22), look.px(60))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(look.font(8.5))
        height = painter.fontMetrics().height()
        bar = QRectF(look.px(4), height + look.px(2), look.px(9), self.height() - height - look.px(24))
        table = np.ascontiguousarray(_table(self._name)[::-1])
        image = QImage(table.data, 1, len(table), 3, QImage.Format.Format_RGB888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, image)
        painter.setPen(QColor(look.theme.muted))
        left, ascent = bar.right() + look.px(5), painter.fontMetrics().ascent()
        painter.drawText(round(bar.left()), ascent, self._title)
        painter.drawText(round(left), round(bar.top()) + ascent, self._high)
        painter.drawText(round(left), round(bar.bottom()), self._low)
        painter.end()
