"""The window from the keyboard alone, and what is typed while something else happens."""

from __future__ import annotations

import pyqtgraph
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolTip

_CTRL = Qt.KeyboardModifier.ControlModifier
_KEY = Qt.Key


def _type(qtbot, widget, text):
    widget.setFocus()
    widget.selectAll()
    qtbot.keyClicks(widget, text)


def _focused() -> object:
    return QApplication.focusWidget()


@pytest.fixture
def network(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, _KEY.Key_2, _CTRL)
    assert window.session.state.subject == "network"
    return window


def _walk(qtbot, window):
    """Return every widget that Tab stops at, from the first to where it comes round."""
    found = []
    window.panes.transport.subjects.button("function").setFocus()
    while _focused() not in found:
        found.append(_focused())
        qtbot.keyClick(_focused(), _KEY.Key_Tab)
        assert len(found) < 80
    return found


def test_typing_the_name_of_a_function_never_shows_its_first_letters_as_variables(qtbot, window):
    qtbot.keyClick(window.panes.plot.function, _KEY.Key_Right)
    x = window.session.frame.function.x
    entry = window.panes.expression.entry
    entry.setFocus()
    entry.selectAll()
    seen = set()
    for letter in "exp(log(2+sin(x)))":
        qtbot.keyClicks(entry, letter)
        seen.add(window.session.state.function.good_text)
    assert seen == {"log(2 + cos x)", "exp(log(2+sin(x)))"}
    assert window.session.frame.function.x == x


def test_letters_that_begin_a_name_become_variables_at_enter_or_after_a_rest(qtbot, window):
    entry = window.panes.expression.entry
    _type(qtbot, entry, "x + a")
    assert window.session.state.function.good_text == "x "
    assert "Enter" in window.panes.expression.message.text()
    qtbot.keyClick(entry, _KEY.Key_Return)
    assert window.session.state.function.good_text == "x + a"
    assert not window.panes.expression.message.isVisible()
    qtbot.keyClicks(entry, "+c")
    qtbot.waitUntil(lambda: window.session.state.function.good_text == "x + a+c")
    qtbot.keyClicks(entry, " + a")  # known by now: nothing to wait for
    assert window.session.state.function.good_text == "x + a+c + a"


def test_what_is_typed_may_look_like_markup(qtbot, window):
    _type(qtbot, window.panes.expression.entry, "<b>x</b>")
    assert window.panes.expression.message.textFormat() == Qt.TextFormat.PlainText


def test_undo_works_in_the_entry_as_everywhere(qtbot, window):
    entry = window.panes.expression.entry
    start = window.session.state
    _type(qtbot, entry, "x^2")
    qtbot.keyClick(window.panes.plot.function, _KEY.Key_Right)
    moved = window.session.frame.function.x
    assert moved != 1.0
    entry.setFocus()
    qtbot.keyClick(entry, _KEY.Key_Z, _CTRL)
    assert window.session.frame.function.x == 1.0
    assert entry.text() == "x^2"
    while window.session.undo_stack.canUndo():
        qtbot.keyClick(entry, _KEY.Key_Z, _CTRL)
    assert window.session.state is start
    assert entry.text() == "log(2 + cos x)"
    qtbot.keyClick(entry, _KEY.Key_Z, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.session.state is not start


def test_a_number_still_being_typed_counts_when_an_action_runs(qtbot, network):
    rate = network.panes.transport.rate
    _type(qtbot, rate.lineEdit(), "3")
    qtbot.mouseClick(network.panes.transport.buttons["step"], Qt.MouseButton.LeftButton)
    assert network.session.state.network.learning_rate == 3
    assert network.session.state.network.run.trajectory.rates[-1][1] == 3
    diagram = network.panes.diagram
    diagram.setFocus()
    qtbot.keyClick(diagram, _KEY.Key_Home)
    qtbot.keyClicks(diagram, "0")
    qtbot.keyClicks(diagram.editor, ".25")
    qtbot.keyClick(diagram.editor, _KEY.Key_F8)
    assert network.session.frame.network.trace.inputs[0, 0] == 0.25
    assert network.session.state.network.run.step == 1
    assert not diagram.editor.isVisible()


def test_a_number_in_the_table_counts_when_an_action_runs(qtbot, network):
    table = network.panes.parameters
    table.setFocus()
    table.setCurrentIndex(table.model().index(table.row_of("b1"), 1))
    qtbot.keyClick(table, _KEY.Key_F2)
    editor = _focused()
    _type(qtbot, editor, "0.75")
    qtbot.keyClick(editor, _KEY.Key_F8)
    assert network.session.state.network.run.trajectory.parameters_at(0)[1] == 0.75
    assert network.session.state.network.run.step == 1


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_typing_in_the_diagram_is_taken_left_or_refused_in_words(qtbot, network):
    diagram = network.panes.diagram
    selected = network.session.state.network.selected
    diagram.setFocus()
    qtbot.keyClick(diagram, _KEY.Key_Home)
    assert diagram.current == "x"
    qtbot.keyClick(diagram, _KEY.Key_F2)
    assert diagram.rect().contains(diagram.editor.geometry())
    _type(qtbot, diagram.editor, "abc")
    qtbot.keyClick(diagram.editor, _KEY.Key_Return)
    assert "abc" in QToolTip.text()
    assert diagram.editor.isVisible()
    qtbot.keyClick(diagram.editor, _KEY.Key_Escape)
    assert not diagram.editor.isVisible()
    assert diagram.hasFocus()
    qtbot.keyClick(diagram, _KEY.Key_F2)
    _type(qtbot, diagram.editor, "0.75")
    network.panes.transport.rate.setFocus()
    assert network.session.frame.network.trace.inputs[0, 0] == 0.75
    diagram.setFocus()
    qtbot.keyClick(diagram, _KEY.Key_F2)
    _type(qtbot, diagram.editor, "0.25")
    qtbot.keyClick(diagram.editor, _KEY.Key_Return)
    assert network.session.frame.network.trace.inputs[0, 0] == 0.25
    assert network.session.state.network.selected == selected  # Enter took the number and derived by nothing


def test_commands_work_while_the_diagram_has_the_keyboard(qtbot, network):
    diagram = network.panes.diagram
    diagram.setFocus()
    qtbot.keyClick(diagram, _KEY.Key_1, _CTRL)
    assert network.session.state.subject == "function"
    assert not diagram.editor.isVisible()


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_a_box_says_what_is_no_number(qtbot, window):
    rate = window.panes.transport.rate
    _type(qtbot, rate.lineEdit(), "fast")
    qtbot.keyClick(rate, _KEY.Key_Return)
    assert "fast" in QToolTip.text()
    assert rate.lineEdit().text() == "0.5"
    assert "fast" not in rate.toolTip()


def test_tab_comes_round_in_the_order_of_reading(qtbot, window):
    for key in (_KEY.Key_1, _KEY.Key_2):
        qtbot.keyClick(window, key, _CTRL)
        QApplication.processEvents()
        found = _walk(qtbot, window)
        assert len(found) == len(set(found))
        assert window.panes.diagram in found
        for widget in found:
            assert widget.accessibleName(), widget
            assert "&" not in widget.accessibleName()
    qtbot.keyClick(window, _KEY.Key_1, _CTRL)
    found = _walk(qtbot, window)
    panes = window.panes
    order = [
        panes.transport.rate, panes.function_controls.sliders["x"], panes.function_controls.boxes["x"],
        panes.table.filter, panes.expression.entry, panes.diagram, panes.plot.chip("h"), panes.plot.function,
    ]  # fmt: skip
    places = [found.index(widget) for widget in order]
    assert places == sorted(places)


def test_enter_in_the_parameter_table_derives_by_the_row(qtbot, network):
    table = network.panes.parameters
    table.setFocus()
    table.setCurrentIndex(table.model().index(table.row_of("b1"), 0))
    qtbot.keyClick(table, _KEY.Key_Return)
    assert network.session.state.network.selected == "b1"


def test_two_samples_chosen_are_two_entries_and_a_zoom_is_fine(qtbot, network):
    controls = network.panes.network_controls
    controls.dataset.setCurrentIndex(controls.dataset.findData("xor"))
    controls.dataset.activated.emit(controls.dataset.currentIndex())
    count = network.session.undo_stack.count()
    controls.sample.stepUp()
    qtbot.wait(900)  # a pause ends a gesture
    controls.sample.stepUp()
    assert network.session.undo_stack.count() == count + 2


def test_a_zoomed_plot_is_aimed_at_finely(qtbot, window):
    window.panes.plot.function.x_range_edited.emit(1.0, 1.0001, "zoom")
    window.panes.function_controls.sliders["x"].setValue(500)
    assert window.session.frame.function.x == pytest.approx(1.00005, abs=1e-8)
    qtbot.keyClick(window.panes.plot.function, _KEY.Key_Right)
    assert 1.00005 < window.session.frame.function.x < 1.0001


def test_each_drag_of_the_plot_is_one_entry(qtbot, window, monkeypatch):
    monkeypatch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", 0)  # it leaves out moves of a fast test
    plot = window.panes.plot.function
    view, stack = plot.viewport(), window.session.undo_stack
    count = stack.count()
    ranges = [window.session.state.function.x_range]
    for left in (100, 140):
        start = QPoint(left, view.height() // 4)
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        for step in (10, 25, 40):
            qtbot.wait(15)  # the plot takes at most a hundred moves in a second
            qtbot.mouseMove(view, start + QPoint(step, 0))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
        ranges.append(window.session.state.function.x_range)
    assert ranges[2][0] < ranges[1][0] < ranges[0][0]
    assert stack.count() == count + 2
    stack.undo()
    assert window.session.state.function.x_range == ranges[1]
    stack.undo()
    assert window.session.state.function.x_range == ranges[0]
