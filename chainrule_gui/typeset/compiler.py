"""The one typesetter: Typst markup to SVG, PNG, PDF and MathML.

The compiler sees an empty folder as its root and no fonts but its own, so nothing on the machine can be read.
"""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal

import typst

from chainrule_gui.i18n import _
from chainrule_gui.resources import resource_path
from chainrule_gui.typeset.notation import TypesetError

_local, _making = threading.local(), threading.Lock()


@cache
def _empty_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="chainrule-", ignore_cleanup_errors=True)


def _compiler() -> typst.Compiler:
    """One compiler for each thread: one used by two threads at once raises “Already borrowed”."""
    if not hasattr(_local, "compiler"):
        with _making:  # one folder for all threads, there until the program ends
            root = _empty_folder().name
        _local.compiler = typst.Compiler(root=root, ignore_system_fonts=True)
    compiler: typst.Compiler = _local.compiler
    return compiler


def page(math: str, size: float, colour: str) -> str:
    """Return a document that holds one formula: as large as the formula, without a background.

    Parameters
    ----------
    math : Typst math, without dollar signs
    size : in points
    colour : ``#rrggbb``
    """
    return (
        "#set page(width: auto, height: auto, margin: 2pt, fill: none)\n"
        f'#set text(size: {size}pt, fill: rgb("{colour}"))\n'
        f"$ {math} $"
    )


@lru_cache(maxsize=512)
def svg(document: str) -> bytes:
    """Return a Typst document's picture as SVG."""
    return bytes(_compiler().compile(document.encode(), format="svg"))  # type: ignore[arg-type]


def png(document: str, pixels_per_inch: float = 288.0) -> bytes:
    """Return a Typst document's picture as PNG."""
    return bytes(_compiler().compile(document.encode(), format="png", ppi=pixels_per_inch))  # type: ignore[arg-type]


def pdf(document: str) -> bytes:
    """Return a Typst document as PDF."""
    return bytes(_compiler().compile(document.encode(), format="pdf"))  # type: ignore[arg-type]


def from_template(template: str, data: Mapping[str, object], form: Literal["pdf", "html"]) -> bytes:
    """Return a document from a template in ``resources/templates``, which finds `data` in a variable of that name.

    A PDF is tagged for screen readers (PDF/UA-1); in HTML formulas are MathML.
    """
    literal = json.dumps(json.dumps(data, ensure_ascii=False), ensure_ascii=False)
    body = resource_path("templates", template).read_text(encoding="utf-8")
    source = f"#let data = json(bytes({literal}))\n{body}".encode()
    standards = ["ua-1"] if form == "pdf" else None
    return bytes(_compiler().compile(source, format=form, pdf_standards=standards))  # type: ignore[arg-type]


def mathml(math: str) -> str:
    """Return a formula as a MathML element.

    Raises
    ------
    TypesetError
        for a formula nested more deeply than HTML may be.
    """
    try:
        page_bytes = _compiler().compile(f"$ {math} $".encode(), format="html")
    except typst.TypstError as problem:
        message = _("The formula cannot be written as MathML ({reason}): copy it as LaTeX or Typst.")
        raise TypesetError(message.format(reason=problem)) from problem
    found = re.search(r"<math.*?</math>", bytes(page_bytes).decode(), re.DOTALL)  # type: ignore[arg-type]
    if found is None:
        raise RuntimeError("the typesetter returned no MathML")
    return found[0]
