"""Second and third derivatives: the tidy derivative differentiated again, by the same engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule_gui.i18n import _
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.decomposition import Names
from chainrule_gui.model.expression.tree import Expression, variables, walk

if TYPE_CHECKING:
    from chainrule_gui.model.step import Step

HIGHEST_ORDER = 3
PRIMES = ("", "′", "″", "‴")
MAX_PARTS = 3000
"""A derivative of more parts than this is not differentiated again."""


def primed(name: str) -> str:
    """Return the name of the derivative of what is called `name`: h′ for h, h″ for h′."""
    base = name.rstrip("".join(PRIMES))
    order = PRIMES.index(name[len(base) :])
    return base + PRIMES[order + 1]


class TooLongError(ValueError):
    """A derivative is too long to be differentiated once more."""


@dataclass(frozen=True, slots=True)
class Order:
    """One differentiation on the way to a higher derivative.

    Attributes
    ----------
    order : 1 for the first derivative
    derivation : of ``h``, ``h′`` or ``h″``, taken apart into links
    solution : its worked solution
    """

    order: int
    derivation: Derivation
    solution: Step

    @property
    def derivative(self) -> Expression:
        """The tidy derivative, which the next order differentiates."""
        return self.solution.result


def orders(
    expression: Expression, wrt: str = "x", highest: int = 1, split: frozenset[Expression] = frozenset()
) -> Iterator[Order]:
    """Yield the first, second, … derivative of `expression`; over all orders each name has one meaning.

    Raises
    ------
    TooLongError
        where a derivative has more than `MAX_PARTS` parts; the orders before it have been yielded.
    """
    from chainrule_gui.model.solution import explain

    names = Names((wrt, *variables(expression)))
    result = names.result
    for order in range(1, highest + 1):
        if order > 1 and sum(1 for _node in walk(expression)) > MAX_PARTS:
            message = _("The derivative of order {order} is too long to differentiate again: ask for a lower order.")
            raise TooLongError(message.format(order=order - 1))
        derivation = derive(expression, wrt, split, names, result)
        solution = explain(expression, wrt, split, names)
        yield Order(order, derivation, solution)
        expression, result = solution.result, primed(result)
