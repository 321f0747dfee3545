"""The order in which a chain is multiplied out: from the inside out (forward) or from the outside in (reverse).

The product is the same, the number of multiplications is not: forward accumulation finds the derivatives of every
quantity by *one* input and so goes through the graph once for each input; reverse accumulation finds the derivatives
of the *result* by every quantity and goes through it once. That is why backpropagation goes backward.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from chainrule_gui.model.chain import Chain, Link
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
