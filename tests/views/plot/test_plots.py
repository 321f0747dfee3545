"""Plots: the grid lies below the curves, numbers of an axis never touch, a caption keeps off the curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state
from chainrule_gui.views.plot.axis import Axis
from chainrule_gui.views.plot.caption import Caption
from chainrule_gui.views.plot.cost_plot import CostPlot, round_limits
from chainrule_gui.views.plot.function_plot import FunctionPlot
from chainrule_gui.views.plot.steep_curve import SteepCurve


def test_the_grid_is_below_the_curves(qtbot):
    for plot in (FunctionPlot(), CostPlot()):
        qtbot.addWidget(plot)
        for side in ("left", "bottom"):
            assert plot.getAxis(side).zValue() < plot.box.zValue()


@pytest.mark.parametrize("height", [30.0, 60.0, 150.0, 400.0])
@pytest.mark.parametrize("span", [(-7.0, 3.0), (-2.2, -1.1), (-3.1, 0.4), (-320.0, 2.0)])
def test_numbers_of_a_logarithmic_axis_do_not_touch(qapp, span, height):
    axis = Axis("left")
    axis.set_font(QFont("sans", 9))
    axis.setLogMode(y=True)
    [(_spacing, values)] = axis.tickValues(*span, height)
    texts = axis.tickStrings(values, 1.0, 1.0)
    assert len(set(texts)) == len(values)
    places = [(value - span[0]) / (span[1] - span[0]) * height for value in sorted(values)]
    if len(places) > 1 and len(values) * 20 <= height:
        assert len(places) * QFontMetricsF(QFont("sans", 9)).height() <= height + 1


def test_numbers_of_an_axis_have_a_true_minus_and_short_powers(qapp):
    axis = Axis("left")
    assert axis.tickStrings([-2.0, 0.0, 2.0], 1.0, 2.0) == ["−2", "0", "2"]
    assert axis.tickStrings([-2e119, 0.0, 2e119], 1.0, 2e119) == ["−2×10¹¹⁹", "0", "2×10¹¹⁹"]
    assert axis.tickStrings([0.0, 5e-6], 1.0, 5e-6) == ["0", "5×10⁻⁶"]


def test_a_caption_takes_the_place_where_no_curve_runs(qapp):
    caption = Caption()
    caption.set_look(QFont("sans", 10), "#000000", "#ffffff")
    caption.set_text("h = 0.9323")
    room, at = QRectF(0, 0, 600, 200), QPointF(300, 100)

    def rising(places):
        return 100 - (places - 300) * 0.4

    caption.place(at, room, [rising], 8)
    box = caption.box.translated(at)
    inside = rising(np.linspace(box.left(), box.right(), 50))
    assert not ((inside > box.top()) & (inside < box.bottom())).any()
    caption.place(QPointF(595, 5), room, [], 8)
    assert room.contains(caption.box.translated(595, 5))


def test_a_caption_moves_no_further_when_nothing_is_in_its_way(qapp):
    caption = Caption()
    caption.set_look(QFont("sans", 10), "#000000", "#ffffff")
    caption.set_text("J = 1")
    caption.place(QPointF(100, 100), QRectF(0, 0, 400, 200), [], 8)
    first = caption.box
    caption.place(QPointF(101, 99), QRectF(0, 0, 400, 200), [], 8)
    assert caption.box == first


def test_a_point_far_outside_leaves_the_curves_in_view(qtbot):
    plot = FunctionPlot()
    qtbot.addWidget(plot)
    state = edits.point_edited(edits.text_edited(initial_state(), "x^4"), "x", -5.9e29)
    plot.render_frame(resolve(state).function)
    low, high = plot.box.viewRange()[1]
    assert high - low < 1e5


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_round_limits_hold_the_range_and_little_more(low, span):
    below, above = round_limits(low, low + span)
    assert below <= low + 1e-9 * abs(low)
    assert above >= low + span - 1e-9 * abs(low + span)
    assert above - below <= 1.4001 * span


def test_the_cost_axis_keeps_still_while_little_changes(qtbot):
    plot = CostPlot()
    qtbot.addWidget(plot)

    def shown(w2):
        state = edits.value_edited(edits.subject_chosen(initial_state(), "network"), "w2", w2)
        frame = resolve(state).network
        plot.render_frame(frame, "linear")
        low, high = plot.box.viewRange()[1]
        cost = frame.state.run.trajectory.costs(0)[0]
        assert low <= 0 <= cost < high
        return low, high

    assert shown(0.5) == shown(0.52) == shown(0.5)
    assert shown(-3.0) != shown(0.5)


def test_the_line_of_a_curve_without_bound_ends_just_outside_the_view(qtbot):
    # Dashes of the derivative of sin(exp(x²)) up to 10¹⁶ would hold up the window for ever.
    plot = FunctionPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.render_frame(resolve(edits.text_edited(initial_state(), "sin(exp(x^2))")).function)
    curve = next(item for item in plot.box.addedItems if isinstance(item, SteepCurve) and item.yData.max() > 1e12)
    for low, high in ((-3.0, 3.0), (-1e6, 1e6)):
        plot.box.setYRange(low, high, padding=0)
        drawn = curve.getPath().boundingRect()
        assert drawn.top() < low
        assert drawn.bottom() > high
        assert drawn.height() <= 3 * (high - low)
