"""Data held out and standardised only where asked, with everything that was done to them kept as data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import Descent, Network, forward
from chainrule_gui.model.data import DataError, Dataset, dataset
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.preparation import Scaling, prepare
from tests.model.network import oracle


@given(st.integers(1, 60), st.floats(0, 0.99), st.integers(0, 9))
def test_every_sample_is_in_one_of_the_two_parts(count, share, seed):
    whole = Dataset("a", np.arange(count, dtype=float)[:, None], np.arange(count, dtype=float)[:, None] * 2)
    prepared, same = prepare(whole, share, seed), prepare(whole, share, seed)
    parts = [prepared.train.inputs, *([prepared.test.inputs] if prepared.test else [])]
    assert sorted(np.concatenate(parts)[:, 0]) == list(range(count))
    assert len(prepared.train.inputs) >= 1
    assert len(prepared.test_rows) == min(round(share * count), count - 1)
    np.testing.assert_array_equal(prepared.rows, same.rows)
    np.testing.assert_array_equal(prepared.train.targets, prepared.train.inputs * 2)
    assert prepared.scaling is None


def test_without_being_asked_nothing_is_done():
    whole = dataset("circles")
    prepared = prepare(whole)
    np.testing.assert_array_equal(prepared.train.inputs, whole.inputs)
    assert prepared.test is None


def test_inputs_are_standardised_by_the_training_samples_alone():
    random = np.random.default_rng(0)
    inputs = random.normal([5.0, -2.0, 3.0], [2.0, 0.1, 0.0], (80, 3))
    prepared = prepare(Dataset("a", inputs, inputs[:, :1]), 0.25, 1, standardised=True)
    seen = prepared.train.inputs
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(seen.std(axis=0)[:2], 1, rtol=1e-12)
    assert prepared.scaling.scale[2] == 1.0
    train = inputs[prepared.rows]
    np.testing.assert_allclose(prepared.scaling.mean, train.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(prepared.scaling.undo(prepared.test.inputs), inputs[prepared.test_rows], rtol=1e-12)
    np.testing.assert_array_equal(prepared.train.targets, inputs[prepared.rows, :1])
    shown = evaluate(prepared.scaling.formula(1, "x2"), {"x2": float(train[3, 1])})
    assert shown == pytest.approx(seen[3, 1], rel=1e-14)


def test_a_changed_value_keeps_split_and_scaling():
    whole = dataset("moons")
    prepared = prepare(whole, 0.3, 2, standardised=True)
    changed = prepared.with_value(7, 1, 0.125, target=False)
    assert changed.train.inputs[7, 1] == pytest.approx(0.125, rel=1e-13)
    assert changed.scaling is prepared.scaling
    np.testing.assert_array_equal(changed.rows, prepared.rows)
    np.testing.assert_array_equal(np.delete(changed.train.inputs, 7, 0), np.delete(prepared.train.inputs, 7, 0))
    assert prepared.with_value(7, 0, 0.5, target=True).train.targets[7, 0] == 0.5


@pytest.mark.parametrize(
    "options", [{"test_share": 1.0}, {"test_share": -0.1}, {"test_share": np.nan}, {"seed": -1},
                {"scaling": Scaling(np.zeros(3), np.ones(3))}],
)  # fmt: skip
def test_what_cannot_be_is_refused(options):
    with pytest.raises(DataError):
        prepare(dataset("xor"), **options)


@pytest.mark.parametrize("scale", [0.0, -1.0, np.nan])
def test_a_scale_must_be_above_zero(scale):
    with pytest.raises(DataError):
        Scaling(np.zeros(1), np.array([scale]))


def test_the_cost_of_what_is_held_out_at_any_steps():
    prepared = prepare(dataset("circles"), 0.25)
    network = Network((2, 3, 1), ("tanh", "sigmoid"), "cross-entropy")
    run = Descent(network, network.initial_parameters(0), prepared.train.inputs, prepared.train.targets, 0.5)
    for step in (0, 5, 50):
        found = forward(network, run.parameters_at(step), prepared.test.inputs, prepared.test.targets).cost
        expected = oracle.cost(
            network.layers, network.activations, network.cost, run.parameters_at(step),
            prepared.test.inputs, prepared.test.targets,
        )  # fmt: skip
        assert found == pytest.approx(float(expected), rel=1e-11)
