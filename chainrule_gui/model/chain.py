"""The one form of every derivative: a sum of chains; a chain is a product of links.

`h(x) = log(2 + cos x)` and `∂J/∂w₂` of a network are both a `Derivation`; whoever draws one
never asks which of the two it came from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from chainrule_gui.model.expression.tree import Expression


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
    derivative : the formula with every name substituted back; None for a network
    derivative_value : the sum over *all* paths at the point
    why : a sentence, where `derivative_value` does not exist
    """

    of: str
    wrt: str
    quantities: tuple[Quantity, ...]
    chains: tuple[Chain, ...]
    chain_count: int
    derivative: Expression | None = None
    derivative_value: float | None = None
    why: str | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """Every distinct link, in order of first appearance; its index gives the link's colour."""
        return tuple({link.key: link for chain in self.chains for link in chain.links}.values())

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


def product(values: Iterable[float | None]) -> float | None:
    """Multiply the values; None where one is missing."""
    known = list(values)
    return None if any(value is None for value in known) else math.prod(known)  # type: ignore[arg-type]
