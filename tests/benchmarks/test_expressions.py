"""Expressions against hand-written numpy and against SymPy, as ratios measured in turns in one run."""

from itertools import count
from random import Random
from statistics import median
from time import perf_counter

import numpy as np
import sympy

from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.solution import explain
from chainrule_gui.model.step import flatten
from tests.model.random_expressions import random_expression


def ratio(ours, theirs, rounds):
    """Median time of `ours` over median time of `theirs`, each round running both."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        ours()
        middle = perf_counter()
        theirs()
        times.append((middle - start, perf_counter() - middle))
    return median(first for first, _second in times) / median(second for _first, second in times)


def test_vectorised_evaluation_costs_at_most_twice_hand_written_numpy(benchmark):
    x = np.linspace(0.1, 4, 10_000)
    tree = parse("log(2 + cos x) + x^2 e^-x - sqrt(1 + x^2) tanh(3x)")

    def by_hand():
        return np.log(2 + np.cos(x)) + x**2 * np.e ** (-x) - np.sqrt(1 + x**2) * np.tanh(3 * x)

    assert np.allclose(evaluate(tree, {"x": x}), by_hand(), rtol=1e-13)
    benchmark(evaluate, tree, {"x": x})
    benchmark.extra_info["ratio"] = found = ratio(lambda: evaluate(tree, {"x": x}), by_hand, 300)
    assert found <= 2


def test_parse_derive_and_value_is_20_times_faster_than_sympy(benchmark):
    fresh = count(2)

    def ours():
        return derive(parse(f"log({next(fresh)}+cos(x))")).value(x=1.0)

    def theirs():
        return sympy.diff(sympy.sympify(f"log({next(fresh)}+cos(x))"), "x").evalf(subs={"x": 1.0})

    benchmark(ours)
    benchmark.extra_info["ratio"] = found = 1 / ratio(ours, theirs, 300)
    assert found >= 20


DEPTH_6 = (
    "sigmoid(log(2 + cos(x^2 sin(3x + 1))) / (1 + exp(-x^2))) x^sin(x)"
    " + tanh(sqrt(1 + (x - ln(x^2 + 2))^3 / (2 - atan(x))))"
)


def test_the_derivation_with_all_steps_of_a_depth_6_expression_takes_at_most_30_ms(benchmark):
    tree = parse(DEPTH_6)
    lines = flatten(explain(tree))
    assert len(lines) > 100

    def derivation_with_steps():
        derive(tree).at(x=1.0)
        flatten(explain(tree))

    benchmark(derivation_with_steps)
    benchmark.extra_info["steps"] = len(lines)
    assert benchmark.stats.stats.median <= 0.030


def test_random_depth_6_expressions_take_at_most_30_ms(benchmark):
    random = Random(0)
    trees = [random_expression(random, 6) for _ in range(300)]

    def slowest_of(rounds):
        found = []
        for tree in trees:
            times = []
            for _ in range(rounds):
                start = perf_counter()
                flatten(explain(tree))
                times.append(perf_counter() - start)
            found.append(min(times))
        return max(found)

    benchmark.extra_info["slowest"] = slowest = benchmark.pedantic(slowest_of, args=(3,), rounds=1)
    assert slowest <= 0.030
