"""A worked solution as data: steps that nest, the order in which they are revealed, and what a learner is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chainrule_gui.model.expression.tree import Derivative, Expression, walk


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied once: what stood there, what stands there now, and why.

    Attributes
    ----------
    rule : "constant", "variable", "constant-multiple", "sum", "product", "quotient", "power", "exponential",
        "general-exponent", "chain", a rule of the derivative table ("logarithm", "sine"), "substitute" where results
        found before are put in, or one of the "tidy-…" rules of `model.tidy`
    before, after : equal wherever the function has a derivative; both may hold derivatives still to be worked out
    because : the reason, a sentence about this very case
    where : what each name in `before` and `after` stands for, in terms of the variables alone.
        d/dv(log(v)) is taken with v as a variable and then stands for its value at v's meaning
    inner : the steps that work out what `after` leaves open; the last of them ends with this step's result
    """

    rule: str
    before: Expression
    after: Expression
    because: str
    where: Mapping[str, Expression] = field(default_factory=dict)
    inner: tuple[Step, ...] = ()

    @property
    def result(self) -> Expression:
        """What `before` comes to, with nothing left to be worked out."""
        return self.inner[-1].after if self.inner else self.after

    @property
    def blank(self) -> Blank:
        """What a learner is asked in this step: the last derivative that `after` leaves open, or all of `after`.

        In a chain that is the inner derivative, the factor most often forgotten.
        """
        open_derivatives = [node for node in walk(self.after) if isinstance(node, Derivative)]
        results = {step.before: step.result for step in self.inner if isinstance(step.before, Derivative)}
        for node in reversed(open_derivatives):
            if node in results:
                return Blank(node, results[node], node.wrt)
        wrt = self.before.wrt if isinstance(self.before, Derivative) else None
        return Blank(self.after, self.result, wrt)


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of a step's `after` that the learner types.

    Attributes
    ----------
    part : the part that is not shown, equal to a subexpression of `after`
    answer : a right answer, in terms of the variables and the names that the step shows; equal functions are as right
    wrt : the variable or name by which the part is a derivative; None where the blank is a line of algebra
    """

    part: Expression
    answer: Expression
    wrt: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A step in its place among all steps.

    Attributes
    ----------
    depth : 0 for the outermost step
    key : the place as numbers, ``1.3.2``: the same as long as the function and the variable are the same
    """

    step: Step
    depth: int
    key: str


def flatten(step: Step, key: str = "1") -> tuple[Line, ...]:
    """Return every step in the order in which a learner reveals them: each one before the steps inside it."""
    return tuple(_lines(step, 0, key))


def _lines(step: Step, depth: int, key: str) -> Iterator[Line]:
    yield Line(step, depth, key)
    for place, inner in enumerate(step.inner, start=1):
        yield from _lines(inner, depth + 1, f"{key}.{place}")
