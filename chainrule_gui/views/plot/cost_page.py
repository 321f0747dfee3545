"""The cost of the run with its legend: what the curves are, and the earlier runs, named and let go."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.network import forward
from chainrule_gui.model.run_samples import RunSamples
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.state import CostScale
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.views.plot.cost_plot import CostPlot
from chainrule_gui.views.theme import look

_AT_ONCE = 0.01
"""Seconds that the test costs of a long run may take at once; the rest follows by a timer."""


class CostPage(QWidget):
    """The plot of the cost and the legend above it."""

    #: (place of an earlier run, the name it is to have)
    run_named = Signal(int, str)
    #: place of an earlier run that is not to be compared any more
    run_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = CostPlot()
        self._legend = QWidget()
        self._legend.setAccessibleName(_("Runs"))
        self._row = QHBoxLayout(self._legend)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._train, self._test = QLabel(), QLabel()
        self._row.addWidget(self._train)
        self._row.addWidget(self._test)
        self._row.addStretch(1)
        self.runs: list[RunChip] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._legend)
        column.addWidget(self.plot, 1)
        self._frame: NetworkFrame | None = None
        self._scale: CostScale = "linear"
        self._samples: RunSamples | None = None
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._on_more)
        self.apply_style()

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        self.plot.apply_style()
        self._train.setStyleSheet(f"color: {look.theme.accent};")
        self._test.setStyleSheet(f"color: {look.theme.negative};")
        for chip in self.runs:
            chip.fit()

    def show_whole(self) -> None:
        """Let the view hold every run."""
        self.plot.show_whole()

    def render_frame(self, frame: NetworkFrame, scale: CostScale) -> None:
        """Show the run of a frame, its test cost, and the runs before it."""
        self._frame, self._scale = frame, scale
        self._show_test(frame, scale)
        self.plot.render_frame(frame, scale)
        labels = [old.label for old in frame.state.run.earlier]
        if len(labels) != len(self.runs):
            self._rebuild(len(labels))
        for chip, label in zip(self.runs, labels, strict=True):
            chip.show_name(label)
        has_test = frame.test_cost is not None
        if has_test:
            self._train.setText("— " + _("training {cost}").format(cost=format_number(frame.trace.cost)))
            self._test.setText("- - " + _("test {cost}").format(cost=format_number(frame.test_cost)))
        self._train.setVisible(has_test)
        self._test.setVisible(has_test)
        self._legend.setVisible(has_test or bool(labels))

    def _show_test(self, frame: NetworkFrame, scale: CostScale) -> None:
        state, run = frame.state, frame.state.run
        test = state.prepared.test if state.prepared else None
        if test is None:
            if self._samples is not None:
                self.plot.show_test(np.empty(0), np.empty(0), scale)
            self._samples = None
            return
        if self._samples is None or self._samples.trajectory is not run.trajectory:
            network, inputs, targets = state.network, test.inputs, test.targets
            self._samples = RunSamples(
                run.trajectory, lambda parameters: forward(network, parameters, inputs, targets).cost
            )
        if not self._samples.extend(run.length, _AT_ONCE):
            self._more.start()
        steps, _rows, costs = self._samples.upto(run.length)
        if frame.test_cost is not None and run.step == run.length:
            steps, costs = np.append(steps, run.step), np.append(costs, frame.test_cost)
        self.plot.show_test(steps, costs, scale)

    def _on_more(self) -> None:
        if self._frame is not None:
            self.render_frame(self._frame, self._scale)

    def hideEvent(self, event: QHideEvent) -> None:
        self._more.stop()
        super().hideEvent(event)

    def _rebuild(self, count: int) -> None:
        for chip in self.runs:
            self._row.removeWidget(chip)
            chip.deleteLater()
        self.runs = [RunChip(self._legend) for _place in range(count)]
        for place, chip in enumerate(self.runs):
            chip.named.connect(lambda name, place=place: self.run_named.emit(place, name))
            chip.removed.connect(lambda place=place: self.run_removed.emit(place))
            self._row.insertWidget(2 + place, chip)


class RunChip(QFrame):
    """An earlier run: its name, which can be typed over, and a button that lets it go."""

    named = Signal(str)
    removed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("run")
        self.name = QLineEdit()
        self.name.setObjectName("bare")
        self.name.setAccessibleName(_("Name of an earlier run"))
        self.name.setToolTip(_("Type another name"))
        self.name.editingFinished.connect(self._on_finished)
        self.remove = QToolButton()
        self.remove.setObjectName("flat")
        self.remove.setText("✕")
        self.remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(6), 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.name)
        row.addWidget(self.remove)
        self._shown = ""

    def show_name(self, name: str) -> None:
        """Show the run's name."""
        if name == self._shown and self.name.hasFocus():
            return
        self._shown = name
        with QSignalBlocker(self.name):
            self.name.setText(name)
        text = _("Compare with the run {name} no longer").format(name=name)
        self.remove.setAccessibleName(text)
        self.remove.setToolTip(text)
        self.fit()

    def fit(self) -> None:
        """Be as wide as the name."""
        metrics = QFontMetrics(look.font())
        self.name.setFixedWidth(metrics.horizontalAdvance(self.name.text() or "η") + look.px(14))

    def _on_finished(self) -> None:
        if self.name.text() != self._shown:
            self.named.emit(self.name.text())
        self.name.setText(self._shown)
