"""The practice page: the kind chosen, the exercise, the record, and the question before it is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from chainrule_gui.learning.practice import Attempt, Practice
from chainrule_gui.session.state import ActiveExercise
from chainrule_gui.views.practice_panel import PracticePanel

_NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def panel(qtbot):
    made = PracticePanel()
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    return made


def _attempt(topic, diagnosis=None, verdict=None):
    verdict = verdict or ("correct" if diagnosis is None else "incorrect")
    return Attempt(_NOW, topic, 1, "sin(2x)", "x", "cos(2x)", verdict, diagnosis)


def test_what_was_got_right_and_wrong_is_told_in_plain_words(panel):
    assert not panel.results.isVisible()
    assert not panel.export_button.isVisible()
    attempts = [
        _attempt("chain", "missing-inner-derivative"), _attempt("chain"), _attempt("table"),
        _attempt("later-topic", "later-code"), _attempt("chain"), _attempt("chain", None, "unreadable"),
    ]  # fmt: skip
    panel.show_record(Practice(tuple(attempts)))
    assert panel.streak.text() == "1"
    assert panel.best.text() == "right in a row, best 2"
    assert panel.results.texts == ["Chain rule", "2 of 3", "Derivative table", "1 of 1", "later-topic", "0 of 1"]
    assert panel.mistakes.texts == ["inner derivative missing", "1", "later-code", "1"]
    assert panel.export_button.isVisible()
    panel.show_record(Practice())
    assert panel.results.texts == []
    assert not panel.results.isVisible()


def test_which_exercise_is_asked_and_whether_it_is_open(panel):
    assert not panel.next_button.isVisible()
    panel.show_exercise(ActiveExercise("mixed", 2, None, 1, 2, "quotient"))
    assert panel.progress.text().startswith("Exercise 3 of 10, Quotient rule.")
    assert panel.next_button.text() == "Skip"
    panel.show_exercise(ActiveExercise("mixed", 2, None, 1, 2, "quotient", "shown"))
    assert panel.next_button.text() == "Next exercise"
    assert "no longer counts" in panel.progress.text()


def test_the_kind_is_chosen_by_the_keyboard(qtbot, panel):
    asked = []
    panel.new_requested.connect(lambda *kind: asked.append(kind))
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(panel.inside, Qt.Key.Key_End)
    qtbot.keyClick(panel.difficulty.button("3"), Qt.Key.Key_Space)
    qtbot.keyClick(panel.new_button, Qt.Key.Key_Space)
    qtbot.keyClick(panel.topic, Qt.Key.Key_Home)
    qtbot.keyClick(panel.new_button, Qt.Key.Key_Space)
    assert asked == [("chain", 1, None), ("chain", 3, 4), ("table", 3, None)]


def test_nothing_is_forgotten_unasked(qtbot, panel):
    panel.show_record(Practice((_attempt("chain"),)))
    with qtbot.assertNotEmitted(panel.reset_requested):
        qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(panel.keep_button, Qt.MouseButton.LeftButton)
    assert not panel.question.isVisible()
    qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.reset_requested):
        qtbot.mouseClick(panel.forget_button, Qt.MouseButton.LeftButton)
