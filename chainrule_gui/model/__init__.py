"""The shared numpy model layer: expressions, chains of derivatives, networks, gradient descent. No Qt, no files."""

from chainrule_gui.model.calculus import derive
from chainrule_gui.model.chain import Chain, Derivation, Link, Quantity
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import ExpressionError, parse
from chainrule_gui.model.expression.text import to_text

__all__ = [
    "Chain",
    "Derivation",
    "ExpressionError",
    "Link",
    "Quantity",
    "derive",
    "evaluate",
    "parse",
    "to_text",
]
