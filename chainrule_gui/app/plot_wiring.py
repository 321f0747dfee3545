"""Wires what the network's plots ask for to edits of the session."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction

from chainrule_gui.app.panes import NETWORK_PLOTS, Panes
from chainrule_gui.i18n import _
from chainrule_gui.session import edits, plot_edits
from chainrule_gui.session.session import Session

Edit = Callable[..., None]


def connect_network_plots(panes: Panes, actions: dict[str, QAction], session: Session, edit: Edit) -> None:
    """Connect the switch, the keys and the plots; `edit` takes label, state, merge key, pause."""
    plots = panes.plot.network

    def show(key: str) -> None:
        state = edits.subject_chosen(session.state, "network") if session.state.subject != "network" else session.state
        edit(_("Plot"), plot_edits.plot_chosen(state, key), pause=False)  # type: ignore[arg-type]

    panes.network_plots.chosen.connect(show)
    for key, _text in NETWORK_PLOTS:
        actions[f"plot_{key}"].triggered.connect(lambda _checked=False, key=key: show(key))
    plots.step_requested.connect(lambda step, key: edit(_("Go to a step"), edits.gone_to(session.state, step), key))
    plots.run_named.connect(
        lambda place, name: edit(_("Name a run"), plot_edits.run_named(session.state, place, name), pause=False)
    )
    plots.run_removed.connect(
        lambda place: edit(_("Remove a run"), plot_edits.run_removed(session.state, place), pause=False)
    )
    plots.value_edited.connect(
        lambda name, value, key: edit(
            _("Change {name}").format(name=name), edits.value_edited(session.state, name, value), key
        )
    )
    plots.selected_requested.connect(
        lambda name: edit(_("Derive by {name}").format(name=name), edits.selected(session.state, name), pause=False)
    )
    plots.contour_chosen.connect(
        lambda first, second: edit(_("Contour"), plot_edits.contour_chosen(session.state, first, second), pause=False)
    )
    plots.start_requested.connect(
        lambda values: edit(_("Start elsewhere"), plot_edits.started_at(session.state, values))
    )
    plots.sample_requested.connect(
        lambda sample: edit(_("Sample"), edits.sample_chosen(session.state, sample), pause=False)
    )
    plots.sample_moved.connect(
        lambda sample, inputs, targets, key: edit(
            _("Move a sample"), plot_edits.sample_moved(session.state, sample, inputs, targets), key
        )
    )
    plots.sample_added.connect(
        lambda inputs, targets: edit(_("Add a sample"), plot_edits.sample_added(session.state, inputs, targets))
    )
    plots.sample_removed.connect(
        lambda sample: edit(_("Remove a sample"), plot_edits.sample_removed(session.state, sample))
    )
