"""What a network is: its layers, activations and cost, and the names of everything in it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.network.activations import ACTIVATIONS
from chainrule_gui.model.network.costs import COSTS
from chainrule_gui.model.network.initial_values import DEFAULT_SCHEME, SCHEMES

Array = NDArray[np.float64]

MAX_LAYERS = 8
"""At most so many layers after the input."""

MAX_UNITS = 16
"""At most so many units in a layer, the input included."""


class NetworkError(ValueError):
    """A network, its parameters or its data do not fit; the message says what and how."""


@dataclass(frozen=True, slots=True, init=False)
class Network:
    """A fully connected feed-forward network: a⁰ = x, zˡ = Wˡaˡ⁻¹ + bˡ, aˡ = f(zˡ), ŷ = the last a.

    Attributes
    ----------
    layers : number of units of each layer, the input first
    activations : key of each layer's activation, one for each layer after the input
    cost : key of the cost

    Raises
    ------
    NetworkError
        for sizes, activations or a cost that do not exist.
    """

    layers: tuple[int, ...]
    activations: tuple[str, ...]
    cost: str

    def __init__(
        self,
        layers: Sequence[int],
        activations: str | Sequence[str] = "sigmoid",
        cost: str = "squared-error",
    ) -> None:
        sizes = _checked_layers(layers)
        keys = (activations,) if isinstance(activations, str) else tuple(activations)
        object.__setattr__(self, "layers", sizes)
        object.__setattr__(self, "activations", _checked_activations(keys, len(sizes) - 1))
        object.__setattr__(self, "cost", _checked_cost(cost))

    @property
    def depth(self) -> int:
        """Number of layers after the input."""
        return len(self.layers) - 1

    @property
    def is_single(self) -> bool:
        """Whether every layer, the input too, has one unit, so that names need no second number."""
        return self.layers.count(1) == len(self.layers)

    @property
    def entropy_of_sigmoid(self) -> bool:
        """Whether the cost is cross-entropy of sigmoid outputs, which is computed from z."""
        return self.cost == "cross-entropy" and self.activations[-1] == "sigmoid"

    @property
    def parameter_count(self) -> int:
        """Number of all weights and biases."""
        return sum(units * (before + 1) for before, units in pairwise(self.layers))

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Every parameter's name in the order of the flat vector."""
        return tuple(_parameter_indices(self.layers))

    def parameter_index(self, name: str) -> int:
        """Return a parameter's place in the flat vector.

        Raises
        ------
        NetworkError
            where the network has no such parameter.
        """
        index = _parameter_indices(self.layers).get(name)
        if index is None:
            raise NetworkError(_("The network has no parameter named {name}.").format(name=name))
        return index

    def input_name(self, unit: int) -> str:
        """Return the name of an input, counted from 1."""
        return "x" if self.is_single else f"x.{unit}"

    def target_name(self, unit: int) -> str:
        """Return the name of a target, counted from 1."""
        return "y" if self.is_single else f"y.{unit}"

    def output_name(self, unit: int) -> str:
        """Return the name of an output, counted from 1."""
        return "y_hat" if self.is_single else f"y_hat.{unit}"

    def z_name(self, layer: int, unit: int) -> str:
        """Return the name of a pre-activation; layers and units count from 1."""
        return f"z{layer}" if self.is_single else f"z{layer}.{unit}"

    def a_name(self, layer: int, unit: int) -> str:
        """Return the name of an activation: an input's for layer 0, an output's for the last layer."""
        if layer == 0:
            return self.input_name(unit)
        if layer == self.depth:
            return self.output_name(unit)
        return f"a{layer}" if self.is_single else f"a{layer}.{unit}"

    def weight_name(self, layer: int, to: int, source: int) -> str:
        """Return the name of the weight into unit `to` of `layer` from unit `source` of the layer before."""
        return f"w{layer}" if self.is_single else f"w{layer}.{to}.{source}"

    def bias_name(self, layer: int, unit: int) -> str:
        """Return the name of a bias."""
        return f"b{layer}" if self.is_single else f"b{layer}.{unit}"

    def initial_parameters(self, seed: int, scheme: str = DEFAULT_SCHEME) -> Array:
        """Return a start, drawn by one of the schemes in `SCHEMES`; the same seed gives the same values.

        Raises
        ------
        NetworkError
            for a negative seed or a scheme that does not exist.
        """
        if seed < 0:
            raise NetworkError(_("The seed must not be negative."))
        row = SCHEMES.get(scheme)
        if row is None:
            message = _("There is no scheme of initial values named {name}; choose from {names}.")
            raise NetworkError(message.format(name=scheme, names=", ".join(SCHEMES)))
        random = np.random.default_rng(seed)
        parameters = np.full(self.parameter_count, row.bias)
        for weights in self.weights(parameters):
            weights[...] = row.draw(random, *weights.shape)
        return parameters

    def weights(self, parameters: Array) -> tuple[Array, ...]:
        """Return each layer's weights as a view, shape (units, units before)."""
        return tuple(
            parameters[start : start + units * before].reshape(units, before)
            for start, units, before in _blocks(self.layers)
        )

    def biases(self, parameters: Array) -> tuple[Array, ...]:
        """Return each layer's biases as a view, shape (units,)."""
        return tuple(
            parameters[start + units * before : start + units * (before + 1)]
            for start, units, before in _blocks(self.layers)
        )


def checked_parameters(network: Network, parameters: ArrayLike) -> Array:
    """Return the parameters as a float64 vector.

    Raises
    ------
    NetworkError
        where it has not one number for each parameter.
    """
    vector = np.asarray(parameters, dtype=np.float64)
    if vector.shape != (network.parameter_count,):
        raise NetworkError(
            _("The network has {count} parameters, but the shape of what was given is {shape}.").format(
                count=network.parameter_count, shape=vector.shape
            )
        )
    return vector


def checked_samples(network: Network, inputs: ArrayLike, targets: ArrayLike) -> tuple[Array, Array]:
    """Return inputs (n, in) and targets (n, out) as float64 arrays.

    Raises
    ------
    NetworkError
        where their shapes do not fit the network or each other.
    """
    x, y = np.asarray(inputs, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y) or len(x) == 0:
        raise NetworkError(_("Inputs and targets must be two tables with the same number of rows, at least one."))
    if x.shape[1] != network.layers[0] or y.shape[1] != network.layers[-1]:
        raise NetworkError(
            _(
                "The network takes {inputs} inputs and gives {outputs} outputs, "
                "but the data have {data_inputs} inputs and {data_targets} targets."
            ).format(
                inputs=network.layers[0], outputs=network.layers[-1], data_inputs=x.shape[1], data_targets=y.shape[1]
            )
        )
    return x, y


def _blocks(layers: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Return (place of the first weight, units, units before) of each layer."""
    blocks, start = [], 0
    for before, units in pairwise(layers):
        blocks.append((start, units, before))
        start += units * (before + 1)
    return blocks


@lru_cache(maxsize=64)
def _parameter_indices(layers: tuple[int, ...]) -> dict[str, int]:
    network = Network(layers)
    names: list[str] = []
    for layer, (before, units) in enumerate(pairwise(layers), start=1):
        names += [
            network.weight_name(layer, to, source) for to in range(1, units + 1) for source in range(1, before + 1)
        ]
        names += [network.bias_name(layer, unit) for unit in range(1, units + 1)]
    return {name: index for index, name in enumerate(names)}


def _checked_layers(layers: Sequence[int]) -> tuple[int, ...]:
    sizes = tuple(layers)
    if not 2 <= len(sizes) <= MAX_LAYERS + 1:
        raise NetworkError(
            _("A network needs an input and 1 to {most} layers after it, but {count} sizes were given.").format(
                most=MAX_LAYERS, count=len(sizes)
            )
        )
    checked = []
    for size in sizes:
        if isinstance(size, bool) or not hasattr(size, "__index__") or not 1 <= size <= MAX_UNITS:
            raise NetworkError(
                _(
                    "Every layer, the input too, has 1 to {most} units; one size that was given is not such a number."
                ).format(most=MAX_UNITS)
            )
        checked.append(operator.index(size))
    return tuple(checked)


def _checked_activations(keys: tuple[str, ...], depth: int) -> tuple[str, ...]:
    for key in keys:
        if key not in ACTIVATIONS:
            raise NetworkError(
                _("There is no activation named {name}; choose from {names}.").format(
                    name=key, names=", ".join(ACTIVATIONS)
                )
            )
    if len(keys) == 1:
        return keys * depth
    if len(keys) != depth:
        raise NetworkError(
            _("Give one activation, or one for each of the {depth} layers after the input, not {count}.").format(
                depth=depth, count=len(keys)
            )
        )
    return keys


def _checked_cost(cost: str) -> str:
    if cost not in COSTS:
        raise NetworkError(
            _("There is no cost named {name}; choose from {names}.").format(name=cost, names=", ".join(COSTS))
        )
    return cost
