"""Formulas painted from their outlines look as QSvgRenderer paints them; what is not known here is left to it."""

import pytest
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.typeset import compiler
from chainrule_gui.typeset.derivation_markup import Style, number_sections, symbol_sections
from chainrule_gui.views.drawing import Drawing

STYLE = Style("#1c1c1a", "#66645e", ("#0063a3", "#b24a00", "#00704f"), 13.5)
SQUARE = b'<svg viewBox="0 0 20 20" width="20pt" height="20pt" xmlns="http://www.w3.org/2000/svg">%s</svg>'


def painted(paint, width, height):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint(painter, QRectF(3, 2, width - 5, height - 4))
    painter.end()
    return image


def same(svg, scale=1.7):
    drawing, renderer = Drawing(svg), QSvgRenderer(QByteArray(svg))
    assert drawing.size.toTuple() == pytest.approx(renderer.viewBoxF().size().toTuple())
    width, height = (int(side * scale) + 8 for side in drawing.size.toTuple())
    ours = painted(drawing.paint, width, height)
    assert ours != painted(lambda _painter, _box: None, width, height)
    return ours == painted(renderer.render, width, height)


@pytest.mark.parametrize("text", ["log(2 + cos x)", "sqrt(1 + x^2)/|x|", "x^2 e^-x + relu(3x - 1)", "asin(x)^(1/3) θ"])
def test_a_derivation_looks_as_qsvgrenderer_paints_it(qapp, text):
    derivation = derive(parse(text)).at(x=0.4, theta=1.0)
    for section in (*symbol_sections(derivation, STYLE, 300.0), *number_sections(derivation, STYLE, None)):
        assert same(compiler.svg(section.document))


def test_words_and_indices_look_the_same(qapp):
    assert same(compiler.svg(compiler.page('hat(y)_(1,2)^((3)) "where it may be" overline(z)', 11.0, "#9c4379")))


@pytest.mark.parametrize(
    "body",
    [
        b'<circle cx="9" cy="9" r="6" fill="#0063a3"/>',
        b'<g transform="rotate(20)"><path fill="#0063a3" d="M 4 4h 9v 9Z"/></g>',
        b'<path fill="none" stroke="#0063a3" stroke-width="2" transform="translate(3 3)" d="M 0 0a 5 5 0 0 1 9 9"/>',
    ],
)
def test_what_formulas_have_not_had_so_far_is_painted_all_the_same(qapp, body):
    assert same(SQUARE % body)


def test_nothing_is_painted_for_nothing(qapp):
    assert painted(Drawing().paint, 20, 20) == painted(lambda _painter, _box: None, 20, 20)
