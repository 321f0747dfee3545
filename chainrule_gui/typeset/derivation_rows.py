"""A derivation as rows of factors, the same for every notation: chain, formulas, back-substitution, numbers, result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.chain import Derivation, Link
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import Expression, substitute, variables
from chainrule_gui.model.higher import primed

SHOWN_CHAINS = 4
_FUNCTION_NAMES = ("f", "g", "k", "m", "p", "q", "r", "s")


class Writer(Protocol):
    """How one notation writes the parts of a row."""

    times: str

    def symbol(self, name: str) -> str:
        """A name."""

    def formula(self, expression: Expression) -> str:
        """A formula that stands alone."""

    def factor(self, expression: Expression) -> str:
        """A formula as a factor."""

    def value(self, value: float | None, as_factor: bool) -> str:
        """A number as shown."""

    def derivative(self, of: str, wrt: str, partial: bool) -> str:
        """d of / d wrt in Leibniz's notation; the names are written already."""

    def prime(self, function: str, argument: str) -> str:
        """function′(argument) in Lagrange's notation."""

    def applied(self, function: str, argument: str) -> str:
        """function(argument)."""

    def marked(self, link: Link, index: int, text: str) -> str:
        """A factor that belongs to a link; `index` is the link's place, which gives its colour."""

    def words(self, text: str) -> str:
        """Text within a formula."""


@dataclass(frozen=True, slots=True)
class Row:
    """``left`` = the sum of ``right``; an empty `left` continues the row above."""

    key: str
    left: str
    right: tuple[str, ...]


def is_partial(derivation: Derivation, link: Link) -> bool:
    """Whether ∂ is written: where the quantity depends on more than the one that is varied."""
    if derivation.expression is None:
        return True
    definition = derivation.quantity(link.of).definition
    return definition is not None and len(variables(definition)) > 1


def goal(derivation: Derivation, writer: Writer) -> str:
    """Write what is sought: dh/dx or ∂J/∂w₂."""
    partial = derivation.expression is None or len(variables(derivation.expression)) > 1
    return writer.derivative(writer.symbol(derivation.of), writer.symbol(derivation.wrt), partial)


def symbol_rows(derivation: Derivation, writer: Writer) -> tuple[Row, ...]:
    """Return the rows without numbers: the chain, its formulas, and everything substituted back."""
    chains = derivation.chains[:SHOWN_CHAINS]
    if not chains:
        return ()

    def leibniz(link: Link) -> str:
        return writer.derivative(writer.symbol(link.of), writer.symbol(link.wrt), is_partial(derivation, link))

    alone = len(chains) == 1 and len(chains[0].links) == 1
    written = writer.formula if alone else writer.factor
    rows = [Row("chain", goal(derivation, writer), _products(derivation, writer, leibniz))]
    rows.append(Row("formulas", "", _products(derivation, writer, lambda link: written(link.local_derivative))))
    if derivation.expression is not None:
        meanings = _meanings(derivation)
        put_back = _products(derivation, writer, lambda link: written(substitute(link.local_derivative, meanings)))
        if put_back != rows[-1].right:
            rows.append(Row("substituted", "", put_back))
    return tuple(rows)


def number_rows(derivation: Derivation, writer: Writer) -> tuple[Row, ...]:
    """Return the rows with numbers: each factor's value, and the result."""
    chains = derivation.chains[:SHOWN_CHAINS]
    if not chains:
        return (Row("result", goal(derivation, writer), (writer.value(derivation.derivative_value or 0.0, False),)),)
    if derivation.derivative_value is None:
        return ()
    result = Row("result", "", (writer.value(derivation.derivative_value, False),))
    if sum(len(chain.links) for chain in chains) == 1:
        return (result,)
    return Row("numbers", "", _products(derivation, writer, lambda link: writer.value(link.value, True))), result


def _products(derivation: Derivation, writer: Writer, write: Callable[[Link], str]) -> tuple[str, ...]:
    indices = {link.key: index for index, link in enumerate(derivation.links)}
    rows = [
        writer.times.join(writer.marked(link, indices[link.key], write(link)) for link in chain.links)
        for chain in derivation.chains[:SHOWN_CHAINS]
    ]
    return (*rows, *_rest(derivation, writer))


def _rest(derivation: Derivation, writer: Writer) -> tuple[str, ...]:
    left_out = derivation.chain_count - min(len(derivation.chains), SHOWN_CHAINS)
    if not left_out:
        return ()
    text = ngettext("… and {count} more path", "… and {count} more paths", left_out)
    return (writer.words(text.format(count=left_out)),)


def _meanings(derivation: Derivation) -> dict[str, Expression]:
    meanings: dict[str, Expression] = {}
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            meanings[quantity.name] = substitute(quantity.definition, meanings)
    return meanings


def function_names(derivation: Derivation) -> dict[str, str]:
    """Return f, g, … for each quantity of a pure composition, of two or more, of one variable; else nothing."""
    if derivation.expression is None or derivation.chain_count != 1 or len(derivation.chains[0].links) < 2:
        return {}
    if len(variables(derivation.expression)) > 1:  # h′(x) would not say that the other variables are held
        return {}
    taken = {quantity.name for quantity in derivation.quantities}
    free = (name for name in _FUNCTION_NAMES if name not in taken)
    named = {link.of: name for link, name in zip(derivation.chains[0].links, free, strict=False)}
    return named if len(named) == len(derivation.chains[0].links) else {}


def lagrange_row(derivation: Derivation, writer: Writer) -> Row | None:
    """Return h′(x) = f′(g(x)) · g′(x) for a pure composition, None for anything else."""
    names = function_names(derivation)
    if not names:
        return None
    links = derivation.chains[0].links
    x = writer.symbol(derivation.wrt)
    factors = []
    for index, link in enumerate(links):
        argument = x
        for inner in reversed(links[index + 1 :]):
            argument = writer.applied(names[inner.of], argument)
        factors.append(writer.marked(link, index, writer.prime(names[link.of], argument)))
    return Row("lagrange", writer.applied(writer.symbol(primed(derivation.of)), x), (writer.times.join(factors),))


def definitions(derivation: Derivation, writer: Writer) -> tuple[str, ...]:
    """Return the definitions of what the shown chains pass through, outermost first for a function."""
    return tuple(named_definitions(derivation, writer).values())


def named_definitions(derivation: Derivation, writer: Writer) -> dict[str, str]:
    """Return the definitions by the name of what is defined."""
    on_the_way = {link.of for chain in derivation.chains[:SHOWN_CHAINS] for link in chain.links}
    names = function_names(derivation)
    written = {}
    for quantity in derivation.quantities:
        if quantity.definition is None or (
            derivation.expression is None and quantity.name not in _needed(derivation, on_the_way)
        ):
            continue
        left = writer.symbol(quantity.name)
        if quantity.name in names:
            inner = next(link.wrt for link in derivation.links if link.of == quantity.name)
            left += f" = {writer.applied(names[quantity.name], writer.symbol(inner))}"
        written[quantity.name] = f"{left} = {writer.formula(quantity.definition)}"
    return written if derivation.expression is None else dict(reversed(written.items()))


def _needed(derivation: Derivation, on_the_way: set[str]) -> set[str]:
    """For the small network of the lesson every definition, for others those on the way."""
    everything = {quantity.name for quantity in derivation.quantities if quantity.definition is not None}
    return everything if len(everything) <= 6 else on_the_way


def local_rows(derivation: Derivation, writer: Writer) -> tuple[tuple[Row, Link, str], ...]:
    """Return for each link its local derivative, with the link and the reason in words."""
    shown = {link.key for chain in derivation.chains[:SHOWN_CHAINS] for link in chain.links}
    rows = []
    for index, link in enumerate(derivation.links):
        if link.key not in shown:
            continue
        left = writer.derivative(writer.symbol(link.of), writer.symbol(link.wrt), is_partial(derivation, link))
        right = writer.formula(link.local_derivative)
        rows.append((Row("local", writer.marked(link, index, left), (right,)), link, reason(link)))
    return tuple(rows)


def section_rows(derivation: Derivation, key: str, writer: Writer) -> tuple[Row, ...]:
    """Return the rows of one section alone: definitions, chain, numbers or local."""
    if key == "definitions":
        parts = (text.split(" = ", 1) for text in definitions(derivation, writer))
        return tuple(Row(key, left, (right,)) for left, right in parts)
    if key == "local":
        return tuple(row for row, _link, _because in local_rows(derivation, writer))
    if key == "numbers":
        first, *more = number_rows(derivation, writer)
        return (Row(first.key, first.left or goal(derivation, writer), first.right), *more)
    lagrange = lagrange_row(derivation, writer)
    main = symbol_rows(derivation, writer)
    return main if lagrange is None else (lagrange, *main)


def reason(link: Link) -> str:
    """Say which row of the derivative table, or which rule, gives a local derivative."""
    if link.row is not None:
        return _("table: {row}").format(row=_(FUNCTIONS[link.row].label))
    return {
        "sum": _("sum rule"),
        "product": _("product rule: the other factors held fixed"),
        "quotient": _("quotient rule: the other part held fixed"),
        "power": _("power rule"),
        "exponential": _("power with a fixed base"),
        "constant-multiple": _("constant factor"),
        "weighted-sum": _("weighted sum: only this term varies"),
        "cost": _("the cost by its output"),
        "identity": _("the variable itself"),
    }[link.rule]
