"""Taking a function apart into named inner functions: h = log(u), u = 2 + cos(x)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from chainrule_gui.model.expression.tree import (
    ZERO,
    Binary,
    Call,
    Expression,
    Negate,
    Variable,
    contains,
    variables,
)

_NAMES = ("u", "v", "s", "p", "q", "r", "m", "n", "k", "t")


class Names:
    """Gives each inner function one name; equal functions share it, and no name is given twice.

    Parameters
    ----------
    taken : names that are in use already: the variables
    """

    def __init__(self, taken: Iterable[str]) -> None:
        used = set(taken)
        self._free = (name for name in _candidates() if name not in used)
        self._given: dict[Expression, str] = {}
        numbered = (f"h{number}" for number in range(1, len(used) + 1))
        self.result = next(name for name in ("h", "H", *numbered) if name not in used)

    def of(self, inner: Expression) -> str:
        """Return the name of an inner function, a new one where it has none."""
        name = self._given.get(inner)
        if name is None:
            name = self._given[inner] = next(self._free)
        return name


def _candidates() -> Iterator[str]:
    yield from _NAMES
    yield from (f"u{number}" for number in count(1))


class Decomposition:
    """A function as definitions of named quantities, named from the outside in.

    Parameters
    ----------
    wrt : the variable, or several that vary together; everything else is held fixed

    Attributes
    ----------
    result : the name of the whole function
    definitions : the formula of each name in terms of other names and the variables
    """

    def __init__(
        self,
        expression: Expression,
        wrt: str | Iterable[str],
        names: Names,
        split: frozenset[Expression] = frozenset(),
        result: str | None = None,
    ) -> None:
        self._by = frozenset([wrt] if isinstance(wrt, str) else wrt)
        self._names = names
        self._split = split
        self.result = result or names.result
        self.definitions: dict[str, Expression] = {self.result: ZERO}
        self.definitions[self.result] = self._taken_apart(expression)

    def arguments(self, definition: Expression) -> list[str]:
        """Return the names in `definition` through which it depends on the variable."""
        return [name for name in variables(definition) if name in self._by or name in self.definitions]

    def _varies(self, expression: Expression) -> bool:
        return any(contains(expression, name) for name in self._by)

    def _named(self, inner: Expression) -> Expression:
        if isinstance(inner, Variable) or not self._varies(inner):
            return inner
        name = self._names.of(inner)
        if name not in self.definitions:
            self.definitions[name] = ZERO
            self.definitions[name] = self._taken_apart(inner)
        return Variable(name)

    def _taken_apart(self, expression: Expression) -> Expression:
        """Return `expression` with its inner functions replaced by names; affine wrappings stay with it."""
        if not self._varies(expression):
            return expression
        if expression in self._split:
            return self._pieces_named(expression)
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

    def _pieces_named(self, expression: Expression) -> Expression:
        """Return `expression` with each of its `pieces` that varies replaced by a name."""
        match expression:
            case Negate(operand):
                return Negate(self._named(operand))
            case Binary("+" | "-" as operator, left, right):
                is_sum = isinstance(left, Binary) and left.operator in "+-"
                return Binary(operator, self._pieces_named(left) if is_sum else self._named(left), self._named(right))
            case Binary(operator, left, right):
                return Binary(operator, self._named(left), self._named(right))
            case Call(function, argument):
                return Call(function, self._named(argument))
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


def pieces(definition: Expression) -> list[Expression]:
    """Return the terms of a sum, the factors of a multiple, what a sign stands before; of other formulas nothing."""
    match definition:
        case Negate(operand):
            return [operand]
        case Binary("+" | "-", left, right):
            is_sum = isinstance(left, Binary) and left.operator in "+-"
            return [*(pieces(left) if is_sum else [left]), right]
        case Binary("*" | "/", left, right):
            return [left, right]
    return []
