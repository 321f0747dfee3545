"""One descent step against a textbook numpy loop, and against PyTorch where it is installed, in one run."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np
import pytest

from chainrule_gui.model import Descent, Network

SHAPES = [((1, 1, 1), 1), ((1, 1, 1), 100), ((2, 4, 2, 1), 200), ((2, 8, 8, 1), 500)]
STEPS = 600


def _problem(layers, count):
    random = np.random.default_rng(0)
    network = Network(layers)
    return (
        network,
        network.initial_parameters(seed=0),
        random.normal(size=(count, layers[0])),
        random.random((count, 1)),
    )


def _ours(network, parameters, inputs, targets):
    run = Descent(network, parameters, inputs, targets, 0.1)
    return lambda: run.step(STEPS)


def _textbook(network, parameters, inputs, targets):
    weights = [part.copy() for part in network.weights(parameters)]
    biases = [part.copy() for part in network.biases(parameters)]

    def step():
        activations = [inputs]
        for weight, bias in zip(weights, biases, strict=True):
            activations.append(1 / (1 + np.exp(-(activations[-1] @ weight.T + bias))))
        cost = 0.5 * np.mean(np.sum((activations[-1] - targets) ** 2, axis=1))
        delta = (activations[-1] - targets) * activations[-1] * (1 - activations[-1]) / len(inputs)
        for layer in reversed(range(len(weights))):
            dW, db = delta.T @ activations[layer], delta.sum(axis=0)
            if layer:
                delta = (delta @ weights[layer]) * activations[layer] * (1 - activations[layer])
            weights[layer] -= 0.1 * dW
            biases[layer] -= 0.1 * db
        return cost

    return lambda: [step() for _step in range(STEPS)]


def _pytorch(torch, network, parameters, inputs, targets):
    layers = []
    for weight, bias in zip(network.weights(parameters), network.biases(parameters), strict=True):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(weight), torch.tensor(bias)
        layers += [linear, torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.tensor(inputs), torch.tensor(targets)

    def step():
        optimiser.zero_grad()
        cost = 0.5 * ((model(x) - y) ** 2).sum(dim=1).mean()
        cost.backward()
        optimiser.step()

    return lambda: [step() for _step in range(STEPS)]


def _ratio(ours, theirs, rounds=9):
    ours(), theirs()
    times = []
    for _round in range(rounds):
        start = perf_counter()
        ours()
        middle = perf_counter()
        theirs()
        times.append(((middle - start), (perf_counter() - middle)))
    return median(first for first, _second in times) / median(second for _first, second in times)


@pytest.mark.parametrize(("layers", "count"), SHAPES)
def test_a_step_costs_at_most_seven_tenths_of_the_textbooks(benchmark, layers, count):
    problem = _problem(layers, count)
    found = _ratio(_ours(*problem), _textbook(*problem))
    benchmark.extra_info["ratio"] = found
    benchmark.pedantic(_ours(*problem), rounds=3)
    assert found <= 0.7


@pytest.mark.parametrize(("layers", "count"), SHAPES)
def test_a_step_is_many_times_faster_than_pytorchs(benchmark, layers, count):
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    problem = _problem(layers, count)
    found = 1 / _ratio(_ours(*problem), _pytorch(torch, *problem))
    benchmark.extra_info["times faster"] = found
    benchmark.pedantic(_ours(*problem), rounds=3)
    assert found >= (6 if layers == (2, 8, 8, 1) else 8)
