"""A typeset formula to be painted at any size.

Typst's SVG holds the outlines of its glyphs anew in every formula, and to read them takes QSvgRenderer longer than all
the typesetting. The few kinds of element that formulas are made of are read here, each outline once for all formulas.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtSvg import QSvgRenderer

_PART = re.compile(
    rb'<g transform="matrix\(1 0 0 -1 ([-\d.]+) ([-\d.]+)\)">'
    rb'<use xlink:href="#(\w+)" x="0" y="0" fill="(#\w{6})" fill-rule="nonzero"/></g>'
    rb'|<path fill="none" stroke="(#\w{6})" stroke-width="([\d.]+)"[^>]*'
    rb' transform="translate\(([-\d.]+) ([-\d.]+)\)" d="([^"]*)"/>'
    rb'|<g transform="translate\(([-\d.]+) ([-\d.]+)\)">'
    rb"|(</g>)"
    rb'|<g transform="[^"]*"/>'
    rb'|<a [^>]*><rect [^>]*fill="transparent" stroke="none"/></a>'
)
_GLYPH = re.compile(rb'<symbol id="(\w+)"[^>]*><path d="([^"]*)"/></symbol>')
_COMMAND = re.compile(rb"([A-Za-z])([^A-Za-z]*)")


class Drawing:
    """What a typeset SVG shows; it is read when it is first painted."""

    def __init__(self, svg: bytes = b"") -> None:
        self._svg = svg
        found = re.match(rb'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"', svg)
        #: in points
        self.size = QSizeF(float(found[1]), float(found[2])) if found else QSizeF(0, 0)

    def paint(self, painter: QPainter, target: QRectF) -> None:
        """Fill `target` with it."""
        if self.size.isEmpty():
            return
        parts = _parts(self._svg)
        if parts is None:
            QSvgRenderer(QByteArray(self._svg)).render(painter, target)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(target.topLeft())
        painter.scale(target.width() / self.size.width(), target.height() / self.size.height())
        for x, y, outline, pen, brush in parts:
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.translate(x, y)
            painter.drawPath(outline)
            painter.translate(-x, -y)
        painter.restore()


_Part = tuple[float, float, QPainterPath, QPen, QBrush]


@lru_cache(maxsize=64)
def _parts(svg: bytes) -> list[_Part] | None:
    """Return the outlines to draw, each with its place; None where the SVG has parts that are not known here."""
    try:
        return _read(svg)
    except (LookupError, ValueError):
        return None


def _read(svg: bytes) -> list[_Part]:
    body, _defs, glyphs = svg.partition(b"<defs")
    known = dict(_GLYPH.findall(glyphs))
    parts: list[_Part] = []
    left = top = 0.0
    places: list[tuple[float, float]] = []
    end = body.index(b">") + 1
    for part in _PART.finditer(body, end):
        if part.start() != end:
            break
        end = part.end()
        x, y, glyph, colour, stroke, width, line_x, line_y, line, group_x, group_y, closes = part.groups()
        if glyph:
            outline = _outline(known[glyph], flipped=True)
            parts.append((left + float(x), top + float(y), outline, _NO_PEN, _brush(colour)))
        elif line:
            parts.append((left + float(line_x), top + float(line_y), _outline(line), _pen(stroke, width), _NO_BRUSH))
        elif group_x:
            places.append((left, top))
            left, top = left + float(group_x), top + float(group_y)
        elif closes:
            left, top = places.pop()
    if body[end:] not in (b"", b"</svg>"):
        raise ValueError(body[end:])
    return parts


_NO_PEN, _NO_BRUSH = QPen(Qt.PenStyle.NoPen), QBrush(Qt.BrushStyle.NoBrush)


@lru_cache(maxsize=64)
def _brush(colour: bytes) -> QBrush:
    return QBrush(QColor(colour.decode()))


@lru_cache(maxsize=64)
def _pen(colour: bytes, width: bytes) -> QPen:
    return QPen(_brush(colour), float(width), c=Qt.PenCapStyle.FlatCap, j=Qt.PenJoinStyle.MiterJoin)


@lru_cache(maxsize=8192)
def _outline(commands: bytes, flipped: bool = False) -> QPainterPath:
    """Read a path's commands; a glyph's has y upwards."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    x = y = start_x = start_y = 0.0
    for letter, rest in _COMMAND.findall(commands):
        n = [float(number) for number in rest.split()]
        match letter, len(n):
            case b"M", 2:
                x, y = start_x, start_y = n
                path.moveTo(x, y)
            case b"m", 2:
                x, y = start_x, start_y = x + n[0], y + n[1]
                path.moveTo(x, y)
            case (b"l", 2) | (b"h", 1) | (b"v", 1):
                x += 0.0 if letter == b"v" else n[0]
                y += 0.0 if letter == b"h" else n[-1]
                path.lineTo(x, y)
            case b"q", 4:
                path.quadTo(x + n[0], y + n[1], x + n[2], y + n[3])
                x, y = x + n[2], y + n[3]
            case b"c", 6:
                path.cubicTo(x + n[0], y + n[1], x + n[2], y + n[3], x + n[4], y + n[5])
                x, y = x + n[4], y + n[5]
            case b"Z", 0:
                path.closeSubpath()
                x, y = start_x, start_y
            case _:
                raise ValueError(letter)
    return QTransform.fromScale(1, -1).map(path) if flipped else path
