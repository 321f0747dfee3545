"""Panes as pictures, the history as a table, the derivation on the clipboard."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QSizeF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from chainrule_gui.model.chain import Derivation
from chainrule_gui.session.document import write_atomically
from chainrule_gui.session.edits import run_of
from chainrule_gui.session.state import LabState
from chainrule_gui.typeset import compiler
from chainrule_gui.typeset.derivation_export import (
    derivation_latex,
    derivation_mathml,
    derivation_text,
    derivation_typst,
    formula_latex,
    update_latex,
)
from chainrule_gui.typeset.derivation_markup import Update, formula_typst, update_typst
from chainrule_gui.views.theme import look

PICTURES = ("png", "svg", "pdf")
"""Suffixes of the kinds of pictures."""

_PICTURE_SCALE = 3.0
_PDF_DOTS = 96


def write_picture(widget: QWidget, path: Path) -> None:
    """Save what a widget shows as PNG (three times as sharp as the screen), SVG or PDF, by the file's suffix.

    Raises
    ------
    DocumentError
        where the file cannot be written.
    """
    suffix = path.suffix.lower()
    draw = {".svg": _svg, ".pdf": _pdf}.get(suffix, _png)
    write_atomically(path, draw(widget))


def _png(widget: QWidget) -> bytes:
    image = QImage(widget.size() * _PICTURE_SCALE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(_PICTURE_SCALE)
    image.fill(QColor(look.theme.card))
    painter = QPainter(image)
    _draw(widget, painter)
    painter.end()
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def _draw(widget: QWidget, painter: QPainter) -> None:
    """Draw a widget on the ground of its card, not on that of a window."""
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)


def _svg(widget: QWidget) -> bytes:
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    painter = QPainter(generator)
    _draw(widget, painter)
    painter.end()
    return bytes(data.data())


def _pdf(widget: QWidget) -> bytes:
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DOTS)
    points = QSizeF(widget.size()) * (72 / _PDF_DOTS)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    writer.setPageMargins(writer.pageLayout().minimumMargins())
    painter = QPainter(writer)
    _draw(widget, painter)
    painter.end()
    return bytes(data.data())


def history_csv(state: LabState) -> bytes:
    """Return the run of the subject shown as a table: step, cost, every parameter, with full precision."""
    run = run_of(state)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    is_network = state.subject == "network"
    names = state.network.network.parameter_names if is_network else (state.function.wrt,)
    writer.writerow(["step", "cost", *names])
    if run is not None:
        for step in range(run.length + 1):
            parameters = run.trajectory.parameters_at(step)
            writer.writerow([step, repr(run.trajectory.cost_at(step)), *map(repr, parameters.tolist())])
    return text.getvalue().encode()


def copy_formula(derivation: Derivation, update: Update | None, key: str, form: str, colour: str) -> None:
    """Put one section of a derivation on the clipboard: latex, mathml, typst or picture."""
    shown = update if key == "update" else None
    if form == "latex":
        latex = formula_latex(derivation, key) if shown is None else update_latex(shown)
        QGuiApplication.clipboard().setText(latex)
        return
    typst = formula_typst(derivation, key) if shown is None else update_typst(shown)
    math = typst.strip().strip("$").strip()
    if form == "picture":
        _copy_picture(math, colour)
    else:
        QGuiApplication.clipboard().setText(compiler.mathml(math) if form == "mathml" else f"$ {math} $")


def _copy_picture(math: str, colour: str) -> None:
    picture = QImage.fromData(QByteArray(compiler.png(compiler.page(math, 14, colour))))
    QGuiApplication.clipboard().setImage(picture)


def copy_derivation(derivation: Derivation, form: str, colour: str) -> None:
    """Put a derivation on the clipboard: latex, mathml, typst, text or picture."""
    clipboard = QGuiApplication.clipboard()
    if form == "picture":
        _copy_picture(derivation_typst(derivation).strip().strip("$"), colour)
        return
    write = {
        "latex": derivation_latex,
        "mathml": derivation_mathml,  # word processors read MathML from plain text
        "typst": derivation_typst,
        "text": derivation_text,
    }[form]
    clipboard.setText(write(derivation))
