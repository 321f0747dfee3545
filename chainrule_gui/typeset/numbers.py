"""Numbers as text: the one place where a number is rounded, and only for display."""

from __future__ import annotations

import math

MINUS = "−"
MISSING = "—"
HAIR_SPACE = "\u200a"
"""Sets numbers like 6.0 × 10⁻¹³ tightly where there is little room."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float | None, digits: int = 4) -> str:
    """Return `value` with `digits` decimals, very large and very small ones as 6.0 × 10⁻¹³.

    A value that does not exist is shown as a dash, never as nan.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    mantissa, exponent = split_number(value, digits)
    return mantissa if exponent is None else f"{mantissa} × 10{superscript(exponent)}"


def superscript(exponent: int) -> str:
    """Return an exponent in raised figures."""
    return str(exponent).translate(_SUPERSCRIPT)


def split_number(value: float, digits: int = 4) -> tuple[str, int | None]:
    """Return the digits shown of a finite number and, for very large or small ones, the exponent of ten."""
    size = abs(value)
    if value == 0 or 10.0 ** (1 - digits) <= size < 1e5:
        text, exponent = f"{value:.{digits}f}", None
    else:
        text, power = f"{value:.{max(1, digits - 2)}e}".split("e")
        exponent = int(power)
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS), exponent


def full_precision(value: float | None) -> str:
    """Return `value` with every digit it has, for tool tips and copying."""
    return MISSING if value is None or not math.isfinite(value) else repr(float(value)).replace("-", MINUS)


def read_number(text: str) -> float | None:
    """Return the finite number that a learner typed, with a decimal point or comma; None where it is none."""
    try:
        value = float(text.strip().replace(MINUS, "-").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None
