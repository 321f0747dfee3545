"""What scripts rely on, word for word as it is promised."""

import numpy as np
import pytest

from chainrule_gui.model import Descent, Network, backward, derive, forward, parse


def test_the_promised_calls():
    inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    assert derive(parse("log(2+cos(x))"), wrt="x").value(x=1.0) == pytest.approx(-np.sin(1) / (2 + np.cos(1)))
    net = Network(layers=(2, 4, 2, 1), activations=("tanh", "tanh", "sigmoid"), cost="squared-error")
    run = Descent(net, net.initial_parameters(seed=0), inputs, targets, learning_rate=0.1)
    before = run.cost
    run.step(100)
    assert run.cost < before
    assert run.parameters.shape == (len(net.parameter_names),)
    assert run.parameters.dtype == np.float64
    trace = forward(net, run.parameters, inputs, targets)
    assert trace.cost == run.cost
    assert backward(net, run.parameters, trace).flat.shape == run.parameters.shape
