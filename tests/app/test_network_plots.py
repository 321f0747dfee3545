"""The plots of a network, by mouse and keyboard: what they show, what they ask for, and that each can be undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLabel

from chainrule_gui.model.data import dataset
from chainrule_gui.model.gradient_check import numerical_gradient
from chainrule_gui.model.network import Network, forward
from chainrule_gui.session import edits
from chainrule_gui.session.state import initial_state, new_network_state
from chainrule_gui.typeset.numbers import format_number

_KEY, _ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def _state(layers=(1, 1, 1), data="lesson", activations=("sigmoid",), rate=1.0, steps=0):
    network = Network(layers, activations)
    made = new_network_state(network, dataset(data), network.initial_parameters(seed=3), rate)
    return edits.advanced(replace(initial_state(), subject="network", network=made), steps)


def _show(qtbot, window, key, state=None):
    """Open a state and go to a plot by its button; return the page."""
    window.session.open(state or _state())
    qtbot.mouseClick(window.panes.network_plots.button(key), Qt.MouseButton.LeftButton)
    page = window.panes.plot.network.page(key)
    assert page.isVisible()
    QApplication.processEvents()
    return page


def _pixel(canvas, x, y):
    """Where a place of a plot is on its widget."""
    return canvas.mapFromScene(canvas.box.mapViewToScene(QPointF(x, y)))


def _drag(qtbot, canvas, start, end):
    viewport, first, last = canvas.viewport(), _pixel(canvas, *start), _pixel(canvas, *end)
    qtbot.mouseMove(viewport, first)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    for share in (0.1, 0.4, 0.7, 1.0):
        qtbot.mouseMove(viewport, first + (last - first) * share)
        qtbot.wait(30)  # pyqtgraph looks at moves at most so often
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)


def _settle(qtbot, canvas):
    qtbot.waitUntil(lambda: canvas.work.finished)


def test_each_plot_has_a_key_and_the_switch_follows(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    for place, key in enumerate(("cost", "slice", "contour", "boundary", "parameters", "check"), start=1):
        qtbot.keyClick(window, getattr(_KEY, f"Key_{place + 3}"), _ALT)
        assert window.session.state.subject == "network"
        assert window.session.state.network.view.plot == key
        assert window.panes.network_plots.button(key).isChecked()
        assert window.panes.plot.network.page(key).isVisible()
    window.session.undo_stack.undo()
    assert window.session.state.network.view.plot == "parameters"


def test_next_plot_goes_round(qtbot, window):
    _show(qtbot, window, "check")
    window.actions_by_key["plot"].trigger()
    assert window.session.state.network.view.plot == "cost"


def test_only_the_plot_that_is_shown_is_made(qtbot, window):
    _show(qtbot, window, "cost")
    made = {type(widget).__name__ for widget in window.panes.plot.network.children()}
    assert made.isdisjoint({"SlicePlot", "ContourPlot", "OutputPlot", "ParametersPlot", "CheckPage"})


# --- slice -------------------------------------------------------------------------------------------------


def test_the_slice_says_slope_step_and_landing(qtbot, window):
    page = _show(qtbot, window, "slice")
    frame = window.session.frame.network
    step = edits.advanced(window.session.state).network.run
    landing = float(step.trajectory.parameters_at(1)[2])
    assert format_number(float(frame.gradients.flat[2])) in page.sentence.text()
    assert format_number(landing) in page.sentence.text()
    assert page.canvas.accessibleDescription() == page.sentence.text()


def test_a_step_that_is_too_long_is_called_an_overshoot(qtbot, window):
    # J is a parabola in b1 with J″ = 1: a rate below 1 stops before the lowest point, above 2 beyond where it began.
    state = edits.selected(_state((1, 1), "line", ("identity",)), "b1")
    for rate, said in ((0.9, ""), (1.5, "past the lowest point"), (2.5, "overshoots")):
        page = _show(qtbot, window, "slice", edits.learning_rate_edited(state, rate))
        assert said in page.sentence.text()
        assert said or not ("past" in page.sentence.text() or "overshoots" in page.sentence.text())


def test_the_point_of_the_slice_is_dragged_and_moved_by_keys(qtbot, window):
    canvas = _show(qtbot, window, "slice").canvas
    frame = window.session.frame.network
    value, cost = float(frame.parameters[2]), frame.trace.cost
    low, high = canvas.box.viewRange()[1]
    height = (low + 3 * high) / 4
    _drag(qtbot, canvas, (value, height), (value + 0.5, height))
    moved = float(window.session.frame.network.parameters[2])
    assert moved == pytest.approx(value + 0.5, abs=0.05)
    window.session.undo_stack.undo()
    assert window.session.frame.network.trace.cost == cost
    qtbot.keyClick(canvas, _KEY.Key_Right)
    assert window.session.frame.network.parameters[2] > value


def test_a_node_has_no_slice_and_is_told_so(qtbot, window):
    page = _show(qtbot, window, "slice", edits.selected(_state(), "z1"))
    assert "no parameter" in page.sentence.text()
    assert not page.canvas.isVisible()


# --- contour -----------------------------------------------------------------------------------------------


def test_a_click_on_the_contour_starts_there_and_is_undone(qtbot, window):
    canvas = _show(qtbot, window, "contour", _state(steps=5)).canvas
    _settle(qtbot, canvas)
    before = window.session.frame.network.parameters
    (left, right), (bottom, top) = canvas.box.viewRange()
    x, y = left + 0.7 * (right - left), bottom + 0.3 * (top - bottom)
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=_pixel(canvas, x, y))
    frame = window.session.frame.network
    assert frame.state.run.length == 0
    size = canvas.box.viewPixelSize()
    assert frame.parameters[:2] == pytest.approx([x, y], abs=2 * max(size))
    assert frame.parameters[2:].tolist() == before[2:].tolist()
    window.session.undo_stack.undo()
    assert window.session.frame.network.parameters.tolist() == before.tolist()
    assert window.session.frame.network.state.run.length == 5


def test_the_contour_is_read_and_started_from_by_keys(qtbot, window):
    canvas = _show(qtbot, window, "contour").canvas
    at = window.session.frame.network.parameters.copy()
    for key in (_KEY.Key_Right, _KEY.Key_Right, _KEY.Key_Up):
        qtbot.keyClick(canvas, key)
    read = canvas.accessibleDescription()
    assert "J(w₁ = " in read
    qtbot.keyClick(canvas, _KEY.Key_Return)
    there = window.session.frame.network
    assert there.parameters[0] > at[0]
    assert there.parameters[1] > at[1]
    assert float(read.split()[-1]) == pytest.approx(there.trace.cost, abs=1e-3)


def test_both_parameters_of_the_contour_are_chosen(qtbot, window):
    page = _show(qtbot, window, "contour")
    page.second.setFocus()
    qtbot.keyClick(page.second, _KEY.Key_Down)
    assert window.session.state.network.view.contour == ("w1", "w2")
    page.first.setFocus()
    qtbot.keyClick(page.first, _KEY.Key_Down)
    qtbot.keyClick(page.first, _KEY.Key_Down)
    assert window.session.state.network.view.contour == ("w2", "b1")  # who chooses one twice swaps them
    window.session.undo_stack.undo()
    assert page.first.currentText() == "b₁"


def test_the_contour_holds_the_true_costs_wherever_it_was_computed(qtbot, window):
    canvas = _show(qtbot, window, "contour", _state((2, 3, 1), "moons", ("tanh",), steps=20)).canvas
    _settle(qtbot, canvas)
    state, work = window.session.frame.network.state, canvas.work
    xs, ys = work.place.axes(len(work.costs))
    for row, column in ((0, 0), (17, 100), (128, 64)):
        parameters = window.session.frame.network.parameters.copy()
        parameters[:2] = xs[row], ys[column]
        cost = forward(state.network, parameters, state.dataset.inputs, state.dataset.targets).cost
        assert work.costs[row, column] == pytest.approx(cost, rel=1e-12)


def test_what_is_not_computed_again_is_marked_as_stale(qtbot, window):
    canvas = _show(qtbot, window, "contour", _state((2, 8, 8, 1), "moons", ("tanh",))).canvas
    _settle(qtbot, canvas)
    window.session.edit("edit", edits.value_edited(window.session.state, "b3.1", 0.7))
    assert not canvas.work.fresh.all()
    _settle(qtbot, canvas)
    assert canvas.work.fresh.all()


def test_a_contour_that_is_hidden_computes_no_more(qtbot, window):
    canvas = _show(qtbot, window, "contour", _state((2, 8, 8, 1), "moons", ("tanh",))).canvas
    qtbot.mouseClick(window.panes.network_plots.button("cost"), Qt.MouseButton.LeftButton)
    assert canvas.work.finished
    qtbot.mouseClick(window.panes.network_plots.button("contour"), Qt.MouseButton.LeftButton)
    _settle(qtbot, canvas)
    assert canvas.work.fresh.all()


# --- output ------------------------------------------------------------------------------------------------


def test_a_sample_is_dragged_in_the_plane(qtbot, window):
    canvas = _show(qtbot, window, "boundary", _state((2, 2, 1), "xor", ("tanh",))).canvas
    before = window.session.state
    _drag(qtbot, canvas, (1.0, 1.0), (0.6, 0.8))
    assert window.session.state.network.sample == 3
    data = window.session.state.network.dataset
    assert data.inputs[3] == pytest.approx([0.6, 0.8], abs=0.03)
    assert data.targets.tolist() == before.network.dataset.targets.tolist()
    window.session.undo_stack.undo()
    assert window.session.state.network.dataset is before.network.dataset


def test_a_double_click_adds_a_sample_of_either_class(qtbot, window):
    canvas = _show(qtbot, window, "boundary", _state((2, 2, 1), "xor", ("tanh",))).canvas
    for modifier, target in ((Qt.KeyboardModifier.NoModifier, 1.0), (Qt.KeyboardModifier.ShiftModifier, 0.0)):
        count = len(window.session.state.network.dataset.inputs)
        place = _pixel(canvas, 0.5, 0.25 + 0.4 * target)
        qtbot.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, modifier, place)
        data = window.session.state.network.dataset
        assert len(data.inputs) == count + 1
        assert data.targets[-1, 0] == target
        assert window.session.state.network.sample == count


def test_samples_are_moved_chosen_added_and_removed_by_keys(qtbot, window):
    canvas = _show(qtbot, window, "boundary", _state((1, 3, 1), "line", ("tanh",))).canvas
    before = window.session.state.network.dataset
    qtbot.keyClick(canvas, _KEY.Key_PageDown)
    assert window.session.state.network.sample == 1
    qtbot.keyClick(canvas, _KEY.Key_Up)
    qtbot.keyClick(canvas, _KEY.Key_Right)
    data = window.session.state.network.dataset
    assert data.targets[1, 0] > before.targets[1, 0]
    assert data.inputs[1, 0] > before.inputs[1, 0]
    qtbot.keyClick(canvas, _KEY.Key_Insert)
    assert len(window.session.state.network.dataset.inputs) == 41
    qtbot.keyClick(canvas, _KEY.Key_Delete)
    assert len(window.session.state.network.dataset.inputs) == 40


def test_data_that_were_standardised_are_not_moved_in_the_plot(qtbot, window):
    state = edits.data_prepared(_state((2, 2, 1), "moons", ("tanh",)), 0.25, True)
    page = _show(qtbot, window, "boundary", state)
    qtbot.keyClick(page.canvas, _KEY.Key_Up)
    assert window.session.state.network.dataset is state.network.dataset
    assert "held out" in page.sentence.text()


def test_three_inputs_are_not_drawn_and_it_is_said_why(qtbot, window):
    network = Network((3, 2, 1))
    data = dataset("xor")
    data = replace(data, inputs=np.column_stack([data.inputs, data.inputs[:, 0]]))
    made = new_network_state(network, data, network.initial_parameters(seed=0))
    page = _show(qtbot, window, "boundary", replace(initial_state(), subject="network", network=made))
    assert "3" in page.sentence.text()
    assert not page.canvas.isVisible()


# --- cost, parameters, check -------------------------------------------------------------------------------


def test_earlier_runs_are_named_and_let_go(qtbot, window):
    state = edits.reset(edits.advanced(edits.reset(_state(steps=5)), 7))
    page = _show(qtbot, window, "cost", state)
    assert len(page.runs) == 2
    name = page.runs[1].name
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "seven steps")
    qtbot.keyClick(name, _KEY.Key_Return)
    assert [run.label for run in window.session.state.network.run.earlier][1] == "seven steps"
    qtbot.mouseClick(page.runs[0].remove, Qt.MouseButton.LeftButton)
    assert [run.label for run in window.session.state.network.run.earlier] == ["seven steps"]
    assert len(page.runs) == 1
    window.session.undo_stack.undo()
    window.session.undo_stack.undo()
    assert len(page.runs) == 2
    assert page.runs[1].name.text() != "seven steps"


def test_the_test_cost_is_named_beside_the_training_cost(qtbot, window):
    state = edits.advanced(edits.data_prepared(_state((2, 2, 1), "moons", ("tanh",)), 0.25, False), 10)
    page = _show(qtbot, window, "cost", state)
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert any(f"{window.session.frame.network.test_cost:.4f}" in text for text in labels)
    assert any(f"{window.session.frame.network.trace.cost:.4f}" in text for text in labels)


def test_parameters_and_the_length_of_the_gradient_are_said(qtbot, window):
    page = _show(qtbot, window, "parameters", _state(steps=30))
    frame = window.session.frame.network
    assert f"{np.linalg.norm(frame.gradients.flat):.4f}" in page.sentence.text()
    assert f"{frame.parameters[2]:.4f}".replace("-", "−") in page.sentence.text()


def test_the_check_lists_every_gradient_by_both_ways_and_a_row_selects(qtbot, window):
    page = _show(qtbot, window, "check", _state((2, 2, 1), "xor", ("tanh",), steps=3))
    frame = window.session.frame.network
    data = frame.state.dataset
    numerical = numerical_gradient(frame.state.network, frame.parameters, data.inputs, data.targets)
    for row, (one, other) in enumerate(zip(frame.gradients.flat, numerical, strict=True)):
        shown = [page.model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) for column in (1, 2)]
        assert shown == [repr(float(value)).replace("-", "−") for value in (one, other)]
    place = page.table.visualRect(page.model.index(1, 1)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert window.session.state.network.selected == frame.state.network.parameter_names[1]
    assert "w⁽¹⁾₁,₂" in page.sentence.text()


def test_the_plots_survive_a_run_and_a_divergence(qtbot, window):
    state = edits.advanced(edits.learning_rate_edited(_state((2, 3, 1), "moons", ("relu",)), 80.0), 200)
    for key in ("cost", "slice", "contour", "boundary", "parameters", "check"):
        page = _show(qtbot, window, key, state)
        qtbot.keyClick(window, _KEY.Key_F8)
        window.actions_by_key["log_cost"].trigger()
        window.actions_by_key["whole_plot"].trigger()
        QApplication.processEvents()
        assert page.isVisible()
