"""How the parameter table's cells are drawn: names typeset as in the diagram, numbers never cut."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chainrule_gui.typeset.typst_markup import symbol_markup
from chainrule_gui.views.padlock import draw_padlock
from chainrule_gui.views.symbols import draw_symbol, symbol_size
from chainrule_gui.views.theme import look

NAME_ROLE = Qt.ItemDataRole.UserRole
"""Gives the public name of a row."""

SELECTED_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives whether a row is what is derived by."""

LOCKED_ROLE = Qt.ItemDataRole.UserRole + 2
"""Gives whether a row is locked, None where it cannot be; only a cell that shows a lock has it."""

_PADDING = 4.0


class NumberCell(QStyledItemDelegate):
    """Draws a name or a number; where a column is too narrow for a number its figures get smaller."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, box = look.theme, QRectF(option.rect)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or index.data(SELECTED_ROLE):
            painter.fillRect(box, QColor(theme.accent_soft))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 1.0))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        padding = _PADDING * look.scale
        room = box.adjusted(padding, 0, -padding, 0)
        locked = index.data(LOCKED_ROLE)
        if locked is not None:
            side = min(13.0 * look.scale, room.height())
            corner = room.center() - QPointF(side / 2, side / 2)
            draw_padlock(painter, corner, side, theme.accent if locked else theme.faint, closed=locked)
        elif index.column() == 0:
            self._name(painter, str(index.data(NAME_ROLE)), room)
        else:
            self._number(painter, option, str(index.data(Qt.ItemDataRole.DisplayRole) or ""), room)
        painter.restore()

    @staticmethod
    def _name(painter: QPainter, name: str, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        draw_symbol(painter, symbol_markup(name), name_size(), look.theme.text, room.left(), room.center().y())

    @staticmethod
    def _number(painter: QPainter, option: QStyleOptionViewItem, text: str, room: QRectF) -> None:
        font = option.font
        needed = QFontMetricsF(font).horizontalAdvance(text)
        if needed > room.width():
            font.setPointSizeF(font.pointSizeF() * room.width() / needed)
        painter.setFont(font)
        painter.setPen(QColor(look.theme.text))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)


def name_size() -> float:
    """Size of a name's letters in points."""
    return 10.0 * look.scale


def name_width(name: str) -> float:
    """Return how wide the column must be for a name."""
    return symbol_size(symbol_markup(name), name_size(), look.theme.text).width() + 2 * _PADDING * look.scale
