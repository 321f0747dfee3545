"""The worked solution, both orders, higher derivatives and several variables, used as a learner does."""

from __future__ import annotations

import gc
import math
import threading

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.model import parse
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.session import edits
from chainrule_gui.session.document import read_document
from chainrule_gui.session.session import Session

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
)  # fmt: skip


def _click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QGuiApplication.processEvents()


def _show(window, text, **values):
    state = edits.text_edited(window.session.state, text)
    for name, value in values.items():
        state = edits.point_edited(state, name, value)
    window.session.edit("", state)
    QGuiApplication.processEvents()


def _view(window):
    return window.session.state.function.view


def _solution(window):
    return window.session.frame.function.solution


def _wait_for_rows(qtbot, window):
    """Until all steps that are to be shown are typeset."""
    steps, view = window.panes.expression.steps, _view(window)
    count = len(_solution(window).lines)
    shown = count if view.revealed is None else min(view.revealed, count)
    shown += view.predicting and shown < count
    qtbot.waitUntil(lambda: len(steps.rows) == shown)


@pytest.fixture
def steps(qtbot, window):
    _click(qtbot, window.panes.expression_views.button("steps"))
    _wait_for_rows(qtbot, window)
    return window.panes.expression.steps


# --- the views -----------------------------------------------------------------------------------------


def test_one_key_goes_through_the_views_and_each_is_undone(qtbot, window):
    seen = []
    for _press in range(3):
        qtbot.keyClick(window, Qt.Key.Key_V, CONTROL | SHIFT)
        seen.append(_view(window).expression)
    assert seen == ["steps", "orders", "chain"]
    window.session.undo_stack.undo()
    assert _view(window).expression == "orders"
    assert window.panes.expression.orders.isVisible()


def test_the_solution_is_there_only_while_it_is_shown_and_the_same_while_x_moves(qtbot, window):
    assert _solution(window) is None
    _click(qtbot, window.panes.expression_views.button("steps"))
    lines = _solution(window).lines
    _show(window, "log(2 + cos x)", x=2.0)
    assert _solution(window).lines is lines


# --- revealing -----------------------------------------------------------------------------------------


def test_all_steps_show_formula_reason_and_value(qtbot, window, steps):
    first = next(iter(steps.rows.values()))
    assert "natural logarithm of" in first.formula.accessibleName()
    assert "chain rule" in first.formula.accessibleName()
    assert first.value == "= −0.3312"
    assert steps.rows["1.1"].value == "= 0.3937"
    assert steps.result.isVisible()
    assert steps.result.accessibleName().startswith("Result: h prime of x equals")
    window.session.edit("", edits.point_edited(window.session.state, "x", 2.0))
    assert steps.rows["1.1"].value == f"= {1 / (2 + math.cos(2)):.4f}"


def test_steps_are_revealed_one_by_one_by_keys(qtbot, window, steps):
    qtbot.waitUntil(window.isActiveWindow)
    count = len(_solution(window).lines)
    window.panes.diagram.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Left, CONTROL | SHIFT)
    assert _view(window).revealed == 0
    assert not steps.rows
    assert steps.task.isVisible()
    assert not steps.result.isVisible()
    for shown in (1, 2):
        qtbot.keyClick(window, Qt.Key.Key_Right, CONTROL)
        assert _view(window).revealed == shown
        assert len(steps.rows) == shown
        assert not steps.task.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Left, CONTROL)
    assert len(steps.rows) == 1
    assert steps.progress.text() == f"1 of {count}"
    steps.rows["1"].formula.setFocus()
    qtbot.keyClick(steps.rows["1"].formula, Qt.Key.Key_Space)
    assert _view(window).revealed == 2
    window.session.undo_stack.undo()
    assert _view(window).revealed == 1
    qtbot.keyClick(window, Qt.Key.Key_Right, CONTROL | SHIFT)
    _wait_for_rows(qtbot, window)
    assert len(steps.rows) == count
    assert not steps.buttons["next_step"].isEnabled()
    assert steps.result.isVisible()


def test_the_last_step_is_followed_by_the_result(qtbot, window, steps):
    _click(qtbot, steps.buttons["previous_step"])
    assert not steps.result.isVisible()
    _click(qtbot, steps.buttons["next_step"])
    assert steps.result.isVisible()
    assert steps.buttons["simplify"].isVisible()


def test_steps_inside_a_step_are_folded_away_and_unfolded(qtbot, window, steps):
    row = steps.rows["1"]
    everything = list(steps.rows)
    _click(qtbot, row.arrow)
    assert list(steps.rows) == ["1"]
    assert row.arrow.accessibleName() == "Show the steps inside 1"
    row.formula.setFocus()
    qtbot.keyClick(row.arrow, Qt.Key.Key_Space)
    _wait_for_rows(qtbot, window)
    assert list(steps.rows) == everything


def test_a_new_function_begins_at_its_first_step(qtbot, window, steps):
    _click(qtbot, steps.buttons["start_over"])
    _click(qtbot, steps.buttons["next_step"])
    _show(window, "x^2 sin x")
    assert _view(window).revealed == 0
    assert not steps.rows


def test_a_long_solution_comes_in_slices(qtbot, window, steps):
    _show(window, "exp(sin(cos(tan(ln(sqrt(x^2+1))))))")
    _wait_for_rows(qtbot, window)
    heights = [row.height() for row in steps.rows.values()]
    assert all(
        height >= row.formula.height() for height, row in zip(heights, steps.rows.values(), strict=True)
    )  # none is squeezed


@pytest.mark.parametrize(("text", "x"), [("ln x", -1.0), ("|x|", 0.0), ("1/x", 0.0)])
def test_where_there_is_no_derivative_no_value_is_invented(qtbot, window, steps, text, x):
    _show(window, text, x=x)
    _wait_for_rows(qtbot, window)
    assert steps.rows["1"].value == "= —"


def test_a_link_lights_up_from_a_step_and_back(qtbot, window, steps):
    formula = steps.rows["1.1"].formula
    formula.setFocus()
    qtbot.keyClick(formula, Qt.Key.Key_Right)
    assert window.session.highlight == "h/u"


# --- predicting ----------------------------------------------------------------------------------------


def _answer(qtbot, steps, text):
    steps.prediction.entry.clear()
    qtbot.keyClicks(steps.prediction.entry, text)
    qtbot.keyClick(steps.prediction.entry, Qt.Key.Key_Return)


def test_the_next_factor_is_typed_checked_and_unfolds(qtbot, window, steps):
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    assert _view(window).predicting
    assert steps.asked.key == "1"
    assert steps.prediction.isVisible()
    assert steps.rows["1"].value == ""
    assert "What" not in steps.prediction.entry.accessibleDescription()
    assert "derivative of 2 + cos(x) by x" in steps.prediction.entry.accessibleDescription()
    _answer(qtbot, steps, "sin x")
    qtbot.waitUntil(lambda: "Not yet" in steps.prediction.said.text())
    assert "sin" not in steps.prediction.said.text()
    assert steps.asked.key == "1"
    _answer(qtbot, steps, "-sin(x)*1")
    qtbot.waitUntil(lambda: steps.asked is not None and steps.asked.key == "1.1")
    assert steps.prediction.entry.text() == ""
    assert steps.rows["1"].value == "= −0.3312"
    _answer(qtbot, steps, "1/(2 + cos x)")  # what u stands for is as good as u
    qtbot.waitUntil(lambda: steps.asked is None or steps.asked.key != "1.1")
    assert window.session.state.function.view.revealed > 1


def test_what_cannot_be_read_or_does_not_occur_is_said(qtbot, window, steps):
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    qtbot.keyClicks(steps.prediction.entry, "2x")
    assert steps.prediction.preview.isVisible()
    qtbot.keyClicks(steps.prediction.entry, "+")
    assert not steps.prediction.preview.isVisible()
    qtbot.keyClick(steps.prediction.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(steps.prediction.said.text()))
    _answer(qtbot, steps, "y")
    qtbot.waitUntil(lambda: "“y” does not occur" in steps.prediction.said.text())


def test_a_factor_can_be_shown_and_predicting_ends_with_the_result(qtbot, window, steps):
    _click(qtbot, steps.buttons["predict"])
    for _factor in range(20):
        if steps.asked is None:
            break
        _click(qtbot, steps.prediction.give_up)
    assert not steps.prediction.isVisible()
    _wait_for_rows(qtbot, window)
    assert steps.result.isVisible()
    _click(qtbot, steps.buttons["predict"])
    assert not _view(window).predicting


def test_back_asks_the_question_before_again(qtbot, window, steps):
    _click(qtbot, steps.buttons["predict"])
    _click(qtbot, steps.prediction.give_up)
    assert steps.asked.key == "1.1"
    _click(qtbot, steps.buttons["previous_step"])
    assert steps.asked.key == "1"


# --- the simplified form -------------------------------------------------------------------------------


def test_the_simplified_form_is_shown_when_it_is_proven(qtbot, window, steps):
    _show(window, "sin(x) cos(x)")
    _wait_for_rows(qtbot, window)
    qtbot.waitUntil(steps.buttons["simplify"].isVisible)
    _click(qtbot, steps.buttons["simplify"])
    assert "looking" in steps.said.text()
    qtbot.waitUntil(steps.simplified.isVisible, timeout=20_000)
    assert "proven equal" in steps.said.text()
    assert steps.simplified.accessibleName() == "equals cosine of, 2 times x, end"


def test_an_outdated_simplified_form_is_dropped(qtbot, window, steps, monkeypatch):
    go, ended = threading.Event(), threading.Event()

    def slow(_expression):
        go.wait(5)
        ended.set()
        return parse("7")

    monkeypatch.setattr("chainrule_gui.model.simplify.simplified", slow)
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL | SHIFT)
    assert "looking" in steps.said.text()
    _show(window, "sin x")
    assert steps.said.text() == ""
    go.set()
    qtbot.waitUntil(ended.is_set)
    qtbot.wait(50)
    assert not steps.simplified.isVisible()
    assert steps.said.text() == ""


def test_no_thread_outlives_the_window(qtbot, monkeypatch):
    window = MainWindow(Session())
    qtbot.addWidget(window)
    window.show()
    window.actions_by_key["derivation_view"].trigger()
    _wait_for_rows(qtbot, window)
    window.actions_by_key["simplify"].trigger()
    assert any(thread.name == "background" for thread in threading.enumerate())
    window.session.undo_stack.setClean()
    window.close()
    assert not any(thread.name == "background" for thread in threading.enumerate())


# --- higher derivatives --------------------------------------------------------------------------------


def test_the_second_derivative_is_taken_apart_checked_and_plotted(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_2, ALT)
    frame = window.session.frame.function
    expected = -(2 * math.cos(1) + 1) / (2 + math.cos(1)) ** 2
    assert frame.derivation.of == "h′"
    assert frame.derivation.derivative_value == pytest.approx(expected, rel=1e-12)
    assert frame.check.passes
    assert [curve.name for curve in frame.curves][:3] == ["h″", "h′", "h"]
    assert window.panes.derivative_order.currentText() == "h″"
    assert window.actions_by_key["second_order"].isChecked()
    assert window.panes.diagram.item("h′") is not None
    curve = {one.name: one for one in frame.curves}
    formula = parse("-(2 cos x + 1)/(2 + cos x)^2")
    assert curve["h″"].ys == pytest.approx(evaluate(formula, {"x": curve["h″"].xs}), rel=1e-9)
    window.session.undo_stack.undo()
    assert window.session.frame.function.derivation.of == "h"


@pytest.mark.parametrize("picture", ["links", "nudge"])
def test_every_picture_shows_the_third_derivative(qtbot, window, picture):
    _click(qtbot, window.panes.function_plots.button(picture))
    _click(qtbot, window.panes.function_diagrams.button("nudge"))
    for view in ("chain", "steps", "orders"):
        _click(qtbot, window.panes.expression_views.button(view))
        qtbot.keyClick(window, Qt.Key.Key_3, ALT)
        assert window.session.frame.function.derivation.of == "h″"
        assert "h‴(x)·Δx" in window.panes.diagram.caption.text()
        qtbot.keyClick(window, Qt.Key.Key_1, ALT)


def test_steps_of_a_second_derivative(qtbot, window, steps):
    qtbot.keyClick(window, Qt.Key.Key_2, ALT)
    _wait_for_rows(qtbot, window)
    assert next(iter(steps.rows)) == "2"
    assert steps.result.accessibleName().startswith("Result: h double prime of x")


def test_a_derivative_too_long_to_be_differentiated_again_is_said(qtbot, window, monkeypatch):
    monkeypatch.setattr("chainrule_gui.model.higher.MAX_PARTS", 30)
    _show(window, "exp(x^2 + 3x) sin(x^3)/(1 + x^4)")
    qtbot.keyClick(window, Qt.Key.Key_3, ALT)
    assert "too long" in window.panes.expression.message.text()
    assert window.session.frame.function.derivation.of == "h"


# --- several variables ---------------------------------------------------------------------------------


def test_the_gradient_by_all_variables_is_shown_and_each_can_be_clicked(qtbot, window):
    _show(window, "(w x + b)^2", x=1.0, w=2.0, b=3.0)
    assert dict(window.session.frame.function.gradient) == pytest.approx({"w": 10.0, "x": 20.0, "b": 10.0})
    view = window.panes.expression.formula("gradient")
    assert view.isVisible()
    assert "d h by d b equals 10.0000" in view.accessibleName()
    place = view.zone_rect("variable:b").center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert window.session.state.function.wrt == "b"
    definitions = window.panes.expression.formula("definitions")
    place = definitions.zone_rect("variable:w").center().toPoint()
    assert place != QPoint()
    qtbot.mouseClick(definitions, Qt.MouseButton.LeftButton, pos=place)
    assert window.session.state.function.wrt == "w"
    window.session.undo_stack.undo()
    assert window.session.state.function.wrt == "b"


def test_a_variable_is_chosen_from_the_gradient_by_keyboard(qtbot, window):
    _show(window, "x y^2", x=1.0, y=3.0)
    view = window.panes.expression.formula("gradient")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert window.session.state.function.wrt == "y"
    assert window.session.frame.function.derivation.derivative_value == pytest.approx(6.0)


def test_one_variable_has_no_gradient_row(window):
    assert not window.panes.expression.formula("gradient").isVisible()


# --- the two orders ------------------------------------------------------------------------------------


def test_both_orders_end_in_the_derivative_with_twins_in_the_diagram(qtbot, window):
    _click(qtbot, window.panes.expression_views.button("orders"))
    orders = window.panes.expression.orders
    for key, first in (("forward", "d u by d x"), ("reverse", "d h by d u")):
        assert orders.formulas[key].accessibleName().startswith(f"{first} equals")
        assert orders.formulas[key].accessibleName().endswith("d h by d x equals −0.3312")
    formula = orders.formulas["reverse"]
    formula.setFocus()
    qtbot.keyClick(formula, Qt.Key.Key_Right)
    assert window.session.highlight == "h/u"


def test_the_count_says_why_backpropagation_goes_backward(qtbot, window):
    _show(window, "(sigmoid(w x + b) - y)^2 / 2")
    _click(qtbot, window.panes.expression_views.button("orders"))
    orders = window.panes.expression.orders
    assert "4 variables" in orders.words.text()
    count = window.session.frame.function.multiplications
    assert orders.bars.accessibleName() == (f"Multiplications: forward {count.forward}, reverse {count.reverse}")
    assert count.reverse < count.forward
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert not window.panes.expression_views.button("steps").isVisible()
    _click(qtbot, window.panes.expression_views.button("orders"))
    assert window.session.state.network.view.expression == "orders"
    assert "backpropagation" in orders.words.text()
    assert orders.formulas["forward"].accessibleName().split("; ")[0].startswith("d z 2 by d w 2")
    window.session.undo_stack.undo()
    assert window.session.state.network.view.expression == "chain"


def test_the_view_is_saved_with_the_session(qtbot, window, steps, tmp_path):
    _click(qtbot, steps.buttons["start_over"])
    qtbot.keyClick(window, Qt.Key.Key_2, ALT)
    state = edits.expression_view_chosen(edits.subject_chosen(window.session.state, "network"), "orders")
    window.session.edit("", state)
    path = tmp_path / "w.chainrule"
    assert window.files.save_to(path)
    read = read_document(path)
    assert (read.function.view, read.function.order) == (state.function.view, 2)
    assert read.network.view.expression == "orders"


@pytest.fixture
def _no_collection():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collection")
def test_no_row_outlives_its_window(qtbot):
    def all_widgets():
        QApplication.instance().sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return set(QApplication.allWidgets())

    before = all_widgets()
    window = MainWindow(Session())
    window.show()
    window.actions_by_key["derivation_view"].trigger()
    _wait_for_rows(qtbot, window)
    _show(window, "exp(sin(cos(x)))")
    window.session.undo_stack.setClean()
    window.close()
    window.deleteLater()
    del window
    assert all_widgets() <= before
