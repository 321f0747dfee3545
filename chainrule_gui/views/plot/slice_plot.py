"""The cost along the selected parameter: the curve, the tangent, the next step and where it lands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.landscape import Slice, cost_slice
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.phases import plain
from chainrule_gui.session.state import PLAIN_RULE, CostScale
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.gesture import Gesture, rounded_within
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.caption import Caption
from chainrule_gui.views.plot.page import PlotPage, on_axis, span
from chainrule_gui.views.theme import look

_MOST_NUMBERS = 400_000
"""So many numbers of one layer at most, values × samples × units; a large network gets fewer values."""

_WALLS = 0.8
"""The part of the curve that fits into the picture, from below."""

_FARTHEST = 50.0
"""A step that is longer does not fit into the picture; its arrow leaves it."""


class SlicePlot(PlotPage):
    """J against the selected parameter, every other one as it is."""

    #: (name, value, merge key of the gesture)
    value_edited = Signal(str, float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.canvas = _SliceCanvas()
        super().__init__(self.canvas, parent)
        self.canvas.value_edited.connect(self.value_edited)

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.canvas.apply_style()

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        self.canvas.show_whole()

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show a frame."""
        of = frame.state.selected
        if of not in frame.state.network.parameter_names:
            message = _("{name} is no parameter. Click a weight or a bias in the diagram to see J along it.")
            self.say(message.format(name=plain(of)), drawn=False)
            return
        found = self.canvas.show_slice(frame, scale)
        self.say(step_in_words(frame, found))


class _SliceCanvas(Canvas):
    """The line at the parameter can be dragged; left and right move it."""

    value_edited = Signal(str, float, str)

    def __init__(self) -> None:
        super().__init__(_("Cost along one parameter"))
        self._gesture = Gesture()
        self._frame: NetworkFrame | None = None
        self._scale: CostScale = "linear"
        self._slice: Slice | None = None
        self._of: tuple[Any, ...] = ()
        self._range: tuple[float, float] = (-1.0, 1.0)
        self._zoomed = False
        self._curve, self._tangent, self._way, self._fall = (pg.PlotCurveItem(antialias=True) for _item in range(4))
        self._head = pg.ArrowItem(pen=None)
        self._line = pg.InfiniteLine(angle=90, movable=True)
        self._here, self._there = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self._here_text, self._there_text = Caption(), Caption()
        for item in (
            self._line, self._tangent, self._curve, self._way, self._fall, self._head, self._there, self._here,
            self._there_text, self._here_text,
        ):  # fmt: skip
            self.addItem(item, ignoreBounds=True)
        self._line.sigDragged.connect(self._on_dragged)
        self._line.sigPositionChangeFinished.connect(self._gesture.begin)
        self.box.sigRangeChangedManually.connect(self._on_zoomed)
        self.box.sigResized.connect(self._place_texts)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self._curve.setPen(pen(theme.accent, 2.2))
        self._tangent.setPen(pen(theme.muted, 1.4, dashed=True))
        self._line.setPen(pen(theme.border, 1.0))
        self._line.setHoverPen(pen(theme.accent, 2.0))
        self._way.setPen(pen(theme.warning, 2.2))
        self._fall.setPen(pen(theme.warning, 1.2, dashed=True))
        self._head.setStyle(headLen=look.px(11), tipAngle=42, brush=pg.mkBrush(theme.warning))
        self._here.setBrush(pg.mkBrush(theme.accent))
        self._here.setPen(pen(theme.card, 1.5))
        self._there.setBrush(pg.mkBrush(theme.card))
        self._there.setPen(pen(theme.warning, 2.0))
        for dot in (self._here, self._there):
            dot.setSize(look.px(11))
        self._here_text.set_look(look.font(9.5, bold=True), theme.text, theme.card)
        self._there_text.set_look(look.font(9.5, bold=True), theme.warning, theme.card)

    def show_slice(self, frame: NetworkFrame, scale: CostScale) -> Slice:
        """Compute and draw the slice; return it."""
        state = frame.state
        self._frame = frame
        rescaled, self._scale = scale != self._scale, scale
        self.getAxis("left").setLogMode(scale == "log", scale == "log")
        name = plain(state.selected)
        self.name_axes(name, f"J({name})")
        value = float(frame.parameters[state.network.parameter_index(state.selected)])
        move = None if frame.update is None else frame.update.result - frame.update.value
        known = (state.network, state.dataset, state.selected)
        slope = float(frame.gradients.flat[state.network.parameter_index(state.selected)])
        reach = move if move is not None else -state.learning_rate * slope
        if known != self._of or not self._holds(value, reach):
            self._of, self._zoomed = known, False
            self._range = _range_about(value, reach)
        found = self._slice = self._computed(frame, move)
        self._draw(found)
        if not self._zoomed or rescaled:
            self._show_all(found)
        self._place_texts()
        return found

    def show_whole(self) -> None:
        """Show the point and its step again."""
        if self._frame is not None:
            self._of = ()
            self.show_slice(self._frame, self._scale)

    def _holds(self, value: float, move: float) -> bool:
        """Whether the point and the place where it lands are well in the picture."""
        low, high = self._range
        margin = 0.04 * (high - low)
        there = value if abs(move) > _FARTHEST or not np.isfinite(move) else value + move
        inside = all(low + margin <= place <= high - margin for place in (value, there))
        return inside if not self._zoomed else low <= value <= high

    def _computed(self, frame: NetworkFrame, move: float | None) -> Slice:
        state = frame.state
        numbers = len(state.dataset.inputs) * max(state.network.layers)
        count = min(max(_MOST_NUMBERS // numbers, 25), 241)
        values = np.linspace(*self._range, count)
        return cost_slice(
            state.network, frame.parameters, state.dataset.inputs, state.dataset.targets, state.selected, values,
            state.learning_rate, move,
        )  # fmt: skip

    def _draw(self, found: Slice) -> None:
        self._curve.setData(found.values, on_axis(found.costs, self._scale), connect="finite")
        self._tangent.setData(found.values, on_axis(found.tangent(found.values), self._scale), connect="finite")
        with QSignalBlocker(self._line):
            self._line.setPos(found.value)
        here, there = on_axis(np.array([found.cost, found.landing_cost]), self._scale)
        at, to = found.value, found.landing
        seen = bool(np.isfinite(here))
        self._here.setData([at], [here]) if seen else self._here.setData([], [])
        moves = seen and found.move != 0 and np.isfinite(found.move)
        lands = bool(moves and np.isfinite(there))
        self._way.setData([at, to], [here, here]) if moves else self._way.setData([], [])
        self._head.setVisible(bool(moves))
        if moves:
            self._head.setPos(to, here)
            self._head.setStyle(angle=180 if to > at else 0)
        self._fall.setData([to, to], [here, there]) if lands else self._fall.setData([], [])
        self._there.setData([to], [there]) if lands else self._there.setData([], [])
        self._write(found, seen, lands)

    def _write(self, found: Slice, seen: bool, lands: bool) -> None:
        """Write the costs beside the point and where it lands; beside the point alone where both are close."""
        here, there = format_number(found.cost), format_number(found.landing_cost)
        apart = abs(found.move) > 0.22 * (self._range[1] - self._range[0])
        text = f"J = {here} → {there}" if lands and not apart else f"J = {here}"
        self._here_text.set_text(text if seen else "")
        after = _("after the step: J = {cost}").format(cost=there)
        self._there_text.set_text(after if lands and apart else "")

    def _show_all(self, found: Slice) -> None:
        """Show the point, where it lands, and most of the curve: steep walls would press the rest flat."""
        known = found.costs[np.isfinite(found.costs)]
        marked = [found.cost, found.landing_cost] if abs(found.move) <= _FARTHEST else [found.cost]
        seen = np.append(known[known <= np.quantile(known, _WALLS)] if len(known) else known, marked)
        low, high = span(on_axis(seen, self._scale), 0.15)
        self.box.setRange(xRange=self._range, yRange=(low, high), padding=0)

    def _place_texts(self, *_changed: object) -> None:
        found = self._slice
        if found is None:
            return
        here, there = on_axis(np.array([found.cost, found.landing_cost]), self._scale)
        curves = [self._curve, self._tangent]
        if np.isfinite(here):
            self.place_caption(self._here_text, found.value, float(here), curves)
        if np.isfinite(there):
            self.place_caption(self._there_text, found.landing, float(there), curves)

    def _on_zoomed(self, *_changed: object) -> None:
        if self._frame is not None:
            self._zoomed = True
            self._range = tuple(self.box.viewRange()[0])
            self.show_slice(self._frame, self._scale)

    def _on_dragged(self, line: Any) -> None:
        self._ask(float(line.value()), self._gesture.key("slice"))

    def _ask(self, value: float, key: str) -> None:
        if self._frame is not None:
            low, high = self._range
            self.value_edited.emit(self._frame.state.selected, rounded_within(value, low, high), key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if way is not None and self._slice is not None:
            low, high = self._range
            self._ask(self._slice.value + way * (high - low) / 100, self._gesture.repeated("slice"))
        else:
            super().keyPressEvent(event)


def _range_about(value: float, move: float) -> tuple[float, float]:
    """Return a range that holds a parameter and the place where its step lands."""
    if not np.isfinite(move) or abs(move) > _FARTHEST:
        move = 0.0
    half = max(1.5, 0.9 * abs(move))
    middle = value + move / 2
    return middle - half, middle + half


def step_in_words(frame: NetworkFrame, found: Slice) -> str:
    """Return what the next step does to the parameter and, it alone moved, to the cost."""
    state, name = frame.state, plain(found.of)
    if not np.isfinite([found.slope, found.cost, found.move]).all():
        return found.why or _("The cost has no value here.")
    slope = _("Slope ∂J/∂{name} = {slope}.").format(name=name, slope=format_number(found.slope))
    if found.of in state.frozen:
        return slope + " " + _("{name} is frozen: no step changes it.").format(name=name)
    if state.rule == PLAIN_RULE and state.batch is None:
        step = _("Step −η·∂J/∂{name} = {move}:").format(name=name, move=format_number(found.move))
    else:
        step = _("Step by its batch and optimiser = {move}:").format(move=format_number(found.move))
    way = _(
        "{name} goes from {value} to {landing}; were it alone to move, J would go from {cost} to {landing_cost}."
    ).format(
        name=name, value=format_number(found.value), landing=format_number(found.landing),
        cost=format_number(found.cost), landing_cost=format_number(found.landing_cost),
    )  # fmt: skip
    return " ".join([slope, step, way, *overshoot_in_words(found)])


def overshoot_in_words(found: Slice) -> list[str]:
    """Return a sentence where the step goes past the lowest point on its way."""
    if not np.isfinite(found.landing_cost):
        return [found.why] if found.why else []
    if found.landing_cost > found.cost and found.move:
        return [_("It overshoots: the cost rises.")]
    low, high = sorted((found.value, found.landing))
    between = found.costs[(found.values > low) & (found.values < high)]
    if np.nanmin(between, initial=np.inf) < found.landing_cost - 1e-9 * abs(found.landing_cost):
        return [_("It goes past the lowest point on its way.")]
    return []
