"""The one form of every derivative: a sum of chains; a chain is a product of links.

`h(x) = log(2 + cos x)` and `∂J/∂w₂` of a network are both a `Derivation`; whoever draws one
never asks which of the two it came from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.domain import may_have_kink, why_no_derivative, why_no_value
from chainrule_gui.model.expression.evaluate import value_of
from chainrule_gui.model.expression.tree import Expression, variables


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named value on the way from the variable to the result.

    Attributes
    ----------
    name : the one name it has: ``h``, ``u``, ``z2``, ``y_hat``
    definition : its formula in terms of other names; None for what is given (x, a parameter, a target)
    value : its value at the point, None where there is no point or no value
    why : a sentence, where `value` does not exist: what is wrong and where
    """

    name: str
    definition: Expression | None
    value: float | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One local derivative ∂of/∂wrt.

    Attributes
    ----------
    of, wrt : names of the quantities at its two ends
    local_derivative : its formula in terms of named quantities
    rule : what justifies it: a row of the derivative table ("log", "cos"), or one of
        "sum", "product", "quotient", "power", "constant-multiple", "weighted-sum", "cost"
    row : the key of the derivative table's row to cite, None where only a rule is used
    value : the local derivative at the point, None where there is no point or no value
    why : a sentence, where `value` does not exist or rests on a convention (a kink)
    """

    of: str
    wrt: str
    local_derivative: Expression
    rule: str
    row: str | None = None
    value: float | None = None
    why: str | None = None

    @property
    def key(self) -> str:
        """What names this link in hot zones, colours and hover: ``of/wrt``."""
        return f"{self.of}/{self.wrt}"


@dataclass(frozen=True, slots=True)
class Chain:
    """A product of links along one path, from the result inwards."""

    links: tuple[Link, ...]

    @property
    def product(self) -> float | None:
        """The product of the links' values; None where one of them does not exist."""
        return product(link.value for link in self.links)


@dataclass(frozen=True, slots=True)
class Derivation:
    """d of / d wrt as a sum of chains.

    Attributes
    ----------
    of, wrt : names of what is differentiated and by what
    quantities : every named value, from the given ones to the result
    chains : the paths; for a large network the largest ones only (`chain_count` says how many there are)
    chain_count : number of all paths
    expression : what is differentiated, before it was taken apart; None for a network
    graph : every link, also those of chains that are not written out; empty for a network
    derivative_value : the sum over *all* paths at the point
    why : a sentence, where `derivative_value` does not exist
    """

    of: str
    wrt: str
    quantities: tuple[Quantity, ...]
    chains: tuple[Chain, ...]
    chain_count: int
    expression: Expression | None = None
    graph: tuple[Link, ...] = ()
    derivative_value: float | None = None
    why: str | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """Every distinct link, in order of first appearance; its index gives the link's colour."""
        return tuple({link.key: link for chain in self.chains for link in chain.links}.values())

    @property
    def form(self) -> tuple[object, ...]:
        """What the derivation is without its numbers: equal for two derivations that differ in values alone."""
        return (
            self.of,
            self.wrt,
            self.chain_count,
            tuple((quantity.name, quantity.definition) for quantity in self.quantities),
            tuple((link.key, link.local_derivative) for chain in self.chains for link in chain.links),
        )

    def at(self, **point: float) -> Derivation:
        """Return the derivation of a function with the values of everything at a point.

        What has no value there (outside a domain, at a kink) gets None and the reason instead.

        Raises
        ------
        KeyError
            where `point` lacks a variable.
        """
        known: dict[str, np.float64] = {}
        with np.errstate(all="ignore"):
            for quantity in self.quantities:
                name, formula = quantity.name, quantity.definition
                known[name] = np.float64(point[name] if formula is None else value_of(formula, known))
            slopes = {link.key: float(value_of(link.local_derivative, known)) for link in self.graph}
        quantities = [_valued_quantity(quantity, known) for quantity in self.quantities]
        definitions = {quantity.name: quantity.definition for quantity in self.quantities}
        links = {link.key: _valued(link, definitions[link.of], slopes[link.key], known) for link in self.graph}
        value = _total(self.of, self.wrt, links)
        reasons = [quantity.why for quantity in quantities] + [link.why for link in links.values()]
        missing = next((why for why in reasons if why is not None), None)
        return Derivation(
            self.of,
            self.wrt,
            tuple(quantities),
            tuple(Chain(tuple(links[link.key] for link in chain.links)) for chain in self.chains),
            self.chain_count,
            self.expression,
            graph=tuple(links.values()),
            derivative_value=value,
            why=None if value is not None else missing or _("The derivative is too large to calculate with."),
        )

    def value(self, **point: float) -> float | None:
        """Return the derivative's value at a point, None where it has none."""
        return self.at(**point).derivative_value

    def slope(self, name: str) -> float | None:
        """Return d name / d wrt of a function's inner quantity, at the point; None where it has none."""
        reachable: dict[str, Link] = {}
        pending = [name]
        while pending:
            of = pending.pop()
            for link in self.graph:
                if link.of == of and link.key not in reachable:
                    reachable[link.key] = link
                    pending.append(link.wrt)
        return _total(name, self.wrt, reachable)

    def quantity(self, name: str) -> Quantity:
        """Return the quantity of that name.

        Raises
        ------
        KeyError
            where no quantity has the name.
        """
        for quantity in self.quantities:
            if quantity.name == name:
                return quantity
        raise KeyError(name)


def _valued_quantity(quantity: Quantity, known: Mapping[str, float]) -> Quantity:
    name, definition, value = quantity.name, quantity.definition, float(known[quantity.name])
    if math.isfinite(value):
        return Quantity(name, definition, value)
    if definition is None:
        return Quantity(name, None, why=_("{name} is not a finite number.").format(name=name))
    return Quantity(name, definition, why=_missing_inner(definition, known) or why_no_value(definition, known))


def _missing_inner(definition: Expression, known: Mapping[str, float]) -> str | None:
    for name in variables(definition):
        if not math.isfinite(known[name]):
            return _("{inner}, which it needs, has no value.").format(inner=name)
    return None


def _valued(link: Link, definition: Expression | None, value: float, known: Mapping[str, float]) -> Link:
    certain = definition is None or (
        math.isfinite(value) and math.isfinite(known[link.of]) and not may_have_kink(definition)
    )
    why = None
    if definition is not None and not certain:
        why = _missing_inner(definition, known) or why_no_derivative(definition, link.wrt, link.local_derivative, known)
    return Link(link.of, link.wrt, link.local_derivative, link.rule, link.row, value if why is None else None, why)


def _total(of: str, wrt: str, links: dict[str, Link]) -> float | None:
    """Sum the products over all paths, each quantity visited once; None where a link has no value."""
    if any(link.value is None for link in links.values()):
        return None
    outgoing: dict[str, list[Link]] = {}
    for link in links.values():
        outgoing.setdefault(link.of, []).append(link)
    totals = {wrt: 1.0}

    def total(name: str) -> float:
        if name not in totals:
            totals[name] = math.fsum((link.value or 0.0) * total(link.wrt) for link in outgoing.get(name, ()))
        return totals[name]

    value = total(of)
    return value if math.isfinite(value) else None


def product(values: Iterable[float | None]) -> float | None:
    """Multiply the values; None where one is missing."""
    known = list(values)
    return None if any(value is None for value in known) else math.prod(known)  # type: ignore[arg-type]
