"""The plot pane: the function's curves with their legend, or the cost of the run."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import Frame, FunctionFrame
from chainrule_gui.views.plot.cost_plot import CostPlot
from chainrule_gui.views.plot.function_plot import FunctionPlot, curve_colours
from chainrule_gui.views.theme import look


class PlotPane(QWidget):
    """Shows the plot of the subject chosen."""

    #: (name of a curve, whether it is to be shown)
    curve_shown = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Plot"))
        self.function = FunctionPlot()
        self.cost = CostPlot()
        self._legend = QWidget()
        self._legend.setAccessibleName(_("Curves"))
        self._chips: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self._legend)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        with_legend = QWidget(self)
        column = QVBoxLayout(with_legend)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._legend)
        column.addWidget(self.function, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(with_legend)
        self._stack.addWidget(self.cost)
        self._frame: Frame | None = None
        look.changed.connect(self._on_look_changed)

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the plot of the subject chosen in the frame."""
        self._frame = new
        is_function = new.state.subject == "function"
        self._stack.setCurrentIndex(0 if is_function else 1)
        fresh = old is None or new.state.subject != old.state.subject
        if is_function and (fresh or (old is not None and new.function is not old.function)):
            self._show_legend(new.function)
            self.function.render_frame(new.function)
        rescaled = old is not None and new.state.cost_scale != old.state.cost_scale
        if not is_function and (fresh or rescaled or (old is not None and new.network is not old.network)):
            self.cost.render_frame(new.network, new.state.cost_scale)

    def set_highlight(self, key: str | None) -> None:
        """Light up what belongs to a link."""
        self.function.set_highlight(key)

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        (self.function if self._stack.currentIndex() == 0 else self.cost).show_whole()

    def chip(self, name: str) -> QPushButton:
        """Return the legend's button of a curve."""
        return self._chips[name]

    def _show_legend(self, frame: FunctionFrame) -> None:
        names = [curve.name for curve in frame.curves]
        colours = curve_colours(frame)
        if names != list(self._chips):
            for chip in self._chips.values():
                self._row.removeWidget(chip)
                chip.deleteLater()
            self._chips = {}
            for place, name in enumerate(names):
                chip = QPushButton(f"{name}({frame.derivation.wrt})", self._legend)
                chip.setObjectName("chip-button")
                chip.setCheckable(True)
                chip.setAccessibleName(_("Show the curve {name}").format(name=name))
                chip.clicked.connect(lambda shown, name=name: self.curve_shown.emit(name, shown))
                self._row.insertWidget(place, chip)
                QWidget.setTabOrder(list(self._chips.values())[-1] if self._chips else self.function, chip)
                self._chips[name] = chip
            QWidget.setTabOrder(chip, self.function)
        for name, chip in self._chips.items():
            shown = name not in frame.state.hidden_curves
            with QSignalBlocker(chip):
                chip.setChecked(shown)
            style = f"color: {colours[name] if shown else look.theme.muted};"
            if chip.styleSheet() != style:
                chip.setStyleSheet(style)

    def _on_look_changed(self) -> None:
        self.function.apply_style()
        self.cost.apply_style()
        if self._frame is not None:
            self.render_frame(self._frame, None)
