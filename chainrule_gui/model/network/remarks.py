"""What is odd about a network at a sample, said in words: dead and saturated units, kinks, a missing cost."""

from __future__ import annotations

import numpy as np

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.network import Network
from chainrule_gui.model.network.paths import kink_sentence
from chainrule_gui.model.network.propagation import Trace

_NAMED = 3
"""More units than this in a layer are counted, not named."""


def remarks(network: Network, trace: Trace, sample: int = 0) -> tuple[str, ...]:
    """Return a sentence for each thing worth knowing at a sample, layer by layer; often none."""
    sentences = [trace.why] if trace.why else []
    for layer, (key, z) in enumerate(zip(network.activations, trace.z, strict=True), start=1):
        row = ACTIVATIONS[key]
        here = z[sample]
        names = [network.z_name(layer, unit) for unit in range(1, network.layers[layer] + 1)]
        if row.at_kink is not None:
            sentences += [kink_sentence(names[unit], row) for unit in np.flatnonzero(here == 0.0)[:_NAMED]]
        if row.at_kink == 0.0:
            never = (z <= 0.0).all(axis=0) if len(z) > 1 else np.zeros(len(names), dtype=bool)
            sentences += _dead([names[unit] for unit in np.flatnonzero(never)], layer)
            sentences += _off([names[unit] for unit in np.flatnonzero((here < 0.0) & ~never)], layer)
        if row.flat_beyond is not None:
            far = np.flatnonzero(np.abs(here) > row.flat_beyond)
            sentences += _saturated([names[unit] for unit in far], layer, key)
    return tuple(sentences)


def _dead(names: list[str], layer: int) -> list[str]:
    if len(names) > _NAMED:
        message = ngettext(
            "{count} unit of layer {layer} is dead: relu gives 0 for every sample, so nothing in it learns.",
            "{count} units of layer {layer} are dead: relu gives 0 for every sample, so nothing in them learns.",
            len(names),
        )
        return [message.format(count=len(names), layer=layer)]
    message = _(
        "{name} is not positive for any sample: relu gives 0 for all of them, the unit is dead and does not learn."
    )
    return [message.format(name=name) for name in names]


def _off(names: list[str], layer: int) -> list[str]:
    if len(names) > _NAMED:
        message = ngettext(
            "{count} unit of layer {layer} is off at this sample: relu gives 0 there and passes no gradient.",
            "{count} units of layer {layer} are off at this sample: relu gives 0 there and passes no gradient.",
            len(names),
        )
        return [message.format(count=len(names), layer=layer)]
    message = _("{name} is negative at this sample: relu gives 0 there and passes no gradient.")
    return [message.format(name=name) for name in names]


def _saturated(names: list[str], layer: int, function: str) -> list[str]:
    if len(names) > _NAMED:
        message = ngettext(
            "{count} unit of layer {layer} is saturated: {function} is almost flat there and passes little gradient.",
            "{count} units of layer {layer} are saturated: {function} is almost flat there and passes little gradient.",
            len(names),
        )
        return [message.format(count=len(names), layer=layer, function=function)]
    message = _("{name} is far from 0: {function} is saturated, almost flat there, and passes little gradient.")
    return [message.format(name=name, function=function) for name in names]
