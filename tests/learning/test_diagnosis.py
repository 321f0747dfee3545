"""Every mistake is recognised, in simple functions and deep inside larger right answers.

The wrong answers are written here as text, from a table of derivatives known by heart, not with the app's own rules.
"""

from collections import Counter
from functools import cache
from itertools import product
from random import Random

import numpy as np
import pytest

from chainrule_gui.learning.diagnosis import CODE_NAMES, EXPLANATIONS, hints
from chainrule_gui.learning.judge import judge
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse

CODES = [
    "missing-inner-derivative", "not-differentiated", "product-of-derivatives", "quotient-order",
    "quotient-not-squared", "outer-at-x", "power-not-reduced", "added-instead-of-multiplied",
    "inner-derivative-as-argument", "inner-derivative-misplaced", "composition-as-product", "sign", "constant-factor",
    "other",
]  # fmt: skip
"""Likelier ones first."""

# f(u) and f′(u); g(x) and g′(x).
OUTER = [
    ("sin({})", "cos({})"), ("cos({})", "(-sin({}))"), ("exp({})", "exp({})"), ("e^({})", "e^({})"),
    ("ln({})", "1/({})"), ("sqrt({})", "1/(2sqrt({}))"), ("({})^3", "3({})^2"), ("({})^4", "4({})^3"),
    ("atan({})", "1/(1+({})^2)"), ("tanh({})", "(1-tanh({})^2)"), ("sinh({})", "cosh({})"),
    ("({})^(-2)", "(-2)({})^(-3)"),
    ("tan({})", "1/cos({})^2"), ("sigma({})", "sigma({0})(1-sigma({0}))"), ("2^({})", "2^({})ln(2)"),
    ("1/({})", "(-1)/({})^2"), ("softplus({})", "sigma({})"), ("log2({})", "1/(({})ln 2)"),
]  # fmt: skip
INNER = [
    ("x^2", "(2x)"), ("3x+1", "3"), ("2+cos(x)", "(-sin(x))"), ("x^2+1", "(2x)"), ("e^x", "e^x"),
    ("x^3+2x", "(3x^2+2)"), ("ln(x)", "(1/x)"), ("sin(3x)", "(3cos(3x))"), ("1-x^2", "(-2x)"), ("x-ln(x)", "(1-1/x)"),
    ("x cos(x)", "(cos(x)-x sin(x))"),
]  # fmt: skip
POWERS = {"({})^3": (3, "({})^3"), "({})^4": (4, "({})^4"), "({})^(-2)": (-2, "({})^(-2)")}
# A part t where the mistake is made, alone or within something that is differentiated rightly, d being t′.
AROUND = [
    ("{t}", "{d}"),
    ("({t}) + x^3", "({d}) + 3x^2"),
    ("x({t})", "({t}) + x({d})"),
    ("sin({t})", "cos({t})({d})"),
    ("5({t})", "5({d})"),
    ("({t})^5", "5({t})^4({d})"),
    ("sqrt(x+5)/({t})", "(({t})/(2sqrt(x+5)) - sqrt(x+5)({d}))/({t})^2"),
    ("cos(x) - ({t})", "-sin(x) - ({d})"),
    ("ln(4 + sin({t}))", "cos({t})({d})/(4+sin({t}))"),
]
UNDOING = {("ln({})", "e^x"), ("log2({})", "e^x"), ("exp({})", "ln(x)"), ("e^({})", "ln(x)"), ("sqrt({})", "x^2")}
"""Functions that undo each other give the same wrong answers in many ways."""
POINTS = {"x": np.linspace(0.11, 2.41, 47)}


def of_composition(outer, inner):
    (f, slope), (g, inner_slope) = outer, inner
    yield "missing-inner-derivative", slope.format(g)
    yield "outer-at-x", f"({slope.format('x')})({inner_slope})"
    yield "added-instead-of-multiplied", f"{slope.format(g)} + {inner_slope}"
    yield "inner-derivative-as-argument", slope.format(inner_slope)
    yield "inner-derivative-misplaced", slope.format(f"({g})({inner_slope})")
    yield "composition-as-product", f"({slope.format('x')})({g}) + ({f.format('x')})({inner_slope})"
    if f in POWERS:
        yield "power-not-reduced", f"({POWERS[f][0]})({f.format(g)})({inner_slope})"
    if f == "1/({})":
        yield "quotient-not-squared", f"-({inner_slope})/({g})"
    yield from of_any(f.format(g), f"({slope.format(g)})({inner_slope})")


def of_any(part, right):
    yield "not-differentiated", part
    yield "sign", f"-({right})"
    yield "constant-factor", f"3({right})"
    yield "constant-factor", f"({right})/7"
    yield "other", f"({right}) + x + sin(5x)"
    yield "other", f"({right})(2 + cos(x)^2) + 1"


def of_product(first, second):
    (p, dp), (q, dq) = first, second
    yield "product-of-derivatives", f"({dp})({dq})"
    yield "sign", f"({dp})({q}) - ({p})({dq})"
    yield from of_any(f"({p})({q})", f"({dp})({q}) + ({p})({dq})")


def of_quotient(first, second):
    (p, dp), (q, dq) = first, second
    yield "quotient-order", f"(({p})({dq}) - ({dp})({q}))/({q})^2"
    yield "quotient-not-squared", f"(({dp})({q}) - ({p})({dq}))/({q})"
    yield "sign", f"(({dp})({q}) + ({p})({dq}))/({q})^2"
    yield from of_any(f"({p})/({q})", f"(({dp})({q}) - ({p})({dq}))/({q})^2")


def of_power(exponent, inner):
    g, inner_slope = inner
    yield "power-not-reduced", f"{exponent}({g})^{exponent}({inner_slope})"


def cases():
    """Around, part, its right derivative, and pairs of code and wrong derivative of the part."""
    for (outer, inner), around in product(product(OUTER, INNER), AROUND):
        if (outer[0], inner[0]) in UNDOING:
            continue
        right = f"({outer[1].format(inner[0])})({inner[1]})"
        yield around, outer[0].format(inner[0]), right, list(of_composition(outer, inner))
    for (first, second), around in product(product(INNER, INNER), AROUND):
        if first != second:
            (p, dp), (q, dq) = first, second
            yield around, f"({p})({q})", f"({dp})({q}) + ({p})({dq})", list(of_product(first, second))
            right = f"(({dp})({q}) - ({p})({dq}))/({q})^2"
            yield around, f"({p})/({q})", right, list(of_quotient(first, second))
    for exponent, inner, around in product([2, 3, 5, 10], [("x", "1"), *INNER], AROUND):
        g, inner_slope = inner
        right = f"{exponent}({g})^{exponent - 1}({inner_slope})"
        yield around, f"({g})^{exponent}", right, list(of_power(exponent, inner))


@cache
def values(formula):
    return np.broadcast_to(evaluate(parse(formula), POINTS), 47)


def same(first, second):
    a, b = values(first), values(second)
    valid = np.isfinite(a) & np.isfinite(b)
    return bool(np.allclose(a[valid], b[valid], rtol=1e-9, atol=1e-12))


def is_ambiguous(code, wrong, right, wrong_answers):
    """Whether it is right by chance, or nothing or one, or what a likelier mistake gives as well."""
    likelier = [one for other, one in wrong_answers if CODES.index(other) < CODES.index(code)]
    return any(same(wrong, other) for other in [right, "0", "1", *likelier])


def test_each_mistake_is_found_wherever_it_is_made():
    """At least 50 times each, alone and within; and the right answer of the same form never has a diagnosis."""
    drawn = list(cases())
    Random(1).shuffle(drawn)
    found, missed = Counter(), []
    for (around, slope), part, right, wrong_answers in drawn:
        if min(found[code] for code in CODES) >= 50:
            break
        whole = parse(around.format(t=part))
        judgement = judge(whole, slope.format(t=part, d=right))
        assert (judgement.verdict, judgement.diagnosis) == ("correct", None)
        for code, wrong in wrong_answers:
            answer = slope.format(t=part, d=wrong)
            if found[code] < 55 and not is_ambiguous(code, wrong, right, wrong_answers) and not same(answer, "0"):
                judgement = judge(whole, answer)
                found[code] += 1
                if (judgement.verdict, judgement.diagnosis) != ("incorrect", code):
                    missed.append((code, around.format(t=part), answer, judgement))
    assert min(found[code] for code in CODES) >= 50
    assert not missed


@pytest.mark.parametrize(
    ("text", "answer", "code", "link"),
    [
        ("log(2+cos x)", "1/(2+cos x)", "missing-inner-derivative", "u/x"),
        ("log(2+cos x)", "1/x*(-sin x)", "outer-at-x", "h/u"),
        ("log(2+cos x)", "1/(2+cos x) + (-sin x)", "added-instead-of-multiplied", "u/x"),
        ("log(2+cos x)", "1/(-sin x)", "inner-derivative-as-argument", "h/u"),
        ("log(2+cos x)", "1/((2+cos x)(-sin x))", "inner-derivative-misplaced", "u/x"),
        ("log(2+cos x)", "1/x (2+cos x) + log(x)(-sin x)", "composition-as-product", "h/u"),
        ("log(2+cos x)", "sin(x)/(2+cos x)", "sign", "u/x"),
        ("log(2+cos x)", "log(2+cos x)", "not-differentiated", "h/u"),
        ("log(2+cos x)", "-3sin(x)/(2+cos x)", "constant-factor", "h/u"),
        ("log(2+cos x)", "-sin x", "other", "h/u"),
        ("sin(cos(x^2))", "cos(cos(x^2))", "missing-inner-derivative", "u/v"),
        ("sin(cos(x^2))", "cos(cos(x^2))*2x", "missing-inner-derivative", "u/v"),
        ("sin(cos(x^2))", "-cos(cos(x^2))sin(x^2)", "missing-inner-derivative", "v/x"),
        ("sin(cos(x^2))", "cos(x)(-sin(x))2x", "outer-at-x", "h/u"),
        ("sin(cos(x^2))", "cos(cos(x^2)) - sin(x^2) + 2x", "added-instead-of-multiplied", "u/v"),
        ("3sin(2x)", "3cos(2x) + 2", "added-instead-of-multiplied", "u/x"),
        ("asin(x-20)", "1/sqrt(1-x^2)", "outer-at-x", "h/u"),
        ("e^(2x)", "e^(2x)", "missing-inner-derivative", "u/x"),
        ("2^x", "2^x", "not-differentiated", "h/x"),
        ("2^x", "x 2^(x-1)", "other", "h/x"),
        ("x^3", "3x^3", "power-not-reduced", "h/x"),
        ("x^-2", "-2x^-2", "power-not-reduced", "h/x"),
        ("x^-2", "-2x^-1", "power-not-reduced", "h/x"),
        ("1/x^2", "-2/x^2", "power-not-reduced", "u/x"),
        ("1/x^3", "-3/x^2", "power-not-reduced", "h/u"),
        ("x + 5/(x^2+1)^4", "1 - 40x/(x^2+1)^3", "power-not-reduced", None),
        ("1/(x+1)^2", "-2/(x+1)^2", "power-not-reduced", "u/v"),
        ("(x+1)^3", "3(x+1)^3", "power-not-reduced", "h/u"),
        ("x + 1", "x + 1", "not-differentiated", "h/x"),
        ("sin(x^2)", "cos(2x) 2x", "inner-derivative-as-argument", "h/u"),
        ("x sin(x^3)", "sin(x^3) + x cos(3x^2) 3x^2", "inner-derivative-as-argument", "u/v"),
        ("sqrt(x)", "sqrt(x)/2", "power-not-reduced", "h/x"),
        ("x^3", "x^2", "constant-factor", "h/x"),
        ("x^2 + 7", "2x + 7", "not-differentiated", "h/x"),
        ("x^2 + sin x", "2x + sin x", "not-differentiated", "h/x"),
        ("x^2 + 3x", "2x + 1", "constant-factor", "h/x"),
        ("x^2 - 3x", "2x + 3", "sign", "h/x"),
        ("a x^2", "2x", "constant-factor", "h/x"),
        ("log10(x)", "1/x", "constant-factor", "h/x"),
        ("x^2 sin(x) e^x", "2x cos(x) e^x", "product-of-derivatives", None),
        ("x sin x", "sin x", "other", "h/x"),
        ("sin(x)/x", "cos(x)", "other", "h/u"),
        ("1/x", "1/x^2", "sign", "h/x"),
        ("1/x", "-1/x", "quotient-not-squared", "h/x"),
        ("1/2(sigma(w x + b) - y)^2", "sigma(w x + b) - y", "missing-inner-derivative", None),
        ("7", "7", "not-differentiated", None),
        ("7", "1", "other", None),
    ],
)
def test_classics(text, answer, code, link):
    expression = parse(text)
    judgement = judge(expression, answer)
    assert judgement.diagnosis == code
    assert judgement.message
    if link is not None:
        assert judgement.link == link
    assert judgement.link in {None, *(one.key for one in derive(expression).graph)}


def test_a_first_message_names_the_factor_but_not_its_value():
    judgement = judge(parse("log(2 + cos x)"), "1/(2 + cos x)")
    assert "du/dx" in judgement.message
    assert "2 + cos(x)" in judgement.message
    assert "sin(" not in judgement.message


def test_of_several_variables_the_derivative_is_partial():
    assert "∂u/∂x" in judge(parse("sin(w x^2)"), "cos(w x^2)").message


@pytest.mark.parametrize(
    ("text", "answer", "part"),
    [
        ("x^2 y^3", "3x^2 y^2", "but by another variable: x is"),
        ("x^2 + y^2", "2x + 2y", "Only x varies"),
        ("sin(x y)", "cos(x y)(x + y)", "Only x varies"),
    ],
)
def test_it_is_said_that_another_variable_was_not_held_constant(text, answer, part):
    judgement = judge(parse(text), answer)
    assert judgement.diagnosis == "other"
    assert part in judgement.message


def test_hints_say_more_and_more():
    derivation = derive(parse("log(2 + cos x)"))
    where, rule, factor = hints(derivation, "u/x")
    assert "2 + cos(x)" in where
    assert "sin(" not in where + rule
    assert "cosine" in rule
    assert factor == "du/dx = -sin(x)"
    assert hints(derivation) == hints(derivation, "h/u")
    assert hints(derive(parse("7")))[2] == "The derivative is 0."


def test_every_message_can_be_made():
    for explanation in EXPLANATIONS.values():
        assert explanation.message.format(outer="h", inner="u", link="du/dx", variable="x")
        assert explanation.code in CODES


def test_a_long_formula_is_shortened():
    text = "sin(" + " + ".join(f"x^{n}" for n in range(2, 40)) + ")"
    assert "…" in judge(parse(text), text.replace("sin", "cos")).message


def test_every_diagnosis_has_a_name_for_a_list():
    assert {explanation.code for explanation in EXPLANATIONS.values()} | {"other"} == set(CODE_NAMES)
