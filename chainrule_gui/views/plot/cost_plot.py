"""The cost against the step: the run so far, the test cost, the step shown, and earlier runs kept faint."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QGraphicsEllipseItem, QStyleOptionGraphicsItem, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.state import CostScale, EarlierRun
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.caption import Caption
from chainrule_gui.views.plot.page import on_axis
from chainrule_gui.views.theme import look


class CostPlot(Canvas):
    """Draws the history; a click or a drag of the marker goes to a step, so do left and right."""

    #: (step, merge key of the gesture)
    step_requested = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Cost against step"), parent)
        self._gesture = Gesture()
        self._frame: NetworkFrame | None = None
        self._costs = np.empty(0)
        self._follows = True
        self._limits: tuple[int, float, float] | None = None
        self._scale: CostScale | None = None
        self._earlier: tuple[EarlierRun, ...] = ()
        self._old_curves: list[tuple[Any, Any, NDArray[np.float64]]] = []
        self._marked = (0.0, 0.0)
        self._curve, self._test = self._new_curve(), self._new_curve()
        self._line = pg.InfiniteLine(0, angle=90, movable=True)
        self._dot = _Dot()
        self._text = Caption()
        for item in (self._line, self._dot, self._text):
            self.addItem(item, ignoreBounds=True)
        self.name_axes(_("step"), "J")
        self._line.sigDragged.connect(self._on_dragged)
        self._line.sigPositionChangeFinished.connect(self._gesture.begin)
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.box.sigXRangeChanged.connect(self._draw_curves)
        self.box.sigRangeChanged.connect(self._place_text)
        self.box.sigResized.connect(self._place_text)
        self.box.sigRangeChangedManually.connect(self._on_range_changed)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self._curve.setPen(pen(theme.accent, 2.2))
        self._test.setPen(pen(theme.negative, 1.8, dashed=True))
        self._line.setPen(pen(theme.muted, 1.0, dashed=True))
        self._line.setHoverPen(pen(theme.accent, 2.0))
        self._dot.setBrush(pg.mkBrush(theme.accent))
        self._dot.setPen(pen(theme.card, 1.5))
        radius = look.px(10) / 2
        self._dot.setRect(-radius, -radius, 2 * radius, 2 * radius)
        self._text.set_look(look.font(9.5, bold=True), theme.text, theme.card)
        for curve, label, _costs in self._old_curves:
            curve.setPen(pen(theme.faint, 1.2))
            label.setColor(theme.muted)
            label.setFont(look.font(8.5))

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show the run of a frame."""
        run = frame.state.run
        self._frame = frame
        costs = run.trajectory.costs(run.length)
        rescaled = scale != self._scale
        if rescaled:
            self._scale = scale
            self.getAxis("left").setLogMode(scale == "log")
        anew = len(costs) < len(self._costs) or rescaled
        if run.earlier is not self._earlier or rescaled:
            self._show_earlier(run.earlier)
            anew = True
        if anew or len(self._costs) != len(costs) or self._costs.base is not costs.base:
            self._costs = costs
            self._follows = self._follows or anew
            if anew:
                self._limits = None
            if self._follows:
                self._show_all()
            self._draw_curves()
        self._mark(run.step, float(costs[run.step]))

    def show_test(self, steps: NDArray[np.float64], costs: NDArray[np.float64], scale: CostScale) -> None:
        """Draw the cost on what is held out for testing, at some steps of the run; nothing where there is nothing."""
        self._test.setData(steps, on_axis(costs, scale), connect="finite")

    def _new_curve(self) -> Any:
        curve = pg.PlotCurveItem(antialias=True)
        self.addItem(curve, ignoreBounds=True)
        return curve

    def _show_all(self) -> None:
        """Let the view hold every run; a view that was zoomed by hand follows again after a double click."""
        runs = [self._costs, *(old.costs for old in self._earlier)]
        longest = max(11, *(len(costs) for costs in runs))
        shown = np.concatenate([self._on_axis(thinned(costs, 0, len(costs))[1]) for costs in runs])
        if self._test.yData is not None:
            shown = np.append(shown, self._test.yData)
        shown = shown[np.isfinite(shown)]
        low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 1.0)
        if self._scale != "log":
            low = min(0.0, low)
        if high - low < 1e-12:
            low, high = low - 1, high + 1
        limits = self._limits
        if limits is None or limits[0] != longest or not _suits(limits[1:], low, high):
            self._limits = (longest, *round_limits(low, high + 0.15 * (high - low)))
            self.box.setLimits(xMin=-0.04 * longest, xMax=1.1 * longest, minXRange=2)
            self.box.setRange(xRange=(0, longest - 1), yRange=self._limits[1:], padding=0.06)

    def _draw_curves(self, *_changed: object) -> None:
        earlier = [(curve, costs) for curve, _label, costs in self._old_curves]
        for curve, costs in [(self._curve, self._costs), *earlier]:
            low, high = self.box.viewRange()[0]
            steps, values = thinned(costs, int(low) - 1, int(high) + 3)
            curve.setData(steps, self._on_axis(values), connect="finite")

    def _on_range_changed(self, *_changed: object) -> None:
        self._follows = False

    def show_whole(self) -> None:
        """Let the view hold every run, and follow them again."""
        self._follows, self._limits = True, None
        self._show_all()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_whole()
        super().mouseDoubleClickEvent(event)

    def _show_earlier(self, earlier: tuple[EarlierRun, ...]) -> None:
        for curve, label, _costs in self._old_curves:
            self.removeItem(curve)
            self.removeItem(label)
        self._old_curves = []
        for old in earlier:
            curve = self._new_curve()
            curve.setPen(pen(look.theme.faint, 1.2))
            curve.setZValue(-5)
            label = pg.TextItem(old.label, color=look.theme.muted, anchor=(1, 1))
            label.setFont(look.font(8.5))
            label.setPos(len(old.costs) - 1.0, float(self._on_axis(old.costs[-1:])[0]))
            self.addItem(label, ignoreBounds=True)
            self._old_curves.append((curve, label, old.costs))
        self._earlier = earlier

    def _on_axis(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where costs are on the axis."""
        return on_axis(costs, self._scale)

    def _mark(self, step: int, cost: float) -> None:
        place = float(self._on_axis(np.array([cost]))[0])
        known = np.isfinite(place)
        self._line.setValue(step)
        self._dot.setVisible(bool(known))
        if known:
            self._dot.setPos(step, place)
        self._text.set_text(f"J = {format_number(cost)}")
        self._marked = (float(step), place if known else self.box.viewRange()[1][0])
        self._place_text()
        self.setAccessibleDescription(_("step {step}, J = {cost}").format(step=step, cost=format_number(cost)))

    def _place_text(self, *_changed: object) -> None:
        self.place_caption(self._text, *self._marked, [self._curve, *(curve for curve, _label, _ in self._old_curves)])

    def _on_dragged(self, line: Any) -> None:
        self._go_to(line.value(), self._gesture.key("step"))

    def _on_clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._frame is not None:
            position = self.box.mapSceneToView(QPointF(event.scenePos()))
            self._gesture.begin()
            self._go_to(position.x(), self._gesture.key("step"))

    def _go_to(self, place: float, merge_key: str) -> None:
        if self._frame is not None:
            step = min(max(round(place), 0), self._frame.state.run.length)
            self._line.setValue(step)
            if step != self._frame.state.run.step:
                self.step_requested.emit(step, merge_key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and self._frame is not None:
            self._go_to(self._frame.state.run.step + step, self._gesture.repeated("step"))
        else:
            super().keyPressEvent(event)


class _Dot(QGraphicsEllipseItem):
    """A point that keeps its size; a scatter plot of one point takes a fifth of the plot's whole time."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsEllipseItem.GraphicsItemFlag.ItemIgnoresTransformations)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)


def round_limits(low: float, high: float) -> tuple[float, float]:
    """Return limits on round numbers that hold a range, wider than it by at most a fifth at either end."""
    tenth = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(tenth * factor for factor in (5, 2, 1) if tenth * factor <= (high - low) / 5)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def _suits(limits: tuple[float, float], low: float, high: float) -> bool:
    """Whether limits still suit a range: while a value is dragged an axis that keeps still is easier to read."""
    room = limits[1] - limits[0]
    return limits[0] <= low and high <= limits[1] - 0.08 * room and high - low >= 0.4 * room


def thinned(
    costs: NDArray[np.float64], first: int, last: int, most: int = 1200
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return steps and costs of a stretch of a run, at most about 2 × `most` of them.

    Of each group of steps the least and the largest cost stay, so that what is drawn looks the same. Our own,
    because pyqtgraph's takes 400 ms for a million steps on a logarithmic axis.
    """
    first, last = max(first, 0), min(last, len(costs))
    group = (last - first) // most
    if group < 2:
        return np.arange(first, max(first, last), dtype=np.float64), costs[first : max(first, last)]
    whole = (last - first) // group * group
    groups = costs[first : first + whole].reshape(-1, group)
    values = np.empty((len(groups), 2))
    values[:, 0], values[:, 1] = groups.min(axis=1), groups.max(axis=1)
    falling = groups[:, 0] > groups[:, -1]
    values[falling] = values[falling, ::-1]
    steps = np.repeat(np.arange(first, first + whole, group), 2) + np.tile([0, group - 1], len(groups))
    rest = costs[first + whole : last]
    return np.append(steps, np.arange(first + whole, last)).astype(np.float64), np.append(values, rest)
