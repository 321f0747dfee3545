"""A plot of the network with a sentence above it that says what can be read off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.state import CostScale
from chainrule_gui.views.plot.canvas import Canvas
from chainrule_gui.views.theme import look

Array = NDArray[np.float64]

_LOW = 150
"""Below this height, at the scale in use, a plot has no room for a sentence above it."""


class PlotPage(QWidget):
    """One of the network's plots."""

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = canvas
        self._drawn = True
        self.sentence = QLabel()
        self.sentence.setObjectName("muted")
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName(_("What the plot shows"))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.sentence)
        self.column.addWidget(canvas, 1)
        self.column.addStretch(0)

    def say(self, text: str, drawn: bool = True) -> None:
        """Show a sentence, for those who cannot see the plot too; `drawn` is False where there is nothing to draw."""
        self.sentence.setText(text)
        self.plot.setAccessibleDescription(text)
        self.plot.setVisible(drawn)
        self._drawn = drawn
        self._make_room()

    def _make_room(self) -> None:
        """Leave the sentence's room to the plot in a low pane; its tool tip still says it."""
        has_room = not self._drawn or self.height() >= look.px(_LOW)
        self.sentence.setVisible(has_room)
        self.plot.setToolTip("" if has_room else self.sentence.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show a frame; costs are drawn on a linear or a logarithmic axis."""
        raise NotImplementedError


def on_axis(values: Array, scale: CostScale | None) -> Array:
    """Return where costs are on their axis; a cost of 0 has no place on a logarithmic one."""
    if scale != "log":
        return values
    return np.log10(values, where=values > 0, out=np.full(np.shape(values), np.nan))


def span(values: Array, room: float = 0.08) -> tuple[float, float]:
    """Return a range that holds the finite values with some room about them."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if high - low < 1e-12 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    return low - room * (high - low), high + room * (high - low)
