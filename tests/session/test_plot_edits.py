"""What a network's plots change: pure edits, each leaving what it is not about as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule_gui.model.data import dataset
from chainrule_gui.model.network import Network
from chainrule_gui.session import edits, plot_edits
from chainrule_gui.session.document import read_document, write_document
from chainrule_gui.session.state import initial_state, new_network_state


@pytest.fixture
def state():
    network = Network((2, 2, 1))
    made = new_network_state(network, dataset("xor"), network.initial_parameters(seed=1))
    return edits.advanced(replace(initial_state(), subject="network", network=made), 4)


def test_every_plot_is_kept_in_the_file(state, tmp_path):
    for plot in plot_edits.PLOTS:
        write_document(tmp_path / "a.chainrule", plot_edits.plot_chosen(state, plot))
        assert read_document(tmp_path / "a.chainrule").network.view.plot == plot
    assert plot_edits.plot_chosen(state, "cost") is state


def test_a_new_start_moves_only_what_was_asked_for(state):
    before = state.network.run.trajectory.parameters_at(4)
    after = plot_edits.started_at(state, {"w1.1.1": 2.0, "b2.1": -1.0}).network.run
    found = after.trajectory.parameters_at(0)
    assert found[0] == 2.0
    assert found[-1] == -1.0
    assert found[1:-1].tolist() == before[1:-1].tolist()
    assert (after.step, after.length, len(after.earlier)) == (0, 0, 1)
    assert plot_edits.started_at(state, {"w1.1.1": np.nan}) is state


def test_runs_are_named_and_removed(state):
    state = edits.reset(edits.advanced(edits.reset(state), 2))
    named = plot_edits.run_named(state, 1, "  slow \n one ")
    assert [run.label for run in named.network.run.earlier] == [state.network.run.earlier[0].label, "slow one"]
    assert plot_edits.run_named(state, 0, "  ") is state
    assert [run.label for run in plot_edits.run_removed(named, 0).network.run.earlier] == ["slow one"]


def test_samples_move_come_and_go(state):
    moved = plot_edits.sample_moved(state, 2, [0.5, 0.25], [0.75]).network
    assert moved.dataset.inputs[2].tolist() == [0.5, 0.25]
    assert moved.dataset.targets[2].tolist() == [0.75]
    assert moved.dataset.inputs[[0, 1, 3]].tolist() == state.network.dataset.inputs[[0, 1, 3]].tolist()
    assert moved.sample == 2
    added = plot_edits.sample_added(state, [3.0, 4.0], [1.0])
    assert added.network.dataset.inputs[-1].tolist() == [3.0, 4.0]
    assert added.network.sample == 4
    removed = plot_edits.sample_removed(added, 4).network
    assert removed.dataset.inputs.tolist() == state.network.dataset.inputs.tolist()
    assert removed.sample == 3
    assert plot_edits.sample_moved(state, 0, [np.inf, 0.0], [0.0]) is state


def test_the_last_sample_stays(state):
    for _sample in range(3):
        state = plot_edits.sample_removed(state, 0)
    assert plot_edits.sample_removed(state, 0) is state


def test_prepared_data_stay_as_they_are(state):
    prepared = edits.data_prepared(state, 0.25, True)
    assert plot_edits.sample_moved(prepared, 0, [1.0, 1.0], [0.0]) is prepared
    assert plot_edits.sample_added(prepared, [1.0, 1.0], [0.0]) is prepared
    assert plot_edits.sample_removed(prepared, 0) is prepared
