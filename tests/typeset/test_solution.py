"""The worked solution holds the numbers of forward pass, gradients and update, for any network."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule_gui.model.data import dataset, single_sample
from chainrule_gui.model.network import ACTIVATIONS
from chainrule_gui.model.network.optimisers import OPTIMISERS, UpdateRule
from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state
from chainrule_gui.session.takeaways import solution
from chainrule_gui.typeset.solution_files import solution_html, solution_pdf
from chainrule_gui.typeset.typst_markup import short_markup, value_markup


def _everything(content):
    return [
        item["math"]
        for part in content["sections"]
        for block in part["blocks"]
        for item in ([block] if block["kind"] == "math" else [c for row in block.get("rows", []) for c in row])
        if "math" in item
    ]


@st.composite
def _states(draw):
    layers = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    keys = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _layer in layers[1:]]
    cost = draw(st.sampled_from(["squared-error", "cross-entropy"]))
    if cost == "cross-entropy":
        keys[-1] = "sigmoid"
    samples = st.lists(st.floats(-2, 2), min_size=layers[0], max_size=layers[0])
    data = single_sample(draw(samples), [1.0] * layers[-1])
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), data)
    state = edits.architecture_edited(state, layers, keys, cost)
    state = edits.optimiser_chosen(state, UpdateRule(draw(st.sampled_from(sorted(OPTIMISERS)))))
    name = draw(st.sampled_from(state.network.network.parameter_names))
    return edits.advanced(edits.parameter_frozen(state, name, draw(st.booleans())), draw(st.integers(0, 3)))


@settings(max_examples=25)
@given(_states())
def test_every_number_is_in_it_and_it_compiles(state):
    content = solution(state)
    written = " | ".join(_everything(content))
    frame = resolve(state).network
    for values in (*frame.trace.z, *frame.trace.a, *frame.gradients.delta, frame.gradients.flat[None]):
        for value in values.ravel():
            assert short_markup(float(value)) in written
    assert value_markup(frame.trace.cost, digits=4).rstrip("0") in written or short_markup(frame.trace.cost) in written
    assert solution_pdf(content).startswith(b"%PDF")
    assert b"<math" in solution_html(content)


def test_a_large_network_over_many_samples():
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), dataset("circles"))
    state = edits.architecture_edited(state, (2, 8, 8, 1), ("relu", "tanh", "sigmoid"), "squared-error")
    content = solution(edits.batch_edited(state, 16))
    text = str(content)
    assert "… and 188 more samples." in text
    assert "batch of 16 samples" in text
    assert len(re.findall(rb"/Type\s*/Page\b", solution_pdf(content))) > 3


def test_a_network_that_fills_hundreds_of_pages_is_refused():
    state = edits.architecture_edited(initial_state(), (1, 16, 16, 16, 1), ("tanh",) * 4, "squared-error")
    with pytest.raises(ValueError, match="593 parameters"):
        solution(edits.subject_chosen(state, "network"))


def test_a_step_that_leaves_the_numbers_is_said():
    state = edits.learning_rate_edited(edits.subject_chosen(initial_state(), "network"), 1e308)
    state = edits.architecture_edited(state, (1, 1), ("identity",), "squared-error")
    state = edits.parameter_edited(state, "w1", 1e10)
    content = solution(state)
    assert "After the step the cost has no value" in str(content)
    assert solution_pdf(content).startswith(b"%PDF")


def test_sigmoid_and_cross_entropy_cancel_and_that_is_shown():
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), single_sample([0.5], [1.0]))
    state = edits.architecture_edited(state, (1, 1), ("sigmoid",), "cross-entropy")
    backward = next(part for part in solution(state)["sections"] if part["title"] == "Backward pass")
    assert "frac(hat(y) - y, hat(y) dot.op (1 - hat(y))) dot.op hat(y) dot.op (1 - hat(y)) = hat(y) - y" in str(
        backward
    )


@pytest.mark.parametrize("value", [0.5, -0.5, -0.0, 1.0, 0.1 + 0.2, 1e-7, 123456.0, 1 / 3])
def test_a_number_is_shortened_only_where_nothing_is_lost(value):
    text = short_markup(value)
    if "times" not in text and len(text.lstrip("-")) < len(value_markup(abs(value))):
        assert float(text) == value
    assert text != "-0"
