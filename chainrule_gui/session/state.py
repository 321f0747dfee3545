"""What the learner controls: frozen, compared by identity, cheap to copy with `dataclasses.replace`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.data import Dataset
from chainrule_gui.model.descent import Trajectory
from chainrule_gui.model.network import Network

Subject = Literal["function", "network"]
DiagramView = Literal["values", "gradients"]
CostScale = Literal["linear", "log"]


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A finished run, kept faint in the plot for comparison: its label and its cost at each step."""

    label: str
    costs: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RunState:
    """Where gradient descent stands.

    `trajectory` is deterministic and remembers what it computed, so states share it;
    `step` is the step shown, `length` the last step taken (the end of the scrubber).
    """

    trajectory: Trajectory
    step: int = 0
    length: int = 0
    earlier: tuple[EarlierRun, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionState:
    """The function subject: what was typed, the last text that could be read, and the point."""

    text: str
    good_text: str
    wrt: str
    point: tuple[tuple[str, float], ...]
    learning_rate: float
    run: RunState | None = None
    """None until the first descent step from the present point."""
    hidden_curves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NetworkState:
    """The network subject: the network, its data, the selected parameter and the run."""

    network: Network
    dataset: Dataset
    run: RunState
    learning_rate: float
    seed: int
    batch: int | None = None
    sample: int = 0
    selected: str = "w2"
    """Name of what is derived: a parameter (``w2``), or a node's z (``z1``, ``z2.1``)."""
    phase: int = 0
    """0 between steps; k > 0 while the k-th phase of the next step is narrated."""


@dataclass(frozen=True, slots=True)
class LabState:
    """Everything the learner controls that belongs to their work (a window's layout does not)."""

    subject: Subject
    function: FunctionState
    network: NetworkState
    diagram_view: DiagramView = "values"
    cost_scale: CostScale = "linear"
    hidden_panes: frozenset[str] = field(default_factory=frozenset)
