"""Where an inner quantity takes a value: put back into plain Python, and never on another branch."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import derive, parse
from chainrule_gui.model.inverse import place_where

RANGE = (-6.5, 6.5)


@given(x=st.floats(0.1, 3.0), target=st.floats(1.01, 2.99))
def test_the_place_gives_the_value_asked_for_on_the_same_branch(x, target):
    found = place_where(derive(parse("log(2 + cos x)")).at(x=x), "u", target, RANGE)
    assert 2 + math.cos(found) == pytest.approx(target, abs=1e-12)
    assert 0 <= found <= math.pi


def test_what_is_out_of_reach_ends_where_it_comes_nearest():
    assert place_where(derive(parse("sin(x)^2")).at(x=1.0), "u", 5.0, RANGE) == pytest.approx(math.pi / 2, abs=0.02)
    assert place_where(derive(parse("exp(3x)")).at(x=0.0), "u", 90.0, RANGE) == 6.5


def test_a_peak_is_left_downwards_and_never_upwards():
    peak = derive(parse("log(2 + cos x)")).at(x=0.0)
    assert 2 + math.cos(place_where(peak, "u", 2.5, RANGE)) == pytest.approx(2.5)
    assert place_where(peak, "u", 3.5, RANGE) is None


def test_a_pole_and_a_domains_edge_are_not_crossed():
    assert place_where(derive(parse("exp(1/x)")).at(x=1.0), "u", -1.0, RANGE) > 0
    assert place_where(derive(parse("sqrt(ln x)")).at(x=2.0), "u", -9.0, RANGE) > 0
    assert place_where(derive(parse("exp(ln x)")).at(x=-1.0), "u", 1.0, RANGE) is None


def test_other_variables_stay_where_they_are():
    found = place_where(derive(parse("(w x + b)^2"), "x").at(x=1.0, w=2.0, b=3.0), "u", 9.0, RANGE)
    assert found == pytest.approx(3.0)
