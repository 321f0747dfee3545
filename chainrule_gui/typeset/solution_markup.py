"""A worked solution step by step: for the screen (with hot zones and a blank to fill in), as LaTeX, text and words."""

from __future__ import annotations

from collections.abc import Iterable

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.expression.text import quoted, to_text
from chainrule_gui.model.expression.tree import Derivative, Expression, variables
from chainrule_gui.model.step import Line, Step
from chainrule_gui.typeset.compiler import page
from chainrule_gui.typeset.derivation_markup import Section, Style
from chainrule_gui.typeset.latex import symbol_latex, text_latex, to_latex
from chainrule_gui.typeset.notation import Mark
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, symbol_markup, text_markup

INDENT = 1.4
"""How far a step stands to the right of the one around it, in times the size of the letters."""

_SMALLER = 0.8


def partial_by(derivation: Derivation) -> str:
    """Return the variable by which derivatives are written with ∂; empty where there is only one variable."""
    several = derivation.expression is not None and len({*variables(derivation.expression), derivation.wrt}) > 1
    return derivation.wrt if several else ""


def solution_sections(
    lines: Iterable[Line], derivation: Derivation, style: Style, width: float, with_blank: str | None = None
) -> tuple[Section, ...]:
    """Return one block for each step, its formula over its reason, inner steps further to the right.

    Hot zones: ``step:KEY`` on the reason, ``link:of/wrt`` on each derivative that is a link of `derivation`,
    ``blank:KEY`` on the blank.

    Parameters
    ----------
    derivation : of the same function by the same variable; it gives each link its colour
    width : points that a reason may take before it wraps
    with_blank : key of the step whose `Step.blank` is shown as an empty box
    """
    written = _Screen(derivation, style, width)
    return tuple(written.section(line, line.key == with_blank) for line in lines)


def task_section(step: Step, derivation: Derivation, style: Style) -> Section:
    """Return the block that says what is sought, before the first step is shown."""
    sought = expression_markup(step.before, partial_by(derivation))
    return Section("task", "", page(f"display({sought}) = quad ?", style.size, style.text), to_spoken(step.before))


def result_section(result: Expression, name: str, derivation: Derivation, style: Style) -> Section:
    """Return the block that holds the tidy derivative; `name` is what it is called: ``h′``."""
    partial, wrt = partial_by(derivation), symbol_markup(derivation.wrt)
    left = f"{symbol_markup(name)}({wrt})"
    if partial:
        left = f"frac(partial {symbol_markup(derivation.of)}, partial {wrt})"
    spoken = _("Result: {name} of {variable} equals {formula}").format(
        name=spoken_symbol(name), variable=spoken_symbol(derivation.wrt), formula=to_spoken(result)
    )
    return Section("result", "", page(f"{left} = display({expression_markup(result)})", style.size, style.text), spoken)


def simplified_section(form: Expression, style: Style) -> Section:
    """Return the block that holds the simplified form, as it goes on from the result."""
    spoken = _("equals {formula}").format(formula=to_spoken(form))
    document = page(f"quad = display({expression_markup(form)})", style.size, style.text)
    return Section("simplified", "", document, spoken)


class _Screen:
    """Writes steps for one derivation in one style."""

    def __init__(self, derivation: Derivation, style: Style, width: float) -> None:
        self._style = style
        self._width = width
        self._partial_by = partial_by(derivation)
        definitions = {quantity.name: quantity.definition for quantity in derivation.quantities}
        self._links: dict[tuple[Expression | None, str], tuple[str, str]] = {}
        for place, link in enumerate(derivation.links):
            coloured = (link.key, style.palette[place % len(style.palette)])
            self._links[definitions[link.of], link.wrt] = coloured
            if [other.wrt for other in derivation.links].count(link.wrt) == 1 and definitions[link.wrt] is not None:
                self._links[None, link.wrt] = coloured

    def section(self, line: Line, is_asked: bool) -> Section:
        """Return a step's block; asked for, the blank stands in place of its part."""
        step, style = line.step, self._style
        indent = line.depth * INDENT * style.size * _SMALLER
        width = max(self._width - indent, 120)
        before = self._formula(step.before)
        if is_asked:
            after = self._with_blank(step, line.key)
            asked = _("{before} equals what? {question}")
            spoken = asked.format(before=to_spoken(step.before), question=question(step))
        else:
            after, spoken = self._after(step), step_spoken(step)
        names = " quad ".join(
            f"#{self._muted(0.8, f'${symbol_markup(name)} = {self._formula(meaning)}$')}"
            for name, meaning in _named(step)
        )
        because = question(step) if is_asked else step.because
        because = f'#link("step:{line.key}", {self._muted(0.75, text_markup(because))})'
        document = (
            "#set page(width: auto, height: auto, margin: 3pt, fill: none)\n"
            f'#set text(size: {style.size * _SMALLER:.2f}pt, fill: rgb("{style.text}"))\n'
            "#set par(leading: 0.5em)\n"
            f"{_rows(before, after, names, width)}\n"
            f"#pad(left: {indent:.1f}pt, stack(spacing: 0.6em, formula, block(width: {width:.0f}pt)[{because}]))"
        )
        return Section(f"step:{line.key}", "", document, spoken)

    def _muted(self, size: float, content: str) -> str:
        return f'text(size: {size}em, fill: rgb("{self._style.muted}"), {content})'

    def _formula(self, expression: Expression, mark: Mark | None = None) -> str:
        return f"display({expression_markup(expression, self._partial_by, mark or self._marked)})"

    def _marked(self, derivative: Derivative, text: str) -> str:
        link = self._link(derivative)
        return text if link is None else self._coloured(link, text)

    def _link(self, derivative: Expression) -> tuple[str, str] | None:
        """Key and colour of the link that a derivative belongs to: of this very formula, or the only one by a name."""
        if not isinstance(derivative, Derivative):
            return None
        return self._links.get((derivative.operand, derivative.wrt)) or self._links.get((None, derivative.wrt))

    def _coloured(self, link: tuple[str, str], text: str) -> str:
        key, colour = link
        return f'#link("link:{key}", text(fill: rgb("{colour}"), $display({text})$))'

    def _after(self, step: Step) -> str:
        link = self._link(step.before)
        if link is None or any(isinstance(inner.before, Derivative) for inner in step.inner):
            return self._formula(step.after)
        return self._coloured(link, expression_markup(step.after, self._partial_by))

    def _with_blank(self, step: Step, key: str) -> str:
        box = (
            f'#link("blank:{key}", box(width: 3em, height: 1.3em, baseline: 0.4em, radius: 2pt, '
            f'stroke: 0.8pt + rgb("{self._style.muted}")))'
        )
        part = step.blank.part
        if part == step.after:
            return box
        return self._formula(step.after, lambda node, text: box if node == part else self._marked(node, text))


def question(step: Step) -> str:
    """Say what the blank of a step stands for; the step's reason might give it away."""
    part = step.blank.part
    if not isinstance(part, Derivative):
        return _("What is the right side?")
    box = _("The box is the derivative of {formula} by {variable}.")
    return box.format(formula=quoted(part.operand), variable=part.wrt)


def _rows(before: str, after: str, names: str, width: float) -> str:
    """Define ``formula``: in one row where there is room, else the names below, else the right side below too."""
    # A fraction is taller than its line: rows keep their distance by what is drawn.
    rows = {
        "whole": f"{before} = {after} {f'quad quad {names}' if names else ''}",
        "sides": f"{before} = {after}",
        "left": before,
        "right": f"quad = {after}",
        "names": f"quad {names}" if names else "",
    }
    edges = '#set text(top-edge: "bounds", bottom-edge: "bounds")'
    boxes = "\n".join(f"#let {key} = box[{edges}\n${row}$]" for key, row in rows.items() if row)
    more, fitted = (", names", ", fit(names)") if names else ("", "")
    fits = "measure({}).width <= " + f"{width:.0f}pt"
    return (
        f"{boxes}\n"
        # Letters become smaller, not the picture: hot zones stay where they are drawn.
        f"#let fit(it) = context {{ let wide = measure(it).width\n"
        f"if wide > {width:.0f}pt {{ text(size: 1em * calc.max(0.5, {width:.0f}pt / wide), it) }} else {{ it }} }}\n"
        f"#let formula = context if {fits.format('whole')} {{ whole }} "
        f"else if {fits.format('sides')} {{ stack(spacing: 0.6em, sides{more}) }} "
        f"else {{ stack(spacing: 0.6em, fit(left), fit(right){fitted}) }}"
    )


def _named(step: Step) -> list[tuple[str, Expression]]:
    shown = {*variables(step.before), *variables(step.after)}
    return [(name, meaning) for name, meaning in step.where.items() if name in shown]


def step_spoken(step: Step) -> str:
    """Return a step in words."""
    names = "".join(
        _("With {name} equal to {formula}: ").format(name=spoken_symbol(name), formula=to_spoken(meaning))
        for name, meaning in _named(step)
    )
    return _("{names}{before} equals {after}. {because}").format(
        names=names, before=to_spoken(step.before), after=to_spoken(step.after), because=step.because
    )


def solution_text(lines: Iterable[Line]) -> str:
    """Return the steps as plain text, each with its reason on the line below."""
    written = []
    for line in lines:
        step, indent = line.step, "  " * line.depth
        names = "".join(f"    ({name} = {to_text(meaning)})" for name, meaning in _named(step))
        written.append(f"{indent}{to_text(step.before)} = {to_text(step.after)}{names}")
        written.append(f"{indent}    [{step.because}]")
    return "\n".join(written)


def solution_latex(lines: Iterable[Line], partial_by: str = "") -> str:
    """Return the steps as a LaTeX ``align*`` environment, each with its reason behind it."""
    rows = []
    for line in lines:
        step = line.step
        names = "".join(
            rf",\quad {symbol_latex(name)} = {to_latex(meaning, partial_by)}" for name, meaning in _named(step)
        )
        before, after = (to_latex(side, partial_by) for side in (step.before, step.after))
        indent = r"\quad " * line.depth
        rows.append(rf"{indent}{before} &= {after}{names} && \text{{{text_latex(step.because)}}}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
