"""`chainrule gradient`: values and gradients of a network for one sample."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from chainrule_gui.cli.common import (
    InputError,
    finite,
    print_json,
    short,
    value_or_why,
    written_out,
)
from chainrule_gui.i18n import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from chainrule_gui.model.chain import Derivation
    from chainrule_gui.model.network import Network


PATH_LIMIT = 100_000
"""A network may have hundreds of millions of paths; so many are written out at most."""
MOST_PARAMETER_BYTES = 1_000_000


def gradient_command(options: argparse.Namespace) -> None:
    """Print values and gradients of a network for one sample."""
    import numpy as np

    from chainrule_gui.model.gradient_check import numerical_gradient
    from chainrule_gui.model.network import backward, derivation, forward

    network = read_network(options)
    parameters = read_parameters(Path(options.parameters), network)
    inputs, targets = np.array([options.x]), np.array([options.y])
    _check_width("--x", inputs, network.layers[0])
    _check_width("--y", targets, network.layers[-1])
    if options.of is not None and options.of not in network.parameter_names:
        message = _("“{name}” is no parameter of this network; its parameters are: {names}.")
        raise InputError(message.format(name=options.of, names=", ".join(network.parameter_names[:40])))
    of = options.of or [name for name in network.parameter_names if name.startswith("w")][-1]
    trace = forward(network, parameters, inputs, targets)
    gradients = backward(network, parameters, trace)
    written = derivation(network, parameters, trace, of=of)
    if options.format == "json":
        numerical = numerical_gradient(network, parameters, inputs, targets)
        content = {
            "z": [finite(layer[0].tolist()) for layer in trace.z],
            "a": [finite(layer[0].tolist()) for layer in trace.a],
            **value_or_why("cost", trace.cost, trace.why),
            "delta": [finite(layer[0].tolist()) for layer in gradients.delta],
            "gradient": dict(zip(network.parameter_names, finite(gradients.flat.tolist()), strict=True)),
            "numerical": dict(zip(network.parameter_names, finite(numerical.tolist()), strict=True)),
        }
        if not (np.isfinite(gradients.flat).all() and np.isfinite(numerical).all()):
            content.setdefault("why", _("A value is too large to calculate with."))
        if options.of is not None:
            content |= _paths_json(network, parameters, trace, written)
        print_json(content)
    else:
        print(written_out(written, options.format))


def _paths_json(
    network: Network, parameters: NDArray[np.float64], trace: Any, derivation: Derivation
) -> dict[str, Any]:
    from itertools import islice

    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.model.network import all_paths

    paths = [
        {
            "links": [
                {
                    "of": link.of,
                    "wrt": link.wrt,
                    "local_derivative": to_text(link.local_derivative),
                    **value_or_why("value", link.value, link.why),
                }
                for link in chain.links
            ],
            **value_or_why("product", chain.product, _("a factor has no value")),
        }
        for chain in islice(all_paths(network, parameters, trace, derivation.wrt), PATH_LIMIT)
    ]
    content: dict[str, Any] = {
        "of": derivation.wrt,
        "paths": paths,
        **value_or_why("sum", derivation.derivative_value, derivation.why),
    }
    if derivation.chain_count > len(paths):
        content["paths_left_out"] = derivation.chain_count - len(paths)
    return content


def _check_width(option: str, rows: NDArray[np.float64], units: int) -> None:
    if rows.shape[1] != units:
        message = _("{option} has {given} numbers, but the layer has {units} units.")
        raise InputError(message.format(option=option, given=rows.shape[1], units=units))


def read_network(options: argparse.Namespace) -> Network:
    """Return the network that was described; InputError where it cannot be."""
    from chainrule_gui.model.network import Network, NetworkError

    activations = options.activation * (len(options.layers) - 1) if len(options.activation) == 1 else options.activation
    try:
        return Network(tuple(options.layers), tuple(activations), options.cost)
    except NetworkError as problem:
        raise InputError(str(problem)) from None


def read_parameters(path: Path, network: Network) -> NDArray[np.float64]:
    """Return the parameters of a JSON file of names and values; InputError where they do not fit."""
    import numpy as np

    def fail(message: str) -> NoReturn:
        raise InputError(f"{path}: {message}")

    try:
        with path.open("rb") as file:
            raw = file.read(MOST_PARAMETER_BYTES + 1)
        if len(raw) > MOST_PARAMETER_BYTES:
            fail(_("the file is larger than any file of parameters"))
        content = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except OSError as problem:
        fail(_("the parameters cannot be read: {reason}").format(reason=problem.strerror or problem))
    except json.JSONDecodeError as problem:
        raise InputError(
            _("{path}:{line}: this is not JSON: {reason} (character {column})").format(
                path=path, line=problem.lineno, reason=problem.msg, column=problem.colno
            )
        ) from None
    except UnicodeDecodeError:
        fail(_("this is not text in UTF-8"))
    except (ValueError, RecursionError) as problem:
        fail(_("the parameters cannot be read: {reason}").format(reason=problem))
    if not isinstance(content, dict):
        fail(_("a JSON object of names and values is needed, such as {example}").format(example='{"w1": 0.5, "b1": 0}'))
    names = network.parameter_names
    missing = [name for name in names if name not in content]
    unknown = [name for name in content if name not in names]
    if missing or unknown:
        found = (
            _("“{name}” is missing").format(name=missing[0])
            if missing
            else _("“{name}” is no parameter of this network").format(name=short(unknown[0]))
        )
        fail(_("{found}; the parameters are: {names}").format(found=found, names=", ".join(names[:40])))
    for name in names:
        value = content[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_as_float(value)):
            fail(_("{name} must be a finite number").format(name=name))
    return np.array([float(content[name]) for name in names])


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise ValueError(_("“{name}” stands there twice").format(name=short(name)))
        content[name] = value
    return content


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
