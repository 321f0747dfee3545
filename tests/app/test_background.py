"""Work in threads: the last thing asked for is answered, faults are raised, nothing stays behind."""

from __future__ import annotations

import threading

import pytest

from chainrule_gui.app.background import Background


def test_only_what_was_asked_for_last_is_answered(qtbot):
    work, found, go = Background(), [], threading.Event()
    work.done.connect(found.append)
    work.ask(lambda: go.wait(5))
    work.ask(lambda: "second")
    qtbot.waitUntil(lambda: found == ["second"])
    go.set()
    work.finish()
    qtbot.wait(20)
    assert found == ["second"]


def test_a_fault_is_raised_in_the_windows_thread(qtbot):
    work = Background()
    with qtbot.captureExceptions() as raised:
        work.ask(lambda: 1 / 0)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ZeroDivisionError
    work.finish()


@pytest.mark.parametrize("count", [1, 3])
def test_finish_leaves_no_thread(qtbot, count):
    work = Background()
    for _number in range(count):
        work.ask(lambda: threading.Event().wait(0.05))
    work.finish()
    assert not any(thread.name == "background" for thread in threading.enumerate())
