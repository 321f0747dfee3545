"""The plots of a network, one at a time; each is made, and imported, when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from chainrule_gui.session.frame import Frame
from chainrule_gui.session.state import CostView

if TYPE_CHECKING:
    from chainrule_gui.views.plot.cost_page import CostPage
    from chainrule_gui.views.plot.page import PlotPage


class NetworkPlots(QWidget):
    """Shows the plot that is chosen, and passes on what its pages ask for."""

    #: (step, merge key of the gesture), asked for in the plot of the cost
    step_requested = Signal(int, str)
    #: (place of an earlier run, the name it is to have)
    run_named = Signal(int, str)
    #: place of an earlier run that is not to be compared any more
    run_removed = Signal(int)
    #: (name, value, merge key of the gesture)
    value_edited = Signal(str, float, str)
    #: name of a parameter that is to be derived by
    selected_requested = Signal(str)
    #: the two parameters of the contour
    contour_chosen = Signal(str, str)
    #: parameter values by name, from which a new run is to start
    start_requested = Signal(dict)
    #: number of the sample to be shown, counted from 0
    sample_requested = Signal(int)
    #: (sample, inputs, targets, merge key of the gesture)
    sample_moved = Signal(int, list, list, str)
    #: (inputs, targets)
    sample_added = Signal(list, list)
    #: number of the sample to be taken away
    sample_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = QStackedLayout(self)
        self._pages: dict[CostView, CostPage | PlotPage] = {}

    def page(self, key: CostView) -> CostPage | PlotPage:
        """Return a plot, making it where it was not shown before."""
        if key not in self._pages:
            self._pages[key] = self._made(key)
            self._stack.addWidget(self._pages[key])
        return self._pages[key]

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the plot chosen; the others wait."""
        key = new.state.network.view.plot
        rescaled = old is not None and new.state.cost_scale != old.state.cost_scale
        if old is None or old.state.subject != "network" or rescaled or new.network is not old.network:
            self.page(key).render_frame(new.network, new.state.cost_scale)
        self._stack.setCurrentWidget(self.page(key))

    def apply_style(self) -> None:
        """Take over colours, fonts and line widths."""
        for page in self._pages.values():
            page.apply_style()

    def show_whole(self) -> None:
        """Show the plot as it is before any zooming."""
        shown = self._stack.currentWidget()
        for page in self._pages.values():
            if page is shown:
                page.show_whole()

    def _made(self, key: CostView) -> CostPage | PlotPage:
        if key == "cost":
            from chainrule_gui.views.plot.cost_page import CostPage

            cost = CostPage()
            cost.plot.step_requested.connect(self.step_requested)
            cost.run_named.connect(self.run_named)
            cost.run_removed.connect(self.run_removed)
            return cost
        if key == "slice":
            from chainrule_gui.views.plot.slice_plot import SlicePlot

            along = SlicePlot()
            along.value_edited.connect(self.value_edited)
            return along
        if key == "contour":
            from chainrule_gui.views.plot.contour_plot import ContourPlot

            contour = ContourPlot()
            contour.contour_chosen.connect(self.contour_chosen)
            contour.start_requested.connect(self.start_requested)
            return contour
        if key == "boundary":
            from chainrule_gui.views.plot.output_plot import OutputPlot

            output = OutputPlot()
            output.sample_requested.connect(self.sample_requested)
            output.sample_moved.connect(self.sample_moved)
            output.sample_added.connect(self.sample_added)
            output.sample_removed.connect(self.sample_removed)
            return output
        if key == "parameters":
            from chainrule_gui.views.plot.parameters_plot import ParametersPlot

            return ParametersPlot()
        from chainrule_gui.views.plot.check_page import CheckPage

        check = CheckPage()
        check.selected_requested.connect(self.selected_requested)
        return check
