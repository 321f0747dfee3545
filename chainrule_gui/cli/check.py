"""`chainrule check`: a learner's derivative judged."""

from __future__ import annotations

import argparse
import sys

from chainrule_gui.cli.common import chosen_variable, print_json, read_expression

_STATUS = {"correct": 0, "incorrect": 1, "unreadable": 2}


def check_command(options: argparse.Namespace) -> int:
    """Print what the examiner says about an answer; return the exit status."""
    from chainrule_gui.learning.judge import judge
    from chainrule_gui.model.expression.tree import variables

    expression = read_expression(options.expression)
    judgement = judge(expression, options.answer, chosen_variable(options.wrt, variables(expression)))
    if options.format == "json":
        print_json({"verdict": judgement.verdict, "diagnosis": judgement.diagnosis, "message": judgement.message})
    if judgement.verdict == "unreadable":
        print(judgement.message, file=sys.stderr)
    elif options.format == "text":
        print(judgement.message)
    return _STATUS[judgement.verdict]
