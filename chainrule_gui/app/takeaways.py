"""Writes what a learner takes away, in a thread, so that the window never waits; says what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from chainrule_gui.app.files import Files
from chainrule_gui.i18n import _
from chainrule_gui.session.session import Session

Write = Callable[[], bytes]
"""Gives what a file is to hold; it runs in a thread and touches no part of the session."""


class Takeaways(QObject):
    """Worked solutions and programs of what the session shows."""

    #: (message, whether something failed)
    said = Signal(str, bool)
    _done = Signal(str, object)

    def __init__(self, session: Session, files: Files, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._files = session, files
        self._threads: list[threading.Thread] = []
        self._done.connect(self._on_done)

    def export_solution(self) -> None:
        """Ask for a name and write the worked solution, as a PDF or as HTML."""
        from chainrule_gui.session.takeaways import solution

        try:
            content = solution(self._session.state)
        except ValueError as problem:
            self.said.emit(_("There is nothing to work out: {reason}").format(reason=problem), True)
            return
        kinds = {".pdf": _("PDF (*.pdf)"), ".html": _("Web page with MathML (*.html)")}
        path = self._files.ask_where(_("Export the worked solution"), "solution", kinds)
        if path is None:
            return
        from chainrule_gui.typeset.solution_files import solution_html, solution_pdf

        as_html = path.suffix.lower() in (".html", ".htm")
        self._begin(path, lambda: solution_html(content) if as_html else solution_pdf(content))

    def export_code(self, to: str) -> None:
        """Ask for a name and write the run of the network as a program, `to` being ``numpy`` or ``pytorch``."""
        from chainrule_gui.session.takeaways import training

        path = self._files.ask_where(
            _("Export the network as a program"), f"network_{to}", {".py": _("Python programs (*.py)")}
        )
        if path is not None:
            from chainrule_gui.typeset.code_export import numpy_script, pytorch_script

            write, run = {"numpy": numpy_script, "pytorch": pytorch_script}[to], training(self._session.state)
            self._begin(path, lambda: write(run).encode())

    def finish(self) -> None:
        """Wait until everything is written."""
        for thread in self._threads:
            thread.join()

    def _begin(self, path: Path, write: Write) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._work, args=(path, write), name="takeaways")
        self._threads.append(thread)
        thread.start()

    def _work(self, path: Path, write: Write) -> None:
        from chainrule_gui.session.document import write_atomically

        problem: Exception | None = None
        try:
            write_atomically(path, write())
        except Exception as found:  # it is told, or raised again, in the window's thread
            problem = found
        with suppress(RuntimeError):  # the window was deleted meanwhile
            self._done.emit(path.name, problem)

    @Slot(str, object)
    def _on_done(self, name: str, problem: Exception | None) -> None:
        from chainrule_gui.session.document import DocumentError

        if problem is None:
            self.said.emit(_("written: {file}").format(file=name), False)
        else:
            self.said.emit(_("“{file}” was not written: {reason}").format(file=name, reason=problem), True)
            if not isinstance(problem, DocumentError):
                raise problem
