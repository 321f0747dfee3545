"""A nudge through a function: changes against plain Python, the error's order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import derive, parse
from chainrule_gui.model.nudge import nudge


@given(x=st.floats(-3, 3), size=st.floats(-0.5, 0.5).filter(lambda size: abs(size) > 1e-6))
def test_changes_of_the_lessons_function_are_those_of_plain_python(x, size):
    found = nudge(derive(parse("log(2 + cos x)")).at(x=x), size)
    assert [change.name for change in found.changes] == ["x", "u", "h"]
    inner = math.cos(x + size) - math.cos(x)
    outer = math.log(2 + math.cos(x + size)) - math.log(2 + math.cos(x))
    assert found.of("u").change == pytest.approx(inner, abs=1e-14)
    assert found.of("h").change == pytest.approx(outer, abs=1e-14)
    assert found.of("h").linear == pytest.approx(-math.sin(x) / (2 + math.cos(x)) * size, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("text", ["log(2 + cos x)", "exp(sin(x^2))", "x sin x", "sigmoid(3x)^2", "x^x"])
def test_the_error_shrinks_with_the_square_of_the_nudge(text):
    found = nudge(derive(parse(text)).at(x=0.8), 0.1)
    middle = (found.sizes < 1e-2) & (found.sizes > 1e-5)
    order = np.polyfit(np.log10(found.sizes[middle]), np.log10(found.errors[middle]), 1)[0]
    assert order == pytest.approx(2, abs=0.05)


def test_what_the_variable_does_not_reach_does_not_change():
    found = nudge(derive(parse("a b + x y"), "x").at(a=1, b=2, x=3, y=4), 0.5)
    assert found.of("a") is None
    assert found.of("h").change == pytest.approx(2.0)
    assert found.of("h").error == pytest.approx(0.0, abs=1e-14)


def test_at_a_kink_there_is_a_change_but_no_linear_approximation():
    found = nudge(derive(parse("|x|")).at(x=0), -0.25)
    assert found.of("h").change == 0.25
    assert found.of("h").linear is None
    assert np.isnan(found.errors).all()


def test_a_nudge_out_of_the_domain_has_no_change():
    found = nudge(derive(parse("sqrt(x)")).at(x=0.01), -0.02)
    assert found.of("h").change is None
    assert found.of("h").linear == pytest.approx(-0.1)


def test_a_nudge_needs_a_point():
    with pytest.raises(ValueError, match="point"):
        nudge(derive(parse("x^2")), 0.1)


@pytest.mark.parametrize(
    ("text", "x", "times"), [("log(2 + cos x)", 1.0, 100), ("sin x", 0.0, 1000), ("x^2", 3.0, 100)]
)
def test_a_tenth_of_the_nudge_leaves_the_part_of_the_error_that_taylor_says(text, x, times):
    size, error, smaller = nudge(derive(parse(text)).at(x=x), 0.05).tenth
    assert 0.01 < size <= 0.05
    assert error / smaller == pytest.approx(times, rel=0.05)


def test_a_straight_line_leaves_rounding_alone_and_a_tiny_nudge_is_judged_where_it_can_be():
    line = nudge(derive(parse("3x + 2")).at(x=1.3), 0.1)
    assert line.is_exact
    assert line.tenth is None
    curve = nudge(derive(parse("exp(x)")).at(x=1.0), 1e-7)
    assert not curve.is_exact
    assert curve.tenth[0] > 1e-7
    kink = nudge(derive(parse("|x|")).at(x=0.0), 0.1)
    assert kink.tenth is None
    assert not kink.is_exact
