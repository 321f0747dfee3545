"""Forward and backward pass against autograd, central differences, and the sum over all paths."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.gradient_check import check_gradient
from chainrule_gui.model.network import ACTIVATIONS, Network, NetworkError, all_paths, backward, derivation, forward
from tests.model.network import oracle

ACTIVATION = st.sampled_from(sorted(ACTIVATIONS))


@st.composite
def cases(draw):
    layers = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    cost = draw(st.sampled_from(["squared-error", "cross-entropy"]))
    activations = [draw(ACTIVATION) for _layer in layers[1:]]
    if cost == "cross-entropy":
        activations[-1] = "sigmoid"
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    network = Network(layers, tuple(activations), cost)
    count = draw(st.integers(1, 6))
    inputs = random.normal(size=(count, layers[0]))
    targets = random.uniform(size=(count, layers[-1]))
    return network, random.normal(size=network.parameter_count), inputs, targets


@given(cases())
def test_cost_and_gradient_are_autograds(case):
    network, parameters, inputs, targets = case
    trace = forward(network, parameters, inputs, targets)
    arguments = (network.layers, network.activations, network.cost, parameters, inputs, targets)
    assert trace.cost == pytest.approx(float(oracle.cost(*arguments)), rel=1e-10)
    gradient = backward(network, parameters, trace).flat
    np.testing.assert_allclose(gradient, oracle.gradient(*arguments), rtol=1e-8, atol=1e-12)


@given(cases())
def test_gradient_check_agrees_by_central_differences(case):
    network, parameters, inputs, targets = case
    trace = forward(network, parameters, inputs, targets)
    near_kink = any(np.abs(z).min() < 1e-3 for z in trace.z)
    check = check_gradient(network, parameters, inputs, targets)
    if not near_kink:
        scale = max(1.0, np.abs(check.analytic).max())
        assert check.difference.max() < 1e-5 * scale


@given(cases(), st.data())
def test_sum_over_all_paths_is_backpropagations_value(case, data):
    network, parameters, inputs, targets = case
    trace = forward(network, parameters, inputs[:1], targets[:1])
    gradients = backward(network, parameters, trace)
    name = data.draw(st.sampled_from(network.parameter_names))
    expected = gradients.flat[network.parameter_index(name)]
    found = derivation(network, parameters, trace, name, sample=0)
    assert found.derivative_value == pytest.approx(expected, rel=1e-12, abs=1e-15)
    products = [chain.product for chain in all_paths(network, parameters, trace, name, sample=0)]
    size = sum(abs(product) for product in products)
    assert len(products) == found.chain_count
    assert math.fsum(products) == pytest.approx(expected, rel=1e-12, abs=1e-12 * max(size, 1e-3))


def test_the_lessons_network_by_hand():
    network = Network((1, 1, 1))
    w1, b1, w2, b2, x, y = 0.78, 0.06, 0.07, 0.96, 0.5, 1.0
    a1 = 1 / (1 + math.exp(-(w1 * x + b1)))
    y_hat = 1 / (1 + math.exp(-(w2 * a1 + b2)))
    trace = forward(network, [w1, b1, w2, b2], [[x]], [[y]])
    assert network.parameter_names == ("w1", "b1", "w2", "b2")
    assert trace.cost == pytest.approx((y_hat - y) ** 2 / 2, rel=1e-14)
    found = derivation(network, np.array([w1, b1, w2, b2]), trace, "w2", sample=0)
    assert [link.key for link in found.links] == ["J/y_hat", "y_hat/z2", "z2/w2"]
    assert [link.value for link in found.links] == pytest.approx([y_hat - y, y_hat * (1 - y_hat), a1], rel=1e-14)


@pytest.mark.parametrize("cost", ["squared-error", "cross-entropy"])
@pytest.mark.parametrize("z", [-800.0, 800.0])
def test_saturated_outputs_give_numbers_and_no_warning(cost, z):
    network = Network((1, 1), ("sigmoid",), cost)
    trace = forward(network, [z, 0.0], [[1.0]], [[0.5]])
    assert np.isfinite(trace.cost)
    assert np.isfinite(backward(network, [z, 0.0], trace).flat).all()


def test_backward_twice_changes_nothing():
    network = Network((2, 3, 1), ("tanh",))
    parameters = network.initial_parameters(seed=1)
    trace = forward(network, parameters, [[0.1, 0.2]], [[0.3]])
    first, second = backward(network, parameters, trace), backward(network, parameters, trace)
    np.testing.assert_array_equal(first.flat, second.flat)


@pytest.mark.parametrize("layers", [(1,), (1, 0), (1, 17), (1,) * 10, (1, -1), (1, 10**9)])
def test_impossible_layers_are_refused(layers):
    with pytest.raises(NetworkError):
        Network(layers)


def test_largest_network_works():
    network = Network((16,) * 9, ("tanh",))
    parameters = network.initial_parameters(seed=0)
    trace = forward(network, parameters, np.ones((1, 16)), np.zeros((1, 16)))
    assert derivation(network, parameters, trace, "w1.1.1", sample=0).chain_count == 16**7
    assert np.isfinite(backward(network, parameters, trace).flat).all()


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.key)
def test_an_activation_that_says_so_may_overwrite_z(row):
    z = np.linspace(-3, 3, 13)
    expected = row.value(z)
    for operation in row.write_value(z, z):
        operation()
    assert np.array_equal(z, expected) == row.in_place
