"""A pyqtgraph plot in the application's look."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from chainrule_gui.views.theme import look


class Canvas(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot widget that follows the theme and the scale; its own menu would escape translation, so it has none."""

    def __init__(self, name: str, parent: QWidget | None = None, **options: Any) -> None:
        super().__init__(parent, enableMenu=False, **options)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hideButtons()
        self.setMinimumSize(160, 90)
        self.setFrameShape(self.Shape.NoFrame)
        self.apply_look()

    @property
    def box(self) -> Any:
        """The view box: where the curves are."""
        return self.getPlotItem().getViewBox()

    def apply_look(self) -> None:
        """Take over colours and fonts."""
        theme = look.theme
        self.setBackground(theme.card)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setStyle(tickFont=look.font(8.5), tickTextOffset=look.px(4), tickLength=0, maxTickLevel=0)
        self.getAxis("left").setWidth(look.px(52))
        self.getAxis("bottom").setHeight(look.px(22))
        # Opaque lines: transparent ones take most of the time of a repaint.
        self.showGrid(y=True, alpha=1.0)


def pen(colour: str, width: float = 2.0, dashed: bool = False) -> Any:
    """Return a pen of so many pixels at scale 1."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    return pg.mkPen(QColor(colour), width=width * look.scale, style=style)
