"""What stands where in a network, and the definition of every quantity as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce

from chainrule_gui.model.expression.tree import Binary, Expression, Variable
from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.costs import COSTS
from chainrule_gui.model.network.network import Network


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity is: `kind` one of "w", "b", "z", "a" (an input is "a" of layer 0), units from 1."""

    kind: str
    layer: int
    unit: int
    source: int = 0

    @property
    def innermost(self) -> int:
        """The innermost layer whose z every path goes through."""
        return self.layer if self.kind in "wbz" else self.layer + 1


@lru_cache(maxsize=16)
def places_of(network: Network) -> dict[str, Place]:
    """Return where everything is that can be differentiated by, by its name."""
    places: dict[str, Place] = {}
    sizes = network.layers
    for unit in range(1, sizes[0] + 1):
        places[network.input_name(unit)] = Place("a", 0, unit)
    for layer in range(1, network.depth + 1):
        for unit in range(1, sizes[layer] + 1):
            for source in range(1, sizes[layer - 1] + 1):
                places[network.weight_name(layer, unit, source)] = Place("w", layer, unit, source)
            places[network.bias_name(layer, unit)] = Place("b", layer, unit)
            places[network.z_name(layer, unit)] = Place("z", layer, unit)
            places[network.a_name(layer, unit)] = Place("a", layer, unit)
    return places


@lru_cache(maxsize=16)
def definitions(network: Network) -> tuple[tuple[str, Expression | None], ...]:
    """Return the name and definition of every quantity: inputs, then layer by layer, then targets and J."""
    sizes = network.layers
    rows: list[tuple[str, Expression | None]] = [(network.input_name(unit), None) for unit in _units(sizes[0])]
    for layer in range(1, network.depth + 1):
        before, units = sizes[layer - 1], sizes[layer]
        rows += [(network.weight_name(layer, to, source), None) for to in _units(units) for source in _units(before)]
        rows += [(network.bias_name(layer, unit), None) for unit in _units(units)]
        rows += [(network.z_name(layer, unit), _weighted_sum(network, layer, unit)) for unit in _units(units)]
        row = ACTIVATIONS[network.activations[layer - 1]]
        rows += [
            (network.a_name(layer, unit), row.formula(Variable(network.z_name(layer, unit)))) for unit in _units(units)
        ]
    targets = [network.target_name(unit) for unit in _units(sizes[-1])]
    outputs = [network.output_name(unit) for unit in _units(sizes[-1])]
    rows += [(name, None) for name in targets]
    rows.append(("J", COSTS[network.cost].definition(outputs, targets)))
    return tuple(rows)


def _weighted_sum(network: Network, layer: int, unit: int) -> Expression:
    terms: list[Expression] = [
        Binary("*", Variable(network.weight_name(layer, unit, source)), Variable(network.a_name(layer - 1, source)))
        for source in _units(network.layers[layer - 1])
    ]
    return Binary(
        "+", reduce(lambda left, right: Binary("+", left, right), terms), Variable(network.bias_name(layer, unit))
    )


def _units(count: int) -> range:
    return range(1, count + 1)
