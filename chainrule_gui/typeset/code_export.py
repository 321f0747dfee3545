"""A network and its run as a program of a few dozen lines that stands alone: numpy, or PyTorch.

The program has the start, the data and the steps of the run, and prints the cost of every step. Its names are
those of the app: z, a, δ = ∂J/∂z, dW, db; where every layer has one unit, w1, b1, w2, b2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.typeset.code_languages import Names, NumpyWriter, TorchWriter, Training, comment, docstring, plain

__all__ = ["Training", "numpy_script", "pytorch_script"]

Array = NDArray[np.float64]


def numpy_script(training: Training) -> str:
    """Return a program in numpy that prints the cost of every step."""
    return _Script(training, NumpyWriter(training)).text()


def pytorch_script(training: Training) -> str:
    """Return a program in PyTorch that prints the cost of every step."""
    return _Script(training, TorchWriter(training)).text()


class _Script:
    """Puts a program together, the same for numpy and PyTorch."""

    def __init__(self, training: Training, language: NumpyWriter | TorchWriter) -> None:
        self.training, self.say, self.names = training, language, Names(training.network)

    def text(self) -> str:
        """Return the whole program."""
        say = self.say
        parts = [
            [self._about(), "", *say.imports, *([""] if say.settings else []), *say.settings],
            self._data(),
            self._start(),
            self._forward(),
            self._cost(),
            say.gradients(),
            self._descent(),
        ]
        return "\n\n\n".join("\n".join(part) for part in parts if part) + "\n"

    def _about(self) -> str:
        network = self.training.network
        about = _("A {sizes} network ({activations}; {cost}), trained by {optimiser}.").format(
            sizes="-".join(map(str, network.layers)),
            activations=", ".join(network.activations),
            cost=network.cost,
            optimiser=self.training.rule.key,
        )
        prints = _("Prints the cost at the start and after every step.")
        return f'"""{plain(about)}\n\n{plain(prints)}\n"""'

    def _data(self) -> list[str]:
        inputs, targets = self.training.inputs, self.training.targets
        count = ngettext("The data: {count} sample.", "The data: {count} samples, one in a row.", len(inputs))
        write = (lambda table: row_text(table[:, 0])) if self.names.single else table_text
        return [
            comment(count.format(count=len(inputs))),
            *([comment(self.training.note)] if self.training.note else []),
            f"x = {self.say.array(write(inputs))}",
            f"y = {self.say.array(write(targets))}",
        ]

    def _start(self) -> list[str]:
        network, parameters = self.training.network, self.training.parameters
        lines = [comment(_("The start."))]
        if not self.names.single:
            rows = _("Row j of W holds the weights into unit j, one from each unit of the layer before.")
            lines.append(comment(rows))
        for layer in self.names.layers:
            weights, biases = network.weights(parameters)[layer - 1], network.biases(parameters)[layer - 1]
            if self.names.single:
                lines.append(f"{self.names.weights[layer]} = {self.say.parameter(repr(float(weights[0, 0])))}")
                lines.append(f"b{layer} = {self.say.parameter(repr(float(biases[0])))}")
            else:
                lines.append(f"{self.names.weights[layer]} = {self.say.parameter(table_text(weights))}")
                lines.append(f"b{layer} = {self.say.parameter(row_text(biases))}")
        return [*lines, *self.say.setup()]

    def _forward(self) -> list[str]:
        about = _("Forward pass: return every z = W a + b and a = f(z), for all samples at once.")
        lines = ["def forward(x):", docstring(about)]
        for layer in self.names.layers:
            z = f"z{layer}"
            value = self.say.activation(self.training.network.activations[layer - 1], z)
            lines += [f"    {z} = {self.names.weighted(layer)}", f"    {self.names.a(layer)} = {value}"]
        return [*lines, f"    return {self.names.everything()}"]

    def _cost(self) -> list[str]:
        network = self.training.network
        squared = network.cost == "squared-error"
        formula = "(y_hat - y)^2 / 2" if squared else "-[y ln(y_hat) + (1 - y) ln(1 - y_hat)]"
        about = _("Return J, the mean over the samples of {formula}.").format(formula=formula)
        lines = ["def cost(x, y):", docstring(about)]
        if network.entropy_of_sigmoid:
            z = f"z{network.depth}"
            why = _("With y_hat = sigmoid({z}) that is ln(1 + e^{z}) - y {z}, which is exact for any {z}.").format(z=z)
            lines += [f"    {comment(why)}", f"    {z} = forward(x)[-2]"]
            terms = f"{self.say.softplus(z)} - y * {z}"
        else:
            lines.append("    y_hat = forward(x)[-1]")
            log = self.say.log
            entropy = f"-(y * {log('y_hat')} + (1 - y) * {log('1 - y_hat')})"
            terms = "(y_hat - y) ** 2 / 2" if squared else entropy
        return [*lines, f"    return {self.say.total(terms)} / len(x)"]

    def _descent(self) -> list[str]:
        training = self.training
        rates = training.rates
        lines = [f"steps = {training.steps}", f"rate = {rates[0][1]!r}  {comment(_('the learning rate'))}"]
        if len(rates) > 1:
            lines.append(
                f"rates = {dict(rates[1:])!r}  {comment(_('the other learning rates, and from which step on'))}"
            )
        x, y = "x", "y"
        before: list[str] = []
        if len(rates) > 1:
            before.append("rate = rates.get(step - 1, rate)")
        if training.batch is not None:
            x, y = "x[chosen]", "y[chosen]"
            lines += [
                f"batch, seed = {training.batch}, {training.seed}",
                f"batches = -(-len(x) // batch)  {comment(_('in an epoch'))}",
            ]
            before += [
                "epoch, place = divmod(step - 1, batches)",
                "if place == 0:",
                "    order = np.random.default_rng([seed, epoch]).permutation(len(x))",
                "chosen = order[place * batch : (place + 1) * batch]",
            ]
        body = [
            *before,
            *self.say.step(x, y),
            f"J = {self.say.value('cost(x, y)')}",
            f"if not {self.say.finite}:",
            f"    raise SystemExit({plain(_('diverged at step'))!r} + f' {{step}}')",
            'print(f"{step:8d}  {float(J)!r}")',
        ]
        heading = f"{plain(_('step')):>8}  {plain(_('cost'))}"
        lines += ["", f"J = {self.say.value('cost(x, y)')}", f"print({heading!r})", 'print(f"{0:8d}  {float(J)!r}")']
        return [*lines, "for step in range(1, steps + 1):", *(f"    {line}" for line in body)]


def row_text(values: Array) -> str:
    return repr(values.tolist())


def table_text(values: Array) -> str:
    rows = [f"    {row!r}," for row in values.tolist()]
    return row_text(values) if len(rows) == 1 else "\n".join(["[", *rows, "]"])
