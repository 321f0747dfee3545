"""Where the parts of a network go: columns for inputs, layers and the cost, filling the pane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.session.state import DiagramView
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol
from chainrule_gui.typeset.typst_markup import symbol_markup
from chainrule_gui.views.diagram.items import Item, Layout, Row, Tag

_MOST_LABELS = 4
_TAG = 112.0


@dataclass(frozen=True, slots=True)
class _Shape:
    """Sizes of a unit's box, of an input's or the cost's, and of a label by view, at the usual size of writing."""

    upright: bool
    node: tuple[float, float]
    end: tuple[float, float]
    label: dict[DiagramView, float]
    label_height: float

    def size(self, layers: tuple[int, ...], view: DiagramView, width: float, height: float) -> float:
        """Return how large a network can be drawn in a pane of the given size."""
        columns = len(layers)
        needed = self.end[0] * 2 + self.node[0] * (columns - 1) + (self.label[view] + 8) * columns
        # A bias stands below each unit; a single unit has its local derivatives above and below as well.
        beside = 34 if max(layers) > 1 else 104
        return min(width / needed, height / (max(layers) * (self.node[1] + beside)))


_SHAPES = (
    _Shape(False, (118.0, 62.0), (70.0, 56.0), {"values": 78.0, "gradients": 116.0}, 19.0),
    _Shape(True, (84.0, 108.0), (66.0, 56.0), {"values": 56.0, "gradients": 66.0}, 38.0),
)


def network_layout(frame: NetworkFrame, view: DiagramView, width: float, height: float, scale: float) -> Layout:
    """Lay a network out in a pane of the given size in pixels; `scale` is that of the writing."""
    return _Builder(frame, view, width, height, scale).layout()


class _Builder:
    def __init__(self, frame: NetworkFrame, view: DiagramView, width: float, height: float, scale: float) -> None:
        self._frame, self._view = frame, view
        self._network = frame.state.network
        self._width, self._height = width, height
        layers = self._network.layers
        sizes = [shape.size(layers, view, width, height) for shape in _SHAPES]
        self._shape = _SHAPES[sizes.index(max(sizes))]
        self._size = max(0.3, min(scale * 1.25, max(sizes)))
        self._links = {(link.of, link.wrt): link.key for link in frame.derivation.links}
        self._lit = frame.phase.lit if frame.phase is not None else frozenset()
        self._sample = frame.state.sample

    def layout(self) -> Layout:
        nodes = [self._column(layer) for layer in range(len(self._network.layers))]
        cost = self._cost_item()
        items: list[Item] = []
        largest = self._largest_weight()
        for layer in range(1, len(nodes)):
            items += self._edges(layer, nodes, largest)
        items += [self._edge_to_cost(node, cost, unit) for unit, node in enumerate(nodes[-1], start=1)]
        for layer, column in enumerate(nodes):
            items += column
            if layer:
                items += [self._bias(layer, unit, node) for unit, node in enumerate(column, start=1)]
        items.append(cost)
        items += self._targets(cost)
        digits = 4 if self._network.is_single else 3
        return Layout(sorted(items, key=_painting_order), self._size, digits, self._shape.upright)

    def _centres(self) -> list[float]:
        """Centres of the columns, the cost's included, with equal gaps between them."""
        end, node = self._shape.end[0], self._shape.node[0]
        widths = [end, *[node] * (len(self._network.layers) - 1), end]
        widths = [width * self._size for width in widths]
        margin = 10.0
        gap = (self._width - 2 * margin - sum(widths)) / (len(widths) - 1)
        centres, left = [], margin
        for width in widths:
            centres.append(left + width / 2)
            left += width + gap
        return centres

    def _column(self, layer: int) -> list[Item]:
        units = self._network.layers[layer]
        width, height = (self._size * side for side in (self._shape.end if layer == 0 else self._shape.node))
        centre = self._centres()[layer]
        spacing = self._height / units
        items = []
        for unit in range(1, units + 1):
            middle = spacing * (unit - 0.5) - 4 * self._size
            rect = QRectF(centre - width / 2, middle - height / 2, width, height)
            items.append(self._input(unit, rect) if layer == 0 else self._neuron(layer, unit, rect))
        return items

    def _input(self, unit: int, rect: QRectF) -> Item:
        name = self._network.input_name(unit)
        value = float(self._frame.trace.inputs[self._sample, unit - 1])
        return Item(name, "input", rect, [Row(symbol_markup(name), value)], value, editable=True,
                    lit=name in self._lit, spoken=lambda: _spoken(_("input"), name, value))  # fmt: skip

    def _neuron(self, layer: int, unit: int, rect: QRectF) -> Item:
        network, frame = self._network, self._frame
        z_name, a_name = network.z_name(layer, unit), network.a_name(layer, unit)
        z = float(frame.trace.z[layer - 1][self._sample, unit - 1])
        a = float(frame.trace.a[layer - 1][self._sample, unit - 1])
        delta = float(frame.gradients.delta[layer - 1][self._sample, unit - 1])
        rows = [Row(symbol_markup(z_name), z), Row(symbol_markup(a_name), a)]
        if self._view == "gradients":
            rows = [Row(symbol_markup(a_name), a), Row(f"partial J\\/partial {symbol_markup(z_name)}", delta)]
        item = Item(z_name, "neuron", rect, rows, z, link=self._links.get((a_name, z_name)))
        item.lit = z_name in self._lit or a_name in self._lit
        item.spoken = lambda: _(
            "unit {unit} of layer {layer}: {z} = {z_value}, {a} = {a_value}, delta = {delta}"
        ).format(
            unit=unit, layer=layer, z=spoken_symbol(z_name), z_value=format_number(z), a=spoken_symbol(a_name),
            a_value=format_number(a), delta=format_number(delta),
        )  # fmt: skip
        self._tag(item, rect.center().x(), rect.top() - 20 * self._size)
        return item

    def _tag(self, item: Item, centre: float, middle: float, stacked: bool = False) -> None:
        """Write the local derivative beside an item on the chain; a larger network has no room for it."""
        if item.link is None or not self._network.is_single:
            return
        link = next(link for link in self._frame.derivation.links if link.key == item.link)
        markup = f"frac(partial {symbol_markup(link.of)}, partial {symbol_markup(link.wrt)})"
        width, height = (70 if stacked else _TAG) * self._size, (48 if stacked else 32) * self._size
        box = QRectF(centre - width / 2, middle - height / 2, width, height)
        item.tag = Tag(markup, link.value, box, stacked)

    def _parameter(self, name: str) -> tuple[float, float]:
        index = self._network.parameter_index(name)
        return float(self._frame.parameters[index]), float(self._frame.gradients.flat[index])

    def _parameter_row(self, name: str) -> Row:
        value, gradient = self._parameter(name)
        symbol = symbol_markup(name)
        return Row(f"partial J\\/partial {symbol}", gradient) if self._view == "gradients" else Row(symbol, value)

    def _bias(self, layer: int, unit: int, node: Item) -> Item:
        name = self._network.bias_name(layer, unit)
        value, gradient = self._parameter(name)
        width, height = 104 * self._size, 20 * self._size
        rect = QRectF(node.rect.center().x() - width / 2, node.rect.bottom() + 4 * self._size, width, height)
        item = Item(name, "bias", rect, [self._parameter_row(name)], value, True, lit=name in self._lit,
                    link=self._links.get((node.name, name)),
                    spoken=lambda: _spoken_parameter(_("bias"), name, value, gradient))  # fmt: skip
        self._tag(item, rect.center().x(), rect.bottom() + 18 * self._size)
        return item

    def _largest_weight(self) -> float:
        source = self._frame.gradients.flat if self._view == "gradients" else self._frame.parameters
        sizes = abs(source[np.isfinite(source)])
        return float(sizes.max(initial=0.0)) or 1.0

    def _edges(self, layer: int, nodes: list[list[Item]], largest: float) -> list[Item]:
        network = self._network
        count = network.layers[layer] * network.layers[layer - 1]
        items = []
        for unit, node in enumerate(nodes[layer], start=1):
            for source, below in enumerate(nodes[layer - 1], start=1):
                name = network.weight_name(layer, unit, source)
                value, gradient = self._parameter(name)
                shown = gradient if self._view == "gradients" else value
                z_name, below_name = network.z_name(layer, unit), network.a_name(layer - 1, source)
                start = QPointF(below.rect.right(), below.rect.center().y())
                end = QPointF(node.rect.left(), node.rect.center().y())
                labelled = count <= _MOST_LABELS or self._frame.state.selected == name
                box = self._label_box(start, end, source, unit, count) if labelled else QRectF()
                items.append(item := Item(
                    name, "weight", box, [self._parameter_row(name)], value, True, (start, end), labelled=labelled,
                    link=self._links.get((z_name, name)) or self._links.get((z_name, below_name)),
                    weight=abs(shown) / largest if isfinite(shown) else 0.0, negative=shown < 0, lit=name in self._lit,
                    spoken=partial(_spoken_parameter, _("weight"), name, value, gradient),
                ))  # fmt: skip
                self._tag(item, (start.x() + end.x()) / 2, start.y() + 34 * self._size, stacked=True)
        return items

    def _label_box(self, start: QPointF, end: QPointF, source: int, unit: int, count: int) -> QRectF:
        """The label's box: above a single edge, on the line where several cross, staggered so that none touch."""
        width, height = self._shape.label[self._view] * self._size, self._shape.label_height * self._size
        width = min(width, end.x() - start.x() - 4)
        place = 0.5 if count == 1 else 0.34 if (source + unit) % 2 else 0.66
        at = start + (end - start) * place
        lift = height / 2 + 11 * self._size if abs(start.y() - end.y()) < 12 * self._size else 0.0
        if unit > 1:
            lift = -lift  # below the line: what crosses comes from above
        left = max(start.x() + 2, min(at.x() - width / 2, end.x() - 2 - width))
        return QRectF(left, at.y() - height / 2 - lift, width, height)

    def _cost_item(self) -> Item:
        width, height = (self._size * side for side in self._shape.end)
        centre = self._centres()[-1]
        rect = QRectF(centre - width / 2, self._height / 2 - height / 2 - 4 * self._size, width, height)
        value = float(self._frame.trace.sample_costs[self._sample])
        return Item("J", "cost", rect, [Row("J", value)], value, lit="J" in self._lit,
                    spoken=lambda: _spoken(_("cost"), "J", value))  # fmt: skip

    def _edge_to_cost(self, node: Item, cost: Item, unit: int) -> Item:
        output = self._network.output_name(unit)
        line = (QPointF(node.rect.right(), node.rect.center().y()), QPointF(cost.rect.left(), cost.rect.center().y()))
        item = Item(f"J/{output}", "edge", QRectF(), line=line, link=self._links.get(("J", output)), labelled=False,
                    weight=0.3,
                    spoken=lambda: _("edge from {output} to the cost").format(output=spoken_symbol(output)),
        )  # fmt: skip
        self._tag(item, cost.rect.center().x(), cost.rect.top() - 30 * self._size, stacked=True)
        return item

    def _targets(self, cost: Item) -> list[Item]:
        items = []
        height = 20 * self._size
        for unit in range(1, self._network.layers[-1] + 1):
            name = self._network.target_name(unit)
            value = float(self._frame.trace.targets[self._sample, unit - 1])
            top = cost.rect.bottom() + 4 * self._size + (unit - 1) * height
            rect = QRectF(cost.rect.left(), top, cost.rect.width(), height)
            spoken = partial(_spoken, _("target"), name, value)
            items.append(Item(name, "target", rect, [Row(symbol_markup(name), value)], value, True, spoken=spoken))
        return items


def _painting_order(item: Item) -> int:
    """Lines first, so that nodes and labels are painted over them."""
    return 0 if item.line is not None else 1


def _spoken(kind: str, name: str, value: float) -> str:
    return _("{kind} {name} = {value}").format(kind=kind, name=spoken_symbol(name), value=format_number(value))


def _spoken_parameter(kind: str, name: str, value: float, gradient: float) -> str:
    return _("{kind} {name} = {value}, gradient {gradient}").format(
        kind=kind, name=spoken_symbol(name), value=format_number(value), gradient=format_number(gradient)
    )
