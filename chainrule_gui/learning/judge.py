"""The examiner: is a learner's derivative right, in whatever form, and if not, which mistake gives it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.learning.comparison import Outcome, compare
from chainrule_gui.learning.diagnosis import diagnose, link_of
from chainrule_gui.learning.sampling import common_points, has_values
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.differentiate import differentiate
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.model.expression.text import number_text, to_text
from chainrule_gui.model.expression.tree import Expression, variables

Verdict = Literal["correct", "incorrect", "unreadable"]

_PLAIN = (1.0, 2.0, 0.5, 3.0, -1.0, 0.25, 1.5, -2.0, 5.0, 0.1, -0.5, 10.0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the examiner says.

    Attributes
    ----------
    verdict : "unreadable" also where the answer can be read but not compared
    diagnosis : the code of the mistake; None unless incorrect
    message : for the learner, in a sentence or two
    link : the key of the link of `derive(expression, wrt)` at which the mistake sits; None where there is none
    """

    verdict: Verdict
    diagnosis: str | None
    message: str
    link: str | None = None


def read_answer(answer: str) -> Expression:
    """Read an answer, which may begin like ``h'(x) =``.

    Raises
    ------
    ExpressionError
        where it cannot be read.
    """
    return parse(answer.rpartition("=")[2].lstrip(" "))


def judge(expression: Expression, answer: str, wrt: str = "x") -> Judgement:
    """Judge `answer` as the derivative of `expression` by `wrt`.

    It may begin like ``h'(x) =``. Equal functions are correct in any form, judged where function, derivative and
    answer all have real values. Only close cases take more than milliseconds, and at most 5 s.
    """
    try:
        read = read_answer(answer)
    except ExpressionError as problem:
        return Judgement("unreadable", None, f"{problem}\n{problem.caret()}")
    derivative = differentiate(expression, wrt)
    names = tuple(dict.fromkeys((wrt, *variables(expression), *variables(read))))
    match compare(derivative, read, names, (expression,)):
        case Outcome.EQUAL:
            return Judgement("correct", None, _correct(expression, derivative, read, names))
        case Outcome.DIFFERENT:
            return _incorrect(expression, derivative, read, wrt, names)
        case Outcome.NO_COMMON_POINT if len(common_points((expression, derivative), names)[wrt]):
            return _incorrect(expression, derivative, read, wrt, names)
    message = _("This answer cannot be compared with the derivative: no point was found where both can be calculated.")
    return Judgement("unreadable", None, message)


def _correct(expression: Expression, derivative: Expression, read: Expression, names: Sequence[str]) -> str:
    points = common_points((expression, derivative), names)
    lacking = np.isnan(np.broadcast_to(evaluate(read, points), points[names[0]].shape))
    if np.count_nonzero(lacking) * 20 <= lacking.size:
        return _("Correct.")
    at = ", ".join(f"{name} = {_rounded(points[name][lacking][0])}" for name in names)
    message = _("Correct where your answer has a value; at {point} it has none, though the derivative does.")
    return message.format(point=at)


def _incorrect(
    expression: Expression, derivative: Expression, read: Expression, wrt: str, names: Sequence[str]
) -> Judgement:
    unknown = [name for name in variables(read) if name != wrt and name not in variables(expression)]
    if unknown:
        message = _("“{name}” does not occur in {formula}. Write the answer in terms of {names}.").format(
            name=unknown[0], formula=to_text(expression), names=", ".join(names[: -len(unknown)])
        )
        return Judgement("incorrect", "other", message)
    derivation = derive(expression, wrt)
    found = diagnose(expression, read, wrt, derivation)
    if found is not None:
        return Judgement("incorrect", found.code, found.message, found.link)
    link = link_of(derivation, expression)
    message = _counterexample(expression, derivative, read, names)
    return Judgement("incorrect", "other", message, None if link is None else link.key)


def _counterexample(expression: Expression, derivative: Expression, read: Expression, names: Sequence[str]) -> str:
    """Say where the two differ: numbers to check, and nothing that gives the formula away."""
    points = {name: np.roll(_PLAIN, -shift) for shift, name in enumerate(names)}
    right, given = (np.broadcast_to(evaluate(tree, points), len(_PLAIN)) for tree in (derivative, read))
    with np.errstate(invalid="ignore"):
        differ = np.isnan(given) | (np.abs(right - given) > 1e-3 * np.abs(right))
    for index in np.flatnonzero(has_values((expression, derivative), points) & differ & ~np.isinf(given)):
        message = _("Not the derivative: at {point} the slope is {right}, but your answer gives {given}.")
        if np.isnan(given[index]):
            message = _("Not the derivative: at {point} the slope is {right}, but your answer has no value.")
        at = ", ".join(f"{name} = {_rounded(points[name][index])}" for name in names)
        given_text = "" if np.isnan(given[index]) else _rounded(given[index])
        return message.format(point=at, given=given_text, right=_rounded(right[index]))
    return _("Not the derivative: the two differ.")


def _rounded(value: float) -> str:
    return number_text(float(f"{value:.4g}")).replace("-", "−")
