"""Typesetting: every formula compiles, user text stays text, hot zones are where the factors are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.model import derive, parse
from chainrule_gui.model.expression.parser import GREEK
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.tree import Call, Variable
from chainrule_gui.typeset import compiler
from chainrule_gui.typeset.derivation_export import derivation_latex, derivation_mathml, derivation_text
from chainrule_gui.typeset.derivation_markup import Style, number_sections, symbol_sections
from chainrule_gui.typeset.latex import to_latex
from chainrule_gui.typeset.numbers import format_number, full_precision, read_number
from chainrule_gui.typeset.spoken import to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, operation_markup, symbol_markup, text_markup
from chainrule_gui.views.formula import zones

STYLE = Style("#000000", "#666666", ("#0063a3", "#b24a00", "#00704f"), 12)
TEXTS = [
    "log(2 + cos x)",
    "x sin(x) + exp(x^2)/x",
    "(sigmoid(w x + b) - y)^2/2",
    "|x|^3",
    "2^x^2",
    "sqrt(1/x)",
    "log10(x)",
]


@pytest.mark.parametrize("key", FUNCTIONS)
def test_every_row_of_the_table_can_be_set_and_spoken(key):
    call = Call(key, Variable("x"))
    for formula in (call, FUNCTIONS[key].derivative(Variable("x"))):
        assert b"<svg" in compiler.svg(compiler.page(expression_markup(formula), 12, "#000000"))
        assert to_spoken(formula)
        assert to_latex(formula)


def test_a_negative_power_of_a_function_does_not_look_like_its_inverse():
    for write in (to_latex, expression_markup):
        assert write(parse("sin(x)^(-1)")).startswith(write(parse("sin(x)")))
    assert to_latex(parse("sin(x)^2")) == r"\sin^{2}\left(x\right)"


def test_every_greek_letter_can_be_set():
    formula = parse(" + ".join(GREEK))
    assert b"<svg" in compiler.svg(compiler.page(expression_markup(formula), 12, "#000000"))
    assert "omicron" not in to_latex(formula)


@pytest.mark.parametrize("text", TEXTS)
def test_every_link_has_a_hot_zone_and_every_section_words(text):
    expression = parse(text)
    names = dict.fromkeys("xwby", 0.7)
    derivation = derive(expression, "x").at(
        **{q.name: names[q.name] for q in derive(expression, "x").quantities if q.definition is None}
    )
    found = symbol_sections(derivation, STYLE, 400) + number_sections(derivation, STYLE)
    chain = next(section for section in found if section.key == "chain")
    targets = {zone.target for zone in zones(compiler.svg(chain.document))}
    shown = {f"link:{link.key}" for part in derivation.chains[:4] for link in part.links}
    assert shown <= targets
    assert all(section.spoken for section in found)
    assert derivation_latex(derivation).startswith(r"\begin{align*}")
    assert derivation_mathml(derivation).startswith("<math")
    assert "=" in derivation_text(derivation)


def test_zones_lie_within_the_picture_and_in_reading_order():
    derivation = derive(parse("log(2 + cos x)"), "x").at(x=1.0)
    chain = next(section for section in symbol_sections(derivation, STYLE, 400) if section.key == "chain")
    found = zones(compiler.svg(chain.document))
    outer = [zone.box for zone in found if zone.target == "link:h/u"]
    inner = [zone.box for zone in found if zone.target == "link:u/x"]
    assert len(outer) == len(inner) >= 3
    assert all(left.right() <= right.left() + 1 for left, right in zip(outer, inner, strict=True))


@pytest.mark.parametrize(
    "text", ['#read("/etc/passwd")', '"', "\\", '#import "@preview/x:1.0.0"', "$x$", "a\nb", "*_`<>@"]
)
def test_user_text_is_never_markup(text):
    assert b"<svg" in compiler.svg(f"$ {text_markup(text)} $")


@given(st.text(max_size=40))
def test_any_text_can_be_set_as_text(text):
    assert b"<svg" in compiler.svg(f"$ {text_markup(text)} $")


@pytest.mark.parametrize(("name", "markup"), [("w2", "w_(2)"), ("y_hat", "hat(y)"), ("z2.1", "z_(1)^((#[2]))")])
def test_symbols(name, markup):
    assert symbol_markup(name) == markup


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_is_the_number_rounded_and_what_is_copied_is_the_number(value):
    assert read_number(full_precision(value)) == value
    shown = format_number(value)
    assert "nan" not in shown
    if 1e-3 <= abs(value) < 1e5:
        assert abs(float(shown.replace("−", "-")) - value) <= 0.5000001e-4


@pytest.mark.parametrize("text", ["", "abc", "1_000", "nan", "inf", "1e999", "1.2.3"])
def test_what_is_no_number_is_not_read(text):
    assert read_number(text) is None


def test_decimal_comma_and_minus_sign_are_read():
    assert read_number(" −0,5 ") == -0.5


@pytest.mark.parametrize(
    ("text", "written"),
    [("log(u)", "log"), ("2 + cos(u)", "2 + cos(square.stroked)"), ("u^2", "square.stroked^(2)"),
     ("sqrt(u)", "sqrt(square.stroked)"), ("sigmoid(u)", "sigma"), ("3u", "3 square.stroked"),
     ("(u + 1)/2", "(square.stroked + 1) slash 2")],
)  # fmt: skip
def test_an_operation_is_written_around_an_empty_box(text, written):
    markup = operation_markup(parse(text), "u")
    assert markup == written
    assert compiler.svg(f"$ {markup} $")


def test_primes_are_for_one_variable_alone():
    one, two = (derivation_text(derive(parse(text))) for text in ("sin(x^2)", "sin(x^2 y)"))
    assert "h′(x) = f′(g(x))" in one
    assert "′" not in two
    assert "∂h/∂x = dh/du · ∂u/∂x" in two
