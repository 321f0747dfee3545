"""The optimisers against textbook loops with autograd's gradients, and their equations against what is computed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import Descent, Network, NetworkError, backward, forward
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network.optimisers import OPTIMISERS, UpdateRule, worked_update
from tests.model.network import oracle

NETWORK = Network((2, 3, 1), ("tanh", "sigmoid"))
DATA = dataset("xor")


def _run(rate=0.2, network=NETWORK, **options):
    return Descent(network, network.initial_parameters(seed=4), DATA.inputs, DATA.targets, rate, **options)


def _autograd(parameters):
    return oracle.gradient(NETWORK.layers, NETWORK.activations, NETWORK.cost, parameters, DATA.inputs, DATA.targets)


def _momentum(theta, rate, steps, beta):
    velocity = np.zeros_like(theta)
    for _step in range(steps):
        velocity = beta * velocity + _autograd(theta)
        theta = theta - rate * velocity
    return theta, {"v": velocity}


def _adam(theta, rate, steps, beta1, beta2, epsilon):
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t in range(1, steps + 1):
        g = _autograd(theta)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta = theta - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
    return theta, {"m": m, "v": v}


@pytest.mark.parametrize("steps", [1, 2, 40])
@pytest.mark.parametrize(
    ("key", "textbook", "values"),
    [
        ("momentum", _momentum, {"beta": 0.9}),
        ("momentum", _momentum, {"beta": 0.0}),
        ("adam", _adam, {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}),
        ("adam", _adam, {"beta1": 0.5, "beta2": 0.0, "epsilon": 0.3}),
    ],
)
def test_steps_are_the_textbooks(key, textbook, values, steps):
    run = _run(optimiser=UpdateRule(key, values))
    expected, state = textbook(np.array(run.parameters_at(0)), 0.2, steps, **values)
    np.testing.assert_allclose(run.parameters_at(steps), expected, rtol=1e-9, atol=1e-11)
    found = run.optimiser_state_at(steps)
    assert found.keys() == state.keys()
    for name, values_of_all in state.items():
        np.testing.assert_allclose(found[name], values_of_all, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("key", OPTIMISERS)
@pytest.mark.parametrize("batch", [None, 3])
def test_the_equations_shown_are_what_is_computed(key, batch):
    rule = UpdateRule(key)
    run = _run(optimiser=rule, batch=batch)
    for step in (0, 1, 2, 17):
        before, after = run.optimiser_state_at(step), run.optimiser_state_at(step + 1)
        gradient = run.step_gradient_at(step)
        for place, theta in enumerate(run.parameters_at(step)):
            state = {name: float(values[place]) for name, values in before.items()}
            lines = worked_update(rule, float(theta), float(gradient[place]), 0.2, state, step + 1)
            assert lines[-1].name == "theta"
            assert lines[-1].value == pytest.approx(run.parameters_at(step + 1)[place], rel=1e-13, abs=1e-14)
            for line in lines:
                if line.name in after:
                    assert line.value == pytest.approx(after[line.name][place], rel=1e-13, abs=1e-15)


def test_plain_descent_is_the_default_and_remembers_nothing():
    plain, named = _run(), _run(optimiser="gradient-descent")
    np.testing.assert_array_equal(plain.parameters_at(30), named.parameters_at(30))
    assert plain.optimiser_state_at(30) == {}


@given(
    st.sampled_from(sorted(OPTIMISERS)),
    st.sampled_from([None, 3]),
    st.booleans(),
    st.lists(st.integers(0, 300), min_size=1, max_size=8),
)
def test_going_anywhere_in_any_order_gives_the_same_bits(key, batch, freeze, steps):
    options = {"optimiser": key, "batch": batch, "frozen": ["w1.2.1", "b2.1"] if freeze else []}
    straight, jumping = _run(**options), _run(**options)
    straight.go_to(300)
    for step in steps:
        np.testing.assert_array_equal(jumping.go_to(step).parameters, straight.parameters_at(step))
        jumping.step_gradient_at(step)
        for name, values in jumping.optimiser_state_at(step).items():
            np.testing.assert_array_equal(values, straight.optimiser_state_at(step)[name])
    branch = straight.branch(steps[0], 0.05)
    again = jumping.branch(steps[0], 0.05)
    np.testing.assert_array_equal(branch.parameters_at(steps[0] + 20), again.parameters_at(steps[0] + 20))


def test_a_branch_keeps_the_velocity():
    run = _run(optimiser="momentum")
    same = run.branch(25, 0.2)
    np.testing.assert_array_equal(same.parameters_at(60), run.parameters_at(60))


@pytest.mark.parametrize("key", OPTIMISERS)
@pytest.mark.parametrize("batch", [None, 2])
def test_frozen_parameters_stay_while_their_gradient_is_still_computed(key, batch):
    frozen = {"w1.2.1", "w2.1.3", "b2.1"}
    run = _run(optimiser=key, batch=batch, frozen=frozen)
    free = _run(optimiser=key, batch=batch)
    start, end = run.parameters_at(0), run.parameters_at(50)
    for place, name in enumerate(NETWORK.parameter_names):
        assert (start[place] == end[place]) == (name in frozen)
        for values in run.optimiser_state_at(50).values():
            assert (values[place] == 0.0) == (name in frozen)
    gradients = backward(NETWORK, end, forward(NETWORK, end, DATA.inputs, DATA.targets)).flat
    assert all(gradients[NETWORK.parameter_index(name)] != 0.0 for name in frozen)
    np.testing.assert_array_equal(run.step_gradient_at(0), free.step_gradient_at(0))


def test_the_gradient_of_a_step_is_that_of_its_batch():
    run = _run(batch=3, seed=5)
    for step in range(6):
        moved = (run.parameters_at(step) - run.parameters_at(step + 1)) / 0.2
        np.testing.assert_allclose(run.step_gradient_at(step), moved, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("key", OPTIMISERS)
@pytest.mark.parametrize("rate", [0.0, -0.5, 1e6, 1e300])
def test_any_rate_ends_in_numbers_or_a_sentence(key, rate):
    network = Network((2, 3, 1), ("identity", "identity"))
    run = _run(rate, network, optimiser=key)
    last = run.extend_to(400)
    assert math.isfinite(run.cost_at(last))
    assert np.isfinite(run.parameters_at(last)).all()
    assert all(np.isfinite(values).all() for values in run.optimiser_state_at(last).values())
    assert last == 400 or "step" in run.stopped


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("sgd", {}, "no optimiser named sgd"),
        ("momentum", {"beta": 1.0}, "below 1"),
        ("momentum", {"beta": math.nan}, "beta"),
        ("adam", {"epsilon": 0.0}, "above 0"),
        ("adam", {"beta": 0.9}, "no hyperparameter named beta"),
    ],
)
def test_what_cannot_be_is_refused(key, values, words):
    with pytest.raises(NetworkError, match=words):
        UpdateRule(key, values)


def test_a_name_that_does_not_exist_cannot_be_frozen():
    with pytest.raises(NetworkError, match="w9"):
        _run(frozen=["w9"])


def test_a_long_run_with_adam_stays_within_its_memory(monkeypatch):
    monkeypatch.setattr("chainrule_gui.model.descent.CHECKPOINT_BYTES", 3 * 2**20)
    run = _run(optimiser="adam")
    run.extend_to(30_000)
    assert sum(block.nbytes for block in run._stretches[-1].checkpoints._blocks) <= 3 * 2**20
    fresh = _run(optimiser="adam")
    fresh.extend_to(30_000)
    np.testing.assert_array_equal(run.parameters_at(12_345), fresh.parameters_at(12_345))
