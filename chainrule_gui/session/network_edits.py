"""Pure edits of a network's structure: layers and units come and go, the values of what remains are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.network import Network
from chainrule_gui.model.network.definitions import places_of
from chainrule_gui.session.edits import restarted
from chainrule_gui.session.state import LabState, last_weight

_NEW = -1
"""Stands for what the old network does not have."""


def layer_added(state: LabState, after: int) -> LabState:
    """Put a layer behind layer `after` (0 is the input), with as many units as that has.

    The weights into the layer behind it stay as they are; they now come from the new units.

    Raises
    ------
    NetworkError
        where there are as many layers as there can be.
    """
    old = state.network.network
    activation = old.activations[max(after - 1, 0)] if old.depth > 1 else "tanh"
    network = Network(
        (*old.layers[: after + 1], old.layers[after], *old.layers[after + 1 :]),
        (*old.activations[:after], activation, *old.activations[after:]),
        old.cost,
    )
    places = [*range(1, after + 1), _NEW, *range(after + 1, old.depth + 1)]
    return _changed(state, network, places, [range(size) for size in network.layers])


def layer_removed(state: LabState, layer: int) -> LabState:
    """Take a hidden layer out; the first weights into each unit behind it stay, now from the units before it.

    Raises
    ------
    NetworkError
        where it is the only layer.
    """
    old = state.network.network
    if layer == old.depth:
        return state
    network = Network(
        (*old.layers[:layer], *old.layers[layer + 1 :]),
        (*old.activations[: layer - 1], *old.activations[layer:]),
        old.cost,
    )
    places = [place for place in range(1, old.depth + 1) if place != layer]
    units = [list(range(size)) for size in network.layers]
    return _changed(state, network, places, units)


def unit_added(state: LabState, layer: int) -> LabState:
    """Add a unit at the end of a hidden layer; everything else keeps its values.

    Raises
    ------
    NetworkError
        where the layer has as many units as there can be.
    """
    return _resized(state, layer, [*range(state.network.network.layers[layer]), _NEW])


def unit_removed(state: LabState, layer: int, unit: int) -> LabState:
    """Take a unit, counted from 1, out of a hidden layer.

    Raises
    ------
    NetworkError
        where it is the layer's only one.
    """
    kept = [place for place in range(state.network.network.layers[layer]) if place != unit - 1]
    return _resized(state, layer, kept)


def activation_chosen(state: LabState, layer: int, key: str) -> LabState:
    """Use another activation for a layer, counted from 1; every parameter stays.

    Raises
    ------
    NetworkError
        where there is no such activation.
    """
    old = state.network.network
    keys = [key if place == layer else before for place, before in enumerate(old.activations, start=1)]
    changed = replace(state.network, network=Network(old.layers, keys, old.cost))
    return restarted(state, changed, _parameters(state))


def cost_chosen(state: LabState, key: str) -> LabState:
    """Use another cost; every parameter stays.

    Raises
    ------
    NetworkError
        where there is no such cost.
    """
    old = state.network.network
    changed = replace(state.network, network=Network(old.layers, old.activations, key))
    return restarted(state, changed, _parameters(state))


def _resized(state: LabState, layer: int, kept: Sequence[int]) -> LabState:
    old = state.network.network
    if not 0 < layer < old.depth:
        return state  # inputs and outputs follow the data
    network = Network((*old.layers[:layer], len(kept), *old.layers[layer + 1 :]), old.activations, old.cost)
    units: list[Sequence[int]] = [range(size) for size in old.layers]
    units[layer] = kept
    return _changed(state, network, range(1, old.depth + 1), units)


def _parameters(state: LabState) -> NDArray[np.float64]:
    run = state.network.run
    return run.trajectory.parameters_at(run.step)


def _changed(state: LabState, network: Network, layers: Sequence[int], units: Sequence[Sequence[int]]) -> LabState:
    """Go over to `network`.

    Parameters
    ----------
    layers : for each layer after the input the old layer it was, or _NEW
    units : for each layer, the input too, the place in the old layer of each unit, or _NEW
    """
    old = state.network
    origin = _origins(old.network, network, layers, units)
    parameters = network.initial_parameters(old.seed, old.scheme)
    kept = origin != _NEW
    parameters[kept] = _parameters(state)[origin[kept]]
    old_names, names = old.network.parameter_names, network.parameter_names
    frozen = frozenset(
        name for name, place in zip(names, origin, strict=True) if old_names[place] in old.frozen and place != _NEW
    )
    selected = old.selected if old.selected in places_of(network) else last_weight(network)
    if old.selected in old_names:
        found = np.flatnonzero(origin == old_names.index(old.selected))
        selected = names[int(found[0])] if len(found) else last_weight(network)
    view = replace(old.view, contour=None)
    changed = replace(old, network=network, frozen=frozen, selected=selected, view=view)
    return restarted(state, changed, parameters)


def _origins(old: Network, new: Network, layers: Sequence[int], units: Sequence[Sequence[int]]) -> NDArray[np.intp]:
    """Return for each parameter of the new network its place in the old one's vector, or _NEW."""
    origin = np.full(new.parameter_count, float(_NEW))
    numbered = np.arange(old.parameter_count, dtype=np.float64)
    old_weights, old_biases = old.weights(numbered), old.biases(numbered)
    for layer, before in enumerate(layers, start=1):
        if before == _NEW:
            continue
        weights, biases = old_weights[before - 1], old_biases[before - 1]
        for to, unit in enumerate(units[layer]):
            if unit == _NEW:
                continue
            new.biases(origin)[layer - 1][to] = biases[unit]
            for place, source in enumerate(units[layer - 1]):
                if 0 <= source < weights.shape[1]:
                    new.weights(origin)[layer - 1][to, place] = weights[unit, source]
    return origin.astype(np.intp)
