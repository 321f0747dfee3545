"""Reading and printing expressions."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Binary, Call, Constant, Negate, Number, Variable

names = st.sampled_from(["x", "y", "w2", "theta", "b1"])
leaves = st.one_of(
    st.builds(Number, st.floats(min_value=0, allow_infinity=False, allow_nan=False)),
    st.builds(Constant, st.sampled_from(["e", "pi"])),
    st.builds(Variable, names),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Negate, inner),
        st.builds(Binary, st.sampled_from("+-*/^"), inner, inner),
        st.builds(Call, st.sampled_from(sorted(FUNCTIONS)), inner),
    ),
    max_leaves=12,
)


@given(trees)
def test_printed_text_parses_back_to_the_same_tree(tree):
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("log(2+cos(x))", "log(2 + cos(x))"),
        ("log(2 + cos x)", "log(2 + cos(x))"),
        ("2x", "2*x"),
        ("3 sin(x)^2", "3*sin(x)^2"),
        ("sin^2 x", "sin(x)^2"),
        ("sin² x", "sin(x)^2"),
        ("sin^2(x) + 1", "sin(x)^2 + 1"),
        ("e^-x", "e^(-x)"),
        ("e^-x^2", "e^(-x^2)"),
        ("e^-x y", "e^(-x)*y"),
        ("x**2", "x^2"),
        ("√x", "sqrt(x)"),
        ("π", "pi"),
        ("|x|", "abs(x)"),
        ("2|x||y|", "2*abs(x)*abs(y)"),
        ("||x|-1|", "abs(abs(x) - 1)"),
        ("|(|x|-1) 2|", "abs((abs(x) - 1)*2)"),
        ("ln x", "ln(x)"),
        ("(x+1)(x-1)", "(x + 1)*(x - 1)"),
        ("σ(x)", "sigmoid(x)"),
        ("sigma(x)", "sigmoid(x)"),
        ("-x^2", "-(x^2)"),
        ("2^3^2", "2^(3^2)"),
        ("sin(x)^2", "(sin(x))^2"),
        ("cos x^2", "cos(x^2)"),
        ("sin 2x", "sin(2*x)"),
        ("sin2x", "sin(2*x)"),
        ("x sin x cos x", "(x*sin(x))*cos(x)"),
        ("xsinx", "x*sin(x)"),
        ("sin cos x", "sin(cos(x))"),
        ("sin 2x + 1", "sin(2*x) + 1"),
        ("sin x / x", "sin(x)/x"),
        ("sin 2*x", "sin(2*x)"),
        ("sin x * cos x", "sin(x)*cos(x)"),
        ("sin -x", "sin(-x)"),
        ("1/2x", "(1/2)*x"),
        ("x²", "x^2"),
        ("x⁻¹", "x^(-1)"),
        ("2·x − 1", "2*x - 1"),
        ("w2 x + b", "w2*x + b"),
        ("θ^2", "theta^2"),
        ("log10 x + log2 x", "log10(x) + log2(x)"),
        ("2e3x", "2000*x"),
        ("2e^x", "2*e^x"),
        ("x -y", "x - y"),
        ("2*-x", "2*(-x)"),
        ("exp(-x)", "exp(-x)"),
        ("sin(x)cos(x)", "sin(x)*cos(x)"),
        ("sin (x) y", "sin(x)*y"),
        ("e^sin x cos x", "e^(sin(x))*cos(x)"),
        ("tanh(2x)", "tanh(2*x)"),
        ("xy", "x*y"),
        ("log25", "log(25)"),
        ("log100", "log(100)"),
        ("log2.5", "log(2.5)"),
        ("log2x", "log2(x)"),
        ("log2 5", "log2(5)"),
        ("log10 5", "log10(5)"),
        ("Δ + Omega2", "Delta + Omega2"),
        ("µ ι upsilon", "mu iota υ"),
        ("ϕ ϑ ϵ", "phi theta epsilon"),
    ],
)
def test_what_a_learner_types_is_read_as_expected(typed, means):
    assert parse(typed) == parse(means)
    assert parse(to_text(parse(typed))) == parse(typed)


def test_shape_of_the_lesson_example():
    assert parse("log(2+cos(x))") == Call("log", Binary("+", Number(2), Call("cos", Variable("x"))))


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "Type an expression"),
        ("   ", 0, "Type an expression"),
        ("log(", 4, "missing after “(”"),
        ("log(2 + cos x", 13, "not closed"),
        ("log", 3, "argument of log"),
        ("2 +", 3, "missing after “+”"),
        ("* 2", 0, "missing before"),
        ("x)", 1, "closes nothing"),
        ("()", 1, "missing after “(”"),
        ("|x", 2, "not closed"),
        ("1,5", 1, "point"),
        ("1_000", 1, "“_”"),
        ("2 3", 2, "side by side"),
        ("foo(x)", 0, "foo"),
        ("__import__('os')", 0, "“_”"),
        ("x.__class__", 1, "“.”"),
        ("open('/etc/passwd')", 0, "open"),
        ("1e999", 0, "too large"),
        ("ｘ", 0, "ｘ"),
        ("x\x00", 1, "U+0000"),
        ("\ufeffx", 0, "U+FEFF"),
        ("😀", 0, "😀"),
        ("x\u202e", 1, "U+202E"),
        ("sin^-1 x", 3, "two things"),
        ("log^-1 x", 3, "behind its argument"),
        ("2 asinh(x)", 2, "“asinh” is not a function"),
        ("arctanh x", 0, "“arctanh” is not a function"),
        ("cosec x", 0, "“cosec” is not a function"),
        ("log1p(x)", 0, "“log1p” is not a function"),
        ("x " * 290, 580, "Written out in full"),
        ("1e15+" * 100 + "x", 501, "Written out in full"),
        ("2^-" * 24 + "x", 73, "Written out in full"),
        ("(" * 100 + "x" + ")" * 100, None, "nested too deeply"),
        ("-" * 200 + "x", None, "nested too deeply"),
        ("-" * 100_000 + "x", 1000, "at most 1000"),
        ("x**" * 100 + "x", None, "nested too deeply"),
        ("x**" * 3000 + "x", 1000, "at most 1000"),
        ("+".join("x" * 100_000), 1000, "at most 1000"),
        ("9" * 5000, 1000, "at most 1000"),
        ("+".join("x" * 400), None, "too long"),
        ("(" * 300 + "x" + ")" * 300, None, "too long"),
        ("sin " * 200 + "x", None, "nested too deeply"),
    ],
)
def test_unreadable_text_is_refused_at_once_with_its_place(text, position, words):
    started = time.perf_counter()
    with pytest.raises(ExpressionError, match=re.escape(words)) as caught:
        parse(text)
    assert time.perf_counter() - started < 1
    if position is not None:
        assert caught.value.position == position
    top, caret = caught.value.caret().split("\n")
    assert caret.strip() == "^"
    assert len(caret) <= len(top) + 1


@given(st.text(max_size=60))
def test_any_text_ends_in_a_tree_or_an_explained_refusal(text):
    try:
        tree = parse(text)
    except ExpressionError as refusal:
        assert str(refusal)
        assert 0 <= refusal.position <= len(text)
    else:
        assert parse(to_text(tree)) == tree


@given(st.text(alphabet="x2()|+-*/^ sincolg.e²√σ,", max_size=40))
def test_any_text_of_expression_characters_too(text):
    test_any_text_ends_in_a_tree_or_an_explained_refusal.hypothesis.inner_test(text)


PARTS = ["sin", "log2", "√", "x", "y", "w2", "θ", "2", "3.5", "1e15", "e", "π", "+", "-", "*", "/", "^", "²", "⁻¹",
         "(", ")", "|", " "]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=120).map("".join))
def test_what_parses_prints_as_what_parses_to_the_same_tree(text):
    try:
        tree = parse(text)
    except ExpressionError:
        return
    assert parse(to_text(tree)) == tree
