"""Exercises made to order: a topic, a difficulty and a seed give a function that is pleasant to differentiate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random

import numpy as np

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.expression.differentiate import differentiate
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Expression, contains, variables, walk

TOPICS = {
    "table": N_("Derivative table"),
    "chain": N_("Chain rule"),
    "product": N_("Product rule"),
    "quotient": N_("Quotient rule"),
    "network": N_("Pieces of a network"),
    "mixed": N_("Mixed"),
}
"""What can be practised, and what people read."""

DIFFICULTIES = (1, 2, 3)
DEEPEST = 4

_LARGEST_ANSWER = 90
"""Nodes of the derivative as the rules give it."""
_FINENESS = 512
"""Points of the grid for each unit; whole and simple fractions are among them, where a function likes to break."""
_LARGEST_VALUE = 200.0
"""Also of the slope: between two points of the grid even a logarithm's pole is steeper."""
_SMALLEST_SLOPE = 1e-2
_INTERVALS = {
    (-2.0, 2.0): 1.0, (0.5, 3.0): 1.0, (-1.0, 1.0): 0.5, (1.0, 2.0): 1.5, (0.5, 1.0): 0.75, (2.0, 4.0): 3.0,
    (0.1, 0.4): 0.25, (-0.4, 0.4): 0.25,
}  # fmt: skip
"""Where a function may have its values, the first that fits, and the point to try it at."""
_TRIES = 500

_EASY = ("sin({})", "cos({})", "exp({})", "ln({})", "sqrt({})")
_ALL = (*_EASY, "tan({})", "atan({})", "sinh({})", "cosh({})", "tanh({})", "sigma({})", "log10({})", "softplus({})")


@dataclass(frozen=True, slots=True)
class Exercise:
    """A function to differentiate.

    Attributes
    ----------
    expression, wrt : the function and the variable
    topic, difficulty : as asked for; of a mixed set the topic that it was drawn from
    interval : values of the variable between which function and derivative have finite values
    point : a value for every variable, the one of `wrt` within the interval
    """

    expression: Expression
    wrt: str
    topic: str
    difficulty: int
    interval: tuple[float, float]
    point: dict[str, float] = field(hash=False)

    @property
    def text(self) -> str:
        """The function as it would be typed."""
        return to_text(self.expression)

    @property
    def solution(self) -> Expression:
        """The derivative."""
        return differentiate(self.expression, self.wrt)


def exercise_set(topic: str, difficulty: int, count: int, seed: int, depth: int | None = None) -> tuple[Exercise, ...]:
    """Return `count` exercises, none twice; the same arguments always give the same set.

    Parameters
    ----------
    topic : a key of `TOPICS`
    difficulty : 1 to 3
    depth : of the topic ``chain``, how many functions lie inside the outermost one, 1 to 4; by the difficulty
        without it

    Raises
    ------
    ValueError
        for an unknown topic, difficulty or depth, and where there are not so many different exercises.
    """
    return tuple(islice(exercises(topic, difficulty, seed, depth), count))


def exercises(topic: str, difficulty: int, seed: int, depth: int | None = None) -> Iterator[Exercise]:
    """Return the exercises of a set one by one, as `exercise_set` does all at once."""
    if topic not in TOPICS or difficulty not in DIFFICULTIES or depth not in (None, *range(1, DEEPEST + 1)):
        raise ValueError(
            _("There is no such exercise: {topic}, {difficulty}.").format(topic=topic, difficulty=difficulty)
        )
    return _without_repeats(topic, difficulty, depth, Random(f"{topic}/{difficulty}/{seed}/{depth}"))


def _without_repeats(topic: str, difficulty: int, depth: int | None, draw: Random) -> Iterator[Exercise]:
    found: set[tuple[Expression, str]] = set()
    in_vain = 0
    while in_vain < _TRIES:
        exercise = _drawn(topic, difficulty, depth, draw)
        if exercise is None or (exercise.expression, exercise.wrt) in found:
            in_vain += 1
            continue
        in_vain = 0
        found.add((exercise.expression, exercise.wrt))
        yield exercise
    message = _("There are only {found} different exercises of this kind; ask for fewer.")
    raise ValueError(message.format(found=len(found)))


def _drawn(topic: str, difficulty: int, depth: int | None, draw: Random) -> Exercise | None:
    """Return an exercise, or None where what was drawn is not pleasant."""
    if topic == "mixed":
        topic = draw.choice([name for name in TOPICS if name != "mixed"])
    expression = parse(_chain(draw, difficulty, depth) if topic == "chain" else _MAKERS[topic](draw, difficulty))
    names = variables(expression)
    wrt = "x" if topic != "network" else draw.choice([name for name in names if name != "y"])
    others = {name: draw.choice((-0.5, 0.3, 0.5, 0.8, 1.0, 1.5)) for name in names}
    if "y" in others:
        others["y"] = draw.choice((0.0, 1.0))
    if sum(1 for _node in walk(differentiate(expression, wrt))) > _LARGEST_ANSWER:
        return None
    interval = _pleasant_interval(expression, wrt, others)
    if interval is None:
        return None
    return Exercise(expression, wrt, topic, difficulty, interval, {**others, wrt: _INTERVALS[interval]})


def _pleasant_interval(expression: Expression, wrt: str, others: dict[str, float]) -> tuple[float, float] | None:
    """Return where every part of the function has moderate values and slopes: a pole may hide between two points."""
    varying = [node for node in walk(expression) if contains(node, wrt)]
    trees = [*varying, *(differentiate(node, wrt) for node in varying)]
    slope = differentiate(expression, wrt)
    for low, high in _INTERVALS:
        between = np.arange(np.ceil(low * _FINENESS), high * _FINENESS) / _FINENESS
        grid = np.concatenate([[low], between, [high]])
        values = {**others, wrt: grid}
        moderate = all(np.all(np.abs(evaluate(tree, values)) < _LARGEST_VALUE) for tree in trees)
        if moderate and np.max(np.abs(evaluate(slope, values))) > _SMALLEST_SLOPE:
            return low, high
    return None


def _number(draw: Random) -> int:
    return draw.randint(2, 6)


def _linear(draw: Random) -> str:
    return draw.choice(("{a}x", "{a}x + {b}", "{a}x - {b}", "{b} - {a}x", "x/{a}")).format(
        a=_number(draw), b=_number(draw)
    )


def _inner(draw: Random, difficulty: int) -> str:
    """An inner function of the variable that is no composition itself."""
    polynomials = ("x^2", "x^2 + {a}", "x^3", "{a} - x^2", "x^2 + {a}x", "x^3 + {a}x")
    if difficulty == 1:
        return draw.choice((_linear(draw), draw.choice(polynomials[:3]).format(a=_number(draw))))
    shapes = (*polynomials, "{a} + sin(x)", "{a} + cos(x)", "{a}sin(x)", "e^x", "ln(x)", "sqrt(x)", "e^x + {a}", "1/x")
    return draw.choice(shapes).format(a=_number(draw))


def _function(draw: Random, difficulty: int) -> str:
    """A function with a gap for its argument."""
    powers = ("({})^{n}", "e^({})") if difficulty == 1 else ("({})^{n}", "1/({})", "e^({})", "{n}^({})")
    plain = _EASY if difficulty == 1 else _ALL
    shape: str = draw.choice((*plain, *powers))
    return shape.format("{}", n=_number(draw))


def _table(draw: Random, difficulty: int) -> str:
    first, second = (_function(draw, difficulty).format("x") for _term in range(2))
    if difficulty == 1:
        return draw.choice((first, f"{_number(draw)} {first}", f"x^{draw.randint(2, 9)}"))
    if first == second:
        second = f"x^{_number(draw)}"
    pair = f"{_number(draw)}({first}) {draw.choice('+-')} {_number(draw)}({second})"
    return pair if difficulty == 2 else f"{pair} {draw.choice('+-')} {_number(draw)}x"


def _chain(draw: Random, difficulty: int, depth: int | None = None) -> str:
    if depth is None:
        depth = difficulty if difficulty < 3 else draw.choice((3, DEEPEST))
    text = _inner(draw, difficulty)
    for _level in range(depth - 1):
        between = _function(draw, difficulty)
        text = draw.choice((between, f"{_number(draw)} + {between}")).format(text)
    return _function(draw, difficulty).format(text)


def _factors(draw: Random, difficulty: int) -> tuple[str, str]:
    power = draw.choice(("x", f"x^{_number(draw)}", _linear(draw)))
    if difficulty == 1:
        return power, _function(draw, 1).format("x")
    if difficulty == 2:
        return power, _function(draw, 2).format(_linear(draw))
    return tuple(_function(draw, 3).format(_inner(draw, size)) for size in (1, 3))  # type: ignore[return-value]


def _product(draw: Random, difficulty: int) -> str:
    first, second = _factors(draw, difficulty)
    return f"({first})({second})"


def _quotient(draw: Random, difficulty: int) -> str:
    first, second = _factors(draw, difficulty)
    return draw.choice((f"({first})/({second})", f"({second})/({first})", f"({second})/(x^2 + {_number(draw)})"))


def _neuron(draw: Random, activation: str) -> str:
    shapes = ("w x + b", "w a + b", "w x", "w1 x1 + w2 x2 + b", "{n}w - b", "{n} - w x", "w x + {n}", "(w x + b)/{n}")
    return activation.format(draw.choice(shapes).format(n=_number(draw)))


def _network(draw: Random, difficulty: int) -> str:
    activation = draw.choice(("sigma({})", "tanh({})", "softplus({})"))
    neuron = _neuron(draw, activation)
    if difficulty == 1:
        return neuron
    if difficulty == 2:
        cost = draw.choice(("1/2({a} - y)^2", "({a} - y)^2", "(y - {a})^2/2", "v {a} + c"))
        return cost.format(a=neuron)
    outer = draw.choice(("sigma(v {} + c)", "tanh(v {} + c)", "sigma(v {})")).format(neuron)
    probability = f"sigma(v {neuron})"
    return draw.choice((f"1/2({outer} - y)^2", outer, f"-y ln({probability}) - (1 - y) ln(1 - {probability})"))


_MAKERS: dict[str, Callable[[Random, int], str]] = {
    "table": _table,
    "chain": _chain,
    "product": _product,
    "quotient": _quotient,
    "network": _network,
}
