"""Pure edits: each takes a state and returns the one that follows. Nothing here draws, stores or waits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.data import Dataset
from chainrule_gui.model.descent import FunctionDescent
from chainrule_gui.model.expression.parser import ExpressionError, begun_function, parse
from chainrule_gui.model.expression.tree import variables
from chainrule_gui.model.network import Network
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.model.preparation import prepare
from chainrule_gui.session.phases import phase_count
from chainrule_gui.session.state import (
    PLAIN_RULE,
    CostScale,
    DiagramView,
    ExpressionView,
    FunctionView,
    LabState,
    NetworkState,
    NetworkView,
    RunState,
    Subject,
    keep_earlier,
    last_weight,
    start_run,
)

Array = NDArray[np.float64]

HIGHEST_ORDER = 3
SMALLEST_NUDGE, LARGEST_NUDGE = 1e-7, 10.0


def subject_chosen(state: LabState, subject: Subject) -> LabState:
    """Show the other subject; each keeps where it stood."""
    return replace(state, subject=subject)


def diagram_view_chosen(state: LabState, view: DiagramView) -> LabState:
    """Show values or gradients in the diagram."""
    return replace(state, diagram_view=view)


def expression_view_chosen(state: LabState, view: ExpressionView) -> LabState:
    """Show the chain, its worked steps or its two orders of multiplication; a network has no steps."""
    if state.subject == "network":
        if view == "steps":
            return state
        return network_view_edited(state, replace(state.network.view, expression=view))
    return function_view_edited(state, replace(state.function.view, expression=view))


def next_expression_view(state: LabState) -> LabState:
    """Show the next of the views that the subject has."""
    if state.subject == "network":
        return expression_view_chosen(state, "orders" if state.network.view.expression == "chain" else "chain")
    following: dict[ExpressionView, ExpressionView] = {"chain": "steps", "steps": "orders", "orders": "chain"}
    return expression_view_chosen(state, following[state.function.view.expression])


def steps_revealed(state: LabState, count: int | None) -> LabState:
    """Show so many steps of the worked solution, or all (None)."""
    view = replace(state.function.view, revealed=None if count is None else max(count, 0))
    return function_view_edited(state, view)


def prediction_chosen(state: LabState, predicting: bool) -> LabState:
    """Ask for the next factor of the worked solution, from its beginning where all of it was shown."""
    view = state.function.view
    revealed = 0 if predicting and view.revealed is None else view.revealed
    return function_view_edited(state, replace(view, predicting=predicting, revealed=revealed))


def diagram_toggled(state: LabState) -> LabState:
    """Show the other picture in the diagram of the subject shown."""
    if state.subject == "network":
        return diagram_view_chosen(state, "values" if state.diagram_view == "gradients" else "gradients")
    view = state.function.view
    return function_view_edited(state, replace(view, diagram="graph" if view.diagram == "nudge" else "nudge"))


def cost_scale_chosen(state: LabState, scale: CostScale) -> LabState:
    """Show the cost on a linear or a logarithmic axis."""
    return replace(state, cost_scale=scale)


# --- the function ------------------------------------------------------------------------------------


def text_edited(state: LabState, text: str, typing: bool = False) -> LabState:
    """Take what was typed; while it cannot be read, the last text that could be stays in the picture.

    While the learner is still `typing`, letters at the end that begin a function's name are not yet taken for
    variables: the way to ``log(x)`` does not lead over l and l·o.
    """
    function = state.function
    known = dict(function.point)
    waiting = state if text == function.text else replace(state, function=replace(function, text=text))
    try:
        names = variables(parse(text))
    except ExpressionError:
        return waiting
    begun = begun_function(text) if typing else None
    if text == function.good_text or (begun is not None and not known.keys() >= set(begun[0])):
        return waiting
    wrt = function.wrt if function.wrt in names else "x" if "x" in names or not names else names[0]
    point = tuple((name, known.get(name, 1.0)) for name in dict.fromkeys((wrt, *names)))
    changed = replace(function, text=text, good_text=text, wrt=wrt, point=point, run=None)
    changed = replace(changed, hidden_curves=frozenset(), split=frozenset(), order=1, exercise=None)
    return replace(state, function=replace(changed, view=_from_the_first_step(function.view)))


def wrt_chosen(state: LabState, name: str) -> LabState:
    """Differentiate by another variable."""
    exercise = state.function.exercise if name == state.function.wrt else None
    function = replace(state.function, wrt=name, run=None, exercise=exercise)
    return replace(state, function=replace(function, view=_from_the_first_step(function.view)))


def order_chosen(state: LabState, order: int) -> LabState:
    """Take the first, second or third derivative apart."""
    order = min(max(order, 1), HIGHEST_ORDER)
    exercise = state.function.exercise if order == state.function.order else None
    function = replace(state.function, order=order, exercise=exercise)
    return replace(state, function=replace(function, view=_from_the_first_step(function.view)))


def piece_split(state: LabState, piece: str, apart: bool) -> LabState:
    """Take a piece, given as text, apart further, or leave it whole again."""
    split = state.function.split | {piece} if apart else state.function.split - {piece}
    return replace(state, function=replace(state.function, split=split))


def function_view_edited(state: LabState, view: FunctionView) -> LabState:
    """Look at the function in another way."""
    return replace(state, function=replace(state.function, view=view))


def nudge_edited(state: LabState, size: float) -> LabState:
    """Send another Δx through the function; one too small to see or too large to be a nudge stops at the bound."""
    if not math.isfinite(size):
        return state
    view = state.function.view
    bounded = math.copysign(min(max(abs(size), SMALLEST_NUDGE), LARGEST_NUDGE), size or view.nudge)
    return function_view_edited(state, replace(view, nudge=bounded))


def _from_the_first_step(view: FunctionView) -> FunctionView:
    """Who reveals steps one by one, or predicts them, begins again with another derivative."""
    return replace(view, revealed=None if view.revealed is None else 0, path=0)


def point_edited(state: LabState, name: str, value: float) -> LabState:
    """Move to another point; descent along x then starts anew from there."""
    if not math.isfinite(value):
        return state
    function = state.function
    point = tuple((known, value if known == name else old) for known, old in function.point)
    return replace(state, function=replace(function, point=point, run=None))


def x_range_edited(state: LabState, low: float, high: float) -> LabState:
    """Show another range of x."""
    return replace(state, function=replace(state.function, x_range=(low, high)))


def curve_shown(state: LabState, name: str, shown: bool) -> LabState:
    """Show or hide a curve."""
    hidden = state.function.hidden_curves - {name} if shown else state.function.hidden_curves | {name}
    return replace(state, function=replace(state.function, hidden_curves=hidden))


# --- the network -------------------------------------------------------------------------------------


def parameter_edited(state: LabState, name: str, value: float) -> LabState:
    """Set a weight or bias; a new run starts from there, the one that was left stays for comparison."""
    network = state.network
    parameters = network.run.trajectory.parameters_at(network.run.step).copy()
    parameters[network.network.parameter_index(name)] = value
    return restarted(state, network, parameters)


def sample_value_edited(state: LabState, name: str, value: float) -> LabState:
    """Set an input or a target of the sample shown."""
    network = state.network
    shape = network.network
    inputs_by_name = {shape.input_name(unit + 1): unit for unit in range(shape.layers[0])}
    targets_by_name = {shape.target_name(unit + 1): unit for unit in range(shape.layers[-1])}
    is_target = name not in inputs_by_name
    column = targets_by_name[name] if is_target else inputs_by_name[name]
    data = network.prepared or prepare(network.dataset)
    prepared = data.with_value(network.sample, column, value, is_target)
    changed = replace(network, dataset=prepared.train, prepared=prepared if network.prepared else None)
    return restarted(state, changed, network.run.trajectory.parameters_at(network.run.step))


def value_edited(state: LabState, name: str, value: float) -> LabState:
    """Set whatever of the network carries this name: a weight, a bias, an input or a target."""
    if not math.isfinite(value):
        return state
    if name in state.network.network.parameter_names:
        return parameter_edited(state, name, value)
    return sample_value_edited(state, name, value)


def selected(state: LabState, name: str) -> LabState:
    """Derive by another parameter or node."""
    return replace(state, network=replace(state.network, selected=name))


def sample_chosen(state: LabState, sample: int) -> LabState:
    """Show another sample of the data."""
    sample = min(max(sample, 0), len(state.network.dataset.inputs) - 1)
    return replace(state, network=replace(state.network, sample=sample))


def dataset_chosen(state: LabState, data: Dataset) -> LabState:
    """Take other data; the first and last layer follow their columns."""
    network = state.network
    layers = (data.inputs.shape[1], *network.network.layers[1:-1], data.targets.shape[1])
    if layers == network.network.layers:
        changed = replace(network, dataset=data, prepared=None, sample=0)
        return restarted(state, changed, network.run.trajectory.parameters_at(network.run.step))
    shape = Network(layers, network.network.activations, network.network.cost)
    return _rebuilt(state, shape, data)


def data_prepared(state: LabState, test_share: float, standardised: bool) -> LabState:
    """Hold a part of the data out for testing and standardise the inputs, or take either back."""
    network = state.network
    whole = network.prepared.whole if network.prepared else network.dataset
    prepared = prepare(whole, test_share, network.seed, standardised) if test_share or standardised else None
    changed = replace(network, dataset=prepared.train if prepared else whole, prepared=prepared, sample=0)
    return restarted(state, changed, network.run.trajectory.parameters_at(network.run.step))


def architecture_edited(state: LabState, layers: Iterable[int], activations: Iterable[str], cost: str) -> LabState:
    """Build another network on the same data; NetworkError where it cannot be or does not fit the data.

    Where only activations or the cost change, the parameters stay.
    """
    network = state.network
    shape = Network(tuple(layers), tuple(activations), cost)
    if shape.layers == network.network.layers:
        changed = replace(network, network=shape)
        return restarted(state, changed, network.run.trajectory.parameters_at(network.run.step))
    return _rebuilt(state, shape, network.dataset)


def batch_edited(state: LabState, batch: int | None) -> LabState:
    """Use so many samples for each step, or all (None)."""
    changed = replace(state.network, batch=batch)
    return restarted(state, changed, state.network.run.trajectory.parameters_at(state.network.run.step))


def new_random_start(state: LabState) -> LabState:
    """Start anew from the parameters of the next seed."""
    return seed_chosen(state, state.network.seed + 1)


def seed_chosen(state: LabState, seed: int) -> LabState:
    """Start anew from the parameters of a seed."""
    network = replace(state.network, seed=seed)
    return restarted(state, network, network.network.initial_parameters(seed, network.scheme))


def scheme_chosen(state: LabState, scheme: str) -> LabState:
    """Draw the initial values by another scheme, and start anew from them."""
    network = replace(state.network, scheme=scheme)
    return restarted(state, network, network.network.initial_parameters(network.seed, scheme))


def optimiser_chosen(state: LabState, rule: UpdateRule) -> LabState:
    """Use another optimiser, or other hyperparameters, from the same start as the run that is left, to compare them."""
    network = replace(state.network, rule=rule)
    return restarted(state, network, state.network.run.trajectory.parameters_at(0))


def parameter_frozen(state: LabState, name: str, frozen: bool) -> LabState:
    """Lock a parameter, so that no step changes it, or release it; a new run starts from where it stands."""
    network = state.network
    names = network.frozen | {name} if frozen else network.frozen - {name}
    changed = replace(network, frozen=names)
    return restarted(state, changed, network.run.trajectory.parameters_at(network.run.step))


def network_view_edited(state: LabState, view: NetworkView) -> LabState:
    """Look at the network in another way."""
    return replace(state, network=replace(state.network, view=view))


def rate_and_rule(network: NetworkState) -> str:
    """Return what tells a run from others that are compared with it."""
    rate = f"{network.learning_rate:g}"
    if network.rule == PLAIN_RULE:
        return _("η = {rate}").format(rate=rate)
    return _("{optimiser}, η = {rate}").format(optimiser=_(network.rule.row.label), rate=rate)


def restarted(state: LabState, network: NetworkState, parameters: Array) -> LabState:
    """Begin a new run of `network` from `parameters`; the one that was left stays where it can be compared."""
    run = start_run(
        network.network,
        network.dataset,
        parameters,
        network.learning_rate,
        network.batch,
        network.seed,
        network.rule,
        network.frozen,
    )
    old = state.network
    comparable = network.dataset is old.dataset and network.network == old.network
    earlier = keep_earlier(old.run, rate_and_rule(old)) if comparable else ()
    return replace(state, network=replace(network, run=replace(run, earlier=earlier), phase=0))


def _rebuilt(state: LabState, shape: Network, data: Dataset) -> LabState:
    old = state.network
    parameters = shape.initial_parameters(seed=old.seed, scheme=old.scheme)
    changed = replace(
        old,
        network=shape,
        dataset=data,
        prepared=old.prepared if data is old.dataset else None,
        sample=0,
        selected=last_weight(shape),
        frozen=frozenset(),
        view=NetworkView(expression=old.view.expression),
    )
    return restarted(state, changed, parameters)


# --- gradient descent, of either subject -------------------------------------------------------------


def run_of(state: LabState) -> RunState | None:
    """Return the run of the subject shown; None for a function before its first step."""
    return state.network.run if state.subject == "network" else state.function.run


def advanced(state: LabState, steps: int = 1) -> LabState:
    """Go `steps` updates forward, or to where descent diverges."""
    run = run_of(state)
    if run is None:
        function = state.function
        trajectory = FunctionDescent(
            parse(function.good_text), function.wrt, dict(function.point), function.learning_rate
        )
        run = RunState(trajectory, trajectory.parameters_at(0))
    reached = run.trajectory.extend_to(run.step + steps)
    return _at_step(state, replace(run, step=reached, length=max(run.length, reached)))


def gone_to(state: LabState, step: int) -> LabState:
    """Go to a step of the run that was already made."""
    run = run_of(state)
    if run is None:
        return state
    return _at_step(state, replace(run, step=min(max(step, 0), run.length)))


def stepped_back(state: LabState) -> LabState:
    """Go one step back, or out of the phases of the next step."""
    if state.subject == "network" and state.network.phase:
        return replace(state, network=replace(state.network, phase=state.network.phase - 1))
    run = run_of(state)
    return state if run is None else gone_to(state, run.step - 1)


def reset(state: LabState) -> LabState:
    """Go back to the same start; the run that was made stays for comparison."""
    run = run_of(state)
    if run is None:
        return state
    if state.subject == "function":
        start = float(run.trajectory.parameters_at(0)[0])
        return point_edited(state, state.function.wrt, start)
    network = state.network
    return restarted(state, network, run.reset_to)


def phase_advanced(state: LabState) -> LabState:
    """Go to the next phase of the step; behind the last one the step is made."""
    network = state.network
    if network.phase < phase_count(network.network):
        return replace(state, network=replace(network, phase=network.phase + 1))
    return advanced(state)


def learning_rate_edited(state: LabState, rate: float) -> LabState:
    """Use another learning rate from the step shown onwards."""
    if not math.isfinite(rate):
        return state
    run = run_of(state)
    if run is not None:
        branch = run.trajectory.branch(run.step, rate)
        run = replace(run, trajectory=branch, length=run.step)
    if state.subject == "network" and run is not None:
        return replace(state, network=replace(state.network, learning_rate=rate, run=run))
    return replace(state, function=replace(state.function, learning_rate=rate, run=run))


def _at_step(state: LabState, run: RunState) -> LabState:
    if state.subject == "network":
        return replace(state, network=replace(state.network, run=run, phase=0))
    function = state.function
    x = float(run.trajectory.parameters_at(run.step)[0])
    point = tuple((name, x if name == function.wrt else value) for name, value in function.point)
    return replace(state, function=replace(function, run=run, point=point))
