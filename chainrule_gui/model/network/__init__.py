"""Networks: their shape and parameters, the two passes, and derivatives by paths."""

from chainrule_gui.model.network.activations import ACTIVATIONS, Activation
from chainrule_gui.model.network.costs import COSTS
from chainrule_gui.model.network.network import MAX_LAYERS, MAX_UNITS, Network, NetworkError
from chainrule_gui.model.network.passes import Gradients, Trace, backward, forward
from chainrule_gui.model.network.paths import all_paths, derivation

__all__ = [
    "ACTIVATIONS",
    "COSTS",
    "MAX_LAYERS",
    "MAX_UNITS",
    "Activation",
    "Gradients",
    "Network",
    "NetworkError",
    "Trace",
    "all_paths",
    "backward",
    "derivation",
    "forward",
]
