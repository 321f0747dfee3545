"""Draws a diagram's items: lines first, then nodes and labels, each link in its colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from chainrule_gui.typeset.numbers import HAIR_SPACE, format_number
from chainrule_gui.views.diagram.items import Item, Layout, Row
from chainrule_gui.views.padlock import draw_padlock
from chainrule_gui.views.symbols import draw_symbol, symbol_size
from chainrule_gui.views.theme import Theme, mixed

SMALLEST_WRITING = 0.5
"""Below this size nodes show one number and no names, below half of it none."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is emphasised: link colours, the selected name, the highlighted link, the item with the keyboard."""

    colours: dict[str, str]
    selected: str | None
    highlight: str | None
    current: str | None
    dimmed: bool


class DiagramPainter:
    """Paints one layout with one set of marks."""

    def __init__(self, painter: QPainter, layout: Layout, theme: Theme, marks: Marks, font: QFont) -> None:
        self._painter, self._layout, self._theme, self._marks = painter, layout, theme, marks
        self._size = layout.size
        self._font = QFont(font)
        self._font.setPointSizeF(max(4.0, 9.5 * self._size))
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self._metrics = QFontMetricsF(self._bold)

    def paint(self) -> None:
        """Paint everything."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._marks.dimmed:
            painter.setOpacity(0.4)
        for item in sorted(self._layout.items, key=lambda item: (self._colour(item) is not None, item.weight)):
            if item.line is not None:
                self._line(item)
        for item in self._layout.items:
            if item.kind in ("weight", "bias", "target", "edge"):
                self._label(item)
            elif item.kind == "build":
                self._button(item)
            else:
                self._node(item)
            self._tag(item)
        for box, markup in self._layout.captions:
            self._symbol(markup, box.center().x(), box.center().y(), self._theme.muted, box.width())
        current = self._layout.item(self._marks.current) if self._marks.current else None
        if current is not None:
            self._focus_ring(current)

    def _colour(self, item: Item) -> str | None:
        return self._marks.colours.get(item.link) if item.link is not None else None

    def _is_highlighted(self, item: Item) -> bool:
        return item.link is not None and item.link == self._marks.highlight

    def _line(self, item: Item) -> None:
        assert item.line is not None
        painter, theme, scale = self._painter, self._theme, max(self._size, 0.5)
        start, end = item.line
        link_colour = self._colour(item)
        colour = QColor(link_colour or (theme.accent if item.lit else theme.faint))
        width = (1.2 + 2.6 * item.weight) * scale
        if link_colour is not None:
            width = max(width, 2.6 * scale)
        dense = not item.labelled and item.kind == "weight" and link_colour is None
        if dense:
            # Mixed, not transparent: a transparent line costs twenty times as much.
            colour = mixed(theme.faint, theme.card, round(0.35 + 0.65 * item.weight, 2))
        if self._is_highlighted(item) or (item.name == self._marks.selected and link_colour is None):
            glow = QColor(theme.accent_soft)
            painter.setPen(QPen(glow, width + 9 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            self._stroke(item)
        style = Qt.PenStyle.DashLine if item.negative else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, width, style, Qt.PenCapStyle.FlatCap))
        self._stroke(item)
        if not dense or item.weight > 0.4:
            before = start if item.path is None else item.path.pointAtPercent(0.97)
            self._arrow(before, end, colour, (7 + width) * scale**0.5)

    def _stroke(self, item: Item) -> None:
        assert item.line is not None
        if item.path is None:
            self._painter.drawLine(*item.line)
            return
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(item.path)

    def _arrow(self, start: QPointF, end: QPointF, colour: QColor, length: float) -> None:
        angle = math.atan2(end.y() - start.y(), end.x() - start.x())
        head = QPolygonF([end])
        for turn in (2.75, -2.75):
            head.append(end + QPointF(math.cos(angle + turn), math.sin(angle + turn)) * length)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawPolygon(head)

    def _node(self, item: Item) -> None:
        painter, theme = self._painter, self._theme
        colour = self._colour(item)
        selected = item.name == self._marks.selected
        if item.lit or self._is_highlighted(item):
            self._glow(item.rect)
        outline = QColor(colour or (theme.accent if selected or item.lit else theme.muted))
        painter.setPen(QPen(outline, 2.6 if colour else 2.0 if selected else 1.2))
        painter.setBrush(QColor(theme.accent_soft if selected else theme.card))
        radius = min(item.rect.width(), item.rect.height()) / (3 if self._layout.upright else 2)
        if item.kind in ("cost", "quantity"):
            radius = 9 * self._size
        painter.drawRoundedRect(item.rect, radius, radius)
        if self._size < SMALLEST_WRITING / 2:
            return
        if self._size < SMALLEST_WRITING:
            self._number(item.rows[-1].value, item.rect, self._font)
            return
        if len(item.rows) == 1:
            self._cell(item.rows[0], item.rect)
            return
        rect, middle, inset = item.rect, item.rect.center(), 10 * self._size
        painter.setPen(QPen(QColor(theme.border), 1))
        if self._layout.upright:
            painter.drawLine(QPointF(rect.left() + inset, middle.y()), QPointF(rect.right() - inset, middle.y()))
            halves = (
                rect.adjusted(0, inset / 2, 0, -rect.height() / 2),
                rect.adjusted(0, rect.height() / 2, 0, -inset / 2),
            )
        else:
            painter.drawLine(QPointF(middle.x(), rect.top() + inset), QPointF(middle.x(), rect.bottom() - inset))
            halves = (
                rect.adjusted(radius / 4, 0, -rect.width() / 2, 0),
                rect.adjusted(rect.width() / 2, 0, -radius / 4, 0),
            )
        for row, half in zip(item.rows, halves, strict=True):
            self._cell(row, half)

    def _glow(self, rect: QRectF) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._theme.accent_soft))
        grown = 7 * self._size
        around = rect.adjusted(-grown, -grown, grown, grown)
        self._painter.drawRoundedRect(around, around.height() / 2.4, around.height() / 2.4)

    def _cell(self, row: Row, box: QRectF) -> None:
        """Write a name above its number, or the number alone."""
        if not row.markup:
            self._number(row.value, box, self._bold)
            return
        middle = box.top() + box.height() * 0.32
        self._symbol(row.markup, box.center().x(), middle, self._theme.muted, box.width() - 8 * self._size)
        self._number(row.value, box.adjusted(0, box.height() * 0.44, 0, 0), self._bold)

    def _symbol(self, markup: str, centre: float, middle: float, colour: str, most: float) -> None:
        size = 10.5 * self._size
        extent = symbol_size(markup, size, colour)
        if extent.width() > most:
            size *= max(0.45, most / extent.width())
            extent = symbol_size(markup, size, colour)
        draw_symbol(self._painter, markup, size, colour, centre - extent.width() / 2, middle)

    def _number(self, value: float | None, box: QRectF, font: QFont) -> None:
        text = self._text(value)
        self._painter.setFont(self._fitting(font, text, box.width() - 8 * self._size))
        self._painter.setPen(QColor(self._theme.text))
        self._painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _text(self, value: float | None) -> str:
        """Write a number, one with a power of ten as short as it can be."""
        text = format_number(value, self._layout.digits)
        return format_number(value, self._layout.digits - 1).replace(" ", HAIR_SPACE) if "×" in text else text

    def _fitting(self, font: QFont, text: str, width: float) -> QFont:
        """Return the font, smaller where the text would not fit; a number is never cut."""
        needed = self._metrics.horizontalAdvance(text)
        if needed <= width:
            return font
        smaller = QFont(font)
        smaller.setPointSizeF(font.pointSizeF() * max(0.4, width / needed))
        return smaller

    def _label(self, item: Item) -> None:
        if not item.labelled or not item.rows or item.rect.isEmpty() or self._size < SMALLEST_WRITING * 0.8:
            return
        painter, theme = self._painter, self._theme
        colour = self._colour(item)
        selected = item.name == self._marks.selected
        emphasised = selected or item.lit or self._is_highlighted(item)
        painter.setPen(QPen(QColor(theme.accent), 1.2) if selected else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft if emphasised else theme.card))
        ink = colour or theme.text
        if item.kind == "edge":
            self._edge_label(item, ink)
            return
        painter.drawRoundedRect(item.rect, 5 * self._size, 5 * self._size)
        if self._layout.upright and item.kind == "weight":
            self._stacked(item.rows[0], item.rect, ink)
        else:
            self._named_number(item.rows[0], item.rect, ink, "")
        if item.locked:
            side = 11 * max(self._size, 0.6)
            draw_padlock(painter, item.rect.topRight() - QPointF(side / 2, side / 2), side, theme.accent)

    def _button(self, item: Item) -> None:
        """Draw a button: round for units, square for layers."""
        assert item.build is not None
        painter, theme, box = self._painter, self._theme, item.rect
        painter.setPen(QPen(QColor(theme.faint), 1.0))
        painter.setBrush(QColor(theme.card))
        radius = box.width() * (0.5 if item.build[0].startswith("unit") else 0.2)
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(QPen(QColor(theme.muted), max(1.2, box.width() * 0.08)))
        middle, arm = box.center(), box.width() * 0.22
        turned = item.operation == "✕"
        across, upright = (QPointF(arm, arm), QPointF(arm, -arm)) if turned else (QPointF(arm, 0), QPointF(0, arm))
        painter.drawLine(middle - across, middle + across)
        if item.operation != "−":
            painter.drawLine(middle - upright, middle + upright)

    def _edge_label(self, item: Item, ink: str) -> None:
        """Write an edge's derivative and its number."""
        self._painter.drawRoundedRect(item.rect, 8 * self._size, 8 * self._size)
        if self._layout.downward:
            self._named_number(item.rows[0], item.rect, ink, "=")
        else:
            self._stacked(item.rows[0], item.rect, ink)

    def _stacked(self, row: Row, box: QRectF, ink: str) -> None:
        """Write a name or a fraction above its number."""
        size = 10 * self._size
        extent = symbol_size(row.markup, size, ink)
        if extent.width() > box.width() - 2:
            size *= (box.width() - 2) / extent.width()
            extent = symbol_size(row.markup, size, ink)
        middle = box.top() + box.height() * 0.31
        draw_symbol(self._painter, row.markup, size, ink, box.center().x() - extent.width() / 2, middle)
        text = self._text(row.value)
        self._painter.setFont(self._fitting(self._bold, text, box.width() - 4 * self._size))
        self._painter.setPen(QColor(ink))
        below = box.adjusted(0, box.height() * 0.62, 0, 0)
        self._painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), text)

    def _named_number(self, row: Row, box: QRectF, ink: str, between: str) -> None:
        """Write a name and its number side by side."""
        painter = self._painter
        size = 10 * self._size
        extent = symbol_size(row.markup, size, ink)
        gap = 5 * self._size
        text = f"{between} {self._text(row.value)}".strip()
        needed = extent.width() + gap + self._metrics.horizontalAdvance(text)
        if needed > box.width():
            size *= box.width() / needed
            extent = symbol_size(row.markup, size, ink)
        font = self._fitting(self._bold, text, box.width() - extent.width() - gap)
        total = extent.width() + gap + QFontMetricsF(font).horizontalAdvance(text)
        left = box.center().x() - total / 2
        draw_symbol(painter, row.markup, size, ink, left, box.center().y())
        painter.setFont(font)
        painter.setPen(QColor(ink))
        at = QRectF(left + extent.width() + gap, box.top(), total, box.height())
        painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _tag(self, item: Item) -> None:
        tag, colour = item.tag, self._colour(item)
        if tag is not None and colour is not None and self._size >= SMALLEST_WRITING:
            row = Row(tag.markup, tag.value)
            if tag.stacked:
                self._stacked(row, tag.rect, colour)
            else:
                self._named_number(row, tag.rect, colour, "=")

    def _focus_ring(self, item: Item) -> None:
        painter = self._painter
        painter.setPen(QPen(QColor(self._theme.accent), 1.6, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if item.labelled and not item.rect.isEmpty():
            painter.drawRoundedRect(item.rect.adjusted(-4, -4, 4, 4), 8, 8)
        elif item.line is not None:
            painter.drawRoundedRect(QRectF(item.line[0], item.line[1]).normalized().adjusted(-3, -3, 3, 3), 8, 8)
