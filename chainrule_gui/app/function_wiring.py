"""Wires what the panes ask for of a function's pictures to edits of the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QAction

from chainrule_gui.app.panes import Panes
from chainrule_gui.i18n import _
from chainrule_gui.model.inverse import place_where
from chainrule_gui.session import edits
from chainrule_gui.session.plot_edits import next_plot
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import LabState

Edit = Callable[..., None]

_PLOTS = ("curves", "links", "nudge")
_OTHER = ("nudge", "gradients")


def connect_function_pictures(panes: Panes, actions: dict[str, QAction], session: Session, edit: Edit) -> None:
    """Connect the switches, the nudge, the pieces and the plots; `edit` takes label, state, merge key, pause."""

    def looked_at(**changes: Any) -> LabState:
        state = session.state
        return edits.function_view_edited(state, replace(state.function.view, **changes))

    def on_nudge(size: float, key: str) -> None:
        wrt = session.state.function.wrt
        edit(_("Change {name}").format(name=f"Δ{wrt}"), edits.nudge_edited(session.state, size), key, pause=False)

    def on_quantity(name: str, value: float, key: str) -> None:
        function = session.frame.function
        x = place_where(function.derivation, name, value, function.state.x_range)
        if x is not None:
            wrt = function.state.wrt
            edit(_("Change {name}").format(name=wrt), edits.point_edited(session.state, wrt, round(x, 4)), key)

    panes.function_diagrams.chosen.connect(lambda picture: edit(_("Diagram"), looked_at(diagram=picture), pause=False))
    panes.plot.curve_shown.connect(
        lambda name, shown: edit(_("Curve"), edits.curve_shown(session.state, name, shown), pause=False)
    )
    actions["plot"].triggered.connect(lambda: edit(_("Plot"), _next_plot(session.state), pause=False))
    panes.function_plots.chosen.connect(lambda picture: edit(_("Plot"), looked_at(plot=picture), pause=False))
    panes.plot.path_requested.connect(lambda path: edit(_("Path"), looked_at(path=path), pause=False))
    panes.plot.quantity_edited.connect(on_quantity)
    panes.plot.link_hovered.connect(session.set_highlight)
    panes.diagram.piece_requested.connect(
        lambda piece, apart: edit(
            _("Take apart") if apart else _("Join"), edits.piece_split(session.state, piece, apart), pause=False
        )
    )
    for source in (panes.diagram, panes.plot, panes.function_controls):
        source.nudge_edited.connect(on_nudge)


def show_pictures(actions: dict[str, QAction], state: LabState) -> None:
    """Show in the menu which pictures are chosen."""
    is_function = state.subject == "function"
    actions["diagram"].setChecked((state.function.view.diagram if is_function else state.diagram_view) in _OTHER)


def _next_plot(state: LabState) -> LabState:
    if state.subject == "network":
        return next_plot(state)
    view = state.function.view
    following = _PLOTS[(_PLOTS.index(view.plot) + 1) % len(_PLOTS)]
    return edits.function_view_edited(state, replace(view, plot=following))  # type: ignore[arg-type]
