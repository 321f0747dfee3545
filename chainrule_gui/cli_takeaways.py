"""`chainrule code` and `chainrule solution`: what a learner takes away of a session, on the command line."""

from __future__ import annotations

from pathlib import Path

from chainrule_gui.i18n import _
from chainrule_gui.session.document import DocumentError, read_document, write_atomically
from chainrule_gui.session.takeaways import solution, training
from chainrule_gui.typeset.code_export import numpy_script, pytorch_script
from chainrule_gui.typeset.solution_files import Paper, solution_html, solution_pdf


def write_code(session: Path, to: str, out: Path) -> None:
    """Write the network's run as a program, `to` being ``numpy`` or ``pytorch``.

    Raises
    ------
    DocumentError
        where the session cannot be read or the program not be written.
    """
    write = {"numpy": numpy_script, "pytorch": pytorch_script}[to]
    write_atomically(out, write(training(read_document(session))).encode())


def write_solution(session: Path, paper: Paper, out: Path) -> None:
    """Write the worked solution of what the session shows, as a PDF or, where `out` ends so, as HTML.

    Raises
    ------
    DocumentError
        where the session cannot be read, has nothing to work out, or the file cannot be written.
    """
    if out.suffix.lower() not in (".pdf", ".html"):
        raise DocumentError(_("“{path}” must end in .pdf or .html.").format(path=out))
    try:
        content = solution(read_document(session))
    except ValueError as problem:
        raise DocumentError(_("There is nothing to work out: {reason}").format(reason=problem)) from problem
    write_atomically(out, solution_pdf(content, paper) if out.suffix.lower() == ".pdf" else solution_html(content))
