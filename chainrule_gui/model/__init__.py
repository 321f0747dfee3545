"""The shared numpy model layer: expressions, chains of derivatives, networks, gradient descent. No Qt, no files.

Each name is imported from its module when it is first asked for: whoever needs one need not wait for all.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainrule_gui.model.calculus import derive, gradient
    from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
    from chainrule_gui.model.descent import Descent, FunctionDescent, Trajectory
    from chainrule_gui.model.expression.evaluate import evaluate
    from chainrule_gui.model.expression.parser import ExpressionError, parse
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.model.network import Gradients, Network, NetworkError, Trace, backward, forward
    from chainrule_gui.model.solution import explain

_MODULES = {
    "calculus": ("derive", "gradient"),
    "chain": ("Chain", "Derivation", "Link", "Quantity"),
    "descent": ("Descent", "FunctionDescent", "Trajectory"),
    "expression.evaluate": ("evaluate",),
    "expression.parser": ("ExpressionError", "parse"),
    "expression.text": ("to_text",),
    "network": ("Gradients", "Network", "NetworkError", "Trace", "backward", "forward"),
    "solution": ("explain",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Chain",
    "Derivation",
    "Descent",
    "ExpressionError",
    "FunctionDescent",
    "Gradients",
    "Link",
    "Network",
    "NetworkError",
    "Quantity",
    "Trace",
    "Trajectory",
    "backward",
    "derive",
    "evaluate",
    "explain",
    "forward",
    "gradient",
    "parse",
    "to_text",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value
