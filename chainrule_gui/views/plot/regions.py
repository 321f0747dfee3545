"""Where a function has no value, shaded in its plot, and where it has no derivative, marked by a line."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from chainrule_gui.i18n import _
from chainrule_gui.session.regions import Region
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.theme import look

_LABELLED = 0.12
_NEAR = 0.008


class Regions:
    """Draws the regions of a frame into a canvas and knows what to say about a place."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._items: list[Any] = []
        self._regions: tuple[Region, ...] = ()
        self._width = 1.0

    def show(self, regions: tuple[Region, ...], x_range: tuple[float, float]) -> None:
        """Draw these regions instead of those before."""
        for item in self._items:
            self._canvas.removeItem(item)
        self._items, self._regions = [], regions
        self._width = x_range[1] - x_range[0]
        for region in regions:
            if region.low == region.high:
                colour = look.theme.warning if region.exists else look.theme.faint
                self._add(pg.InfiniteLine(region.low, angle=90, pen=pen(colour, 1.2, dashed=True)), -9)
                continue
            shade = pg.LinearRegionItem(
                (region.low, region.high), movable=False, brush=pg.mkBrush(look.theme.sunken), pen=pg.mkPen(None)
            )
            self._add(shade, -10)
            if region.high - region.low > _LABELLED * self._width:
                text = pg.InfLineLabel(
                    self._add(pg.InfiniteLine((region.low + region.high) / 2, angle=90, pen=pg.mkPen(None)), -9),
                    _("no value"), position=0.5, color=look.theme.muted,
                )  # fmt: skip
                text.setFont(look.font(9))

    def sentence_at(self, x: float) -> str:
        """Return what is to be said about a place; empty where nothing is."""
        near = _NEAR * self._width
        said = [region.sentence for region in self._regions if region.low - near <= x <= region.high + near]
        return "\n".join(dict.fromkeys(said))

    @property
    def description(self) -> str:
        """Everything that is to be said, for those who cannot see it."""
        return " ".join(dict.fromkeys(region.sentence for region in self._regions))

    def _add(self, item: Any, depth: int) -> Any:
        item.setZValue(depth)
        self._canvas.addItem(item, ignoreBounds=True)
        self._items.append(item)
        return item
