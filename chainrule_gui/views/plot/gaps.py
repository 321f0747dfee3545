"""Where a function has no value, shaded in its plot, and where it has no derivative, marked by a line."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.gaps import Gap
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.theme import look

_LABELLED = 0.12
_NEAR = 0.008


class Gaps:
    """Draws the gaps of a frame into a canvas and knows what to say about a place."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._items: list[Any] = []
        self._gaps: tuple[Gap, ...] = ()
        self._width = 1.0

    def show(self, gaps: tuple[Gap, ...], x_range: tuple[float, float]) -> None:
        """Draw these gaps instead of those before."""
        for item in self._items:
            self._canvas.removeItem(item)
        self._items, self._gaps = [], gaps
        self._width = x_range[1] - x_range[0]
        for gap in gaps:
            if gap.low == gap.high:
                colour = look.theme.warning if gap.has_value else look.theme.faint
                self._add(pg.InfiniteLine(gap.low, angle=90, pen=pen(colour, 1.2, dashed=True)), -9)
                continue
            shade = pg.LinearRegionItem(
                (gap.low, gap.high), movable=False, brush=pg.mkBrush(look.theme.sunken), pen=pg.mkPen(None)
            )
            self._add(shade, -10)
            if not gap.has_value and gap.high - gap.low > _LABELLED * self._width:
                text = pg.InfLineLabel(
                    self._add(pg.InfiniteLine((gap.low + gap.high) / 2, angle=90, pen=pg.mkPen(None)), -9),
                    _("no value"), position=0.5, color=look.theme.muted,
                )  # fmt: skip
                text.setFont(look.font(9))

    def sentence_at(self, x: float) -> str:
        """Return what is to be said about a place; empty where nothing is."""
        near = _NEAR * self._width
        said = [gap.why for gap in self._gaps if gap.low - near <= x <= gap.high + near]
        return "\n".join(dict.fromkeys(said))

    @property
    def description(self) -> str:
        """Everything that is to be said, for those who cannot see it."""
        return " ".join(dict.fromkeys(gap.why for gap in self._gaps))

    def _add(self, item: Any, depth: int) -> Any:
        item.setZValue(depth)
        self._canvas.addItem(item, ignoreBounds=True)
        self._items.append(item)
        return item
