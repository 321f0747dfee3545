"""Practising as pure edits: an exercise taken, gone on from, solved or given up."""

from __future__ import annotations

import pytest

from chainrule_gui.learning.exercises import TOPICS, exercise_set
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.session import edits
from chainrule_gui.session.exercise_edits import (
    LONGEST_ANSWER,
    SET_SIZE,
    answer_edited,
    exercise_begun,
    exercise_ended,
    next_exercise,
)
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import initial_state


@pytest.mark.parametrize("topic", TOPICS)
def test_a_set_is_gone_through_as_it_was_made(topic):
    state = exercise_begun(initial_state(), topic, 2, None, seed=5)
    for place, exercise in enumerate(exercise_set(topic, 2, SET_SIZE, seed=5)):
        function = state.function
        assert state.subject == "function"
        assert parse(function.good_text) == exercise.expression
        assert (function.wrt, function.x_range, dict(function.point)) == (
            exercise.wrt, exercise.interval, exercise.point,
        )  # fmt: skip
        assert (function.exercise.place, function.exercise.kind, function.answer) == (place, exercise.topic, "")
        assert resolve(state).function.derivation.derivative_value is not None
        state = next_exercise(answer_edited(state, "x"), seed=6)
    assert (state.function.exercise.seed, state.function.exercise.place) == (6, 0)


def test_there_is_no_exercise_of_an_unknown_kind():
    with pytest.raises(ValueError, match="no such exercise"):
        exercise_begun(initial_state(), "astrology", 2, None, 1)


def test_an_exercise_ends_once():
    state = exercise_begun(initial_state(), "chain", 1, 1, 1)
    solved = exercise_ended(state, "solved")
    assert solved.function.exercise.outcome == "solved"
    assert exercise_ended(solved, "shown") is solved
    assert exercise_ended(initial_state(), "shown").function.exercise is None
    assert next_exercise(initial_state(), 1).function.exercise is None


def test_another_function_or_variable_is_no_exercise_any_more():
    state = exercise_begun(initial_state(), "network", 1, None, 1)
    wrt, other = state.function.wrt, next(name for name, _v in state.function.point if name != state.function.wrt)
    assert edits.wrt_chosen(state, wrt).function.exercise is not None
    assert edits.wrt_chosen(state, other).function.exercise is None
    assert edits.text_edited(state, "x^5").function.exercise is None
    assert edits.text_edited(state, "x^").function.exercise is not None  # not yet another
    assert edits.point_edited(state, wrt, 0.1).function.exercise is not None


def test_an_answer_can_always_be_saved():
    state = answer_edited(initial_state(), "\ud800" + "x" * 2 * LONGEST_ANSWER)
    assert state.function.answer == "?" + "x" * (LONGEST_ANSWER - 1)


def test_a_pinned_link_is_lit_while_no_other_is_pointed_at():
    session, seen = Session(), []
    session.highlight_changed.connect(seen.append)
    session.pin_highlight("u/x")
    session.set_highlight("h/u")
    session.set_highlight("u/x")
    session.set_highlight(None)
    session.pin_highlight(None)
    assert seen == ["u/x", "h/u", "u/x", None]
