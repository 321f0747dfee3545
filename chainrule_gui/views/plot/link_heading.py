"""What stands above a link's plot: its slope in its colour, and below it the formula."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chainrule_gui.views.symbols import draw_symbol, symbol_size
from chainrule_gui.views.theme import look

_SLOPE, _FORMULA, _WORDS, _PADDING = 10.0, 10.5, 9.5, 3.0


class LinkHeading(QWidget):
    """Two centred lines; the second one is typeset, as large as there is room for, and may go on in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slope, self._markup, self._words = "", "", ""
        self._colour: str | None = None
        self._lit = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def slope(self) -> str:
        """The first line."""
        return self._slope

    @property
    def lit(self) -> bool:
        """Whether it is lit up."""
        return self._lit

    def show_lines(self, slope: str, markup: str, words: str, spoken: str, colour: str | None = None) -> None:
        """Show a slope and a formula; `spoken` is the formula for those who cannot see it."""
        self.setAccessibleName(f"{slope}, {spoken}")
        if (slope, markup, words, colour) != (self._slope, self._markup, self._words, self._colour):
            self._slope, self._markup, self._words, self._colour = slope, markup, words, colour
            self.updateGeometry()
            self.update()

    def set_lit(self, lit: bool) -> None:
        """Light up, or no more."""
        self._lit = lit
        self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetricsF(look.font(_SLOPE, bold=True)).horizontalAdvance(self._slope)
        words = QFontMetricsF(look.font(_WORDS)).horizontalAdvance(self._words)
        return QSize(round(max(wide, words) + look.px(16)), look.px(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(1 if self._markup else self.sizeHint().width(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme, box = look.theme, QRectF(self.rect())
        if self._lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, look.px(6), look.px(6))
        upper = box.adjusted(0, look.px(_PADDING), 0, -box.height() / 2)
        painter.setFont(look.font(_SLOPE, bold=True))
        painter.setPen(QColor(self._colour or theme.text))
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignCenter), self._slope)
        self._formula(painter, box.adjusted(0, box.height() / 2, 0, -look.px(_PADDING)))
        painter.end()

    def _formula(self, painter: QPainter, box: QRectF) -> None:
        ink, size, font = look.theme.muted, _FORMULA * look.scale, look.font(_WORDS)
        words = QFontMetricsF(font).horizontalAdvance(self._words)
        wide, left = 0.0, box.center().x() - words / 2
        if self._markup:
            extent = symbol_size(self._markup, size, ink)
            room = min((box.width() - words) / extent.width(), box.height() / extent.height(), 1.0)
            size, wide = size * max(room, 0.3), extent.width() * max(room, 0.3)
            left = box.center().x() - (wide + words) / 2
            draw_symbol(painter, self._markup, size, ink, left, box.center().y())
        painter.setFont(font)
        painter.setPen(QColor(ink))
        at = QRectF(left + wide, box.top(), words + 2, box.height())
        painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._words)
