"""A worked solution as a PDF and as a page of HTML with MathML."""

from __future__ import annotations

from typing import Literal

from chainrule_gui.i18n import _
from chainrule_gui.typeset.compiler import from_template
from chainrule_gui.typeset.solution_parts import Json

Paper = Literal["a4", "us-letter"]

_STYLE = """<style>
body { max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem; color: #1b1f24;
  font: 1.05rem/1.55 "Libertinus Serif", "Latin Modern Roman", Georgia, serif; }
h1 { font-size: 1.9rem; margin-bottom: .2rem } h2 { font-size: 1.25rem; color: #0b5c8f; margin: 2.2rem 0 .6rem }
table { border-collapse: collapse; margin: .9rem 0 } td, th { padding: .35rem .7rem; border-bottom: 1px solid #d0d7de }
thead td, thead th { border-bottom: 1.5px solid currentColor }
th { text-align: left; font-weight: normal; font-size: .9em; color: #59636e }
math { font-family: "New Computer Modern Math", "Latin Modern Math", "STIX Two Math", "Cambria Math", math }
math[display=block] { width: max-content; margin: .9rem 1rem }
@media (prefers-color-scheme: dark) { body { background: #14171b; color: #e6e8eb } h2 { color: #7cc4f5 } }
</style></head>"""


def solution_pdf(content: Json, paper: Paper = "a4") -> bytes:
    """Return a worked solution as a PDF with page numbers and selectable text."""
    return from_template("solution.typ", _data(content, paged=True, paper=paper), "pdf")


def solution_html(content: Json) -> bytes:
    """Return a worked solution as one page of HTML that needs nothing else; its formulas are MathML."""
    page = from_template("solution.typ", _data(content, paged=False, paper="a4"), "html")
    return page.replace(b"</head>", _STYLE.encode(), 1)


def _data(content: Json, paged: bool, paper: Paper) -> Json:
    return {
        **content,
        "language": "en",
        "paged": paged,
        "paper": paper,
        "page": _("page {page} of {pages}"),
    }
