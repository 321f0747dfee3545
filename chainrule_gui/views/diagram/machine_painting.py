"""Draws a function's diagram: each quantity is a machine with an inlet, the name of what it does, and its output."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath, QPen

from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.typst_markup import symbol_markup
from chainrule_gui.views.diagram.items import Item, Row
from chainrule_gui.views.diagram.painting import SMALLEST_WRITING, DiagramPainter
from chainrule_gui.views.symbols import draw_symbol, symbol_size

_GAP = 5.0


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
        self._outlined(rect, min(rect.height(), 66 * self._size) / 2)
        nudged = self._layout.item(f"Δ{item.name}") is not None
        top = rect.adjusted(0, 10 * self._size, 0, -38 * self._size) if nudged else rect
        self._line_of([self._named(item.rows[0])], top)

    def _machine(self, item: Item) -> None:
        rect, size, theme = item.rect, self._size, self._theme
        radius, lines = 9 * size, 1 if item.change is None else 2
        plate = rect.height() * (0.5 if lines == 1 else 0.4)
        self._outlined(rect, radius)
        painter = self._painter
        painter.save()
        whole = QPainterPath()
        whole.addRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), radius, radius)
        painter.setClipPath(whole, Qt.ClipOperation.IntersectClip)
        top = QRectF(rect.left(), rect.top(), rect.width(), plate)
        painter.fillRect(top, QColor(theme.sunken))
        painter.restore()
        self._ports(rect)
        self._symbol(item.operation, top.center().x(), top.center().y(), theme.text, rect.width() - 44 * size)
        height = (rect.height() - plate - 4 * size) / lines
        line = QRectF(rect.left(), top.bottom() + 1 * size, rect.width(), height)
        self._line_of([self._named(item.rows[0])], line)
        if item.change is not None:
            name = symbol_markup(item.name)
            exact = f"= {format_number(item.change.change, self._layout.digits)}"
            linear = f"≈ {format_number(item.change.linear, self._layout.digits)}"
            self._line_of(
                [_Part(f"Delta {name}", exact, self._bold, theme.accent), _Part("", linear, self._font, theme.muted)],
                line.translated(0, height),
            )

    def _ports(self, rect: QRectF) -> None:
        """An inlet and an outlet, where the graph comes in and goes on."""
        painter, radius = self._painter, 4.5 * self._size
        middle = rect.center()
        ends = (
            (QPointF(middle.x(), rect.top()), QPointF(middle.x(), rect.bottom()))
            if self._layout.downward
            else (QPointF(rect.left(), middle.y()), QPointF(rect.right(), middle.y()))
        )
        for end, filled in zip(ends, (False, True), strict=True):
            painter.setPen(QPen(QColor(self._theme.muted), 1.2))
            painter.setBrush(QColor(self._theme.muted if filled else self._theme.card))
            painter.drawEllipse(end, radius, radius)

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
        """A small + or −, as wide as its box."""
        painter, theme = self._painter, self._theme
        painter.setPen(QPen(QColor(theme.muted), 1.2))
        painter.setBrush(QColor(theme.card))
        painter.drawEllipse(item.rect)
        middle, arm = item.rect.center(), item.rect.width() * 0.24
        painter.setPen(QPen(QColor(theme.text), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        if item.value:
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

    def _named(self, row: Row, ink: str | None = None) -> _Part:
        text = f"= {format_number(row.value, self._layout.digits)}"
        return _Part(row.markup, text, self._bold, ink or self._theme.text)

    def _line_of(self, parts: list[_Part], box: QRectF) -> None:
        """Write symbols and texts side by side in the middle of a box, all smaller where they would not fit."""
        painter, size = self._painter, 10.0 * self._size
        widths = [self._widths(part, size) for part in parts]
        gap = _GAP * self._size
        total = sum(symbol + text for symbol, text in widths) + gap * (2 * len(parts) - 1)
        most = box.width() - 14 * self._size
        ratio = min(1.0, max(0.45, most / total))
        left = box.center().x() - total * ratio / 2
        for part, (symbol, text) in zip(parts, widths, strict=True):
            if part.markup:
                draw_symbol(painter, part.markup, size * ratio, part.ink, left, box.center().y())
                left += (symbol + gap) * ratio
            font = QFont(part.font)
            font.setPointSizeF(font.pointSizeF() * ratio)
            painter.setFont(font)
            painter.setPen(QColor(part.ink))
            at = QRectF(left, box.top(), text * ratio + 2, box.height())
            painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), part.text)
            left += (text + 2 * gap) * ratio

    def _widths(self, part: _Part, size: float) -> tuple[float, float]:
        symbol = symbol_size(self._painter, part.markup, size, part.ink).width() if part.markup else 0.0
        return symbol, QFontMetricsF(part.font).horizontalAdvance(part.text)
