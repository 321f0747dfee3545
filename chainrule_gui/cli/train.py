"""`chainrule train`: a network trained by gradient descent, step by step."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule_gui.cli.common import (
    InputError,
    finite,
    value_or_why,
)
from chainrule_gui.cli.gradient import read_network, read_parameters
from chainrule_gui.i18n import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from chainrule_gui.model.descent import Descent
    from chainrule_gui.model.network import Network


MOST_STEPS = 1_000_000


def train_command(options: argparse.Namespace) -> None:
    """Print the history of a descent, as it goes."""
    from chainrule_gui.model.descent import Descent

    if not 0 <= options.steps <= MOST_STEPS:
        raise InputError(_("--steps must be between 0 and {most}.").format(most=MOST_STEPS))
    network = read_network(options)
    inputs, targets = _read_data(options, network)
    try:
        if options.parameters is None:
            parameters = network.initial_parameters(seed=options.seed)
        else:
            parameters = read_parameters(Path(options.parameters), network)
        descent = Descent(
            network, parameters, inputs, targets, learning_rate=options.rate, batch=options.batch, seed=options.seed
        )
    except ValueError as problem:
        raise InputError(str(problem)) from None
    rows = _history(descent, options.steps, network, inputs, targets)
    if options.format == "json":
        _print_history_json(network, descent, rows)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = network.parameter_names
    writer.writerow(["step", "cost", *names, *(f"dJ/d{name}" for name in names)])
    for row in rows:
        writer.writerow(
            [
                row["step"],
                row["cost"],
                *row["parameters"].values(),
                *row["gradient"].values(),
            ]
        )
    if descent.stopped:
        print(descent.stopped, file=sys.stderr)


def _print_history_json(network: Network, descent: Descent, rows: Iterator[dict[str, Any]]) -> None:
    """Print row by row: a long history need not fit into memory."""
    print('{"parameters": ' + json.dumps(network.parameter_names) + ',\n "history": [')
    separator = ""
    for row in rows:
        print(separator + "  " + json.dumps(row, ensure_ascii=False, allow_nan=False), end="")
        separator = ",\n"
    print("],\n" + ' "stopped": ' + json.dumps(descent.stopped, ensure_ascii=False) + "}")


def _history(
    descent: Descent, steps: int, network: Network, inputs: NDArray[np.float64], targets: NDArray[np.float64]
) -> Iterator[dict[str, Any]]:
    """Yield one row for each step; the gradient is that of the cost of all samples."""
    from chainrule_gui.model.network import backward, forward

    names = network.parameter_names
    for step in range(steps + 1):
        if step:
            descent.step()
            if descent.position < step:
                return
        trace = forward(network, descent.parameters, inputs, targets)
        gradient = backward(network, descent.parameters, trace).flat
        row = {
            "step": step,
            **value_or_why("cost", descent.cost, trace.why),
            "parameters": dict(zip(names, descent.parameters.tolist(), strict=True)),
            "gradient": dict(zip(names, finite(gradient.tolist()), strict=True)),
        }
        if None in row["gradient"].values():
            row.setdefault("why", _("A value is too large to calculate with."))
        yield row


def _read_data(options: argparse.Namespace, network: Network) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from chainrule_gui.model.data import DATASETS, DataError, dataset, read_csv

    try:
        if options.data in DATASETS:
            if options.inputs or options.targets:
                raise InputError(_("--inputs and --targets choose columns of a CSV file, not of a built-in data set."))
            data = dataset(options.data, seed=options.seed)
        else:
            data = read_csv(
                Path(options.data),
                inputs=options.inputs or (),
                targets=options.targets or (),
                outputs=network.layers[-1],
            )
    except DataError as problem:
        raise InputError(str(problem)) from None
    _check_columns(_("inputs"), data.inputs.shape[1], network.layers[0])
    _check_columns(_("targets"), data.targets.shape[1], network.layers[-1])
    return data.inputs, data.targets


def _check_columns(what: str, given: int, units: int) -> None:
    if given != units:
        message = _("The data has {given} columns of {what}, but the network's layer has {units} units.")
        raise InputError(message.format(given=given, what=what, units=units))
