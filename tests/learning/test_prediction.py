"""What learners type for a blank: right in any form, never given away where it is wrong."""

from __future__ import annotations

import pytest

from chainrule_gui.learning.prediction import check_prediction
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.solution import explain
from chainrule_gui.model.step import flatten

TEXTS = ("log(2 + cos x)", "x^2 sin(3x + 1)", "exp(sin(x^2))/x", "x^x", "3^(x^2)", "(a x + b)^3")


@pytest.mark.parametrize("text", TEXTS)
def test_the_answer_is_right_also_rewritten_and_a_changed_one_is_wrong(text):
    for line in flatten(explain(parse(text))):
        step = line.step
        answer = to_text(step.blank.answer)
        if "d/d" in answer:
            continue
        assert check_prediction(step, answer).verdict == "correct", (line.key, answer)
        assert check_prediction(step, f"2*({answer})/2 + 1 - 1").verdict == "correct", (line.key, answer)
        wrong = check_prediction(step, f"({answer}) + 1")
        assert wrong.verdict == "incorrect"
        assert wrong.message


def test_names_of_inner_functions_and_what_they_stand_for_are_both_right():
    outer = explain(parse("log(2 + cos x)")).inner[0]
    for answer in ("1/u", "1/(2 + cos x)", "(2 + cos(x))^(-1)"):
        assert check_prediction(outer, answer).verdict == "correct"


@pytest.mark.parametrize(("answer", "verdict", "part"), [
    ("sin(", "unreadable", ""), ("y", "incorrect", "“y” does not occur"), ("sin x", "incorrect", "Not yet"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_the_right_factor_is_not(answer, verdict, part):
    found = check_prediction(explain(parse("log(2 + cos x)")), answer)
    assert found.verdict == verdict
    assert part in found.message
    assert "−sin" not in found.message
    assert "-sin" not in found.message
