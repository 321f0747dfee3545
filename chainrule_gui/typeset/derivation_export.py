"""A derivation to be copied: plain text, LaTeX, Typst, MathML."""

from __future__ import annotations

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Derivation, Link
from chainrule_gui.model.expression.text import level, to_text
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.typeset import derivation_rows as rows
from chainrule_gui.typeset.derivation_markup import Update, derivation_typst
from chainrule_gui.typeset.latex import factor_latex, symbol_latex, to_latex, value_latex
from chainrule_gui.typeset.numbers import format_number

__all__ = [
    "derivation_latex",
    "derivation_mathml",
    "derivation_text",
    "derivation_typst",
    "formula_latex",
    "update_latex",
]


class _LatexWriter:
    times = r" \cdot "

    def symbol(self, name: str) -> str:
        return symbol_latex(name)

    def formula(self, expression: Expression) -> str:
        return to_latex(expression)

    def factor(self, expression: Expression) -> str:
        return factor_latex(expression)

    def value(self, value: float | None, as_factor: bool) -> str:
        return value_latex(value, as_factor)

    def derivative(self, of: str, wrt: str, partial: bool) -> str:
        d = r"\partial" if partial else "d"
        return rf"\frac{{{d} {of}}}{{{d} {wrt}}}"

    def prime(self, function: str, argument: str) -> str:
        return f"{function}'({argument})"

    def applied(self, function: str, argument: str) -> str:
        return f"{function}({argument})"

    def marked(self, link: Link, index: int, text: str) -> str:
        return text

    def words(self, text: str) -> str:
        return rf"\text{{{text}}}"


class _TextWriter:
    times = " · "

    def symbol(self, name: str) -> str:
        return name

    def formula(self, expression: Expression) -> str:
        return to_text(expression)

    def factor(self, expression: Expression) -> str:
        text = to_text(expression)
        return text if level(expression) >= 2 else f"({text})"

    def value(self, value: float | None, as_factor: bool) -> str:
        text = format_number(value, 6)
        return f"({text})" if as_factor and value is not None and value < 0 else text

    def derivative(self, of: str, wrt: str, partial: bool) -> str:
        d = "∂" if partial else "d"
        return f"{d}{of}/{d}{wrt}"

    def prime(self, function: str, argument: str) -> str:
        return f"{function}′({argument})"

    def applied(self, function: str, argument: str) -> str:
        return f"{function}({argument})"

    def marked(self, link: Link, index: int, text: str) -> str:
        return text

    def words(self, text: str) -> str:
        return text


def derivation_latex(derivation: Derivation) -> str:
    """Return the derivation as a LaTeX ``align*`` environment."""
    writer = _LatexWriter()
    lines = [definition.replace(" = ", " &= ", 1) for definition in rows.definitions(derivation, writer)]
    lagrange = rows.lagrange_row(derivation, writer)
    main = (*rows.symbol_rows(derivation, writer), *rows.number_rows(derivation, writer))
    for row in main if lagrange is None else (lagrange, *main):
        lines.append(f"{row.left} &= {row.right[0]}")
        lines += [rf"&\quad + {term}" for term in row.right[1:]]
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def formula_latex(derivation: Derivation, key: str) -> str:
    """Return one section of the derivation as LaTeX: the inside of an equation, or an ``aligned`` environment."""
    lines = []
    for row in rows.section_rows(derivation, key, _LatexWriter()):
        lines.append(f"{row.left} &= {row.right[0]}")
        lines += [rf"&\quad + {term}" for term in row.right[1:]]
    if len(lines) == 1:
        return lines[0].replace("&", "")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def update_latex(update: Update) -> str:
    """Return the update as LaTeX."""
    name = symbol_latex(update.parameter)
    return (
        rf"{name} \leftarrow {name} - \eta \frac{{\partial J}}{{\partial {name}}} = {value_latex(update.value)} - "
        rf"{value_latex(update.learning_rate)} \cdot {value_latex(update.gradient, as_factor=True)} = "
        rf"{value_latex(update.result)}"
    )


def derivation_text(derivation: Derivation) -> str:
    """Return the derivation as plain text for a terminal or a note."""
    writer = _TextWriter()
    lines = list(rows.definitions(derivation, writer))
    lines.append("")
    lagrange = rows.lagrange_row(derivation, writer)
    main = (*rows.symbol_rows(derivation, writer), *rows.number_rows(derivation, writer))
    for row in main if lagrange is None else (lagrange, *main):
        lead = row.left or " " * len(rows.goal(derivation, writer))
        lines.append(f"{lead} = {row.right[0]}")
        lines += [f"{' ' * len(lead)}   + {term}" for term in row.right[1:]]
    lines.append("")
    for row, _link, because in rows.local_rows(derivation, writer):
        lines.append(f"{row.left} = {row.right[0]}    [{because}]")
    if derivation.why is not None:
        lines += ["", _("No value: {why}").format(why=derivation.why)]
    return "\n".join(lines)


def derivation_mathml(derivation: Derivation) -> str:
    """Return the derivation as a MathML element.

    Raises
    ------
    TypesetError
        for a formula nested more deeply than HTML may be.
    """
    from chainrule_gui.typeset.compiler import mathml

    return mathml(derivation_typst(derivation).strip().strip("$"))
