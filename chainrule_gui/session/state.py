"""What the learner controls: frozen, compared by identity, changed with `dataclasses.replace`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.model.data import Dataset, dataset
from chainrule_gui.model.descent import Descent, Trajectory
from chainrule_gui.model.network import Network
from chainrule_gui.model.network.initial_values import DEFAULT_SCHEME
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.model.preparation import Prepared

Array = NDArray[np.float64]
Subject = Literal["function", "network"]
DiagramView = Literal["values", "gradients"]
CostScale = Literal["linear", "log"]
ExpressionView = Literal["chain", "steps", "orders"]
NetworkExpression = Literal["chain", "orders"]
FunctionDiagram = Literal["graph", "nudge"]
FunctionPlot = Literal["curves", "links", "nudge"]
CostView = Literal["cost", "slice", "contour", "boundary", "parameters", "check"]
Outcome = Literal["open", "solved", "shown"]

PLAIN_RULE = UpdateRule()
USUAL_RANGE = (-6.5, 6.5)
"""The range of x that a plot shows before it is zoomed."""

LESSON_PARAMETERS = (0.78, 0.06, 0.07, 0.96)


@dataclass(frozen=True, slots=True, eq=False)
class EarlierRun:
    """A run that was left, kept faint in the plot for comparison: its label and its cost at each step."""

    label: str
    costs: Array


@dataclass(frozen=True, slots=True, eq=False)
class RunState:
    """Where gradient descent stands.

    `trajectory` is deterministic and remembers what it computed, so states share it; `step` is the step
    shown, `length` the last step taken (the end of the scrubber), `reset_to` what Reset goes back to.
    """

    trajectory: Trajectory
    reset_to: Array
    step: int = 0
    length: int = 0
    earlier: tuple[EarlierRun, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionView:
    """How a function is looked at: which picture each pane shows, and how far.

    `revealed` is how many steps of the derivation are shown, None for all of them; while `predicting`, the
    next one is a blank. `nudge` is the Δx that the diagram and the plot send through the function, `path` the
    chain whose links are plotted, counted from 0.
    """

    expression: ExpressionView = "chain"
    diagram: FunctionDiagram = "graph"
    plot: FunctionPlot = "curves"
    revealed: int | None = None
    predicting: bool = False
    nudge: float = 0.1
    path: int = 0


@dataclass(frozen=True, slots=True)
class ActiveExercise:
    """The exercise that is practised: the `place`-th, from 0, of the set of that topic, difficulty, depth and seed.

    `kind` is the topic that it is of, also in a mixed set. While its `outcome` is open the derivation is covered;
    once it is solved, or its solution was shown, answers to it no longer count.
    """

    topic: str
    difficulty: int
    depth: int | None
    seed: int
    place: int
    kind: str
    outcome: Outcome = "open"


@dataclass(frozen=True, slots=True, eq=False)
class FunctionState:
    """The function subject: what was typed, the last text that could be read, the point, the visible range of x.

    `run` is None until descent along x has made its first step from the point. `order` is which derivative is
    taken apart, 1 to 3. `split` holds the pieces, as text, that are taken apart further than a piece usually is.
    `answer` is what the learner takes for the derivative, as typed.
    """

    text: str
    good_text: str
    wrt: str
    point: tuple[tuple[str, float], ...]
    learning_rate: float = 0.5
    run: RunState | None = None
    x_range: tuple[float, float] = USUAL_RANGE
    hidden_curves: frozenset[str] = frozenset()
    order: int = 1
    split: frozenset[str] = frozenset()
    view: FunctionView = FunctionView()
    answer: str = ""
    exercise: ActiveExercise | None = None


@dataclass(frozen=True, slots=True)
class NetworkView:
    """How a network is looked at: derivation, plot, and the two parameters of its contour (None: the first two)."""

    plot: CostView = "cost"
    contour: tuple[str, str] | None = None
    expression: NetworkExpression = "chain"


@dataclass(frozen=True, slots=True, eq=False)
class NetworkState:
    """The network subject: the network, its data, the run, and the name of what is derived (``w2``, ``z1``).

    `phase` is 0 between steps and k while the k-th phase of the next step is narrated. `rule` is the optimiser,
    `frozen` names the parameters that no step changes, `scheme` is how initial values are drawn. `dataset` holds
    the samples that the network learns from; `prepared` says what they were made of, None where the data are used
    as they came.
    """

    network: Network
    dataset: Dataset
    run: RunState
    learning_rate: float = 1.0
    seed: int = 0
    batch: int | None = None
    sample: int = 0
    selected: str = "w2"
    phase: int = 0
    rule: UpdateRule = PLAIN_RULE
    frozen: frozenset[str] = frozenset()
    scheme: str = DEFAULT_SCHEME
    view: NetworkView = NetworkView()
    prepared: Prepared | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LabState:
    """Everything of the learner's work; the window's layout is not part of it."""

    subject: Subject
    function: FunctionState
    network: NetworkState
    diagram_view: DiagramView = "values"
    cost_scale: CostScale = "linear"


def initial_state() -> LabState:
    """Return the lesson: log(2 + cos x), and the 1-1-1 network on its one sample."""
    text = "log(2 + cos x)"
    return LabState(
        "function",
        FunctionState(text, text, "x", (("x", 1.0),)),
        new_network_state(Network((1, 1, 1)), dataset("lesson"), np.array(LESSON_PARAMETERS)),
    )


def new_network_state(
    network: Network,
    data: Dataset,
    parameters: Array,
    learning_rate: float = 1.0,
    seed: int = 0,
    batch: int | None = None,
) -> NetworkState:
    """Return a network at step 0, its last weight selected."""
    run = start_run(network, data, parameters, learning_rate, batch, seed)
    return NetworkState(network, data, run, learning_rate, seed, batch, selected=last_weight(network))


def last_weight(network: Network) -> str:
    """Return the name of a network's last weight."""
    return [name for name in network.parameter_names if name.startswith("w")][-1]


def start_run(
    network: Network,
    data: Dataset,
    parameters: Array,
    learning_rate: float,
    batch: int | None,
    seed: int,
    rule: UpdateRule = PLAIN_RULE,
    frozen: frozenset[str] = frozenset(),
) -> RunState:
    """Return a run at step 0 that Reset comes back to."""
    if batch is not None and batch > len(data.inputs):
        batch = None
    trajectory = Descent(
        network,
        parameters,
        data.inputs,
        data.targets,
        learning_rate,
        batch=batch,
        seed=seed,
        optimiser=rule,
        frozen=frozen,
    )
    return RunState(trajectory, trajectory.parameters_at(0))


def keep_earlier(run: RunState, label: str, most: int = 5) -> tuple[EarlierRun, ...]:
    """Return the earlier runs with `run` added, if it made a step; the oldest are let go."""
    if run.length == 0:
        return run.earlier
    return (*run.earlier, EarlierRun(label, run.trajectory.costs(run.length)))[-most:]
