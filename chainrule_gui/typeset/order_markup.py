"""A chain multiplied out in both orders, row by row, as Typst documents with hot zones; and how much work each is."""

from __future__ import annotations

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.accumulation import (
    Accumulated,
    Multiplications,
    Term,
    forward_along,
    forward_sweep,
    reverse_along,
    reverse_sweep,
)
from chainrule_gui.model.chain import Derivation, Link
from chainrule_gui.typeset.derivation_markup import Section, Style
from chainrule_gui.typeset.derivation_rows import is_partial
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.solution_markup import partial_by
from chainrule_gui.typeset.spoken import spoken_symbol
from chainrule_gui.typeset.typst_markup import symbol_markup, text_markup, value_markup


def order_sections(derivation: Derivation, style: Style) -> tuple[Section, ...]:
    """Return the blocks ``forward`` and ``reverse``: one row for each derivative that a sweep finds.

    Of a network only the first chain is written out; where there are more, what is found is marked as its part.
    """
    if not derivation.chains:
        return ()
    if derivation.graph:
        forward, reverse = forward_sweep(derivation), reverse_sweep(derivation)
    else:
        forward, reverse = forward_along(derivation.chains[0]), reverse_along(derivation.chains[0])
    written = _Rows(derivation, style)
    return (
        Section("forward", _("Forward: from the inside out"), *written.block(forward, local_first=True)),
        Section("reverse", _("Reverse: from the outside in"), *written.block(reverse, local_first=False)),
    )


class _Rows:
    def __init__(self, derivation: Derivation, style: Style) -> None:
        self._derivation = derivation
        self._style = style
        self._is_partial = derivation.expression is None or bool(partial_by(derivation))
        self._is_part = not derivation.graph and derivation.chain_count > 1
        self._colours = {
            link.key: style.palette[place % len(style.palette)] for place, link in enumerate(derivation.links)
        }

    def block(self, rows: tuple[Accumulated, ...], local_first: bool) -> tuple[str, str]:
        """Return the document and its spoken form; `local_first`: the local derivative stands on the left."""
        # Columns for the numbers only where no row is a sum: sums go on in the next row.
        column = " &" if all(len(row.terms) == 1 for row in rows) else ""
        lines, words = [], []
        for row in rows:
            total = f"bold({value_markup(row.value)})" if row is rows[-1] else value_markup(row.value)
            symbols = [self._term(term, local_first) for term in row.terms]
            numbers = [self._numbers(term, local_first) for term in row.terms]
            if len(row.terms) == 1 and row.terms[0].is_alone:
                link = row.terms[0].link
                left = self._marked(link, self._ratio(link))
                lines.append(f"{left} &{2 * column} = {self._marked(link, total)}")
            elif len(row.terms) == 1:
                sought = self._sought(row.of, row.wrt)
                lines.append(f"{sought} & = {symbols[0]}{column} = {numbers[0]}{column} = {total}")
            else:
                lines += _in_pairs(self._sought(row.of, row.wrt), symbols)
                lines += _in_pairs("", numbers)
                lines[-1] += f" = {total}"
            words.append(
                _("d {of} by d {wrt} equals {value}").format(
                    of=spoken_symbol(row.of), wrt=spoken_symbol(row.wrt), value=format_number(row.value)
                )
            )
        body = "$ " + " \\\n".join(lines) + " $"
        return self._page(body), "; ".join(words)

    def _term(self, term: Term, local_first: bool) -> str:
        factor = self._marked(term.link, self._ratio(term.link))
        return self._product(term, factor, self._sought(term.of, term.wrt), local_first)

    def _numbers(self, term: Term, local_first: bool) -> str:
        factor = self._marked(term.link, value_markup(term.link.value, as_factor=True))
        return self._product(term, factor, value_markup(term.value, as_factor=True), local_first)

    @staticmethod
    def _product(term: Term, factor: str, before: str, local_first: bool) -> str:
        if term.is_alone:
            return factor
        return f"{factor} dot.op {before}" if local_first else f"{before} dot.op {factor}"

    def _sought(self, of: str, wrt: str) -> str:
        d = "partial" if self._is_partial else "d"
        ratio = f"frac({d} {symbol_markup(of)}, {d} {symbol_markup(wrt)})"
        if not self._is_part or f"{of}/{wrt}" in self._colours:
            return ratio
        return f"lr([{ratio}])_({text_markup(_('path'))})"

    def _ratio(self, link: Link) -> str:
        d = "partial" if is_partial(self._derivation, link) else "d"
        return f"frac({d} {symbol_markup(link.of)}, {d} {symbol_markup(link.wrt)})"

    def _marked(self, link: Link, text: str) -> str:
        return f'#link("link:{link.key}", text(fill: rgb("{self._colours[link.key]}"), $display({text})$))'

    def _page(self, body: str) -> str:
        return (
            "#set page(width: auto, height: auto, margin: 3pt, fill: none)\n"
            f'#set text(size: {self._style.size * 0.78:.2f}pt, fill: rgb("{self._style.text}"))\n'
            f"#set par(leading: 0.75em)\n{body}"
        )


def _in_pairs(left: str, terms: list[str]) -> list[str]:
    """Return the lines of a sum, two terms in each."""
    pairs = [" + ".join(terms[place : place + 2]) for place in range(0, len(terms), 2)]
    return [f"{left} & = {pairs[0]}", *(f"& quad + {pair}" for pair in pairs[1:])]


def multiplications_in_words(count: Multiplications, result: str, is_network: bool) -> tuple[str, ...]:
    """Say how many multiplications each order takes for the derivatives by everything, and why it matters."""
    forward = ngettext("{count} multiplication", "{count} multiplications", count.forward).format(count=count.forward)
    reverse = ngettext("{count} multiplication", "{count} multiplications", count.reverse).format(count=count.reverse)
    if is_network:
        return (
            _("All {inputs} derivatives of {result} by weights and biases, local derivatives known: forward takes one "
              "sweep for each of them, {forward} together; reverse takes one sweep in all, {reverse}.").format(
                  inputs=count.inputs, result=result, forward=forward, reverse=reverse),
            _("That is why it is called backpropagation: many parameters, one cost. Begun at the cost, every product "
              "is found once and serves all parameters behind it."),
        )  # fmt: skip
    if count.inputs < 2:
        return (
            _("With one variable both orders take the same work: forward {forward}, reverse {reverse}. With many "
              "variables forward begins anew for each of them, reverse does not.").format(
                  forward=forward, reverse=reverse),
        )  # fmt: skip
    return (
        _("The derivatives of {result} by all {inputs} variables, local derivatives known: forward takes one sweep for "
          "each variable, {forward} together; reverse takes one sweep for all, {reverse}.").format(
              result=result, inputs=count.inputs, forward=forward, reverse=reverse),
    )  # fmt: skip
