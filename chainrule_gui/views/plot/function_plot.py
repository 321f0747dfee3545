"""The function, its inner functions and its derivative over x, with the tangent at the point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.session.state import USUAL_RANGE
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.gesture import Gesture, rounded_within
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.caption import Caption
from chainrule_gui.views.plot.gaps import Gaps
from chainrule_gui.views.plot.steep_curve import SteepCurve
from chainrule_gui.views.theme import look


def curve_colours(frame: FunctionFrame) -> dict[str, str]:
    """Return each curve's colour: a quantity has that of its first link; the derivative is drawn in the accent."""
    derivation = frame.derivation
    colours: dict[str, str] = {}
    for index, link in enumerate(derivation.links):
        colours.setdefault(link.of, look.theme.link_colour(index))
    colours[derivation.of] = look.theme.text
    colours[frame.derivative_name] = look.theme.accent
    return {curve.name: colours.get(curve.name, look.theme.muted) for curve in frame.curves}


class FunctionPlot(Canvas):
    """Draws the curves of a frame; the point can be dragged, left and right move it, + and − zoom."""

    #: (x, merge key of the gesture)
    x_edited = Signal(float, str)
    #: (low, high, merge key) after panning or zooming
    x_range_edited = Signal(float, float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Function and tangent"), parent)
        self._gesture = Gesture()
        self._frame: FunctionFrame | None = None
        self._gaps = Gaps(self)
        self._dragging = False
        self._curves: dict[str, Any] = {}
        self._highlight: str | None = None
        self._tangent = pg.PlotCurveItem(antialias=True)
        self._inner_tangent = pg.PlotCurveItem(antialias=True)
        self._path = pg.PlotDataItem(symbol="o")
        self._point = pg.TargetItem(size=14, movable=True, symbol="o")
        self._text = Caption()
        for item in (self._tangent, self._inner_tangent, self._path, self._point, self._text):
            self.addItem(item, ignoreBounds=True)
        self._point.sigPositionChanged.connect(self._on_point_dragged)
        self._point.sigPositionChangeFinished.connect(self._gesture.begin)
        self.box.sigRangeChanged.connect(self._place_text)
        self.box.sigResized.connect(self._place_text)
        self.box.sigRangeChangedManually.connect(self._on_range_changed)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self._path.setPen(pen(theme.warning, 1.2))
        self._path.setSymbolBrush(pg.mkBrush(theme.warning))
        self._path.setSymbolPen(None)
        self._path.setSymbolSize(look.px(5))
        self._point.setPen(pen(theme.text, 2.0))
        self._point.setBrush(pg.mkBrush(theme.card))
        self._point.setHoverPen(pen(theme.accent, 3.0))
        self._text.set_look(look.font(9.5, bold=True), theme.text, theme.card)
        if self._frame is not None:
            self._gaps.show(self._frame.gaps, self._frame.state.x_range)
            self._show_curves(self._frame)
            self._show_point(self._frame)

    def render_frame(self, frame: FunctionFrame) -> None:
        """Show a function."""
        old, self._frame = self._frame, frame
        # What no longer belongs to the text typed is shown faintly, here as in the other panes.
        self.getPlotItem().setOpacity(0.4 if frame.problem is not None else 1.0)
        if old is None or frame.curves is not old.curves or frame.state.hidden_curves is not old.state.hidden_curves:
            self._show_curves(frame)
            if old is None or _subject(frame) != _subject(old):
                low, high = _seen(frame)
                self.box.setYRange(low, high, padding=0.06)
            if self.box.viewRange()[0] != list(frame.state.x_range):
                with QSignalBlocker(self.box):
                    self.box.setXRange(*frame.state.x_range, padding=0)
        if old is None or frame.gaps is not old.gaps:
            self._gaps.show(frame.gaps, frame.state.x_range)
        if old is None or frame.path is not old.path:
            xs, ys = frame.path if frame.path is not None else (np.empty(0), np.empty(0))
            known = np.isfinite(ys)
            self._path.setData(xs[known], ys[known])
        self.name_axes(frame.derivation.wrt, frame.derivation.of)
        self._show_point(frame)

    def set_highlight(self, key: str | None) -> None:
        """Show the tangent of the inner function that a link belongs to."""
        if key != self._highlight:
            self._highlight = key
            if self._frame is not None:
                self._show_inner_tangent(self._frame)

    def _show_curves(self, frame: FunctionFrame) -> None:
        names = [curve.name for curve in frame.curves]
        for name in [name for name in self._curves if name not in names]:
            self.removeItem(self._curves.pop(name))
        colours = curve_colours(frame)
        for curve in frame.curves:
            if curve.name not in self._curves:
                self._curves[curve.name] = SteepCurve(antialias=True)
                self.addItem(self._curves[curve.name])
            item = self._curves[curve.name]
            main = curve.name == frame.derivation.of
            item.setData(curve.xs, curve.ys, connect="finite", pen=pen(
                colours[curve.name], 2.6 if main else 1.6, dashed=curve.name.endswith(("′", "″", "‴"))
            ))  # fmt: skip
            item.setVisible(curve.name not in frame.state.hidden_curves)
        colour = look.theme.warning if frame.state.run is not None else look.theme.accent
        self._tangent.setPen(pen(colour, 1.8))

    def _show_point(self, frame: FunctionFrame) -> None:
        derivation = frame.derivation
        value, slope = derivation.quantities[-1].value, derivation.derivative_value
        known = value is not None
        self._point.setVisible(known)
        self._text.setVisible(known)
        if value is not None:
            with QSignalBlocker(self._point):
                self._point.setPos(frame.x, value)
            self._text.set_text(
                _("{of} = {value}, slope {slope}").format(
                    of=derivation.of, value=format_number(value), slope=format_number(slope)
                )
            )
        self._line(self._tangent, frame, value, slope)
        self._place_text()
        self._tangent.setPen(pen(look.theme.accent, 1.8))
        self._show_inner_tangent(frame)
        point = _("{wrt} = {x}, value {value}, slope {slope}").format(
            wrt=derivation.wrt, x=format_number(frame.x), value=format_number(value), slope=format_number(slope)
        )
        self.setAccessibleDescription(f"{point}. {self._gaps.description}".strip())

    def _place_text(self, *_changed: object) -> None:
        frame = self._frame
        value = frame.derivation.quantities[-1].value if frame is not None else None
        if frame is not None and value is not None:
            self.place_caption(self._text, frame.x, value, [*self._curves.values(), self._tangent])

    def _show_inner_tangent(self, frame: FunctionFrame) -> None:
        derivation = frame.derivation
        name = (self._highlight or "").partition("/")[0]
        inner = next((quantity for quantity in derivation.quantities if quantity.name == name), None)
        if inner is None or inner.definition is None or name in (derivation.of, *frame.state.hidden_curves):
            self._inner_tangent.setData([], [])
            return
        self._inner_tangent.setPen(pen(curve_colours(frame).get(name, look.theme.muted), 3.0))
        self._line(self._inner_tangent, frame, inner.value, derivation.slope(name))

    @staticmethod
    def _line(item: Any, frame: FunctionFrame, value: float | None, slope: float | None) -> None:
        if value is None or slope is None:
            item.setData([], [])
            return
        low, high = frame.state.x_range
        half = (high - low) * 0.14 / np.hypot(1.0, min(abs(slope), 1e6)) ** 0.5
        xs = np.array([frame.x - half, frame.x + half])
        item.setData(xs, value + slope * (xs - frame.x))

    def _readable(self, x: float) -> float:
        assert self._frame is not None
        return rounded_within(x, *self._frame.state.x_range)

    def _on_point_dragged(self, point: Any) -> None:
        if self._frame is not None and self._point.isVisible():
            self.x_edited.emit(self._readable(float(point.pos().x())), self._gesture.key("x"))

    def _on_range_changed(self, *_changed: object) -> None:
        low, high = self.box.viewRange()[0]
        # The last change of a drag comes when the button is up already.
        key = self._gesture.key("range") if self._dragging else self._gesture.repeated("range")
        self.x_range_edited.emit(float(low), float(high), key)

    def show_whole(self) -> None:
        """Show the usual range of x, and the range of y that goes with it."""
        self._gesture.begin()
        self.x_range_edited.emit(*USUAL_RANGE, self._gesture.key("range"))
        if self._frame is not None:
            self.box.setYRange(*_seen(self._frame), padding=0.06)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_whole()
        super().mouseDoubleClickEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._gesture.begin()
        self._dragging = True
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._dragging = False
        super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x = self.box.mapSceneToView(self.mapToScene(event.pos())).x()
            QToolTip.showText(event.globalPos(), self._gaps.sentence_at(x), self)
            return True
        return bool(super().viewportEvent(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and self._frame is not None:
            low, high = self._frame.state.x_range
            x = self._frame.x + step * (high - low) / 200
            self.x_edited.emit(self._readable(x), self._gesture.repeated("x"))
        elif event.text() in ("+", "-", "−") and self._frame is not None:
            self._dragging = False
            self.box.scaleBy((0.8, 0.8) if event.text() == "+" else (1.25, 1.25), center=self._point.pos())
            self._on_range_changed()
        else:
            super().keyPressEvent(event)


def _subject(frame: FunctionFrame) -> tuple[str, str, int]:
    """What the range of y belongs to."""
    return frame.state.good_text, frame.state.wrt, frame.state.order


def _seen(frame: FunctionFrame) -> tuple[float, float]:
    """Return the range of y to show: what the curves do near the point, but not to the top of a pole or of e^(x²)."""
    low_x, high_x = frame.state.x_range
    shown = [curve for curve in frame.curves if curve.name not in frame.state.hidden_curves]
    centre = min(max(frame.x, low_x), high_x)
    near = [curve.ys[np.abs(curve.xs - centre) <= (high_x - low_x) / 4] for curve in shown]
    value = frame.derivation.quantities[-1].value if centre == frame.x else None
    values = np.concatenate([*near, [0.0 if value is None else value]])
    values = values[np.isfinite(values)]
    # Not np.percentile, whose first call imports all of numpy.ma.
    quarter, three_quarters = (float(v) for v in np.interp([0.2, 0.8], np.linspace(0, 1, len(values)), np.sort(values)))
    reach = 2.0 * max(three_quarters - quarter, 1e-3)
    everything = np.concatenate([*(curve.ys for curve in shown), values])
    everything = everything[np.isfinite(everything)]
    low = max(quarter - reach, float(everything.min()))
    high = min(three_quarters + reach, float(everything.max()))
    if value is not None:
        low, high = min(low, value), max(high, value)
    return (low, high) if high - low > 1e-9 else (low - 1.0, high + 1.0)
