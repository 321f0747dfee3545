"""The activations: one row each, with value, derivative and the derivative as learners see it.

Each row says how its value and its derivative are computed as a few numpy calls that write into arrays given
to them. Gradient descent runs exactly these calls, and `value` and `derivative` run them once on new arrays,
so there is one source of every number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import N_
from chainrule_gui.model.expression.table import FUNCTIONS, LEAK
from chainrule_gui.model.expression.tree import ONE, Call, Expression

Array = NDArray[np.float64]
Operation = Callable[[], object]
"""A numpy call with all its arguments, the array it writes into included."""

# 0-d arrays: numpy takes them faster than Python's floats.
_ONE = np.array(1.0)
_LEAK = np.array(LEAK)
_REST = np.array(1.0 - LEAK)
_ZERO = np.array(0.0)


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation.

    Attributes
    ----------
    key : its name in files and on the command line, ``leaky-relu``
    label : its name in words
    function : its row in the table of functions, None for the identity
    write_value : (z, a) -> the calls that write the activation of z into a
    write_delta : (z, a, delta, scratch) -> the calls that multiply delta by the derivative at z
    at_kink : the derivative used by convention at z = 0, None where there is no kink
    flat_beyond : |z| from which the derivative is below 0.001, None where it never is on both sides
    in_place : whether a may be z itself, which is then overwritten
    """

    key: str
    label: str
    function: str | None
    write_value: Callable[[Array, Array], tuple[Operation, ...]]
    write_delta: Callable[[Array, Array, Array, Array], tuple[Operation, ...]]
    at_kink: float | None = None
    flat_beyond: float | None = None
    in_place: bool = True

    def value(self, z: Array) -> Array:
        """Return the activation of every z, without a warning for any z."""
        a = np.empty_like(z)
        with np.errstate(all="ignore"):
            for operation in self.write_value(z, a):
                operation()
        return a

    def derivative(self, z: Array, a: Array) -> Array:
        """Return the derivative at every z, given a = value(z)."""
        delta, scratch = np.ones_like(z), np.empty_like(z)
        with np.errstate(all="ignore"):
            for operation in self.write_delta(z, a, delta, scratch):
                operation()
        return delta

    def formula(self, argument: Expression) -> Expression:
        """Return the activation of `argument` as a tree."""
        return argument if self.function is None else Call(self.function, argument)

    def derivative_formula(self, argument: Expression) -> Expression:
        """Return the derivative at `argument` as a tree, in the form learners know: σ(z)·(1 − σ(z))."""
        return ONE if self.function is None else FUNCTIONS[self.function].derivative(argument)


def _sigmoid_value(z: Array, a: Array) -> tuple[Operation, ...]:
    # Where e^−z overflows to inf, 1/(1 + inf) is the right 0.
    return (
        partial(np.negative, z, a),
        partial(np.exp, a, a),
        partial(np.add, a, _ONE, a),
        partial(np.divide, _ONE, a, a),
    )


def _sigmoid_delta(_z: Array, a: Array, delta: Array, scratch: Array) -> tuple[Operation, ...]:
    return (
        partial(np.subtract, _ONE, a, scratch),
        partial(np.multiply, scratch, a, scratch),
        partial(np.multiply, delta, scratch, delta),
    )


def _tanh_value(z: Array, a: Array) -> tuple[Operation, ...]:
    return (partial(np.tanh, z, a),)


def _tanh_delta(_z: Array, a: Array, delta: Array, scratch: Array) -> tuple[Operation, ...]:
    return (
        partial(np.multiply, a, a, scratch),
        partial(np.subtract, _ONE, scratch, scratch),
        partial(np.multiply, delta, scratch, delta),
    )


def _relu_value(z: Array, a: Array) -> tuple[Operation, ...]:
    return (partial(np.maximum, z, _ZERO, out=a),)


def _relu_delta(_z: Array, a: Array, delta: Array, scratch: Array) -> tuple[Operation, ...]:
    # a is never negative, so its sign is the step function with 0 at the kink.
    return (partial(np.sign, a, scratch), partial(np.multiply, delta, scratch, delta))


def _leaky_value(z: Array, a: Array) -> tuple[Operation, ...]:
    return (partial(np.multiply, z, _LEAK, a), partial(np.maximum, z, a, out=a))


def _leaky_delta(z: Array, _a: Array, delta: Array, scratch: Array) -> tuple[Operation, ...]:
    return (
        partial(np.heaviside, z, _ZERO, scratch),
        partial(np.multiply, scratch, _REST, scratch),
        partial(np.add, scratch, _LEAK, scratch),
        partial(np.multiply, delta, scratch, delta),
    )


def _softplus_value(z: Array, a: Array) -> tuple[Operation, ...]:
    return (partial(np.logaddexp, _ZERO, z, a),)


def _softplus_delta(_z: Array, a: Array, delta: Array, scratch: Array) -> tuple[Operation, ...]:
    # The derivative σ(z) is 1 − e^−a, accurate for tiny a too.
    return (
        partial(np.negative, a, scratch),
        partial(np.expm1, scratch, scratch),
        partial(np.negative, scratch, scratch),
        partial(np.multiply, delta, scratch, delta),
    )


def _identity_value(z: Array, a: Array) -> tuple[Operation, ...]:
    return (partial(np.copyto, a, z),)


def _identity_delta(_z: Array, _a: Array, _delta: Array, _scratch: Array) -> tuple[Operation, ...]:
    return ()


ACTIVATIONS: dict[str, Activation] = {
    row.key: row
    for row in (
        Activation("sigmoid", N_("sigmoid"), "sigmoid", _sigmoid_value, _sigmoid_delta, flat_beyond=6.906),
        Activation("tanh", N_("hyperbolic tangent"), "tanh", _tanh_value, _tanh_delta, flat_beyond=4.147),
        Activation("relu", N_("rectifier (ReLU)"), "relu", _relu_value, _relu_delta, at_kink=0.0),
        Activation(
            "leaky-relu", N_("leaky rectifier"), "leakyrelu", _leaky_value, _leaky_delta, at_kink=LEAK, in_place=False
        ),
        Activation("softplus", N_("softplus"), "softplus", _softplus_value, _softplus_delta),
        Activation("identity", N_("identity"), None, _identity_value, _identity_delta),
    )
}
"""Every activation by its key."""
