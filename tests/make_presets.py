"""Makes the session files in ``resources/presets``: ``python -m tests.make_presets``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from chainrule_gui.model.data import Dataset, dataset, single_sample
from chainrule_gui.model.network import Network
from chainrule_gui.resources import resource_path
from chainrule_gui.session.document import SUFFIX, write_document
from chainrule_gui.session.state import LabState, NetworkView, initial_state, new_network_state


def _network(
    network: Network,
    data: Dataset,
    parameters: list[float] | np.ndarray,
    rate: float,
    selected: str = "",
    view: NetworkView = NetworkView(),  # noqa: B008
    **changes: object,
) -> LabState:
    made = new_network_state(network, data, np.array(parameters, dtype=float), rate)
    made = replace(made, selected=selected or made.selected, view=view, **changes)
    return replace(initial_state(), subject="network", network=made)


def states() -> dict[str, LabState]:
    """Return the state of every preset by its key."""
    xor, line, sample = dataset("xor"), dataset("line"), single_sample([1.0], [0.0])
    two_two = Network((2, 2, 1), ("tanh", "sigmoid"), "cross-entropy")
    four = Network((2, 4, 1), ("tanh", "sigmoid"), "cross-entropy")
    return {
        "lesson": replace(initial_state(), subject="network"),
        "by-hand": _network(
            Network((2, 2, 1)),
            single_sample([1.0, 0.5], [1.0]),
            [0.1, 0.4, -0.3, 0.2, 0.1, -0.1, 0.5, -0.6, 0.2],
            0.5,
            "w1.1.1",
        ),
        "xor": _network(four, xor, four.initial_parameters(seed=1), 0.5, view=NetworkView("boundary"), seed=1),
        "line": _network(
            Network((1, 1), "identity"), line, [-0.5, 0.0], 0.3, "w1", NetworkView("contour", ("w1", "b1"))
        ),
        "dead-relu": _network(
            Network((1, 2, 1), ("relu", "identity")), line, [0.8, 0.5, 0.3, -2.0, 0.6, 0.7, 0.1], 0.1, "w1.2.1"
        ),
        "saturated-sigmoid": _network(
            Network((1, 1, 1)), sample, [1.5, 0.5, 6.0, 3.0], 0.5, "w2", NetworkView("slice")
        ),
        "exploding-rate": _network(
            Network((1, 1), "identity"), line, [0.3, 0.0], 2.2, "b1", NetworkView("slice")
        ),
        "symmetric-start": _network(
            two_two, xor, two_two.initial_parameters(0, "equal"), 0.5, "w1.1.1", scheme="equal", seed=3
        ),
        "vanishing-gradient": _network(
            Network((1,) * 9), single_sample([0.5], [1.0]), [1.0, 0.0] * 8, 1.0, "w1", NetworkView("parameters")
        ),
    }  # fmt: skip


def make(folder: Path) -> None:
    """Write every preset into a folder."""
    for key, state in states().items():
        path = folder / (key + SUFFIX)
        write_document(path, state)
        path.chmod(0o644)


if __name__ == "__main__":
    make(resource_path("presets"))
