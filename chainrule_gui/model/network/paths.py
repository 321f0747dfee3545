"""∂J/∂(any parameter) of one sample as the sum over all paths of products of links."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import count

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
from chainrule_gui.model.expression.tree import ONE, Binary, Expression, Variable
from chainrule_gui.model.network.activations import ACTIVATIONS, Activation
from chainrule_gui.model.network.costs import COSTS
from chainrule_gui.model.network.network import Network
from chainrule_gui.model.network.passes import Trace, last_delta

Array = NDArray[np.float64]

COST = "J"

_Place = tuple[str, int, int]
"""What a name is: its kind (z, a, w, b), its layer and its unit (of a weight: the unit that it leads to)."""


def derivation(
    network: Network, parameters: Array, trace: Trace, of: str, sample: int = 0, limit: int = 12
) -> Derivation:
    """Return ∂J/∂`of` for one sample's own cost as a sum of chains, the largest `limit` of them written out.

    Parameters
    ----------
    of : name of a parameter, a pre-activation z, an activation a or an input

    Raises
    ------
    KeyError
        for an unknown name.
    """
    graph = _Graph(network, parameters, trace, sample)
    total = graph.total(of)
    finite = total is not None and math.isfinite(total)
    return Derivation(
        of=COST,
        wrt=of,
        quantities=graph.quantities(),
        chains=tuple(graph.largest_paths(of, limit)),
        chain_count=graph.count(of),
        derivative_value=total if finite else None,
        why=None if finite else graph.why_no_total(of),
    )


def all_paths(network: Network, parameters: Array, trace: Trace, of: str, sample: int = 0) -> Iterator[Chain]:
    """Yield every path from J to `of`, one at a time: there may be millions."""
    return _Graph(network, parameters, trace, sample).paths(of)


@dataclass(frozen=True)
class _Graph:
    """One sample's network as quantities and the links between them; links are made when asked for."""

    network: Network
    parameters: Array
    trace: Trace
    sample: int

    @cached_property
    def _places(self) -> dict[str, _Place]:
        network, places = self.network, {}
        for layer, units in enumerate(network.layers):
            for unit in range(1, units + 1):
                places[network.a_name(layer, unit)] = ("a", layer, unit)
                if layer:
                    places[network.z_name(layer, unit)] = ("z", layer, unit)
                    places[network.bias_name(layer, unit)] = ("b", layer, unit)
                    for source in range(1, network.layers[layer - 1] + 1):
                        places[network.weight_name(layer, unit, source)] = ("w", layer, unit)
        return places

    def _activation(self, layer: int) -> Activation:
        return ACTIVATIONS[self.network.activations[layer - 1]]

    def _below(self, layer: int) -> Array:
        values = self.trace.inputs if layer == 1 else self.trace.a[layer - 2]
        return np.asarray(values[self.sample])

    def _z(self, layer: int, unit: int) -> float:
        return float(self.trace.z[layer - 1][self.sample, unit - 1])

    def _a(self, layer: int, unit: int) -> float:
        return float(self.trace.inputs[self.sample, unit - 1] if layer == 0 else
                     self.trace.a[layer - 1][self.sample, unit - 1])

    def _parameter(self, name: str) -> float:
        return float(self.parameters[self.network.parameter_index(name)])

    def _cost_link(self, unit: int) -> Link:
        network = self.network
        output, target = network.output_name(unit), network.target_name(unit)
        y_hat, y = self._a(network.depth, unit), float(self.trace.targets[self.sample, unit - 1])
        value: float | None = y_hat - y
        why = None
        if network.cost == "cross-entropy":
            if 0.0 < y_hat < 1.0:
                value = (y_hat - y) / (y_hat * (1.0 - y_hat))
            else:
                value, why = None, _("The cross-entropy has no derivative where the output is not between 0 and 1.")
        formula = COSTS[network.cost].by_output_formula(Variable(output), Variable(target))
        return Link(COST, output, formula, "cost", None, value, why)

    def _activation_link(self, layer: int, unit: int) -> Link:
        network, activation = self.network, self._activation(layer)
        a_name, z_name, z = network.a_name(layer, unit), network.z_name(layer, unit), self._z(layer, unit)
        why = None
        if z == 0.0 and activation.at_kink is not None:
            why = _("{activation} has no derivative at 0; by convention its slope on the left is taken.")
            why = why.format(activation=_(activation.label))
        rule = activation.function or "identity"
        formula = activation.derivative_formula(Variable(z_name))
        return Link(a_name, z_name, formula, rule, activation.function, float(self._slopes[layer - 1][unit - 1]), why)

    @cached_property
    def _slopes(self) -> list[Array]:
        slopes = []
        for layer in range(1, self.network.depth + 1):
            z, a = self.trace.z[layer - 1][self.sample], self.trace.a[layer - 1][self.sample]
            slopes.append(self._activation(layer).derivative(z, a))
        return slopes

    def _weight_link(self, layer: int, unit: int, source: int) -> Link:
        """∂z/∂a along the weight that joins them."""
        network = self.network
        weight = network.weight_name(layer, unit, source)
        return Link(
            network.z_name(layer, unit),
            network.a_name(layer - 1, source),
            Variable(weight),
            "weighted-sum",
            None,
            self._parameter(weight),
        )

    def _last_link(self, of: str) -> Link | None:
        """The link from a z to the parameter `of`; None where `of` is a z, an a or an input itself."""
        kind, layer, unit = self._places[of]
        if kind not in ("w", "b"):
            return None
        z_name = self.network.z_name(layer, unit)
        if kind == "b":
            return Link(z_name, of, ONE, "weighted-sum", None, 1.0)
        sources = range(1, self.network.layers[layer - 1] + 1)
        source = next(s for s in sources if self.network.weight_name(layer, unit, s) == of)
        below = self.network.a_name(layer - 1, source)
        return Link(z_name, of, Variable(below), "weighted-sum", None, float(self._below(layer)[source - 1]))

    def _end(self, of: str) -> _Place:
        """Where the search for paths ends: the z or a that `of` is, or whose weighted sum it is in."""
        kind, layer, unit = self._places[of]
        return ("z" if kind in ("w", "b") else kind, layer, unit)

    def _steps(self, place: _Place, end: _Place) -> Iterator[tuple[Link, _Place]]:
        """Yield the links that lead down from a z or an a towards the end, with where each arrives."""
        kind, layer, unit = place
        if kind == "a":
            yield self._activation_link(layer, unit), ("z", layer, unit)
            return
        aims_here = end[0] == "a" and end[1] == layer - 1
        for source in range(1, self.network.layers[layer - 1] + 1):
            if (aims_here or layer - 1 == end[1]) and source != end[2]:
                continue
            yield self._weight_link(layer, unit, source), ("a", layer - 1, source)

    def _starts(self, end: _Place) -> Iterator[tuple[Link, _Place]]:
        depth = self.network.depth
        for unit in range(1, self.network.layers[-1] + 1):
            if end[1] == depth and unit != end[2]:
                continue
            yield self._cost_link(unit), ("a", depth, unit)

    def paths(self, of: str) -> Iterator[Chain]:
        end, last = self._end(of), self._last_link(of)
        tail = () if last is None else (last,)
        stack = [((link,), place) for link, place in reversed(list(self._starts(end)))]
        while stack:
            links, place = stack.pop()
            if place == end:
                yield Chain((*links, *tail))
                continue
            stack.extend(((*links, link), below) for link, below in reversed(list(self._steps(place, end))))

    def largest_paths(self, of: str, limit: int) -> Iterator[Chain]:
        """Yield the paths with the largest products first, by a search that knows the best way onwards."""
        end, last = self._end(of), self._last_link(of)
        tail = () if last is None else (last,)
        best = self._best_onwards(end)
        order = count()
        heap: list[tuple[float, int, float, tuple[Link, ...], _Place]] = []

        def push(size: float, links: tuple[Link, ...], place: _Place) -> None:
            heapq.heappush(heap, (-size * best(place), next(order), size, links, place))

        for link, place in self._starts(end):
            push(_size(link), (link,), place)
        found = 0
        while heap and found < limit:
            _bound, _order, size, links, place = heapq.heappop(heap)
            if place == end:
                found += 1
                yield Chain((*links, *tail))
                continue
            for link, below in self._steps(place, end):
                push(size * _size(link), (*links, link), below)

    def _best_onwards(self, end: _Place) -> Callable[[_Place], float]:
        known: dict[_Place, float] = {end: 1.0}

        def best(place: _Place) -> float:
            if place not in known:
                known[place] = max((_size(link) * best(below) for link, below in self._steps(place, end)), default=0.0)
            return known[place]

        return best

    def count(self, of: str) -> int:
        """Number of paths: one for each way through the layers above."""
        kind, layer, _unit = self._end(of)
        above = self.network.layers[layer + 1 :] if layer < self.network.depth else ()
        return math.prod(above)

    def total(self, of: str) -> float | None:
        """Sum over all paths: each layer's part is summed once, which is backpropagation."""
        kind, layer, unit = self._end(of)
        network = self.network
        with np.errstate(all="ignore"):
            if layer == network.depth and kind == "a":
                first = self._cost_link(unit).value
                return first
            y_hat = self.trace.a[-1][self.sample]
            delta = last_delta(network, self._slopes[-1], y_hat, self.trace.targets[self.sample])
            weights = network.weights(self.parameters)
            above = network.depth
            while above > layer + (kind == "a"):
                delta = (delta @ weights[above - 1]) * self._slopes[above - 2]
                above -= 1
            value = float(delta @ weights[above - 1][:, unit - 1]) if kind == "a" else float(delta[unit - 1])
        last = self._last_link(of)
        return value if last is None or last.value is None else value * last.value

    def why_no_total(self, of: str) -> str:
        for chain in self.largest_paths(of, 1):
            for link in chain.links:
                if link.why is not None:
                    return link.why
        return _("The derivative is too large to calculate with.")

    def quantities(self) -> tuple[Quantity, ...]:
        """Every input, target, parameter, z, a and the cost, with definitions and values, in order."""
        network = self.network
        given = [Quantity(network.input_name(i + 1), None, float(v)) for i, v in enumerate(self.trace.inputs[self.sample])]
        given += [Quantity(network.target_name(i + 1), None, float(v)) for i, v in enumerate(self.trace.targets[self.sample])]
        given += [
            Quantity(name, None, value)
            for name, value in zip(network.parameter_names, self.parameters.tolist(), strict=True)
        ]
        defined = []
        for layer in range(1, network.depth + 1):
            for unit in range(1, network.layers[layer] + 1):
                defined.append(_quantity(network.z_name(layer, unit), self._weighted_sum(layer, unit), self._z(layer, unit)))
            for unit in range(1, network.layers[layer] + 1):
                formula = self._activation(layer).formula(Variable(network.z_name(layer, unit)))
                defined.append(_quantity(network.a_name(layer, unit), formula, self._a(layer, unit)))
        outputs = range(1, network.layers[-1] + 1)
        definition = COSTS[network.cost].definition(
            [network.output_name(unit) for unit in outputs], [network.target_name(unit) for unit in outputs]
        )
        defined.append(_quantity(COST, definition, float(self.trace.sample_costs[self.sample])))
        return (*given, *defined)

    def _weighted_sum(self, layer: int, unit: int) -> Expression:
        network = self.network
        terms: list[Expression] = [
            Binary(
                "*", Variable(network.weight_name(layer, unit, s)), Variable(network.a_name(layer - 1, s))
            )
            for s in range(1, network.layers[layer - 1] + 1)
        ]
        terms.append(Variable(network.bias_name(layer, unit)))
        return reduce(lambda left, right: Binary("+", left, right), terms)


def _quantity(name: str, definition: Expression, value: float) -> Quantity:
    if math.isfinite(value):
        return Quantity(name, definition, value)
    return Quantity(name, definition, None, _("{name} is too large to calculate with.").format(name=name))


def _size(link: Link) -> float:
    return 0.0 if link.value is None else abs(link.value)
