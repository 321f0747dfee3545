"""The programs that a learner takes away print the costs of the app's own run."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import Descent, Network
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.optimisers import OPTIMISERS, UpdateRule
from chainrule_gui.typeset.code_export import Training, numpy_script, pytorch_script


def _costs(training):
    run = Descent(
        training.network, training.parameters, training.inputs, training.targets, training.rates[0][1],
        batch=training.batch, seed=training.seed, optimiser=training.rule, frozen=training.frozen,
    )  # fmt: skip
    for first, rate in training.rates[1:]:
        run = run.branch(first, rate)
    return run.costs(training.steps)


def _printed(text):
    heading, *lines = text.splitlines()
    assert heading.split() == ["step", "cost"]
    assert [int(line.split()[0]) for line in lines] == list(range(len(lines)))
    return np.array([float(line.split()[1]) for line in lines])


def _run_here(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), np.errstate(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return _printed(out.getvalue())


def _training(layers=(2, 3, 1), activations=("tanh", "sigmoid"), cost="squared-error", data="xor", **options):
    network = Network(layers, activations, cost)
    samples = dataset(data)
    start = network.initial_parameters(seed=3)
    return Training(network, start, samples.inputs, samples.targets, **({"rates": ((0, 0.3),), "steps": 25} | options))


@st.composite
def _trainings(draw):
    single = draw(st.booleans())
    layers = (1,) * draw(st.integers(2, 4)) if single else (2, *draw(st.lists(st.integers(1, 3), max_size=2)), 1)
    cost = draw(st.sampled_from(["squared-error", "cross-entropy"]))
    activations = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _layer in layers[1:]]
    if cost == "cross-entropy":
        activations[-1] = "sigmoid"
    network = Network(layers, activations, cost)
    return _training(
        layers,
        activations,
        cost,
        "line" if single else "xor",
        batch=draw(st.sampled_from([None, 3])),
        seed=draw(st.integers(0, 50)),
        rates=draw(st.sampled_from([((0, 0.1),), ((0, 0.1), (5, 0.02))])),
        rule=UpdateRule(draw(st.sampled_from(sorted(OPTIMISERS)))),
        frozen=frozenset(draw(st.lists(st.sampled_from(network.parameter_names), max_size=2))),
    )


@given(_trainings())
def test_numpy_prints_the_costs_of_the_run(training):
    np.testing.assert_allclose(_run_here(numpy_script(training)), _costs(training), rtol=1e-12, atol=1e-15)


@given(_trainings())
def test_pytorch_is_a_program_that_compiles(training):
    compile(pytorch_script(training), "script.py", "exec")


@given(_trainings())
def test_pytorch_prints_the_costs_of_the_run(training):
    pytest.importorskip("torch")
    np.testing.assert_allclose(_run_here(pytorch_script(training)), _costs(training), rtol=1e-11, atol=1e-14)


def test_cross_entropy_of_outputs_that_are_not_sigmoids():
    training = replace(
        _training((1, 1), ("softplus",), "cross-entropy", "line", rates=((0, 1e-3),)), parameters=np.array([0.1, -0.5])
    )
    np.testing.assert_allclose(_run_here(numpy_script(training)), _costs(training), rtol=1e-12)


@pytest.mark.parametrize(
    "training",
    [
        _training((1, 1, 1), "sigmoid", data="lesson"),
        _training((2, 4, 2, 1), ("tanh", "tanh", "sigmoid"), "cross-entropy", "circles", batch=32,
                  rule=UpdateRule("adam"), frozen=frozenset({"w1.1.1", "b2.2"}), rates=((0, 0.05),)),
    ],
    ids=["lesson", "circles"],
)  # fmt: skip
def test_the_numpy_program_runs_alone(tmp_path, training):
    path = tmp_path / "network.py"
    path.write_text(numpy_script(training), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-W", "error", str(path)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    np.testing.assert_allclose(_printed(done.stdout), _costs(training), rtol=1e-12)


def test_saturated_units_give_no_warning():
    training = _training()
    far = replace(training, parameters=training.parameters * 3000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = io.StringIO()
        with contextlib.redirect_stdout(out), np.errstate():
            exec(compile(numpy_script(far), "script.py", "exec"), {"__name__": "__main__"})
    np.testing.assert_allclose(_printed(out.getvalue()), _costs(far), rtol=1e-12)


def test_a_program_that_diverges_says_where():
    training = _training((1, 1), ("identity",), data="line", rates=((0, 1e6),), steps=400)
    with pytest.raises(SystemExit, match="diverged at step"):
        _run_here(numpy_script(training))


def test_the_names_are_the_lessons():
    script = numpy_script(_training((1, 1, 1), "sigmoid", data="lesson"))
    for line in ("z1 = w1 * x + b1", "z2 = w2 * a1 + b2", "delta2 = (y_hat - y) * y_hat * (1 - y_hat) / len(x)"):
        assert line in script
