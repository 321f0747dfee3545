"""`resolve`: from what the learner controls to everything that is shown, as one frozen frame.

Parts whose inputs did not change are taken over from the frame before, so views compare by identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.calculus import substituted
from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.gaps import Gap, gaps
from chainrule_gui.model.expression.parser import ExpressionError, begun_function, parse
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.model.network import Gradients, Network, Trace, backward, derivation, forward, remarks
from chainrule_gui.model.network.definitions import places_of
from chainrule_gui.model.network.optimisers import worked_update
from chainrule_gui.session.curves import Curve, function_curves
from chainrule_gui.session.derived import (
    Piece,
    Solution,
    derived,
    gradient_of,
    multiplications_of,
    solution_lines,
)
from chainrule_gui.session.links import LinkCurve, around, link_curves
from chainrule_gui.session.phases import Phase, phases
from chainrule_gui.session.state import PLAIN_RULE, FunctionState, LabState, NetworkState
from chainrule_gui.typeset.derivation_markup import Update

if TYPE_CHECKING:
    from chainrule_gui.model.accumulation import Multiplications
    from chainrule_gui.model.nudge import Nudge

Array = NDArray[np.float64]

_CHECK_STEP = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """The gradient check: the derivative by the chain rule beside the one by central differences."""

    name: str
    analytic: float
    numerical: float

    @property
    def difference(self) -> float:
        """How far the two are apart, relative to the larger one where that is above 1."""
        return abs(self.analytic - self.numerical) / max(1.0, abs(self.analytic), abs(self.numerical))

    @property
    def passes(self) -> bool:
        """Whether the two agree as well as central differences can."""
        return self.difference < 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class FunctionFrame:
    """What the panes show of a function.

    `problem` is set while the typed text cannot be read; everything else then still belongs to the last text
    that could. `derivation` is that of h, h′ or h″, as the order asks; `limit` says why the order asked for is not
    reached, `derivative_name` what the derivative shown is called. `path` holds x and h(x) of each descent step
    taken, `gradient` the derivative by each variable where there are several. `nudge`, `links` and `solution` are
    there only while a pane shows them, as are the `multiplications` that both orders take.
    """

    state: FunctionState
    expression: Expression
    problem: ExpressionError | None
    derivation: Derivation
    curves: tuple[Curve, ...]
    gaps: tuple[Gap, ...]
    x: float
    path: tuple[Array, Array] | None
    check: Check | None
    stopped: str | None
    pieces: tuple[Piece, ...]
    nudge: Nudge | None
    links: tuple[LinkCurve, ...] | None
    derivative_name: str
    limit: str | None
    gradient: tuple[tuple[str, float | None], ...]
    solution: Solution | None
    multiplications: Multiplications | None


@dataclass(frozen=True, slots=True, eq=False)
class NetworkFrame:
    """What the panes show of a network at one step, for one sample of its data.

    `test_cost` is the mean cost of what is held out for testing, None where nothing is. `multiplications` are there
    only while a pane shows them.
    """

    state: NetworkState
    parameters: Array
    trace: Trace
    gradients: Gradients
    derivation: Derivation
    update: Update | None
    phase: Phase | None
    phases: tuple[Phase, ...]
    check: Check | None
    remarks: tuple[str, ...]
    stopped: str | None
    multiplications: Multiplications | None
    test_cost: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Everything that is shown."""

    state: LabState
    function: FunctionFrame
    network: NetworkFrame


def resolve(state: LabState, previous: Frame | None = None) -> Frame:
    """Return the frame that follows from `state`, taking over what did not change."""
    return Frame(
        state,
        _function(state.function, previous.function if previous else None),
        _network(state.network, previous.network if previous else None),
    )


def _problem(text: str) -> ExpressionError | None:
    """Return what keeps a text out of the picture: it cannot be read, or a function's name is not yet complete."""
    try:
        parse(text)
    except ExpressionError as error:
        return error
    begun = begun_function(text)
    if begun is None:
        return None
    message = _("“{letters}” may become “{name}”. Go on typing, or press Enter: then each letter is a variable.")
    return ExpressionError(message.format(letters=begun[0], name=begun[1]), len(text) - len(begun[0]), text)


def _function(state: FunctionState, previous: FunctionFrame | None) -> FunctionFrame:
    if previous is not None and previous.state is state:
        return previous
    whole = derived(state.good_text, state.wrt, state.split, state.order)
    expression, symbolic = whole.expression, whole.last
    problem = None
    if state.text != state.good_text:
        problem = _problem(state.text)
    point = dict(state.point)
    before = previous.state if previous is not None else None
    same = before is not None and _form(before) == _form(state)
    same_point = same and before is not None and before.point == state.point
    shown = previous.derivation if previous is not None and same_point else symbolic.at(**point)
    others = {name: value for name, value in point.items() if name != state.wrt}
    if (
        previous is not None
        and before is not None
        and same
        and before.x_range == state.x_range
        and others == {name: value for name, value in before.point if name != state.wrt}
    ):
        curves, said = previous.curves, previous.gaps
    else:
        # Of h itself, also for h″: the formula of h′ may be long, and asking each of its parts takes seconds.
        said = gaps(expression, substituted(symbolic), state.wrt, *state.x_range, others)
        curves = function_curves(whole, point, state.wrt, state.x_range, said)
    run = state.run
    path = None
    if run is not None:
        xs = np.array(
            [run.trajectory.parameters_at(step)[0] for step in range(max(0, run.length - 500), run.length + 1)]
        )
        path = (xs, np.asarray(evaluate(expression, point | {state.wrt: xs})) + np.zeros_like(xs))
    return FunctionFrame(
        state,
        expression,
        problem,
        shown,
        curves,
        said,
        point[state.wrt],
        path,
        _function_check(symbolic.expression or expression, shown, point, state.wrt),
        run.trajectory.stopped if run is not None and run.trajectory.stopped_at == run.step else None,
        whole.pieces,
        _nudge(state, shown, previous),
        _links(state, shown, curves, previous),
        whole.derivative_name,
        whole.limit,
        _gradient(state, point, previous if same_point else None),
        _solution(state, shown, point, previous if same_point else None),
        multiplications_of(symbolic.expression or expression, state.split)
        if state.view.expression == "orders"
        else None,
    )


def _form(state: FunctionState) -> tuple[str, str, frozenset[str], int]:
    """What everything but the numbers follows from."""
    return state.good_text, state.wrt, state.split, state.order


def _gradient(
    state: FunctionState, point: dict[str, float], previous: FunctionFrame | None
) -> tuple[tuple[str, float | None], ...]:
    if state.order > 1:
        return ()
    if previous is not None:
        return previous.gradient
    by_name = gradient_of(state.good_text, state.split)
    if len(by_name) < 2:
        return ()
    return tuple((name, by_name[name].value(**point)) for name in point if name in by_name)


def _solution(
    state: FunctionState, shown: Derivation, point: dict[str, float], previous: FunctionFrame | None
) -> Solution | None:
    if state.view.expression != "steps":
        return None
    if previous is not None and previous.solution is not None:
        return previous.solution
    return Solution(solution_lines(*_form(state)), shown, point)


def _nudge(state: FunctionState, shown: Derivation, previous: FunctionFrame | None) -> Nudge | None:
    if "nudge" not in (state.view.diagram, state.view.plot):
        return None
    from chainrule_gui.model.nudge import nudge

    if previous is not None and previous.derivation is shown and previous.state.view.nudge == state.view.nudge:
        return previous.nudge or nudge(shown, state.view.nudge)
    return nudge(shown, state.view.nudge)


def _links(
    state: FunctionState, shown: Derivation, curves: tuple[Curve, ...], previous: FunctionFrame | None
) -> tuple[LinkCurve, ...] | None:
    if state.view.plot != "links":
        return None
    old = previous.links if previous is not None else None
    if (
        previous is not None
        and old is not None
        and previous.derivation is shown
        and previous.curves is curves
        and previous.state.view.path == state.view.path
    ):
        return old
    near = around(dict(state.point)[state.wrt], state.x_range)
    by_name = {curve.name: curve for curve in curves}

    def taken(name: str) -> Array:
        return by_name[name].ys[near(by_name[name].xs)]

    return link_curves(shown, state.view.path, state.x_range, taken, old or ())


def _function_check(expression: Expression, shown: Derivation, point: dict[str, float], wrt: str) -> Check | None:
    if shown.derivative_value is None:
        return None
    x = point[wrt]
    step = _CHECK_STEP * max(1.0, abs(x))
    above, below = (float(evaluate(expression, point | {wrt: x + shift})) for shift in (step, -step))
    numerical = (above - below) / ((x + step) - (x - step))
    return Check(wrt, shown.derivative_value, numerical) if np.isfinite(numerical) else None


def _network(state: NetworkState, previous: NetworkFrame | None) -> NetworkFrame:
    if previous is not None and previous.state is state:
        return previous
    network, run = state.network, state.run
    parameters = run.trajectory.parameters_at(run.step)
    before = previous.state if previous is not None else None
    if (
        previous is not None
        and before is not None
        and before.network == network
        and before.dataset is state.dataset
        and np.array_equal(previous.parameters, parameters)
    ):
        parameters, trace, gradients = previous.parameters, previous.trace, previous.gradients
    else:
        trace = forward(network, parameters, state.dataset.inputs, state.dataset.targets)
        gradients = backward(network, parameters, trace)
    if (
        previous is not None
        and before is not None
        and trace is previous.trace
        and before.sample == state.sample
        and before.selected == state.selected
    ):
        shown, check = previous.derivation, previous.check
    else:
        shown = derivation(network, parameters, trace, state.selected, sample=state.sample)
        check = _network_check(state, parameters, gradients) or _place_check(state, parameters, shown)
    steps = phases(network, trace, gradients, state.sample, state.learning_rate, state.rule.key, state.frozen)
    return NetworkFrame(
        state,
        parameters,
        trace,
        gradients,
        shown,
        _update(state, gradients),
        steps[state.phase - 1] if state.phase else None,
        steps,
        check,
        remarks(network, trace, state.sample),
        run.trajectory.stopped if run.trajectory.stopped_at == run.step else None,
        _multiplications(network) if state.view.expression == "orders" else None,
        _test_cost(state, parameters),
    )


def _multiplications(network: Network) -> Multiplications:
    from chainrule_gui.model.accumulation import network_multiplications

    return network_multiplications(network)


def _test_cost(state: NetworkState, parameters: Array) -> float | None:
    test = state.prepared.test if state.prepared else None
    return None if test is None else forward(state.network, parameters, test.inputs, test.targets).cost


def next_updates(state: NetworkState) -> list[Update]:
    """Return the numbers of every parameter's next update, by the gradient that the step will use."""
    gradient = state.run.trajectory.step_gradient_at(state.run.step)
    return [_next_update(state, name, gradient) for name in state.network.parameter_names]


def _next_update(state: NetworkState, parameter: str, gradients: Array) -> Update:
    index = state.network.parameter_index(parameter)
    trajectory, step = state.run.trajectory, state.run.step
    gradient = float(gradients[index])
    remembered = {name: float(values[index]) for name, values in trajectory.optimiser_state_at(step).items()}
    value = float(trajectory.parameters_at(step)[index])
    lines = worked_update(state.rule, value, gradient, state.learning_rate, remembered, step + 1)
    frozen = parameter in state.frozen
    return Update(
        parameter,
        value,
        state.learning_rate,
        gradient,
        value if frozen else lines[-1].value,
        state.batch or len(state.dataset.inputs),
        () if state.rule == PLAIN_RULE else lines,
        frozen,
    )


def _update(state: NetworkState, gradients: Gradients) -> Update | None:
    """The next update of the selected parameter, None where it has none."""
    if state.selected not in state.network.parameter_names:
        return None
    run = state.run
    gradient = gradients.flat if state.batch is None else run.trajectory.step_gradient_at(run.step)
    update = _next_update(state, state.selected, gradient)
    return update if np.isfinite([update.value, update.gradient, update.result]).all() else None


def _place_check(state: NetworkState, parameters: Array, shown: Derivation) -> Check | None:
    """Check ∂J/∂x or ∂J/∂z of the sample shown: x itself is moved, z by the bias that is added to it."""
    network, data = state.network, state.dataset
    place = places_of(network).get(state.selected)
    if (
        place is None
        or place.kind not in ("a", "z")
        or (place.kind == "a" and place.layer)
        or (shown.derivative_value is None)
    ):
        return None
    costs, places = [], []
    for step in (_CHECK_STEP, -_CHECK_STEP):
        inputs, shifted = data.inputs[[state.sample]], parameters.copy()
        if place.kind == "a":
            moved, index = inputs[0], place.unit - 1
        else:
            moved, index = shifted, network.parameter_index(network.bias_name(place.layer, place.unit))
        moved[index] += step
        places.append(float(moved[index]))
        costs.append(forward(network, shifted, inputs, data.targets[[state.sample]]).cost)
    if None in costs or places[0] == places[1]:
        return None
    numerical = (float(costs[0]) - float(costs[1])) / (places[0] - places[1])
    return Check(state.selected, shown.derivative_value, numerical) if np.isfinite(numerical) else None


def _network_check(state: NetworkState, parameters: Array, gradients: Gradients) -> Check | None:
    network, data = state.network, state.dataset
    if state.selected not in network.parameter_names:
        return None
    index = network.parameter_index(state.selected)
    costs, places = [], []
    for step in (_CHECK_STEP, -_CHECK_STEP):
        shifted = parameters.copy()
        shifted[index] += step
        places.append(float(shifted[index]))
        costs.append(forward(network, shifted, data.inputs, data.targets).cost)
    if None in costs or places[0] == places[1]:
        return None
    numerical = (float(costs[0]) - float(costs[1])) / (places[0] - places[1])
    analytic = float(gradients.flat[index])
    return Check(state.selected, analytic, numerical) if np.isfinite([numerical, analytic]).all() else None
