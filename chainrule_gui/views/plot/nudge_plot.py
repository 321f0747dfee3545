"""What the linear approximation of a nudge leaves, against the nudge's size, both by powers of ten."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.nudge import Nudge
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.theme import look

_DECADES = (-7.0, 0.0)
_PER_KEY = 0.1


class NudgePlot(QWidget):
    """The error's plot with a sentence that says what can be read off it."""

    #: (Δx, merge key of the gesture)
    nudge_edited = Signal(float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel()
        self.sentence.setObjectName("narration")
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName(_("What the plot shows"))
        self.canvas = _ErrorCanvas()
        self.canvas.nudge_edited.connect(self.nudge_edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sentence)
        column.addWidget(self.canvas, 1)
        column.addStretch(0)

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.canvas.apply_style()

    def render_frame(self, frame: FunctionFrame) -> None:
        """Show the errors of a frame's nudge."""
        if frame.nudge is not None:
            text = error_in_words(frame, frame.nudge)
            self.sentence.setText(text)
            self.canvas.setAccessibleDescription(text)
            self.canvas.show_nudge(frame, frame.nudge)


def error_in_words(frame: FunctionFrame, nudge: Nudge) -> str:
    """Return what becomes of the error when the nudge gets smaller, or why there is none to speak of."""
    derivation = frame.derivation
    of, wrt = derivation.of, derivation.wrt
    if derivation.derivative_value is None:
        return _("{of} has no derivative here, so there is no straight line to compare with: {why}").format(
            of=of, why=derivation.why
        )
    if nudge.is_exact:
        return _("The error is 0 but for the computer's rounding: near this point {of} is a straight line.").format(
            of=of
        )
    if nudge.tenth is None:
        return _("Too close to an edge of {of}'s domain, or too flat, to compare errors here.").format(of=of)
    size, error, smaller = nudge.tenth
    numbers = _("Δ{wrt} = {size} leaves {error}, Δ{wrt} = {tenth} leaves {smaller}.").format(
        wrt=wrt, size=format_number(size, 3), error=format_number(error), tenth=format_number(size / 10, 3),
        smaller=format_number(smaller),
    )  # fmt: skip
    ratio = error / smaller
    if 80 <= ratio <= 125:
        said = _("A tenth of the nudge, a hundredth of the error:")
    elif 800 <= ratio <= 1250:
        said = _("A tenth of the nudge, a thousandth of the error, since {of}″ is 0 here:").format(of=of)
    else:
        said = _("A tenth of the nudge, {part} of the error:").format(part=f"1/{ratio:.3g}")
    return f"{said} {numbers}"


class _ErrorCanvas(Canvas):
    """Both axes hold logarithms to base ten; the line at Δx can be dragged, left and right move it."""

    nudge_edited = Signal(float, str)

    def __init__(self) -> None:
        super().__init__(_("Error against nudge"))
        for side in ("left", "bottom"):
            self.getAxis(side).setLogMode(True, True)  # the axes alone: what is drawn are logarithms already
        self._gesture = Gesture()
        self._nudge: Nudge | None = None
        self.box.setMouseEnabled(False, False)
        self._rounding = pg.LinearRegionItem(orientation="horizontal", movable=False)
        self._reference = pg.PlotCurveItem(antialias=True)
        self._errors = pg.PlotDataItem(symbol="o")
        self._size = pg.InfiniteLine(angle=90, movable=True)
        self._here = pg.ScatterPlotItem()
        self._slope_text, self._rounding_text = pg.TextItem("", anchor=(1, 1)), pg.TextItem("", anchor=(1, 0))
        for item in (
            self._rounding, self._reference, self._errors, self._size, self._here, self._slope_text, self._rounding_text
        ):  # fmt: skip
            self.addItem(item, ignoreBounds=True)
        self._size.sigDragged.connect(self._on_dragged)
        self._size.sigPositionChangeFinished.connect(self._gesture.begin)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self._rounding.setBrush(pg.mkBrush(theme.sunken))
        for line in self._rounding.lines:
            line.setPen(pg.mkPen(None))
        self._reference.setPen(pen(theme.muted, 1.4))
        self._errors.setPen(None)
        self._errors.setSymbolBrush(pg.mkBrush(theme.accent))
        self._errors.setSymbolPen(None)
        self._errors.setSymbolSize(look.px(5))
        self._size.setPen(pen(theme.warning, 1.4))
        self._size.setHoverPen(pen(theme.warning, 3.0))
        self._here.setPen(pen(theme.warning, 2.0))
        self._here.setBrush(pg.mkBrush(theme.card))
        self._here.setSize(look.px(11))
        for text in (self._slope_text, self._rounding_text):
            text.setColor(theme.muted)
            text.setFont(look.font(9))
        if self._nudge is not None:
            self._place_texts(self._nudge)

    def show_nudge(self, frame: FunctionFrame, nudge: Nudge) -> None:
        """Show the errors, the line they would lie on if they shrank with the square, and the nudge."""
        self._nudge = nudge
        self.name_axes(f"Δ{frame.derivation.wrt}", _("error"))
        exists = frame.derivation.derivative_value is not None and not nudge.is_exact
        self.setVisible(exists)
        if not exists:
            return
        with np.errstate(divide="ignore"):
            sizes, errors = np.log10(nudge.sizes), np.log10(nudge.errors)
        known = np.isfinite(errors)
        self._errors.setData(sizes[known], errors[known])
        floor = math.log10(nudge.rounding)
        low = max(floor, float(errors[known].min(initial=-16.0)))
        high = max(float(errors[known].max(initial=low)), low + 4)
        self.box.setRange(xRange=_DECADES, yRange=(low - 1.2, high + 0.6), padding=0.03)
        self._rounding.setRegion((floor - 30, floor + 0.7))
        size, error = math.log10(abs(nudge.size)), nudge.result.error
        with QSignalBlocker(self._size):
            self._size.setPos(size)
        self._here.setData([size], [math.log10(abs(error))]) if error else self._here.setData([], [])
        self._reference.setVisible(nudge.tenth is not None)
        self._slope_text.setVisible(nudge.tenth is not None)
        if nudge.tenth is not None:
            ends = np.array(_DECADES)
            self._reference.setData(ends, self._height(ends))
        self._place_texts(nudge)

    def _height(self, size: Any) -> Any:
        """Where the line of slope 2 is, through the error that is compared."""
        assert self._nudge is not None
        assert self._nudge.tenth is not None
        return math.log10(self._nudge.tenth[1]) + 2 * (size - math.log10(self._nudge.tenth[0]))

    def _place_texts(self, nudge: Nudge) -> None:
        floor = math.log10(nudge.rounding)
        self._rounding_text.setText(_("rounding"))
        self._rounding_text.setPos(_DECADES[1], floor + 0.7)
        if nudge.tenth is not None:
            place = max(math.log10(nudge.tenth[0]) - 1.2, _DECADES[0] + 0.3)
            self._slope_text.setText(_("slope 2"))
            self._slope_text.setPos(place, self._height(place))

    def _on_dragged(self, line: Any) -> None:
        self._ask(float(line.value()), self._gesture.key("nudge"))

    def _ask(self, exponent: float, key: str) -> None:
        if self._nudge is not None:
            size = float(f"{10.0 ** min(exponent, _DECADES[1]):.3g}")
            self.nudge_edited.emit(math.copysign(size, self._nudge.size), key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and self._nudge is not None:
            self._ask(math.log10(abs(self._nudge.size)) + step * _PER_KEY, self._gesture.repeated("nudge"))
        else:
            super().keyPressEvent(event)
