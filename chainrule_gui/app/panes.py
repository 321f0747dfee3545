"""The window's inside: the panes in their cards, the side panel, the splitters, and which of them is alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from chainrule_gui.i18n import N_, _
from chainrule_gui.session.frame import Frame
from chainrule_gui.session.phases import Phase
from chainrule_gui.typeset.compiler import page
from chainrule_gui.views.card import Card, Notice, Segments
from chainrule_gui.views.controls.function_controls import FunctionControls
from chainrule_gui.views.controls.transport import Transport
from chainrule_gui.views.derivative_table import DerivativeTable
from chainrule_gui.views.diagram.pane import DiagramPane
from chainrule_gui.views.expression.pane import ExpressionPane
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.plot.pane import PlotPane
from chainrule_gui.views.tab_order import reach_after
from chainrule_gui.views.theme import look

if TYPE_CHECKING:
    from chainrule_gui.views.controls.network_controls import NetworkControls
    from chainrule_gui.views.controls.parameter_table import ParameterTable
    from chainrule_gui.views.practice_panel import PracticePanel

_COMPACT_WIDTH = 900
"""Below this width, at the scale in use, the side panel leaves its room to the panes."""


_WIDEST_SIDE = 0.4
"""The side panel's share of the width at most, when a window opens."""

_SHORT, _NARROW = 430, 560
"""Below this height or width, at the scale in use, the panes take turns."""

NETWORK_PLOTS = (
    ("cost", N_("Cost")), ("slice", N_("Slice")), ("contour", N_("Contour")), ("boundary", N_("Output")),
    ("parameters", N_("Parameters")), ("check", N_("Check")),
)  # fmt: skip
_NETWORK_TITLES = {
    "cost": N_("Cost against step"), "slice": N_("Cost along a parameter"), "contour": N_("Cost over two parameters"),
    "boundary": N_("Output over the inputs"), "parameters": N_("Parameters against step"),
    "check": N_("Gradient check"),
}  # fmt: skip
_ON_A_SCALE = ("cost", "slice", "contour", "parameters")
"""The plots of a network whose costs can be drawn by powers of ten."""


class Panes(QWidget):
    """Lays everything out and shows frames in it; it decides nothing about the model."""

    #: the side panel was shown or hidden by a lack of room
    side_changed = Signal(bool)
    #: the practice page was built, which is when it is first asked for
    practice_built = Signal()
    #: the network's settings were built, which is when they are first asked for
    network_built = Signal()

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transport = Transport(actions)
        self.narration, self.equation = QLabel(), FormulaView()
        self.narration.setWordWrap(True)
        self.narration.setTextFormat(Qt.TextFormat.PlainText)
        self.narration.setAccessibleName(_("What this phase does"))
        self._phase_bar = QFrame()
        self._phase_bar.setObjectName("narration")
        phase = QVBoxLayout(self._phase_bar)
        for widget in (self.narration, self.equation):
            phase.addWidget(widget)
        self._phase_bar.hide()
        self.notice = Notice(_("What went wrong"))
        self.hint = Notice(_("What to look for"), warns=False)
        self.expression, self.diagram, self.plot = ExpressionPane(), DiagramPane(), PlotPane()
        self.function_controls, self.table = FunctionControls(), DerivativeTable()
        self._of_network: tuple[NetworkControls, ParameterTable] | None = None
        self._practice: PracticePanel | None = None
        self.diagram_views = Segments([("values", _("Values")), ("gradients", _("Gradients"))], _("Diagram shows"))
        self.function_diagrams = Segments([("graph", _("Values")), ("nudge", _("Nudge"))], _("Graph shows"))
        self.function_plots = Segments(
            [("curves", _("Curves")), ("links", _("Links")), ("nudge", _("Nudge error"))], _("Plot shows")
        )
        self.expression_views = Segments(
            [("chain", _("Chain")), ("steps", _("Steps")), ("orders", _("Order"))], _("Derivation shows")
        )
        self.derivative_order = QComboBox()
        self.derivative_order.addItems(["h′", "h″", "h‴"])
        self.derivative_order.setAccessibleName(_("Order of the derivative"))
        self.derivative_order.setToolTip(_("First, second or third derivative"))
        self.network_plots = Segments([(key, _(text)) for key, text in NETWORK_PLOTS], _("Plot shows"))
        self.cost_scales = Segments([("linear", _("Lin")), ("log", _("Log"))], _("Cost axis"))
        of_function = (self.function_diagrams, self.function_plots)
        for switch in (*of_function, self.diagram_views, self.network_plots, self.cost_scales):
            switch.hide()  # those of the other subject must not count when the window gets its first size
        self.side_pages = Segments(
            [("settings", _("Settings")), ("table", _("Derivatives")), ("practice", _("Practice"))],
            _("Side panel shows"),
        )
        self.cards = {
            "side": Card(_("Set-up"), self._side_body(), [self.side_pages]),
            "expression": Card(_("Chain rule"), self.expression, [self.derivative_order, self.expression_views]),
            "diagram": Card(_("Diagram"), self.diagram, [self.diagram_views, self.function_diagrams]),
            "plot": Card(_("Plot"), self.plot, [self.cost_scales, self.network_plots, self.function_plots]),
        }
        self._phase: Phase | None = None
        self._is_function = True
        self.pages = Segments(
            [("expression", _("Chain rule")), ("diagram", _("Diagram")), ("plot", _("Plot")), ("side", _("Set-up"))],
            _("Pane shown"),
        )
        self.pages.hide()
        self.pages.chosen.connect(self.turn_to)
        self._page = "expression"
        self._takes_turns = False
        self._alone: str | None = None
        self._wants_side = True
        self._sized = False
        self.top, self.right, self.whole = (
            QSplitter(way) for way in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical, Qt.Orientation.Horizontal)
        )
        self._arrange()
        look.changed.connect(self._apply_look)
        self._apply_look()

    def _side_body(self) -> QWidget:
        """Settings above, the derivative table below; the network's settings need the whole height."""
        body = QWidget()
        self._side_column = column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        self._network_settings = QScrollArea()
        self._network_settings.setWidgetResizable(True)
        self._network_settings.setFrameShape(QFrame.Shape.NoFrame)
        self._network_settings.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the keyboard through its widgets
        self._network_settings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.function_controls)
        column.addWidget(self._network_settings, 1)
        column.addWidget(self.table, 1)
        self.side_pages.chosen.connect(self.show_side_page)
        return body

    @property
    def network_controls(self) -> NetworkControls:
        """The settings of the network."""
        return self._network_widgets()[0]

    @property
    def parameters(self) -> ParameterTable:
        """The table of the network's parameters."""
        return self._network_widgets()[1]

    def _network_widgets(self) -> tuple[NetworkControls, ParameterTable]:
        if self._of_network is None:
            from chainrule_gui.views.controls.network_controls import NetworkControls
            from chainrule_gui.views.controls.parameter_table import ParameterTable

            self._of_network = controls, table = NetworkControls(), ParameterTable()
            network = QWidget()
            rows = QVBoxLayout(network)
            rows.setContentsMargins(0, 0, 0, 0)
            rows.addWidget(controls)
            rows.addWidget(table, 1)
            table.setMinimumHeight(160)
            self._network_settings.setWidget(network)
            reach_after(self.function_controls, self._network_settings)
            self.network_built.emit()
        return self._of_network

    @property
    def practice(self) -> PracticePanel:
        """The practice page."""
        if self._practice is None:
            from chainrule_gui.views.practice_panel import PracticePanel

            self._practice = PracticePanel()
            self._practice.hide()
            self._side_column.addWidget(self._practice, 1)
            reach_after(self.table, self._practice)
            self.practice_built.emit()
        return self._practice

    def _arrange(self) -> None:
        self.top.addWidget(self.cards["expression"])
        self.top.addWidget(self.cards["diagram"])
        self.right.addWidget(self.top)
        self.right.addWidget(self.cards["plot"])
        self.whole.addWidget(self.cards["side"])
        self.whole.addWidget(self.right)
        for splitter in (self.top, self.right, self.whole):
            splitter.setChildrenCollapsible(False)
        self.whole.setStretchFactor(1, 1)
        self.whole.setMinimumHeight(100)  # rather a cut pane than a cut bar above it
        self._column = QVBoxLayout(self)
        for widget in (self.transport, self.notice, self.hint, self._phase_bar, self.pages):
            self._column.addWidget(widget)
        self._column.setAlignment(self.pages, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.whole, 1)
        for key, card in self.cards.items():
            card.maximise_requested.connect(lambda key=key: self.toggle_alone(key))

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show a frame in every pane."""
        state = new.state
        is_function = state.subject == "function"
        if old is None or old.state.subject != state.subject:
            self._is_function = is_function
            self.side_pages.button("table").setVisible(not is_function)
            self.side_pages.button("practice").setVisible(is_function)
            self.show_side_page("practice" if is_function and state.function.exercise is not None else "settings")
            self.derivative_order.setVisible(is_function)
            self.expression_views.button("steps").setVisible(is_function)
            self.diagram_views.setVisible(not is_function)
            self.network_plots.setVisible(not is_function)
            self.function_diagrams.setVisible(is_function)
            self.function_plots.setVisible(is_function)
            self.cards["diagram"].set_title(_("Graph of the function") if is_function else _("Network"))
        self.cards["plot"].set_title(_plot_title(new))
        self.diagram_views.show_choice(state.diagram_view)
        self.cost_scales.setVisible(not is_function and state.network.view.plot in _ON_A_SCALE)
        self.cost_scales.show_choice(state.cost_scale)
        view = state.function.view if is_function else state.network.view
        self.expression_views.show_choice(view.expression)
        self.derivative_order.setCurrentIndex(state.function.order - 1)
        self.network_plots.show_choice(state.network.view.plot)
        self.function_diagrams.show_choice(state.function.view.diagram)
        self.function_plots.show_choice(state.function.view.plot)
        self.transport.render_frame(new, old)
        self.expression.render_frame(new, old)
        self.diagram.render_frame(new, old)
        self.plot.render_frame(new, old)
        if is_function:
            self.function_controls.render_frame(new.function)
        else:
            self.network_controls.render_frame(new.network)
            self.parameters.render_frame(new.network)
        self._show_phase(new.network.phase if not is_function else None)

    def _show_phase(self, phase: Phase | None) -> None:
        self._phase_bar.setVisible(phase is not None)
        self._phase = phase
        if phase is not None:
            self.narration.setText(phase.sentence)
            document = page(phase.write_equation(), 11 * look.scale, look.theme.text)
            self.equation.show_document(document, _("The equation of this phase"))
            self.equation.fit(self.width() - look.px(56), self.equation.natural_width)

    def set_highlight(self, key: str | None) -> None:
        """Light up a link in every pane."""
        for pane in (self.expression, self.diagram, self.plot):
            pane.set_highlight(key)

    def show_side_page(self, key: str) -> None:
        """Show settings, the derivative table, which a function shows below its own settings, or practice."""
        if self._is_function and key == "table":
            key = "settings"
        self.side_pages.show_choice(key)
        on_settings = key == "settings"
        self.function_controls.setVisible(self._is_function and on_settings)
        self._network_settings.setVisible(not self._is_function and on_settings)
        self.table.setVisible(key == "table" or (self._is_function and on_settings))
        if key == "practice" or self._practice is not None:
            self.practice.setVisible(key == "practice")

    @property
    def side_shown(self) -> bool:
        """Whether the side panel is wanted."""
        return self._wants_side

    def show_side(self, shown: bool) -> None:
        """Show or hide the side panel."""
        self._wants_side = shown
        self._page = "side" if shown else "expression"
        self._show_cards()

    def turn_to(self, page: str) -> None:
        """Show another page where the panes take turns."""
        self._page = page
        self._show_cards()

    def toggle_alone(self, key: str) -> None:
        """Show one pane alone, or all again."""
        self._alone = None if self._alone == key else key
        self._show_cards()

    def focused_card(self) -> str:
        """Return the key of the card with the keyboard; the expression's where none has it."""
        focused = self.focusWidget()
        return next(
            (key for key, card in self.cards.items() if focused is not None and card.isAncestorOf(focused)),
            "expression",
        )

    def show_card(self, key: str) -> None:
        """Make sure that a pane can be seen."""
        if self._alone not in (None, key):
            self.toggle_alone(key)
        if key == "side" and not self._wants_side:
            self.show_side(True)
            self.side_changed.emit(True)
        if not self.cards[key].isVisible():
            self.turn_to(key)

    def focus_card(self, direction: int) -> None:
        """Take the keyboard to the next pane, or the one before, of those that are shown or take turns."""
        in_turns = self._takes_turns and self._alone is None
        shown = [key for key, card in self.cards.items() if in_turns or card.isVisible()]
        focused = self.focusWidget()
        at = self.focused_card() if focused is not None and self.whole.isAncestorOf(focused) else None
        place = shown.index(at) + direction if at in shown else 0 if direction > 0 else -1
        key = shown[place % len(shown)]
        self.show_card(key)
        body = self.cards[key].body
        if body is self.expression and self.expression.entry.isVisible():
            self.expression.first_entry.setFocus(Qt.FocusReason.TabFocusReason)
            return
        inside = [body, *body.findChildren(QWidget)]
        first = min(
            (w for w in inside if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus),
            key=lambda w: (w.mapTo(self, QPoint()).y(), w.mapTo(self, QPoint()).x()),
            default=None,
        )
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _set_usual_sizes(self) -> None:
        width, height = self.width(), self.height()
        side = min(look.px(316), width // 3)
        self.whole.setSizes([side, width - side])
        self.right.setSizes([round(height * 0.62), round(height * 0.38)])
        self.top.setSizes([round((width - side) * 0.46), round((width - side) * 0.54)])

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """The splitters by name."""
        return {"top": self.top, "right": self.right, "whole": self.whole}

    def shares(self) -> dict[str, QByteArray]:
        """Return how the splitters share the room; nothing where a pane is alone or panes take turns."""
        if self._alone is not None or self._takes_turns:
            return {}
        return {key: splitter.saveState() for key, splitter in self.splitters.items()}

    def restore_shares(self, shares: Mapping[str, bytes | None]) -> None:
        """Share the room as it was; where that would leave the panes too little of it, as usual."""
        for key, splitter in self.splitters.items():
            share = shares[key]
            if share is not None:
                splitter.restoreState(share)
        sizes = self.whole.sizes()
        if sizes[0] > _WIDEST_SIDE * sum(sizes):
            self._set_usual_sizes()

    def _show_cards(self) -> None:
        shown = self._shown()
        for key, card in self.cards.items():
            card.setVisible(key in shown)
        self.top.setVisible(not shown.isdisjoint({"expression", "diagram"}))
        self.right.setVisible(shown != {"side"})
        self.pages.setVisible(self._takes_turns and self._alone is None)
        self.pages.show_choice(self._page)

    def _shown(self) -> set[str]:
        """Return the keys of the cards to show: one alone, those of a page, or all."""
        if self._alone is not None:
            return {self._alone}
        if not self._takes_turns:
            return {"expression", "diagram", "plot"} | ({"side"} if self._wants_side else set())
        beside = {"expression", "diagram"}
        return beside if self._page in beside and not self._is_narrow() else {self._page}

    def _is_narrow(self) -> bool:
        return self.width() < _NARROW * look.scale

    def minimumSizeHint(self) -> QSize:
        """Any window will do: what does not fit beside each other takes turns."""
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._sized:  # before the panes are shown, so that each is laid out once
            self._sized = True
            self._set_usual_sizes()
        self._take_turns()

    def _take_turns(self) -> None:
        """Show the panes in turns where there is no room for all."""
        self._takes_turns = self._is_narrow() or self.height() < _SHORT * look.scale
        self.pages.button("diagram").setVisible(self._is_narrow())
        if self._page == "diagram" and not self._is_narrow():
            self._page = "expression"
        self._show_cards()

    def show_compact(self, compact: bool) -> None:
        """Leave the side panel's room to the panes where the window is small."""
        if compact == self._wants_side:
            self.show_side(not compact)
            self.side_changed.emit(not compact)

    @staticmethod
    def is_compact(width: int) -> bool:
        """Whether a window of this width has no room for the side panel."""
        return width < _COMPACT_WIDTH * look.scale

    def _apply_look(self) -> None:
        self._show_phase(self._phase)
        margin = look.px(12)
        self._column.setContentsMargins(margin, look.px(8), margin, look.px(4))
        self._column.setSpacing(look.px(8))
        for splitter in (self.top, self.right, self.whole):
            splitter.setHandleWidth(look.px(8))
        self.cards["side"].setMinimumWidth(look.px(230))


def _plot_title(frame: Frame) -> str:
    if frame.state.subject == "network":
        return _(_NETWORK_TITLES[frame.state.network.view.plot])
    titles = {"curves": _("Function and tangent"), "links": _("Links of the chain"), "nudge": _("Error of the nudge")}
    return titles[frame.state.function.view.plot]
