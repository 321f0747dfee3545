"""The gradient check: both gradients of every parameter, and how their difference depends on the step h."""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import ceil

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.gradient_check import GradientCheck, StepCurve, numerical_parts, step_curve
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.phases import plain
from chainrule_gui.session.state import CostScale
from chainrule_gui.typeset.numbers import HAIR_SPACE, format_number, full_precision
from chainrule_gui.views.controls.table_cells import NAME_ROLE, SELECTED_ROLE, NumberCell, name_width
from chainrule_gui.views.plot.canvas import Canvas, pen
from chainrule_gui.views.plot.page import PlotPage, span
from chainrule_gui.views.theme import look

Array = NDArray[np.float64]

_AT_ONCE = 20_000
"""Up to so many parameters × samples the check is quick enough for every change; others wait until nothing changes."""

_IDLE = 200
"""Milliseconds without a change after which the others are checked."""

_SLICE = 0.02
"""Seconds that a slice of the check of a large network takes."""

_STEPS, _FEW_STEPS = np.logspace(0, -13, 53), np.logspace(0, -13, 14)

_DONE = object()

_Index = QModelIndex | QPersistentModelIndex


class CheckPage(PlotPage):
    """A table of every parameter's gradient by both ways, beside |difference| against h of the selected one."""

    #: name of the parameter that was chosen in the table
    selected_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.canvas = _StepCanvas()
        super().__init__(self.canvas, parent)
        self.table = QTableView()
        self.table.setAccessibleName(_("Gradient check of every parameter"))
        self.model = _Model(self)
        self.table.setModel(self.model)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)  # Tab goes on to the next pane
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setItemDelegate(NumberCell(self.table))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setHighlightSections(False)
        for signal in (self.table.clicked, self.table.activated):
            signal.connect(self._on_row)
        row = QHBoxLayout()
        self.column.removeWidget(self.canvas)
        row.addWidget(self.table, 1)
        row.addWidget(self.canvas, 1)
        self.column.insertLayout(1, row, 1)
        self._frame: NetworkFrame | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_IDLE)
        self._timer.timeout.connect(self._begin)
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._on_slice)
        self._work: Iterator[None] = iter(())
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.canvas.apply_style()
        self.table.verticalHeader().setMinimumSectionSize(look.px(18))
        self.table.verticalHeader().setDefaultSectionSize(look.px(24))

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        self.canvas.show_whole()

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show a frame."""
        self._frame = frame
        state = frame.state
        names = state.network.parameter_names
        self.model.set_names(names, state.selected)
        head = self.table.horizontalHeader().fontMetrics().horizontalAdvance(_("Name"))
        self.table.setColumnWidth(0, ceil(max(name_width(max(names, key=len)), head)) + look.px(12))
        self._slices.stop()
        if state.network.parameter_count * len(state.dataset.inputs) <= _AT_ONCE:
            for _part in self._checking(frame, _STEPS):
                pass
        else:
            self.model.show(None)
            self.canvas.dim()
            self.say(_("The gradient is checked as soon as nothing changes."))
            self._timer.start()

    def _begin(self) -> None:
        """Check a large network in slices, so that the window never waits."""
        if self._frame is not None:
            self._work = self._checking(self._frame, _FEW_STEPS)
            self._slices.start()

    def _on_slice(self) -> None:
        end = time.perf_counter() + _SLICE
        while time.perf_counter() < end:
            if next(self._work, _DONE) is _DONE:
                self._slices.stop()
                return

    def _checking(self, frame: NetworkFrame, steps: Array) -> Iterator[None]:
        """Check the gradient of a frame and show it; yields after every part of the work."""
        state, data = frame.state, frame.state.dataset
        given = (state.network, frame.parameters, data.inputs, data.targets)
        parts = []
        for part in numerical_parts(*given):
            parts.append(part)
            yield
        numerical, analytic = np.concatenate(parts), frame.gradients.flat
        checked = GradientCheck(analytic, numerical, np.abs(analytic - numerical))
        self.model.show(checked)
        names = state.network.parameter_names
        of = state.selected if state.selected in names else names[0]
        together = len(steps) if steps is _STEPS else 1
        curves = []
        for first in range(0, len(steps), together):
            curves.append(step_curve(*given, of, steps[first : first + together]))
            yield
        curve = _joined(curves)
        self.canvas.show_curve(curve)
        self.say(check_in_words(checked, curve))

    def _on_row(self, index: _Index) -> None:
        if self._frame is not None:
            self.selected_requested.emit(self._frame.state.network.parameter_names[index.row()])

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self._slices.stop()
        super().hideEvent(event)


def _joined(curves: list[StepCurve]) -> StepCurve:
    """Return the curve of all steps from curves of some."""
    columns = [(c.steps, c.numerical, c.difference, c.truncation, c.rounding) for c in curves]
    return StepCurve(curves[0].of, curves[0].analytic, *map(np.concatenate, zip(*columns, strict=True)))


def check_in_words(checked: GradientCheck, curve: StepCurve) -> str:
    """Return how far the gradients are apart at most, and at which step the check is sharpest."""
    known = checked.difference[np.isfinite(checked.difference)]
    if not len(known):
        return _("The cost has no value near these parameters, so there is nothing to compare.")
    said = _("With h = 10⁻⁵ the two differ by {difference} at most.").format(
        difference=format_number(float(known.max()), 3)
    )
    differences = np.where(curve.difference > 0, curve.difference, np.nan)
    if np.isfinite(differences).any():
        best = float(curve.steps[np.nanargmin(differences)])
        said += " " + _(
            "For {name} the check is sharpest near h = {step}: larger steps cut Taylor's series off, "
            "smaller ones lose J's last digits."
        ).format(name=plain(curve.of), step=format_number(best, 3))
    return said


class _Model(QAbstractTableModel):
    """Name, both gradients and their difference; the three numbers are dashes while they are not known."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._selected = ""
        self._checked: GradientCheck | None = None

    def set_names(self, names: tuple[str, ...], selected: str) -> None:
        """Have a row for each name."""
        self._selected = selected
        if names != self._names:
            self.beginResetModel()
            self._names, self._checked = names, None
            self.endResetModel()

    def show(self, checked: GradientCheck | None) -> None:
        """Show both gradients, or that they are not known yet."""
        self._checked = checked
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._names) - 1, 3))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (_("Name"), _("analytic"), _("numerical"), _("difference"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(
                (Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
            )
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == NAME_ROLE:
            return self._names[row]
        if role == SELECTED_ROLE:
            return self._names[row] == self._selected
        if role not in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole
        ):  # fmt: skip
            return None
        if column == 0:
            return plain(self._names[row])
        checked = self._checked
        value = (
            None
            if checked is None
            else float((checked.analytic, checked.numerical, checked.difference)[column - 1][row])
        )
        if role == Qt.ItemDataRole.ToolTipRole:
            return full_precision(value)
        return format_number(value, 3 if column == 3 else 6).replace(" ", HAIR_SPACE)


class _StepCanvas(Canvas):
    """Both axes hold logarithms to base ten."""

    def __init__(self) -> None:
        super().__init__(_("Difference against the step h"))
        for side in ("left", "bottom"):
            self.getAxis(side).setLogMode(True, True)  # the axes alone: what is drawn are logarithms already
        self.name_axes("h", _("difference"))
        self._differences = pg.PlotDataItem(symbol="o")
        self._truncation, self._rounding = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True)
        self._used = pg.InfiniteLine(-5.0, angle=90)
        self._texts = [pg.TextItem("", anchor=anchor) for anchor in ((1, 1), (0, 1))]
        for item in (self._used, self._truncation, self._rounding, self._differences, *self._texts):
            self.addItem(item, ignoreBounds=True)
        self._curve: StepCurve | None = None
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.apply_look()
        theme = look.theme
        self._differences.setPen(pen(theme.accent, 1.0))
        self._differences.setSymbolBrush(pg.mkBrush(theme.accent))
        self._differences.setSymbolPen(None)
        self._differences.setSymbolSize(look.px(5))
        self._truncation.setPen(pen(theme.positive, 1.6, dashed=True))
        self._rounding.setPen(pen(theme.negative, 1.6, dashed=True))
        self._used.setPen(pen(theme.muted, 1.0, dashed=True))
        for text, colour in zip(self._texts, (theme.positive, theme.negative), strict=True):
            text.setColor(QColor(colour))
            text.setFont(look.font(9))

    def show_curve(self, curve: StepCurve) -> None:
        """Draw |difference| against h, with what is expected of truncation and of rounding."""
        self._curve = curve
        self.setOpacity(1.0)
        with np.errstate(divide="ignore"):
            steps, differences, truncation, rounding = (
                np.log10(values) for values in (curve.steps, curve.difference, curve.truncation, curve.rounding)
            )
        known = np.isfinite(differences)
        self._differences.setData(steps[known], differences[known])
        for item, values in ((self._truncation, truncation), (self._rounding, rounding)):
            fine = np.isfinite(values)
            item.setData(steps[fine], values[fine])
        seen = differences[known]
        low, high = span(seen, 0.12)
        for text, words, values, at in (
            (self._texts[0], _("truncation ∝ h²"), truncation, -0.3),
            (self._texts[1], _("rounding ∝ 1/h"), rounding, -12.7),
        ):  # fmt: skip
            place = float(np.interp(at, steps[::-1], values[::-1]))
            text.setVisible(bool(np.isfinite(place)))
            text.setText(words)
            text.setPos(at, min(max(place, low), high - 0.25 * (high - low)) if np.isfinite(place) else low)
        self._extent = ((float(steps.min()), float(steps.max())), (low, high))
        self.show_whole()

    def show_whole(self) -> None:
        """Show every step again."""
        if self._curve is not None:
            self.box.setRange(xRange=self._extent[0], yRange=self._extent[1], padding=0.02)

    def dim(self) -> None:
        """Show that what is drawn is of a state before."""
        self.setOpacity(0.35)

    def setOpacity(self, opacity: float) -> None:
        """Let everything drawn shine through."""
        for item in (self._differences, self._truncation, self._rounding):
            item.setOpacity(opacity)
