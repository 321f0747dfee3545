"""Small typeset symbols as pictures, to be painted beside numbers in diagrams and plots."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgRenderer

from chainrule_gui.typeset import compiler

_PIXELS_PER_POINT = 96 / 72


# QImage, not QPixmap: a cached pixmap would outlive the application and warn at exit.
@lru_cache(maxsize=2048)
def _picture(markup: str, size: float, colour: str, ratio: float) -> tuple[QImage, QSizeF]:
    document = (
        "#set page(width: auto, height: auto, margin: 1pt, fill: none)\n"
        f'#set text(size: {size:.2f}pt, fill: rgb("{colour}"), top-edge: "bounds", bottom-edge: "bounds")\n'
        f"$ {markup} $"
    )
    renderer = QSvgRenderer(QByteArray(compiler.svg(document)))
    extent = renderer.viewBoxF().size() * _PIXELS_PER_POINT
    width, height = (max(1, round(min(side * ratio, 4000))) for side in (extent.width(), extent.height()))
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, width, height))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image, extent


def symbol_size(device: QPaintDevice, markup: str, size: float, colour: str) -> QSizeF:
    """Return how large a symbol is on a device, in pixels; `size` is that of its letters in points."""
    return _picture(markup, round(size, 1), colour, device.devicePixelRatioF())[1]


def draw_symbol(painter: QPainter, markup: str, size: float, colour: str, left: float, middle: float) -> None:
    """Draw a symbol, its left edge and its vertical middle given."""
    image, extent = _picture(markup, round(size, 1), colour, painter.device().devicePixelRatioF())
    painter.drawImage(QPointF(left, middle - extent.height() / 2), image)
