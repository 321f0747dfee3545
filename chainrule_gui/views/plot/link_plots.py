"""The links of a chain side by side: each a function of its own variable, with its tangent; their slopes multiply."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.session.links import LinkCurve, chosen_chain
from chainrule_gui.typeset.numbers import MISSING, format_number
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import inline_markup, symbol_markup
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.link_heading import LinkHeading
from chainrule_gui.views.theme import look

_NARROWEST = 170
_REACH = 0.22


class LinkPlots(QWidget):
    """A row of small plots, from the variable to the result; more than fit are scrolled to."""

    #: (name of a quantity, the value it is to have, merge key of the gesture)
    quantity_edited = Signal(str, float, str)
    #: which chain is to be shown, counted from 0
    path_requested = Signal(int)
    #: key of the link under the pointer or with the keyboard, or None
    link_hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panels: list[LinkPanel] = []
        self._frame: FunctionFrame | None = None
        self._form: tuple[str, ...] = ()
        self.result = LinkHeading()
        self._signs: list[QLabel] = []
        self._inside = QWidget()
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(_("Links of the chain"))
        self.before, self.after = QToolButton(), QToolButton()
        self.note = QLabel()
        self.note.setObjectName("muted")
        self._paths = QWidget()
        paths = QHBoxLayout(self._paths)
        paths.setContentsMargins(0, 0, 0, 0)
        for button, sign, name, way in ((self.before, "‹", _("Path before"), -1), (self.after, "›", _("Next path"), 1)):
            button.setText(sign)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(lambda _checked=False, way=way: self._turn(way))
            paths.addWidget(button)
        paths.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._paths)
        self._equals = _sign("=")
        row = QHBoxLayout()
        row.addWidget(self._scroll, 1)
        for widget in (self._equals, self.result):  # in sight, however many links there are
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row, 1)

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        for panel in self.panels:
            panel.apply_style()

    def render_frame(self, frame: FunctionFrame) -> None:
        """Show the links of the chain chosen."""
        self._frame = frame
        links = frame.links or ()
        form = tuple(curve.link.key for curve in links)
        if form != self._form:
            self._rebuild(len(links))
            self._form = form
        colours = {link.key: look.theme.link_colour(index) for index, link in enumerate(frame.derivation.links)}
        for panel, curve in zip(self.panels, links, strict=True):
            panel.show_link(curve, colours[curve.link.key])
        self._show_result(frame)

    def set_highlight(self, key: str | None) -> None:
        """Light up the plot of a link."""
        for panel in self.panels:
            panel.set_highlight(key)

    def _rebuild(self, count: int) -> None:
        for widget in (*self.panels, *self._signs):
            self._row.removeWidget(widget)
            widget.deleteLater()
        self.panels, self._signs = [LinkPanel() for _place in range(count)], []
        for place, panel in enumerate(self.panels):
            panel.canvas.quantity_edited.connect(self.quantity_edited)
            panel.link_hovered.connect(self.link_hovered)
            self._row.insertWidget(2 * place, panel, 1)
            if place < count - 1:
                self._signs.append(_sign("×"))
                self._row.insertWidget(2 * place + 1, self._signs[-1])
        self._row.setSpacing(look.px(6))

    def _show_result(self, frame: FunctionFrame) -> None:
        derivation = frame.derivation
        chain = chosen_chain(derivation, frame.state.view.path)
        over = _("{of} over {wrt}").format(of=derivation.of, wrt=derivation.wrt)
        if chain is None:
            over = _("{of} does not depend on {wrt}: its slope is 0 everywhere.").format(
                of=derivation.of, wrt=derivation.wrt
            )
        slope = "" if chain is None else _("slope {slope}").format(slope=format_number(chain.product))
        self.result.show_lines(slope, "", over, over)
        self._equals.setVisible(chain is not None)
        self._scroll.setVisible(chain is not None)
        count = len(derivation.chains)
        self._paths.setVisible(count > 1)
        if count > 1:
            path = min(frame.state.view.path, count - 1)
            self.note.setText(
                _("path {path} of {count}; the slopes of all paths add up to {total}").format(
                    path=path + 1, count=derivation.chain_count, total=format_number(derivation.derivative_value)
                )
            )
            self.before.setEnabled(path > 0)
            self.after.setEnabled(path < count - 1)

    def _turn(self, way: int) -> None:
        if self._frame is not None:
            count = len(self._frame.derivation.chains)
            path = min(self._frame.state.view.path, count - 1) + way
            self.path_requested.emit(min(max(path, 0), count - 1))


def _sign(text: str) -> QLabel:
    sign = QLabel(text)
    sign.setAlignment(Qt.AlignmentFlag.AlignTop)
    sign.setObjectName("sign")
    return sign


class LinkPanel(QWidget):
    """One link: its formula and slope above its plot."""

    #: key of the link while the pointer or the keyboard is here, then None
    link_hovered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.heading = LinkHeading()
        self.canvas = _LinkCanvas()
        self.canvas.focus_changed.connect(self._on_focus)
        self._link, self._colour = "", ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(2))
        column.addWidget(self.heading)
        column.addWidget(self.canvas, 1)
        self.setMinimumWidth(look.px(_NARROWEST))

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.canvas.apply_style()
        self.setMinimumWidth(look.px(_NARROWEST))

    def show_link(self, curve: LinkCurve, colour: str) -> None:
        """Show a link in its colour."""
        link = curve.link
        self._link, self._colour = link.key, colour
        slope = _("slope {slope}").format(slope=format_number(link.value))
        markup = f"{symbol_markup(link.of)} = {inline_markup(curve.definition)}"
        held = ", ".join(name for name, _value in curve.held)
        words = _(", {names} held").format(names=held) if held else ""
        spoken = f"{spoken_symbol(link.of)} = {to_spoken(curve.definition)}{words}"
        self.heading.show_lines(slope, markup, words, spoken, colour)
        self.heading.setToolTip(link.why or "")
        self.canvas.show_link(curve, colour)

    def set_highlight(self, key: str | None) -> None:
        """Light up while the link is pointed at, wherever that is."""
        lit = key is not None and key == self._link
        if lit != self.heading.lit:
            self.heading.set_lit(lit)
            self.canvas.set_lit(lit)

    def _on_focus(self, has: bool) -> None:
        self.link_hovered.emit(self._link if has else None)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.link_hovered.emit(self._link)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.link_hovered.emit(None)
        super().leaveEvent(event)


class _LinkCanvas(Canvas):
    """One link's curve; its point can be dragged along, left and right move it."""

    quantity_edited = Signal(str, float, str)
    focus_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__(_("Link"))
        self._gesture = Gesture()
        self._shown: LinkCurve | None = None
        self._colour, self._lit = "", False
        self.box.setMouseEnabled(False, False)
        self._level, self._upright = pg.InfiniteLine(angle=0), pg.InfiniteLine(angle=90)
        self._curve, self._tangent = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True)
        self._point = pg.TargetItem(size=13, movable=True, symbol="o")
        for item in (self._level, self._upright, self._curve, self._tangent, self._point):
            self.addItem(item, ignoreBounds=True)
        self._point.sigPositionChanged.connect(self._on_dragged)
        self._point.sigPositionChangeFinished.connect(self._on_drag_finished)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self.setMinimumSize(look.px(_NARROWEST - 20), 60)
        self.getAxis("left").setWidth(look.px(40))
        for line in (self._level, self._upright):
            line.setPen(pen(theme.faint, 1.0, dashed=True))
        self._point.setPen(pen(theme.text, 2.0))
        self._point.setBrush(pg.mkBrush(theme.card))
        self._point.setHoverPen(pen(theme.accent, 3.0))
        self._pens()

    def set_lit(self, lit: bool) -> None:
        """Draw the tangent heavier."""
        self._lit = lit
        self._pens()

    def _pens(self) -> None:
        if self._colour:
            self._curve.setPen(pen(self._colour, 1.6))
            self._tangent.setPen(pen(self._colour, 5.0 if self._lit else 3.2))

    def show_link(self, curve: LinkCurve, colour: str) -> None:
        """Show a link's curve, its point and its tangent."""
        old, self._shown = self._shown, curve
        if colour != self._colour:
            self._colour = colour
            self._pens()
        if old is None or curve.ys is not old.ys:
            self._curve.setData(curve.xs, curve.ys, connect="finite")
        if not self._point.moving:  # what is dragged must not shift under the pointer
            self._fit(curve)
        (left, right), (low, high) = self.box.viewRange()
        for item in (self._point, self._level, self._upright):
            item.setVisible(curve.at is not None)
        link, at = curve.link, curve.at
        if at is not None:
            with QSignalBlocker(self._point):
                self._point.setPos(*at)
            self._level.setPos(at[1])
            self._upright.setPos(at[0])
        if at is None or link.value is None:
            self._tangent.setData([], [])
        else:
            # Of the same length on screen whatever its slope: an end that left the plot would look like a steeper one.
            wide, tall = right - left, high - low
            half = _REACH * wide / np.hypot(1.0, link.value * wide / tall)
            xs = np.array([at[0] - half, at[0] + half])
            self._tangent.setData(xs, at[1] + link.value * (xs - at[0]))
        self.name_axes(link.wrt, link.of)
        self.setAccessibleName(_("{of} over {wrt}").format(of=link.of, wrt=link.wrt))
        self.setAccessibleDescription(
            _("{wrt} = {x}, {of} = {y}, slope {slope}").format(
                wrt=link.wrt, of=link.of, x=format_number(at[0]) if at else MISSING,
                y=format_number(at[1]) if at else MISSING, slope=format_number(link.value),
            )
        )  # fmt: skip

    def _fit(self, curve: LinkCurve) -> None:
        span = [float(curve.xs[0]), float(curve.xs[-1])]
        if self.box.viewRange() != [span, list(curve.y_range)]:
            self.box.setRange(xRange=span, yRange=curve.y_range, padding=0)

    def _on_drag_finished(self) -> None:
        self._gesture.begin()
        if self._shown is not None:
            self.show_link(self._shown, self._colour)

    def _on_dragged(self, point: Any) -> None:
        if self._shown is not None and self._point.isVisible():
            self._ask(float(point.pos().x()), self._gesture.key(self._shown.link.wrt))

    def _ask(self, value: float, key: str) -> None:
        assert self._shown is not None
        self.quantity_edited.emit(self._shown.link.wrt, value, key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and self._shown is not None and self._shown.at is not None:
            width = float(self._shown.xs[-1] - self._shown.xs[0])
            value = self._shown.at[0] + step * width / 200
            self._ask(value, self._gesture.repeated(self._shown.link.wrt))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focus_changed.emit(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.focus_changed.emit(False)
        super().focusOutEvent(event)
