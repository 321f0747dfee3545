"""From an expression to its derivative: as a formula, and as a sum of chains of links.

The rules are those of any calculus text; the chain rule for several paths is
dh/dx = Σ over paths of the product of the local derivatives along the path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice

from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
from chainrule_gui.model.decomposition import Decomposition, Names, pieces
from chainrule_gui.model.expression.differentiate import add, differentiate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import (
    ONE,
    ZERO,
    Binary,
    Call,
    Expression,
    Negate,
    Variable,
    contains,
    substitute,
    variables,
)

CHAIN_LIMIT = 24
"""At most so many chains are written out; the derivative's value always covers all of them."""


def derive(
    expression: Expression,
    wrt: str = "x",
    split: frozenset[Expression] = frozenset(),
    names: Names | None = None,
    result: str | None = None,
) -> Derivation:
    """Take `expression` apart into named links and return its derivative by `wrt` as a sum of chains.

    The result has no values yet: `Derivation.at` puts in a point.

    Parameters
    ----------
    split : inner functions, written out in full, that are taken apart further than usual (see `splittable`)
    names : names given before, kept for the same inner functions and not given to others
    result : the result's own name, where it is not h
    """
    taken = Decomposition(expression, wrt, names or Names((wrt, *variables(expression))), split, result)
    definitions = taken.definitions
    outgoing = {
        name: tuple(_link(name, argument, definition, arguments) for argument in arguments)
        for name, definition in definitions.items()
        for arguments in [taken.arguments(definition)]
    }
    chains = tuple(islice(_chains(taken.result, wrt, outgoing), CHAIN_LIMIT + 1))
    given = tuple(dict.fromkeys((wrt, *variables(expression))))
    quantities = (
        *(Quantity(name, None) for name in given),
        *(Quantity(name, definition) for name, definition in reversed(_in_order(taken, outgoing))),
    )
    number_of_chains = len(chains) if len(chains) <= CHAIN_LIMIT else _count(taken.result, wrt, outgoing)
    return Derivation(
        of=taken.result,
        wrt=wrt,
        quantities=quantities,
        chains=chains[:CHAIN_LIMIT],
        chain_count=number_of_chains,
        expression=expression,
        graph=tuple(link for links in outgoing.values() for link in links),
    )


def substituted(derivation: Derivation) -> Expression:
    """Return the derivative with every intermediate name replaced by what it stands for."""
    if derivation.expression is None:
        raise ValueError("only a function's derivation can be substituted back")
    if derivation.chain_count > len(derivation.chains):
        return differentiate(derivation.expression, derivation.wrt)
    meanings = meanings_of(derivation)
    total: Expression = ZERO
    for chain in derivation.chains:
        factors = [substitute(link.local_derivative, meanings) for link in chain.links]
        kept = [factor for factor in factors if factor != ONE] or [ONE]
        total = add(total, reduce(lambda left, right: Binary("*", left, right), kept))
    return total


def gradient(expression: Expression, split: frozenset[Expression] = frozenset()) -> dict[str, Derivation]:
    """Return the derivation by each variable of `expression`; in all of them equal inner functions share a name."""
    by = variables(expression)
    names = Names(by)
    return {name: derive(expression, name, split, names) for name in by}


def splittable(derivation: Derivation) -> dict[str, Expression]:
    """Return the named functions that can be taken apart further, each with its meaning, which goes into `split`.

    That is a sum or a multiple which holds another function: u = 2 + cos(x), which can be u = 2 + v with v = cos(x).
    """
    meanings = meanings_of(derivation)
    moving = {derivation.wrt, *meanings}

    def is_open(piece: Expression) -> bool:
        return not isinstance(piece, Variable) and not moving.isdisjoint(variables(piece))

    return {
        quantity.name: meanings[quantity.name]
        for quantity in derivation.quantities
        if quantity.definition is not None and any(map(is_open, pieces(quantity.definition)))
    }


def meanings_of(derivation: Derivation) -> dict[str, Expression]:
    """Return what each name of a function's derivation stands for, in terms of the variables alone."""
    meanings: dict[str, Expression] = {}
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            meanings[quantity.name] = substitute(quantity.definition, meanings)
    return meanings


def _in_order(taken: Decomposition, outgoing: dict[str, tuple[Link, ...]]) -> list[tuple[str, Expression]]:
    """Return name and definition of each, every name before those that it is made of."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        for link in reversed(outgoing.get(name, ())):
            if link.wrt not in order:
                visit(link.wrt)
        if name in taken.definitions:
            order[name] = None

    visit(taken.result)
    return [(name, taken.definitions[name]) for name in reversed(order)]


def _link(name: str, argument: str, definition: Expression, moving: Sequence[str]) -> Link:
    rule, row = _rule(definition, argument, moving)
    return Link(name, argument, differentiate(definition, argument), rule, row)


def _rule(definition: Expression, argument: str, moving: Sequence[str]) -> tuple[str, str | None]:
    """Return rule and row of the table; names that are not `moving` are constants."""
    match definition:
        case Call(function, _):
            return FUNCTIONS[function].rule, function
        case Binary("+" | "-", left, right):
            varying = [side for side in (left, right) if contains(side, argument)]
            return "sum", _rule(varying[0], argument, moving)[1] if len(varying) == 1 else None
        case Binary("*", left, right):
            sides = [side for side in (left, right) if _moves(side, moving)]
            if len(sides) == 1:
                return "constant-multiple", _rule(sides[0], argument, moving)[1]
            return "product", None
        case Binary("/", left, right):
            if not _moves(right, moving):
                return "constant-multiple", _rule(left, argument, moving)[1]
            return "quotient", None
        case Binary("^", base, _):
            return ("power", None) if contains(base, argument) else ("exponential", "exp")
        case Negate(operand):
            return "constant-multiple", _rule(operand, argument, moving)[1]
    return "identity", None


def _moves(part: Expression, moving: Sequence[str]) -> bool:
    return any(contains(part, name) for name in moving)


def _chains(start: str, end: str, outgoing: dict[str, tuple[Link, ...]]) -> Iterator[Chain]:
    stack: list[tuple[str, tuple[Link, ...]]] = [(start, ())]
    while stack:
        name, links = stack.pop()
        if name == end:
            yield Chain(links)
            continue
        stack.extend((link.wrt, (*links, link)) for link in reversed(outgoing.get(name, ())))


def _count(start: str, end: str, outgoing: dict[str, tuple[Link, ...]]) -> int:
    counts = {end: 1}

    def paths(name: str) -> int:
        if name not in counts:
            counts[name] = sum(paths(link.wrt) for link in outgoing.get(name, ()))
        return counts[name]

    return paths(start)


def outer_chain(derivation: Derivation) -> tuple[Link, ...]:
    """Return the nested composition from the outside in, while one inner function holds the variable.

    Where the variable enters in several places, the last link covers the rest: its rule says which rule
    continues, its local derivative is the whole derivative from there on.
    """
    outgoing: dict[str, list[Link]] = {}
    for link in derivation.graph:
        outgoing.setdefault(link.of, []).append(link)
    links: list[Link] = []
    name = derivation.of
    while name != derivation.wrt and outgoing.get(name):
        if len(outgoing[name]) > 1:
            links.append(_rest(derivation, name, outgoing[name][0]))
            break
        links += outgoing[name]
        name = links[-1].wrt
    return tuple(links)


def _rest(derivation: Derivation, name: str, first: Link) -> Link:
    """The derivative of the quantity `name` by the variable, as one link."""
    point = {q.name: q.value for q in derivation.quantities if q.definition is None and q.value is not None}
    meanings = meanings_of(derivation)
    definition = derivation.quantity(name).definition
    assert definition is not None  # a quantity with links has a definition
    inner = derive(meanings[name], derivation.wrt)
    valued = inner.at(**point) if point else inner
    return Link(
        name,
        derivation.wrt,
        differentiate(meanings[name], derivation.wrt),
        _operation(definition) or first.rule,
        None,
        valued.derivative_value,
        valued.why,
    )


def _operation(definition: Expression) -> str | None:
    match definition:
        case Binary(operator, _, _):
            return {"+": "sum", "-": "sum", "*": "product", "/": "quotient", "^": "power"}[operator]
    return None
