"""Orders, values of steps, the gradient: each against formulas worked out otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.tree import Derivative
from chainrule_gui.session import edits
from chainrule_gui.session.derived import next_question
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state

TEXTS = ("log(2 + cos x)", "x^2 sin(3x + 1)", "exp(sin(x^2))", "x/(1 + x^2)", "sqrt(x^2 + 1)")


def _state(text, order=1, x=0.7, **view):
    state = edits.point_edited(edits.text_edited(initial_state(), text), "x", x)
    state = edits.function_view_edited(state, replace(state.function.view, **view))
    return edits.order_chosen(state, order)


def _sympy(text):
    return sympy.sympify(text.replace("^", "**").replace("3x", "3*x").replace("x**2 sin", "x**2*sin")
                         .replace("cos x", "cos(x)"))  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_each_order_agrees_with_sympy_as_value_curve_and_check(text, order):
    frame = resolve(_state(text, order)).function
    x = sympy.Symbol("x")
    formula = sympy.lambdify(x, sympy.diff(_sympy(text), x, order))
    assert frame.derivation.derivative_value == pytest.approx(float(formula(0.7)), rel=1e-9)
    assert frame.check.passes
    assert frame.derivative_name == "h" + "′″‴"[order - 1]
    curve = frame.curves[0]
    assert curve.name == frame.derivative_name
    assert curve.ys[::50] == pytest.approx([float(formula(value)) for value in curve.xs[::50]], rel=1e-8, abs=1e-9)


@given(st.sampled_from(TEXTS), st.sampled_from([1, 2]), st.floats(-3, 3))
def test_every_step_has_the_value_of_both_its_sides(text, order, x):
    solution = resolve(_state(text, order, x, expression="steps")).function.solution
    for line in solution.lines:
        step, point = line.step, {"x": x}
        known = point | {name: float(evaluate(meaning, point)) for name, meaning in step.where.items()}
        value = solution.value(line)
        if not isinstance(step.before, Derivative) and "Derivative" not in repr(step.before):
            assert value == pytest.approx(float(evaluate(step.before, known)), rel=1e-9, abs=1e-12)
        if "Derivative" not in repr(step.after):
            assert value == pytest.approx(float(evaluate(step.after, known)), rel=1e-9, abs=1e-12)


def test_the_lines_stay_the_same_object_while_only_numbers_change():
    one = resolve(_state("exp(sin x)", expression="steps"))
    other = resolve(edits.point_edited(one.state, "x", 2.0), one)
    assert other.function.solution.lines is one.function.solution.lines
    assert other.function.solution is not one.function.solution
    same = resolve(edits.nudge_edited(other.state, 0.5), other)
    assert same.function.solution is other.function.solution


def test_questions_ask_for_derivatives_and_nothing_twice():
    lines = resolve(_state("x^2 sin(3x + 1)", expression="steps")).function.solution.lines
    asked = []
    place = next_question(lines, 0)
    while place < len(lines):
        assert lines[place].step.blank.wrt is not None
        asked.append(lines[place].key)
        place = next_question(lines, place + 1)
    assert asked[0] == "1"
    assert len(asked) == len(set(asked)) < len(lines)


def test_the_gradient_is_there_for_several_variables_and_the_first_order():
    state = edits.text_edited(initial_state(), "a x^2 + b")
    state = edits.point_edited(edits.point_edited(state, "x", 3.0), "a", 2.0)
    assert dict(resolve(state).function.gradient) == pytest.approx({"x": 12.0, "a": 9.0, "b": 1.0})
    assert resolve(edits.order_chosen(state, 2)).function.gradient == ()
    assert resolve(initial_state()).function.gradient == ()


def test_prediction_begins_at_the_beginning_and_another_order_does_too():
    state = edits.prediction_chosen(_state("exp(sin x)", expression="steps"), True)
    assert state.function.view.revealed == 0
    state = edits.steps_revealed(state, 3)
    assert edits.prediction_chosen(state, False).function.view.revealed == 3
    assert edits.order_chosen(state, 2).function.view.revealed == 0


def test_a_network_has_no_steps():
    state = edits.subject_chosen(initial_state(), "network")
    assert edits.expression_view_chosen(state, "steps") is state
    orders = edits.next_expression_view(state)
    assert orders.network.view.expression == "orders"
    assert edits.next_expression_view(orders).network.view.expression == "chain"
