"""A derivation as Typst documents for the screen: coloured factors with hot zones, and the spoken form of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Derivation, Link
from chainrule_gui.model.expression.tree import Expression, Variable, substitute, variables
from chainrule_gui.model.network.optimisers import UpdateLine
from chainrule_gui.typeset import derivation_rows as rows
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import (
    expression_markup,
    factor_markup,
    numbers_markup,
    symbol_markup,
    text_markup,
    value_markup,
)


@dataclass(frozen=True, slots=True)
class Style:
    """Colours (``#rrggbb``) and size (points) of a typeset derivation."""

    text: str
    muted: str
    palette: tuple[str, ...]
    size: float


@dataclass(frozen=True, slots=True)
class Section:
    """One block of the derivation: its heading (may be empty), its Typst document and how it is spoken."""

    key: str
    heading: str
    document: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Update:
    """The update that the next step makes: parameter ← parameter − η · gradient = result.

    `lines` are the optimiser's equations with their numbers, empty for plain gradient descent. A frozen parameter
    keeps its value.
    """

    parameter: str
    value: float
    learning_rate: float
    gradient: float
    result: float
    samples: int = 1
    lines: tuple[UpdateLine, ...] = ()
    frozen: bool = False


def sought_markup(derivation: Derivation) -> str:
    """Return what stands before the learner's own answer, as Typst math: h′(x), or ∂h/∂w of several variables."""
    writer = _TypstWriter(None)
    assert derivation.expression is not None  # only a function is answered for
    if len(variables(derivation.expression)) > 1:
        return rows.goal(derivation, writer)
    return writer.prime(derivation.of, writer.symbol(derivation.wrt))


class _TypstWriter:
    """Typst math; with a style, factors are coloured and are hot zones; `choices` are zones ``variable:NAME``."""

    times = " dot.op "

    def __init__(self, style: Style | None, choices: frozenset[str] = frozenset()) -> None:
        self._style = style
        self._choices = choices

    def symbol(self, name: str) -> str:
        return symbol_markup(name)

    def formula(self, expression: Expression) -> str:
        return expression_markup(expression, variables=self._choices)

    def factor(self, expression: Expression) -> str:
        return factor_markup(expression)

    def value(self, value: float | None, as_factor: bool) -> str:
        return value_markup(value, as_factor)

    def derivative(self, of: str, wrt: str, partial: bool) -> str:
        d = "partial" if partial else "d"
        return f"frac({d} {of}, {d} {wrt})"

    def prime(self, function: str, argument: str) -> str:
        return f"{function}'({argument})"

    def applied(self, function: str, argument: str) -> str:
        return f"{function}({argument})"

    def marked(self, link: Link, index: int, text: str) -> str:
        if self._style is None:
            return text
        colour = self._style.palette[index % len(self._style.palette)]
        return f'#link("link:{link.key}", text(fill: rgb("{colour}"), $display({text})$))'

    def words(self, text: str) -> str:
        return text_markup(text)


def symbol_sections(derivation: Derivation, style: Style, width: float) -> tuple[Section, ...]:
    """Return the blocks without numbers; they stay as long as the derivation has the same form.

    Parameters
    ----------
    width : points that the definitions may take before they wrap
    """
    writer = _TypstWriter(style)
    given = frozenset(one.name for one in derivation.quantities if one.definition is None)
    choices = given if derivation.expression is not None and len(given) > 1 else frozenset()
    found = [_definitions(derivation, _TypstWriter(style, choices), style, width)]
    if derivation.chains:
        lagrange = rows.lagrange_row(derivation, writer)
        main = rows.symbol_rows(derivation, writer)
        body = _aligned(main if lagrange is None else (lagrange, *main))
        found.append(Section("chain", "", _page(body, style.size, style.text), spoken_chain(derivation)))
        found.append(_local(derivation, writer, style))
    return tuple(found)


def number_sections(derivation: Derivation, style: Style, update: Update | None = None) -> tuple[Section, ...]:
    """Return the blocks with numbers, the first aligned with the chain above it.

    Parameters
    ----------
    update : the update row's numbers; None leaves it out
    """
    writer = _TypstWriter(style)
    found = []
    numbers = rows.number_rows(derivation, writer)
    if numbers:
        # The chain's left side, laid out but not drawn, puts both blocks' signs of equality in one column.
        hidden = [f"#hide($display({left})$)" for left in _left_sides(derivation, writer)]
        body = _aligned(numbers, hidden)
        found.append(Section("numbers", "", _page(body, style.size, style.text), spoken_numbers(derivation)))
    if update is not None:
        found.append(_update(update, style) if not update.frozen and not update.lines else _optimised(update, style))
    return tuple(found)


def gradient_section(
    values: Sequence[tuple[str, float | None]], derivation: Derivation, style: Style, width: float
) -> Section:
    """Return the block ``gradient``: the derivative by each variable, a hot zone ``variable:NAME`` each."""
    of = symbol_markup(derivation.of)
    boxes, words = [], []
    for name, value in values:
        colour = style.text if name == derivation.wrt else style.muted
        formula = f"frac(partial {of}, partial {symbol_markup(name)}) = {value_markup(value)}"
        boxes.append(f'#link("variable:{name}", text(fill: rgb("{colour}"), box($display({formula})$)))')
        words.append(
            _("d {of} by d {wrt} equals {value}").format(
                of=spoken_symbol(derivation.of), wrt=spoken_symbol(name), value=format_number(value)
            )
        )
    edges = '#set text(top-edge: "bounds", bottom-edge: "bounds")\n'
    body = "#h(1.6em, weak: true)".join(boxes)
    document = _page(edges + body, style.size * 0.72, style.text, f"{width:.0f}pt")
    return Section("gradient", _("Gradient: the derivative by each variable"), document, "; ".join(words))


def _left_sides(derivation: Derivation, writer: _TypstWriter) -> list[str]:
    if not derivation.chains:
        return []
    lagrange = rows.lagrange_row(derivation, writer)
    return [rows.goal(derivation, writer), *([] if lagrange is None else [lagrange.left])]


def _page(body: str, size: float, colour: str, width: str = "auto") -> str:
    return (
        f"#set page(width: {width}, height: auto, margin: 3pt, fill: none)\n"
        f'#set text(size: {size}pt, fill: rgb("{colour}"))\n'
        f"#set par(leading: 0.9em)\n{body}"
    )


def _aligned(shown: Sequence[rows.Row], hidden: Sequence[str] = ()) -> str:
    """Write rows with their signs of equality in one column, as wide on the left as the hidden ones."""
    lines: list[str] = []
    # Zero height: only the width of what is hidden counts.
    widest = "".join(f"#box(height: 0pt, {text[1:]})" for text in hidden[:1])
    for place, row in enumerate(shown):
        first, *more = row.right
        lines.append(f"{row.left or (widest if place == 0 else '')} &= {first}")
        lines += [f"& quad + thin {term}" for term in more]
    return "#set math.equation(numbering: none)\n$ " + " \\\n".join(lines) + " $"


def _definitions(derivation: Derivation, writer: _TypstWriter, style: Style, width: float) -> Section:
    named = rows.named_definitions(derivation, writer)
    boxes = [f'#link("name:{name}", box($display({text})$))' for name, text in named.items()]
    body = "#h(1.6em, weak: true)".join(boxes)
    words = "; ".join(
        _("{name} equals {formula}").format(name=spoken_symbol(quantity.name), formula=to_spoken(quantity.definition))
        for quantity in derivation.quantities
        if quantity.definition is not None
    )
    edges = '#set text(top-edge: "bounds", bottom-edge: "bounds")\n'  # a fraction is taller than its line
    return Section("definitions", "", _page(edges + body, style.size * 0.72, style.muted, f"{width:.0f}pt"), words)


def _local(derivation: Derivation, writer: _TypstWriter, style: Style) -> Section:
    lines, words = [], []
    for row, link, because in rows.local_rows(derivation, writer):
        target = f"row:{link.row}" if link.row is not None else f"link:{link.key}"
        note = f'#h(1em)#link("{target}", text(size: 0.8em, fill: rgb("{style.muted}"), {text_markup(because)}))'
        lines.append(f"{row.left} &= {row.right[0]} {note}")
        words.append(_spoken_link(link) + ", " + because)
    body = "$ " + " \\\n".join(lines) + " $"
    return Section("local", _("Local derivatives"), _page(body, style.size * 0.72, style.text), "; ".join(words))


def update_typst(update: Update) -> str:
    """Return the update as Typst math."""
    name = symbol_markup(update.parameter)
    return (
        f"{name} <- {name} - eta thin frac(partial J, partial {name}) = {value_markup(update.value)} - "
        f"{value_markup(update.learning_rate)} dot.op {value_markup(update.gradient, as_factor=True)} = "
        f"bold({value_markup(update.result)})"
    )


def _update(update: Update, style: Style) -> Section:
    body = f"$ {update_typst(update)} $"
    words = _("{name} becomes {value} minus {rate} times {gradient}, which is {result}").format(
        name=spoken_symbol(update.parameter),
        value=format_number(update.value),
        rate=format_number(update.learning_rate),
        gradient=format_number(update.gradient),
        result=format_number(update.result),
    )
    heading = (
        _("Update")
        if update.samples == 1
        else _("Update, with the mean gradient of {count} samples").format(count=update.samples)
    )
    return Section("update", heading, _page(body, style.size * 0.78, style.text), words)


def _optimised(update: Update, style: Style) -> Section:
    """The update by an optimiser's equations, or of a frozen parameter, which has none."""
    name = spoken_symbol(update.parameter)
    if update.frozen:
        words = _("{name} is frozen: no step changes it.").format(name=name)
        return Section("update", _("Update"), _page(f"#{text_markup(words)}", style.size * 0.78, style.muted), words)
    body = "$ " + " \\\n".join(update_rows(update)) + " $"
    words = "; ".join(
        _("{name} becomes {value}").format(
            name=name if line.name == "theta" else spoken_symbol(line.name), value=format_number(line.value)
        )
        for line in update.lines
    )
    heading = (
        _("Update")
        if update.samples == 1
        else _("Update, with the mean gradient of {count} samples").format(count=update.samples)
    )
    return Section("update", heading, _page(body, style.size * 0.78, style.text), words)


def update_rows(update: Update) -> list[str]:
    """Return an optimiser's equations with their numbers as rows of Typst math; θ stands for the parameter."""
    name = symbol_markup(update.parameter)
    written = [f"g &= frac(partial J, partial {name}) = {value_markup(update.gradient)}"]
    for line in update.lines:
        left = name if line.name == "theta" else symbol_markup(line.name)
        sign = "&<-" if any(known == line.name for known, _value in line.known) else "&="
        formula = expression_markup(substitute(line.formula, {"theta": Variable(update.parameter)}))
        written.append(f"{left} {sign} {formula} = {numbers_markup(line.formula, dict(line.known))}")
        written.append(f"&= {value_markup(line.value)}")
    return written


def spoken_chain(derivation: Derivation) -> str:
    """Return the chain in words."""
    shown = derivation.chains[: rows.SHOWN_CHAINS]
    chains = _(" plus ").join(_(" times ").join(_spoken_ratio(link) for link in chain.links) for chain in shown)
    return _(" equals ").join([_sought(derivation), chains])


def spoken_numbers(derivation: Derivation) -> str:
    """Return the chain's numbers and the result in words."""
    shown = derivation.chains[: rows.SHOWN_CHAINS]
    numbers = _(" plus ").join(_(" times ").join(format_number(link.value) for link in chain.links) for chain in shown)
    result = format_number(derivation.derivative_value)
    return _(" equals ").join(part for part in (_sought(derivation), numbers, result) if part)


def _sought(derivation: Derivation) -> str:
    return _("d {of} by d {wrt}").format(of=spoken_symbol(derivation.of), wrt=spoken_symbol(derivation.wrt))


def _spoken_ratio(link: Link) -> str:
    return _("d {of} by d {wrt}").format(of=spoken_symbol(link.of), wrt=spoken_symbol(link.wrt))


def _spoken_link(link: Link) -> str:
    return _("{ratio} equals {formula}").format(ratio=_spoken_ratio(link), formula=to_spoken(link.local_derivative))


def local_derivatives(derivation: Derivation) -> tuple[tuple[str, str, Link, str], ...]:
    """Return for each link its ratio and its local derivative as Typst math, the link, and the reason in words."""
    found = rows.local_rows(derivation, _TypstWriter(None))
    return tuple((row.left, row.right[0], link, because) for row, link, because in found)


def derivation_typst(derivation: Derivation) -> str:
    """Return the derivation as Typst math that stands alone, to be pasted into a document."""
    writer = _TypstWriter(None)
    lagrange = rows.lagrange_row(derivation, writer)
    main = (*rows.symbol_rows(derivation, writer), *rows.number_rows(derivation, writer))
    return _aligned(main if lagrange is None else (lagrange, *main)).partition("\n")[2]


def formula_typst(derivation: Derivation, key: str) -> str:
    """Return one section of the derivation as Typst math that stands alone."""
    return _aligned(rows.section_rows(derivation, key, _TypstWriter(None))).partition("\n")[2]
