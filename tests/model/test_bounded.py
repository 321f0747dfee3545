"""Work in a process that is killed when its time is over."""

import math
import multiprocessing
import os
import subprocess
import sys
import threading
import time

import pytest

from chainrule_gui.model.bounded import bounded, end_all
from chainrule_gui.model.expression.parser import parse


def die():
    os._exit(3)


def a_generator():
    return (number for number in range(3))


def test_the_result_comes_back():
    assert bounded(math.hypot, 3.0, 4.0) == 5.0
    assert bounded(parse, "log(2 + cos x)") == parse("log(2 + cos x)")


def test_what_takes_too_long_is_killed():
    with pytest.raises(TimeoutError, match="longer than 1 s"):
        bounded(time.sleep, 600, seconds=1)
    assert not multiprocessing.active_children()


def test_what_was_raised_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        bounded(divmod, 1, 0)


def test_a_process_that_dies_is_noticed():
    with pytest.raises(RuntimeError, match="without an answer"):
        bounded(die)


def test_a_result_that_cannot_be_sent_is_a_failure():
    with pytest.raises(RuntimeError, match="pickle"):
        bounded(a_generator)


def _sleep(outcomes):
    try:
        bounded(time.sleep, 600, seconds=60)
    except RuntimeError as problem:
        outcomes.append(str(problem))


def test_calculations_waited_for_in_other_threads_are_ended():
    outcomes = []
    threads = [threading.Thread(target=_sleep, args=(outcomes,)) for _each in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        end_all()
        threads[0].join(0.01)
    assert outcomes == ["The calculation ended without an answer."] * 2
    assert not multiprocessing.active_children()


def test_works_from_a_program_without_a_file():
    code = "import math; from chainrule_gui.model.bounded import bounded; print(bounded(math.sqrt, 16.0))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "4.0\n"
