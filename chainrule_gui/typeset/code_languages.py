"""How a program that trains a network is written in numpy and in PyTorch."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.table import LEAK
from chainrule_gui.model.network import Network
from chainrule_gui.model.network.optimisers import UpdateRule

Array = NDArray[np.float64]

_NUMPY = {
    "sigmoid": ("1 / (1 + np.exp(-{z}))", "{a} * (1 - {a})"),
    "tanh": ("np.tanh({z})", "(1 - {a}**2)"),
    "relu": ("np.maximum({z}, 0)", "({z} > 0)"),
    "leaky-relu": (f"np.where({{z}} > 0, {{z}}, {LEAK!r} * {{z}})", f"np.where({{z}} > 0, 1, {LEAK!r})"),
    "softplus": ("np.logaddexp(0, {z})", "1 / (1 + np.exp(-{z}))"),
    "identity": ("{z}", "1"),
}
_TORCH = {
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "torch.relu({z})",
    "leaky-relu": f"torch.nn.functional.leaky_relu({{z}}, {LEAK!r})",
    "softplus": "torch.logaddexp(torch.zeros_like({z}), {z})",
    "identity": "{z}",
}


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What a program repeats: a network, its start, its data, and how it is trained.

    Attributes
    ----------
    parameters : (P,), the start
    inputs, targets : (n, in) and (n, out), what it is trained on
    rates : (first step, learning rate) of each part of the run
    steps : how many steps are taken
    batch : samples in a step, None for all of them
    seed : of the order of the samples
    rule : the optimiser
    frozen : names of the parameters that no step changes
    note : what has to be said of the data
    """

    network: Network
    parameters: Array
    inputs: Array
    targets: Array
    rates: tuple[tuple[int, float], ...]
    steps: int
    batch: int | None = None
    seed: int = 0
    rule: UpdateRule = field(default_factory=UpdateRule)
    frozen: frozenset[str] = frozenset()
    note: str = ""


class Names:
    """What things are called in a program: W1, b1, z1, a1, …, or w1 where a layer is a single unit."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.single = network.is_single
        self.layers = range(1, network.depth + 1)
        letter = "w" if self.single else "W"
        self.weights = {layer: f"{letter}{layer}" for layer in self.layers}
        self.parameters = [name for layer in self.layers for name in (self.weights[layer], f"b{layer}")]

    def a(self, layer: int) -> str:
        """Return the name of a layer's activation: x for layer 0, y_hat for the last."""
        if layer == 0:
            return "x"
        return "y_hat" if layer == self.network.depth else f"a{layer}"

    def weighted(self, layer: int) -> str:
        """W·a + b of a layer, samples along the rows."""
        weights, below = self.weights[layer], self.a(layer - 1)
        return f"{weights} * {below} + b{layer}" if self.single else f"{below} @ {weights}.T + b{layer}"

    def everything(self) -> str:
        """All z and a in the order in which they are computed."""
        return ", ".join(name for layer in self.layers for name in (f"z{layer}", self.a(layer)))


class NumpyWriter:
    """How a program says things in numpy."""

    imports = ("import numpy as np",)
    finite = "np.isfinite(J)"

    def __init__(self, training: Training) -> None:
        self.training, self.names = training, Names(training.network)
        self.settings: tuple[str, ...] = ()
        if {"sigmoid", "softplus"} & {*training.network.activations}:
            self.settings = (
                comment(_("Where exp(-z) overflows, 1 / (1 + exp(-z)) is the right 0.")),
                'np.seterr(over="ignore")',
            )

    def array(self, values: str) -> str:
        """Write an array that stays as it is."""
        return f"np.array({values})"

    def parameter(self, values: str) -> str:
        """Write an array of parameters."""
        return self.array(values)

    def activation(self, key: str, z: str) -> str:
        """Write an activation of z."""
        return _NUMPY[key][0].format(z=z)

    def softplus(self, z: str) -> str:
        """Write ln(1 + e^z)."""
        return f"np.logaddexp(0, {z})"

    def log(self, argument: str) -> str:
        """Write a natural logarithm."""
        return f"np.log({argument})"

    def total(self, terms: str) -> str:
        """Write a sum over everything."""
        return f"np.sum({terms})"

    def setup(self) -> list[str]:
        """Write what the update needs before the first step."""
        return [f"parameters = [{', '.join(self.names.parameters)}]", *self._frozen(), *self._state()]

    def _frozen(self) -> list[str]:
        masks = frozen_masks(self.training)
        if not masks:
            return []
        written = ", ".join(f"np.array({masks[name]})" if name in masks else "1" for name in self.names.parameters)
        return [about_frozen(), f"free = [{written}]"]

    def _state(self) -> list[str]:
        row = self.training.rule.row
        lines = [f"{name} = {value!r}" for name, value in self.training.rule.hyperparameters.items()]
        return lines + [f"{name}s = [np.zeros_like(p) for p in parameters]" for name in row.state]

    def gradients(self) -> list[str]:
        """The backward pass."""
        names, network = self.names, self.training.network
        last = network.depth
        lines = [
            "def gradients(x, y):",
            docstring(
                _("Backward pass: delta = dJ/dz, from the last layer to the first; return every dJ/dW and dJ/db.")
            ),
            f"    {names.everything()} = forward(x)",
        ]
        for layer in reversed(names.layers):
            slope = _NUMPY[network.activations[layer - 1]][1].format(z=f"z{layer}", a=names.a(layer))
            by_z = "" if slope == "1" else f" * {slope}"
            if layer < last:
                above = names.weights[layer + 1]
                back = f"{above} * delta{layer + 1}" if names.single else f"(delta{layer + 1} @ {above})"
                lines.append(f"    delta{layer} = {back}{by_z}")
            elif network.entropy_of_sigmoid:
                why = _(
                    "(y_hat - y) / (y_hat (1 - y_hat)) from the cost, y_hat (1 - y_hat) from the sigmoid: that cancels."
                )
                lines += [f"    {comment(why)}", f"    delta{layer} = (y_hat - y) / len(x)"]
            elif network.cost == "cross-entropy":
                lines.append(f"    delta{layer} = (y_hat - y) / (y_hat * (1 - y_hat)){by_z} / len(x)")
            else:
                lines.append(f"    delta{layer} = (y_hat - y){by_z} / len(x)")
        for layer in names.layers:
            delta, below = f"delta{layer}", names.a(layer - 1)
            dW = f"np.sum({delta} * {below})" if names.single else f"{delta}.T @ {below}"
            db = f"np.sum({delta})" if names.single else f"{delta}.sum(axis=0)"
            lines += [f"    d{names.weights[layer]} = {dW}", f"    db{layer} = {db}"]
        lines.append(f"    return [{', '.join(f'd{name}' for name in names.parameters)}]")
        return lines

    def step(self, x: str, y: str) -> list[str]:
        """One step; in place, so that W1, b1, … are the parameters."""
        rule = self.training.rule
        frozen = bool(frozen_masks(self.training))
        variables = ["p", "g", *(["f"] if frozen else []), *rule.row.state]
        lists = [
            "parameters",
            f"gradients({x}, {y})",
            *(["free"] if frozen else []),
            *(f"{n}s" for n in rule.row.state),
        ]
        lines = [f"for {', '.join(variables)} in zip({', '.join(lists)}):"]
        lines.insert(
            0,
            comment(_("In place, so that it is {names} that change.").format(names=", ".join(self.names.parameters))),
        )
        if frozen:
            lines.append("    g = g * f")
        return lines + [f"    {line}" for line in _NUMPY_UPDATES[rule.key]]

    def value(self, cost: str) -> str:
        """Write the cost as a number."""
        return cost


_NUMPY_UPDATES = {
    "gradient-descent": ("p -= rate * g",),
    "momentum": ("v *= beta", "v += g", "p -= rate * v"),
    "adam": (
        "m *= beta1",
        "m += (1 - beta1) * g",
        "v *= beta2",
        "v += (1 - beta2) * g**2",
        "m_hat = m / (1 - beta1**step)",
        "v_hat = v / (1 - beta2**step)",
        "p -= rate * m_hat / (np.sqrt(v_hat) + epsilon)",
    ),
}


class TorchWriter:
    """How a program says things in PyTorch, which does the backward pass and the update by itself."""

    settings = ("torch.set_default_dtype(torch.float64)",)
    finite = "torch.isfinite(J)"

    def __init__(self, training: Training) -> None:
        self.training, self.names = training, Names(training.network)
        self.imports: tuple[str, ...] = ("import torch",)
        if training.batch is not None:
            self.imports = ("import numpy as np", "import torch")

    def array(self, values: str) -> str:
        """Write an array that stays as it is."""
        return f"torch.tensor({values})"

    def parameter(self, values: str) -> str:
        """Write an array of parameters."""
        return f"torch.tensor({values}, requires_grad=True)"

    def activation(self, key: str, z: str) -> str:
        """Write an activation of z."""
        return _TORCH[key].format(z=z)

    def softplus(self, z: str) -> str:
        """Write ln(1 + e^z)."""
        return f"torch.logaddexp(torch.zeros_like({z}), {z})"

    def log(self, argument: str) -> str:
        """Write a natural logarithm."""
        return f"torch.log({argument})"

    def total(self, terms: str) -> str:
        """Write a sum over everything."""
        return f"torch.sum({terms})"

    def setup(self) -> list[str]:
        """Write what the update needs before the first step."""
        masks = frozen_masks(self.training)
        rate = self.training.rates[0][1]
        values = self.training.rule.values
        maker = {
            "gradient-descent": f"SGD(parameters, lr={rate!r})",
            "momentum": "SGD(parameters, lr={rate!r}, momentum={values[0]!r})",
            "adam": "Adam(parameters, lr={rate!r}, betas=({values[0]!r}, {values[1]!r}), eps={values[2]!r})",
        }[self.training.rule.key]
        lines = [f"parameters = [{', '.join(self.names.parameters)}]"]
        if masks:
            written = ", ".join(f"torch.tensor({masks[n]})" if n in masks else "1" for n in self.names.parameters)
            lines += [about_frozen(), f"free = [{written}]"]
        return [*lines, f"optimiser = torch.optim.{maker.format(rate=rate, values=values)}"]

    def gradients(self) -> list[str]:
        """Write the backward pass, where the program has one of its own."""
        return []

    def step(self, x: str, y: str) -> list[str]:
        """Write one step on the samples x and y."""
        lines = ["optimiser.zero_grad()", f"cost({x}, {y}).backward()"]
        if frozen_masks(self.training):
            lines += ["for p, f in zip(parameters, free):", "    p.grad *= f"]
        if len(self.training.rates) > 1:
            lines.append('optimiser.param_groups[0]["lr"] = rate')
        return [*lines, "optimiser.step()"]

    def value(self, cost: str) -> str:
        """Write the cost as a number."""
        return f"{cost}.detach()"


def frozen_masks(training: Training) -> dict[str, str]:
    """Return, for each array of parameters with a frozen one in it, a mask as Python text: 0 frozen, 1 free."""
    network, names = training.network, Names(training.network)
    free = np.array([name not in training.frozen for name in network.parameter_names], dtype=np.float64)
    masks = {}
    for layer, (weights, biases) in enumerate(zip(network.weights(free), network.biases(free), strict=True), start=1):
        for name, part in ((names.weights[layer], weights), (f"b{layer}", biases)):
            if not part.all():
                masks[name] = str(int(part.item()) if names.single else part.astype(int).tolist())
    return masks


def plain(text: str) -> str:
    """Return text that can stand in a comment, a docstring or a string of a program."""
    return text.replace("\\", "/").replace('"', "'").replace("\n", " ")


def comment(text: str) -> str:
    """Return text as a comment."""
    return f"# {plain(text)}"


def docstring(text: str) -> str:
    """Return text as the docstring of a function."""
    return f'    """{plain(text)}"""'


def about_frozen() -> str:
    """Return the comment above the masks of the frozen parameters."""
    return comment(_("0 where a parameter is frozen: its gradient counts as 0 in the update."))
