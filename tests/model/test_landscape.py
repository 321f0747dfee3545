"""Slices and contours of the cost against autograd's cost, one combination of values at a time."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import Network, NetworkError
from chainrule_gui.model.landscape import contour, contour_blocks, cost_slice
from chainrule_gui.model.network import cost_grid
from tests.model.network import oracle


def _problem(layers, seed, samples=5, **options):
    random = np.random.default_rng(seed)
    network = Network(layers, **options)
    parameters = random.normal(0, 1, network.parameter_count)
    return network, parameters, random.normal(0, 1, (samples, layers[0])), random.random((samples, layers[-1]))


def _expected(network, parameters, inputs, targets, changes):
    shifted = parameters.copy()
    for name, value in changes.items():
        shifted[network.parameter_index(name)] = value
    return float(oracle.cost(network.layers, network.activations, network.cost, shifted, inputs, targets))


@st.composite
def _networks(draw):
    layers = tuple(draw(st.lists(st.integers(1, 3), min_size=2, max_size=5)))
    activations = [draw(st.sampled_from(sorted(oracle.ACTIVATIONS))) for _layer in layers[1:]]
    kind = draw(st.sampled_from(["squared-error", "cross-entropy"]))
    if kind == "cross-entropy":
        activations[-1] = "sigmoid"
    problem = _problem(layers, draw(st.integers(0, 999)), activations=activations, cost=kind)
    names = problem[0].parameter_names
    chosen = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
    return problem, chosen


@given(_networks(), st.sampled_from([3, 40, 1 << 16]), st.sampled_from([0, 1 << 20]))
def test_every_cell_is_the_cost_with_those_two_values(found, at_once, kept):
    problem, names = found
    down, across = np.linspace(-2, 2, 4), np.linspace(-1, 3, 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost_grid, "_AT_ONCE", at_once)
        patch.setattr(cost_grid, "_KEPT", kept)
        costs = contour(*problem, tuple(names), down, across)
    expected = [[_expected(*problem, dict(zip(names, (a, b), strict=True))) for b in across] for a in down]
    np.testing.assert_allclose(costs, expected, rtol=1e-10, atol=1e-13)


@given(_networks(), st.sampled_from([3, 1 << 16]))
def test_a_slice_is_the_cost_along_one_parameter_with_its_tangent_and_step(found, at_once):
    problem, (name, _other) = found
    network, parameters, inputs, targets = problem
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost_grid, "_AT_ONCE", at_once)
        along = cost_slice(*problem, name, np.linspace(-3, 3, 7), 0.4)
    expected = [_expected(*problem, {name: value}) for value in along.values]
    np.testing.assert_allclose(along.costs, expected, rtol=1e-10, atol=1e-13)
    index = network.parameter_index(name)
    gradient = oracle.gradient(network.layers, network.activations, network.cost, parameters, inputs, targets)
    assert along.value == parameters[index]
    assert along.slope == pytest.approx(gradient[index], rel=1e-9, abs=1e-12)
    assert along.move == pytest.approx(-0.4 * gradient[index], rel=1e-9, abs=1e-12)
    assert along.landing_cost == pytest.approx(_expected(*problem, {name: along.landing}), rel=1e-10, abs=1e-13)
    assert along.tangent(along.value) == pytest.approx(along.cost, rel=1e-12)
    assert along.why is None


def test_a_step_that_overshoots_lands_higher():
    network = Network((1, 1), "identity")
    along = cost_slice(network, [2.0, 0.0], [[1.0]], [[0.0]], "w1", [0.0], 3.0)
    assert (along.cost, along.slope, along.landing, along.landing_cost) == (2.0, 2.0, -4.0, 8.0)


def test_an_optimisers_own_step_can_be_shown():
    network = Network((1, 1), "identity")
    along = cost_slice(network, [2.0, 0.0], [[1.0]], [[0.0]], "w1", [0.0], 3.0, move=-1.0)
    assert (along.landing, along.landing_cost) == (1.0, 0.5)


def test_where_the_cost_has_no_value_there_is_nan_and_a_reason():
    problem = _problem((1, 2, 1), 0, activations="identity")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        along = cost_slice(*problem, "w1.1.1", [0.0, 1e200, -1e308], 1e308)
        blocks = list(contour_blocks(*problem, ("w1.1.1", "w2.1.1"), [0.0, 1e160], [0.0, 1e160]))
    assert np.isnan(along.costs).tolist() == [False, True, True]
    assert math.isnan(along.landing_cost)
    assert "too large" in along.why
    assert any("too large" in block.why for block in blocks if block.why)
    costs = np.full((2, 2), -1.0)
    for block in blocks:
        costs[block.rows, block.columns] = block.costs
    assert np.isnan(costs).tolist() == [[False, True], [False, True]]


def test_cross_entropy_of_outputs_outside_its_range_says_what_to_do():
    problem = _problem((1, 1), 0, activations="identity", cost="cross-entropy")
    along = cost_slice(*problem, "b1", [-50.0, 50.0], 0.1)
    assert np.isnan(along.costs).all()
    assert "sigmoid" in along.why


def test_a_contour_needs_two_parameters():
    problem = _problem((1, 1), 0)
    with pytest.raises(NetworkError, match="two different"):
        contour(*problem, ("w1", "w1"), [0.0], [0.0])
    with pytest.raises(NetworkError, match="x"):
        contour(*problem, ("w1", "x"), [0.0], [0.0])


def test_many_samples_are_worked_through_in_small_blocks():
    problem = _problem((2, 16, 16, 1), 0, samples=20_000)
    blocks = contour_blocks(*problem, ("w1.1.1", "w1.2.1"), np.linspace(-1, 1, 65), np.linspace(-1, 1, 65))
    first = next(blocks)
    assert first.costs.size == 1
