"""Whether what a learner types for the blank of a step is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chainrule_gui.i18n import _
from chainrule_gui.learning.comparison import Outcome, compare
from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.model.expression.tree import Derivative, substitute, variables
from chainrule_gui.model.step import Step


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is said of an answer: nothing where it is right; never what the right one is."""

    verdict: Literal["correct", "incorrect", "unreadable"]
    message: str = ""


def check_prediction(step: Step, text: str) -> Prediction:
    """Compare what was typed with the step's blank; an equal function in any form is right.

    Names of inner functions may be used, or what they stand for. Only close cases take more than milliseconds.
    """
    try:
        read = parse(text)
    except ExpressionError as problem:
        return Prediction("unreadable", str(problem))
    blank, where = step.blank, dict(step.where)
    answer, given = substitute(blank.answer, where), substitute(read, where)
    function = substitute(step.before.operand, where) if isinstance(step.before, Derivative) else answer
    known = dict.fromkeys((*variables(function), *variables(answer), *where))
    unknown = [name for name in variables(read) if name not in known]
    if unknown:
        message = _("“{name}” does not occur in this step. Write the answer in terms of {names}.")
        terms = ", ".join(known) or _("numbers")
        return Prediction("incorrect", message.format(name=unknown[0], names=terms))
    names = tuple(dict.fromkeys((*variables(function), *variables(answer), *variables(given)))) or ("x",)
    match compare(answer, given, names, (function,)):
        case Outcome.EQUAL:
            return Prediction("correct")
        case Outcome.DIFFERENT | Outcome.NO_COMMON_POINT:
            message = _("Not yet: that is not what stands in the box. Try again, or have it shown.")
            return Prediction("incorrect", message)
    return Prediction("unreadable", _("This cannot be compared with what stands in the box. Try another form."))
