"""What a learner takes away of a session: the network's run as a program, and a worked solution. No Qt."""

from __future__ import annotations

from chainrule_gui.i18n import _
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.preparation import Prepared
from chainrule_gui.session.frame import next_updates
from chainrule_gui.session.state import FunctionState, LabState, NetworkState
from chainrule_gui.typeset.code_export import Training
from chainrule_gui.typeset.function_solution import function_solution
from chainrule_gui.typeset.solution import Task, network_solution
from chainrule_gui.typeset.solution_parts import Json

STEPS_OF_A_NEW_RUN = 100
"""So many steps a program takes of a run that has made none yet."""


def training(state: LabState) -> Training:
    """Return what a program repeats: the run of the network, from its start to its last step."""
    network = state.network
    run = network.run
    return Training(
        network.network,
        run.trajectory.parameters_at(0),
        network.dataset.inputs,
        network.dataset.targets,
        run.trajectory.rates,
        run.length or STEPS_OF_A_NEW_RUN,
        network.batch if network.batch is not None and network.batch < len(network.dataset.inputs) else None,
        network.seed,
        network.rule,
        network.frozen,
        _about_scaling(network.prepared),
    )


def _about_scaling(prepared: Prepared | None) -> str:
    """Say how the inputs were standardised; nothing where they are as they came."""
    if prepared is None or prepared.scaling is None:
        return ""
    means, scales = (
        ", ".join(f"{value:.6g}" for value in part) for part in (prepared.scaling.mean, prepared.scaling.scale)
    )
    message = _("The inputs are standardised, (x − mean) / scale, with mean {means} and scale {scales}.")
    return message.format(means=means, scales=scales)


def solution(state: LabState) -> Json:
    """Return the worked solution of what is shown: the function, or the network at its step and sample.

    Raises
    ------
    ValueError
        where there is no value to work out; the message says why.
    """
    return _of_function(state.function) if state.subject == "function" else _of_network(state.network)


def _of_function(function: FunctionState) -> Json:
    derivation = derive(parse(function.good_text), function.wrt).at(**dict(function.point))
    if derivation.derivative_value is None:
        raise ValueError(derivation.why or _("The derivative has no value here."))
    return function_solution(derivation, dict(function.point))


def _of_network(state: NetworkState) -> Json:
    network, run = state.network, state.run
    return network_solution(
        Task(
            network,
            run.trajectory.parameters_at(run.step),
            state.dataset.inputs,
            state.dataset.targets,
            state.sample,
            run.step,
            state.learning_rate,
            next_updates(state),
            _about_scaling(state.prepared),
        )
    )
