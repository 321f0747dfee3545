"""The session: pure edits, frames that share what did not change, undo, and no QApplication anywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.data import dataset
from chainrule_gui.model.network import NetworkError
from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.phases import phase_count
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import initial_state


def _network():
    return edits.subject_chosen(initial_state(), "network")


def test_the_lesson_from_typing_to_the_update():
    session = Session()
    session.edit("type", edits.text_edited(session.state, "log(2 + cos x)"))
    found = session.frame.function.derivation
    assert [link.key for link in found.links] == ["h/u", "u/x"]
    assert found.derivative_value == pytest.approx(-np.sin(1) / (2 + np.cos(1)), rel=1e-14)
    session.edit("subject", edits.subject_chosen(session.state, "network"))
    session.edit("select", edits.selected(session.state, "w2"))
    frame = session.frame.network
    product = np.prod([link.value for link in frame.derivation.links])
    assert frame.derivation.derivative_value == pytest.approx(product, rel=1e-14)
    before, update = frame.trace.cost, frame.update
    session.edit("step", edits.advanced(session.state))
    after = session.frame.network
    assert after.trace.cost < before
    assert after.parameters[2] == pytest.approx(update.result, rel=1e-14)
    session.edit("back", edits.stepped_back(session.state))
    assert session.frame.network.trace.cost == before


def test_unfinished_text_keeps_the_last_good_picture_and_says_what_is_missing():
    state = edits.text_edited(initial_state(), "log(2 + cos")
    frame = resolve(state).function
    assert frame.problem is not None
    assert frame.derivation.derivative_value is not None
    mended = resolve(edits.text_edited(state, "sin(x)")).function
    assert mended.problem is None


def test_another_derivative_is_revealed_from_its_first_step():
    view = replace(initial_state().function.view, revealed=4)
    state = edits.function_view_edited(edits.text_edited(initial_state(), "x y"), view)
    for changed in (edits.wrt_chosen(state, "y"), edits.order_chosen(state, 2), edits.text_edited(state, "x^2 y")):
        assert changed.function.view.revealed == 0
    assert edits.order_chosen(state, 9).function.order == 3
    split = edits.piece_split(state, "x*y", True)
    assert edits.piece_split(split, "x*y", False).function.split == frozenset()
    assert edits.text_edited(split, "x").function.split == frozenset()


def test_a_frame_shares_what_did_not_change():
    first = resolve(_network())
    other_rate = resolve(edits.learning_rate_edited(first.state, 3.0), first)
    assert other_rate.function is first.function
    assert other_rate.network.trace is first.network.trace
    assert other_rate.network.derivation is first.network.derivation
    moved = resolve(edits.parameter_edited(first.state, "w1", 0.5), first)
    assert moved.network.trace is not first.network.trace


def test_gestures_merge_and_two_gestures_never_do():
    session = Session(_network())
    for value in (0.1, 0.2, 0.3):
        session.edit("drag", edits.value_edited(session.state, "w1", value), "1:w1")
    assert session.undo_stack.count() == 1
    session.edit("drag", edits.value_edited(session.state, "w1", 0.4), "2:w1")
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    assert session.frame.network.parameters[0] == 0.3
    session.undo_stack.undo()
    assert session.frame.network.parameters[0] == 0.78


def test_reset_goes_to_the_same_start_and_keeps_the_run_for_comparison():
    state = edits.advanced(_network(), 30)
    costs = state.network.run.trajectory.costs(30)
    again = edits.reset(state)
    np.testing.assert_array_equal(resolve(again).network.parameters, resolve(_network()).network.parameters)
    np.testing.assert_array_equal(again.network.run.earlier[0].costs, costs)


def test_phases_end_in_exactly_one_step():
    state = _network()
    count = phase_count(state.network.network)
    for phase in range(1, count + 1):
        state = edits.phase_advanced(state)
        frame = resolve(state).network
        assert frame.phase is frame.phases[phase - 1]
        assert frame.phase.sentence
        assert state.network.run.step == 0
    state = edits.phase_advanced(state)
    assert (state.network.phase, state.network.run.step) == (0, 1)


def test_other_data_bring_other_layers_and_a_wrong_architecture_changes_nothing():
    state = edits.dataset_chosen(_network(), dataset("xor"))
    assert state.network.network.layers == (2, 1, 1)
    with pytest.raises(NetworkError):
        edits.architecture_edited(state, [3, 1], ["tanh"], "squared-error")
    with pytest.raises(NetworkError):
        edits.architecture_edited(state, [2, 1], ["cosine"], "squared-error")


def test_random_starts_are_seeded():
    one, two = edits.new_random_start(_network()), edits.new_random_start(_network())
    np.testing.assert_array_equal(one.network.run.reset_to, two.network.run.reset_to)


EDITS = st.sampled_from(
    [
        lambda state: edits.advanced(state, 7),
        edits.stepped_back,
        edits.reset,
        edits.phase_advanced,
        edits.new_random_start,
        lambda state: edits.gone_to(state, 3),
        lambda state: edits.learning_rate_edited(state, 2.5),
        lambda state: edits.value_edited(state, state.network.network.parameter_names[0], 0.25),
        lambda state: edits.dataset_chosen(state, dataset("xor")),
        lambda state: edits.batch_edited(state, 1),
    ]
)


@given(st.lists(EDITS, max_size=12))
def test_whatever_is_done_the_frame_follows_from_the_state_alone(changes):
    session = Session(_network())
    for number, change in enumerate(changes):
        session.edit(str(number), change(session.state))
        fresh = resolve(session.state).network
        np.testing.assert_array_equal(session.frame.network.parameters, fresh.parameters)
        assert session.frame.network.trace.cost == fresh.trace.cost
        assert session.frame.network.derivation.derivative_value == fresh.derivation.derivative_value
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.frame.network.parameters.tolist() == [0.78, 0.06, 0.07, 0.96]


def test_the_gradient_check_stands_beside_every_gradient():
    for state in (initial_state(), _network()):
        frame = resolve(state)
        check = (frame.network if state.subject == "network" else frame.function).check
        assert check is not None
        assert check.passes
