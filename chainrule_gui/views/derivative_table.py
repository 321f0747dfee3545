"""The derivative table: the very rows that the app differentiates with, each with a small plot."""

from __future__ import annotations

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.table import FUNCTIONS, FunctionRow
from chainrule_gui.model.expression.tree import Call, Variable
from chainrule_gui.typeset.spoken import to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup
from chainrule_gui.views.symbols import draw_symbol
from chainrule_gui.views.theme import look

_Index = QModelIndex | QPersistentModelIndex
_X = Variable("x")
_ROWS = tuple(row for row in FUNCTIONS.values() if not row.helper)


class _Model(QAbstractListModel):
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else len(_ROWS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = _ROWS[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row.key
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.key} {_(row.label)}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            words = _("{name}: the derivative of {function} is {derivative}; domain {domain}").format(
                name=_(row.label), function=to_spoken(Call(row.key, _X)), derivative=to_spoken(row.derivative(_X)),
                domain=_(row.domain),
            )  # fmt: skip
            return words + (" · " + _(row.kinks) if row.kinks else "")
        return None


class _RowPainter(QStyledItemDelegate):
    """Draws a row: function → derivative, name and domain, and the small plot with both curves."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(look.px(220), look.px(74))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = FUNCTIONS[index.data(Qt.ItemDataRole.UserRole)]
        theme = look.theme
        box = QRectF(option.rect).adjusted(2, 2, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(box, look.px(6), look.px(6))
        plot = QRectF(box.right() - look.px(84), box.top() + look.px(6), look.px(78), box.height() - look.px(12))
        left, room = box.left() + look.px(8), plot.left() - box.left() - look.px(16)
        function, derivative = expression_markup(Call(row.key, _X)), expression_markup(row.derivative(_X))
        markup = f"{function} quad arrow.r quad {derivative}"
        draw_symbol(painter, markup, 10.5 * look.scale, theme.text, left, box.top() + box.height() * 0.36, room)
        painter.setFont(look.font(8.5))
        painter.setPen(QColor(theme.muted))
        words = QRectF(left, box.bottom() - look.px(24), room, look.px(20))
        text = f"{_(row.label)} · {_(row.domain)}"
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), elided)
        _draw_plot(painter, row, plot)
        painter.restore()


def _draw_plot(painter: QPainter, row: FunctionRow, box: QRectF) -> None:
    theme = look.theme
    low, high = row.plot_range
    xs = np.linspace(low, high, 121)
    with np.errstate(all="ignore"):
        ys = np.asarray(row.apply(xs), dtype=float)
        slopes = np.gradient(ys, xs)
    seen = ys[np.isfinite(ys)]
    bottom, top = max(float(seen.min()), -6.0), min(float(seen.max()), 6.0)
    painter.setClipRect(box)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawRect(box)
    span = max(top - bottom, 1e-9) * 1.2
    middle = (top + bottom) / 2

    across = box.left() + (xs - low) / (high - low) * box.width()
    for values, colour, width in ((slopes, theme.link_colour(1), 1.0), (ys, theme.accent, 1.8)):
        painter.setPen(QPen(QColor(colour), width * look.scale))
        up = box.center().y() - (values - middle) / span * box.height()
        drawn = np.isfinite(values) & (np.abs(values) < 50)
        for part in np.split(np.arange(len(xs)), np.flatnonzero(np.diff(drawn)) + 1):
            if drawn[part[0]]:
                painter.drawPolyline(arrayToQPolygonF(across[part], up[part]))
    painter.setClipping(False)


class DerivativeTable(QWidget):
    """The table with its filter; Enter or a double click asks to take that function apart."""

    #: key of the row to be tried out
    row_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = QLineEdit()
        self.filter.setAccessibleName(_("Filter the derivative table"))
        self.filter.setPlaceholderText(_("Filter, for example sin"))
        self.filter.setClearButtonEnabled(True)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(_Model(self))
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter.textChanged.connect(self._proxy.setFilterFixedString)
        self.rows = QListView()
        self.rows.setAccessibleName(_("Derivative table"))
        self.rows.setModel(self._proxy)
        self.rows.setItemDelegate(_RowPainter(self.rows))
        self.rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.activated.connect(lambda index: self.row_activated.emit(index.data(Qt.ItemDataRole.UserRole)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self.rows, 1)
        look.changed.connect(self.rows.doItemsLayout)

    @property
    def keys(self) -> list[str]:
        """Keys of the rows that pass the filter."""
        return [self._proxy.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(self._proxy.rowCount())]

    def show_row(self, key: str) -> None:
        """Scroll to a row and mark it."""
        self.filter.clear()
        if key in self.keys:
            index = self._proxy.index(self.keys.index(key), 0)
            self.rows.setCurrentIndex(index)
            self.rows.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
