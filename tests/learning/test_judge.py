"""The examiner is never wrong about right and wrong: other forms are correct, changed ones are not."""

import subprocess
import sys
from random import Random

import mpmath
import numpy as np
import pytest
import sympy

from chainrule_gui.learning.comparison import Outcome, compare
from chainrule_gui.learning.judge import judge
from chainrule_gui.model.calculus import derive, differentiate
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import MAX_CHARACTERS, parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import variables
from tests.learning.generated import function, perturbed, rewritten
from tests.model.test_calculus import X, as_sympy

MANY = 5000


def has_a_domain(*trees):
    x = np.linspace(-3, 3, 61)
    w = np.linspace(0.5, 2, 61)
    return sum(np.isfinite([np.broadcast_to(evaluate(tree, {"x": x, "w": w}), 61) for tree in trees]).all(axis=0)) > 8


def is_zero(derivative):
    """Whether nothing but rounding is left, as of x − x: a close case, not one for thousands."""
    x = np.linspace(0.3, 2.9, 27)
    return bool(np.abs(np.nan_to_num(evaluate(derivative, {"x": x, "w": x[::-1]}))).max() < 1e-12)


def cases(seed, change):
    draw = Random(seed)
    while True:
        names = ("x", "w") if draw.random() < 0.2 else ("x",)
        expression = function(draw, draw.randint(1, 3), names)
        derivative = differentiate(expression, "x")
        if not has_a_domain(expression, derivative) or is_zero(derivative):
            continue
        for _repetition in range(3):
            answer = change(derivative, draw)
            if answer != derivative and has_a_domain(expression, derivative, answer):
                yield expression, derivative, answer


def test_equal_forms_are_correct():
    found = cases(1, lambda derivative, draw: rewritten(derivative, draw, draw.randint(1, 4)))
    refused = []
    for _number in range(MANY):
        expression, _derivative, answer = next(found)
        text = to_text(answer)
        if len(text) > MAX_CHARACTERS:
            continue
        judgement = judge(expression, text, "x")
        if judgement.verdict != "correct":
            refused.append((to_text(expression), text, judgement))
    assert not refused


def test_changed_answers_are_incorrect():
    found = cases(2, perturbed)
    wrong, wrongly_accepted = 0, []
    while wrong < MANY:
        expression, derivative, answer = next(found)
        names = tuple(dict.fromkeys(("x", *variables(expression), *variables(answer))))
        match compare(derivative, answer, names, (expression,)):
            case Outcome.DIFFERENT:
                wrong += 1
            case Outcome.EQUAL if not really_equal(expression, derivative, answer):
                wrongly_accepted.append((to_text(expression), to_text(answer)))
    assert not wrongly_accepted


def really_equal(expression, derivative, answer):
    """With 60 digits at points that the examiner did not choose; only where all have real values."""
    draw = Random(3)
    symbols = {name: sympy.Symbol(name) if name != "x" else X for name in ("x", "w")}
    calculate = [
        sympy.lambdify(list(symbols.values()), as_sympy(t), "mpmath") for t in (expression, derivative, answer)
    ]
    with mpmath.workdps(60):
        for _point in range(200):
            x, w = (mpmath.mpf(draw.uniform(-1, 1) * draw.choice([1, 3, 8])) for _name in "xw")
            try:
                _value, right, given = (one(x, w) for one in calculate)
            except (ZeroDivisionError, ValueError, OverflowError):
                continue
            is_real = all(isinstance(value, int) or mpmath.im(value) == 0 for value in (_value, right, given))
            if is_real and abs(right - given) > 1e-30 * max(abs(right), abs(given)):
                return False
    return True


@pytest.mark.parametrize(
    "text",
    ["log(2+cos(x))", "x sin x", "sin(x)/x", "(3x+1)^4", "1/(1+e^-x)", "x^2 e^(-x)", "tan(x)", "sqrt(1+x^2)",
     "sin(x)^3", "x/(x^2+1)", "cosh(x)^2", "ln(x)^2", "2^x x", "cos(2x)sin(x)"],
)  # fmt: skip
def test_sympys_forms_are_correct(text):
    expression = parse(text)
    derivative = sympy.diff(as_sympy(expression), X)
    for rewrite in (sympy.expand, sympy.factor, sympy.together, sympy.simplify, sympy.trigsimp, sympy.expand_trig):
        assert judge(expression, str(rewrite(derivative)).replace("log(E)", "1")).verdict == "correct"


@pytest.mark.parametrize(
    ("text", "answer", "verdict"),
    [
        ("x^2", "h'(x) = 2x", "correct"),
        ("x^2", "dh/dx = d/dx x^2 = 2x", "correct"),
        ("x^3", "3x^(3-1)", "correct"),
        ("x^2", "2x + y - y", "correct"),
        ("x^2", "2x + y", "incorrect"),
        ("x^n", "n x^(n-1)", "correct"),
        ("x^n", "n x^(n+1)", "incorrect"),
        ("ln x", "1/|x|", "correct"),
        ("|x|", "1", "incorrect"),
        ("|x|", "x/|x|", "correct"),
        ("relu(x-5)", "step(x-5)", "correct"),
        ("relu(x-5)", "step(x-6)", "incorrect"),
        ("asin(x-20)", "1/sqrt(1-(x-20)^2)", "correct"),
        ("asin(x-20)", "1/sqrt(1-(x-20.1)^2)", "incorrect"),
        ("asin(x-20)", "1/sqrt(1-x^2)", "incorrect"),
        ("x^(1/3)", "1/(3x^(2/3))", "correct"),
        ("x^(1/3)", "0.33333333x^(-2/3)", "incorrect"),
        ("sin(1000x)", "1000cos(1000x)", "correct"),
        ("exp(exp(exp(x)))", "exp(exp(exp x) + exp x + x)", "correct"),
        ("sigmoid(w x + b)", "w e^(w x+b)/(1+e^(w x+b))^2", "correct"),
        ("sqrt(1-x^2-y^2)", "-x/sqrt(1-x^2-y^2)", "correct"),
        ("7", "0", "correct"),
        ("7", "7", "incorrect"),
        ("ln x", "ln(-x)", "incorrect"),
        ("x", "1", "correct"),
        ("x", "3", "incorrect"),
        ("x", "x", "incorrect"),
        ("x - x", "2 - 1", "incorrect"),
    ],
)
def test_verdicts(text, answer, verdict):
    assert judge(parse(text), answer).verdict == verdict


@pytest.mark.parametrize(
    ("text", "answer", "verdict"),
    [
        ("sin(x)^2+cos(x)^2", "0", "correct"),
        ("sin(x)^2+cos(x)^2", "1e-20", "incorrect"),
        ("tanh(20+x^2)", "2x/cosh(20+x^2)^2", "correct"),
        ("tanh(20+x^2)", "3x/cosh(20+x^2)^2", "incorrect"),
        ("exp(-x^2-800)", "-2x exp(-x^2-800)", "correct"),
        ("exp(-x^2-800)", "-3x exp(-x^2-800)", "incorrect"),
        ("x^2", "2x + 1e-13", "incorrect"),
        ("x sin(pi)", "0", "correct"),
    ],
)
def test_what_floats_cannot_tell_apart_is_decided(text, answer, verdict):
    assert judge(parse(text), answer).verdict == verdict


def test_where_the_answer_has_fewer_values_it_says_so():
    judgement = judge(parse("x^2"), "2 sqrt(x)^2")
    assert judgement.verdict == "correct"
    assert "x = −" in judgement.message


@pytest.mark.parametrize("text", ["sqrt(sin(x)-2)", "log(-x^2-1)", "9^9^9 x"])
def test_a_function_without_values_cannot_be_compared(text):
    judgement = judge(parse(text), "2")
    assert (judgement.verdict, judgement.diagnosis) == ("unreadable", None)
    assert "cannot be compared" in judgement.message


def test_unreadable_answers_show_the_place():
    judgement = judge(parse("x^2"), "h' = 2 + * x")
    assert judgement.verdict == "unreadable"
    *_sentence, shown, caret = judgement.message.split("\n")
    assert shown[caret.index("^")] == "*"


@pytest.mark.parametrize(
    "answer",
    ["9**9**9", "10.0**400", "(-8)**(1/3)", "0**-1", "(" * 300 + "x" + ")" * 300, "-" * 5000 + "x", "-" * 100_000,
     "x**" * 3000, "x+" * 100_000 + "x", "1" * 5000, "1e999", "1_000", "−x", "x²", "2·x", "ｘ", "\0", "\ufeff2x", "🙂",
     "\u202e2x", "\ud800", "__import__('os')", "x.__class__", "open('/etc/passwd')", "", "   ", "log(", "=", "h'(x) =",
     "a" * 200, "x" + "=x" * 300],
)  # fmt: skip
def test_any_text_ends_in_a_message(answer):
    judgement = judge(parse("log(2+cos x)"), answer)
    assert judgement.message
    assert judgement.verdict != "correct"


def test_a_long_answer_to_a_deep_function_ends():
    deep = parse("sin(" * 20 + "x" + ")" * 20)
    long = "+".join(f"{n}x^{n}" for n in range(1, 46))
    assert judge(deep, long).verdict == "incorrect"
    assert judge(parse(long), "sin(" * 20 + "x" + ")" * 20).verdict == "incorrect"


def test_the_link_is_one_of_the_derivation():
    judgement = judge(parse("log(2+cos x)"), "1/(2+cos x)")
    assert judgement.link in {link.key for link in derive(parse("log(2+cos x)")).links}


def test_a_clear_case_imports_neither_sympy_nor_qt():
    code = (
        "import sys; from chainrule_gui.cli import main\n"
        "main(['check', 'log(2+cos(x))', '--answer', '-sin(x)/(2+cos(x))'])\n"
        "main(['check', 'log(2+cos(x))', '--answer', '1/(2+cos(x))'])\n"
        "sys.exit(any(name.startswith(('PySide6', 'pyqtgraph', 'sympy', 'mpmath')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_judging_by_another_variable():
    assert judge(parse("w x^2"), "x^2", "w").verdict == "correct"
    assert judge(parse("w x^2"), "2w x", "w").verdict == "incorrect"
