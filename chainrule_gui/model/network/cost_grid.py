"""The mean cost over a grid of values of one or two parameters, the others held fixed.

Only what follows from the changed parameters is computed again. The values of a layer's units are kept in groups,
each an array of shape (units, rows, columns, samples) whose rows or columns are 1 where the group does not depend
on the first or the second parameter: in the layer of a changed weight that is one unit's group, behind it all
units are one group. So a layer is one matrix product for each group, and an activation is computed once for each
combination of values that it depends on. What depends on at most one parameter is computed once; the rest block by
block, by a list of numpy calls on arrays that stay in the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.model.network.activations import ACTIVATIONS, Operation
from chainrule_gui.model.network.costs import COSTS, entropy_of_z
from chainrule_gui.model.network.definitions import Place, places_of
from chainrule_gui.model.network.network import Network, checked_parameters, checked_samples
from chainrule_gui.model.network.propagation import forward

Array = NDArray[np.float64]

_AT_ONCE = 1 << 16
"""So many numbers of one layer are computed at once, rows × columns × samples × units: they stay in the cache."""

_KEPT = 1 << 20
"""At most so many numbers of one layer that depend on one of the two parameters are kept for all blocks."""


class Group(NamedTuple):
    """Units of a layer, counted from 0, and their values, (units, rows or 1, columns or 1, samples)."""

    units: NDArray[np.intp]
    values: Array


Change = tuple[int, Array]
"""A unit of a layer, counted from 0, and the term that a changed parameter adds to its z."""


class Kept(NamedTuple):
    """What is known of a layer for the whole grid: the groups below, its terms, and its changes unless too many."""

    groups: list[Group]
    terms: list[Array]
    changes: list[Change] | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A part of a contour: its rows and columns, the costs there, and why one of them has no value."""

    rows: slice
    columns: slice
    costs: Array
    why: str | None


class CostGrid:
    """J of a network where one or two parameters take many values."""

    def __init__(
        self,
        network: Network,
        parameters: ArrayLike,
        inputs: ArrayLike,
        targets: ArrayLike,
        changed: Mapping[str, ArrayLike],
    ) -> None:
        self._network = network
        self._parameters = checked_parameters(network, parameters)
        self._x, self._y = checked_samples(network, inputs, targets)
        self._indices = [network.parameter_index(name) for name in changed]
        self._grid = [np.asarray(values, dtype=np.float64) for values in changed.values()]
        values = [self._grid[0][None, :, None, None], *(values[None, None, :, None] for values in self._grid[1:])]
        layers = _Layers(network, self._parameters, self._y, dict(zip(changed, values, strict=True)))
        groups = [Group(np.arange(network.layers[0]), np.array(self._x.T, order="C")[:, None, None, :])]
        layer = 1
        with np.errstate(all="ignore"):
            while layer < network.depth and layers.stay_apart(layer, groups):
                sums = layers.sums(layers.terms(layer, groups), layers.changes(layer, groups))
                groups = layers.activated(layer, sums)
                layers.run()
                layer += 1
            terms = layers.terms(layer, groups)
            changes = layers.changes(layer, groups) if layers.few_changes(layer, groups) else None
            layers.run()
        self._layers, self._layer = layers, layer
        self._kept = Kept(groups, terms, changes)

    def blocks(self) -> Iterator[Block]:
        """Yield the costs block by block."""
        rows, columns = len(self._grid[0]), len(self._grid[1]) if len(self._grid) > 1 else 1
        behind = max(self._network.layers[self._layer + 1 :], default=1)
        cells = max(1, _AT_ONCE // (len(self._x) * behind))
        width = min(columns, cells)
        height = max(1, cells // width)
        programs: dict[tuple[int, int], _Program] = {}
        for top in range(0, rows, height):
            for left in range(0, columns, width):
                place = slice(top, min(top + height, rows)), slice(left, min(left + width, columns))
                shape = place[0].stop - top, place[1].stop - left
                if shape not in programs:
                    programs[shape] = _Program(self._layers, self._layer, self._kept, shape)
                costs = programs[shape].run(*place)
                yield Block(*place, costs, None if np.isfinite(costs).all() else self._why(*place, costs))

    def _why(self, rows: slice, columns: slice, costs: Array) -> str | None:
        """Put nan for the missing costs of a block, and say why the first of them has no value."""
        costs[~np.isfinite(costs)] = np.nan
        shifted = self._parameters.copy()
        for index, values, part, at in zip(
            self._indices, self._grid, (rows, columns), np.argwhere(np.isnan(costs))[0], strict=False
        ):
            shifted[index] = values[part][at]
        return forward(self._network, shifted, self._x, self._y).why


class _Layers:
    """Writes the numpy calls of one layer after another; `run` makes those written since the last one."""

    def __init__(self, network: Network, parameters: Array, targets: Array, values: dict[str, Array]) -> None:
        self._network = network
        self._places = [places_of(network)[name] for name in values]
        self.values = list(values.values())
        # Without the changed parameters, whose terms are added value by value.
        rest = parameters.copy()
        rest[[network.parameter_index(name) for name in values]] = 0.0
        self._weights, self._biases = network.weights(rest), network.biases(rest)
        self._targets = np.ascontiguousarray(targets.T)[:, None, None, :]
        self.depth = network.depth
        self.operations: list[Operation] = []

    def run(self) -> None:
        """Make the calls written so far, and forget them."""
        for operation in self.operations:
            operation()
        self.operations = []

    def stay_apart(self, layer: int, below: list[Group]) -> bool:
        """Whether no unit of a layer depends on both parameters, and all of them fit into memory."""
        depends = np.any([np.array(group.values.shape[1:3]) > 1 for group in below], axis=0)
        of_units: dict[int, NDArray[np.bool_]] = {}
        for axis, place in enumerate(self._places):
            if place.layer == layer:
                of_units.setdefault(place.unit, depends.copy())[axis] = True
        units = max(self._network.layers[layer : layer + 2])
        size = max(values.size for values in self.values) * self._targets.shape[3] * units
        return size <= _KEPT and not any(both.all() for both in (depends, *of_units.values()))

    def terms(self, layer: int, below: list[Group]) -> list[Array]:
        """Write W·a + b of all units of a layer, as one term for each shape of the groups below; smallest first."""
        weights, biases = self._weights[layer - 1], self._biases[layer - 1]
        terms: dict[tuple[int, ...], Array] = {}
        for units, values in below:
            term = np.empty((len(weights), *values.shape[1:]))
            factors = np.ascontiguousarray(weights[:, units])
            if len(units) == 1:  # a matrix product with one column is much slower than this
                self.operations.append(partial(np.multiply, factors[:, :, None, None], values, term))
            else:
                flat = values.reshape(len(values), -1)
                self.operations.append(partial(np.matmul, factors, flat, term.reshape(len(weights), -1)))
            if term.shape in terms:
                self.operations.append(partial(np.add, terms[term.shape], term, terms[term.shape]))
            else:
                terms[term.shape] = term
        ordered = sorted(terms.values(), key=lambda term: term.size)
        self.operations.append(partial(np.add, ordered[0], biases[:, None, None, None], ordered[0]))
        return ordered

    def sums(self, terms: list[Array], changes: list[Change], keep_terms: bool = False) -> list[Group]:
        """Write z of a layer in groups; the unit of a changed parameter is a group of its own."""
        z = terms[0]
        for term in terms[1:]:
            z = self._sum(z, term, None if keep_terms else term)
        own: dict[int, Array] = {}
        for unit, change in changes:
            own[unit] = self._sum(own.get(unit, z[unit : unit + 1]), change)
        groups = [Group(np.array([unit]), changed) for unit, changed in own.items()]
        others = np.array([unit for unit in range(len(z)) if unit not in own], dtype=np.intp)
        if own and len(others):
            chosen = np.empty((len(others), *z.shape[1:]))
            self.operations.append(partial(np.take, z, others, 0, chosen))
            z = chosen
        return [*groups, Group(others, z)] if len(others) else groups

    def _sum(self, left: Array, right: Array, into: Array | None = None) -> Array:
        shape = np.broadcast_shapes(left.shape, right.shape)
        total = np.empty(shape) if into is None or into.shape != shape else into
        self.operations.append(partial(np.add, left, right, total))
        return total

    def changes(self, layer: int, below: list[Group]) -> list[Change]:
        """Write the terms of a layer's changed parameters: a value times the value below, or times 1 for a bias."""
        changes = []
        for place, value in self._changed(layer):
            source = self._source(place, below)
            change = value if source is None else np.empty(np.broadcast_shapes(value.shape, source.shape))
            if source is not None:
                self.operations.append(partial(np.multiply, value, source, change))
            changes.append((place.unit - 1, change))
        return changes

    def few_changes(self, layer: int, below: list[Group]) -> bool:
        """Whether the terms of a layer's changed parameters fit into memory."""
        sources = [(value, self._source(place, below)) for place, value in self._changed(layer)]
        return all(
            source is None or math.prod(np.broadcast_shapes(value.shape, source.shape)) <= _KEPT
            for value, source in sources
        )

    def _changed(self, layer: int) -> list[tuple[Place, Array]]:
        return [found for found in zip(self._places, self.values, strict=True) if found[0].layer == layer]

    @staticmethod
    def _source(place: Place, below: list[Group]) -> Array | None:
        """Return the values below a weight, None for a bias."""
        if place.kind == "b":
            return None
        units, values = next(group for group in below if place.source - 1 in group.units)
        at = int(np.flatnonzero(units == place.source - 1)[0])
        return values[at : at + 1]

    def activated(self, layer: int, sums: list[Group], keep_sums: bool = False) -> list[Group]:
        """Write the activations of a layer's groups, in the place of z where that is possible and allowed."""
        row = ACTIVATIONS[self._network.activations[layer - 1]]
        needs_z = layer == self.depth and self._network.entropy_of_sigmoid
        groups = []
        for units, z in sums:
            a = np.empty_like(z) if keep_sums or needs_z or not row.in_place else z
            self.operations += row.write_value(z, a)
            groups.append(Group(units, a))
        return groups

    def costs(self, sums: list[Group], outputs: list[Group], shape: tuple[int, int]) -> Array:
        """Write the mean cost, (rows, columns), not finite where it has no value."""
        total, samples = np.empty(shape), self._targets.shape[3]
        self.operations.append(partial(total.fill, 0.0))
        for (units, z), (_units, a) in zip(sums, outputs, strict=True):
            y, part = self._targets[units], np.empty(z.shape[1:3])
            if self._network.cost == "squared-error":
                self.operations.append(partial(np.subtract, a, y, a))
                flat = a.reshape(len(units), -1, samples)
                self.operations.append(partial(np.einsum, "ucs,ucs->c", flat, flat, out=part.reshape(-1)))
                self.operations.append(partial(np.multiply, part, 0.5, part))
            else:
                self.operations.append(partial(self._entropy, z, a, y, part))
            self.operations.append(partial(np.add, total, part, total))
        self.operations.append(partial(np.divide, total, float(samples), total))
        return total

    def _entropy(self, z: Array, a: Array, y: Array, into: Array) -> None:
        terms = entropy_of_z(z, y) if self._network.entropy_of_sigmoid else COSTS[self._network.cost].of_outputs(a, y)
        np.sum(terms, axis=(0, 3), out=into)


class _Program:
    """The numpy calls that give the costs of a block of one size, from what is kept of the whole grid."""

    def __init__(self, layers: _Layers, first: int, kept: Kept, shape: tuple[int, int]) -> None:
        self._loaded: list[tuple[Array, Array]] = []
        self._shape = shape
        layers = copy(layers)
        layers.values = [self._part(values) for values in layers.values]
        groups = [Group(group.units, self._part(group.values)) for group in kept.groups]
        terms = [self._part(term) for term in kept.terms]
        if kept.changes is None:
            changes = layers.changes(first, groups)
        else:
            changes = [(unit, self._part(change)) for unit, change in kept.changes]
        for layer in range(first, layers.depth + 1):
            if layer > first:
                terms, changes = layers.terms(layer, groups), layers.changes(layer, groups)
            sums = layers.sums(terms, changes, keep_terms=layer == first)
            groups = layers.activated(layer, sums, keep_sums=layer == first)
        self._costs = layers.costs(sums, groups, shape)
        self._operations = layers.operations

    def _part(self, whole: Array) -> Array:
        """Return an array for the block's part of `whole`, which `run` fills; `whole` itself where it is no less."""
        shape = tuple(size if size == 1 else part for size, part in zip(whole.shape[1:3], self._shape, strict=True))
        if shape == whole.shape[1:3]:
            return whole
        part = np.empty((len(whole), *shape, whole.shape[3]))
        self._loaded.append((whole, part))
        return part

    def run(self, rows: slice, columns: slice) -> Array:
        """Return the costs, (rows, columns), not finite where there is no value."""
        every = slice(None)
        with np.errstate(all="ignore"):
            for whole, part in self._loaded:
                part[...] = whole[:, rows if whole.shape[1] > 1 else every, columns if whole.shape[2] > 1 else every]
            for operation in self._operations:
                operation()
        return self._costs.copy()
