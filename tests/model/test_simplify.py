"""Simplified forms equal the originals and can be typed."""

import pytest

from chainrule_gui.model import simplify
from chainrule_gui.model.calculus import derive, substituted
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.simplify import SimplifyError, simplified
from chainrule_gui.model.solution import explain


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


@pytest.mark.parametrize("text", ["2^|x|^(x e)", "sqrt|x| - x leakyrelu(x)", "|asin x|^(3 + atan 2)"])
def test_a_simplified_form_has_a_value_left_of_0_too(text):
    derivative = substituted(derive(parse(text)))
    shorter = simplified(derivative)
    assert evaluate(shorter, {"x": -0.6}) == pytest.approx(evaluate(derivative, {"x": -0.6}), rel=1e-12)


@pytest.mark.parametrize("text", ["sin(1e300x)", "2^1000000x", "1/(x-x)", "sqrt(-1)x"])
def test_what_sympy_cannot_do_is_said(text):
    with pytest.raises(SimplifyError):
        simplified(substituted(derive(parse(text))))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))"),
        ("sigmoid(3x - 1)", "3*sigmoid(3*x - 1)*(1 - sigmoid(3*x - 1))"),
        ("sigmoid(2x)^2", "4*sigmoid(2*x)^2*(1 - sigmoid(2*x))"),
    ],
)
def test_the_slope_of_the_sigmoid_keeps_its_shape(text, written):
    assert to_text(simplified(explain(parse(text)).result)) == written


def _endless(expression):
    while True:
        pass


def _wrong(expression):
    return parse("x + 1e-5"), None


def _contradicted(expression):
    return expression, False


def _unknown(expression):
    raise ValueError("no such thing")


@pytest.mark.parametrize(
    ("instead", "words"),
    [(_endless, "longer than"), (_wrong, "not proven"), (_contradicted, "not proven"), (_unknown, "no such thing")],
)
def test_what_is_not_found_in_time_or_not_proven_is_refused(monkeypatch, instead, words):
    monkeypatch.setattr(simplify, "_shorter", instead)
    with pytest.raises(SimplifyError, match=words):
        simplified(parse("x"), seconds=4.0 if instead is not _endless else 0.5)


def test_several_variables_are_simplified_together():
    assert to_text(simplified(parse("(x^2 - w^2)/(x - w)"))) in ("x + w", "w + x")
