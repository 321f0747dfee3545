"""Networks: what they are, the forward and the backward pass, and every derivative as a sum over paths."""

from chainrule_gui.model.network.activations import ACTIVATIONS, Activation
from chainrule_gui.model.network.costs import COSTS, Cost
from chainrule_gui.model.network.network import MAX_LAYERS, MAX_UNITS, Network, NetworkError
from chainrule_gui.model.network.paths import all_paths, derivation
from chainrule_gui.model.network.propagation import Gradients, Trace, backward, forward
from chainrule_gui.model.network.remarks import remarks

__all__ = [
    "ACTIVATIONS",
    "COSTS",
    "MAX_LAYERS",
    "MAX_UNITS",
    "Activation",
    "Cost",
    "Gradients",
    "Network",
    "NetworkError",
    "Trace",
    "all_paths",
    "backward",
    "derivation",
    "forward",
    "remarks",
]
