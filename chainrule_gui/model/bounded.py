"""Work that may never end, done in a process of its own that is killed when its time is over."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from chainrule_gui.i18n import _

Result = TypeVar("Result")

_lock = threading.Lock()
"""Held while a process is started or given up: the list that multiprocessing keeps of them is for one thread only."""
_running: set[SpawnProcess] = set()


def bounded(function: Callable[..., Result], *arguments: Any, seconds: float = 5.0) -> Result:
    """Return ``function(*arguments)``, calculated in another process that gets at most `seconds`, its start included.

    The caller waits: a window calls this from a thread. A frozen program calls
    `multiprocessing.freeze_support` first thing when it starts.

    Parameters
    ----------
    function : a function at the top of a module; it, its arguments and its result are pickled

    Raises
    ------
    TimeoutError
        where the time was not enough; the process is gone.
    RuntimeError
        where the process died without an answer, or was ended by `end_all`.
    Exception
        whatever `function` raised.
    """
    # A forked copy of a program with threads may hang; a spawned one begins afresh on every system.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, function, arguments), daemon=True)
    try:
        with _lock:
            process.start()
            _running.add(process)
        # The child holds the only other end now: its death ends the wait.
        sender.close()
        if not receiver.poll(seconds):
            raise TimeoutError(_("The calculation took longer than {seconds:g} s.").format(seconds=seconds))
        succeeded, outcome = receiver.recv()
    except EOFError:
        raise RuntimeError(_("The calculation ended without an answer.")) from None
    finally:
        sender.close()
        receiver.close()
        with _lock:
            _running.discard(process)
            if process.pid is not None:
                process.kill()
                process.join()
                process.close()
    if succeeded:
        return outcome  # type: ignore[no-any-return]
    raise outcome


def end_all() -> None:
    """End every calculation that is under way, in whatever thread it is waited for: the program is leaving."""
    with _lock:
        for process in _running:
            process.kill()


def _work(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        answer = (True, function(*arguments))
    except Exception as problem:
        answer = (False, problem)
    try:
        sender.send(answer)
    except Exception as problem:  # a result or a problem that cannot be pickled
        sender.send((False, RuntimeError(str(problem))))
