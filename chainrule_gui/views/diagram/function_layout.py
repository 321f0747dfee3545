"""The parts of a function's graph: each named quantity, and an edge from what it is made of."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Link, Quantity
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.derivation_rows import is_partial
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, symbol_markup
from chainrule_gui.views.diagram.items import Item, Layout, Row
from chainrule_gui.views.diagram.layered import Layered, layered
from chainrule_gui.views.diagram.machines import with_machines

_NODE = {"graph": (132.0, 66.0), "nudge": (236.0, 60.0)}


def function_layout(frame: FunctionFrame, width: float, height: float, scale: float) -> Layout:
    """Lay the graph of a function out in a pane of the given size in pixels, along its longer way."""
    derivation = frame.derivation
    ranks = _ranks(derivation.wrt, derivation.quantities, derivation.graph)
    links = [link for link in derivation.graph if link.of in ranks and link.wrt in ranks]
    quantities = [quantity for quantity in derivation.quantities if quantity.name in ranks]
    ranked = tuple((quantity.name, ranks[quantity.name]) for quantity in quantities)
    node = _NODE[frame.state.view.diagram]
    where = layered(ranked, tuple((link.wrt, link.of) for link in links), node, width, height, scale)
    nodes = [_node(quantity, where.nodes[quantity.name]) for quantity in quantities]
    edges = [_edge(link, where, is_partial(derivation, link)) for link in links]
    return with_machines(Layout([*edges, *nodes], where.size, downward=where.downward), frame)


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


def _edge(link: Link, where: Layered, partial: bool) -> Item:
    path, rect = where.paths[link.wrt, link.of], where.labels.get((link.wrt, link.of))
    d = "partial" if partial else "d"
    markup = f"frac({d} {symbol_markup(link.of)}, {d} {symbol_markup(link.wrt)})"
    line = (path.pointAtPercent(0), path.pointAtPercent(1))
    straight = min(abs(line[0].x() - line[1].x()), abs(line[0].y() - line[1].y())) < 0.5 and path.elementCount() < 6
    return Item(
        link.key, "edge", rect or QRectF(), [Row(markup, link.value)], link.value, line=line,
        path=None if straight else path, link=link.key, labelled=rect is not None,
        weight=0.4, negative=link.value is not None and link.value < 0, spoken=lambda: _spoken_edge(link),
    )  # fmt: skip


def _spoken_edge(link: Link) -> str:
    return _("d {of} by d {wrt} = {value}").format(
        of=spoken_symbol(link.of), wrt=spoken_symbol(link.wrt), value=format_number(link.value)
    )
