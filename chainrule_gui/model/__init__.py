"""The shared numpy model layer: expressions, chains of derivatives, networks, gradient descent. No Qt, no files."""

from chainrule_gui.model.calculus import derive, gradient
from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
from chainrule_gui.model.descent import Descent, FunctionDescent, Trajectory
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.network import Gradients, Network, NetworkError, Trace, backward, forward
from chainrule_gui.model.solution import explain

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
