"""A contour against nothing but the calls of tanh and exp that computing every activation anew would take."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np
import pytest

from chainrule_gui.model import Network
from chainrule_gui.model.landscape import contour, contour_blocks

CELLS, SAMPLES = 129, 200
GRID = np.linspace(-4, 4, CELLS)


def _problem(samples=SAMPLES, layers=(2, 4, 2, 1)):
    random = np.random.default_rng(0)
    network = Network(layers, ("tanh",) * (len(layers) - 2) + ("sigmoid",))
    parameters = network.initial_parameters(seed=0)
    return network, parameters, random.normal(size=(samples, layers[0])), random.random((samples, 1))


def _bare(network):
    z = np.full(CELLS * SAMPLES, 0.3)
    a = np.empty_like(z)
    functions = [{"tanh": np.tanh, "sigmoid": np.exp}[key] for key in network.activations]
    for function, units in zip(functions, network.layers[1:], strict=True):
        for _call in range(CELLS * units):
            function(z, a)


@pytest.mark.parametrize(
    "of", [("w1.1.1", "w1.2.1"), ("w1.1.1", "w1.1.2"), ("w1.1.1", "w2.1.1"), ("w2.1.1", "w2.2.4"), ("w3.1.1", "b3.1")]
)
def test_a_contour_costs_at_most_1_6_times_the_bare_calls(benchmark, of):
    problem = _problem()
    times = []
    for _round in range(9):
        start = perf_counter()
        contour(*problem, of, GRID, GRID)
        middle = perf_counter()
        _bare(problem[0])
        times.append((middle - start, perf_counter() - middle))
    found = median(ours for ours, _bare in times) / median(bare for _ours, bare in times)
    benchmark.extra_info["ratio"] = found
    benchmark.pedantic(lambda: contour(*problem, of, GRID, GRID), rounds=3)
    assert found <= 1.6


@pytest.mark.parametrize(
    ("samples", "layers"), [(200, (2, 4, 2, 1)), (2000, (2, 16, 16, 16, 1)), (20_000, (2, 16, 16, 1))]
)
def test_no_block_keeps_the_window_waiting(benchmark, samples, layers):
    blocks = contour_blocks(*_problem(samples, layers), ("w1.1.1", "w2.1.1"), GRID, GRID)
    waits = []
    for _block in range(20):
        start = perf_counter()
        next(blocks)
        waits.append(perf_counter() - start)
    benchmark.extra_info["longest"] = max(waits)
    benchmark.pedantic(lambda: next(blocks), rounds=3)
    assert max(waits) < 0.1
