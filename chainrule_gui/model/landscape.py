"""The mean cost as a function of one parameter (a slice) or of two (a contour), the others held fixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.network.cost_grid import Block, CostGrid
from chainrule_gui.model.network.network import Network, NetworkError
from chainrule_gui.model.network.propagation import backward, forward

__all__ = ["Block", "Slice", "contour", "contour_blocks", "cost_slice"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """J along one parameter, with its tangent and the next step.

    Attributes
    ----------
    of : the parameter's name
    values, costs : (m,); a cost is nan where it has no value
    value, cost, slope : where the parameter stands, J and ∂J/∂θ there
    move : the next step along it, −η·∂J/∂θ
    landing_cost : J at ``landing`` with the other parameters as they are; nan where it has no value
    why : a sentence, where a cost has no value
    """

    of: str
    values: Array
    costs: Array
    value: float
    cost: float
    slope: float
    move: float
    landing_cost: float
    why: str | None

    @property
    def landing(self) -> float:
        """Where the next step puts the parameter."""
        return self.value + self.move

    def tangent(self, values: ArrayLike) -> Array:
        """Return the tangent's height at parameter values."""
        return self.cost + self.slope * (np.asarray(values, dtype=np.float64) - self.value)


def cost_slice(
    network: Network,
    parameters: ArrayLike,
    inputs: ArrayLike,
    targets: ArrayLike,
    of: str,
    values: ArrayLike,
    learning_rate: float,
    move: float | None = None,
) -> Slice:
    """Return J along one parameter.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    of : the parameter's name
    values : (m,) its values
    move : the next step, where an optimiser makes another one than −η·∂J/∂θ

    Raises
    ------
    NetworkError
        where the shapes do not fit the network, or it has no such parameter.
    """
    index = network.parameter_index(of)
    trace = forward(network, parameters, inputs, targets)
    slope = float(backward(network, parameters, trace).flat[index])
    value = float(np.asarray(parameters)[index])
    move = -learning_rate * slope if move is None else move
    along = np.asarray(values, dtype=np.float64)
    landscape = CostGrid(network, parameters, inputs, targets, {of: np.append(along, value + move)})
    blocks = list(landscape.blocks())
    costs = np.concatenate([block.costs[:, 0] for block in blocks])
    why = next((block.why for block in blocks if block.why), None)
    return Slice(of, along, costs[:-1], value, trace.cost, slope, move, float(costs[-1]), why)


def contour_blocks(
    network: Network,
    parameters: ArrayLike,
    inputs: ArrayLike,
    targets: ArrayLike,
    of: tuple[str, str],
    first: ArrayLike,
    second: ArrayLike,
) -> Iterator[Block]:
    """Yield J over a grid of two parameters, block by block: few rows, and each block in well below 100 ms.

    Parameters
    ----------
    parameters : (P,)
    inputs : (n, in)
    targets : (n, out)
    of : the two parameters' names
    first, second : (rows,) and (columns,), their values

    Raises
    ------
    NetworkError
        where the shapes do not fit the network, it has no such parameters, or both are the same.
    """
    if of[0] == of[1]:
        raise NetworkError(_("A contour needs two different parameters."))
    return CostGrid(network, parameters, inputs, targets, {of[0]: first, of[1]: second}).blocks()


def contour(
    network: Network,
    parameters: ArrayLike,
    inputs: ArrayLike,
    targets: ArrayLike,
    of: tuple[str, str],
    first: ArrayLike,
    second: ArrayLike,
) -> Array:
    """Return J over a whole grid of two parameters, (rows, columns), nan where it has no value."""
    costs = np.full((len(np.asarray(first)), len(np.asarray(second))), np.nan)
    for block in contour_blocks(network, parameters, inputs, targets, of, first, second):
        costs[block.rows, block.columns] = block.costs
    return costs
