"""A pyqtgraph plot in the application's look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGraphicsSimpleTextItem, QWidget

from chainrule_gui.views.plot.axis import Axis
from chainrule_gui.views.plot.caption import Caption, Curve
from chainrule_gui.views.theme import look


class Canvas(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot widget that follows the theme and the scale; its own menu would escape translation, so it has none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        axes = {side: Axis(side) for side in ("left", "bottom")}
        super().__init__(parent, enableMenu=False, axisItems=axes)
        for axis in axes.values():
            axis.setZValue(-200)  # pyqtgraph would put it, with its grid, over the curves
        self._across, self._up = (QGraphicsSimpleTextItem(self.getPlotItem()) for _axis in range(2))
        # pyqtgraph's menu, never shown, has no owner: collected as garbage while the style changes, it would crash.
        menu = self.getPlotItem().ctrlMenu
        menu.setParent(self, menu.windowFlags())
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hideButtons()
        self.box.sigResized.connect(self._place_names)
        self.setMinimumSize(160, 90)
        self.setFrameShape(self.Shape.NoFrame)
        # Nearly everything in a plot changes at once: to ask each item what of it did costs more than to draw it all.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so the panes below are not drawn first
        self.apply_look()

    @property
    def box(self) -> Any:
        """The view box: where the curves are."""
        return self.getPlotItem().getViewBox()

    def name_axes(self, across: str, up: str) -> None:
        """Write what the axes are: at the right end of one, above the other."""
        if (across, up) != (self._across.text(), self._up.text()):
            self._across.setText(across)
            self._up.setText(up)
            self._place_names()

    def place_caption(self, caption: Caption, x: float, y: float, curves: Iterable[Any]) -> None:
        """Put a caption beside a point, where it crosses the fewest curves."""
        (left, right), (bottom, top) = self.box.viewRange()
        size = self.box.rect()
        across, up = size.width() / (right - left), size.height() / (top - bottom)

        def in_pixels(curve: Any) -> Curve:
            xs, ys = curve.xData, curve.yData
            return lambda places: (top - np.interp(places / across + left, xs, ys, left=np.nan, right=np.nan)) * up

        shown = [curve for curve in curves if curve.isVisible() and curve.xData is not None and len(curve.xData)]
        caption.setPos(x, y)
        at = QPointF((x - left) * across, (top - y) * up)
        caption.place(at, size, [in_pixels(curve) for curve in shown], look.px(8))

    def _place_names(self, *_changed: object) -> None:
        plot = self.getPlotItem()
        across, up = self._across.boundingRect(), self._up.boundingRect()
        has_room = self.height() > look.px(110)
        self._up.setVisible(has_room)
        top = up.height() + look.px(3) if has_room and self._up.text() else 1
        plot.layout.setContentsMargins(1, top, across.width() + look.px(8), 1)
        frame = self.box.geometry()
        self._across.setPos(frame.right() + look.px(6), frame.bottom() - across.height() / 2)
        self._up.setPos(max(frame.left() - up.width() - look.px(4), 1.0), frame.top() - up.height() - look.px(1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it without one while it is built
            self._place_names()

    def apply_look(self) -> None:
        """Take over colours and fonts."""
        theme = look.theme
        self.setBackground(theme.card)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.set_font(look.font(8.5))
            axis.setStyle(tickTextOffset=look.px(4), tickLength=0, maxTickLevel=0)
        self.getAxis("left").setWidth(look.px(52))
        self.getAxis("bottom").setHeight(look.px(22))
        # Opaque lines: transparent ones take most of the time of a repaint.
        self.showGrid(y=True, alpha=1.0)
        for name in (self._across, self._up):
            font = look.font(8.5)
            font.setItalic(True)
            name.setFont(font)
            name.setBrush(QColor(theme.muted))
        self._place_names()


def pen(colour: str, width: float = 2.0, dashed: bool = False) -> Any:
    """Return a pen of so many pixels at scale 1."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    return pg.mkPen(QColor(colour), width=width * look.scale, style=style)
