"""What the network gives for any input: a map over two inputs with the decision boundary, or a curve over one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.network import forward
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.phases import plain
from chainrule_gui.session.state import CostScale
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.colours import OUTPUT_MAP, ColourBar, Map, colour, colours, line_on_map
from chainrule_gui.views.plot.isolines import isolines
from chainrule_gui.views.plot.page import PlotPage, span
from chainrule_gui.views.theme import look

Array = NDArray[np.float64]

_CELLS, _PLACES = 81, 301
_NEAR = 9
"""Pixels within which a press takes hold of a sample."""


class OutputPlot(PlotPage):
    """ŷ over the inputs, with the samples, which can be moved and added where they are used as they came."""

    #: number of the sample to be shown, counted from 0
    sample_requested = Signal(int)
    #: (sample, inputs, targets, merge key of the gesture)
    sample_moved = Signal(int, list, list, str)
    #: (inputs, targets)
    sample_added = Signal(list, list)
    #: number of the sample to be taken away
    sample_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.canvas = _OutputCanvas()
        super().__init__(self.canvas, parent)
        self.bar = ColourBar(OUTPUT_MAP)
        row = QHBoxLayout()
        self.column.removeWidget(self.canvas)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.bar)
        self.column.insertLayout(1, row, 1)
        self.canvas.sample_requested.connect(self.sample_requested)
        self.canvas.sample_moved.connect(self.sample_moved)
        self.canvas.sample_added.connect(self.sample_added)
        self.canvas.sample_removed.connect(self.sample_removed)

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
        count = network.layers[0]
        self.bar.setVisible(count == 2)
        if count > 2:
            text = ngettext(
                "The output can be drawn over one or two inputs; this network has {count}.",
                "The output can be drawn over one or two inputs; this network has {count}.",
                count,
            )
            self.say(text.format(count=count), drawn=False)
            return
        self.canvas.show_output(frame)
        low, high = output_range(frame)
        output = plain(network.output_name(1))
        self.bar.show_range(output, format_number(low, 2), format_number(high, 2))
        self.say(" ".join(_in_words(frame, output)))


def _in_words(frame: NetworkFrame, output: str) -> list[str]:
    state = frame.state
    if state.network.layers[0] == 2:
        level = format_number(boundary_level(frame), 3)
        said = [_("The line is where {output} = {level}, the decision boundary.").format(output=output, level=level)]
    else:
        said = [_("The curve is {output}, the points are the samples.").format(output=output)]
    if state.prepared is None:
        said.append(
            _("Drag a point to move it, double-click to add one (with Shift: of the other class).")
            if state.network.layers[0] == 2
            else _("Drag a point to move it, double-click to add one.")
        )
    elif state.prepared.test is not None:
        said.append(_("Squares are held out for testing."))
    return said


def output_range(frame: NetworkFrame) -> tuple[float, float]:
    """Return from where to where the targets of the first output go."""
    targets = frame.state.dataset.targets[:, 0]
    low, high = float(targets.min()), float(targets.max())
    return (low, high) if high > low else (min(low, 0.0), max(high, 1.0))


def boundary_level(frame: NetworkFrame) -> float:
    """Return the output between the two classes: in the middle of the targets."""
    return sum(output_range(frame)) / 2


class _OutputCanvas(Canvas):
    """Takes hold of samples by the pointer; arrow keys move the one shown, Page Up and Down go to the next."""

    sample_requested = Signal(int)
    sample_moved = Signal(int, list, list, str)
    sample_added = Signal(list, list)
    sample_removed = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("Output over the inputs"))
        self._gesture = Gesture()
        self._frame: NetworkFrame | None = None
        self._held: int | None = None
        self._known: tuple[Any, ...] = ()
        self._drawn: tuple[Any, ...] = ()
        self._image = Map()
        self._line = pg.PlotCurveItem(antialias=True)
        self._samples, self._tests, self._shown = (pg.ScatterPlotItem() for _item in range(3))
        for item in (self._image, self._line, self._tests, self._samples, self._shown):
            self.addItem(item, ignoreBounds=True)
        self.box.sigRangeChangedManually.connect(self._on_zoomed)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        for scatter, size in ((self._samples, 9), (self._tests, 8), (self._shown, 15)):
            scatter.setSize(look.px(size))
        self._tests.setSymbol("s")
        self._shown.setBrush(pg.mkBrush(None))
        self._shown.setPen(pen(look.theme.text, 1.8))
        if self._frame is not None:
            self.show_output(self._frame)

    @property
    def _plane(self) -> bool:
        return self._frame is not None and self._frame.state.network.layers[0] == 2

    def show_output(self, frame: NetworkFrame) -> None:
        """Compute and draw the output over what is seen of the inputs."""
        self._frame = frame
        network = frame.state.network
        names = [plain(network.input_name(unit)) for unit in range(1, network.layers[0] + 1)]
        self.name_axes(*(names if self._plane else (names[0], plain(network.output_name(1)))))
        known = (network.layers[0], frame.state.dataset.name if self._held is None else self._known[1:])
        if self._held is None and (known != self._known or not self._holds(frame)):
            self._known = known
            self._show_all(frame)
        self.showGrid(y=not self._plane)
        self._image.setVisible(self._plane)
        self._draw_plane(frame) if self._plane else self._draw_curve(frame)
        self._draw_samples(frame)

    def show_whole(self) -> None:
        """Show all samples again."""
        if self._frame is not None:
            self._known = ()
            self.show_output(self._frame)

    def _points(self, frame: NetworkFrame) -> Array:
        """Where the samples are drawn, (n, 2)."""
        data = frame.state.dataset
        return data.inputs if self._plane else np.column_stack([data.inputs[:, 0], data.targets[:, 0]])

    def _holds(self, frame: NetworkFrame) -> bool:
        (left, right), (bottom, top) = self.box.viewRange()
        x, y = self._points(frame)[frame.state.sample]
        return bool(left <= x <= right and bottom <= y <= top)

    def _show_all(self, frame: NetworkFrame) -> None:
        points = self._points(frame)
        if not self._plane:
            outputs = forward(frame.state.network, frame.parameters, points[:, :1], frame.state.dataset.targets).y_hat
            points = np.vstack([points, np.column_stack([points[:, 0], outputs[:, 0]])])
        points = np.vstack([points, points + 0.5, points - 0.5]) if len(points) < 3 else points
        ranges = [span(points[:, column], 0.15) for column in (0, 1)]
        self.box.setRange(xRange=ranges[0], yRange=ranges[1], padding=0)

    def _on_zoomed(self, *_changed: object) -> None:
        if self._frame is not None:
            self.show_output(self._frame)

    def _outputs(self, frame: NetworkFrame, inputs: Array) -> Array:
        network = frame.state.network
        return forward(network, frame.parameters, inputs, np.zeros((len(inputs), network.layers[-1]))).y_hat[:, 0]

    def _draw_curve(self, frame: NetworkFrame) -> None:
        low, high = self.box.viewRange()[0]
        xs = np.linspace(low, high, _PLACES)
        ys = self._outputs(frame, xs[:, None])
        self._line.setPen(pen(look.theme.accent, 2.2))
        self._line.setData(xs, np.where(np.isfinite(ys), ys, np.nan), connect="finite")

    def _draw_plane(self, frame: NetworkFrame) -> None:
        across, up = (np.linspace(low, high, _CELLS) for low, high in self.box.viewRange())
        grid = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1).reshape(-1, 2)
        values = self._outputs(frame, grid).reshape(_CELLS, _CELLS)
        pixels = np.empty((*values.shape, 4), dtype=np.uint8)
        pixels[..., :3] = colours(values, *output_range(frame), OUTPUT_MAP)
        pixels[..., 3] = np.where(np.isfinite(values), 200, 0)
        self._image.show_values(pixels, across, up)
        ends = isolines(across, up, values, boundary_level(frame))
        self._line.setPen(line_on_map("#1c1c1a", 2.0))
        self._line.setData(ends[:, 0], ends[:, 1], connect="pairs")

    def _draw_samples(self, frame: NetworkFrame) -> None:
        state = frame.state
        points = self._points(frame)
        self._shown.setData(*points[[state.sample]].T)
        drawn = (state.dataset, state.prepared, self._plane, look.theme, look.scale)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        brushes = self._brushes(frame, state.dataset.targets)
        self._samples.setData(points[:, 0], points[:, 1], brush=brushes, pen=_edge())
        test = state.prepared.test if state.prepared else None
        if test is None:
            self._tests.setData([], [])
        else:
            ys = test.inputs[:, 1] if self._plane else test.targets[:, 0]
            self._tests.setData(test.inputs[:, 0], ys, brush=self._brushes(frame, test.targets), pen=_edge())

    def _brushes(self, frame: NetworkFrame, targets: Array) -> Any:
        if not self._plane:
            return pg.mkBrush(look.theme.negative)
        low, high = output_range(frame)
        known = {value: pg.mkBrush(colour(value, low, high, OUTPUT_MAP)) for value in set(targets[:, 0].tolist())}
        return [known[value] for value in targets[:, 0].tolist()]

    # --- samples -----------------------------------------------------------------------------------------

    def _near(self, position: QPointF) -> int | None:
        """Return the sample under the pointer."""
        if self._frame is None:
            return None
        points = self._points(self._frame)
        size = self.box.viewPixelSize()
        place = self._place(position)
        away = np.hypot((points[:, 0] - place[0]) / size[0], (points[:, 1] - place[1]) / size[1])
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= look.px(_NEAR) else None

    def _place(self, position: QPointF) -> tuple[float, float]:
        place = self.box.mapSceneToView(self.mapToScene(position.toPoint()))
        return place.x(), place.y()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self._near(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if near is None:
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._held = near
        self._gesture.begin()
        self.sample_requested.emit(near)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            super().mouseMoveEvent(event)
        else:
            self._move(self._held, self._place(event.position()), self._gesture.key("sample"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            super().mouseReleaseEvent(event)
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        frame = self._frame
        if frame is None or event.button() != Qt.MouseButton.LeftButton or self._near(event.position()) is not None:
            super().mouseDoubleClickEvent(event)
            return
        place = self._rounded(self._place(event.position()))
        targets = frame.state.dataset.targets[frame.state.sample].tolist()
        low, high = output_range(frame)
        if self._plane:
            other = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            targets[0] = low if other else high
            self.sample_added.emit(list(place), targets)
        else:
            self.sample_added.emit([place[0]], [place[1], *targets[1:]])

    def _rounded(self, place: tuple[float, float]) -> tuple[float, float]:
        """To what can be read off: three decimals of what is seen."""
        return round(place[0], 3), round(place[1], 3)

    def _move(self, sample: int, place: tuple[float, float], key: str) -> None:
        if self._frame is None:
            return
        place = self._rounded(place)
        targets = self._frame.state.dataset.targets[sample].tolist()
        if self._plane:
            self.sample_moved.emit(sample, list(place), targets, key)
        else:
            self.sample_moved.emit(sample, [place[0]], [place[1], *targets[1:]], key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, frame = Qt.Key(event.key()), self._frame
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        turns = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if frame is None:
            super().keyPressEvent(event)
        elif key in ways:
            x, y = self._points(frame)[frame.state.sample]
            (left, right), (bottom, top) = self.box.viewRange()
            across, up = ways[key]
            place = float(x + across * (right - left) / 100), float(y + up * (top - bottom) / 100)
            self._move(frame.state.sample, place, self._gesture.repeated("sample"))
        elif key in turns:
            self.sample_requested.emit((frame.state.sample + turns[key]) % len(frame.state.dataset.inputs))
        elif key == Qt.Key.Key_Insert:
            inputs, targets = frame.state.dataset.inputs, frame.state.dataset.targets
            self.sample_added.emit(inputs[frame.state.sample].tolist(), targets[frame.state.sample].tolist())
        elif key == Qt.Key.Key_Delete:
            self.sample_removed.emit(frame.state.sample)
        else:
            super().keyPressEvent(event)


def _edge() -> Any:
    """White about each sample, so that it stands out from a map of its own colour."""
    return pg.mkPen("#ffffff", width=1.4 * look.scale)
