"""What follows from a function's text: its derivations of each order, its gradient, its worked solution."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from chainrule_gui.model.calculus import derive, gradient, meanings_of, splittable
from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.expression.domain import why_no_derivative
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Derivative, Expression
from chainrule_gui.model.higher import Order, TooLongError, orders, primed

if TYPE_CHECKING:
    from chainrule_gui.model.accumulation import Multiplications
    from chainrule_gui.model.step import Line


@dataclass(frozen=True, slots=True)
class Piece:
    """A quantity that can be taken apart further, or was: its name, its meaning as text, and which of the two."""

    name: str
    text: str
    apart: bool


@dataclass(frozen=True, slots=True)
class Derived:
    """A function taken apart, without numbers.

    Attributes
    ----------
    expression : the function itself
    derivations : of h, h′, … up to the order asked for, or as far as they are not too long
    pieces : of the last of them
    limit : why it does not go as far as it was asked for; None where it does
    """

    expression: Expression
    derivations: tuple[Derivation, ...]
    pieces: tuple[Piece, ...]
    limit: str | None

    @property
    def last(self) -> Derivation:
        """The derivation of the order that is shown."""
        return self.derivations[-1]

    @property
    def derivative_name(self) -> str:
        """What the last derivative is called: h′, h″ or h‴."""
        return primed(self.last.of)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The worked solution of a derivation at its point.

    Attributes
    ----------
    lines : the same object as long as only the point changes
    """

    lines: tuple[Line, ...]
    derivation: Derivation
    point: Mapping[str, float]

    @property
    def result(self) -> Expression:
        """The tidy derivative."""
        return self.lines[0].step.result

    def value(self, line: Line) -> float | None:
        """Return what both sides of a step come to at the point; None where there is no derivative."""
        step, known = line.step, dict(self.point)
        known |= {name: float(evaluate(meaning, self.point)) for name, meaning in step.where.items()}
        if self.derivation.derivative_value is None:
            # The formula found may have values where the function has none.
            if not isinstance(step.before, Derivative):
                return None
            if why_no_derivative(step.before.operand, step.before.wrt, step.result, known) is not None:
                return None
        value = float(evaluate(step.result, known))
        return value if math.isfinite(value) else None


@lru_cache(maxsize=64)
def derived(text: str, wrt: str, split: frozenset[str], order: int) -> Derived:
    """Take a function, or its derivative of the order before, apart."""
    expression, taken_apart = parse(text), frozenset(map(parse, split))
    derivations: tuple[Derivation, ...]
    if order == 1:
        derivations, limit = (derive(expression, wrt, taken_apart),), None
    else:
        found, limit = _orders(text, wrt, split, order)
        derivations = tuple(one.derivation for one in found)
    closed = splittable(derivations[-1])
    pieces = tuple(
        Piece(name, to_text(meaning), meaning in taken_apart)
        for name, meaning in meanings_of(derivations[-1]).items()
        if name in closed or meaning in taken_apart
    )
    return Derived(expression, derivations, pieces, limit)


@lru_cache(maxsize=16)
def solution_lines(text: str, wrt: str, split: frozenset[str], order: int) -> tuple[Line, ...]:
    """Return every step of the worked solution of the derivative of that order, or the last before it."""
    from chainrule_gui.model.solution import explain
    from chainrule_gui.model.step import flatten

    if order == 1:
        return flatten(explain(parse(text), wrt, frozenset(map(parse, split))))
    found, _limit = _orders(text, wrt, split, order)
    return flatten(found[-1].solution, str(found[-1].order))


@lru_cache(maxsize=16)
def gradient_of(text: str, split: frozenset[str]) -> dict[str, Derivation]:
    """Return the derivation by each variable, without numbers."""
    return gradient(parse(text), frozenset(map(parse, split)))


@lru_cache(maxsize=16)
def multiplications_of(expression: Expression, split: frozenset[str]) -> Multiplications:
    """Count what both orders of multiplication take for the derivatives by all variables."""
    from chainrule_gui.model.accumulation import function_multiplications

    return function_multiplications(expression, frozenset(map(parse, split)))


@lru_cache(maxsize=16)
def _orders(text: str, wrt: str, split: frozenset[str], order: int) -> tuple[tuple[Order, ...], str | None]:
    found: list[Order] = []
    limit = None
    try:
        found.extend(orders(parse(text), wrt, order, frozenset(map(parse, split))))
    except TooLongError as problem:
        limit = str(problem)
    return tuple(found), limit


def next_question(lines: Sequence[Line], start: int) -> int:
    """Return the place of the next step, from `start`, whose blank is a derivative; `len(lines)` where there is none.

    Lines of algebra are not asked, nor is what was the blank of the step around it: it was typed already.
    """
    steps = {line.key: line.step for line in lines}
    for place in range(start, len(lines)):
        step, around = lines[place].step, steps.get(lines[place].key.rpartition(".")[0])
        if step.blank.wrt is None or not isinstance(step.before, Derivative):
            continue
        leaves_nothing = not any(isinstance(inner.before, Derivative) for inner in step.inner)
        if not (leaves_nothing and around is not None and around.blank.part == step.before):
            return place
    return len(lines)
