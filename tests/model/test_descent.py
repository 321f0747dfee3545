"""Gradient descent and its history."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import Descent, FunctionDescent, Network, parse
from chainrule_gui.model.data import dataset
from chainrule_gui.model.descent import DescentError
from tests.model.network import oracle


def _run(layers=(2, 3, 1), rate=0.3, **options):
    network = Network(layers, ("tanh",) * (len(layers) - 2) + ("sigmoid",))
    data = dataset("xor")
    return (
        network,
        data,
        Descent(network, network.initial_parameters(seed=4), data.inputs, data.targets, rate, **options),
    )


def test_each_step_goes_against_autograds_gradient():
    network, data, run = _run()
    expected = np.array(run.parameters_at(0))
    for step in range(1, 30):
        expected = expected - 0.3 * oracle.gradient(
            network.layers, network.activations, network.cost, expected, data.inputs, data.targets
        )
        run.step()
        np.testing.assert_allclose(run.parameters, expected, rtol=1e-9, atol=1e-12)
        assert run.position == step


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_going_anywhere_in_any_order_gives_the_same_numbers(steps):
    _network, _data, straight = _run()
    straight.go_to(400)
    _network, _data, jumping = _run()
    for step in steps:
        jumping.go_to(step)
        np.testing.assert_array_equal(jumping.parameters, straight.parameters_at(step))
        assert jumping.cost == straight.cost_at(step)


def test_batches_are_seeded_and_cover_every_sample_once_an_epoch():
    _network, _data, one = _run(batch=2, seed=7)
    _network, _data, same = _run(batch=2, seed=7)
    _network, _data, other = _run(batch=2, seed=8)
    for run in (one, same, other):
        run.step(20)
    np.testing.assert_array_equal(one.parameters, same.parameters)
    assert not np.array_equal(one.parameters, other.parameters)


def test_a_batch_of_all_samples_is_the_full_gradient():
    _network, _data, full = _run()
    _network, _data, batch = _run(batch=4)
    np.testing.assert_allclose(batch.step(25).parameters, full.step(25).parameters, rtol=1e-12)


def test_a_long_run_stays_small_and_goes_to_any_step(monkeypatch):
    network = Network((1, 1, 1))
    run = Descent(network, [0.78, 0.06, 0.07, 0.96], [[0.5]], [[1.0]], 0.1)
    run.go_to(60_000)
    middle = np.array(run.parameters_at(31_415))
    again = Descent(network, [0.78, 0.06, 0.07, 0.96], [[0.5]], [[1.0]], 0.1)
    np.testing.assert_array_equal(again.go_to(31_415).parameters, middle)
    monkeypatch.setattr("chainrule_gui.model.descent.CHECKPOINT_BYTES", 3 * 2**20)
    tight = Descent(network, [0.78, 0.06, 0.07, 0.96], [[0.5]], [[1.0]], 0.1)
    tight.go_to(250_000)
    assert sum(block.nbytes for block in tight._stretches[-1].checkpoints._blocks) <= 3 * 2**20
    np.testing.assert_array_equal(tight.parameters_at(31_415), middle)


def test_a_branch_shares_the_past_and_goes_its_own_way():
    _network, _data, run = _run()
    run.go_to(50)
    branch = run.branch(20, 1.5)
    np.testing.assert_array_equal(branch.parameters_at(20), run.parameters_at(20))
    np.testing.assert_array_equal(branch.parameters_at(7), run.parameters_at(7))
    branch.extend_to(21)
    assert not np.array_equal(branch.parameters_at(21), run.parameters_at(21))
    assert branch.rates == ((0, 0.3), (20, 1.5))


@pytest.mark.parametrize("rate", [0.0, -0.5, 1e6, 1e-300])
def test_any_finite_learning_rate_ends_in_numbers_or_a_sentence(rate):
    _network, _data, run = _run(rate=rate)
    run.step(200)
    assert math.isfinite(run.cost)
    assert np.isfinite(run.parameters).all()
    assert run.stopped is None or "step" in run.stopped


@pytest.mark.parametrize("rate", [math.nan, math.inf])
def test_other_rates_are_refused(rate):
    with pytest.raises(DescentError):
        _run(rate=rate)


def test_divergence_stops_with_a_sentence_at_the_last_good_step():
    run = FunctionDescent(parse("x^4"), "x", {"x": 3.0}, 5.0)
    run.extend_to(100)
    assert run.stopped_at is not None
    assert "diverged at step" in run.stopped
    assert math.isfinite(run.cost_at(run.stopped_at))
    with pytest.raises(IndexError):
        run.cost_at(run.stopped_at + 1)


def test_descent_along_x_is_the_textbooks():
    run = FunctionDescent(parse("x^2/4 + sin(x)"), "x", {"x": 5.0}, 0.3)
    x = 5.0
    for step in range(1, 40):
        x -= 0.3 * (x / 2 + math.cos(x))
        run.extend_to(step)
        assert run.parameters_at(step)[0] == pytest.approx(x, rel=1e-10)
        assert run.cost_at(step) == pytest.approx(x * x / 4 + math.sin(x), rel=1e-10)


def test_descent_stops_at_a_kink_and_outside_the_domain():
    kink = FunctionDescent(parse("|x|"), "x", {"x": 0.0}, 0.5)
    kink.extend_to(3)
    assert kink.stopped_at == 0
    outside = FunctionDescent(parse("ln(x)"), "x", {"x": -1.0}, 0.5)
    outside.extend_to(3)
    assert outside.stopped is not None
