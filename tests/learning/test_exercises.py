"""Exercises: the same for the same seed, different within a set, with values wherever they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule_gui.learning.exercises import DIFFICULTIES, TOPICS, exercise_set, exercises
from chainrule_gui.learning.judge import judge
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Call, contains, variables, walk

ALL = [(topic, difficulty) for topic in TOPICS for difficulty in DIFFICULTIES]


@pytest.mark.parametrize(("topic", "difficulty"), ALL)
@pytest.mark.parametrize("seed", range(2))
def test_sets_are_repeatable_distinct_and_pleasant(topic, difficulty, seed):
    exercises = exercise_set(topic, difficulty, 15, seed)
    assert exercises == exercise_set(topic, difficulty, 15, seed)
    assert len({(exercise.text, exercise.wrt) for exercise in exercises}) == 15
    for exercise in exercises:
        assert exercise.topic == topic or topic == "mixed"
        assert exercise.difficulty == difficulty
        assert parse(exercise.text) == exercise.expression
        assert contains(exercise.expression, exercise.wrt)
        assert set(exercise.point) == set(variables(exercise.expression))
        low, high = exercise.interval
        assert low < exercise.point[exercise.wrt] < high
        values = {**exercise.point, exercise.wrt: np.random.default_rng(seed).uniform(low, high, 1000)}
        for tree in (exercise.expression, exercise.solution):
            assert np.all(np.abs(evaluate(tree, values)) < 500)
        assert derive(exercise.expression, exercise.wrt).value(**exercise.point) is not None
        assert len(to_text(exercise.solution)) < 400


def test_other_seeds_give_other_sets():
    sets = {tuple(exercise.text for exercise in exercise_set("chain", 2, 5, seed)) for seed in range(20)}
    assert len(sets) == 20


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_chain_is_as_deep_as_asked(depth):
    for exercise in exercise_set("chain", 2, 10, 5, depth):
        assert len(derive(exercise.expression).chains) >= 1
        assert _nesting(exercise.expression) >= depth


def _nesting(tree):
    """How many functions, powers and quotients lie around the variable, at most; sums and factors do not count."""
    inner = [_nesting(child) for child in _children(tree)]
    counts = isinstance(tree, Call) or getattr(tree, "operator", "") in ("^", "/")
    return int(counts) + max(inner, default=0)


def _children(tree):
    return [getattr(tree, side) for side in ("left", "right", "operand", "argument") if hasattr(tree, side)]


@settings(max_examples=40)
@given(st.sampled_from(ALL), st.integers(0, 10**9))
def test_the_solution_is_judged_correct_and_the_function_itself_is_not(kind, seed):
    (exercise,) = exercise_set(*kind, 1, seed)
    assert judge(exercise.expression, to_text(exercise.solution), exercise.wrt).verdict == "correct"
    if not any(node == parse("e") or getattr(node, "function", "") == "exp" for node in walk(exercise.expression)):
        assert judge(exercise.expression, exercise.text, exercise.wrt).verdict == "incorrect"


@pytest.mark.parametrize(
    ("topic", "difficulty", "depth"), [("knots", 1, None), ("chain", 0, None), ("chain", 4, None), ("chain", 1, 5)]
)
def test_what_is_not_there_is_refused(topic, difficulty, depth):
    with pytest.raises(ValueError, match="no such exercise"):
        exercise_set(topic, difficulty, 3, 1, depth)


def test_more_than_there_are_is_refused():
    with pytest.raises(ValueError, match="only"):
        exercise_set("table", 1, 500, 1)


def test_exercises_that_run_out_say_so_where_they_do():
    one_by_one = exercises("table", 1, seed=1)
    assert tuple(next(one_by_one) for _place in range(5)) == exercise_set("table", 1, 5, seed=1)
    with pytest.raises(ValueError, match="only"):
        exercise_set("table", 1, 10_000, seed=1)
