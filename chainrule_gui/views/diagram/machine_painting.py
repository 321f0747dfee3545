"""Draws a function's diagram: each quantity is a machine with an inlet, the name of what it does, and its output."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath, QPen

from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.diagram.items import Item, Row
from chainrule_gui.views.diagram.machines import plate
from chainrule_gui.views.diagram.painting import SMALLEST_WRITING, DiagramPainter
from chainrule_gui.views.symbols import draw_symbol, symbol_size

_GAP, _SYMBOL = 5.0, 10.0


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a line: a symbol, a text behind it, and how the text is written."""

    markup: str
    text: str
    font: QFont
    ink: str


class MachinePainter(DiagramPainter):
    """Paints the nodes of a function as machines; lines and labels as in any diagram."""

    def _node(self, item: Item) -> None:
        if item.kind == "expander":
            self._expander(item)
        elif item.kind == "nudge":
            self._chip(item)
        elif self._size < SMALLEST_WRITING:
            self._small(item)
        elif item.operation:
            self._machine(item)
        else:
            self._source(item)

    def _outlined(self, rect: QRectF, radius: float) -> None:
        self._painter.setPen(QPen(QColor(self._theme.muted), 1.2))
        self._painter.setBrush(QColor(self._theme.card))
        self._painter.drawRoundedRect(rect, radius, radius)

    def _small(self, item: Item) -> None:
        """Where there is no room for names: the output, or its change."""
        self._outlined(item.rect, 9 * self._size)
        if self._size >= SMALLEST_WRITING / 2:
            change = item.change
            self._number(item.value if change is None else change.change, item.rect, self._font)

    def _source(self, item: Item) -> None:
        """What goes in: no machine, so it has the shape of a pill."""
        rect = item.rect
        self._outlined(rect, rect.height() / 2)
        nudged = self._layout.item(f"Δ{item.name}") is not None
        self._line_of([self._named(item.rows[0])], _left_half(rect) if nudged else rect)

    def _machine(self, item: Item) -> None:
        """What it does on a plate, what comes out below it or, where the output's change is shown too, beside it."""
        rect, theme = item.rect, self._theme
        lower, top = rect.adjusted(0, rect.height() / 2, 0, 0), plate(item)
        self._outlined(rect, 9 * self._size)
        self._painter.save()
        inside = QPainterPath()
        inside.addRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), 9 * self._size, 9 * self._size)
        self._painter.setClipPath(inside, Qt.ClipOperation.IntersectClip)
        self._painter.fillRect(top, QColor(theme.sunken))
        self._painter.restore()
        self._ports(item)
        written = QRectF(top)
        for button in self._layout.items:
            if button.kind == "expander" and top.contains(button.rect.center()):
                written.setRight(button.rect.left())
        self._operation(item.operation, written)
        output = self._named(item.rows[0])
        if item.change is None:
            self._line_of([output], lower)
            return
        self._line_of([output], top.translated(top.width(), 0))
        exact = f"= {format_number(item.change.change, self._layout.digits)}"
        linear = f"≈ {format_number(item.change.linear, self._layout.digits)}"
        changed = _Part(f"Delta {item.rows[0].markup}", exact, self._bold, theme.accent)
        self._line_of([changed, _Part("", linear, self._font, theme.muted)], lower)

    def _operation(self, markup: str, box: QRectF) -> None:
        size, ink = 10.5 * self._size, self._theme.text
        extent = symbol_size(markup, size, ink)
        room = min((box.width() - 16 * self._size) / extent.width(), (box.height() - 5 * self._size) / extent.height())
        if room < 1:
            size *= max(0.45, room)
            extent = symbol_size(markup, size, ink)
        draw_symbol(self._painter, markup, size, ink, box.center().x() - extent.width() / 2, box.center().y())

    def _ports(self, item: Item) -> None:
        """An inlet where an edge comes in, a filled outlet where one goes on, and one for the result."""
        rect, radius = item.rect, 4.5 * self._size
        edges = [edge for edge in self._layout.items if edge.kind == "edge" and edge.line is not None]
        ends = [(edge.line[1], False) for edge in edges if edge.line and edge.name.startswith(f"{item.name}/")]
        starts = [(edge.line[0], True) for edge in edges if edge.line and edge.name.endswith(f"/{item.name}")]
        last = (
            QPointF(rect.center().x(), rect.bottom())
            if self._layout.downward
            else QPointF(rect.right(), rect.center().y())
        )
        for place, filled in ends + (starts or [(last, True)]):
            self._painter.setPen(QPen(QColor(self._theme.muted), 1.2))
            self._painter.setBrush(QColor(self._theme.muted if filled else self._theme.card))
            self._painter.drawEllipse(place, radius, radius)

    def _chip(self, item: Item) -> None:
        """Δx, which is there to be changed."""
        if self._size < SMALLEST_WRITING:
            return
        painter, theme = self._painter, self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawRoundedRect(item.rect, item.rect.height() / 2, item.rect.height() / 2)
        self._line_of([self._named(item.rows[0], theme.accent)], item.rect)

    def _expander(self, item: Item) -> None:
        """A small + or − in a circle."""
        if self._size < SMALLEST_WRITING:
            return
        painter, theme, inset = self._painter, self._theme, 2 * self._size
        painter.setPen(QPen(QColor(theme.muted), 1.2))
        painter.setBrush(QColor(theme.card))
        painter.drawEllipse(item.rect.adjusted(inset, inset, -inset, -inset))
        middle, arm = item.rect.center(), item.rect.width() * 0.2
        painter.setPen(QPen(QColor(theme.text), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        if item.operation == "+":
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

    def _named(self, row: Row, ink: str | None = None) -> _Part:
        text = f"= {format_number(row.value, self._layout.digits)}"
        return _Part(row.markup, text, self._bold, ink or self._theme.text)

    def _line_of(self, parts: list[_Part], box: QRectF) -> None:
        """Write symbols and texts side by side in the middle of a box, all smaller where they would not fit."""
        gap, most = _GAP * self._size, box.width() - 14 * self._size
        ratio = min(1.0, max(0.45, most / self._width(parts, 1.0, gap)))
        left = box.center().x() - self._width(parts, ratio, gap) / 2
        for part in parts:
            symbol, text = self._widths(part, ratio)
            if part.markup:
                draw_symbol(self._painter, part.markup, _SYMBOL * self._size * ratio, part.ink, left, box.center().y())
                left += symbol + gap
            self._painter.setFont(_scaled(part.font, ratio))
            self._painter.setPen(QColor(part.ink))
            at = QRectF(left, box.top(), text + gap, box.height())
            self._painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), part.text)
            left += text + 2 * gap

    def _width(self, parts: list[_Part], ratio: float, gap: float) -> float:
        widths = [symbol + text + (gap if symbol else 0.0) for symbol, text in (self._widths(p, ratio) for p in parts)]
        return sum(widths) + 2 * gap * (len(parts) - 1)

    def _widths(self, part: _Part, ratio: float) -> tuple[float, float]:
        size = _SYMBOL * self._size * ratio
        symbol = symbol_size(part.markup, size, part.ink).width() if part.markup else 0.0
        return symbol, QFontMetricsF(_scaled(part.font, ratio)).horizontalAdvance(part.text)


def _left_half(rect: QRectF) -> QRectF:
    return rect.adjusted(0, 0, -rect.width() / 2, 0)


def _scaled(font: QFont, ratio: float) -> QFont:
    if ratio == 1.0:
        return font
    scaled = QFont(font)
    scaled.setPointSizeF(font.pointSizeF() * ratio)
    return scaled
