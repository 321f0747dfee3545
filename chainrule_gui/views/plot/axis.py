"""An axis whose numbers never touch, written with a true minus sign and powers of ten as 10⁻³."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtGui import QFont, QFontMetricsF

from chainrule_gui.typeset.numbers import MINUS, superscript

_ROOM = 1.7
"""Distance of two numbers along an upright axis, in heights of their writing."""


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Draws fewer numbers where there is less room, and lies below the curves with its grid."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self._height = 14.0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return one level of ticks; on a logarithmic axis powers of ten, or 1, 2 and 5 times them."""
        if self.logMode:
            return [(1.0, _decades(low, high, max(1.0, size / self._needed())))]
        levels: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
        spacing, values = levels[0]
        if spacing * size < self._needed() * (high - low):  # closer than the writing is high
            values = [value for value in values if round(value / spacing) % 2 == 0]
        return [(spacing, values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as text."""
        if self.logMode:
            return [_power_of_ten(value) for value in values]
        places = min(max(0, math.ceil(-math.log10(spacing * scale))), 8)
        largest = max((abs(value * scale) for value in values), default=0.0)
        if largest >= 1e5 or 0 < largest < 1e-3:
            exponent = math.floor(math.log10(largest))
            times = "×" + _power_of_ten(exponent, plain=False)
            return ["0" if value == 0 else _short(value * scale / 10.0**exponent) + times for value in values]
        return [f"{value * scale:.{places}f}".replace("-", MINUS) for value in values]

    def set_font(self, font: QFont) -> None:
        """Use another font for the numbers."""
        self.setStyle(tickFont=font)
        self._height = QFontMetricsF(font).height()

    def _needed(self) -> float:
        """Pixels from a number to the next."""
        return self._height * (_ROOM if self.orientation == "left" else 2 * _ROOM)


def _decades(low: float, high: float, most: float) -> list[float]:
    """Return where ticks go between two powers of ten: at most so many, at least two where possible."""
    fine = (1, 2, 5) if low > -3 and high < 5 else (1,)
    for factors, every in ((fine, 1), ((1,), 1), ((1,), 2), ((1,), 5), ((1,), 20), ((1,), 100)):
        found = [
            exponent + math.log10(factor)
            for exponent in range(math.floor(low), math.ceil(high) + 1)
            if exponent % every == 0
            for factor in factors
        ]
        found = [value for value in found if low <= value <= high]
        if len(found) <= most:
            return found
    return found[:1]


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", MINUS)


def _power_of_ten(exponent: float, plain: bool = True) -> str:
    """Write a number by its logarithm: 0.002, or 10⁻⁶ where it would be long."""
    if plain and -3 <= exponent < 5:
        return f"{10.0**exponent:.{max(0, -math.floor(exponent + 1e-9))}f}"
    return f"10{superscript(round(exponent))}"
