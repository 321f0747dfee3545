"""`chainrule code` and `chainrule solution`: what a learner takes away of a session."""

from __future__ import annotations

import argparse
from pathlib import Path

from chainrule_gui.cli.common import InputError
from chainrule_gui.i18n import _


def code_command(options: argparse.Namespace) -> None:
    """Write the network's run as a program in numpy or PyTorch."""
    from chainrule_gui.session.document import DocumentError, read_document, write_atomically
    from chainrule_gui.session.takeaways import training
    from chainrule_gui.typeset.code_export import numpy_script, pytorch_script

    write = {"numpy": numpy_script, "pytorch": pytorch_script}[options.to]
    try:
        write_atomically(Path(options.out), write(training(read_document(Path(options.session)))).encode())
    except DocumentError as problem:
        raise InputError(str(problem)) from None


def solution_command(options: argparse.Namespace) -> None:
    """Write the worked solution of what the session shows, as a PDF or, where the file's name ends so, as HTML."""
    from chainrule_gui.session.document import DocumentError, read_document, write_atomically
    from chainrule_gui.session.takeaways import solution
    from chainrule_gui.typeset.solution_files import solution_html, solution_pdf

    out = Path(options.out)
    kind = out.suffix.lower()
    if kind not in (".pdf", ".html"):
        raise InputError(_("“{path}” must end in .pdf or .html.").format(path=out))
    try:
        content = solution(read_document(Path(options.session)))
        write_atomically(out, solution_pdf(content, options.paper) if kind == ".pdf" else solution_html(content))
    except DocumentError as problem:
        raise InputError(str(problem)) from None
    except ValueError as problem:
        raise InputError(_("There is nothing to work out: {reason}").format(reason=problem)) from problem
