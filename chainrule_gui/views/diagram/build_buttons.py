"""The buttons below a network's diagram that add and remove units and layers: round for units, square for layers."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.network import Network
from chainrule_gui.typeset.typst_markup import text_markup
from chainrule_gui.views.diagram.items import Build, Item, Layout

_BUTTON = 20.0
_ROW = 26.0
"""Width of a button and height of a row of them, at scale 1."""

_LOWEST = 240.0
"""A pane lower than this has no room for buttons: keys and the menu do the same."""

_ONE_ROW = 4.6
"""Buttons that must fit between a layer and the next, with the gaps, if all stand in one row."""

_SAID = {
    "unit+": N_("add a unit to layer {layer}"),
    "unit-": N_("remove the last unit of layer {layer}"),
    "layer+": N_("add a layer behind layer {layer}"),
    "layer-": N_("remove layer {layer}"),
}


def strip_height(network: Network, width: float, height: float, scale: float) -> float:
    """Return the height of the strip of buttons in a pane of the given size, 0 where there is no room for it."""
    if height < _LOWEST * scale:
        return 0.0
    between = width / (network.depth + 2)
    return (_ROW + 4 if between >= _ONE_ROW * _BUTTON * scale else 2 * _ROW) * scale


def add_build_buttons(layout: Layout, network: Network, strip: QRectF, scale: float) -> None:
    """Put the buttons below each hidden layer, and between layers, into a layout's strip."""
    columns = [layout.item(network.input_name(1))]
    columns += [layout.item(network.z_name(layer, 1)) for layer in range(1, network.depth + 1)]
    middles = [column.rect.center().x() for column in columns if column is not None]
    between = min(after - before for before, after in pairwise(middles))
    in_one_row = strip.height() < 2 * _ROW * scale
    side = min(_BUTTON * scale, between / (_ONE_ROW if in_one_row else 2.3))
    for layer, (here, after) in enumerate(pairwise(middles)):
        if in_one_row:
            y = strip.center().y()
            places: dict[Build, tuple[float, float]] = {
                "unit-": (here - 1.15 * side, y), "unit+": (here, y), "layer-": (here + 1.15 * side, y),
                "layer+": ((here + after) / 2, y),
            }  # fmt: skip
        else:
            upper, lower = strip.top() + strip.height() / 4, strip.top() + strip.height() * 3 / 4
            places = {
                "unit-": (here - 0.56 * side, upper), "unit+": (here + 0.56 * side, upper), "layer-": (here, lower),
                "layer+": ((here + after) / 2, lower),
            }  # fmt: skip
        for what, (x, y) in places.items():
            if layer or what == "layer+":
                layout.items.append(_button(what, layer, QRectF(x - side / 2, y - side / 2, side, side)))
    _explain(layout, strip, middles[-1] - side, scale)


def _button(what: Build, layer: int, box: QRectF) -> Item:
    said = _("add a layer behind the inputs") if layer == 0 else _(_SAID[what]).format(layer=layer)
    operation = {"unit+": "+", "layer+": "+", "unit-": "−", "layer-": "✕"}[what]
    return Item(f"{what} {layer}", "build", box, build=(what, layer), operation=operation, spoken=lambda: said)


def _explain(layout: Layout, strip: QRectF, left: float, scale: float) -> None:
    """Write what the two shapes stand for, where there is room."""
    room = QRectF(left, strip.bottom() - _ROW * scale, strip.right() - left, _ROW * scale)
    if room.width() >= 130 * scale:
        markup = f"circle.stroked {text_markup(_('unit'))} quad square.stroked {text_markup(_('layer'))}"
        layout.captions = (*layout.captions, (room, markup))
