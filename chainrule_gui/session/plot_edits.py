"""Pure edits that a network's plots ask for: where a run starts, which runs are compared, where a sample lies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.data import Dataset
from chainrule_gui.session.edits import network_view_edited, restarted
from chainrule_gui.session.state import CostView, EarlierRun, LabState

Array = NDArray[np.float64]

PLOTS: tuple[CostView, ...] = ("cost", "slice", "contour", "boundary", "parameters", "check")
"""What the plot of a network can show, in the order of the switch."""


def plot_chosen(state: LabState, plot: CostView) -> LabState:
    """Show another plot of the network."""
    view = state.network.view
    return state if plot == view.plot else network_view_edited(state, replace(view, plot=plot))


def next_plot(state: LabState) -> LabState:
    """Show the next plot of the network."""
    return plot_chosen(state, PLOTS[(PLOTS.index(state.network.view.plot) + 1) % len(PLOTS)])


def contour_chosen(state: LabState, first: str, second: str) -> LabState:
    """Draw the contour over two parameters; who chooses one of them twice swaps them."""
    if first == second:
        second, first = contour_of(state)
    if (first, second) == contour_of(state):
        return state
    return network_view_edited(state, replace(state.network.view, contour=(first, second)))


def contour_of(state: LabState) -> tuple[str, str]:
    """Return the two parameters of the contour."""
    names = state.network.network.parameter_names
    return state.network.view.contour or (names[0], names[1])


def started_at(state: LabState, values: Mapping[str, float]) -> LabState:
    """Begin a new run where some parameters have these values and the others the ones they have now."""
    network = state.network
    parameters = network.run.trajectory.parameters_at(network.run.step).copy()
    for name, value in values.items():
        parameters[network.network.parameter_index(name)] = value
    return restarted(state, network, parameters) if np.isfinite(parameters).all() else state


def run_removed(state: LabState, place: int) -> LabState:
    """Compare with one earlier run less."""
    run = state.network.run
    earlier = tuple(old for at, old in enumerate(run.earlier) if at != place)
    return replace(state, network=replace(state.network, run=replace(run, earlier=earlier)))


def run_named(state: LabState, place: int, name: str) -> LabState:
    """Give an earlier run another name; an empty one is none."""
    run = state.network.run
    name = " ".join(name.split())[:40]
    if not name or name == run.earlier[place].label:
        return state
    earlier = tuple(EarlierRun(name, old.costs) if at == place else old for at, old in enumerate(run.earlier))
    return replace(state, network=replace(state.network, run=replace(run, earlier=earlier)))


def can_move_samples(state: LabState) -> bool:
    """Whether samples may be added and moved: only data that are used as they came."""
    return state.network.prepared is None


def sample_moved(state: LabState, sample: int, inputs: Sequence[float], targets: Sequence[float]) -> LabState:
    """Put a sample elsewhere, and show it; a new run starts from where the parameters stand."""
    data = state.network.dataset
    if not can_move_samples(state) or not all(map(math.isfinite, (*inputs, *targets))):
        return state
    moved_inputs, moved_targets = data.inputs.copy(), data.targets.copy()
    moved_inputs[sample], moved_targets[sample] = inputs, targets
    return _with_data(state, moved_inputs, moved_targets, sample)


def sample_added(state: LabState, inputs: Sequence[float], targets: Sequence[float]) -> LabState:
    """Put another sample behind the others, and show it."""
    data = state.network.dataset
    if not can_move_samples(state) or not all(map(math.isfinite, (*inputs, *targets))):
        return state
    more_inputs, more_targets = np.vstack([data.inputs, inputs]), np.vstack([data.targets, targets])
    return _with_data(state, more_inputs, more_targets, len(data.inputs))


def sample_removed(state: LabState, sample: int) -> LabState:
    """Take a sample away; the last one stays."""
    data = state.network.dataset
    if not can_move_samples(state) or len(data.inputs) == 1:
        return state
    inputs, targets = np.delete(data.inputs, sample, axis=0), np.delete(data.targets, sample, axis=0)
    return _with_data(state, inputs, targets, min(sample, len(inputs) - 1))


def _with_data(state: LabState, inputs: Array, targets: Array, sample: int) -> LabState:
    network = state.network
    changed = replace(network, dataset=Dataset(_("edited"), inputs, targets), sample=sample)
    return restarted(state, changed, network.run.trajectory.parameters_at(network.run.step))
