"""A worked solution as data: given values, forward pass, cost, every gradient by the chain rule, update, cost after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.chain import Derivation
from chainrule_gui.model.expression.tree import ONE, Binary, Call, Expression, Negate, Variable
from chainrule_gui.model.network import ACTIVATIONS, COSTS, Network, Trace, backward, derivation, forward
from chainrule_gui.model.network.definitions import definitions
from chainrule_gui.typeset.derivation_markup import Update, derivation_typst, spoken_chain, spoken_numbers
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.solution_parts import (
    Formula,
    Json,
    block,
    equation,
    long_sum,
    name,
    number,
    pairs,
    paragraph,
    section,
    table,
)
from chainrule_gui.typeset.solution_updates import update_blocks
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import (
    expression_markup,
    factor_markup,
    function_markup,
    numbers_markup,
    short_markup,
    symbol_markup,
)

Array = NDArray[np.float64]

SHOWN_SAMPLES = 12
"""So many samples are printed; more are counted."""

MOST_COLUMNS = 8
"""More columns of data than this do not fit the page."""

MOST_PARAMETERS = 400
"""A network with more would fill hundreds of pages."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is worked out: a network at one step, one sample of its data, and the update of every parameter.

    Attributes
    ----------
    parameters : (P,)
    inputs, targets : (n, in) and (n, out)
    sample : the row that is worked through
    step : the step the network stands at
    learning_rate : of the next step
    updates : the next update of every parameter, in their order
    note : what has to be said of the data
    """

    network: Network
    parameters: Array
    inputs: Array
    targets: Array
    sample: int
    step: int
    learning_rate: float
    updates: Sequence[Update]
    note: str = ""


def network_solution(task: Task) -> Json:
    """Return the worked solution of one step of a network.

    Raises
    ------
    ValueError
        where the cost has no value or the network is too large; the message says so.
    """
    if task.network.parameter_count > MOST_PARAMETERS:
        message = _("the network has {count} parameters, more than the {most} that fit a solution; take a smaller one.")
        raise ValueError(message.format(count=task.network.parameter_count, most=MOST_PARAMETERS))
    return _NetworkSolution(task).content()


class _NetworkSolution:
    def __init__(self, task: Task) -> None:
        self.task, self.network = task, task.network
        self.trace = forward(task.network, task.parameters, task.inputs, task.targets)
        if self.trace.why is not None:
            raise ValueError(self.trace.why)
        self.gradients = backward(task.network, task.parameters, self.trace)
        self.samples = len(task.inputs)
        self.formulas = dict(definitions(task.network))
        self.values = self._values(self.trace)

    def _values(self, trace: Trace) -> dict[str, float]:
        """Every value at the sample, by name; a layer's slopes f′(z) are s, its δ are delta."""
        network, sample = self.network, self.task.sample
        values = dict(zip(network.parameter_names, self.task.parameters.tolist(), strict=True))
        for unit in range(network.layers[0]):
            values[network.input_name(unit + 1)] = float(trace.inputs[sample, unit])
        for unit in range(network.layers[-1]):
            values[network.target_name(unit + 1)] = float(trace.targets[sample, unit])
        for layer in range(1, network.depth + 1):
            z, a = trace.z[layer - 1][sample], trace.a[layer - 1][sample]
            slopes = ACTIVATIONS[network.activations[layer - 1]].derivative(z, a)
            for unit in range(network.layers[layer]):
                values[network.z_name(layer, unit + 1)] = float(z[unit])
                values[network.a_name(layer, unit + 1)] = float(a[unit])
                values[self._slope_name(layer, unit + 1)] = float(slopes[unit])
                values[self._delta_name(layer, unit + 1)] = float(self.gradients.delta[layer - 1][sample, unit])
        return values

    def _slope_name(self, layer: int, unit: int) -> str:
        return self.network.z_name(layer, unit).replace("z", "s", 1)

    def _delta_name(self, layer: int, unit: int) -> str:
        return self.network.z_name(layer, unit).replace("z", "delta", 1)

    def _units(self, layer: int) -> range:
        return range(1, self.network.layers[layer] + 1)

    def content(self) -> Json:
        network = self.network
        layers = "-".join(map(str, network.layers))
        activations = ", ".join(_(ACTIVATIONS[key].label) for key in dict.fromkeys(network.activations))
        subtitle = _("{layers} network, {activations}, {cost}, step {step}").format(
            layers=layers, activations=activations, cost=_(COSTS[network.cost].label), step=self.task.step
        )
        sections = [self._given(), self._forward(), self._cost(), self._backward(), self._gradients_section()]
        if network.is_single:
            sections.append(self._chains())
        return {"title": _("Worked solution"), "subtitle": subtitle, "sections": [*sections, self._update()]}

    def _given(self) -> Json:
        network, task = self.network, self.task
        several = self.samples > 1
        blocks = self._data()
        if task.note:
            blocks.append(paragraph(task.note))
        parameters = dict(zip(network.parameter_names, task.parameters.tolist(), strict=True))
        blocks.append(pairs((_("parameter"), _("value")), parameters))
        if several:
            worked = _(
                "The passes are worked through for sample {sample}; gradients and cost are means over all {count}."
            )
            blocks.append(paragraph(worked.format(sample=task.sample + 1, count=self.samples)))
        rate = _("The learning rate is η = {rate}.").format(rate=f"{task.learning_rate:g}".replace("-", "−"))
        blocks.append(paragraph(rate))
        return section(_("Given"), *blocks)

    def _data(self) -> list[Json]:
        """The samples, or only the one that is worked through where there are too many columns for a page."""
        network, task = self.network, self.task
        names = [network.input_name(unit) for unit in self._units(0)]
        names += [network.target_name(unit) for unit in self._units(network.depth)]
        data = np.hstack([task.inputs, task.targets])
        if len(names) > MOST_COLUMNS:
            sample = dict(zip(names, data[task.sample].tolist(), strict=True))
            return [pairs((_("of the sample"), _("value")), sample)]
        rows: list[list[str | Formula]] = [list(map(number, sample.tolist())) for sample in data[:SHOWN_SAMPLES]]
        header: list[str | Formula] = list(map(name, names))
        if self.samples > 1:
            header.insert(0, _("sample"))
            for count, row in enumerate(rows, start=1):
                row.insert(0, str(count))
        blocks = [table(header, rows, range(len(header)))]
        if len(data) > len(rows):
            left_out = len(data) - len(rows)
            more = ngettext("… and {count} more sample.", "… and {count} more samples.", left_out)
            blocks.append(paragraph(more.format(count=left_out)))
        return blocks

    def _forward(self) -> Json:
        blocks = []
        for layer in range(1, self.network.depth + 1):
            rows = []
            for unit in self._units(layer):
                rows += [self._z_row(layer, unit), self._a_row(layer, unit)]
            blocks.append(block(rows))
        return section(_("Forward pass"), *blocks)

    def _z_row(self, layer: int, unit: int) -> Formula:
        network, z = self.network, self.network.z_name(layer, unit)
        factors = [
            (network.weight_name(layer, unit, source), network.a_name(layer - 1, source))
            for source in self._units(layer - 1)
        ]
        bias = network.bias_name(layer, unit)
        terms = [(_product(map(Variable, pair)), self._numbers(pair)) for pair in factors]
        terms.append(
            (name(bias), Formula(short_markup(self.values[bias], as_factor=True), format_number(self.values[bias])))
        )
        return long_sum(name(z), terms, self.values[z])

    def _numbers(self, names: Sequence[str]) -> Formula:
        """The values of factors, as a product."""
        values = [self.values[one] for one in names]
        written = [short_markup(value, as_factor=len(values) > 1) for value in values]
        return Formula(" dot.op ".join(written), _(" times ").join(map(format_number, values)))

    def _a_row(self, layer: int, unit: int) -> Formula:
        a = self.network.a_name(layer, unit)
        formula = self.formulas[a]
        assert formula is not None
        return equation(a, formula, self.values, self.values[a])

    def _cost(self) -> Json:
        cost = float(self.trace.sample_costs[self.task.sample])
        blocks = [block([self._cost_row(cost)])]
        if self.samples > 1:
            mean = _("That is the cost of sample {sample}. The mean over all {count} samples is J = {cost}.")
            blocks.append(
                paragraph(
                    mean.format(sample=self.task.sample + 1, count=self.samples, cost=format_number(self.trace.cost, 6))
                )
            )
        return section(_("Cost"), *blocks)

    def _cost_row(self, cost: float) -> Formula:
        network, outputs = self.network, self._units(self.network.depth)
        formula = self.formulas["J"]
        if len(outputs) == 1 and formula is not None:
            return equation("J", formula, self.values, cost)
        of_output = [
            COSTS[network.cost].formula(Variable(network.output_name(unit)), Variable(network.target_name(unit)))
            for unit in outputs
        ]
        terms = [
            (Formula(expression_markup(one), to_spoken(one)), Formula(numbers_markup(one, self.values), ""))
            for one in of_output
        ]
        return long_sum(name("J"), terms, cost, in_a_line=1)

    def _backward(self) -> Json:
        about = _(
            "δ = ∂J/∂z of each unit, from the last layer back: "
            "what arrives from above, times the slope of the activation."
        )
        blocks = [paragraph(about)]
        for layer in range(self.network.depth, 0, -1):
            rows = []
            for unit in self._units(layer):
                cancels = layer == self.network.depth and self.network.entropy_of_sigmoid
                if self.network.activations[layer - 1] != "identity" and not cancels:
                    rows.append(self._slope_row(layer, unit))
                is_last = layer == self.network.depth
                rows += [self._last_delta_row(unit)] if is_last else self._delta_rows(layer, unit)
            blocks.append(block(rows))
        return section(_("Backward pass"), *blocks)

    def _slope_row(self, layer: int, unit: int) -> Formula:
        """f′(z) by its formula, in which f(z) is written as a."""
        network = self.network
        z, a = network.z_name(layer, unit), network.a_name(layer, unit)
        row = ACTIVATIONS[network.activations[layer - 1]]
        formula = _with_value(row.derivative_formula(Variable(z)), row.formula(Variable(z)), Variable(a))
        left = _prime(row.function or "", z)
        written = equation(z, formula, self.values, self.values[self._slope_name(layer, unit)])
        alt = _("the slope at {z}: {rest}").format(z=spoken_symbol(z), rest=written.alt)
        return Formula(left + written.math.removeprefix(symbol_markup(z)), alt)

    def _slope(self, layer: int, unit: int) -> tuple[str, str]:
        """f′(z) as a factor, and its value."""
        row = ACTIVATIONS[self.network.activations[layer - 1]]
        value = short_markup(self.values[self._slope_name(layer, unit)], as_factor=True)
        return ("1", "1") if row.function is None else (_prime(row.function, self.network.z_name(layer, unit)), value)

    def _last_delta_row(self, unit: int) -> Formula:
        network = self.network
        delta = self._delta_name(network.depth, unit)
        y_hat, y = Variable(network.output_name(unit)), Variable(network.target_name(unit))
        by_output = COSTS[network.cost].by_output_formula(y_hat, y)
        slope, slope_value = self._slope(network.depth, unit)
        if network.entropy_of_sigmoid:
            written = equation(delta, Binary("-", y_hat, y), self.values, self.values[delta])
            by_z = expression_markup(Binary("*", y_hat, Binary("-", ONE, y_hat)))
            left, right = written.math.split(" &= ", 1)
            return Formula(f"{left} &= {expression_markup(by_output)} dot.op {by_z} = {right}", written.alt)
        number_by_output = short_markup(self._by_output(unit), as_factor=True)
        return Formula(
            f"{symbol_markup(delta)} &= {factor_markup(by_output)} dot.op {slope} "
            f"= {number_by_output} dot.op {slope_value} = {short_markup(self.values[delta])}",
            _("{name} equals {formula} times the slope, which is {value}").format(
                name=spoken_symbol(delta), formula=to_spoken(by_output), value=format_number(self.values[delta])
            ),
        )

    def _by_output(self, unit: int) -> float:
        y_hat = np.array(self.values[self.network.output_name(unit)])
        return float(COSTS[self.network.cost].by_output(y_hat, np.array(self.values[self.network.target_name(unit)])))

    def _delta_rows(self, layer: int, unit: int) -> list[Formula]:
        network = self.network
        delta = self._delta_name(layer, unit)
        pairs = [
            (network.weight_name(layer + 1, to, unit), self._delta_name(layer + 1, to)) for to in self._units(layer + 1)
        ]
        slope, slope_value = self._slope(layer, unit)
        terms = [(_product(map(Variable, pair)), self._numbers(pair)) for pair in pairs]
        sums = [" + ".join(term[place].math for term in terms) for place in (0, 1)]
        rows = []
        if len(terms) > 2:  # too long for one line: ∂J/∂a first, by itself
            arriving = float(np.sum([np.prod([self.values[factor] for factor in pair]) for pair in pairs]))
            rows.append(long_sum(_partial(network.a_name(layer, unit), horizontal=False), terms, arriving))
            sums = [rows[0].math.split(" &= ")[0], short_markup(arriving, as_factor=True)]
        elif len(terms) > 1:
            sums = [f"({one})" for one in sums]
        alt = _("{name} equals {formula}, times the slope, which is {value}").format(
            name=spoken_symbol(delta),
            formula=_(" plus ").join(symbols.alt for symbols, _numbers in terms),
            value=format_number(self.values[delta]),
        )
        math = (
            f"{symbol_markup(delta)} &= {sums[0]} dot.op {slope} = {sums[1]} dot.op {slope_value} "
            f"= {short_markup(self.values[delta])}"
        )
        return [*rows, Formula(math, alt)]

    def _gradients_section(self) -> Json:
        network, several = self.network, self.samples > 1
        rows: list[list[str | Formula]] = []
        for layer in range(1, network.depth + 1):
            for unit in self._units(layer):
                delta = self._delta_name(layer, unit)
                for source in self._units(layer - 1):
                    a = network.a_name(layer - 1, source)
                    rows.append(self._gradient_row(network.weight_name(layer, unit, source), [delta, a]))
                rows.append(self._gradient_row(network.bias_name(layer, unit), [delta]))
        header: list[str | Formula] = [_("gradient"), _("chain rule"), _("in numbers"), _("value")]
        numbers = [2, 3]
        if several:
            header[3] = _("sample {sample}").format(sample=self.task.sample + 1)
            header.append(_("mean of {count}").format(count=self.samples))
            numbers.append(4)
        about = _(
            "A weight's gradient is δ times the value that the weight is multiplied by; for a bias that value is 1."
        )
        rule = Formula(
            "frac(partial J, partial w) = frac(partial J, partial z) dot.op frac(partial z, partial w) = delta dot.op a"
            " quad quad frac(partial J, partial b) = delta",
            about,
        )
        return section(_("Gradients"), paragraph(about), block([rule]), table(header, rows, numbers))

    def _gradient_row(self, parameter: str, factors: Sequence[str]) -> list[str | Formula]:
        value = float(np.prod([self.values[factor] for factor in factors]))
        row: list[str | Formula] = [
            _partial(parameter),
            Formula(" thin ".join(map(symbol_markup, factors)), _(" times ").join(map(spoken_symbol, factors))),
            self._numbers(factors),
            number(value),
        ]
        if self.samples > 1:
            row.append(number(float(self.gradients.flat[self.network.parameter_index(parameter)])))
        return row

    def _chains(self) -> Json:
        about = _("With one unit in each layer there is one path to each parameter: a product of local derivatives.")
        task = self.task
        chains = [
            derivation(self.network, task.parameters, self.trace, of=parameter, sample=task.sample)
            for parameter in self.network.parameter_names
        ]
        blocks = [block([written_derivation(chain)]) for chain in chains]
        return section(_("The same, link by link"), paragraph(about), *blocks)

    def _update(self) -> Json:
        updates = self.task.updates
        after = np.array([update.result for update in updates])
        following = forward(self.network, after, self.task.inputs, self.task.targets)
        blocks = update_blocks(updates)
        if self.task.updates[0].samples < self.samples:
            batch = _("The gradients of this step are means over its batch of {count} samples.")
            blocks.insert(0, paragraph(batch.format(count=updates[0].samples)))
        cost = _("The cost after the step is J = {after}; before it was J = {before}.").format(
            after=format_number(following.cost, 6), before=format_number(self.trace.cost, 6)
        )
        if following.why is not None:
            cost = _("After the step the cost has no value: {why}").format(why=following.why)
        return section(_("Update, and the cost after it"), *blocks, paragraph(cost))


def written_derivation(derivation: Derivation) -> Formula:
    """Return a derivation's chain, formulas, numbers and result."""
    alt = f"{spoken_chain(derivation)}; {spoken_numbers(derivation)}"
    return Formula(derivation_typst(derivation).strip().strip("$"), alt)


def _product(factors: Iterable[Expression]) -> Formula:
    trees = list(factors)
    return Formula(" thin ".join(map(expression_markup, trees)), _(" times ").join(map(to_spoken, trees)))


def _prime(function: str, z: str) -> str:
    return f"{function_markup(function)}'({symbol_markup(z)})"


def _with_value(formula: Expression, call: Expression, a: Variable) -> Expression:
    """Return a formula with a wherever f(z) stands: σ(z)(1 − σ(z)) is a(1 − a)."""
    if formula == call:
        return a
    match formula:
        case Binary(operator, left, right):
            return Binary(operator, _with_value(left, call, a), _with_value(right, call, a))
        case Negate(operand):
            return Negate(_with_value(operand, call, a))
        case Call(function, argument):
            return Call(function, _with_value(argument, call, a))
    return formula


def _partial(of: str, horizontal: bool = True) -> Formula:
    style = ', style: "horizontal"' if horizontal else ""
    alt = _("d J by d {name}").format(name=spoken_symbol(of))
    return Formula(f"frac(partial J, partial {symbol_markup(of)}{style})", alt)
