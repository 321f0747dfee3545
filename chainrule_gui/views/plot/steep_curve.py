"""A curve that may rise without bound and still be dashed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg


class SteepCurve(pg.PlotCurveItem):  # type: ignore[misc]
    """A curve whose line ends a little above and below the view.

    Qt lays dashes one by one, outside the view too: the derivative of sin(exp(x²)) would need 10¹⁶ of them.
    """

    def viewRangeChanged(self) -> None:
        super().viewRangeChanged()
        self.path = None

    def generatePath(self, x: Any, y: Any) -> Any:
        low, high = self.getViewBox().viewRange()[1]
        reach = (high - low) / 10
        return super().generatePath(x, np.where(np.isfinite(y), np.clip(y, low - reach, high + reach), y))
