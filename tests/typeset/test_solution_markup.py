"""Steps on the screen, as LaTeX and in words."""

import pytest

from chainrule_gui.model import derive, parse
from chainrule_gui.model.expression.tree import Derivative, Variable
from chainrule_gui.model.higher import orders
from chainrule_gui.model.solution import explain
from chainrule_gui.model.step import flatten
from chainrule_gui.typeset import compiler
from chainrule_gui.typeset.derivation_export import derivation_latex
from chainrule_gui.typeset.latex import text_latex, to_latex
from chainrule_gui.typeset.solution_markup import (
    partial_by,
    solution_latex,
    solution_sections,
    solution_text,
    step_spoken,
)
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, symbol_markup
from chainrule_gui.views.formula import zones
from tests.typeset.test_typeset import STYLE, TEXTS


def solved(text, wrt="x"):
    return flatten(explain(parse(text), wrt)), derive(parse(text), wrt)


@pytest.mark.parametrize("text", [*TEXTS, "7", "x^x/(x e^x)"])
def test_every_step_compiles_has_its_zone_and_words(text):
    lines, derivation = solved(text)
    for line, section in zip(lines, solution_sections(lines, derivation, STYLE, 400), strict=True):
        targets = {zone.target for zone in zones(compiler.svg(section.document))}
        assert f"step:{line.key}" in targets
        assert line.step.because in section.spoken
        assert section.key == f"step:{line.key}"


def test_derivatives_that_are_links_light_up_with_them():
    lines, derivation = solved("log(2 + cos x)")
    found = {section.key: section for section in solution_sections(lines, derivation, STYLE, 400)}
    chain = {zone.target for zone in zones(compiler.svg(found["step:1"].document))}
    assert {"link:h/u", "link:u/x"} <= chain
    assert "link:h/u" in {zone.target for zone in zones(compiler.svg(found["step:1.1"].document))}


@pytest.mark.parametrize("text", ["log(2 + cos x)", "x sin x", "sin x", "x^2/(1+x)", "7"])
def test_a_blank_stands_in_place_of_what_is_asked(text):
    lines, derivation = solved(text)
    for line in lines:
        section = solution_sections([line], derivation, STYLE, 400, with_blank=line.key)[0]
        targets = [zone.target for zone in zones(compiler.svg(section.document))]
        assert f"blank:{line.key}" in targets
        assert line.step.because not in section.spoken


def test_partial_derivatives_are_written_with_their_sign():
    lines, derivation = solved("w x + b", "w")
    assert partial_by(derivation) == "w"
    assert partial_by(solved("x^2")[1]) == ""
    assert r"\frac{\partial}{\partial w}" in solution_latex(lines, "w")
    assert r"\frac{d}" not in solution_latex(lines, "w")
    pending = Derivative(Variable("x"), "x")
    assert expression_markup(pending) == "frac(d, d x) lr([x])"
    assert expression_markup(pending, partial_by="x") == "frac(partial, partial x) lr([x])"
    assert to_latex(Derivative(parse("w x"), "x")).startswith(r"\frac{\partial}{\partial x}")
    assert "by x of x" in to_spoken(pending)


def test_text_and_latex_have_every_step_and_reason():
    lines, _derivation = solved("x log(2 + cos x)")
    text, latex = solution_text(lines), solution_latex(lines)
    for line in lines:
        assert line.step.because in text
        assert step_spoken(line.step).endswith(line.step.because)
    assert latex.count("&=") == len(lines)
    assert text_latex("u^2 & 50%_{x}") == r"u\textasciicircum{}2 \& 50\%\_\{x\}"


def test_primed_names_are_written_and_spoken():
    third = list(orders(parse("log(2 + cos x)"), highest=3))[-1]
    assert third.derivation.of == "h″"
    assert symbol_markup("h″") == "h''"
    assert spoken_symbol("h″") == "h double prime"
    assert "h''" in derivation_latex(third.derivation)
    for section in solution_sections(flatten(third.solution, "3"), third.derivation, STYLE, 400)[:5]:
        assert b"<svg" in compiler.svg(section.document)
