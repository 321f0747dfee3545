"""Layers and units come and go; what remains keeps its values, its locks and its selection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import NetworkError
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.session import edits
from chainrule_gui.session import network_edits as structure
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import NetworkView, initial_state
from chainrule_gui.session.takeaways import solution, training
from chainrule_gui.typeset.code_export import numpy_script


def _state(layers=(2, 3, 2, 1), activations=("tanh", "relu", "sigmoid")):
    state = edits.subject_chosen(initial_state(), "network")
    state = edits.dataset_chosen(state, dataset("xor"))
    state = edits.architecture_edited(state, layers, activations, "squared-error")
    return edits.advanced(state, 3)


def _values(state):
    network = state.network
    parameters = network.run.trajectory.parameters_at(network.run.step)
    return dict(zip(network.network.parameter_names, parameters.tolist(), strict=True))


def test_an_added_unit_changes_nothing_else():
    before = _state()
    after = structure.unit_added(before, 1)
    assert after.network.network.layers == (2, 4, 2, 1)
    old, new = _values(before), _values(after)
    assert {name: new[name] for name in old} == old
    assert set(new) - set(old) == {"w1.4.1", "w1.4.2", "b1.4", "w2.1.4", "w2.2.4"}


def test_a_removed_unit_takes_only_its_own_parameters_along():
    before = _state()
    after = structure.unit_removed(before, 1, 2)
    old, new = _values(before), _values(after)
    renamed = {
        "w1.1.1": "w1.1.1", "w1.2.1": "w1.3.1", "w1.2.2": "w1.3.2", "b1.2": "b1.3",
        "w2.1.2": "w2.1.3", "w2.2.2": "w2.2.3", "w2.1.1": "w2.1.1", "b2.2": "b2.2", "w3.1.2": "w3.1.2",
    }  # fmt: skip
    for name, was in renamed.items():
        assert new[name] == old[was]
    assert len(new) == len(old) - 5


def test_an_added_layer_keeps_the_weights_around_it():
    before = _state()
    after = structure.layer_added(before, 1)
    assert after.network.network.layers == (2, 3, 3, 2, 1)
    assert after.network.network.activations == ("tanh", "tanh", "relu", "sigmoid")
    old, new = _values(before), _values(after)
    for name, value in old.items():
        layer = int(name[1])
        assert new[name if layer == 1 else f"{name[0]}{layer + 1}{name[2:]}"] == value


def test_a_removed_layer_keeps_what_fits():
    before = _state()
    after = structure.layer_removed(before, 2)
    assert after.network.network.layers == (2, 3, 1)
    assert after.network.network.activations == ("tanh", "sigmoid")
    old, new = _values(before), _values(after)
    assert {name: new[name] for name in new if name[1] == "1"} == {n: old[n] for n in old if n[1] == "1"}
    assert (new["w2.1.1"], new["w2.1.2"], new["b2.1"]) == (old["w3.1.1"], old["w3.1.2"], old["b3.1"])


def test_locks_and_the_selection_go_with_their_parameters():
    state = edits.selected(_state(), "w1.3.2")
    for name in ("w1.3.1", "b3.1", "w1.2.1"):
        state = edits.parameter_frozen(state, name, True)
    after = structure.unit_removed(state, 1, 2)
    assert after.network.selected == "w1.2.2"
    assert after.network.frozen == {"w1.2.1", "b3.1"}
    assert structure.unit_removed(edits.selected(state, "w1.2.1"), 1, 2).network.selected == "w3.1.2"


def test_inputs_and_outputs_follow_the_data():
    state = _state()
    assert structure.unit_added(state, 0) is state
    assert structure.unit_removed(state, 3, 1) is state
    assert structure.layer_removed(state, 3) is state


def test_the_bounds_are_said():
    state = _state((2, 1, 1), ("tanh", "sigmoid"))
    with pytest.raises(NetworkError):
        structure.unit_removed(state, 1, 1)
    for _layer in range(6):
        state = structure.layer_added(state, 1)
    with pytest.raises(NetworkError, match="8"):
        structure.layer_added(state, 1)
    for _unit in range(15):
        state = structure.unit_added(state, 2)
    with pytest.raises(NetworkError, match="16"):
        structure.unit_added(state, 2)


def test_an_activation_and_the_cost_change_no_parameter():
    before = _state()
    after = structure.cost_chosen(structure.activation_chosen(before, 2, "softplus"), "cross-entropy")
    assert after.network.network.activations == ("tanh", "softplus", "sigmoid")
    assert after.network.network.cost == "cross-entropy"
    assert _values(after) == _values(before)
    with pytest.raises(NetworkError):
        structure.activation_chosen(before, 1, "swish")


def test_the_lessons_network_grows_out_of_its_short_names_and_back():
    state = edits.subject_chosen(initial_state(), "network")
    old = _values(state)
    grown = structure.unit_added(state, 1)
    assert (grown.network.selected, _values(grown)["w2.1.1"]) == ("w2.1.1", old["w2"])
    back = structure.unit_removed(grown, 1, 2)
    assert _values(back) == old
    assert back.network.selected == "w2"


@given(
    st.lists(st.tuples(st.sampled_from(["layer+", "layer-", "unit+", "unit-", "step"]), st.integers(0, 5)), max_size=8)
)
def test_any_edits_in_a_row_give_a_network_that_resolves(changes):
    state = edits.optimiser_chosen(edits.parameter_frozen(_state(), "w1.1.1", True), UpdateRule("adam"))
    for kind, place in changes:
        depth = state.network.network.depth
        try:
            match kind:
                case "layer+":
                    state = structure.layer_added(state, place % depth)
                case "layer-":
                    state = structure.layer_removed(state, 1 + place % depth)
                case "unit+":
                    state = structure.unit_added(state, place % (depth + 1))
                case "unit-":
                    state = structure.unit_removed(state, place % (depth + 1), 1)
                case "step":
                    state = edits.advanced(state, 2)
        except NetworkError:
            continue
    frame = resolve(state)
    assert np.isfinite(frame.network.trace.cost)
    assert state.network.frozen <= set(state.network.network.parameter_names)


def test_an_optimiser_begins_where_the_run_before_it_began():
    state = _state()
    start = state.network.run.trajectory.parameters_at(0)
    after = edits.optimiser_chosen(state, UpdateRule("adam"))
    np.testing.assert_array_equal(after.network.run.trajectory.parameters_at(0), start)
    assert [run.label for run in after.network.run.earlier] == ["η = 1"]
    again = edits.optimiser_chosen(edits.advanced(after, 2), UpdateRule())
    assert [run.label for run in again.network.run.earlier] == ["η = 1", "Adam, η = 1"]


@pytest.mark.parametrize("key", ["gradient-descent", "momentum", "adam"])
@pytest.mark.parametrize("batch", [None, 2])
def test_the_update_shown_is_the_one_that_is_made(key, batch):
    smooth = _state(activations=("tanh", "tanh", "sigmoid"))
    state = edits.optimiser_chosen(edits.batch_edited(smooth, batch), UpdateRule(key))
    state = edits.advanced(edits.selected(state, "w2.1.2"), 4)
    update = resolve(state).network.update
    assert _values(edits.advanced(state))["w2.1.2"] == pytest.approx(update.result, rel=1e-12, abs=1e-15)
    frozen = edits.parameter_frozen(state, "w2.1.2", True)
    update = resolve(frozen).network.update
    assert update.frozen
    assert update.gradient != 0.0
    assert _values(edits.advanced(frozen))["w2.1.2"] == update.result == update.value


def test_a_scheme_draws_a_new_start_now_and_later():
    state = edits.scheme_chosen(_state(), "equal")
    assert set(_values(state).values()) == {0.5}
    assert set(_values(edits.new_random_start(edits.advanced(state, 2))).values()) == {0.5}


def test_how_a_network_is_looked_at_is_part_of_the_state():
    view = NetworkView("contour", ("w1.1.1", "w2.1.1"))
    state = edits.network_view_edited(_state(), view)
    assert state.network.view == view
    assert structure.unit_added(state, 1).network.view == replace(view, contour=None)


def test_data_are_held_out_and_standardised_and_given_back():
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), dataset("circles"))
    whole = state.network.dataset
    before = _values(state)
    prepared = edits.data_prepared(state, 0.25, True)
    assert len(prepared.network.dataset.inputs) == 150
    assert len(prepared.network.prepared.test.inputs) == 50
    assert _values(prepared) == before
    frame = resolve(edits.advanced(prepared, 5)).network
    assert np.isfinite(frame.test_cost)
    assert frame.test_cost != frame.trace.cost
    assert edits.data_prepared(prepared, 0.0, False).network.dataset is whole
    assert edits.dataset_chosen(prepared, dataset("moons")).network.prepared is None
    changed = edits.value_edited(prepared, "x.1", 0.5)
    assert changed.network.dataset.inputs[0, 0] == pytest.approx(0.5, rel=1e-13)
    assert structure.unit_added(edits.architecture_edited(prepared, (2, 3, 1), ("tanh", "sigmoid"), "squared-error"), 1)
    assert resolve(state).network.test_cost is None
    assert "standardised" in numpy_script(training(prepared))
    assert "standardised" in str(solution(prepared))
    assert "standardised" not in numpy_script(training(state))
