"""A chain multiplied out in both orders, row by row, as Typst documents with hot zones; and how much work each is."""

from __future__ import annotations

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.accumulation import (
    Multiplications,
    PartialProduct,
    forward_products,
    reverse_products,
)
from chainrule_gui.model.chain import Chain, Derivation, Link
from chainrule_gui.model.expression.tree import variables
from chainrule_gui.typeset.derivation_markup import Section, Style
from chainrule_gui.typeset.derivation_rows import is_partial
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol
from chainrule_gui.typeset.typst_markup import symbol_markup, value_markup


def order_sections(derivation: Derivation, chain: Chain, style: Style) -> tuple[Section, ...]:
    """Return the blocks ``forward`` and ``reverse``: one row for each link, with the product so far."""
    written = _Rows(derivation, style)
    return (
        Section("forward", _("Forward: from the inside out"), *written.rows(forward_products(chain), inside_out=True)),
        Section("reverse", _("Reverse: from the outside in"), *written.rows(reverse_products(chain), inside_out=False)),
    )


class _Rows:
    def __init__(self, derivation: Derivation, style: Style) -> None:
        self._derivation = derivation
        self._style = style
        self._colours = {
            link.key: style.palette[place % len(style.palette)] for place, link in enumerate(derivation.links)
        }

    def rows(self, products: tuple[PartialProduct, ...], inside_out: bool) -> tuple[str, str]:
        """Return the document and its spoken form."""
        lines, words = [], []
        for place, product in enumerate(products):
            sought = self._sought(product)
            factor = self._marked(product.link, self._ratio(product.link))
            value = self._marked(product.link, value_markup(product.link.value, as_factor=place > 0))
            total = value_markup(product.value)
            if place == 0:
                lines.append(f"{factor} & & & = {value}")
            else:
                before = products[place - 1]
                symbols = self._product(factor, self._sought(before), inside_out)
                numbers = self._product(value, value_markup(before.value, as_factor=True), inside_out)
                shown = f"bold({total})" if place == len(products) - 1 else total
                lines.append(f"{sought} & = {symbols} & = {numbers} & = {shown}")
            words.append(
                _("d {of} by d {wrt} equals {value}").format(
                    of=spoken_symbol(product.of), wrt=spoken_symbol(product.wrt), value=format_number(product.value)
                )
            )
        body = "$ " + " \\\n".join(lines) + " $"
        return self._page(body), "; ".join(words)

    @staticmethod
    def _product(factor: str, so_far: str, inside_out: bool) -> str:
        return f"{factor} dot.op {so_far}" if inside_out else f"{so_far} dot.op {factor}"

    def _sought(self, product: PartialProduct) -> str:
        d = "partial" if self._is_partial(product.of) else "d"
        return f"frac({d} {symbol_markup(product.of)}, {d} {symbol_markup(product.wrt)})"

    def _ratio(self, link: Link) -> str:
        d = "partial" if is_partial(self._derivation, link) else "d"
        return f"frac({d} {symbol_markup(link.of)}, {d} {symbol_markup(link.wrt)})"

    def _is_partial(self, of: str) -> bool:
        """Whether ∂ is written: where the whole depends on more than the one variable."""
        expression = self._derivation.expression
        return expression is None or len({*variables(expression), self._derivation.wrt}) > 1

    def _marked(self, link: Link, text: str) -> str:
        return f'#link("link:{link.key}", text(fill: rgb("{self._colours[link.key]}"), $display({text})$))'

    def _page(self, body: str) -> str:
        return (
            "#set page(width: auto, height: auto, margin: 3pt, fill: none)\n"
            f'#set text(size: {self._style.size * 0.78:.2f}pt, fill: rgb("{self._style.text}"))\n'
            f"#set par(leading: 0.75em)\n{body}"
        )


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
