"""Answering and practising in the window: verdicts, hints, the link that is lit, the record on the disk."""

from __future__ import annotations

import csv
import json
import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.app.practice_log import PracticeLog
from chainrule_gui.learning.judge import Judgement
from chainrule_gui.model import derive, parse
from chainrule_gui.model.bounded import bounded
from chainrule_gui.model.calculus import differentiate
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.session import edits, exercise_edits
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import initial_state

_KEY = Qt.Key
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_RIGHT = "-sin(x)/(2 + cos(x))"
_WRONG = "1/(2 + cos x)"


def _box(window):
    return window.panes.expression.answer_box


def _type(qtbot, window, answer):
    qtbot.keyClick(window, _KEY.Key_F, _CTRL | _SHIFT)
    qtbot.keyClicks(_box(window).entry, answer)


def _check(qtbot, window):
    qtbot.keyClick(_box(window).entry, _KEY.Key_Return)
    _wait(qtbot, window)


def _wait(qtbot, window):
    qtbot.waitUntil(lambda: window.practice.examiner.asked is None)


def _answer(qtbot, window, answer):
    _type(qtbot, window, answer)
    _check(qtbot, window)


def _verdict(window):
    return _box(window).verdict.text() if _box(window).verdict.isVisible() else ""


def _solution(window):
    function = window.session.frame.function
    return to_text(differentiate(function.expression, function.state.wrt))


@pytest.fixture
def window(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def exercise(qtbot, window):
    qtbot.keyClick(window, _KEY.Key_F4)
    qtbot.mouseClick(window.panes.practice.new_button, Qt.MouseButton.LeftButton)
    return window


# --- the answer box ------------------------------------------------------------------------------------


def test_a_right_answer_in_another_form_is_correct(qtbot, window):
    _answer(qtbot, window, "h'(x) = -sin(x) * (2 + cos x)^-1")
    assert _verdict(window) == "✓ Correct"
    assert not _box(window).message.isVisible()
    assert window.session.highlight is None


def test_a_mistake_is_named_and_its_link_is_lit_in_all_panes_until_the_learner_moves_on(qtbot, window):
    _answer(qtbot, window, _WRONG)
    assert _verdict(window) == "✗ Not yet"
    assert "du/dx" in _box(window).message.text()
    assert "sin(" not in _box(window).message.text()
    assert window.session.highlight == "u/x"
    # What the pointer passes over lights up and goes out again; the mistake stays lit.
    window.panes.diagram.link_hovered.emit("h/u")
    assert window.session.highlight == "h/u"
    window.panes.diagram.link_hovered.emit(None)
    assert window.session.highlight == "u/x"
    qtbot.keyClick(window, _KEY.Key_F, _CTRL | _SHIFT)
    qtbot.keyClick(_box(window).entry, _KEY.Key_End)
    qtbot.keyClicks(_box(window).entry, " (")
    assert window.session.highlight is None


def test_what_cannot_be_read_is_said_and_the_place_is_marked(qtbot, window):
    _answer(qtbot, window, "h' = sin(x) + $ x")
    assert _verdict(window) == "? Cannot be read"
    assert _box(window).entry.selectedText() == "$"
    assert "\n" not in _box(window).message.text()
    _answer(qtbot, window, "sin(x")
    assert _verdict(window) == "? Cannot be read"
    assert _box(window).entry.cursorPosition() == 5
    assert not window.practice.log.practice.attempts


def test_an_answer_without_any_value_cannot_be_compared(qtbot, window):
    window.session.edit("", edits.text_edited(window.session.state, "ln(-1 - x^2)"))
    _answer(qtbot, window, "x")
    assert _verdict(window) == "? Cannot be compared"
    assert _box(window).message.text()


def test_how_the_answer_is_read_is_shown_while_it_is_typed(qtbot, window):
    _type(qtbot, window, "1/2x")
    preview = _box(window).preview
    assert preview.isVisible()
    before = preview.document
    assert "frac" in before
    qtbot.keyClicks(_box(window).entry, "(")
    assert preview.document == before  # faint: it no longer is what stands there
    _box(window).entry.selectAll()
    qtbot.keyClick(_box(window).entry, _KEY.Key_Delete)
    assert not preview.isVisible()


@pytest.mark.parametrize("change", [
    lambda qtbot, window: qtbot.keyClicks(_box(window).entry, " "),
    lambda qtbot, window: qtbot.keyClicks(window.panes.expression.entry, " + x"),
    lambda qtbot, window: window.panes.function_controls.wrt_chosen.emit("a"),
    lambda qtbot, window: qtbot.keyClick(window, _KEY.Key_2, _CTRL),
    lambda qtbot, window: qtbot.keyClick(window, _KEY.Key_Z, _CTRL),
])  # fmt: skip
def test_a_verdict_goes_with_what_it_was_about(qtbot, window, change):
    window.session.edit("", edits.text_edited(window.session.state, "a sin(x^2)"))
    _answer(qtbot, window, "a cos(x^2)")
    assert _verdict(window) == "✗ Not yet"
    change(qtbot, window)
    qtbot.keyClick(window, _KEY.Key_1, _CTRL)
    assert not _verdict(window)
    assert not _box(window).message.isVisible()
    assert window.session.highlight is None


def test_moving_along_the_function_leaves_the_verdict(qtbot, window):
    _answer(qtbot, window, _RIGHT)
    qtbot.keyClick(window.panes.plot.function, _KEY.Key_Right)
    assert _verdict(window) == "✓ Correct"


def test_hints_say_more_with_each_press_and_stay_while_the_answer_is_mended(qtbot, window):
    _answer(qtbot, window, _WRONG)
    said = []
    for _press in range(3):
        qtbot.mouseClick(_box(window).hint_button, Qt.MouseButton.LeftButton)
        said.append(_box(window).hint.text())
    assert [text[:11] for text in said] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
    assert "u = 2 + cos(x)" in said[0]
    assert "du/dx = -sin(x)" in said[2]
    assert not _box(window).hint_button.isEnabled()
    qtbot.keyClicks(_box(window).entry, "+")
    assert _box(window).hint.text() == said[2]
    window.session.edit("", edits.text_edited(window.session.state, "x^2"))
    assert not _box(window).hint.isVisible()
    qtbot.keyClick(window, _KEY.Key_H, _CTRL)
    assert "h = x^2" in _box(window).hint.text()


def test_an_empty_answer_asks_for_one(qtbot, window):
    qtbot.mouseClick(_box(window).check_button, Qt.MouseButton.LeftButton)
    assert _box(window).entry.hasFocus()
    assert not _verdict(window)


def test_typing_an_answer_is_one_undo_entry(qtbot, window):
    count = window.session.undo_stack.count()
    _type(qtbot, window, "x^2")
    assert window.session.undo_stack.count() == count + 1
    qtbot.keyClick(_box(window).entry, _KEY.Key_Z, _CTRL)
    assert _box(window).entry.text() == ""


def test_the_verdict_is_announced(qtbot, window, monkeypatch):
    said = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    _answer(qtbot, window, _WRONG)
    assert said[-1].startswith("Not yet. A factor is missing")
    qtbot.keyClick(window, _KEY.Key_H, _CTRL)
    assert said[-1].startswith("Hint 1 of 3")
    _answer(qtbot, window, _RIGHT)
    assert said[-1] == "Correct."


# --- judging takes its time ------------------------------------------------------------------------------


class _Slow:
    """An examiner's judgement that waits for a sign."""

    def __init__(self):
        self.signs = {}

    def __call__(self, question):
        self.signs.setdefault(question.answer, threading.Event()).wait(20)
        return Judgement("incorrect", "other", question.answer)

    def go_on(self, answer):
        self.signs.setdefault(answer, threading.Event()).set()


@pytest.fixture
def slow(window, monkeypatch):
    judged = _Slow()
    monkeypatch.setattr(window.practice.examiner, "_judged", judged)
    yield judged
    for sign in judged.signs.values():
        sign.set()
    window.practice.finish()


def test_the_window_goes_on_while_an_answer_is_judged_and_an_outdated_result_is_ignored(qtbot, window, slow):
    _type(qtbot, window, "x")
    qtbot.keyClick(_box(window).entry, _KEY.Key_Return)
    qtbot.waitUntil(lambda: _verdict(window) == "checking…")
    qtbot.keyClicks(_box(window).entry, "^2")
    assert not _verdict(window)
    qtbot.keyClick(_box(window).entry, _KEY.Key_Return)
    slow.go_on("x")
    qtbot.wait(50)
    assert _verdict(window) in ("", "checking…")
    slow.go_on("x^2")
    qtbot.waitUntil(lambda: _verdict(window) == "✗ Not yet")
    assert _box(window).message.text() == "x^2"


@pytest.mark.qt_no_exception_capture
def test_what_goes_wrong_while_judging_is_reported_and_the_window_goes_on(qtbot, window, monkeypatch):
    def broken(_question):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(window.practice.examiner, "_judged", broken)
    reported = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, fault, _trace: reported.append(fault))
    _answer(qtbot, window, "x")
    assert [type(fault) for fault in reported] == [ZeroDivisionError]
    assert not _verdict(window)


def test_closing_while_an_answer_is_judged_leaves_no_thread_behind(qtbot, window, monkeypatch):
    def endless(question):
        try:
            bounded(time.sleep, 600, seconds=60)
        except RuntimeError:
            return Judgement("correct", None, question.answer)
        raise AssertionError("it was not ended")

    monkeypatch.setattr(window.practice.examiner, "_judged", endless)
    before = set(threading.enumerate())
    _type(qtbot, window, "x")
    qtbot.keyClick(_box(window).entry, _KEY.Key_Return)
    started = set(threading.enumerate()) - before
    assert started
    window.session.undo_stack.setClean()
    window.close()
    assert not any(thread.is_alive() for thread in started)


# --- practising ------------------------------------------------------------------------------------------


def test_an_exercise_is_taken_into_the_session_in_one_entry_and_its_derivation_is_covered(qtbot, window):
    start, count = window.session.state, window.session.undo_stack.count()
    qtbot.keyClick(window, _KEY.Key_N, _CTRL | _SHIFT)
    function = window.session.state.function
    assert window.session.undo_stack.count() == count + 1
    assert function.exercise.topic == function.exercise.kind == "chain"
    assert function.exercise.outcome == "open"
    assert window.panes.expression.cover.isVisible()
    assert not window.panes.expression.derivation.isVisible()
    assert _box(window).entry.hasFocus()
    qtbot.keyClick(window, _KEY.Key_Z, _CTRL)
    assert window.session.state is start
    assert window.panes.expression.derivation.isVisible()


def test_wrong_then_right_then_the_next_by_enter_alone(qtbot, exercise):
    window, panel = exercise, exercise.panes.practice
    _answer(qtbot, window, "12345 + x")
    assert _verdict(window) == "✗ Not yet"
    assert window.panes.expression.cover.isVisible()
    assert panel.streak.text() == "0"
    _answer(qtbot, window, _solution(window))
    assert _verdict(window) == "✓ Correct"
    assert window.panes.expression.derivation.isVisible()
    assert panel.streak.text() == "1"
    assert panel.results.texts == ["Chain rule", "1 of 2"]
    assert panel.mistakes.texts == ["another mistake", "1"]
    qtbot.keyClick(_box(window).entry, _KEY.Key_Return)
    assert window.session.state.function.exercise.place == 1
    assert _box(window).entry.text() == ""
    assert window.panes.expression.cover.isVisible()


def test_a_set_never_asks_the_same_twice_and_goes_on_in_another(qtbot, exercise):
    seen, seed = [], exercise.session.state.function.exercise.seed
    for place in range(exercise_edits.SET_SIZE):
        state = exercise.session.state.function
        assert state.exercise.place == place
        seen.append((state.good_text, state.wrt))
        qtbot.mouseClick(exercise.panes.practice.next_button, Qt.MouseButton.LeftButton)
    assert len(set(seen)) == exercise_edits.SET_SIZE
    assert exercise.session.state.function.exercise.place == 0
    assert exercise.session.state.function.exercise.seed != seed


def test_the_kind_of_exercise_is_chosen(qtbot, window):
    qtbot.keyClick(window, _KEY.Key_2, _CTRL)
    qtbot.keyClick(window, _KEY.Key_F4)
    panel = window.panes.practice
    assert panel.topic.hasFocus()
    qtbot.keyClick(panel.topic, _KEY.Key_End)
    assert not panel.inside.isVisible()
    qtbot.mouseClick(panel.difficulty.button("3"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(window, _KEY.Key_N, _CTRL | _SHIFT)
    exercise = window.session.state.function.exercise
    assert (exercise.topic, exercise.difficulty, exercise.depth) == ("mixed", 3, None)
    assert exercise.kind != "mixed"
    panel.topic.setCurrentIndex(panel.topic.findData("chain"))
    panel.inside.setCurrentIndex(panel.inside.findData(4))
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert window.session.state.function.exercise.depth == 4
    assert len(derive(window.session.frame.function.expression, "x").links) >= 4


def test_a_shown_solution_does_not_count(qtbot, exercise):
    qtbot.mouseClick(exercise.panes.expression.cover.button, Qt.MouseButton.LeftButton)
    assert exercise.panes.expression.derivation.isVisible()
    assert exercise.session.state.function.exercise.outcome == "shown"
    _answer(qtbot, exercise, _solution(exercise))
    assert _verdict(exercise) == "✓ Correct"
    assert not exercise.practice.log.practice.attempts
    qtbot.keyClick(exercise, _KEY.Key_Z, _CTRL)
    qtbot.keyClick(exercise, _KEY.Key_Z, _CTRL)
    assert exercise.panes.expression.cover.isVisible()


def test_the_same_answer_given_twice_counts_once(qtbot, exercise):
    for _time in range(2):
        _answer(qtbot, exercise, "999 x")
        qtbot.keyClicks(_box(exercise).entry, " ")
        qtbot.keyClick(_box(exercise).entry, _KEY.Key_Backspace)
        _check(qtbot, exercise)
    assert len(exercise.practice.log.practice.attempts) == 1


def test_editing_the_function_ends_the_exercise(qtbot, exercise):
    exercise.panes.expression.entry.setFocus()
    exercise.panes.expression.entry.selectAll()
    qtbot.keyClicks(exercise.panes.expression.entry, "x^2")
    assert exercise.session.state.function.exercise is None
    assert exercise.panes.expression.derivation.isVisible()


# --- the record ------------------------------------------------------------------------------------------


def _again(qtbot):
    window = MainWindow(Session())
    qtbot.addWidget(window, before_close_func=lambda widget: widget.session.undo_stack.setClean())
    window.show()
    return window


def test_the_record_survives_a_restart(qtbot, exercise):
    _answer(qtbot, exercise, "999 x")
    _answer(qtbot, exercise, _solution(exercise))
    record = json.loads(exercise.practice.log.path.read_bytes())
    assert [attempt["verdict"] for attempt in record["attempts"]] == ["incorrect", "correct"]
    again = _again(qtbot)
    assert again.practice.log.practice == exercise.practice.log.practice
    assert again.panes.practice.streak.text() == "1"


def test_two_windows_lose_nothing_of_each_other(qtbot, exercise):
    other = _again(qtbot)
    _answer(qtbot, exercise, "999 x")
    state = exercise_edits.exercise_begun(other.session.state, "table", 1, None, 3)
    other.session.edit("", exercise_edits.answer_edited(state, "999 x"))
    other.actions_by_key["check_answer"].trigger()
    _wait(qtbot, other)
    assert len(other.practice.log.practice.attempts) == 2


def test_a_record_that_cannot_be_read_is_kept_aside_and_said(qtbot, tmp_path):
    path = PracticeLog().path
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"version": 1, "attempts": [{"time"')
    window = _again(qtbot)
    notice = window.panes.notice
    assert notice.isVisible()
    assert "practice-unreadable-1.json" in notice.text.text()
    assert path.with_name("practice-unreadable-1.json").read_bytes().startswith(b'{"version"')
    assert not path.exists()


def test_a_record_that_turns_bad_meanwhile_takes_nothing_along(qtbot, exercise):
    log = exercise.practice.log
    _answer(qtbot, exercise, "999 x")
    log.path.write_bytes(b"\x00")
    _answer(qtbot, exercise, "998 x")
    assert len(json.loads(log.path.read_bytes())["attempts"]) == 2


def test_a_record_that_cannot_be_written_is_said_and_goes_on(qtbot, exercise, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    _answer(qtbot, exercise, "999 x")
    assert "No space left" in exercise.panes.notice.text.text()
    assert len(exercise.practice.log.practice.attempts) == 1


def test_results_are_exported(qtbot, exercise, tmp_path, monkeypatch):
    qtbot.keyClick(exercise, _KEY.Key_R, _CTRL | _SHIFT)
    assert "no results" in exercise.message.text()
    _answer(qtbot, exercise, "999 x")
    path = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(path), ""))
    qtbot.mouseClick(exercise.panes.practice.export_button, Qt.MouseButton.LeftButton)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[1][1:3] == ["chain", "1"]
    assert rows[1][5:7] == ["999 x", "incorrect"]


def test_results_are_only_forgotten_once_that_is_confirmed(qtbot, exercise):
    panel, log = exercise.panes.practice, exercise.practice.log
    _answer(qtbot, exercise, "999 x")
    qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert "1 answer" in panel.question.text()
    assert QApplication.focusWidget() is panel.keep_button
    qtbot.keyClick(panel.keep_button, _KEY.Key_Space)
    assert len(log.practice.attempts) == 1
    qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.forget_button, Qt.MouseButton.LeftButton)
    assert not log.practice.attempts
    assert json.loads(log.path.read_bytes())["attempts"] == []
    assert not panel.reset_button.isVisible()


def test_an_exercise_that_was_saved_goes_on(qtbot, tmp_path):
    state = exercise_edits.exercise_begun(initial_state(), "quotient", 2, None, 5)
    window = _again(qtbot)
    path = tmp_path / "e.chainrule"
    window.session.edit("", exercise_edits.answer_edited(state, "1/x"))
    assert window.files.save_to(path)
    window.session.open(initial_state())
    assert window.panes.expression.derivation.isVisible()
    assert window.files.open_path(path)
    assert window.panes.expression.cover.isVisible()
    assert _box(window).entry.text() == "1/x"
    assert window.panes.practice.topic.currentData() == "quotient"


def test_what_the_exercise_asks_is_read_as_it_was_made(qtbot):
    for topic in ("network", "mixed", "table"):
        for seed in range(4):
            state = exercise_edits.exercise_begun(initial_state(), topic, 2, None, seed)
            function = state.function
            assert parse(function.good_text) == parse(function.text)
            assert function.wrt in dict(function.point)
            assert function.x_range[0] < dict(function.point)[function.wrt] < function.x_range[1]
