"""Where the parts of a function go: x on the left, each named quantity right of what it is made of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Link, Quantity
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.derivation_rows import is_partial
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, symbol_markup
from chainrule_gui.views.diagram.items import Item, Layout, Row
from chainrule_gui.views.diagram.machines import with_machines

_NODE = {"graph": (132.0, 66.0), "nudge": (236.0, 60.0)}
_GAP = {False: 84.0, True: 48.0}
_BESIDE = {False: 34.0, True: 40.0}
_TAG = {False: (72.0, 74.0), True: (118.0, 38.0)}


def function_layout(frame: FunctionFrame, width: float, height: float, scale: float) -> Layout:
    """Lay the graph of a function out in a pane of the given size in pixels, along its longer way."""
    derivation = frame.derivation
    ranks = _ranks(derivation.wrt, derivation.quantities, derivation.graph)
    found: dict[int, list[Quantity]] = {}
    for quantity in derivation.quantities:
        if quantity.name in ranks:
            found.setdefault(ranks[quantity.name], []).append(quantity)
    rows = [quantities for _rank, quantities in sorted(found.items())]
    node = _NODE[frame.state.view.diagram]
    sizes = [_largest_size(rows, node, width, height, downward) for downward in (False, True)]
    downward = sizes[0] < min(sizes[1], scale)
    size = max(0.3, min(scale * 1.25, sizes[downward]))
    box = QSizeF(*node) * size
    nodes: dict[str, Item] = {}
    for rank, quantities in enumerate(rows):
        for place, quantity in enumerate(quantities):
            across = (place + 0.5) / len(quantities)
            if downward:
                middle = QPointF(width * across, _spread(rank, len(rows), height, box.height()))
            else:
                middle = QPointF(_spread(rank, len(rows), width, box.width()), height * across)
            nodes[quantity.name] = _node(quantity, QRectF(middle - QPointF(box.width(), box.height()) / 2, box))
    edges = [
        _edge(link, nodes, size, is_partial(derivation, link), downward, ranks[link.of] - ranks[link.wrt] > 1)
        for link in derivation.graph
        if link.of in nodes and link.wrt in nodes
    ]
    return with_machines(Layout([*edges, *nodes.values()], size, downward=downward), frame)


def _largest_size(
    rows: list[list[Quantity]], node: tuple[float, float], width: float, height: float, downward: bool
) -> float:
    """Return how large the graph can be drawn, from left to right or from top to bottom."""
    count, widest = len(rows), max(map(len, rows), default=1)
    node, along, across = (node[::-1], height, width) if downward else (node, width, height)
    return min(
        along / (count * (node[0] + _GAP[downward]) - _GAP[downward] + 20),
        across / (widest * (node[1] + _BESIDE[downward])),
    )


def _spread(rank: int, count: int, length: float, box: float) -> float:
    """Return the middle of a rank's boxes, when all ranks are spread over a length."""
    margin = 10.0
    if count == 1:
        return length / 2
    return margin + box / 2 + rank * (length - 2 * margin - box) / (count - 1)


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


def _edge(link: Link, nodes: dict[str, Item], size: float, partial: bool, downward: bool, past: bool) -> Item:
    start_box, end_box = nodes[link.wrt].rect, nodes[link.of].rect
    apart = end_box.center() - start_box.center()
    bend = QPointF()
    if downward:
        start, end = QPointF(start_box.center().x(), start_box.bottom()), QPointF(end_box.center().x(), end_box.top())
        if abs(apart.x()) < 2 and past:
            # A straight edge past a rank would run through the node between.
            start = QPointF(start_box.right(), start_box.center().y())
            end = QPointF(end_box.right(), end_box.center().y())
            bend = QPointF(64 * size, 0)
    else:
        start, end = QPointF(start_box.right(), start_box.center().y()), QPointF(end_box.left(), end_box.center().y())
        if abs(apart.y()) < 2 and past:
            start, end = QPointF(start_box.center().x(), start_box.top()), QPointF(end_box.center().x(), end_box.top())
            bend = QPointF(0, -44 * size)
    width, height = (side * size for side in _TAG[downward])
    middle = (start + end) / 2 + bend
    if downward and abs(apart.x()) < 2 and bend.isNull():
        middle += QPointF(width / 2, 0)  # beside an upright line, not on it
    rect = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
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
