"""The gradient check against its step: truncation for large ones, rounding for small ones, autograd as the truth."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import Network, NetworkError
from chainrule_gui.model.gradient_check import check_gradient, step_curve
from tests.model.network import oracle


def _problem(layers=(2, 3, 1), activations=("tanh", "sigmoid"), seed=0, samples=6, cost="squared-error"):
    random = np.random.default_rng(seed)
    network = Network(layers, activations, cost)
    parameters = random.normal(size=network.parameter_count)
    return network, parameters, random.normal(size=(samples, layers[0])), random.random((samples, layers[-1]))


@given(st.integers(0, 30), st.sampled_from(["squared-error", "cross-entropy"]), st.integers(0, 12))
def test_each_point_is_a_central_difference_of_the_cost(seed, cost, place):
    network, parameters, inputs, targets = _problem(seed=seed, cost=cost)
    name = network.parameter_names[place]
    curve = step_curve(network, parameters, inputs, targets, name, [1.0, 0.1, 1e-3])
    truth = oracle.gradient(network.layers, network.activations, cost, parameters, inputs, targets)[place]
    assert curve.analytic == pytest.approx(truth, rel=1e-9, abs=1e-12)
    for h, numerical, difference in zip(curve.steps, curve.numerical, curve.difference, strict=True):
        moved = [parameters.copy(), parameters.copy()]
        moved[0][place] += h
        moved[1][place] -= h
        above, below = (oracle.cost(network.layers, network.activations, cost, each, inputs, targets) for each in moved)
        assert numerical == pytest.approx((above - below) / (2 * h), rel=1e-9, abs=1e-11)
        assert difference == pytest.approx(abs(numerical - curve.analytic), abs=1e-15)


def test_large_steps_follow_the_truncation_and_small_ones_stay_near_the_rounding():
    network, *rest = _problem()
    for name in network.parameter_names:
        curve = step_curve(network, *rest, name)
        middle = (curve.steps < 0.05) & (curve.truncation > 100 * curve.rounding)
        np.testing.assert_allclose(curve.difference[middle], curve.truncation[middle], rtol=0.05)
        small = curve.steps < 1e-9
        assert (curve.difference[small] < 30 * curve.rounding[small]).all()
        best = curve.steps[np.argmin(curve.truncation + curve.rounding)]
        assert 1e-7 < best < 1e-3
        assert curve.difference.min() < 1e-9


def test_where_a_cost_has_no_value_there_is_nan_and_no_warning():
    network, _parameters, inputs, targets = _problem((1, 1), ("identity",), cost="cross-entropy")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        curve = step_curve(network, [1e-3, 0.5], inputs * 0 + 0.5, targets, "b1", [10.0, 1e-3])
    assert np.isnan(curve.difference).tolist() == [True, False]


def test_many_samples_are_taken_in_parts():
    network, parameters, inputs, targets = _problem(samples=50_000)
    curve = step_curve(network, parameters, inputs, targets, "w1.1.1", [1e-3, 1e-5])
    whole = check_gradient(network, parameters, inputs, targets, h=1e-5)
    assert curve.numerical[1] == pytest.approx(whole.numerical[0], rel=1e-9)


def test_the_table_has_a_row_for_each_parameter():
    network, parameters, inputs, targets = _problem()
    check = check_gradient(network, parameters, inputs, targets)
    truth = oracle.gradient(network.layers, network.activations, network.cost, parameters, inputs, targets)
    np.testing.assert_allclose(check.analytic, truth, rtol=1e-10, atol=1e-13)
    assert check.difference.shape == (network.parameter_count,)
    assert check.difference.max() < 1e-9


def test_a_parameter_that_does_not_exist():
    with pytest.raises(NetworkError, match="x"):
        step_curve(*_problem(), "x.1")
