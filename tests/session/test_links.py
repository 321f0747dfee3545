"""The curves of a chain's links: each against plain Python, shared while nothing about them changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state


def _linked(text, **values):
    state = edits.text_edited(initial_state(), text)
    for name, value in values.items():
        state = edits.point_edited(state, name, value)
    return edits.function_view_edited(state, replace(state.function.view, plot="links"))


def test_each_link_is_plotted_over_its_own_variable():
    inner, outer = resolve(_linked("log(2 + cos x)")).function.links
    assert (inner.link.key, outer.link.key) == ("u/x", "h/u")
    np.testing.assert_allclose(inner.ys, 2 + np.cos(inner.xs), rtol=1e-14)
    assert (inner.xs[0], inner.xs[-1]) == (-6.5, 6.5)
    known = outer.xs > 0
    np.testing.assert_allclose(outer.ys[known], np.log(outer.xs[known]), rtol=1e-14)
    assert outer.xs[0] < 1
    assert outer.xs[-1] > 3
    assert outer.at == pytest.approx((2 + np.cos(1), np.log(2 + np.cos(1))))


def test_what_else_stands_in_a_formula_is_held():
    frame = resolve(_linked("x sin x", x=2.0)).function
    by_key = {curve.link.key: curve for curve in frame.links}
    product = by_key.get("h/u") or by_key["h/x"]
    assert [value for _name, value in product.held] in ([2.0], [pytest.approx(np.sin(2.0))])
    slope = np.gradient(product.ys, product.xs)
    np.testing.assert_allclose(slope, product.link.value, rtol=1e-9)


def test_curves_are_shared_while_the_point_moves_a_little_and_cover_it_always():
    first = resolve(_linked("exp(sin(x^2))"))
    second = resolve(edits.point_edited(first.state, "x", 1.1), first)
    for before, after in zip(first.function.links, second.function.links, strict=True):
        assert after.ys is before.ys
        assert after.at != before.at
    for x in np.linspace(-6.4, 6.4, 33):
        for curve in resolve(_linked("exp(sin(x^2))", x=float(x))).function.links:
            assert curve.xs[0] <= curve.at[0] <= curve.xs[-1]
            assert curve.y_range[0] <= curve.at[1] <= curve.y_range[1]


def test_a_point_without_value_leaves_a_curve_without_a_point():
    inner, outer = resolve(_linked("sqrt(ln x)", x=0.5)).function.links
    assert inner.at is not None
    assert outer.at is None
    assert outer.link.value is None


def test_a_path_that_is_no_longer_there_is_the_last_one():
    state = _linked("x sin x")
    state = edits.function_view_edited(state, replace(state.function.view, path=9))
    assert resolve(state).function.links
