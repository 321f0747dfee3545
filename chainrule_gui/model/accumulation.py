"""The order in which a chain is multiplied out: from the inside out (forward) or from the outside in (reverse).

The product is the same, the number of multiplications is not: forward accumulation finds the derivatives of every
quantity by *one* input and so goes through the graph once for each input; reverse accumulation finds the derivatives
of the *result* by every quantity and goes through it once. That is why backpropagation goes backward.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from chainrule_gui.model.chain import Chain, Derivation, Link
from chainrule_gui.model.decomposition import Decomposition, Names
from chainrule_gui.model.expression.tree import Expression, variables
from chainrule_gui.model.network.network import Network


@dataclass(frozen=True, slots=True)
class PartialProduct:
    """What a chain's product has come to after one more link.

    Attributes
    ----------
    link : the link just multiplied by
    of, wrt : the product so far is this part of the derivative d of / d wrt that runs along the chain
    value : the product so far at the point; None where a link so far has no value
    """

    link: Link
    of: str
    wrt: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Term:
    """A local derivative times a derivative found before.

    Attributes
    ----------
    link : the local derivative
    of, wrt : what it is multiplied by, d of / d wrt; both the same where that is 1
    value : of d of / d wrt at the point; None where it does not exist
    """

    link: Link
    of: str
    wrt: str
    value: float | None

    @property
    def is_alone(self) -> bool:
        """Whether the local derivative is multiplied by 1."""
        return self.of == self.wrt

    @property
    def product(self) -> float | None:
        """The term's value."""
        return None if self.link.value is None or self.value is None else self.link.value * self.value


@dataclass(frozen=True, slots=True)
class Accumulated:
    """One derivative d of / d wrt of a sweep: the sum of its terms; along one chain there is one term."""

    of: str
    wrt: str
    terms: tuple[Term, ...]

    @property
    def value(self) -> float | None:
        """The sum; None where a term does not exist."""
        products = [term.product for term in self.terms]
        return None if None in products else math.fsum(product or 0.0 for product in products)


def forward_sweep(derivation: Derivation) -> tuple[Accumulated, ...]:
    """Return the derivative of each quantity of a function by its variable, from the inside out."""
    found: dict[str, float | None] = {derivation.wrt: 1.0}
    rows = []
    for quantity in derivation.quantities:
        terms = tuple(
            Term(link, link.wrt, derivation.wrt, found[link.wrt])
            for link in derivation.graph
            if link.of == quantity.name and link.wrt in found
        )
        if terms:
            rows.append(Accumulated(quantity.name, derivation.wrt, terms))
            found[quantity.name] = rows[-1].value
    return tuple(rows)


def reverse_sweep(derivation: Derivation) -> tuple[Accumulated, ...]:
    """Return the derivative of a function by each quantity, from the outside in; by its variable last."""
    found: dict[str, float | None] = {derivation.of: 1.0}
    rows = []
    given = [quantity for quantity in derivation.quantities if quantity.definition is None]
    made = [quantity for quantity in derivation.quantities if quantity.definition is not None]
    for quantity in (*reversed(made), *given):
        terms = tuple(
            Term(link, derivation.of, link.of, found[link.of])
            for link in derivation.graph
            if link.wrt == quantity.name and link.of in found
        )
        if terms:
            rows.append(Accumulated(derivation.of, quantity.name, terms))
            found[quantity.name] = rows[-1].value
    return tuple(rows)


def forward_along(chain: Chain) -> tuple[Accumulated, ...]:
    """Return the forward products of one chain alone."""
    products = forward_products(chain)
    before = [(products[0].wrt, products[0].wrt, 1.0), *((one.of, one.wrt, one.value) for one in products[:-1])]
    return _along(products, before)


def reverse_along(chain: Chain) -> tuple[Accumulated, ...]:
    """Return the reverse products of one chain alone."""
    products = reverse_products(chain)
    before = [(products[0].of, products[0].of, 1.0), *((one.of, one.wrt, one.value) for one in products[:-1])]
    return _along(products, before)


def _along(
    products: Iterable[PartialProduct], before: Iterable[tuple[str, str, float | None]]
) -> tuple[Accumulated, ...]:
    return tuple(
        Accumulated(one.of, one.wrt, (Term(one.link, of, wrt, value),))
        for one, (of, wrt, value) in zip(products, before, strict=True)
    )


def forward_products(chain: Chain) -> tuple[PartialProduct, ...]:
    """Multiply a chain from the inside out: du/dx, then dv/du · du/dx, …"""
    inward = chain.links[::-1]
    values = _running([link.value for link in inward])
    return tuple(
        PartialProduct(link, link.of, inward[0].wrt, value) for link, value in zip(inward, values, strict=True)
    )


def reverse_products(chain: Chain) -> tuple[PartialProduct, ...]:
    """Multiply a chain from the outside in: dh/dv, then dh/dv · dv/du, …"""
    values = _running([link.value for link in chain.links])
    return tuple(
        PartialProduct(link, chain.links[0].of, link.wrt, value)
        for link, value in zip(chain.links, values, strict=True)
    )


def _running(values: list[float | None]) -> list[float | None]:
    def times(product: float | None, value: float | None) -> float | None:
        return None if product is None or value is None else product * value

    return list(accumulate(values, times))


@dataclass(frozen=True, slots=True)
class Multiplications:
    """How many multiplications all first derivatives of one result take, the local derivatives being known.

    Attributes
    ----------
    inputs : number of inputs: variables of a function, parameters of a network
    forward : of one forward sweep for each input, together
    reverse : of the one reverse sweep
    """

    inputs: int
    forward: int
    reverse: int


def count_multiplications(edges: Iterable[tuple[str, str]], result: str, inputs: Iterable[str]) -> Multiplications:
    """Count the multiplications of both orders on a graph.

    A forward sweep for the input x adds up, for each quantity q that depends on x, ∂q/∂a · da/dx over the arguments a
    of q that depend on x. A reverse sweep adds up, for each quantity a, dh/dq · ∂q/∂a over the quantities q that a
    enters. Each of these products counts as one multiplication, except those by a derivative of something by itself,
    which is 1: in the forward sweep where a is x, in the reverse sweep where q is the result. Quantities that depend
    on no input are left out.

    Parameters
    ----------
    edges : (q, a) for each local derivative ∂q/∂a
    """
    arguments: dict[str, list[str]] = {}
    for of, wrt in dict.fromkeys(edges):
        arguments.setdefault(of, []).append(wrt)
    order = _inside_out(arguments, result)
    listed = list(inputs)
    forward = 0
    for source in listed:
        reached = {source}
        for of in order:
            through = [wrt for wrt in arguments.get(of, ()) if wrt in reached]
            if through:
                reached.add(of)
                forward += sum(wrt != source for wrt in through)
    needed = set(listed)
    reverse = 0
    for of in order:
        through = [wrt for wrt in arguments.get(of, ()) if wrt in needed]
        if through:
            needed.add(of)
            reverse += len(through) if of != result else 0
    return Multiplications(len(listed), forward, reverse)


def _inside_out(arguments: Mapping[str, list[str]], result: str) -> list[str]:
    """Return the quantities that `result` depends on and itself, each after those that it is made of."""
    order: dict[str, None] = {}
    stack = [(result, False)]
    while stack:
        name, is_done = stack.pop()
        if is_done:
            order.setdefault(name)
        elif name not in order:
            stack.append((name, True))
            stack += [(wrt, False) for wrt in arguments.get(name, ())]
    return list(order)


def function_multiplications(expression: Expression, split: frozenset[Expression] = frozenset()) -> Multiplications:
    """Count the multiplications for the derivatives of a function by all its variables, on one graph for them all."""
    inputs = variables(expression)
    return count_multiplications(function_edges(expression, split), Names(inputs).result, inputs)


def function_edges(expression: Expression, split: frozenset[Expression] = frozenset()) -> list[tuple[str, str]]:
    """Return (q, a) for each local derivative ∂q/∂a of a function taken apart with all its variables varying."""
    inputs = variables(expression)
    taken = Decomposition(expression, inputs, Names(inputs), split)
    return [(name, wrt) for name, definition in taken.definitions.items() for wrt in taken.arguments(definition)]


def network_multiplications(network: Network) -> Multiplications:
    """Count the multiplications for the gradient of one sample's cost by all parameters of a network.

    The same count as `count_multiplications` on the network's graph J → ŷ → z → a → … → parameters, layer by layer:
    a parameter of layer l reaches one z and one a there, and everything of the layers after it.
    """
    forward = reverse = 0
    beyond = 0  # multiplications of a sweep after all a's of a layer are known; after the last one only J is left
    for layer in range(network.depth, 0, -1):
        before, units = network.layers[layer - 1], network.layers[layer]
        parameters = units * (before + 1)
        if layer == network.depth:
            onward, beyond = 1, units
        else:
            above = network.layers[layer + 1]
            onward = above + above + beyond
            beyond += above * units + above
        forward += parameters * (1 + onward)
        reverse += parameters + units + (units * before if layer > 1 else 0)
    return Multiplications(network.parameter_count, forward, reverse)
