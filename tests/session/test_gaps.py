"""Gaps of the function: kept while only the point moves, and no curve drawn across a pole."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state


def test_gaps_stay_while_only_the_point_moves_and_follow_other_variables_and_the_range():
    state = edits.text_edited(initial_state(), "sqrt(x - a)")
    first = resolve(state)
    moved = resolve(edits.point_edited(state, "x", 2.0), first)
    assert moved.function.gaps is first.function.gaps
    assert first.function.gaps[0].high == pytest.approx(1.0)
    other = resolve(edits.point_edited(state, "a", 3.0), first)
    assert other.function.gaps[0].high == pytest.approx(3.0)
    zoomed = resolve(edits.x_range_edited(state, 0.0, 8.0), first)
    assert zoomed.function.gaps[0].low == 0.0


def test_no_line_is_drawn_across_a_pole():
    curves = {curve.name: curve for curve in resolve(edits.text_edited(initial_state(), "1/(x - 0.3)")).function.curves}
    for name in ("h", "h′"):
        between = (curves[name].xs > 0.29) & (curves[name].xs < 0.32)
        assert np.isnan(curves[name].ys[between]).any()
