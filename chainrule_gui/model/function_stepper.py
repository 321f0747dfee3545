"""The inner loop of gradient descent along one variable of a typed function."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.differentiate import differentiate
from chainrule_gui.model.expression.domain import may_have_kink, why_no_derivative, why_no_value
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.tree import Expression

Array = NDArray[np.float64]


class FunctionStepper:
    """Takes steps x ← x − η·dh/dx along one variable; a row of its history is x alone."""

    def __init__(self, expression: Expression, wrt: str, point: dict[str, float]) -> None:
        self._expression, self._wrt = expression, wrt
        self._slope = differentiate(expression, wrt)
        self._may_have_kink = may_have_kink(expression)
        self._point = {name: float(value) for name, value in point.items()}

    def inner(self, parameters: Array) -> Array:
        """Return the row that stands for `parameters`."""
        return parameters.copy()

    def outer(self, row: Array) -> Array:
        """Return the parameters that a row stands for."""
        return row.copy()

    def state(self, row: Array) -> dict[str, Array]:
        """Return nothing: plain gradient descent remembers nothing."""
        return {}

    def gradient(self, step: int, row: Array) -> Array:
        """Return the derivative that the step from `row` goes by."""
        self._point[self._wrt] = float(row[0])
        return np.array([evaluate(self._slope, self._point)], dtype=np.float64)

    def start(self, row: Array) -> tuple[float, str | None]:
        """Return the value at a row, and why there is none."""
        self._point[self._wrt] = float(row[0])
        value = float(evaluate(self._expression, self._point))
        return value, None if math.isfinite(value) else why_no_value(self._expression, self._point)

    def run(self, step: int, row: Array, learning_rate: float, costs: Array, rows: Array) -> tuple[int, str | None]:
        """Take ``len(costs)`` steps from `row`; return how many were taken, and why it could not go on."""
        x = self._point[self._wrt] = float(row[0])
        for taken in range(len(costs)):
            slope = float(evaluate(self._slope, self._point))
            if self._may_have_kink or not math.isfinite(slope):
                reason = why_no_derivative(self._expression, self._wrt, self._slope, self._point)
                if reason is not None:
                    return taken, _("stopped at step {step}: {reason}").format(step=step + taken, reason=reason)
            x -= learning_rate * slope
            if not math.isfinite(x):
                message = _("diverged at step {step}: {name} is no longer a finite number; try a smaller learning rate")
                return taken, message.format(step=step + taken + 1, name=self._wrt)
            self._point[self._wrt] = x
            value = float(evaluate(self._expression, self._point))
            if not math.isfinite(value):
                return taken, self._why_stopped(step + taken + 1, value)
            rows[taken, 0] = x
            costs[taken] = value
        return len(costs), None

    def _why_stopped(self, step: int, value: float) -> str:
        if math.isinf(value) and abs(self._point[self._wrt]) > 1.0:
            message = _("diverged at step {step}: the value is no longer a finite number; try a smaller learning rate")
            return message.format(step=step)
        reason = why_no_value(self._expression, self._point)
        return _("stopped at step {step}: {reason}").format(step=step, reason=reason)
