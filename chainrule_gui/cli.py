"""The headless command `chainrule`: derivatives, gradients and training, without Qt and without a display.

Exit status 0: fine; 1: the answer is no; 2: bad input, told on stderr in one message.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import math
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from chainrule_gui import __version__
from chainrule_gui.i18n import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from chainrule_gui.model.chain import Derivation
    from chainrule_gui.model.descent import Descent
    from chainrule_gui.model.expression.tree import Expression
    from chainrule_gui.model.higher import Order
    from chainrule_gui.model.network import Network

BAD_INPUT = 2
INTERRUPTED = 130
_OPTION = re.compile(r"-h|--[a-z]*(?:=.*)?", re.DOTALL)
PATH_LIMIT = 100_000
"""A network may have hundreds of millions of paths; so many are written out at most."""
MOST_STEPS = 1_000_000
MOST_PARAMETER_BYTES = 1_000_000


class InputError(Exception):
    """What was asked cannot be done: one message for stderr."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    if getattr(sys, "frozen", False):  # a frozen copy that was started for bounded work does that and no more
        import multiprocessing

        multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = _parser().parse_args(_with_minus(sys.argv[1:] if arguments is None else arguments))
        status: int = options.run(options) or 0
        sys.stdout.flush()
        return status
    except InputError as problem:
        print(problem, file=sys.stderr)
        return BAD_INPUT
    except OSError as problem:
        _silence_output()
        if not isinstance(problem, BrokenPipeError):  # else the reader (head, less) has just seen enough
            message = _("The answer could not be written: {reason}.")
            print(message.format(reason=problem.strerror or problem), file=sys.stderr)
            return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _silence_output() -> None:
    """Send what is still to be written nowhere: writing it at exit would fail once more."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _ArgumentParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(_("{message}. See {command} --help.").format(message=message, command=self.prog))


def _with_minus(arguments: Sequence[str]) -> list[str]:
    """Let an argument begin with a minus, as in ``--answer "-sin(x)"``: argparse takes it for text after a space."""
    return [
        f" {argument}" if argument.startswith("-") and not _OPTION.fullmatch(argument) else argument
        for argument in arguments
    ]


def _parser() -> argparse.ArgumentParser:
    parser = _ArgumentParser(
        prog="chainrule", description=_("Derivatives by the chain rule, gradients of networks, gradient descent.")
    )
    parser.add_argument("--version", action="version", version=f"chainrule {__version__}")
    commands = parser.add_subparsers(required=True, metavar=_("COMMAND"))

    derive = commands.add_parser("derive", help=_("take a function apart and differentiate it"))
    derive.add_argument("expression", metavar="EXPR")
    derive.add_argument("--wrt", metavar="x", help=_("the variable; x where it occurs"))
    derive.add_argument("--at", nargs="+", action="extend", default=[], metavar="x=1", help=_("the point"))
    derive.add_argument(
        "--order", type=int, choices=(1, 2, 3), default=1, help=_("which derivative: the first, second or third")
    )
    derive.add_argument("--simplify", action="store_true", help=_("also give a simplified form (by SymPy)"))
    derive.add_argument("--format", choices=("text", "latex", "typst", "mathml", "json"), default="text")
    derive.set_defaults(run=_derive)

    check = commands.add_parser("check", help=_("judge a derivative that you found yourself"))
    check.add_argument("expression", metavar="EXPR")
    check.add_argument("--answer", required=True, metavar="TEXT", help=_("your derivative, in any form"))
    check.add_argument("--wrt", metavar="x", help=_("the variable; x where it occurs"))
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.set_defaults(run=_check)

    gradient = commands.add_parser("gradient", help=_("values and gradients of a network for one sample"))
    _add_network_options(gradient)
    gradient.add_argument("--parameters", required=True, metavar="F.json", help=_("names and values"))
    gradient.add_argument("--x", required=True, type=_numbers, metavar="0.5[,…]", help=_("the inputs"))
    gradient.add_argument("--y", required=True, type=_numbers, metavar="1[,…]", help=_("the targets"))
    gradient.add_argument("--of", metavar="w2", help=_("the parameter whose paths are written out"))
    gradient.add_argument("--format", choices=("text", "latex", "json"), default="text")
    gradient.set_defaults(run=_gradient)

    train = commands.add_parser("train", help=_("train a network by gradient descent"))
    _add_network_options(train)
    train.add_argument("--data", required=True, metavar="F.csv|xor|circles|…")
    train.add_argument("--inputs", type=_names, metavar="a,b", help=_("input columns of the CSV file"))
    train.add_argument("--targets", type=_names, metavar="c", help=_("target columns of the CSV file"))
    start = train.add_mutually_exclusive_group()
    start.add_argument("--parameters", metavar="F.json")
    start.add_argument("--seed", type=_whole, default=0, metavar="N")
    train.add_argument("--rate", type=_number, required=True, metavar="R", help=_("the learning rate"))
    train.add_argument("--steps", type=_whole, required=True, metavar="N")
    train.add_argument("--batch", type=_whole, metavar="K", help=_("samples for each step; all without it"))
    train.add_argument("--format", choices=("csv", "json"), default="csv")
    train.set_defaults(run=_train)

    code = commands.add_parser("code", help=_("write a session's network as a program"))
    code.add_argument("session", metavar="SESSION")
    code.add_argument("--to", required=True, choices=("numpy", "pytorch"))
    code.add_argument("--out", required=True, metavar="F.py")
    code.set_defaults(run=_code)

    solution = commands.add_parser("solution", help=_("write the worked solution of what a session shows"))
    solution.add_argument("session", metavar="SESSION")
    solution.add_argument("--out", required=True, metavar="F.pdf", help=_("a PDF, or HTML where it ends in .html"))
    solution.add_argument("--paper", choices=("a4", "us-letter"), default="a4")
    solution.set_defaults(run=_solution)
    return parser


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layers", required=True, type=_sizes, metavar="1,1,1")
    parser.add_argument("--activation", type=_names, default=["sigmoid"], metavar="sigmoid[,…]")
    parser.add_argument("--cost", choices=("squared-error", "cross-entropy"), default="squared-error")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _number(text: str) -> float:
    from chainrule_gui.typeset.numbers import read_number

    value = read_number(text)
    if value is None:
        raise argparse.ArgumentTypeError(_("“{text}” is not a finite number").format(text=_short(text)))
    return value


def _numbers(text: str) -> list[float]:
    return [_number(part) for part in text.split(",")]


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
        raise argparse.ArgumentTypeError(_("“{text}” is not a whole number of usual size").format(text=_short(text)))
    return int(text)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_whole(part) for part in text.split(","))


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else text[:40] + "…"


def _print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))


def _finite(values: Iterable[float]) -> list[float | None]:
    """Return the values with None for what is not a finite number."""
    return [value if math.isfinite(value) else None for value in values]


# --- derive -----------------------------------------------------------------------------------------


def _derive(options: argparse.Namespace) -> None:
    from chainrule_gui.model.expression.tree import variables
    from chainrule_gui.model.higher import TooLongError, orders
    from chainrule_gui.typeset.notation import TypesetError

    expression = _read_expression(options.expression)
    names = variables(expression)
    wrt = _variable(options.wrt, names)
    point = _read_point(options.at, (*names, wrt))
    try:
        solved = list(orders(expression, wrt, options.order))
    except TooLongError as problem:
        raise InputError(str(problem)) from None
    derivations = [order.derivation.at(**point) if point else order.derivation for order in solved]
    simplified = _simplified(solved[-1].derivative) if options.simplify else None
    if options.format == "json":
        _print_json(_derivation_json(solved, derivations, simplified))
        return
    try:
        for order, derivation in zip(solved, derivations, strict=True):
            print(_written_out(derivation, options.format))
            _print_steps(order, options.format)
        if isinstance(simplified, str):
            print(simplified, file=sys.stderr)
        elif simplified is not None:
            print(_formula(simplified, options.format))
    except TypesetError as problem:
        raise InputError(str(problem)) from None


def _variable(asked: str | None, names: tuple[str, ...]) -> str:
    from chainrule_gui.model.expression.tree import Variable

    if asked is not None:
        variable = _read_expression(asked)
        if not isinstance(variable, Variable):
            raise InputError(_("“{text}” is not a variable: write, for example, --wrt x.").format(text=_short(asked)))
        return variable.name
    wrt = names[0] if len(names) == 1 else "x"
    if names and wrt not in names:
        raise InputError(_("By which variable? Say one of {names} with --wrt.").format(names=", ".join(names)))
    return wrt


def _read_expression(text: str) -> Expression:
    from chainrule_gui.model.expression.parser import ExpressionError, parse

    try:
        return parse(text.lstrip(" "))
    except ExpressionError as problem:
        raise InputError(f"{problem}\n{problem.caret()}") from None


def _read_point(assignments: list[str], names: tuple[str, ...]) -> dict[str, float]:
    from chainrule_gui.model.expression.evaluate import evaluate
    from chainrule_gui.model.expression.parser import ExpressionError, parse
    from chainrule_gui.model.expression.tree import Variable, variables

    point: dict[str, float] = {}
    for assignment in assignments:
        left, _equals, right = assignment.partition("=")
        try:
            name, formula = parse(left), parse(right)
        except ExpressionError:
            name = formula = Variable("")
        if not isinstance(name, Variable) or variables(formula):
            message = _("“{text}” is not a value for a variable: write, for example, --at x=1.")
            raise InputError(message.format(text=_short(assignment)))
        if name.name in point:
            raise InputError(_("Two values are given for {name}: keep one.").format(name=name.name))
        value = float(evaluate(formula, {}))
        if not math.isfinite(value):
            raise InputError(_("“{text}” is not a finite number.").format(text=_short(assignment)))
        point[name.name] = value
    missing = [name for name in dict.fromkeys(names) if name not in point]
    if point and missing:
        message = _("A value is missing for {names}: add --at {name}=1.")
        raise InputError(message.format(names=", ".join(missing), name=missing[0]))
    unknown = [name for name in point if name not in names]
    if unknown:
        message = _("“{name}” does not occur in the expression; its variables are: {names}.")
        raise InputError(message.format(name=unknown[0], names=", ".join(names)))
    return point


def _derivation_json(
    solved: list[Order], derivations: list[Derivation], simplified: Expression | str | None
) -> dict[str, Any]:
    from chainrule_gui.model.calculus import outer_chain
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.typeset.latex import to_latex

    first, last = derivations[0], derivations[-1]
    expression, derivative = first.expression, solved[-1].derivative
    assert expression is not None  # a function's derivation has one
    value = first.quantities[-1]
    content: dict[str, Any] = {
        "expression": to_text(expression),
        "latex": to_latex(expression),
        "wrt": last.wrt,
        "chain": [
            {
                "name": link.of,
                "function": to_text(last.quantity(link.of).definition or expression),
                "argument": link.wrt,
                "rule": link.rule,
                "local_derivative": to_text(link.local_derivative),
                **_value_or_why("value", link.value, link.why),
            }
            for link in outer_chain(last)
        ],
        "derivative": to_text(derivative),
        "derivative_latex": to_latex(derivative),
        **_value_or_why("value", value.value, value.why),
        **_value_or_why("derivative_value", last.derivative_value, last.why),
        "steps": [step for order in solved for step in _steps_json(order)],
    }
    if len(solved) > 1:
        content["order"] = len(solved)
        content["derivatives"] = [to_text(order.derivative) for order in solved]
    if isinstance(simplified, str):
        content |= {"simplified": None, "why": " ".join([*filter(None, [content.get("why")]), simplified])}
    elif simplified is not None:
        content["simplified"] = to_text(simplified)
    return content


def _steps_json(order: Order) -> Iterator[dict[str, Any]]:
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.model.step import flatten

    for line in flatten(order.solution, str(order.order)):
        step = line.step
        written: dict[str, Any] = {
            "rule": step.rule,
            "before": to_text(step.before),
            "after": to_text(step.after),
            "because": step.because,
            "depth": line.depth,
        }
        if step.where:
            written["where"] = {name: to_text(meaning) for name, meaning in step.where.items()}
        yield written


def _print_steps(order: Order, style: str) -> None:
    from chainrule_gui.model.step import flatten
    from chainrule_gui.typeset.solution_markup import partial_by, solution_latex, solution_text

    lines = flatten(order.solution, str(order.order))
    if style == "text":
        print("\n" + _("Step by step:") + "\n" + solution_text(lines) + "\n")
    elif style == "latex":
        print(solution_latex(lines, partial_by(order.derivation)))


def _value_or_why(name: str, value: float | None, why: str | None) -> dict[str, Any]:
    if value is not None and math.isfinite(value):
        return {name: value}
    return {name: None, "why": why or _("no point was given: add --at x=1")}


def _simplified(derivative: Expression) -> Expression | str:
    """Return a simplified derivative, or a sentence why there is none."""
    from chainrule_gui.model.simplify import SimplifyError, simplified

    try:
        return simplified(derivative)
    except SimplifyError as problem:
        return str(problem)


def _formula(expression: Expression, style: str) -> str:
    from chainrule_gui.model.expression.text import to_text
    from chainrule_gui.typeset.latex import to_latex
    from chainrule_gui.typeset.typst_markup import expression_markup

    match style:
        case "latex":
            return to_latex(expression)
        case "typst":
            return f"$ {expression_markup(expression)} $"
        case "mathml":
            from chainrule_gui.typeset.compiler import mathml

            return mathml(expression_markup(expression))
    return to_text(expression)


def _written_out(derivation: Derivation, style: str) -> str:
    from chainrule_gui.typeset import derivation_export

    writers = {
        "text": derivation_export.derivation_text,
        "latex": derivation_export.derivation_latex,
        "typst": derivation_export.derivation_typst,
        "mathml": derivation_export.derivation_mathml,
    }
    return writers[style](derivation)


# --- check ------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    from chainrule_gui.cli_check import check
    from chainrule_gui.model.expression.tree import variables

    expression = _read_expression(options.expression)
    return check(expression, options.answer, _variable(options.wrt, variables(expression)), options.format)


# --- gradient ---------------------------------------------------------------------------------------


def _gradient(options: argparse.Namespace) -> None:
    import numpy as np

    from chainrule_gui.model.gradient_check import numerical_gradient
    from chainrule_gui.model.network import backward, derivation, forward

    network = _network(options)
    parameters = _read_parameters(Path(options.parameters), network)
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
            "z": [_finite(layer[0].tolist()) for layer in trace.z],
            "a": [_finite(layer[0].tolist()) for layer in trace.a],
            **_value_or_why("cost", trace.cost, trace.why),
            "delta": [_finite(layer[0].tolist()) for layer in gradients.delta],
            "gradient": dict(zip(network.parameter_names, _finite(gradients.flat.tolist()), strict=True)),
            "numerical": dict(zip(network.parameter_names, _finite(numerical.tolist()), strict=True)),
        }
        if not (np.isfinite(gradients.flat).all() and np.isfinite(numerical).all()):
            content.setdefault("why", _("A value is too large to calculate with."))
        if options.of is not None:
            content |= _paths_json(network, parameters, trace, written)
        _print_json(content)
    else:
        print(_written_out(written, options.format))


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
                    **_value_or_why("value", link.value, link.why),
                }
                for link in chain.links
            ],
            **_value_or_why("product", chain.product, _("a factor has no value")),
        }
        for chain in islice(all_paths(network, parameters, trace, derivation.wrt), PATH_LIMIT)
    ]
    content: dict[str, Any] = {
        "of": derivation.wrt,
        "paths": paths,
        **_value_or_why("sum", derivation.derivative_value, derivation.why),
    }
    if derivation.chain_count > len(paths):
        content["paths_left_out"] = derivation.chain_count - len(paths)
    return content


def _check_width(option: str, rows: NDArray[np.float64], units: int) -> None:
    if rows.shape[1] != units:
        message = _("{option} has {given} numbers, but the layer has {units} units.")
        raise InputError(message.format(option=option, given=rows.shape[1], units=units))


def _network(options: argparse.Namespace) -> Network:
    from chainrule_gui.model.network import Network, NetworkError

    activations = options.activation * (len(options.layers) - 1) if len(options.activation) == 1 else options.activation
    try:
        return Network(tuple(options.layers), tuple(activations), options.cost)
    except NetworkError as problem:
        raise InputError(str(problem)) from None


def _read_parameters(path: Path, network: Network) -> NDArray[np.float64]:
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
            else _("“{name}” is no parameter of this network").format(name=_short(unknown[0]))
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
            raise ValueError(_("“{name}” stands there twice").format(name=_short(name)))
        content[name] = value
    return content


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


# --- train ------------------------------------------------------------------------------------------


def _train(options: argparse.Namespace) -> None:
    from chainrule_gui.model.descent import Descent

    if not 0 <= options.steps <= MOST_STEPS:
        raise InputError(_("--steps must be between 0 and {most}.").format(most=MOST_STEPS))
    network = _network(options)
    inputs, targets = _read_data(options, network)
    try:
        if options.parameters is None:
            parameters = network.initial_parameters(seed=options.seed)
        else:
            parameters = _read_parameters(Path(options.parameters), network)
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
            **_value_or_why("cost", descent.cost, trace.why),
            "parameters": dict(zip(names, descent.parameters.tolist(), strict=True)),
            "gradient": dict(zip(names, _finite(gradient.tolist()), strict=True)),
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


# --- takeaways --------------------------------------------------------------------------------------


def _code(options: argparse.Namespace) -> None:
    from chainrule_gui.cli_takeaways import write_code
    from chainrule_gui.session.document import DocumentError

    try:
        write_code(Path(options.session), options.to, Path(options.out))
    except DocumentError as problem:
        raise InputError(str(problem)) from None


def _solution(options: argparse.Namespace) -> None:
    from chainrule_gui.cli_takeaways import write_solution
    from chainrule_gui.session.document import DocumentError

    try:
        write_solution(Path(options.session), options.paper, Path(options.out))
    except DocumentError as problem:
        raise InputError(str(problem)) from None


def _check_columns(what: str, given: int, units: int) -> None:
    if given != units:
        message = _("The data has {given} columns of {what}, but the network's layer has {units} units.")
        raise InputError(message.format(given=given, what=what, units=units))
