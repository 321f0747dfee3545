"""Every parameter against the step, and beside it the length of the gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.network import backward, forward
from chainrule_gui.model.run_samples import RunSamples
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.phases import plain
from chainrule_gui.session.state import CostScale, NetworkState
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.page import PlotPage, on_axis, span
from chainrule_gui.views.theme import look

Array = NDArray[np.float64]

_AT_ONCE = 0.015
"""Seconds that a long run's gradients may take at once; the rest follows by a timer."""

_MOST_NAMED = 10
"""So many lines are named at their ends; of more, only the selected one is."""


class ParametersPlot(PlotPage):
    """Two plots side by side: the parameters, the selected one in front, and the gradient's length."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.values, self.norm = _Lines(_("Parameters against step")), _Lines(_("Length of the gradient against step"))
        super().__init__(self.values, parent)
        row = QHBoxLayout()
        self.column.removeWidget(self.values)
        row.addWidget(self.values, 3)
        row.addWidget(self.norm, 2)
        self.column.insertLayout(1, row, 1)
        self._frame: NetworkFrame | None = None
        self._scale: CostScale = "linear"
        self._samples: RunSamples | None = None
        self._data: object = None
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._on_more)

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        for plot in (self.values, self.norm):
            plot.apply_style()

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        for plot in (self.values, self.norm):
            plot.show_whole()

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show a frame."""
        state = frame.state
        self._frame, self._scale = frame, scale
        run = state.run
        if self._samples is None or (self._samples.trajectory, self._data) != (run.trajectory, state.dataset):
            self._samples = RunSamples(run.trajectory, _norm_of(state))
            self._data = state.dataset
        if not self._samples.extend(run.length, _AT_ONCE):
            self._more.start()
        steps, rows, norms = self._samples.upto(run.length)
        here = frame.parameters
        names = state.network.parameter_names
        chosen = names.index(state.selected) if state.selected in names else None
        self.values.show_lines(
            steps, rows, [plain(name) for name in names], (run.step, here), run.length, chosen, "linear"
        )
        norm = float(np.linalg.norm(frame.gradients.flat))
        self.norm.show_lines(steps, norms[:, None], ["‖∇J‖"], (run.step, np.array([norm])), run.length, 0, scale)
        said = [_("‖∇J‖ = {norm} at step {step}.").format(norm=format_number(norm), step=run.step)]
        if chosen is not None:
            value = format_number(float(here[chosen]))
            said.insert(0, _("{name} = {value}.").format(name=plain(state.selected), value=value))
        if run.length == 0:
            said.append(_("No step was made yet: press Step or Run."))
        self.say(" ".join(said))

    def _on_more(self) -> None:
        if self._frame is not None:
            self.render_frame(self._frame, self._scale)

    def hideEvent(self, event: QHideEvent) -> None:
        self._more.stop()
        super().hideEvent(event)


def _norm_of(state: NetworkState) -> Any:
    """Return what gives ‖∇J‖ over all samples for parameters."""
    network, inputs, targets = state.network, state.dataset.inputs, state.dataset.targets

    def norm(parameters: Array) -> float:
        with np.errstate(all="ignore"):
            gradients = backward(network, parameters, forward(network, parameters, inputs, targets))
            return float(np.linalg.norm(gradients.flat))

    return norm


class _Lines(Canvas):
    """Lines against the step, one of them in front, and a mark at the step shown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._curves: list[Any] = []
        self._labels: list[Any] = []
        self._chosen: int | None = None
        self._ends: list[tuple[float, float]] = []
        self._follows = True
        self._extent: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0))
        self._line = pg.InfiniteLine(0, angle=90)
        self._dot = pg.ScatterPlotItem()
        for item in (self._line, self._dot):
            self.addItem(item, ignoreBounds=True)
        self.box.sigRangeChangedManually.connect(self._on_zoomed)
        self.box.sigRangeChanged.connect(self._place_labels)
        self.box.sigResized.connect(self._place_labels)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self._line.setPen(pen(theme.muted, 1.0, dashed=True))
        self._dot.setBrush(pg.mkBrush(theme.accent))
        self._dot.setPen(pen(theme.card, 1.5))
        self._dot.setSize(look.px(10))
        self._style_curves()

    def show_lines(
        self, steps: Array, rows: Array, names: list[str], here: tuple[int, Array], length: int, chosen: int | None,
        scale: CostScale,
    ) -> None:  # fmt: skip
        """Draw lines.

        Parameters
        ----------
        steps : (m,)
        rows : (m, lines)
        here : the step shown and the values there
        length : the last step of the run
        chosen : the line that is in front
        """
        if len(names) != len(self._curves):
            for item in (*self._curves, *self._labels):
                self.removeItem(item)
            self._curves = [pg.PlotCurveItem(antialias=True) for _name in names]
            self._labels = [pg.TextItem(anchor=(0, 0.5)) for _name in names] if 1 < len(names) <= _MOST_NAMED else []
            for item in (*self._curves, *self._labels):
                self.addItem(item, ignoreBounds=True)
            self._chosen = None
        if chosen != self._chosen or self._chosen is None:
            self._chosen = chosen
            self._style_curves()
        self.getAxis("left").setLogMode(scale == "log", scale == "log")
        self.name_axes(_("step"), names[0] if len(names) == 1 else "")
        drawn, now = on_axis(rows, scale), on_axis(here[1], scale)
        for place, curve in enumerate(self._curves):
            curve.setData(steps, drawn[:, place], connect="finite")
        for place, label in enumerate(self._labels):
            label.setText(names[place])
        self._ends = [(float(length), float(value)) for value in drawn[-1]] if len(drawn) else []
        longest = max(10, length)
        low, high = span(np.append(drawn.ravel(), now), 0.14 if self._labels else 0.08)
        room = 1.1 if self._labels else 1.04
        self._extent = ((-0.02 * longest, room * longest), (low, high))
        if self._follows:
            self.show_whole()
        self._line.setPos(here[0])
        value = math.nan if chosen is None else float(now[chosen])
        self._dot.setData([here[0]], [value]) if math.isfinite(value) else self._dot.setData([], [])
        self._place_labels()

    def show_whole(self) -> None:
        """Show the whole run, and follow it again."""
        self._follows = True
        self.box.setRange(xRange=self._extent[0], yRange=self._extent[1], padding=0)

    def _on_zoomed(self, *_changed: object) -> None:
        self._follows = False

    def _place_labels(self, *_changed: object) -> None:
        """Put each name at the end of its line, or above the one below it where they would touch."""
        apart = QFontMetricsF(look.font(8.5, bold=True)).height() * 0.9 * float(self.box.viewPixelSize()[1])
        below = -math.inf
        for (x, y), label in sorted(zip(self._ends, self._labels, strict=False), key=lambda end: end[0][1]):
            below = max(y, below + apart) if math.isfinite(y) else below
            label.setVisible(math.isfinite(y))
            label.setPos(x, below if math.isfinite(y) else 0.0)

    def _style_curves(self) -> None:
        theme = look.theme
        for place, curve in enumerate(self._curves):
            front = place == self._chosen
            many = len(self._curves) > len(theme.link_colours)
            line = theme.accent if front else theme.faint if many else theme.link_colour(place)
            curve.setPen(pen(line, 2.4 if front else 1.2))
            curve.setZValue(2 if front else 0)
            if self._labels:
                self._labels[place].setColor(QColor(theme.accent if front else theme.muted if many else line))
                self._labels[place].setFont(look.font(8.5, bold=front))
