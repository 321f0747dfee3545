"""The plot pane: the function's curves with their legend, or the plots of the network."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import Frame, FunctionFrame
from chainrule_gui.views.plot.function_plot import FunctionPlot, curve_colours
from chainrule_gui.views.plot.network_plots import NetworkPlots
from chainrule_gui.views.theme import look

if TYPE_CHECKING:
    from chainrule_gui.views.plot.link_plots import LinkPlots
    from chainrule_gui.views.plot.nudge_plot import NudgePlot


class PlotPane(QWidget):
    """Shows the plot of the subject chosen."""

    #: (name of a curve, whether it is to be shown)
    curve_shown = Signal(str, bool)
    #: which chain is to be shown beside its links, counted from 0
    path_requested = Signal(int)
    #: (name of a quantity, the value it is to have, merge key of the gesture)
    quantity_edited = Signal(str, float, str)
    #: key of the link under the pointer or with the keyboard, or None
    link_hovered = Signal(object)
    #: (Δx, merge key of the gesture)
    nudge_edited = Signal(float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Plot"))
        self.function = FunctionPlot()
        self._legend = QWidget()
        self._legend.setAccessibleName(_("Curves"))
        self._chips: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self._legend)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        self._with_legend = QWidget(self)
        column = QVBoxLayout(self._with_legend)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._legend)
        column.addWidget(self.function, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._with_legend)
        self.network = NetworkPlots()
        self._stack.addWidget(self.network)
        self._others: dict[str, LinkPlots | NudgePlot | NetworkPlots] = {"network": self.network}
        self._frame: Frame | None = None
        look.changed.connect(self._on_look_changed)

    # Each of the other plots is made when it is first asked for: a start shows the function.

    @cached_property
    def links(self) -> LinkPlots:
        """The plots of the links, side by side."""
        from chainrule_gui.views.plot.link_plots import LinkPlots

        plots = LinkPlots()
        plots.path_requested.connect(self.path_requested)
        plots.quantity_edited.connect(self.quantity_edited)
        plots.link_hovered.connect(self.link_hovered)
        self._add("links", plots)
        return plots

    @cached_property
    def nudge(self) -> NudgePlot:
        """The plot of a nudge's error."""
        from chainrule_gui.views.plot.nudge_plot import NudgePlot

        plot = NudgePlot()
        plot.nudge_edited.connect(self.nudge_edited)
        self._add("nudge", plot)
        return plot

    def _add(self, page: str, plot: LinkPlots | NudgePlot) -> None:
        self._others[page] = plot
        self._stack.addWidget(plot)

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the plot of the subject chosen in the frame."""
        self._frame = new
        page, before = _page(new), None if old is None else _page(old)
        fresh = old is None or page != before
        if page == "network":
            self.network.render_frame(new, old)
        elif fresh or (old is not None and new.function is not old.function):
            self._show_function(page, new.function)
        self._stack.setCurrentWidget(self._others.get(page, self._with_legend))

    def _show_function(self, page: str, frame: FunctionFrame) -> None:
        if page == "links":
            self.links.render_frame(frame)
        elif page == "nudge":
            self.nudge.render_frame(frame)
        else:
            self._show_legend(frame)
            self.function.render_frame(frame)

    def set_highlight(self, key: str | None) -> None:
        """Light up what belongs to a link."""
        self.function.set_highlight(key)
        if "links" in self._others:
            self.links.set_highlight(key)

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        shown = self._stack.currentWidget()
        if isinstance(shown, NetworkPlots):
            shown.show_whole()
        else:
            self.function.show_whole()

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
        for plot in (self.function, *self._others.values()):
            plot.apply_style()
        if self._frame is not None:
            self.render_frame(self._frame, None)


def _page(frame: Frame) -> str:
    """Return which plot a frame asks for."""
    return "network" if frame.state.subject == "network" else frame.function.state.view.plot
