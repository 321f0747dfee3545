"""Tidying: every step equal, explained, and nothing that a learner knows by its shape is lost."""

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Number
from chainrule_gui.model.tidy import number, rational, tidied
from tests.model.random_expressions import random_expression


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("0*x + 1*x", "x"), ("x - 0", "x"), ("0 - x", "-x"), ("x/1", "x"), ("x^1", "x"), ("x^0", "1"), ("--x", "x"),
        ("x + -y", "x - y"), ("x - -y", "x + y"), ("(-x)*(-y)", "x*y"), ("(-x)/y", "-x/y"), ("x*-y", "-x*y"),
        ("4*x^3*3", "12*x^3"), ("x*3", "3*x"), ("2*x/4", "x/2"), ("4/2", "2"), ("2/4", "1/2"), ("1/2 - 1", "-1/2"),
        ("x^(1/2 - 1)", "x^(-1/2)"), ("0.1*3*x", "0.3*x"), ("1/2*x", "x/2"), ("(1/v)*x", "x/v"), ("a/b/c", "a/(b*c)"),
        ("x*x", "x^2"), ("x^2*x", "x^3"), ("(x^2)^2", "x^4"), ("x/x^4", "1/x^3"), ("x*(1/x)", "1"), ("x + x", "2*x"),
        ("3x - x", "2*x"), ("x - x", "0"), ("x - 3x", "-2*x"), ("x + 2 + 3", "x + 5"), ("2^3", "8"),
        ("x/3 + 2/3*x", "x/3 + 2*x/3"),
        ("sigma(x)*(1 - sigma(x))", "sigmoid(x)*(1 - sigmoid(x))"), ("x + y", "x + y"), ("2*(x + 1)", "2*(x + 1)"),
        ("1e300*x*1e300", "1e+300*x*1e+300"),
    ],
)  # fmt: skip
def test_tidy_forms(text, tidy):
    steps = tidied(parse(text))
    assert to_text(steps[-1].after if steps else parse(text)) == tidy


@given(st.integers(0, 10**6))
def test_every_tidying_step_is_equal_and_the_last_form_stays(seed):
    tree = random_expression(Random(seed), 5)
    x = np.array([0.7, -0.45, 1.6])
    form = tree
    for step in tidied(tree):
        assert step.before == form
        assert step.rule.startswith("tidy-")
        before, after = (evaluate(side, {"x": x}) + 0 * x for side in (step.before, step.after))
        known = np.isfinite(before) & (np.abs(before) < 1e6)
        assert before[known] == pytest.approx(after[known], rel=1e-6, abs=1e-6)
        form = step.after
    assert tidied(form) == ()


@given(st.fractions(-1000, 1000, max_denominator=1000))
def test_numbers_go_there_and_back(value):
    written = number(value)
    assert rational(written) == value
    assert math.isclose(evaluate(written, {}), value)


def test_decimals_are_what_they_say():
    assert rational(Number(0.1)) == Fraction(1, 10)
