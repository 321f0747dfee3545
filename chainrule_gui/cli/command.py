"""The headless command: its arguments and exit status."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from chainrule_gui import __version__
from chainrule_gui.cli.check import check_command
from chainrule_gui.cli.common import (
    InputError,
    short,
)
from chainrule_gui.cli.derive import derive_command
from chainrule_gui.cli.gradient import gradient_command
from chainrule_gui.cli.takeaways import code_command, solution_command
from chainrule_gui.cli.train import train_command
from chainrule_gui.i18n import _

BAD_INPUT = 2
INTERRUPTED = 130
_OPTION = re.compile(r"-h|--[a-z]*(?:=.*)?", re.DOTALL)


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
    derive.set_defaults(run=derive_command)

    check = commands.add_parser("check", help=_("judge a derivative that you found yourself"))
    check.add_argument("expression", metavar="EXPR")
    check.add_argument("--answer", required=True, metavar="TEXT", help=_("your derivative, in any form"))
    check.add_argument("--wrt", metavar="x", help=_("the variable; x where it occurs"))
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.set_defaults(run=check_command)

    gradient = commands.add_parser("gradient", help=_("values and gradients of a network for one sample"))
    _add_network_options(gradient)
    gradient.add_argument("--parameters", required=True, metavar="F.json", help=_("names and values"))
    gradient.add_argument("--x", required=True, type=_numbers, metavar="0.5[,…]", help=_("the inputs"))
    gradient.add_argument("--y", required=True, type=_numbers, metavar="1[,…]", help=_("the targets"))
    gradient.add_argument("--of", metavar="w2", help=_("the parameter whose paths are written out"))
    gradient.add_argument("--format", choices=("text", "latex", "json"), default="text")
    gradient.set_defaults(run=gradient_command)

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
    train.set_defaults(run=train_command)

    code = commands.add_parser("code", help=_("write a session's network as a program"))
    code.add_argument("session", metavar="SESSION")
    code.add_argument("--to", required=True, choices=("numpy", "pytorch"))
    code.add_argument("--out", required=True, metavar="F.py")
    code.set_defaults(run=code_command)

    solution = commands.add_parser("solution", help=_("write the worked solution of what a session shows"))
    solution.add_argument("session", metavar="SESSION")
    solution.add_argument("--out", required=True, metavar="F.pdf", help=_("a PDF, or HTML where it ends in .html"))
    solution.add_argument("--paper", choices=("a4", "us-letter"), default="a4")
    solution.set_defaults(run=solution_command)
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
        raise argparse.ArgumentTypeError(_("“{text}” is not a finite number").format(text=short(text)))
    return value


def _numbers(text: str) -> list[float]:
    return [_number(part) for part in text.split(",")]


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
        raise argparse.ArgumentTypeError(_("“{text}” is not a whole number of usual size").format(text=short(text)))
    return int(text)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_whole(part) for part in text.split(","))
