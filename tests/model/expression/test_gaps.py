"""Where along an axis a function or its derivative has no value."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.gaps import gaps
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.solution import explain
from tests.model.random_expressions import random_expression


def along(text, low=-6.0, high=6.0, **others):
    tree = parse(text)
    return gaps(tree, explain(tree).result, "x", low, high, others)


ROOT = math.sqrt(2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin x", []),
        ("1/exp(x)", []),
        ("x^2", []),
        ("log x", [(-6, 0)]),
        ("log(x + 1.7)", [(-6, -1.7)]),
        ("asin(x/2)", [(-6, -2), (2, 6)]),
        ("|x|", [(0, 0)]),
        ("|x^2 - 2|", [(-ROOT, -ROOT), (ROOT, ROOT)]),
        ("relu(x - pi)", [(math.pi, math.pi)]),
        ("1/x", [(0, 0)]),
        ("1/(x - 0.123456)", [(0.123456, 0.123456)]),
        ("1/(x^2 - 2)", [(-ROOT, -ROOT), (ROOT, ROOT)]),
        ("x^-2", [(0, 0)]),
        ("tan x", [(n * math.pi / 2, n * math.pi / 2) for n in (-3, -1, 1, 3)]),
        ("sqrt(x^2)", [(0, 0)]),
        ("log|x^2 - 2|", [(-ROOT, -ROOT), (ROOT, ROOT)]),
        ("relu(x-1.5) + ln(x+2)", [(-6, -2), (1.5, 1.5)]),
        ("log(-1 - x^2)", [(-6, 6)]),
        ("1/0", [(-6, 6)]),
    ],
)
def test_where_something_is_missing(text, expected):
    found = along(text)
    assert [(gap.low, gap.high) for gap in found] == [pytest.approx(pair, abs=1e-9) for pair in expected]
    assert all(gap.why.endswith(".") for gap in found)


@pytest.mark.parametrize(
    ("text", "words", "has_value"),
    [
        ("log x", "domain is x > 0", False),
        ("|x|", "slope jumps", True),
        ("1/(x^2 - 3)", "denominator is 0", False),
        ("tan x", "tan has no value", False),
        ("x/|x - pi|", "denominator is 0", False),
        ("|x^2 - 3|", "abs has no derivative at 0", True),
    ],
)
def test_what_is_said(text, words, has_value):
    gap = along(text)[0]
    assert words in gap.why
    assert gap.has_value == has_value


def test_other_variables_have_their_values():
    assert [(gap.low, gap.high) for gap in along("log(x + w)", w=2.0)] == [(-6.0, -2.0)]


def test_poles_without_end_are_cut_off():
    assert 5 < len(along("tan(1/x)", -1.0, 1.0)) <= 61


@given(st.integers(0, 10**6))
def test_in_a_gap_there_are_no_values_and_beside_it_there_are(seed):
    tree = random_expression(Random(seed), 4)
    derivative = explain(tree).result
    found = gaps(tree, derivative, "x", -3.0, 3.0, {})
    x = np.random.default_rng(seed).uniform(-3, 3, 200)
    known = np.isfinite(evaluate(tree, {"x": x})) & np.isfinite(evaluate(derivative, {"x": x}))
    in_gap = np.zeros(200, dtype=bool)
    near_end = np.zeros(200, dtype=bool)
    for gap in found:
        in_gap |= (gap.low < x) & (x < gap.high)
        near_end |= (np.abs(x - gap.low) < 0.01) | (np.abs(x - gap.high) < 0.01)
    # Where a function changes its domain faster than it is sampled, a few points are on the wrong side.
    assert (in_gap == known)[~near_end].mean() <= 0.05 if (~near_end).any() else True
