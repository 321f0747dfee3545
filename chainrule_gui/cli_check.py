"""`chainrule check`: a learner's derivative judged on the command line."""

from __future__ import annotations

import json
import sys

from chainrule_gui.learning.judge import judge
from chainrule_gui.model.expression.tree import Expression

_STATUS = {"correct": 0, "incorrect": 1, "unreadable": 2}


def check(expression: Expression, answer: str, wrt: str, style: str) -> int:
    """Print what the examiner says about `answer`, as ``text`` or ``json``; return the exit status."""
    judgement = judge(expression, answer, wrt)
    if style == "json":
        content = {"verdict": judgement.verdict, "diagnosis": judgement.diagnosis, "message": judgement.message}
        print(json.dumps(content, ensure_ascii=False, indent=1))
    if judgement.verdict == "unreadable":
        print(judgement.message, file=sys.stderr)
    elif style == "text":
        print(judgement.message)
    return _STATUS[judgement.verdict]
