"""A function's nodes as machines: what each does with its input, and what a nudge does to its output."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Derivation, Quantity
from chainrule_gui.model.expression.tree import variables
from chainrule_gui.model.nudge import Change, Nudge
from chainrule_gui.session.derived import Piece
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol
from chainrule_gui.typeset.typst_markup import inline_markup, operation_markup, symbol_markup
from chainrule_gui.views.diagram.items import Item, Layout, Row


def with_machines(layout: Layout, frame: FunctionFrame) -> Layout:
    """Give a function's nodes their operations and, in the nudge's picture, their changes and Δx."""
    derivation = frame.derivation
    quantities = {quantity.name: quantity for quantity in derivation.quantities}
    shown = frame.nudge if frame.state.view.diagram == "nudge" else None
    for item in [item for item in layout.items if item.kind == "quantity"]:
        item.operation = _operation(derivation, quantities[item.name])
        item.rows = [Row(symbol_markup(item.name), item.value)]
        if shown is not None:
            _show_change(layout, item, shown, derivation.wrt)
    for piece in frame.pieces:
        machine = layout.item(piece.name)
        if machine is not None:
            layout.items.append(_expander(piece, plate(machine), layout.size))
    return layout


def plate(item: Item) -> QRectF:
    """Return the part of a machine on which its operation is written."""
    beside = 0.0 if item.change is None else item.rect.width() / 2
    return item.rect.adjusted(0, 0, -beside, -item.rect.height() / 2)


def _expander(piece: Piece, on: QRectF, size: float) -> Item:
    side = min(22 * size, on.height())
    rect = QRectF(on.right() - side - 5 * size, on.center().y() - side / 2, side, side)
    item = Item(piece.text, "expander", rect, operation="−" if piece.apart else "+")
    item.spoken = lambda: _spoken_piece(piece)
    return item


def _spoken_piece(piece: Piece) -> str:
    text = _("Join {name} = {piece} again") if piece.apart else _("Take {name} = {piece} apart")
    return text.format(name=spoken_symbol(piece.name), piece=piece.text)


def _operation(derivation: Derivation, quantity: Quantity) -> str:
    if quantity.definition is None:
        return ""
    inputs = [link.wrt for link in derivation.graph if link.of == quantity.name]
    if len(inputs) == 1 and variables(quantity.definition).count(inputs[0]) == 1:
        return operation_markup(quantity.definition, inputs[0])
    return inline_markup(quantity.definition)


def _show_change(layout: Layout, item: Item, nudge: Nudge, wrt: str) -> None:
    change = nudge.of(item.name)
    if change is None:
        return
    if item.name != wrt:
        item.change, value = change, item.spoken
        item.spoken = lambda: _spoken_change(value(), change)
        return
    size, rect = layout.size, item.rect
    chip = QRectF(rect.center().x(), rect.top() + 11 * size, rect.width() / 2 - 14 * size, rect.height() - 22 * size)
    layout.items.append(
        Item(
            f"Δ{wrt}", "nudge", chip, [Row(f"Delta {symbol_markup(wrt)}", nudge.size)], nudge.size, editable=True,
            spoken=lambda: _("delta {name} = {value}").format(name=spoken_symbol(wrt), value=format_number(nudge.size)),
        )
    )  # fmt: skip


def _spoken_change(value: str, change: Change) -> str:
    return _("{value}; delta {name} = {change}, by the slope about {linear}").format(
        value=value,
        name=spoken_symbol(change.name),
        change=format_number(change.change),
        linear=format_number(change.linear),
    )


def nudge_in_words(frame: FunctionFrame) -> str:
    """Return what became of the nudge: Δh beside h′(x)·Δx, or why there is nothing to compare."""
    derivation, nudge = frame.derivation, frame.nudge
    if nudge is None:
        return ""
    of, wrt, change = derivation.of, derivation.wrt, nudge.result
    if derivation.quantity(of).value is None:
        return derivation.why or ""
    if change.change is None:
        return _("Where {wrt} + Δ{wrt} = {place}, {of} has no value: there is no Δ{of} to compare.").format(
            of=of, wrt=wrt, place=format_number(frame.x + nudge.size)
        )
    if change.linear is None or change.error is None:
        return _("Δ{of} = {change}, but {of} has no derivative here: {why}").format(
            of=of, change=format_number(change.change), why=derivation.why
        )
    return _("Δ{of} = {change}, {slope}({wrt})·Δ{wrt} = {linear}: the tangent is off by {error}.").format(
        of=of, slope=frame.derivative_name, wrt=wrt, change=format_number(change.change),
        linear=format_number(change.linear), error=format_number(abs(change.error)),
    )  # fmt: skip
