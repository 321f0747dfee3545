"""The schemes of initial values: seeded, spread as their formulas say, and the default as it always was."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.model import Network, NetworkError, backward, forward
from chainrule_gui.model.network.initial_values import SCHEMES

WIDE = Network((16,) * 9)


def _weights(scheme):
    """Weights from many seeds, all of layers with 16 units before and 16 units."""
    return np.concatenate(
        [np.concatenate([part.ravel() for part in WIDE.weights(WIDE.initial_parameters(seed, scheme))])
         for seed in range(10)]
    )  # fmt: skip


def test_the_default_is_what_it_always_was():
    network = Network((2, 3, 1))
    expected = [0.09, -0.09, 0.45, 0.07, -0.38, 0.26, 0.0, 0.0, 0.0, 0.75, 0.55, -0.41, 0.0]
    assert network.initial_parameters(seed=0).tolist() == expected
    assert network.initial_parameters(0, "rounded").tolist() == expected


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_same_seed_gives_the_same_values_and_biases_are_equal(scheme):
    one, same = WIDE.initial_parameters(3, scheme), WIDE.initial_parameters(3, scheme)
    np.testing.assert_array_equal(one, same)
    assert len({float(bias) for part in WIDE.biases(one) for bias in part}) == 1


@pytest.mark.parametrize(
    ("scheme", "variance", "bound"),
    [
        ("rounded", 1 / 16, None),
        ("normal", 1.0, None),
        ("uniform", 1 / 3, 1.0),
        ("xavier", 2 / 32, np.sqrt(6 / 32)),
        ("he", 2 / 16, None),
    ],
)
def test_weights_are_spread_as_the_formula_says(scheme, variance, bound):
    weights = _weights(scheme)
    assert abs(weights.mean()) < 4 * np.sqrt(variance / len(weights))
    assert weights.var() == pytest.approx(variance, rel=0.06)
    if bound is not None:
        assert 0.97 * bound < np.abs(weights).max() <= bound


def test_equal_values_give_equal_gradients_within_a_layer():
    network = Network((2, 3, 1))
    parameters = network.initial_parameters(0, "equal")
    assert set(parameters) == {0.5}
    trace = forward(network, parameters, [[0.3, -0.8], [1.0, 0.2]], [[1.0], [0.0]])
    dW = backward(network, parameters, trace).dW[0]
    np.testing.assert_array_equal(dW, np.broadcast_to(dW[0], dW.shape))


def test_a_scheme_that_does_not_exist_is_said():
    with pytest.raises(NetworkError, match="lecun"):
        WIDE.initial_parameters(0, "lecun")
