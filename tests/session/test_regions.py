"""Where there is no value and where there is no derivative: places known by hand, and sentences."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state


def _regions(text, **values):
    state = edits.text_edited(initial_state(), text)
    for name, value in values.items():
        state = edits.point_edited(state, name, value)
    return resolve(state).function.regions


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("log(2 + cos x)", []),
        ("ln x", [(-6.5, 0)]),
        ("sqrt(x^2 - 4)", [(-2, 2)]),
        ("asin(x)", [(-6.5, -1), (1, 6.5)]),
        ("|x - 1|", [(1, 1)]),
        ("relu(x^2 - 2)", [(-(2**0.5), -(2**0.5)), (2**0.5, 2**0.5)]),
        ("1/x", [(0, 0)]),
        ("1/(x - 0.3)", [(0.3, 0.3)]),
        ("|1/x|", [(0, 0)]),
        ("|ln x|", [(-6.5, 0), (1, 1)]),
    ],
)
def test_regions_are_where_they_are_by_hand(text, places):
    found = _regions(text)
    assert [region.low for region in found] == pytest.approx([low for low, _high in places], abs=1e-9)
    assert [region.high for region in found] == pytest.approx([high for _low, high in places], abs=1e-9)
    assert all(region.sentence and "nan" not in region.sentence for region in found)


def test_sentences_name_the_cause():
    (outside,) = _regions("ln x")
    assert "domain" in outside.sentence
    (kink,) = _regions("|x - 1|")
    assert kink.sentence == "At x = 1.0000 the slope of abs(x - 1) jumps: there is no derivative."
    (pole,) = _regions("1/(x - 0.3)")
    assert "denominator" in pole.sentence


def test_regions_stay_while_only_the_point_moves_and_follow_other_variables():
    state = edits.text_edited(initial_state(), "sqrt(x - a)")
    first = resolve(state)
    moved = resolve(edits.point_edited(state, "x", 2.0), first)
    assert moved.function.regions is first.function.regions
    other = resolve(edits.point_edited(state, "a", 3.0), first)
    assert other.function.regions[0].high == pytest.approx(3.0)
    zoomed = resolve(edits.x_range_edited(state, 0.0, 8.0), first)
    assert zoomed.function.regions[0].low == 0.0
    assert np.isfinite([zoomed.function.regions[0].low, zoomed.function.regions[0].high]).all()


def test_no_line_is_drawn_across_a_pole():
    state = edits.text_edited(initial_state(), "1/(x - 0.3)")
    curves = {curve.name: curve for curve in resolve(state).function.curves}
    for name in ("h", "h′"):
        between = (curves[name].xs > 0.29) & (curves[name].xs < 0.32)
        assert np.isnan(curves[name].ys[between]).any()
