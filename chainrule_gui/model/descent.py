"""Gradient descent and its history.

A `Trajectory` is a fixed rule from a fixed start, so step k has one outcome for ever: what was computed is
remembered, the rest is computed when asked for, and frozen states can share one trajectory.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.model.network.activations import Activation
from chainrule_gui.model.network.costs import last_delta, sample_costs
from chainrule_gui.model.network.network import Network, NetworkError

Array = NDArray[np.float64]

_HISTORY_BYTES = 100e6
_LONGEST_HISTORY = 1_000_000


class Trajectory(ABC):
    """The steps p ← p − η ∂J/∂p from a start, remembered.

    The cost of every step and the parameters of every few steps are kept; other steps are replayed from the
    checkpoint before them, to the last bit as they were. The learning rate may change at a step (`branch`).
    """

    def __init__(self, start: Array, learning_rate: float) -> None:
        _check_rate(learning_rate)
        self._rates: list[tuple[int, float]] = [(0, float(learning_rate))]
        self._spacing = max(16, math.ceil(start.size * 8 * _LONGEST_HISTORY / _HISTORY_BYTES))
        self._checkpoints: list[Array] = [_frozen(start.copy())]
        self._costs = np.empty(1024)
        self._known = 0
        self._stopped_at: int | None = None
        self._position = 0
        self._place(start, 0)
        self._costs[0] = self._cost()
        if not math.isfinite(self._costs[0]):
            self._stopped_at = 0

    @abstractmethod
    def _place(self, parameters: Array, step: int) -> None:
        """Go to `parameters`, known to be those of `step`."""

    @abstractmethod
    def _advance(self, learning_rate: float) -> None:
        """Make the update from where we are."""

    @abstractmethod
    def _cost(self) -> float:
        """The cost where we are."""

    @abstractmethod
    def _here(self) -> Array:
        """The parameters where we are; the caller copies them."""

    @abstractmethod
    def _gradient(self) -> Array:
        """The gradient for the update from where we are; the caller copies it."""

    @abstractmethod
    def _copy(self) -> Trajectory:
        """A trajectory with the same rule and an empty history."""

    @property
    def length_known(self) -> int:
        """The last step computed so far."""
        return self._known

    @property
    def learning_rate(self) -> float:
        """The learning rate of the steps to come."""
        return self._rates[-1][1]

    @property
    def rates(self) -> tuple[tuple[int, float], ...]:
        """(first step, learning rate) of each stretch with its own learning rate."""
        return tuple(self._rates)

    @property
    def stopped_at(self) -> int | None:
        """The last step with a finite cost where descent diverged, None where it did not."""
        return self._stopped_at

    @property
    def stopped(self) -> str | None:
        """Where and why descent diverged, as a sentence; None where it did not."""
        if self._stopped_at is None:
            return None
        message = _("diverged at step {step}: the cost is no longer a finite number. Try a smaller learning rate.")
        return message.format(step=self._stopped_at + 1)

    def extend_to(self, step: int) -> int:
        """Compute up to `step`, or to where it diverges; return the last step that exists up to there."""
        while self._known < step and self._stopped_at is None:
            self._go(self._known)
            self._take_step()
        return min(step, self._known)

    def cost_at(self, step: int) -> float:
        """Return the cost at a step that exists."""
        self._need(step)
        return float(self._costs[step])

    def costs(self, upto: int) -> Array:
        """Return the costs of the steps 0 … `upto` as a read-only view."""
        self._need(upto)
        return _frozen(self._costs[: upto + 1].view())

    def parameters_at(self, step: int) -> Array:
        """Return the parameters at a step that exists, read-only."""
        self._need(step)
        self._go(step)
        return _frozen(self._here().copy())

    def gradient_at(self, step: int) -> Array:
        """Return the gradient that the update after `step` uses, read-only."""
        self._need(step)
        self._go(step)
        return _frozen(self._gradient().copy())

    def branch(self, step: int, learning_rate: float) -> Trajectory:
        """Return a trajectory equal up to `step` that goes on from there with another learning rate."""
        _check_rate(learning_rate)
        self._need(step)
        other = self._copy()
        other._rates = [*(entry for entry in self._rates if entry[0] < step), (step, float(learning_rate))]
        other._checkpoints = self._checkpoints[: step // self._spacing + 1]
        other._costs = np.empty(max(1024, 2 * (step + 1)))
        other._costs[: step + 1] = self._costs[: step + 1]
        other._known = step
        return other

    def _need(self, step: int) -> None:
        if step < 0 or self.extend_to(step) < step:
            raise IndexError(_("Step {step} does not exist.").format(step=step))

    def _go(self, step: int) -> None:
        """Stand at a known step, replaying from the checkpoint before it where that is nearer."""
        checkpoint = step // self._spacing
        if not checkpoint * self._spacing <= self._position <= step:
            self._place(self._checkpoints[checkpoint], checkpoint * self._spacing)
        while self._position < step:
            self._advance(self._rate_at(self._position))

    def _rate_at(self, step: int) -> float:
        return self._rates[bisect_right(self._rates, step, key=lambda entry: entry[0]) - 1][1]

    def _take_step(self) -> None:
        self._advance(self._rates[-1][1])
        cost = self._cost()
        if not (math.isfinite(cost) and np.isfinite(self._here()).all()):
            self._stopped_at = self._known
            self._place(self._checkpoints[0], 0)
            return
        self._known += 1
        if self._known == len(self._costs):
            self._costs = np.concatenate([self._costs, np.empty(self._known)])
        self._costs[self._known] = cost
        if self._known % self._spacing == 0:
            self._checkpoints.append(_frozen(self._here().copy()))


class Descent(Trajectory):
    """Gradient descent of a network on samples, with a cursor to step and go to any step.

    Parameters
    ----------
    parameters : the start, shape (P,)
    inputs, targets : shapes (n, inputs) and (n, outputs)
    batch : samples in each update; None for all. Each epoch deals the samples anew, by `seed` and the epoch.

    Raises
    ------
    NetworkError
        for wrong shapes, numbers that are not finite, an impossible batch or learning rate.
    """

    def __init__(
        self,
        network: Network,
        parameters: Array,
        inputs: Array,
        targets: Array,
        learning_rate: float,
        batch: int | None = None,
        seed: int = 0,
    ) -> None:
        start = np.array(parameters, dtype=np.float64)
        self.network = network
        self.inputs = _frozen(np.array(inputs, dtype=np.float64))
        self.targets = _frozen(np.array(targets, dtype=np.float64))
        network.check(start, self.inputs, self.targets)
        if batch is not None and not 1 <= batch <= len(self.inputs):
            message = _("A batch has 1 to {count} samples; {batch} were asked for.")
            raise NetworkError(message.format(count=len(self.inputs), batch=batch))
        self.batch = None if batch == len(self.inputs) else batch
        self.seed = seed
        self.position = 0
        self._fresh = False
        self._last_cost = math.nan
        self._all = _Workspace(network, self.inputs, self.targets)
        self._part = None if self.batch is None else _Workspace(network, self.inputs[:batch], self.targets[:batch])
        self._order: tuple[int, NDArray[np.intp]] = (-1, np.empty(0, dtype=np.intp))
        super().__init__(start, learning_rate)

    @property
    def cost(self) -> float:
        """The mean cost over all samples at the cursor."""
        return self.cost_at(self.position)

    @property
    def parameters(self) -> Array:
        """The parameters at the cursor, one flat vector."""
        return self.parameters_at(self.position)

    @property
    def gradient(self) -> Array:
        """The gradient that the next update uses (of its batch)."""
        return self.gradient_at(self.position)

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass over the samples."""
        return 1 if self.batch is None else math.ceil(len(self.inputs) / self.batch)

    def step(self, count: int = 1) -> None:
        """Move the cursor forward by `count` updates, or to where it diverges."""
        self.position = self.extend_to(self.position + count)

    def go_to(self, step: int) -> None:
        """Move the cursor to a step; IndexError where it cannot exist."""
        self._need(step)
        self.position = step

    def _place(self, parameters: Array, step: int) -> None:
        np.copyto(self._all.parameters, parameters)
        self._position = step
        self._fresh = False

    def _forward(self) -> float:
        if not self._fresh:
            self._last_cost = self._all.forward()
            self._fresh = True
        return self._last_cost

    def _advance(self, learning_rate: float) -> None:
        gradient = self._gradient()
        update = self._all.update
        np.multiply(gradient, learning_rate, update)
        np.subtract(self._all.parameters, update, self._all.parameters)
        self._position += 1
        self._fresh = False

    def _cost(self) -> float:
        return self._forward()

    def _here(self) -> Array:
        return self._all.parameters

    def _gradient(self) -> Array:
        if self._part is None or self.batch is None:
            self._forward()
            return self._all.backward()
        epoch, place = divmod(self._position, self.steps_per_epoch)
        if self._order[0] != epoch:
            self._order = (epoch, np.random.default_rng([self.seed, epoch]).permutation(len(self.inputs)))
        chosen = self._order[1][place * self.batch : (place + 1) * self.batch]
        part = self._part
        if len(chosen) < self.batch:
            part = _Workspace(self.network, self.inputs[chosen], self.targets[chosen])
        else:
            part.set_samples(self.inputs[chosen], self.targets[chosen])
        np.copyto(part.parameters, self._all.parameters)
        part.forward()
        return part.backward()

    def _copy(self) -> Descent:
        return Descent(
            self.network, self._checkpoints[0], self.inputs, self.targets, self.learning_rate, self.batch, self.seed
        )


class _Workspace:
    """Buffers for the passes over a fixed number of samples: a step allocates next to nothing."""

    def __init__(self, network: Network, inputs: Array, targets: Array) -> None:
        samples = len(inputs)
        self._network = network
        self._inputs = inputs.copy()
        self._targets = targets.copy()
        self.parameters = np.zeros(network.parameter_count)
        self.update = np.empty_like(self.parameters)
        self._gradient = np.empty_like(self.parameters)
        self._scale = 1.0 / samples
        self._squared = network.cost == "squared-error"
        self._layers: list[_LayerBuffers] = []
        below = self._inputs
        blocks = zip(network.blocks(self.parameters), network.blocks(self._gradient), strict=True)
        for layer, ((weights, biases), (dW, db)) in enumerate(blocks, start=1):
            buffers = _LayerBuffers(network.activation(layer), below, weights, biases, dW, db)
            self._layers.append(buffers)
            below = buffers.a
        self._difference = np.empty_like(self._targets)

    def set_samples(self, inputs: Array, targets: Array) -> None:
        """Take other samples, as many as before."""
        np.copyto(self._inputs, inputs)
        np.copyto(self._targets, targets)

    def forward(self) -> float:
        """Run forward from `parameters`; return the mean cost."""
        with np.errstate(all="ignore"):
            for layer in self._layers:
                np.dot(layer.below, layer.weights_T, layer.z)
                np.add(layer.z, layer.biases, layer.z)
                layer.apply(layer.z, layer.a)
            last = self._layers[-1]
            if self._squared:
                np.subtract(last.a, self._targets, self._difference)
                flat = self._difference.ravel()
                return 0.5 * self._scale * float(np.dot(flat, flat))
            return float(sample_costs(self._network, last.z, last.a, self._targets).mean())

    def backward(self) -> Array:
        """Run backward after `forward`; return the gradient of the mean cost, in a buffer that is used again."""
        with np.errstate(all="ignore"):
            upper: _LayerBuffers | None = None
            for layer in reversed(self._layers):
                layer.slope(layer.z, layer.a, layer.slopes)
                if upper is not None:
                    np.dot(upper.delta, upper.weights, layer.delta)
                    np.multiply(layer.delta, layer.slopes, layer.delta)
                elif self._squared:
                    np.multiply(self._difference, layer.slopes, layer.delta)
                    np.multiply(layer.delta, self._scale, layer.delta)
                else:
                    delta = last_delta(self._network, layer.slopes, layer.a, self._targets)
                    np.multiply(delta, self._scale, layer.delta)
                np.dot(layer.delta_T, layer.below, layer.dW)
                np.add.reduce(layer.delta, 0, None, layer.db)
                upper = layer
        return self._gradient


class _LayerBuffers:
    """One layer's views into the flat vectors and its buffers."""

    __slots__ = ("a", "apply", "below", "biases", "dW", "db", "delta", "delta_T", "slope", "slopes", "weights",
                 "weights_T", "z")  # fmt: skip

    def __init__(self, activation: Activation, below: Array, weights: Array, biases: Array, dW: Array, db: Array) -> None:
        shape = (len(below), len(biases))
        self.apply, self.slope = activation.apply, activation.slope
        self.below, self.weights, self.weights_T, self.biases = below, weights, weights.T, biases
        self.dW, self.db = dW, db
        self.z, self.a, self.slopes, self.delta = (np.empty(shape) for _buffer in range(4))
        self.delta_T = self.delta.T


class FunctionDescent(Trajectory):
    """Gradient descent on a function of one variable: x ← x − η f′(x). Its parameters are the vector (x,).

    Parameters
    ----------
    point : a value for every variable; that of `wrt` is the start

    Raises
    ------
    NetworkError
        for a learning rate that is not a number.
    """

    def __init__(self, expression: Expression, wrt: str, point: Mapping[str, float], learning_rate: float) -> None:
        self._expression = expression
        self._derivation = derive(expression, wrt)
        self._wrt = wrt
        self._point = dict(point)
        self._x = np.array([float(point[wrt])])
        super().__init__(self._x.copy(), learning_rate)

    @property
    def stopped(self) -> str | None:
        """Where and why descent ended, as a sentence; None where it goes on."""
        if self._stopped_at is None:
            return None
        x = float(self.parameters_at(self._stopped_at)[0])
        reason = self._derivation.at(**self._point | {self._wrt: x}).why
        if reason is None:
            return super().stopped
        return _("stopped at step {step}: {reason}").format(step=self._stopped_at, reason=reason)

    def _place(self, parameters: Array, step: int) -> None:
        self._x = parameters.copy()
        self._position = step

    def _advance(self, learning_rate: float) -> None:
        with np.errstate(all="ignore"):
            self._x = self._x - learning_rate * self._gradient()
        self._position += 1

    def _cost(self) -> float:
        return float(evaluate(self._expression, self._point | {self._wrt: float(self._x[0])}))

    def _here(self) -> Array:
        return self._x

    def _gradient(self) -> Array:
        slope = self._derivation.value(**self._point | {self._wrt: float(self._x[0])})
        return np.array([math.nan if slope is None else slope])

    def _copy(self) -> FunctionDescent:
        start = self._point | {self._wrt: float(self._checkpoints[0][0])}
        return FunctionDescent(self._expression, self._wrt, start, self.learning_rate)


def _check_rate(learning_rate: float) -> None:
    if not math.isfinite(learning_rate):
        raise NetworkError(_("The learning rate must be a finite number."))


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
