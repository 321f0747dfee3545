"""Where the parts of a function go: x on the left, each named quantity right of what it is made of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Link, Quantity
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.derivation_rows import is_partial
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, symbol_markup
from chainrule_gui.views.diagram.items import Item, Layout, Row

_NODE = (132.0, 66.0)
_GAP = 84.0
_TAG = (72.0, 64.0)


def function_layout(frame: FunctionFrame, width: float, height: float, scale: float) -> Layout:
    """Lay the graph of a function out in a pane of the given size in pixels."""
    derivation = frame.derivation
    ranks = _ranks(derivation.wrt, derivation.quantities, derivation.graph)
    columns: dict[int, list[Quantity]] = {}
    for quantity in derivation.quantities:
        if quantity.name in ranks:
            columns.setdefault(ranks[quantity.name], []).append(quantity)
    count, tallest = len(columns), max(map(len, columns.values()), default=1)
    needed_width, needed_height = count * (_NODE[0] + _GAP) - _GAP + 20, tallest * (_NODE[1] + 34)
    size = max(0.3, min(scale * 1.25, width / needed_width, height / needed_height))
    box_width, box_height = _NODE[0] * size, _NODE[1] * size
    gap = (width - 20 - count * box_width) / max(1, count - 1)
    if count == 1:
        gap = 0.0
    nodes: dict[str, Item] = {}
    for rank, quantities in sorted(columns.items()):
        left = 10 + rank * (box_width + gap) if count > 1 else (width - box_width) / 2
        for place, quantity in enumerate(quantities):
            middle = height / len(quantities) * (place + 0.5)
            nodes[quantity.name] = _node(quantity, QRectF(left, middle - box_height / 2, box_width, box_height))
    edges = [
        _edge(link, nodes, size, is_partial(derivation, link))
        for link in derivation.graph
        if link.of in nodes and link.wrt in nodes
    ]
    return Layout([*edges, *nodes.values()], size)


def _ranks(start: str, quantities: tuple[Quantity, ...], links: tuple[Link, ...]) -> dict[str, int]:
    """Longest way from the variable to each quantity; what does not depend on it has no place."""
    ranks = {start: 0}
    for quantity in quantities:
        below = [ranks[link.wrt] for link in links if link.of == quantity.name and link.wrt in ranks]
        if below:
            ranks[quantity.name] = max(below) + 1
    if len(ranks) == 1 and quantities:
        ranks[quantities[-1].name] = 1
    return ranks


def _node(quantity: Quantity, rect: QRectF) -> Item:
    markup = symbol_markup(quantity.name)
    if quantity.definition is not None:
        markup += f" = {expression_markup(quantity.definition)}"
    item = Item(quantity.name, "quantity", rect, [Row(markup, quantity.value)], quantity.value)
    item.editable = quantity.definition is None
    item.spoken = lambda: _spoken_node(quantity)
    return item


def _spoken_node(quantity: Quantity) -> str:
    formula = "" if quantity.definition is None else to_spoken(quantity.definition)
    return _("{name} {formula} = {value}").format(
        name=spoken_symbol(quantity.name), formula=formula, value=format_number(quantity.value)
    )


def _edge(link: Link, nodes: dict[str, Item], size: float, partial: bool) -> Item:
    start_box, end_box = nodes[link.wrt].rect, nodes[link.of].rect
    start, end = QPointF(start_box.right(), start_box.center().y()), QPointF(end_box.left(), end_box.center().y())
    bend = 0.0
    if end.x() - start.x() > end_box.width() * 1.6 and abs(start.y() - end.y()) < 2:
        # A straight edge past a column in the same row would run through the node between.
        start, end = QPointF(start_box.center().x(), start_box.top()), QPointF(end_box.center().x(), end_box.top())
        bend = 44 * size
    middle = (start + end) / 2
    width, height = _TAG[0] * size, _TAG[1] * size
    rect = QRectF(middle.x() - width / 2, middle.y() - height / 2 - bend, width, height)
    d = "partial" if partial else "d"
    markup = f"frac({d} {symbol_markup(link.of)}, {d} {symbol_markup(link.wrt)})"
    return Item(
        link.key, "edge", rect, [Row(markup, link.value)], link.value, line=(start, end), bend=bend, link=link.key,
        weight=0.4, negative=link.value is not None and link.value < 0, spoken=lambda: _spoken_edge(link),
    )  # fmt: skip


def _spoken_edge(link: Link) -> str:
    return _("d {of} by d {wrt} = {value}").format(
        of=spoken_symbol(link.of), wrt=spoken_symbol(link.wrt), value=format_number(link.value)
    )
