"""Optimisers, pairs of cost and activation, and standardising are typeset as they are computed."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.model.network import ACTIVATIONS, COSTS, Network
from chainrule_gui.model.network.optimisers import OPTIMISERS, UpdateRule
from chainrule_gui.model.preparation import Scaling
from chainrule_gui.typeset import compiler
from chainrule_gui.typeset.settings_markup import Line, lines_page, pair_lines, rule_lines, scaling_lines


def _compiles(lines):
    return compiler.svg(lines_page(lines, 10, 200, "#000000", "#444444")).startswith(b"<svg")


@pytest.mark.parametrize("key", OPTIMISERS)
def test_every_optimiser_has_a_line_for_each_equation(key):
    rule = UpdateRule(key)
    lines = rule_lines(rule)
    assert len(lines) == len(rule.row.equations)
    assert [("<-" in line.math) for line in lines] == [
        name in ("theta", *rule.row.state) for name, _formula in rule.row.equations
    ]
    assert all(line.spoken for line in lines)
    assert _compiles(lines)


@pytest.mark.parametrize("layers", [(1, 1, 1), (2, 2, 2)])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_pair_is_derived_with_a_reason_for_each_line(activation, cost, layers):
    lines = pair_lines(Network(layers, activation, cost))
    assert len(lines) == 4
    assert all(line.words for line in lines)
    assert "delta" in lines[-1].math
    assert _compiles(lines)


def test_standardising_shows_mean_and_deviation_of_the_first_inputs():
    scaling = Scaling(np.arange(6.0), np.arange(1.0, 7.0))
    lines = scaling_lines(scaling, Network((6, 1)))
    assert len(lines) == 4
    assert lines[1].math.startswith("x_(2) = frac(d_(2) - 1")
    assert _compiles(lines)


def test_words_are_never_markup():
    assert _compiles([Line("x", "x", '#panic("no") $ \\ " ]')])
