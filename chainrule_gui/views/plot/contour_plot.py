"""The cost over two parameters as a map with lines of equal cost, and the way that descent took over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.network import forward
from chainrule_gui.model.run_samples import RunSamples
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.phases import plain
from chainrule_gui.session.state import CostScale
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.gesture import rounded_within
from chainrule_gui.views.plot.canvas import Canvas
from chainrule_gui.views.plot.caption import Caption
from chainrule_gui.views.plot.colours import COST_MAP, ColourBar, Map, colours, line_on_map
from chainrule_gui.views.plot.contour_work import ContourWork, Place, Wanted
from chainrule_gui.views.plot.isolines import isolines
from chainrule_gui.views.plot.page import PlotPage, on_axis
from chainrule_gui.views.theme import look

Array = NDArray[np.float64]

_LEVELS = 11
_STALE = 90
"""How opaque what is not yet computed again is, of 255."""

_AT_REST = 120
"""Milliseconds after which a place that was zoomed to is computed."""

_FOR_THE_WAY = 0.01
"""Seconds that the way of a long run may take at once."""


class ContourPlot(PlotPage):
    """J over two parameters that the learner chooses; a click starts descent there."""

    #: the two parameters' names
    contour_chosen = Signal(str, str)
    #: parameter values by name, from which a new run is to start
    start_requested = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.canvas = _ContourCanvas()
        super().__init__(self.canvas, parent)
        self.first, self.second = QComboBox(), QComboBox()
        self.bar = ColourBar(COST_MAP)
        top, middle = QHBoxLayout(), QHBoxLayout()
        self.first.setAccessibleName(_("Parameter across"))
        self.second.setAccessibleName(_("Parameter upwards"))
        over = QLabel("J")
        for widget in (over, self.first, self.second):
            top.addWidget(widget)
        top.addWidget(self.sentence, 1)
        self.column.removeWidget(self.canvas)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.bar)
        self.column.insertLayout(0, top)
        self.column.insertLayout(1, middle, 1)
        for box in (self.first, self.second):
            box.activated.connect(self._on_chosen)
        self.canvas.start_requested.connect(self.start_requested)
        self.canvas.range_shown.connect(self.bar.show_range)
        self._names: tuple[str, ...] = ()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.canvas.apply_style()
        self.bar.updateGeometry()

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        self.canvas.show_whole()

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show a frame."""
        network = frame.state.network
        names = network.parameter_names
        of = frame.state.view.contour or (names[0], names[1])
        for box, name in zip((self.first, self.second), of, strict=True):
            with QSignalBlocker(box):
                if names != self._names:
                    box.clear()
                    box.addItems([plain(name) for name in names])
                box.setCurrentIndex(names.index(name))
        self._names = names
        self.canvas.show_contour(frame, of, scale)
        if len(names) == 2:
            self.say(_("Click anywhere to start descent there."))
        else:
            self.say(_("All other parameters as they are now. Click anywhere to start descent there."))

    def _on_chosen(self, _index: int) -> None:
        self.contour_chosen.emit(self._names[self.first.currentIndex()], self._names[self.second.currentIndex()])


class _ContourCanvas(Canvas):
    """The map; the pointer, or the arrow keys, read the cost anywhere, a click or Enter starts there."""

    start_requested = Signal(dict)
    #: what the colours mean: quantity, the numbers at the low and the high end
    range_shown = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__(_("Cost over two parameters"))
        self._frame: NetworkFrame | None = None
        self._of = ("", "")
        self._scale: CostScale = "linear"
        self._known: tuple[Any, ...] = ()
        self._place = Place((-1.0, 1.0), (-1.0, 1.0))
        self._zoomed = False
        self._samples: RunSamples | None = None
        self._read: tuple[float, float] | None = None
        self.work = ContourWork(self)
        self.work.advanced.connect(self._paint)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_AT_REST)
        self._rest.timeout.connect(self._on_rest)
        self._image = Map()
        self._lines, self._way, self._ahead = (pg.PlotCurveItem(antialias=True) for _item in range(3))
        self._start, self._here = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self._cross = [pg.InfiniteLine(angle=angle) for angle in (0, 90)]
        self._text = Caption()
        for item in (
            self._image, self._lines, self._ahead, self._way, self._start, self._here, *self._cross, self._text
        ):  # fmt: skip
            self.addItem(item, ignoreBounds=True)
        self.setMouseTracking(True)
        self.scene().sigMouseMoved.connect(self._on_moved)
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.box.sigRangeChangedManually.connect(self._on_zoomed)
        self.apply_style()
        self._show_reading()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        self.showGrid(x=False, y=False)
        theme = look.theme
        # On the map the ground is not the theme's: light and dark lines beside each other are seen on any colour.
        self._lines.setPen(line_on_map("#d7dde4", 0.9))
        self._way.setPen(pg.mkPen("#ffffff", width=2.2 * look.scale))
        self._way.setShadowPen(pg.mkPen((0, 0, 0, 170), width=4.2 * look.scale))
        self._ahead.setPen(pg.mkPen((255, 255, 255, 150), width=1.4 * look.scale, style=Qt.PenStyle.DotLine))
        self._start.setBrush(pg.mkBrush("#ffffff"))
        self._start.setPen(pg.mkPen("#000000", width=1.2))
        self._start.setSize(look.px(8))
        self._here.setBrush(pg.mkBrush(theme.warning if theme.name == "light" else theme.negative))
        self._here.setPen(pg.mkPen("#ffffff", width=2.0 * look.scale))
        self._here.setSize(look.px(13))
        for line in self._cross:
            line.setPen(pg.mkPen((255, 255, 255, 170), width=look.px(1)))
        self._text.set_look(look.font(9.5, bold=True), theme.text, theme.card)
        self._paint()

    def show_contour(self, frame: NetworkFrame, of: tuple[str, str], scale: CostScale) -> None:
        """Show the contour of a frame, as far as it can be computed at once; the rest follows."""
        state = frame.state
        self._frame, self._of, self._scale = frame, of, scale
        self.name_axes(plain(of[0]), plain(of[1]))
        trajectory = state.run.trajectory
        if self._samples is None or self._samples.trajectory is not trajectory:
            self._samples = RunSamples(trajectory)
        way, ahead = self._walked(frame)
        known = (state.network, state.dataset, of)
        if known != self._known or not (self._zoomed or _holds(self._place, way)):
            self._known, self._zoomed = known, False
            self._place = _place_about(way)
            self._show_place()
        self.work.ask(Wanted(state.network, state.dataset, frame.parameters, of, self._place))
        self._ahead.setData(ahead[:, 0], ahead[:, 1])
        self._way.setData(way[:, 0], way[:, 1])
        self._start.setData(way[:1, 0], way[:1, 1])
        self._here.setData(way[-1:, 0], way[-1:, 1])
        self._paint()
        self._show_reading()

    def show_whole(self) -> None:
        """Show the way that was walked again."""
        if self._frame is not None:
            self._known = ()
            self.show_contour(self._frame, self._of, self._scale)

    def _walked(self, frame: NetworkFrame) -> tuple[Array, Array]:
        """Return the places up to the step shown, and from there to the last step taken."""
        run, indices = frame.state.run, [frame.state.network.parameter_index(name) for name in self._of]
        assert self._samples is not None
        if not self._samples.extend(run.length, _FOR_THE_WAY):
            self._rest.start()
        steps, rows, _measured = self._samples.upto(run.length)
        here = frame.parameters[indices][None]
        seen = steps <= run.step
        end = run.trajectory.parameters_at(run.length)[indices][None]
        return np.vstack([rows[seen][:, indices], here]), np.vstack([here, rows[~seen][:, indices], end])

    def _show_place(self) -> None:
        self.box.setRange(xRange=self._place.first, yRange=self._place.second, padding=0)

    def _on_zoomed(self, *_changed: object) -> None:
        self._zoomed = True
        self._rest.start()

    def _on_rest(self) -> None:
        if self._frame is not None and self.isVisible():
            if self._zoomed:
                across, up = self.box.viewRange()
                self._place = Place(tuple(across), tuple(up))
            self.show_contour(self._frame, self._of, self._scale)

    def _paint(self) -> None:
        """Draw what is there of the map."""
        work = self.work
        if work.place is None:
            return
        shown = on_axis(work.costs, self._scale)
        known = shown[np.isfinite(shown)]
        if not len(known):
            self._image.clear()
            self._lines.setData([], [])
            return
        low, high = float(known.min()), float(np.quantile(known, 0.97))
        if high - low < 1e-12:
            high = low + 1.0
        pixels = np.empty((*shown.shape, 4), dtype=np.uint8)
        pixels[..., :3] = colours(shown, low, high, COST_MAP)
        pixels[..., 3] = np.where(work.fresh, 255, _STALE)
        pixels[~np.isfinite(shown), 3] = 0
        axes = work.place.axes(len(shown))
        self._image.show_values(pixels, *axes)
        if work.finished:
            ends = np.concatenate(
                [isolines(*axes, shown, level) for level in np.linspace(low, high, _LEVELS + 2)[1:-1]]
            )
            self._lines.setData(ends[:, 0], ends[:, 1], connect="pairs")
        self._lines.setVisible(work.finished)
        numbers = [10.0**value if self._scale == "log" else value for value in (low, high)]
        above = "≥ " if float(known.max()) > high else ""
        self.range_shown.emit("J", format_number(numbers[0], 3), above + format_number(numbers[1], 3))

    def hideEvent(self, event: QHideEvent) -> None:
        self.work.stop()
        self._rest.stop()
        super().hideEvent(event)

    # --- reading and starting ----------------------------------------------------------------------------

    def _on_moved(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        place = self.box.mapSceneToView(position)
        self._read = (place.x(), place.y()) if inside else None
        self._show_reading()

    def leaveEvent(self, event: Any) -> None:
        self._read = None
        self._show_reading()
        super().leaveEvent(event)

    def _show_reading(self) -> None:
        """Write the cost where the pointer is; else at the place that the parameters have."""
        frame = self._frame
        for line in self._cross:
            line.setVisible(self._read is not None)
        self._text.setVisible(frame is not None)
        if frame is None:
            return
        if self._read is None:
            indices = [frame.state.network.parameter_index(name) for name in self._of]
            x, y = (float(value) for value in frame.parameters[indices])
            text = f"J = {format_number(frame.trace.cost)}"
        else:
            x, y = self._read
            self._cross[0].setPos(y)
            self._cross[1].setPos(x)
            cost = format_number(self._cost_at(frame, self._read))
            names = [plain(name) for name in self._of]
            text = f"J({names[0]} = {format_number(x, 3)}, {names[1]} = {format_number(y, 3)}) = {cost}"
        self._text.set_text(text)
        self.place_caption(self._text, x, y, [self._way])
        self.setToolTip("")

    def _cost_at(self, frame: NetworkFrame, place: Sequence[float]) -> float:
        state, parameters = frame.state, frame.parameters.copy()
        for name, value in zip(self._of, place, strict=True):
            parameters[state.network.parameter_index(name)] = value
        return forward(state.network, parameters, state.dataset.inputs, state.dataset.targets).cost

    def _on_clicked(self, event: Any) -> None:
        position = QPointF(event.scenePos())
        if event.button() == Qt.MouseButton.LeftButton and self.box.sceneBoundingRect().contains(position):
            place = self.box.mapSceneToView(position)
            self._start_at(place.x(), place.y())

    def _start_at(self, x: float, y: float) -> None:
        ranges = self.box.viewRange()
        rounded = [rounded_within(value, *range_) for value, range_ in zip((x, y), ranges, strict=True)]
        self.start_requested.emit(dict(zip(self._of, rounded, strict=True)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, frame = Qt.Key(event.key()), self._frame
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        if frame is not None and key in ways:
            indices = [frame.state.network.parameter_index(name) for name in self._of]
            at = self._read or tuple(float(value) for value in frame.parameters[indices])
            moved = []
            for value, way, (low, high) in zip(at, ways[key], self.box.viewRange(), strict=True):
                moved.append(min(max(value + way * (high - low) / 50, low), high))
            self._read = (moved[0], moved[1])
            self._show_reading()
            self.setAccessibleDescription(self._text.text)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._read is not None:
            self._start_at(*self._read)
        elif key == Qt.Key.Key_Escape and self._read is not None:
            self._read = None
            self._show_reading()
        else:
            super().keyPressEvent(event)


def _holds(place: Place, way: Array) -> bool:
    """Whether a place holds a way, its end well inside; a way that left every reasonable place is not followed."""
    way = way[(np.abs(way) < 1e3).all(axis=1)]
    if not len(way):
        return True
    low, high = np.array([place.first[0], place.second[0]]), np.array([place.first[1], place.second[1]])
    margin = 0.05 * (high - low)
    end = way[-1]
    return bool(
        (way >= low).all() and (way <= high).all() and (end >= low + margin).all() and (end <= high - margin).all()
    )


def _place_about(way: Array) -> Place:
    """Return a place that holds a way with as much room again about it."""
    way = way[(np.abs(way) < 1e3).all(axis=1)]
    if not len(way):
        return Place((-3.0, 3.0), (-3.0, 3.0))
    ranges = []
    for low, high in zip(way.min(axis=0), way.max(axis=0), strict=True):
        middle, half = (low + high) / 2, max(2.0, 1.1 * (high - low))
        ranges.append((float(middle - half), float(middle + half)))
    return Place(*ranges)
