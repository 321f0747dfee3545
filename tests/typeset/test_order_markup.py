"""Both orders as rows: what they say, their hot zones, and the counts in words."""

from __future__ import annotations

import pytest

from chainrule_gui.model.accumulation import Multiplications, forward_sweep, network_multiplications, reverse_sweep
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.network import Network, derivation, forward
from chainrule_gui.typeset import compiler
from chainrule_gui.typeset.derivation_markup import Style
from chainrule_gui.typeset.order_markup import multiplications_in_words, order_sections
from chainrule_gui.views.formula import zones

STYLE = Style("#000000", "#777777", ("#111111", "#222222", "#333333"), 13.5)
TEXTS = ("log(2 + cos x)", "exp(sin(x^2))", "x sin(x) + exp(x^2)/x", "x", "x^2 + x", "x*x*x*sin(x)")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("x", [0.3, 1.0, 2.5])
def test_both_sweeps_end_in_the_derivative(text, x):
    found = derive(parse(text)).at(x=x)
    for rows in (forward_sweep(found), reverse_sweep(found)):
        assert (rows[-1].of, rows[-1].wrt) == (found.of, "x")
        assert rows[-1].value == pytest.approx(found.derivative_value, rel=1e-12)
    for row in forward_sweep(found):
        assert row.value == pytest.approx(found.slope(row.of), rel=1e-12)


@pytest.mark.parametrize("text", TEXTS)
def test_every_link_is_a_hot_zone_in_both_orders(text):
    found = derive(parse(text)).at(x=1.0)
    for section in order_sections(found, STYLE):
        targets = {zone.target for zone in zones(compiler.svg(section.document))}
        assert targets == {f"link:{link.key}" for link in found.graph}


def test_where_there_is_no_derivative_a_dash_stands():
    found = derive(parse("sqrt(ln x)")).at(x=0.5)
    assert [row.value for row in forward_sweep(found)][-1] is None
    assert all("—" in section.document for section in order_sections(found, STYLE))


def test_a_constant_has_nothing_to_multiply():
    assert order_sections(derive(parse("7")).at(x=1.0), STYLE) == ()


def test_of_several_paths_of_a_network_one_is_marked_as_a_part():
    network = Network((2, 2, 2, 1), ("tanh",))
    parameters = network.initial_parameters(seed=1)
    trace = forward(network, parameters, [[0.5, 1.0]], [[1.0]])
    found = derivation(network, parameters, trace, "w1.1.1", sample=0)
    assert found.chain_count == 2
    assert all('_("path")' in section.document for section in order_sections(found, STYLE))
    alone = derivation(network, parameters, trace, "w3.1.1", sample=0)
    assert not any('_("path")' in section.document for section in order_sections(alone, STYLE))


@pytest.mark.parametrize(("count", "is_network", "parts"), [
    (Multiplications(1, 1, 1), False, ["same work"]),
    (Multiplications(3, 1, 9), False, ["1 multiplication together", "9 multiplications"]),
    (network_multiplications(Network((2, 8, 1))), True, ["33 derivatives", "backpropagation"]),
])  # fmt: skip
def test_counts_are_put_into_words(count, is_network, parts):
    text = " ".join(multiplications_in_words(count, "J", is_network))
    assert all(part in text for part in parts)
