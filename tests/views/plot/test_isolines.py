"""Isolines: every end lies where the value is the level, and they close around a hill."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.views.plot.isolines import isolines


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-2, 2))
def test_the_line_of_a_plane_is_exact(a, b, level):
    xs, ys = np.linspace(-1, 2, 7), np.linspace(0, 1, 5)
    values = a * xs[:, None] + b * ys[None, :]
    ends = isolines(xs, ys, values, level)
    assert ends[:, 0] * a + ends[:, 1] * b == pytest.approx(level, abs=1e-9)
    assert (len(ends) > 0) == (values.max() > level >= values.min())


def test_the_line_around_a_hill_is_closed_and_round():
    xs = np.linspace(-2, 2, 101)
    ends = isolines(xs, xs, xs[:, None] ** 2 + xs[None, :] ** 2, 1.0)
    assert np.hypot(ends[:, 0], ends[:, 1]) == pytest.approx(1.0, abs=1e-3)
    assert np.hypot(*(ends[::2] - ends[1::2]).T).sum() == pytest.approx(2 * np.pi, rel=1e-3)
    _places, counts = np.unique(ends.round(9), axis=0, return_counts=True)
    assert (counts % 2 == 0).all()


def test_no_line_runs_beside_a_gap():
    xs = np.arange(5.0)
    values = np.tile(xs, (5, 1))
    values[2, 2] = np.nan
    ends = isolines(xs, xs, values, 1.5)
    assert len(ends)
    assert np.isfinite(ends).all()
    assert not ((abs(ends[:, 0] - 2) < 1) & (abs(ends[:, 1] - 2) < 1)).all()
