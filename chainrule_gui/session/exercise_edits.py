"""Pure edits of practising: an exercise taken into the session, answered, solved or given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.parser import MAX_CHARACTERS
from chainrule_gui.session import edits
from chainrule_gui.session.state import ActiveExercise, LabState, Outcome

if TYPE_CHECKING:
    from chainrule_gui.learning.exercises import Exercise

SET_SIZE = 10
"""Exercises of a set, none of them twice."""
LONGEST_ANSWER = MAX_CHARACTERS


def answer_edited(state: LabState, text: str) -> LabState:
    """Take what the learner typed for the derivative."""
    return replace(state, function=replace(state.function, answer=readable_answer(text)))


def readable_answer(text: str) -> str:
    """Return an answer as it can be saved."""
    return text[:LONGEST_ANSWER].encode("utf-8", "replace").decode("utf-8")


def exercise_begun(state: LabState, topic: str, difficulty: int, depth: int | None, seed: int) -> LabState:
    """Take the first exercise of a set into the session: its function, its variable, its point, its interval.

    Raises
    ------
    ValueError
        where there is no such exercise.
    """
    return _taken(state, ActiveExercise(topic, difficulty, depth, seed, 0, topic))


def next_exercise(state: LabState, seed: int) -> LabState:
    """Go to the next exercise of the set, behind its last one to the first of the set of another seed."""
    active = state.function.exercise
    if active is None:
        return state
    place = active.place + 1
    if place == SET_SIZE:
        return exercise_begun(state, active.topic, active.difficulty, active.depth, seed)
    return _taken(state, replace(active, place=place, outcome="open"))


def exercise_ended(state: LabState, outcome: Outcome) -> LabState:
    """Uncover the derivation: the exercise is solved, or its solution is shown."""
    exercise = state.function.exercise
    if exercise is None or exercise.outcome != "open":
        return state
    return replace(state, function=replace(state.function, exercise=replace(exercise, outcome=outcome)))


def check_exercise(exercise: ActiveExercise) -> None:
    """Refuse, by ValueError, an exercise that is of no set."""
    from chainrule_gui.learning.exercises import DEEPEST, DIFFICULTIES, TOPICS

    known = {exercise.topic, exercise.kind} <= TOPICS.keys() and exercise.difficulty in DIFFICULTIES
    if not known or exercise.depth not in (None, *range(1, DEEPEST + 1)) or not 0 <= exercise.place < SET_SIZE:
        raise ValueError(_("there is no such exercise"))


def _taken(state: LabState, active: ActiveExercise) -> LabState:
    exercise = _exercise(active.topic, active.difficulty, active.depth, active.seed, active.place)
    taken = edits.subject_chosen(edits.text_edited(state, exercise.text), "function")
    point = tuple((name, exercise.point[name]) for name, _value in taken.function.point)
    function = edits.wrt_chosen(replace(taken, function=replace(taken.function, point=point)), exercise.wrt).function
    function = replace(function, x_range=exercise.interval, answer="", exercise=replace(active, kind=exercise.topic))
    return replace(taken, function=function)


def _exercise(topic: str, difficulty: int, depth: int | None, seed: int, place: int) -> Exercise:
    """A set is drawn as far as it is needed: a deep chain takes many milliseconds each."""
    drawn, rest = _begun(topic, difficulty, depth, seed)
    try:
        drawn.extend(islice(rest, max(0, place + 1 - len(drawn))))
    except ValueError:
        _begun.cache_clear()  # asked again, it is to say so again
        raise
    return drawn[place]


@lru_cache(maxsize=8)
def _begun(topic: str, difficulty: int, depth: int | None, seed: int) -> tuple[list[Exercise], Iterator[Exercise]]:
    from chainrule_gui.learning.exercises import exercises

    return [], exercises(topic, difficulty, seed, depth)
