"""Every preset is a session file that opens, and behaves as its text says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from chainrule_gui.model.network import backward, forward
from chainrule_gui.resources import resource_path
from chainrule_gui.session import edits
from chainrule_gui.session import network_edits as structure
from chainrule_gui.session.document import SUFFIX, write_document
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.presets import presets
from tests.make_presets import states

PRESETS = {preset.key: preset for preset in presets()}


def _open(key):
    return PRESETS[key].open()


def _values(state):
    network = state.network
    parameters = network.run.trajectory.parameters_at(network.run.step)
    return dict(zip(network.network.parameter_names, parameters.tolist(), strict=True))


def _gradients(state):
    frame = resolve(state).network
    return dict(zip(state.network.network.parameter_names, frame.gradients.flat.tolist(), strict=True))


def _cost(state):
    return resolve(state).network.trace.cost


def test_the_index_names_every_file_and_each_has_a_title_and_two_sentences():
    files = {path.stem for path in resource_path("presets").glob("*" + SUFFIX)}
    assert files == set(PRESETS) == set(states())
    for preset in PRESETS.values():
        assert preset.title
        assert preset.look.endswith(".")
        assert len(preset.look.split(". ")) == 2


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_is_what_the_script_makes(key, tmp_path):
    path = tmp_path / "made.chainrule"
    write_document(path, states()[key])
    assert path.read_bytes() == PRESETS[key].path.read_bytes()


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_opens_with_a_picture_of_its_network(key):
    state = _open(key)
    assert state.subject == "network"
    frame = resolve(state).network
    assert np.isfinite(frame.trace.cost)
    assert frame.derivation.derivative_value is not None
    assert frame.check is not None
    assert frame.check.passes


def test_lesson_has_one_path_to_each_weight():
    state = _open("lesson")
    for name in state.network.network.parameter_names:
        assert resolve(edits.selected(state, name)).network.derivation.chain_count == 1


def test_by_hand_has_short_numbers_and_two_paths_to_an_input():
    state = _open("by-hand")
    assert all(round(value, 2) == value for value in _values(state).values())
    assert resolve(edits.selected(state, "w1.2.1")).network.derivation.chain_count == 1
    assert resolve(edits.selected(state, "x.1")).network.derivation.chain_count == 2
    assert _cost(edits.advanced(state)) < _cost(state)


def test_xor_is_learnt_slowly_at_first_and_then_quickly():
    state = _open("xor")
    costs = state.network.run.trajectory.costs(600)
    assert np.all((resolve(edits.advanced(state, 600)).network.trace.y_hat > 0.5) == state.network.dataset.targets)
    falls = -np.diff(costs)
    assert costs[600] < 0.05
    assert falls[:20].mean() < 0.3 * falls.max()


def test_line_ends_at_the_line_of_least_squares():
    state = _open("line")
    data = state.network.dataset
    slope, height = np.polyfit(data.inputs[:, 0], data.targets[:, 0], 1)
    values = _values(edits.advanced(state, 400))
    assert values == {"w1": pytest.approx(slope, abs=1e-9), "b1": pytest.approx(height, abs=1e-9)}


def test_dead_relu_never_moves_while_its_neighbour_learns():
    state = _open("dead-relu")
    after = edits.advanced(state, 500)
    frame = resolve(state).network
    assert any("dead" in remark for remark in frame.remarks)
    assert (frame.trace.z[0][:, 1] < 0).all()
    for name in ("w1.2.1", "b1.2", "w2.1.2"):
        assert _gradients(state)[name] == 0.0
        assert _values(after)[name] == _values(state)[name]
    assert _values(after)["w1.1.1"] != _values(state)["w1.1.1"]
    assert _cost(after) < 0.2 * _cost(state)


def test_saturated_sigmoid_is_stuck_with_the_squared_error_and_learns_with_cross_entropy():
    state = _open("saturated-sigmoid")
    frame = resolve(state).network
    assert frame.trace.y_hat[0, 0] > 0.99
    assert any("saturated" in remark for remark in frame.remarks)
    assert _cost(edits.advanced(state, 20)) > 0.98 * _cost(state)
    other = structure.cost_chosen(state, "cross-entropy")
    assert _cost(edits.advanced(other, 20)) < 0.2 * _cost(other)
    frame = resolve(other).network
    assert frame.gradients.delta[-1][0, 0] == frame.trace.y_hat[0, 0] - frame.trace.targets[0, 0]


def test_exploding_rate_jumps_to_and_fro_and_upward_until_it_is_lowered():
    state = _open("exploding-rate")
    heights = []
    following = state
    for _step in range(30):
        heights.append(_values(following)["b1"])
        following = edits.advanced(following)
    least = np.polyfit(state.network.dataset.inputs[:, 0], state.network.dataset.targets[:, 0], 1)[1]
    sides = np.sign(np.array(heights) - least)
    assert (sides[1:] == -sides[:-1]).all()
    costs = state.network.run.trajectory.costs(30)
    assert (np.diff(costs) > 0).all()
    end = edits.advanced(state, 20_000)
    assert "diverged" in resolve(end).network.stopped
    calm = edits.learning_rate_edited(state, 1.85)
    assert (np.diff(calm.network.run.trajectory.costs(30)) < 0).all()


def test_symmetric_start_keeps_both_units_alike_and_does_not_learn():
    state = _open("symmetric-start")
    after = edits.advanced(state, 3000)
    values = _values(after)
    for one, other in (("w1.1.1", "w1.2.1"), ("w1.1.2", "w1.2.2"), ("b1.1", "b1.2"), ("w2.1.1", "w2.1.2")):
        assert values[one] == pytest.approx(values[other], rel=1e-9)
    assert _cost(after) > 0.4
    for scheme in ("rounded", "normal", "uniform", "xavier", "he"):
        random = edits.scheme_chosen(state, scheme)
        assert _cost(edits.advanced(random, 3000)) < 0.01


def test_vanishing_gradient_shrinks_layer_by_layer_and_the_first_do_not_learn():
    state = _open("vanishing-gradient")
    network = state.network.network
    parameters = state.network.run.trajectory.parameters_at(0)
    data = state.network.dataset
    trace = forward(network, parameters, data.inputs, data.targets)
    deltas = [abs(float(delta[0, 0])) for delta in backward(network, parameters, trace).delta]
    assert all(below <= 0.25 * above for below, above in pairwise(deltas))
    gradients = _gradients(state)
    assert abs(gradients["w1"]) < 1e-4 * abs(gradients["w8"])
    after = _values(edits.advanced(state, 100))
    assert abs(after["w1"] - 1.0) < 1e-3
    assert abs(after["w8"] - 1.0) > 0.1
