"""The parts of a network's diagram: what each says, which link it stands for, what can be done with it."""

from __future__ import annotations

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
from chainrule_gui.views.diagram.build_buttons import add_build_buttons, strip_height
from chainrule_gui.views.diagram.items import Item, Layout, Row, Tag
from chainrule_gui.views.diagram.network_geometry import Weight, network_geometry

_TAG = 112.0


def network_layout(frame: NetworkFrame, view: DiagramView, width: float, height: float, scale: float) -> Layout:
    """Lay a network out in a pane of the given size in pixels; `scale` is that of the writing."""
    strip = strip_height(frame.state.network, width, height, scale)
    layout = _Builder(frame, view, width, height - strip, scale).layout()
    if strip:
        add_build_buttons(layout, frame.state.network, QRectF(0, height - strip, width, strip), scale)
    return layout


def _weight(name: str) -> Weight | None:
    """Return the layer and the units that a weight joins; None for the name of a bias."""
    if not name.startswith("w"):
        return None
    layer, _dot, units = name[1:].partition(".")
    to, _dot, source = (units or "1.1").partition(".")
    return int(layer), int(to), int(source)


class _Builder:
    def __init__(self, frame: NetworkFrame, view: DiagramView, width: float, height: float, scale: float) -> None:
        self._frame, self._view = frame, view
        self._network = frame.state.network
        selected = _weight(frame.state.selected)
        self._where = network_geometry(self._network.layers, view, selected, width, height, scale)
        self._size = self._where.size
        self._links = {(link.of, link.wrt): link.key for link in frame.derivation.links}
        self._lit = frame.phase.lit if frame.phase is not None else frozenset()
        self._sample = frame.state.sample

    def layout(self) -> Layout:
        nodes = [self._column(layer) for layer in range(len(self._network.layers))]
        cost = self._cost_item()
        items: list[Item] = []
        largest = self._largest_weight()
        for layer in range(1, len(nodes)):
            items += self._edges(layer, largest)
        items += [self._edge_to_cost(node, cost, unit) for unit, node in enumerate(nodes[-1], start=1)]
        for layer, column in enumerate(nodes):
            items += column
            if layer:
                items += [self._bias(layer, unit, node) for unit, node in enumerate(column, start=1)]
        items.append(cost)
        items += self._targets()
        digits = 4 if self._network.is_single else 3
        captions = tuple((box, self._caption(layer)) for layer, box in self._where.captions.items())
        upright = self._where.shape.upright
        return Layout(sorted(items, key=_painting_order), self._size, digits, upright, captions=captions)

    def _caption(self, layer: int) -> str:
        """Write what the numbers of a dense column are."""
        last = layer == self._network.depth
        if self._view == "gradients":
            return f"partial J\\/partial z^((#[{layer}]))"
        return "hat(y)" if last else f"a^((#[{layer}]))"

    def _column(self, layer: int) -> list[Item]:
        make = self._input if layer == 0 else partial(self._neuron, layer)
        return [make(unit, self._where.units[layer, unit]) for unit in range(1, self._network.layers[layer] + 1)]

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
        if self._where.shape.dense:
            rows = [Row("", rows[-1].value)]
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
        width, height = (70 if stacked else _TAG) * self._size, (50 if stacked else 32) * self._size
        if item.kind == "weight":
            width = min(width, self._where.gap(1) - 6)
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
        rect = self._where.biases[layer, unit]
        item = Item(name, "bias", rect, [self._parameter_row(name)], value, True, lit=name in self._lit,
                    link=self._links.get((node.name, name)),
                    spoken=lambda: self._spoken_parameter(_("bias"), name, value, gradient))  # fmt: skip
        item.locked = name in self._frame.state.frozen
        self._tag(item, rect.center().x(), rect.bottom() + 18 * self._size)
        return item

    def _largest_weight(self) -> float:
        source = self._frame.gradients.flat if self._view == "gradients" else self._frame.parameters
        sizes = abs(source[np.isfinite(source)])
        return float(sizes.max(initial=0.0)) or 1.0

    def _edges(self, layer: int, largest: float) -> list[Item]:
        network = self._network
        items = []
        for unit in range(1, network.layers[layer] + 1):
            for source in range(1, network.layers[layer - 1] + 1):
                name = network.weight_name(layer, unit, source)
                value, gradient = self._parameter(name)
                shown = gradient if self._view == "gradients" else value
                z_name, below_name = network.z_name(layer, unit), network.a_name(layer - 1, source)
                start, end = self._where.line((layer, unit, source))
                box = self._where.labels.get((layer, unit, source))
                items.append(item := Item(
                    name, "weight", box or QRectF(), [self._parameter_row(name)], value, True, (start, end),
                    labelled=box is not None,
                    link=self._links.get((z_name, name)) or self._links.get((z_name, below_name)),
                    weight=abs(shown) / largest if isfinite(shown) else 0.0, negative=shown < 0, lit=name in self._lit,
                    locked=name in self._frame.state.frozen,
                    spoken=partial(self._spoken_parameter, _("weight"), name, value, gradient),
                ))  # fmt: skip
                self._tag(item, (start.x() + end.x()) / 2, start.y() + 31 * self._size, stacked=True)
        return items

    def _spoken_parameter(self, kind: str, name: str, value: float, gradient: float) -> str:
        said = _("{kind} {name} = {value}, gradient {gradient}").format(
            kind=kind, name=spoken_symbol(name), value=format_number(value), gradient=format_number(gradient)
        )
        return _("{parameter}, locked").format(parameter=said) if name in self._frame.state.frozen else said

    def _cost_item(self) -> Item:
        rect = self._where.cost
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
        self._tag(item, cost.rect.center().x(), cost.rect.top() - 29 * self._size, stacked=True)
        return item

    def _targets(self) -> list[Item]:
        items = []
        for unit, rect in self._where.targets.items():
            name = self._network.target_name(unit)
            value = float(self._frame.trace.targets[self._sample, unit - 1])
            spoken = partial(_spoken, _("target"), name, value)
            items.append(Item(name, "target", rect, [Row(symbol_markup(name), value)], value, True, spoken=spoken))
        return items


def _painting_order(item: Item) -> int:
    """Lines first, so that nodes and labels are painted over them."""
    return 0 if item.line is not None else 1


def _spoken(kind: str, name: str, value: float) -> str:
    return _("{kind} {name} = {value}").format(kind=kind, name=spoken_symbol(name), value=format_number(value))
