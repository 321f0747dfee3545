"""What the commands share: reading what was typed, writing what is answered."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chainrule_gui.i18n import _

if TYPE_CHECKING:
    from chainrule_gui.model.chain import Derivation
    from chainrule_gui.model.expression.tree import Expression


class InputError(Exception):
    """What was asked cannot be done: one message for stderr."""


def short(text: str) -> str:
    """Return what was typed, cut where it is long."""
    text = text.strip()
    return text if len(text) <= 40 else text[:40] + "…"


def print_json(content: dict[str, Any]) -> None:
    """Print an answer for programs: finite numbers only."""
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))


def finite(values: Iterable[float]) -> list[float | None]:
    """Return the values with None for what is not a finite number."""
    return [value if math.isfinite(value) else None for value in values]


def value_or_why(name: str, value: float | None, why: str | None) -> dict[str, Any]:
    """Return a value under its name, or null and why it does not exist."""
    if value is not None and math.isfinite(value):
        return {name: value}
    return {name: None, "why": why or _("no point was given: add --at x=1")}


def read_expression(text: str) -> Expression:
    """Read an expression; InputError with a caret under the place where it is none."""
    from chainrule_gui.model.expression.parser import ExpressionError, parse

    try:
        return parse(text.lstrip(" "))
    except ExpressionError as problem:
        raise InputError(f"{problem}\n{problem.caret()}") from None


def chosen_variable(asked: str | None, names: tuple[str, ...]) -> str:
    """Return the variable to differentiate by: the one asked for, the only one, or x."""
    from chainrule_gui.model.expression.tree import Variable

    if asked is not None:
        variable = read_expression(asked)
        if not isinstance(variable, Variable):
            raise InputError(_("“{text}” is not a variable: write, for example, --wrt x.").format(text=short(asked)))
        return variable.name
    wrt = names[0] if len(names) == 1 else "x"
    if names and wrt not in names:
        raise InputError(_("By which variable? Say one of {names} with --wrt.").format(names=", ".join(names)))
    return wrt


def written_out(derivation: Derivation, style: str) -> str:
    """Return a derivation in a notation: text, latex, typst or mathml."""
    from chainrule_gui.typeset import derivation_export

    writers = {
        "text": derivation_export.derivation_text,
        "latex": derivation_export.derivation_latex,
        "typst": derivation_export.derivation_typst,
        "mathml": derivation_export.derivation_mathml,
    }
    return writers[style](derivation)
