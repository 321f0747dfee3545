"""δ unfolded, paths gathered, samples averaged: all of them add up to autograd's gradient."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.network import Network, NetworkError, all_paths, backward, derivation, forward
from chainrule_gui.model.network.deltas import output_pair, path_groups, sample_derivatives, unfold
from tests.model.network import oracle


def _problem(layers, activations, cost, seed, samples=4):
    random = np.random.default_rng(seed)
    network = Network(layers, activations, cost)
    parameters = random.normal(size=network.parameter_count)
    trace = forward(network, parameters, random.normal(size=(samples, layers[0])), random.random((samples, layers[-1])))
    return network, parameters, trace, backward(network, parameters, trace)


@st.composite
def _problems(draw):
    layers = tuple(draw(st.lists(st.integers(1, 3), min_size=2, max_size=5)))
    activations = [draw(st.sampled_from(sorted(oracle.ACTIVATIONS))) for _layer in layers[1:]]
    cost = draw(st.sampled_from(["squared-error", "cross-entropy"]))
    if cost == "cross-entropy":
        activations[-1] = "sigmoid"
    problem = _problem(layers, activations, cost, draw(st.integers(0, 999)))
    return problem, draw(st.sampled_from(problem[0].parameter_names)), draw(st.integers(0, 3))


def _truth(network, parameters, trace, of, sample):
    return oracle.gradient(
        network.layers, network.activations, network.cost, parameters,
        trace.inputs[sample : sample + 1], trace.targets[sample : sample + 1],
    )[network.parameter_index(of)]  # fmt: skip


@given(_problems())
def test_unfolding_gives_autograds_gradient_at_every_level(found):
    (network, parameters, trace, gradients), of, sample = found
    unfolding = unfold(network, parameters, trace, gradients, of, sample)
    assert unfolding.value == pytest.approx(_truth(network, parameters, trace, of, sample), rel=1e-10, abs=1e-13)
    assert len(unfolding.levels[0]) == 1
    assert unfolding.levels[0][0].name == unfolding.delta
    for level, above in zip(unfolding.levels, (*unfolding.levels[1:], ()), strict=True):
        values = {delta.name: delta.value for delta in above}
        for delta in level:
            assert delta.value == pytest.approx(delta.arriving * delta.slope, rel=1e-9, abs=1e-13)
            assert {term.delta for term in delta.terms} == set(values)
            assert all(term.delta_value == values[term.delta] for term in delta.terms)
            if delta.terms:
                assert delta.arriving == pytest.approx(sum(term.product for term in delta.terms), rel=1e-12, abs=1e-15)


@given(_problems())
def test_groups_add_up_to_the_gradient_in_every_layer_and_count_every_path(found):
    (network, parameters, trace, gradients), of, sample = found
    whole = derivation(network, parameters, trace, of, sample)
    first = int(of[1])
    for layer in range(first, network.depth + 1):
        groups = path_groups(network, parameters, trace, gradients, of, layer, sample)
        total = math.fsum(group.value for group in groups)
        assert total == pytest.approx(_truth(network, parameters, trace, of, sample), rel=1e-9, abs=1e-12)
        assert sum(group.count for group in groups) == whole.chain_count
        for group in groups:
            paths = [
                chain.product for chain in all_paths(network, parameters, trace, of, sample)
                if any(link.wrt == group.z for link in chain.links)
            ]  # fmt: skip
            assert len(paths) == group.count
            assert group.value == pytest.approx(math.fsum(paths), rel=1e-8, abs=1e-12)


@given(_problems())
def test_the_mean_over_the_samples_is_the_gradient(found):
    (network, parameters, trace, gradients), of, sample = found
    each = sample_derivatives(network, trace, gradients, of)
    assert each.mean() == pytest.approx(gradients.flat[network.parameter_index(of)], rel=1e-10, abs=1e-14)
    assert each[sample] == pytest.approx(_truth(network, parameters, trace, of, sample), rel=1e-10, abs=1e-13)
    opened = derivation(network, parameters, trace, of, sample)
    assert each[sample] == pytest.approx(opened.derivative_value, rel=1e-10, abs=1e-14)


def test_a_large_network_is_gathered_not_listed():
    problem = _problem((8,) + (16,) * 7 + (1,), "tanh", "squared-error", 0)
    groups = path_groups(*problem, "w1.3.2", 4)
    assert len(groups) == 16
    assert sum(group.count for group in groups) == 16**6
    assert len(unfold(*problem, "w1.3.2").levels) == 8


@pytest.mark.parametrize(
    ("activation", "cost"),
    [
        ("sigmoid", "cross-entropy"),
        ("sigmoid", "squared-error"),
        ("identity", "squared-error"),
        ("tanh", "squared-error"),
    ],
)
def test_the_pair_of_cost_and_activation_gives_delta(activation, cost):
    network, _parameters, trace, gradients = _problem((1, 1), activation, cost, 3, samples=1)
    steps = output_pair(network)
    assert [(step.of, step.wrt) for step in steps] == [("J", "y_hat"), ("y_hat", "z1"), ("J", "z1"), ("J", "z1")]
    values = {"y_hat": trace.y_hat[0, 0], "y": trace.targets[0, 0], "z1": trace.z[0][0, 0]}
    found = [float(evaluate(step.formula, values)) for step in steps]
    assert found[0] * found[1] == pytest.approx(found[2], rel=1e-12)
    assert found[2] == pytest.approx(gradients.delta[0][0, 0], rel=1e-12)
    assert found[3] == pytest.approx(gradients.delta[0][0, 0], rel=1e-12)
    assert ("cancels" in steps[3].because) == (cost == "cross-entropy")


def test_delta_has_a_value_where_the_output_is_rounded_to_one():
    network = Network((1, 1), "sigmoid", "cross-entropy")
    trace = forward(network, [800.0, 0.0], [[1.0]], [[0.0]])
    gradients = backward(network, [800.0, 0.0], trace)
    delta = unfold(network, [800.0, 0.0], trace, gradients, "w1").levels[0][0]
    assert (delta.arriving, delta.value) == (None, 1.0)


def test_what_does_not_exist_is_said():
    problem = _problem((1, 2, 1), "tanh", "squared-error", 0)
    with pytest.raises(NetworkError, match="x"):
        unfold(*problem, "x.1")
    with pytest.raises(NetworkError, match="sample 5"):
        unfold(*problem, "w1.1.1", 4)
    with pytest.raises(NetworkError, match="layer 1"):
        path_groups(*problem, "w2.1.1", 1)
