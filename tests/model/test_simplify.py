"""Simplified forms equal the originals and can be typed."""

import pytest

from chainrule_gui.model.calculus import derive, substituted
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.simplify import simplified


@pytest.mark.parametrize(
    "text",
    [
        "log(2 + cos x)",
        "x sin x",
        "(3x+1)^4",
        "1/(1+e^-x)",
        "ln(x)/x",
        "sqrt(1+x^2)",
        "x^x",
        "tan x",
        "sigma(3x-1)",
        "softplus(x^2)",
        "0.5x^2",
        "e^-x^2",
        "|x|",
        "atan x",
        "x^-3",
        "2",
        "log10(x)",
        "tanh(2x)",
        "1/cosh(x)",
    ],
)
def test_simplified_forms_are_equal_and_readable(text):
    derivative = substituted(derive(parse(text)))
    shorter = simplified(derivative)
    assert parse(to_text(shorter)) == shorter
    for x in (0.7, 1.9):
        assert evaluate(shorter, {"x": x}) == pytest.approx(evaluate(derivative, {"x": x}), rel=1e-12)
