"""Evaluation for numbers and arrays."""

import numpy as np
import pytest

from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse


def test_arrays_and_numbers_agree():
    x = np.linspace(-3, 3, 101)
    tree = parse("log(2 + cos x) + x^2/e^x - sigma(x) |x|")
    assert evaluate(tree, {"x": x}) == pytest.approx([evaluate(tree, {"x": value}) for value in x], rel=1e-15)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2^3^2", 512),
        ("-3^2", -9),
        ("sin(0)", 0),
        ("pi", np.pi),
        ("e", np.e),
        ("sqrt 16", 4),
        ("|-3|", 3),
        ("log10 1000", 3),
        ("log2 8", 3),
        ("sigma(0)", 0.5),
        ("relu(-2)", 0),
        ("softplus(0)", np.log(2)),
        ("1/2*4", 2),
        ("8/2/2", 2),
        ("5-2-1", 2),
    ],
)
def test_values(text, value):
    assert evaluate(parse(text), {}) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["log(-1)", "1/0", "0^(-1)", "(-8)^(1/3)", "9^9^9", "asin 2", "0/0", "sigma(x)"])
def test_what_has_no_value_gives_no_warning(text):
    value = evaluate(parse(text), {"x": -1e4})
    assert not np.iscomplexobj(value)
    assert not np.isfinite(value) or text == "sigma(x)"


def test_saturated_sigmoid_and_softplus_stay_exact():
    assert evaluate(parse("sigma(x)"), {"x": -700.0}) == pytest.approx(np.exp(-700.0))
    assert evaluate(parse("softplus(x)"), {"x": 800.0}) == 800.0
    assert evaluate(parse("softplus(x)"), {"x": -700.0}) == pytest.approx(np.exp(-700.0))


def test_a_missing_variable_is_named():
    with pytest.raises(KeyError, match="y"):
        evaluate(parse("x + y"), {"x": 1.0})
