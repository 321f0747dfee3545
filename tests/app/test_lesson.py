"""The mission's lesson, taught through the window with mouse and keyboard."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication


def _click_item(qtbot, window, name):
    item = window.panes.diagram.item(name)
    qtbot.mouseClick(window.panes.diagram, Qt.MouseButton.LeftButton, pos=item.rect.center().toPoint())


def _to_network(qtbot, window):
    qtbot.mouseClick(window.panes.transport.subjects.button("network"), Qt.MouseButton.LeftButton)


def _type(qtbot, widget, text):
    widget.setFocus()
    widget.selectAll()
    qtbot.keyClicks(widget, text)


def test_typing_a_function_takes_it_apart(qtbot, window):
    entry = window.panes.expression.entry
    _type(qtbot, entry, "exp(sin(x))")
    frame = window.session.frame.function
    assert frame.derivation.derivative_value == pytest.approx(math.exp(math.sin(1)) * math.cos(1))
    assert "exp" in window.panes.expression.formula("chain").accessibleName() or frame.problem is None
    assert window.panes.diagram.item("h") is not None


def test_an_unfinished_expression_is_said_and_the_picture_stays(qtbot, window):
    before = window.session.frame.function.derivation
    _type(qtbot, window.panes.expression.entry, "log(2 + ")
    assert window.panes.expression.message.isVisible()
    assert window.panes.expression.message.text()
    assert window.session.frame.function.expression is not None
    _type(qtbot, window.panes.expression.entry, "log(2 + cos x)")
    assert not window.panes.expression.message.isVisible()
    assert window.session.frame.function.derivation.derivative_value == before.derivative_value


def test_select_w2_step_watch_the_cost_fall_and_step_back(qtbot, window):
    _to_network(qtbot, window)
    _click_item(qtbot, window, "b2")
    assert window.session.frame.network.derivation.wrt == "b2"
    _click_item(qtbot, window, "w2")
    assert [link.key for link in window.session.frame.network.derivation.links] == ["J/y_hat", "y_hat/z2", "z2/w2"]
    before = window.session.frame.network.trace.cost
    qtbot.mouseClick(window.panes.transport.buttons["step"], Qt.MouseButton.LeftButton)
    assert window.session.frame.network.trace.cost < before
    assert "step 1 of 1" in window.panes.transport.position.text()
    qtbot.mouseClick(window.panes.transport.buttons["back"], Qt.MouseButton.LeftButton)
    assert window.session.frame.network.trace.cost == before


def test_phases_are_narrated_one_by_one(qtbot, window):
    _to_network(qtbot, window)
    sentences = []
    for _phase in range(6):
        qtbot.keyClick(window, Qt.Key.Key_F7)
        sentences.append(window.panes.narration.text())
        assert window.panes.narration.isVisible()
    assert len(set(sentences)) == 6
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert window.session.state.network.run.step == 1
    assert not window.panes.narration.isVisible()


def test_wheel_drag_arrow_and_typing_edit_a_weight_where_it_stands(qtbot, window):
    _to_network(qtbot, window)
    diagram = window.panes.diagram
    stack = window.session.undo_stack
    start = stack.count()
    centre = diagram.item("w1").rect.center()
    QApplication.sendEvent(diagram, QWheelEvent(
        centre, diagram.mapToGlobal(centre), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    ))  # fmt: skip
    assert window.session.frame.network.parameters[0] == pytest.approx(0.83)
    point = centre.toPoint()
    qtbot.mousePress(diagram, Qt.MouseButton.LeftButton, pos=point)
    for up in (6, 12, 20):
        qtbot.mouseMove(diagram, point - QPoint(0, up))
    qtbot.mouseRelease(diagram, Qt.MouseButton.LeftButton, pos=point - QPoint(0, 20))
    assert window.session.frame.network.parameters[0] == pytest.approx(1.03)
    assert stack.count() == start + 2
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    assert window.session.frame.network.parameters[0] == pytest.approx(0.98)
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_F2)
    _type(qtbot, diagram.editor, "-0,25")
    qtbot.keyClick(diagram.editor, Qt.Key.Key_Return)
    assert window.session.frame.network.parameters[0] == -0.25
    for _undo in range(4):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.frame.network.parameters[0] == 0.78


def test_input_and_target_are_edited_too(qtbot, window):
    _to_network(qtbot, window)
    diagram = window.panes.diagram
    for name in ("x", "y"):
        qtbot.mouseDClick(diagram, Qt.MouseButton.LeftButton, pos=diagram.item(name).rect.center().toPoint())
        _type(qtbot, diagram.editor, "0.25")
        qtbot.keyClick(diagram.editor, Qt.Key.Key_Return)
    trace = window.session.frame.network.trace
    assert (trace.inputs[0, 0], trace.targets[0, 0]) == (0.25, 0.25)


def test_the_diagram_is_walked_by_keyboard_and_speaks(qtbot, window):
    _to_network(qtbot, window)
    diagram = window.panes.diagram
    diagram.setFocus()
    names = set()
    for _item in diagram.items:
        qtbot.keyClick(diagram, Qt.Key.Key_Right)
        names.add(diagram.current)
        assert diagram.accessibleDescription()
    assert {"x", "w1", "z1", "b1", "w2", "z2", "b2", "J", "y"} <= names


def test_a_factor_an_edge_and_the_pointer_light_up_together(qtbot, window):
    _to_network(qtbot, window)
    diagram = window.panes.diagram
    qtbot.mouseMove(diagram, diagram.item("w2").rect.center().toPoint())
    assert window.session.highlight == "z2/w2"
    formula = window.panes.expression.formula("chain")
    qtbot.mouseMove(formula, formula.zone_rect("link:y_hat/z2").center().toPoint())
    assert window.session.highlight == "y_hat/z2"


def test_a_run_is_one_undo_entry_and_pauses(qtbot, window):
    _to_network(qtbot, window)
    count = window.session.undo_stack.count()
    window.panes.transport.speed.setCurrentIndex(5)
    window.panes.transport.speed.activated.emit(5)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.state.network.run.step > 50)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert not window.runner.running
    assert window.session.undo_stack.count() == count + 1
    length = window.session.state.network.run.length
    window.panes.transport.scrubber.setValue(10)
    assert (window.session.state.network.run.step, window.session.state.network.run.length) == (10, length)


def test_running_into_divergence_pauses_and_says_so(qtbot, window):
    _type(qtbot, window.panes.expression.entry, "x^4")
    window.panes.transport.speed.activated.emit(2)
    _type(qtbot, window.panes.transport.rate.lineEdit(), "50")
    qtbot.keyClick(window.panes.transport.rate, Qt.Key.Key_Return)
    assert window.session.state.function.learning_rate == 50
    window.runner.speed = 0
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not window.runner.running)
    assert "diverged" in window.session.frame.function.stopped
    assert "diverged" in window.panes.expression.message.text()
    assert not window.actions_by_key["step"].isEnabled()


def test_the_point_moves_by_slider_box_and_plot_keys(qtbot, window):
    controls = window.panes.function_controls
    controls.sliders["x"].setValue(800)
    assert window.session.frame.function.x == pytest.approx(3.9)
    _type(qtbot, controls.boxes["x"].lineEdit(), "0.5")
    qtbot.keyClick(controls.boxes["x"], Qt.Key.Key_Return)
    assert window.session.frame.function.x == 0.5
    qtbot.keyClick(window.panes.plot.function, Qt.Key.Key_Right)
    assert window.session.frame.function.x > 0.5
    window.panes.plot.function._point.setPos(QPointF(2.0, 0.0))
    assert window.session.frame.function.x == 2.0


def test_a_curve_is_hidden_by_its_chip(qtbot, window):
    qtbot.mouseClick(window.panes.plot.chip("u"), Qt.MouseButton.LeftButton)
    assert window.session.state.function.hidden_curves == {"u"}


def test_an_architecture_of_ones_own_and_one_that_cannot_be(qtbot, window):
    _to_network(qtbot, window)
    controls = window.panes.network_controls
    controls.dataset.activated.emit(controls.dataset.findData("xor"))
    controls.dataset.setCurrentIndex(controls.dataset.findData("xor"))
    controls.dataset.activated.emit(controls.dataset.currentIndex())
    _type(qtbot, controls.layers, "2-3-1")
    qtbot.keyClick(controls.layers, Qt.Key.Key_Return)
    assert window.session.state.network.network.layers == (2, 3, 1)
    _type(qtbot, controls.layers, "2-99-1")
    qtbot.keyClick(controls.layers, Qt.Key.Key_Return)
    assert window.session.state.network.network.layers == (2, 3, 1)
    assert controls.message.text()


def test_the_parameter_table_edits_and_selects(qtbot, window):
    _to_network(qtbot, window)
    table = window.panes.parameters
    model = table.model()
    row = table.row_of("b1")
    assert model.setData(model.index(row, 1), "0.5")
    assert window.session.frame.network.parameters[1] == 0.5
    point = table.visualRect(model.index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert window.session.state.network.selected == "b1"
    analytic, numerical = (model.value(row, column) for column in (2, 3))
    assert analytic == pytest.approx(numerical, abs=1e-9)


def test_a_link_cites_its_row_of_the_derivative_table(qtbot, window):
    formula = window.panes.expression.formula("local")
    position = formula.zone_rect("row:log").center().toPoint()
    qtbot.mouseClick(formula, Qt.MouseButton.LeftButton, pos=position)
    assert window.panes.table.rows.currentIndex().data(Qt.ItemDataRole.UserRole) == "log"
    qtbot.keyClicks(window.panes.table.filter, "cosine")
    assert "cos" in window.panes.table.keys
    assert "exp" not in window.panes.table.keys
