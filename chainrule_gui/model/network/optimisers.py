"""The optimisers: one row each, with its update equations, its hyperparameters and how a step computes them.

The equations are trees, so they can be typeset, read aloud and evaluated; the numpy calls of a row do what its
equations say. In them θ is a parameter, g = ∂J/∂θ the gradient of the mean cost, η the learning rate and t the
number of the step, counted from 1. Every state variable starts at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.tree import Expression, Variable, substitute
from chainrule_gui.model.network.activations import Operation
from chainrule_gui.model.network.network import NetworkError

Array = NDArray[np.float64]

_ONE = np.array(1.0)


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A number that an optimiser is tuned by: 0 ≤ value < `below`, 0 itself only where `may_be_zero`."""

    name: str
    label: str
    default: float
    below: float
    may_be_zero: bool = True

    def accepts(self, value: float) -> bool:
        """Whether `value` can be used."""
        return math.isfinite(value) and (0.0 if self.may_be_zero else math.ulp(0.0)) <= value < self.below


@dataclass(frozen=True, slots=True, eq=False)
class Buffers:
    """The arrays that the numpy calls of an update work on; vectors have shape (P,), scalars are 0-d.

    Attributes
    ----------
    parameters : θ, changed in place
    gradient : in: the gradient *summed* over the samples; spoiled by the update
    state : one vector for each state variable, changed in place
    scratch : two vectors to calculate in
    rate, share, step_size : η, 1/n and η/n
    clock : the number of steps taken before this one; an update that needs t counts it up
    """

    parameters: Array
    gradient: Array
    state: tuple[Array, ...]
    scratch: tuple[Array, Array]
    rate: Array
    share: Array
    step_size: Array
    clock: Array


@dataclass(frozen=True, slots=True)
class Optimiser:
    """One optimiser.

    Attributes
    ----------
    key : its name in files and on the command line
    label : its name in words
    hyperparameters : what it is tuned by, beside the learning rate
    state : the names of what it remembers of each parameter from step to step
    equations : (name, new value) in the order in which they are computed; the last one is θ's
    write_update : (buffers, hyperparameters' values) -> the calls that make one step
    """

    key: str
    label: str
    hyperparameters: tuple[Hyperparameter, ...]
    state: tuple[str, ...]
    equations: tuple[tuple[str, Expression], ...]
    write_update: Callable[[Buffers, tuple[float, ...]], tuple[Operation, ...]]


_CORRECTED: dict[str, Expression] = {"M": Variable("m_hat"), "V": Variable("v_hat")}


def _equations(*rows: tuple[str, str]) -> tuple[tuple[str, Expression], ...]:
    return tuple((name, substitute(parse(formula), _CORRECTED)) for name, formula in rows)


def _plain_update(on: Buffers, _values: tuple[float, ...]) -> tuple[Operation, ...]:
    return (
        partial(np.multiply, on.gradient, on.step_size, on.gradient),
        partial(np.subtract, on.parameters, on.gradient, on.parameters),
    )


def _momentum_update(on: Buffers, values: tuple[float, ...]) -> tuple[Operation, ...]:
    (beta,) = map(np.array, values)
    (v,) = on.state
    scratch, _other = on.scratch
    return (
        partial(np.multiply, on.gradient, on.share, on.gradient),
        partial(np.multiply, v, beta, v),
        partial(np.add, v, on.gradient, v),
        partial(np.multiply, v, on.rate, scratch),
        partial(np.subtract, on.parameters, scratch, on.parameters),
    )


def _adam_update(on: Buffers, values: tuple[float, ...]) -> tuple[Operation, ...]:
    beta1, beta2, epsilon = map(np.array, values)
    rest1, rest2 = np.array(1.0 - values[0]), np.array(1.0 - values[1])
    m, v = on.state
    first, second = on.scratch
    known1, known2 = np.array(1.0), np.array(1.0)
    return (
        partial(np.add, on.clock, _ONE, on.clock),
        partial(np.power, beta1, on.clock, known1),
        partial(np.subtract, _ONE, known1, known1),
        partial(np.power, beta2, on.clock, known2),
        partial(np.subtract, _ONE, known2, known2),
        partial(np.multiply, on.gradient, on.share, on.gradient),
        partial(np.multiply, m, beta1, m),
        partial(np.multiply, on.gradient, rest1, first),
        partial(np.add, m, first, m),
        partial(np.multiply, v, beta2, v),
        partial(np.multiply, on.gradient, on.gradient, first),
        partial(np.multiply, first, rest2, first),
        partial(np.add, v, first, v),
        partial(np.divide, v, known2, first),
        partial(np.sqrt, first, first),
        partial(np.add, first, epsilon, first),
        partial(np.divide, m, known1, second),
        partial(np.multiply, second, on.rate, second),
        partial(np.divide, second, first, second),
        partial(np.subtract, on.parameters, second, on.parameters),
    )


PLAIN = "gradient-descent"

OPTIMISERS: dict[str, Optimiser] = {
    row.key: row
    for row in (
        Optimiser(
            PLAIN, N_("gradient descent"), (), (), _equations(("theta", "theta - eta g")), _plain_update
        ),
        Optimiser(
            "momentum",
            N_("momentum"),
            (Hyperparameter("beta", N_("share of the velocity that is kept"), 0.9, 1.0),),
            ("v",),
            _equations(("v", "beta v + g"), ("theta", "theta - eta v")),
            _momentum_update,
        ),
        Optimiser(
            "adam",
            N_("Adam"),
            (
                Hyperparameter("beta1", N_("share of the mean gradient that is kept"), 0.9, 1.0),
                Hyperparameter("beta2", N_("share of the mean squared gradient that is kept"), 0.999, 1.0),
                Hyperparameter("epsilon", N_("keeps the divisor away from 0"), 1e-8, math.inf, may_be_zero=False),
            ),
            ("m", "v"),
            _equations(
                ("m", "beta1 m + (1 - beta1) g"),
                ("v", "beta2 v + (1 - beta2) g^2"),
                ("m_hat", "m / (1 - beta1^t)"),
                ("v_hat", "v / (1 - beta2^t)"),
                ("theta", "theta - eta M / (sqrt(V) + epsilon)"),
            ),
            _adam_update,
        ),
    )
}  # fmt: skip
"""Every optimiser by its key."""


@dataclass(frozen=True, slots=True, init=False)
class UpdateRule:
    """An optimiser with a value for each of its hyperparameters.

    Raises
    ------
    NetworkError
        for an optimiser or a hyperparameter that does not exist, or a value that cannot be used.
    """

    key: str = PLAIN
    values: tuple[float, ...] = field(default=())

    def __init__(self, key: str = PLAIN, hyperparameters: Mapping[str, float] | None = None) -> None:
        row = OPTIMISERS.get(key)
        if row is None:
            message = _("There is no optimiser named {name}; choose from {names}.")
            raise NetworkError(message.format(name=key, names=", ".join(OPTIMISERS)))
        given = dict(hyperparameters or {})
        values = []
        for wanted in row.hyperparameters:
            value = float(given.pop(wanted.name, wanted.default))
            if not wanted.accepts(value):
                raise NetworkError(_why_refused(wanted, value))
            values.append(value)
        if given:
            message = _("{optimiser} has no hyperparameter named {name}.")
            raise NetworkError(message.format(optimiser=_(row.label), name=next(iter(given))))
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", tuple(values))

    @property
    def row(self) -> Optimiser:
        """The optimiser."""
        return OPTIMISERS[self.key]

    @property
    def hyperparameters(self) -> dict[str, float]:
        """Each hyperparameter's value by its name."""
        return {wanted.name: value for wanted, value in zip(self.row.hyperparameters, self.values, strict=True)}


def _why_refused(wanted: Hyperparameter, value: float) -> str:
    if wanted.below == math.inf:
        message = _("{name} must be a finite number above 0, not {value}.")
    else:
        message = _("{name} must be at least 0 and below {below:g}, not {value}.")
    return message.format(name=wanted.name, below=wanted.below, value=value)


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """One equation of an update with its numbers: `name` becomes `value`, by `formula` of the values in `known`."""

    name: str
    formula: Expression
    known: tuple[tuple[str, float], ...]
    value: float


def worked_update(
    rule: UpdateRule, theta: float, gradient: float, learning_rate: float, state: Mapping[str, float], t: int
) -> tuple[UpdateLine, ...]:
    """Return the equations of one parameter's next update with their numbers, the last one θ's.

    Parameters
    ----------
    state : each state variable before the step
    t : the number of the step, counted from 1
    """
    known = {"theta": theta, "g": gradient, "eta": learning_rate, "t": float(t), **rule.hyperparameters, **state}
    lines = []
    with np.errstate(all="ignore"):
        for name, formula in rule.row.equations:
            value = float(evaluate(formula, known))
            lines.append(UpdateLine(name, formula, tuple(known.items()), value))
            known[name] = value
    return tuple(lines)
