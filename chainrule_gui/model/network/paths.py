"""∂J/∂(anything in a network) as the sum over all paths, each path a chain of local derivatives.

A path goes from the cost through one unit of every layer: J → ŷₖ → zₖ → a → z → … → what is asked for. There
can be astronomically many, so they are counted by multiplying, valued by adding up layer by layer, and only
the largest are written out, found by keeping the best few of every unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product as every_combination

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
from chainrule_gui.model.expression.tree import ONE, Variable
from chainrule_gui.model.network.activations import ACTIVATIONS, Activation
from chainrule_gui.model.network.costs import COSTS, why_no_cost
from chainrule_gui.model.network.definitions import definitions, places_of
from chainrule_gui.model.network.network import Network, NetworkError, checked_parameters
from chainrule_gui.model.network.propagation import Trace

Array = NDArray[np.float64]
Path = tuple[int, ...]
"""The units a path goes through, from the last layer inwards, counted from 0."""


def derivation(
    network: Network, parameters: ArrayLike, trace: Trace, of: str, sample: int = 0, limit: int = 12
) -> Derivation:
    """Return ∂J/∂`of` for one sample's cost as a sum of chains, the largest first.

    Parameters
    ----------
    parameters : (P,), those of the trace
    of : name of a parameter, a z, an activation, an output or an input
    sample : row of the trace
    limit : at most so many chains are written out; `chain_count` and the value cover all

    Raises
    ------
    NetworkError
        where the network has nothing of that name, or the trace no such sample.
    """
    writer = _Writer(network, checked_parameters(network, parameters), trace, of, sample)
    paths = writer.largest(limit)
    chains = [writer.chain(path) for path in paths]
    value = writer.value()
    return Derivation(
        of="J",
        wrt=of,
        quantities=writer.quantities(),
        chains=tuple(chains),
        chain_count=writer.count,
        derivative_value=value,
        why=writer.why_no_value(value),
    )


def all_paths(network: Network, parameters: ArrayLike, trace: Trace, of: str, sample: int = 0) -> Iterator[Chain]:
    """Yield every chain of ∂J/∂`of`, one at a time, in the order of the units.

    Raises
    ------
    NetworkError
        where the network has nothing of that name, or the trace no such sample.
    """
    writer = _Writer(network, checked_parameters(network, parameters), trace, of, sample)
    return map(writer.chain, writer.every_path())


class _Writer:
    """Writes the paths of one derivative at one sample."""

    def __init__(self, network: Network, parameters: Array, trace: Trace, of: str, sample: int) -> None:
        if not 0 <= sample < len(trace.inputs):
            raise NetworkError(
                _("There is no sample {sample}: the data have {count}.").format(
                    sample=sample + 1, count=len(trace.inputs)
                )
            )
        place = places_of(network).get(of)
        if place is None:
            raise NetworkError(_("The network has nothing named {name} to differentiate by.").format(name=of))
        self.network = network
        self.parameters = parameters
        self.of = of
        self.place = place
        self.weights = network.weights(parameters)
        self.x, self.y = trace.inputs[sample], trace.targets[sample]
        self.z = [z[sample] for z in trace.z]
        self.a = [a[sample] for a in trace.a]
        self.sample_cost = float(trace.sample_costs[sample])
        with np.errstate(all="ignore"):
            self.slopes = [
                ACTIVATIONS[key].derivative(z, a) for key, z, a in zip(network.activations, self.z, self.a, strict=True)
            ]
            self.by_output = COSTS[network.cost].by_output(self.a[-1], self.y)
            # δ of the last layer: what backpropagation starts from, exact where ŷ is rounded to 0 or 1.
            self.delta = self.a[-1] - self.y if network.entropy_of_sigmoid else self.by_output * self.slopes[-1]
        if not math.isfinite(self.sample_cost):
            self.delta = np.full_like(self.delta, np.nan)
        self._links: dict[tuple[str, str], Link] = {}

    @property
    def free_layers(self) -> range:
        """The layers, from the last inwards, of which a path may take any unit."""
        inner = self.place.innermost
        return range(self.network.depth, inner if self.place.kind in "wbz" else inner - 1, -1)

    @property
    def count(self) -> int:
        """Number of all paths."""
        return math.prod(self.network.layers[layer] for layer in self.free_layers)

    def _fixed(self) -> Path:
        return (self.place.unit - 1,) if self.place.kind in "wbz" or self._is_output() else ()

    def every_path(self) -> Iterator[Path]:
        """Yield every path in the order of the units."""
        units = [range(self.network.layers[layer]) for layer in self.free_layers]
        return (path + self._fixed() for path in every_combination(*units))

    def value(self) -> float | None:
        """Return the sum over all paths, layer by layer; None where it does not exist."""
        if self._is_output():
            factor = float(self.by_output[self.place.unit - 1])
            return factor if math.isfinite(factor) and math.isfinite(self.sample_cost) else None
        with np.errstate(all="ignore"):
            delta = self.delta
            for layer in range(self.network.depth - 1, self.place.innermost - 1, -1):
                delta = (self.weights[layer].T @ delta) * self.slopes[layer - 1]
            if self.place.kind == "a":
                total = self.weights[self.place.layer][:, self.place.unit - 1] @ delta
            else:
                total = delta[self.place.unit - 1] * self._entry()
        return float(total) if math.isfinite(total) else None

    def _is_output(self) -> bool:
        return self.place.kind == "a" and self.place.layer == self.network.depth

    def _entry(self) -> float:
        """∂z/∂(what is asked for), for the last link into a weight."""
        if self.place.kind != "w":
            return 1.0
        before = self.x if self.place.layer == 1 else self.a[self.place.layer - 2]
        return float(before[self.place.source - 1])

    def largest(self, limit: int) -> list[Path]:
        """Return the `limit` paths with the largest products, the largest first."""
        if self._is_output():
            return [(self.place.unit - 1,)]
        with np.errstate(all="ignore"):
            sizes, paths = self._best(max(limit, 1))
        ranked = np.argsort(-sizes, kind="stable")[:limit]
        return [tuple(int(unit) for unit in paths[rank]) for rank in ranked]

    def _best(self, limit: int) -> tuple[Array, NDArray[np.intp]]:
        """Return sizes (k,) as logarithms and units (k, layers) of at least the best `limit` paths.

        Built from the inside out: for each unit of a layer the best `limit` ways from it to the target. Any part of
        a largest path is itself among the largest, so nothing is lost.
        """
        inner = self.place.innermost
        units = self.network.layers[inner]
        if self.place.kind == "a":
            chosen = np.arange(units)
            sizes = _size(self.weights[inner - 1][:, self.place.unit - 1])[:, None]
        else:
            chosen = np.array([self.place.unit - 1])
            sizes = np.full((1, 1), _size(np.array(self._entry())))
        # sizes (sources, k); paths (sources, k, layers so far)
        paths = chosen[:, None, None]
        for layer in range(inner + 1, self.network.depth + 1):
            across = _size(self.weights[layer - 1][:, chosen]) + _size(self.slopes[layer - 2][chosen])
            candidates = (across[:, :, None] + sizes[None]).reshape(len(across), -1)
            ranked = np.argsort(-candidates, axis=1, kind="stable")[:, :limit]
            flat = paths.reshape(-1, paths.shape[2])
            chosen = np.arange(len(across))
            head = np.broadcast_to(chosen[:, None, None], (*ranked.shape, 1))
            sizes = np.take_along_axis(candidates, ranked, axis=1)
            paths = np.concatenate([head, flat[ranked]], axis=2)
        sizes = sizes + _size(self.delta[chosen])[:, None]
        return sizes.ravel(), paths.reshape(-1, paths.shape[2])

    def chain(self, path: Path) -> Chain:
        """Return the chain of links along a path."""
        network, layer = self.network, self.network.depth
        outer = network.output_name(path[0] + 1)
        links = [self._link("J", outer, self._cost_link, path[0])]
        if self._is_output():
            return Chain(tuple(links))
        for step, unit in enumerate(path):
            a, z = network.a_name(layer, unit + 1), network.z_name(layer, unit + 1)
            if step > 0:
                above = path[step - 1]
                links.append(
                    self._link(network.z_name(layer + 1, above + 1), a, self._weight_link, layer + 1, above, unit)
                )
            links.append(self._link(a, z, self._activation_link, layer, unit))
            layer -= 1
        unit = path[-1]
        z = network.z_name(layer + 1, unit + 1)
        match self.place.kind:
            case "a":
                links.append(self._link(z, self.of, self._weight_link, layer + 1, unit, self.place.unit - 1))
            case "w" | "b":
                links.append(self._link(z, self.of, self._parameter_link))
        return Chain(tuple(links))

    def _link(self, of: str, wrt: str, write: object, *arguments: int) -> Link:
        link = self._links.get((of, wrt))
        if link is None:
            link = self._links[of, wrt] = write(of, wrt, *arguments)  # type: ignore[operator]
        return link

    def _cost_link(self, of: str, wrt: str, unit: int) -> Link:
        formula = COSTS[self.network.cost].by_output_formula(
            Variable(wrt), Variable(self.network.target_name(unit + 1))
        )
        value = float(self.by_output[unit])
        why = None
        if not math.isfinite(self.sample_cost):
            value, why = math.nan, self._why_no_cost()
        elif not math.isfinite(value):
            why = _(
                "{output} is rounded to 0 or 1 here, so this factor has no value by itself; "
                "together with the next factor it is {output} − {target}."
            ).format(output=wrt, target=self.network.target_name(unit + 1))
        return Link(of, wrt, formula, "cost", value=value if math.isfinite(value) else None, why=why)

    def _activation_link(self, of: str, wrt: str, layer: int, unit: int) -> Link:
        row = ACTIVATIONS[self.network.activations[layer - 1]]
        value, why = _known(float(self.slopes[layer - 1][unit]))
        if row.at_kink is not None and self.z[layer - 1][unit] == 0.0:
            why = kink_sentence(wrt, row)
        rule = row.function or "identity"
        return Link(of, wrt, row.derivative_formula(Variable(wrt)), rule, row.function, value, why)

    def _weight_link(self, of: str, wrt: str, layer: int, to: int, source: int) -> Link:
        name = self.network.weight_name(layer, to + 1, source + 1)
        value, why = _known(float(self.weights[layer - 1][to, source]))
        return Link(of, wrt, Variable(name), "weighted-sum", value=value, why=why)

    def _parameter_link(self, of: str, wrt: str) -> Link:
        if self.place.kind == "b":
            return Link(of, wrt, ONE, "weighted-sum", value=1.0)
        source = self.network.a_name(self.place.layer - 1, self.place.source)
        value, why = _known(self._entry())
        return Link(of, wrt, Variable(source), "weighted-sum", value=value, why=why)

    def _why_no_cost(self) -> str:
        return why_no_cost(self.network.cost, self.a[-1], self.y)

    def why_no_value(self, value: float | None) -> str | None:
        """Say why the derivative has no value, None where it has one."""
        if value is not None:
            return None
        if not math.isfinite(self.sample_cost):
            return self._why_no_cost()
        return _("The derivative is too large to calculate with.")

    def quantities(self) -> tuple[Quantity, ...]:
        """Return every quantity of the network with its definition and value."""
        values: list[float] = [*self.x.tolist()]
        for layer, (weights, biases) in enumerate(zip(self.weights, self.network.biases(self.parameters), strict=True)):
            values += [*weights.ravel().tolist(), *biases.tolist(), *self.z[layer].tolist(), *self.a[layer].tolist()]
        values += [*self.y.tolist(), self.sample_cost]
        quantities = []
        for (name, definition), value in zip(definitions(self.network), values, strict=True):
            known, why = _known(value)
            quantities.append(Quantity(name, definition, known, self._why_no_cost() if why and name == "J" else why))
        return tuple(quantities)


def _known(value: float) -> tuple[float | None, str | None]:
    if math.isfinite(value):
        return value, None
    return None, _("This value is too large to calculate with.")


def kink_sentence(z: str, row: Activation) -> str:
    """Say which convention stands in for the derivative at a kink."""
    if row.at_kink == 0.0:
        message = _("{name} is exactly 0, where {function} has no derivative; by convention 0 is used.")
    else:
        message = _(
            "{name} is exactly 0, where {function} has no derivative; by convention its slope left of 0 is used."
        )
    return message.format(name=z, function=row.key)


def _size(values: Array) -> Array:
    """Logarithms of absolute values, so that products of many factors neither overflow nor vanish."""
    return np.nan_to_num(np.log(np.abs(values)), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
