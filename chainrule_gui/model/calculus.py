"""From an expression to its derivative: as a formula, and as a sum of chains of links.

The rules are those of any calculus text; the chain rule for several paths is
dh/dx = Σ over paths of the product of the local derivatives along the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import count, islice

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import (
    ONE,
    TWO,
    ZERO,
    Binary,
    Call,
    Constant,
    Expression,
    Negate,
    Number,
    Variable,
    contains,
    substitute,
    variables,
)

CHAIN_LIMIT = 24
"""At most so many chains are written out; the derivative's value always covers all of them."""

_NAMES = ("u", "v", "s", "p", "q", "r", "m", "n", "k", "t")


def differentiate(expression: Expression, wrt: str) -> Expression:
    """Return d expression / d wrt as a formula, every other variable held fixed."""
    match expression:
        case Variable(name):
            return ONE if name == wrt else ZERO
        case Number() | Constant():
            return ZERO
        case Negate(operand):
            return negate(differentiate(operand, wrt))
        case Call(function, argument):
            inner = differentiate(argument, wrt)
            return ZERO if inner == ZERO else multiply(FUNCTIONS[function].derivative(argument), inner)
        case Binary("+", left, right):
            return add(differentiate(left, wrt), differentiate(right, wrt))
        case Binary("-", left, right):
            return subtract(differentiate(left, wrt), differentiate(right, wrt))
        case Binary("*", left, right):
            return add(multiply(differentiate(left, wrt), right), multiply(left, differentiate(right, wrt)))
        case Binary("/", left, right):
            return _quotient(left, right, differentiate(left, wrt), differentiate(right, wrt))
        case Binary(_, base, exponent):
            return _power(base, exponent, differentiate(base, wrt), differentiate(exponent, wrt))


def _quotient(top: Expression, bottom: Expression, d_top: Expression, d_bottom: Expression) -> Expression:
    if d_bottom == ZERO:
        return divide(d_top, bottom)
    return divide(subtract(multiply(d_top, bottom), multiply(top, d_bottom)), Binary("^", bottom, TWO))


def _power(base: Expression, exponent: Expression, d_base: Expression, d_exponent: Expression) -> Expression:
    if d_exponent == ZERO:
        if d_base == ZERO:
            return ZERO
        return multiply(multiply(exponent, power(base, _one_less(exponent))), d_base)
    itself = Binary("^", base, exponent)
    if d_base == ZERO:
        scale = ONE if base == Constant("e") else Call("ln", base)
        return multiply(multiply(itself, scale), d_exponent)
    growth = add(multiply(d_exponent, Call("ln", base)), divide(multiply(exponent, d_base), base))
    return multiply(itself, growth)


def _one_less(exponent: Expression) -> Expression:
    match exponent:
        case Number(value):
            return Number(value - 1) if value >= 1 else Negate(Number(1 - value))
        case Negate(Number(value)):
            return Negate(Number(value + 1))
    return Binary("-", exponent, ONE)


def add(left: Expression, right: Expression) -> Expression:
    """left + right without superfluous zeros."""
    if left == ZERO:
        return right
    if right == ZERO:
        return left
    return Binary("-", left, right.operand) if isinstance(right, Negate) else Binary("+", left, right)


def subtract(left: Expression, right: Expression) -> Expression:
    """left − right without superfluous zeros."""
    if right == ZERO:
        return left
    if left == ZERO:
        return negate(right)
    return Binary("+", left, right.operand) if isinstance(right, Negate) else Binary("-", left, right)


def negate(operand: Expression) -> Expression:
    """−operand without a double sign."""
    if operand == ZERO:
        return ZERO
    return operand.operand if isinstance(operand, Negate) else Negate(operand)


def multiply(left: Expression, right: Expression) -> Expression:
    """left · right without superfluous zeros, ones and inner signs."""
    if ZERO in (left, right):
        return ZERO
    if left == ONE:
        return right
    if right == ONE:
        return left
    if isinstance(left, Negate):
        return negate(multiply(left.operand, right))
    if isinstance(right, Negate):
        return negate(multiply(left, right.operand))
    return Binary("*", left, right)


def divide(left: Expression, right: Expression) -> Expression:
    """left / right without superfluous zeros, ones and signs."""
    if left == ZERO or right == ONE:
        return left
    return negate(Binary("/", left.operand, right)) if isinstance(left, Negate) else Binary("/", left, right)


def power(base: Expression, exponent: Expression) -> Expression:
    """base ^ exponent without superfluous exponents 0 and 1."""
    if exponent == ONE:
        return base
    return ONE if exponent == ZERO else Binary("^", base, exponent)


def derive(expression: Expression, wrt: str = "x") -> Derivation:
    """Take `expression` apart into named links and return its derivative by `wrt` as a sum of chains.

    The result has no values yet: `Derivation.at` puts in a point.
    """
    names = _Namer(expression, wrt)
    definitions = names.definitions
    outgoing = {
        name: tuple(_link(name, argument, definition) for argument in names.arguments(definition))
        for name, definition in definitions.items()
    }
    chains = tuple(islice(_chains(names.result, wrt, outgoing), CHAIN_LIMIT + 1))
    given = tuple(dict.fromkeys((wrt, *variables(expression))))
    quantities = (
        *(Quantity(name, None) for name in given),
        *(Quantity(name, definition) for name, definition in reversed(names.in_order(outgoing))),
    )
    number_of_chains = len(chains) if len(chains) <= CHAIN_LIMIT else _count(names.result, wrt, outgoing)
    return Derivation(
        of=names.result,
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
    meanings: dict[str, Expression] = {}
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            meanings[quantity.name] = substitute(quantity.definition, meanings)
    total: Expression = ZERO
    for chain in derivation.chains:
        factors = [substitute(link.local_derivative, meanings) for link in chain.links]
        kept = [factor for factor in factors if factor != ONE] or [ONE]
        total = add(total, reduce(lambda left, right: Binary("*", left, right), kept))
    return total


class _Namer:
    """Gives each inner function one name, from the outside in; equal inner functions share it."""

    def __init__(self, expression: Expression, wrt: str) -> None:
        self._wrt = wrt
        taken = {wrt, *variables(expression)}
        self._free = (name for name in _candidates() if name not in taken)
        numbered = (f"h{number}" for number in range(1, len(taken) + 1))
        self.result = next(name for name in ("h", "H", *numbered) if name not in taken)
        self._names: dict[Expression, str] = {}
        self.definitions: dict[str, Expression] = {self.result: ZERO}
        self.definitions[self.result] = self._taken_apart(expression)

    def arguments(self, definition: Expression) -> list[str]:
        """Return the names in `definition` through which it depends on the variable."""
        return [name for name in variables(definition) if name == self._wrt or name in self.definitions]

    def in_order(self, outgoing: dict[str, tuple[Link, ...]]) -> list[tuple[str, Expression]]:
        """Return name and definition of each, every name before those that it is made of."""
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            for link in reversed(outgoing.get(name, ())):
                if link.wrt not in order:
                    visit(link.wrt)
            if name in self.definitions:
                order[name] = None

        visit(self.result)
        return [(name, self.definitions[name]) for name in reversed(order)]

    def _varies(self, expression: Expression) -> bool:
        return contains(expression, self._wrt)

    def _named(self, inner: Expression) -> Expression:
        if isinstance(inner, Variable) or not self._varies(inner):
            return inner
        name = self._names.get(inner)
        if name is None:
            name = self._names[inner] = next(self._free)
            self.definitions[name] = ZERO
            self.definitions[name] = self._taken_apart(inner)
        return Variable(name)

    def _taken_apart(self, expression: Expression) -> Expression:
        """Return `expression` with its inner functions replaced by names; affine wrappings stay with it."""
        if not self._varies(expression):
            return expression
        match expression:
            case Call(function, argument):
                return Call(function, self._named(argument))
            case Negate(operand):
                return Negate(self._term(operand))
            case Binary("+" | "-" as operator, left, right):
                return Binary(operator, self._term(left), self._term(right))
            case Binary("*" as operator, left, right):
                if self._varies(left) and self._varies(right):
                    return Binary(operator, self._factor(left), self._factor(right))
                return Binary(operator, self._term(left), self._term(right))
            case Binary("/" as operator, left, right):
                if self._varies(right):
                    return Binary(operator, self._named(left), self._named(right))
                return Binary(operator, self._term(left), right)
            case Binary(operator, base, exponent):
                return Binary(operator, self._named(base), self._named(exponent))
        return expression

    def _term(self, term: Expression) -> Expression:
        """A term of a sum stays in it, unless the variable enters the term in two places."""
        match term:
            case Binary("*" | "/" | "^", left, right) if self._varies(left) and self._varies(right):
                return self._named(term)
        return self._taken_apart(term)

    def _factor(self, factor: Expression) -> Expression:
        match factor:
            case Binary("*", left, right):
                return Binary("*", self._factor(left), self._factor(right))
        return self._named(factor)


def _candidates() -> Iterator[str]:
    yield from _NAMES
    yield from (f"u{number}" for number in count(1))


def _link(name: str, argument: str, definition: Expression) -> Link:
    rule, row = _rule(definition, argument)
    return Link(name, argument, differentiate(definition, argument), rule, row)


def _rule(definition: Expression, argument: str) -> tuple[str, str | None]:
    match definition:
        case Call(function, _):
            return FUNCTIONS[function].rule, function
        case Binary("+" | "-", left, right):
            varying = [side for side in (left, right) if contains(side, argument)]
            return "sum", _rule(varying[0], argument)[1] if len(varying) == 1 else None
        case Binary("*", left, right):
            sides = [side for side in (left, right) if variables(side)]
            if len(sides) == 1:
                return "constant-multiple", _rule(sides[0], argument)[1]
            return "product", None
        case Binary("/", left, right):
            if not variables(right):
                return "constant-multiple", _rule(left, argument)[1]
            return "quotient", None
        case Binary("^", base, _):
            return ("power", None) if contains(base, argument) else ("exponential", "exp")
        case Negate(operand):
            return "constant-multiple", _rule(operand, argument)[1]
    return "identity", None


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


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a worked solution: what stood there, what stands there after `rule`, and the reason."""

    rule: str
    before: str
    after: str
    because: str


def steps(derivation: Derivation) -> tuple[Step, ...]:
    """Return the worked solution of a function's derivation, from the chain to the substituted result."""
    if derivation.expression is None:
        return ()
    written: list[Step] = []
    goal = f"d{derivation.of}/d{derivation.wrt}"
    if any(len(chain.links) > 1 for chain in derivation.chains):
        chain = " + ".join("*".join(f"(d{link.of}/d{link.wrt})" for link in chain.links) for chain in derivation.chains)
        because = _("{result} depends on {variable} through named inner functions: {definitions}.").format(
            result=derivation.of,
            variable=derivation.wrt,
            definitions=", ".join(
                f"{quantity.name} = {to_text(quantity.definition)}"
                for quantity in reversed(derivation.quantities)
                if quantity.definition is not None
            ),
        )
        written.append(Step("chain", goal, chain, because))
    for link in derivation.links:
        definition = derivation.quantity(link.of).definition
        assert definition is not None  # every link starts at a defined quantity
        written.append(
            Step(
                link.rule,
                f"d/d{link.wrt} [{to_text(definition)}]",
                to_text(link.local_derivative),
                _because(link),
            )
        )
    written.append(Step("substitute", goal, to_text(substituted(derivation)), _("Put back what each name stands for.")))
    return tuple(written)


def _because(link: Link) -> str:
    if link.row is not None and link.rule == FUNCTIONS[link.row].rule:
        return _("the derivative table's row “{row}”").format(row=_(FUNCTIONS[link.row].label))
    return {
        "sum": _("a sum is differentiated term by term; a constant has derivative 0"),
        "constant-multiple": _("a constant factor stays in front of the derivative"),
        "product": _("the product rule: with the other factors held fixed"),
        "quotient": _("the quotient rule: with the other part held fixed"),
        "power": _("the power rule: bring the exponent down and lower it by one"),
        "exponential": _("a power with a fixed base: itself times the base's logarithm"),
        "identity": _("the variable itself has derivative 1"),
    }[link.rule]


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
    meanings: dict[str, Expression] = {}
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            meanings[quantity.name] = substitute(quantity.definition, meanings)
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
