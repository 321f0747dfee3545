"""Small typeset symbols as pictures, to be painted beside numbers in diagrams and plots."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter

from chainrule_gui.typeset import compiler
from chainrule_gui.views.drawing import Drawing

_PIXELS_PER_POINT = 96 / 72


@lru_cache(maxsize=2048)
def _typeset(markup: str, size: float, colour: str) -> Drawing:
    document = (
        "#set page(width: auto, height: auto, margin: 1pt, fill: none)\n"
        f'#set text(size: {size:.2f}pt, fill: rgb("{colour}"), top-edge: "bounds", bottom-edge: "bounds")\n'
        f"$ {markup} $"
    )
    return Drawing(compiler.svg(document))


# QImage, not QPixmap: a cached pixmap would outlive the application and warn at exit.
@lru_cache(maxsize=2048)
def _picture(markup: str, size: float, colour: str, scale: float, ratio: float) -> QImage:
    drawing = _typeset(markup, size, colour)
    extent = drawing.size * _PIXELS_PER_POINT * scale
    width, height = (max(1, round(min(side * ratio, 4000))) for side in (extent.width(), extent.height()))
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.paint(painter, QRectF(0, 0, width, height))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def symbol_size(markup: str, size: float, colour: str) -> QSizeF:
    """Return how large a symbol is, in pixels; `size` is that of its letters in points."""
    return _typeset(markup, round(size, 1), colour).size * _PIXELS_PER_POINT


def draw_symbol(
    painter: QPainter, markup: str, size: float, colour: str, left: float, middle: float, room: float = math.inf
) -> None:
    """Draw a symbol, its left edge and its vertical middle given: as sharp as the device, as vectors in a document.

    Where it is wider than `room` it is drawn smaller.
    """
    drawing = _typeset(markup, round(size, 1), colour)
    natural = drawing.size * _PIXELS_PER_POINT
    scale = min(1.0, room / natural.width())
    extent = natural * scale
    at = QPointF(left, middle - extent.height() / 2)
    if painter.paintEngine().type() in (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf):
        drawing.paint(painter, QRectF(at, extent))
    else:
        ratio = round(painter.deviceTransform().m11(), 2)
        painter.drawImage(at, _picture(markup, round(size, 1), colour, scale, ratio))
