"""Samples of a run: spread evenly, the same however they were taken, in as much time as they are given."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.model.data import dataset
from chainrule_gui.model.descent import Descent
from chainrule_gui.model.network import Network, forward
from chainrule_gui.model.run_samples import MOST, RunSamples


@pytest.fixture
def trajectory():
    network, data = Network((2, 2, 1)), dataset("xor")
    return Descent(network, network.initial_parameters(seed=1), data.inputs, data.targets, 0.5)


@pytest.mark.parametrize("length", [0, 1, MOST - 1, MOST, 5 * MOST + 3])
def test_samples_are_the_parameters_of_their_steps(trajectory, length):
    samples = RunSamples(trajectory, lambda parameters: float(parameters.sum()))
    assert samples.extend(length, 60.0)
    steps, rows, sums = samples.upto(length)
    assert 0 < len(steps) <= MOST
    assert len(steps) == len(rows) == len(sums)
    assert steps[0] == 0
    assert len(set(np.diff(steps))) <= 1
    assert length - steps[-1] < max(1, np.diff(steps, prepend=-1).max())
    for step, row, total in zip(steps, rows, sums, strict=True):
        assert row.tolist() == trajectory.parameters_at(int(step)).tolist()
        assert total == row.sum()


def test_a_run_that_grows_gives_the_same_samples(trajectory):
    grown, at_once = RunSamples(trajectory), RunSamples(trajectory)
    for length in (3, 700, 701, 2000):
        assert grown.extend(length, 60.0)
    assert at_once.extend(2000, 60.0)
    for one, other in zip(grown.upto(2000), at_once.upto(2000), strict=True):
        assert one.tolist() == other.tolist()
    assert len(grown.upto(500)[0]) < len(grown.upto(2000)[0])


def test_it_stops_when_its_time_is_over_and_goes_on_later(trajectory):
    data = dataset("xor")
    samples = RunSamples(
        trajectory, lambda parameters: forward(Network((2, 2, 1)), parameters, data.inputs, data.targets).cost
    )
    assert not samples.extend(300, 0.0)
    while not samples.extend(300, 1e-4):
        pass
    assert samples.upto(300)[2].tolist() == trajectory.costs(300).tolist()
