"""The session file (``.chainrule``): JSON, strictly read, atomically written."""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import shutil
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from chainrule_gui.i18n import _
from chainrule_gui.model.data import Dataset
from chainrule_gui.model.descent import Descent
from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.model.expression.tree import Variable, variables
from chainrule_gui.model.network import Network, NetworkError
from chainrule_gui.model.network.definitions import places_of
from chainrule_gui.model.network.initial_values import DEFAULT_SCHEME, SCHEMES
from chainrule_gui.model.network.optimisers import PLAIN, UpdateRule
from chainrule_gui.model.preparation import Prepared, Scaling, prepare
from chainrule_gui.session.edits import HIGHEST_ORDER
from chainrule_gui.session.exercise_edits import check_exercise, readable_answer
from chainrule_gui.session.state import (
    ActiveExercise,
    FunctionState,
    FunctionView,
    LabState,
    NetworkState,
    NetworkView,
    RunState,
)

SUFFIX = ".chainrule"
VERSION = 1
_MOST_BYTES = 20_000_000
_MOST_STEPS = 1_000_000
_DEEPEST = 16


class DocumentError(Exception):
    """A file that cannot be read or written: what, where, and what to do."""


class _Function(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    wrt: str
    point: dict[str, float]
    learning_rate: float
    x_range: tuple[float, float]
    order: int = 1
    split: list[str] = []
    view: FunctionView = FunctionView()
    answer: str = ""
    exercise: ActiveExercise | None = None


class _Preparation(msgspec.Struct, forbid_unknown_fields=True):
    test_share: float
    seed: int
    mean: list[float] | None
    scale: list[float] | None


class _Network(msgspec.Struct, forbid_unknown_fields=True):
    layers: list[int]
    activations: list[str]
    cost: str
    dataset: str
    inputs: list[list[float]]
    targets: list[list[float]]
    start: list[float]
    rates: list[tuple[int, float]]
    step: int
    length: int
    seed: int
    batch: int | None
    sample: int
    selected: str
    optimiser: str = PLAIN
    hyperparameters: dict[str, float] = {}
    frozen: list[str] = []
    scheme: str = DEFAULT_SCHEME
    view: NetworkView = NetworkView()
    preparation: _Preparation | None = None


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    subject: Literal["function", "network"]
    function: _Function
    network: _Network
    diagram_view: Literal["values", "gradients"]
    cost_scale: Literal["linear", "log"]


def write_document(path: Path, state: LabState) -> None:
    """Save `state`; on any failure the file that was there stands as it was.

    Raises
    ------
    DocumentError
        where the file cannot be written.
    """
    write_atomically(path, msgspec.json.format(msgspec.json.encode(_from_state(state)), indent=1))


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: a new file beside it, flushed to the disk, takes its place.

    Raises
    ------
    DocumentError
        where that fails; what was there before is untouched.
    """
    place = Path(os.path.realpath(path))  # a link stays a link
    temporary = place.with_name(f".chainrule-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # a new file has none, some disks know none
            shutil.copymode(place, temporary)
        os.replace(temporary, place)
    except OSError as problem:
        with contextlib.suppress(OSError):
            temporary.unlink()
        message = _("“{path}” could not be saved: {reason}. Nothing was changed there; choose another place.")
        raise DocumentError(message.format(path=path, reason=problem.strerror or problem)) from problem


def read_document(path: Path) -> LabState:
    """Open a session file.

    Raises
    ------
    DocumentError
        where it cannot be read or is not what it should be; the file is left as it is.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(path, _("it is larger than any session file"))
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except FileNotFoundError as problem:
        message = _("“{path}” could not be opened: there is no such file.")
        raise DocumentError(message.format(path=path)) from problem
    except OSError as problem:
        raise _refused(path, problem.strerror or str(problem)) from problem
    _check_shape(path, content)
    try:
        document = msgspec.json.decode(content, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise _refused(path, str(problem)) from problem
    try:
        return _to_state(document)
    except (NetworkError, ExpressionError, ValueError, KeyError, IndexError) as problem:
        raise _refused(path, str(problem)) from problem


def _refused(path: Path, reason: str) -> DocumentError:
    message = _("“{path}” could not be opened: {reason}. The file was left as it is.")
    return DocumentError(message.format(path=path, reason=reason))


def _check_shape(path: Path, content: bytes) -> None:
    """Refuse what a strict decoder lets through or trips over: depth, repeated keys, a newer version."""
    depth = deepest = 0
    for byte in content:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    if deepest > _DEEPEST:
        raise _refused(path, _("it is nested too deeply"))
    try:
        document = json.loads(content, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as problem:
        raise _refused(path, str(problem)) from problem
    version = document.get("version") if isinstance(document, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise _refused(path, _("it was written by a newer version of Chain Rule Lab"))
    if version != VERSION:
        raise _refused(path, _("it is not a session of Chain Rule Lab"))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _value in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError(_("a key stands twice in one object"))
    return dict(pairs)


def _from_state(state: LabState) -> _Document:
    function, network = state.function, state.network
    run = network.run
    whole = network.prepared.whole if network.prepared else network.dataset
    return _Document(
        version=VERSION,
        subject=state.subject,
        function=_Function(
            function.good_text,
            function.wrt,
            dict(function.point),
            function.learning_rate,
            function.x_range,
            function.order,
            sorted(function.split),
            function.view,
            function.answer,
            function.exercise,
        ),
        network=_Network(
            layers=list(network.network.layers),
            activations=list(network.network.activations),
            cost=network.network.cost,
            dataset=network.dataset.name,
            inputs=whole.inputs.tolist(),
            targets=whole.targets.tolist(),
            start=run.trajectory.parameters_at(0).tolist(),
            rates=list(run.trajectory.rates),
            step=run.step,
            length=run.length,
            seed=network.seed,
            batch=network.batch,
            sample=network.sample,
            selected=network.selected,
            optimiser=network.rule.key,
            hyperparameters=network.rule.hyperparameters,
            frozen=sorted(network.frozen),
            scheme=network.scheme,
            view=network.view,
            preparation=_from_prepared(network.prepared),
        ),
        diagram_view=state.diagram_view,
        cost_scale=state.cost_scale,
    )


def _from_prepared(prepared: Prepared | None) -> _Preparation | None:
    if prepared is None:
        return None
    scaling = prepared.scaling
    return _Preparation(
        prepared.test_share,
        prepared.seed,
        scaling.mean.tolist() if scaling else None,
        scaling.scale.tolist() if scaling else None,
    )


def _to_prepared(whole: Dataset, stored: _Preparation | None) -> Prepared | None:
    if stored is None:
        return None
    scaling = None
    if stored.mean is not None and stored.scale is not None:
        scaling = Scaling(np.array(stored.mean, dtype=float), np.array(stored.scale, dtype=float))
    return prepare(whole, stored.test_share, stored.seed, scaling=scaling)


def _to_state(document: _Document) -> LabState:
    return LabState(
        document.subject,
        _function_state(document.function),
        _network_state(document.network),
        document.diagram_view,
        document.cost_scale,
    )


def _function_state(function: _Function) -> FunctionState:
    names = variables(parse(function.text))
    point = {name: function.point.get(name, 1.0) for name in dict.fromkeys((function.wrt, *names))}
    low, high = function.x_range
    if not all(map(math.isfinite, (*point.values(), low, high, function.learning_rate))) or not low < high:
        raise ValueError(_("a number of the function is not finite"))
    if not 1 <= function.order <= HIGHEST_ORDER:
        raise ValueError(_("the order of the derivative is not 1, 2 or 3"))
    view = function.view
    if not math.isfinite(view.nudge) or view.nudge == 0 or min(view.revealed or 0, view.path) < 0:
        raise ValueError(_("the view of the function is not usable"))
    if function.exercise is not None:
        check_exercise(function.exercise)
    for piece in function.split:
        parse(piece)
    if parse(function.wrt) != Variable(function.wrt):
        raise ValueError(_("“{name}” is not the name of a variable").format(name=function.wrt))
    return FunctionState(
        function.text,
        function.text,
        function.wrt,
        tuple(point.items()),
        function.learning_rate,
        None,
        (low, high),
        order=function.order,
        split=frozenset(function.split),
        view=function.view,
        answer=readable_answer(function.answer),
        exercise=function.exercise,
    )


def _network_state(stored: _Network) -> NetworkState:
    network = Network(stored.layers, stored.activations, stored.cost)
    whole = Dataset(stored.dataset, np.array(stored.inputs, dtype=float), np.array(stored.targets, dtype=float))
    prepared = _to_prepared(whole, stored.preparation)
    data = prepared.train if prepared else whole
    rates = stored.rates
    if not rates or rates[0][0] != 0 or any(not math.isfinite(rate) for _step, rate in rates):
        raise ValueError(_("the learning rates are not usable"))
    if not 0 <= stored.step <= stored.length <= _MOST_STEPS:
        raise ValueError(_("the step is outside the run"))
    rule = UpdateRule(stored.optimiser, stored.hyperparameters)
    trajectory: Any = Descent(
        network,
        np.array(stored.start, dtype=float),
        data.inputs,
        data.targets,
        rates[0][1],
        batch=stored.batch,
        seed=stored.seed,
        optimiser=rule,
        frozen=stored.frozen,
    )
    for step, rate in rates[1:]:
        if not 0 <= step <= stored.length:
            raise ValueError(_("the learning rates are not usable"))
        trajectory = trajectory.branch(step, rate)
    run = RunState(
        trajectory,
        trajectory.parameters_at(0),
        min(stored.step, trajectory.extend_to(stored.step)),
        trajectory.extend_to(stored.length),
    )
    if not 0 <= stored.sample < len(data.inputs):
        raise ValueError(_("the sample shown does not exist"))
    if stored.selected not in places_of(network):
        raise ValueError(_("“{name}” does not occur in the network").format(name=stored.selected))
    if stored.scheme not in SCHEMES:
        raise ValueError(_("there is no scheme of initial values named {name}").format(name=stored.scheme))
    for name in stored.view.contour or ():
        network.parameter_index(name)
    return NetworkState(
        network,
        data,
        run,
        rates[-1][1],
        stored.seed,
        stored.batch,
        stored.sample,
        stored.selected,
        rule=rule,
        frozen=frozenset(stored.frozen),
        scheme=stored.scheme,
        view=stored.view,
        prepared=prepared,
    )
