"""Both orders of multiplying a chain, and their multiplications, really counted."""

from itertools import product

import numpy as np
import pytest

from chainrule_gui.model.accumulation import (
    count_multiplications,
    forward_products,
    function_edges,
    function_multiplications,
    network_multiplications,
    reverse_products,
)
from chainrule_gui.model.calculus import derive
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.tree import variables
from chainrule_gui.model.network import Network, forward
from chainrule_gui.model.network.paths import derivation


class Counted(float):
    """A number that counts how often it, or what comes of it, is multiplied."""

    made = 0

    def __mul__(self, other):
        Counted.made += 1
        return Counted(float(self) * float(other))

    def __add__(self, other):
        return Counted(float(self) + float(other))


def _really_counted(edges, result, inputs):
    """Both orders done with numbers; a seed 1 is not multiplied by. Returns counts and derivatives."""
    local = {edge: Counted(1 + place / 7) for place, edge in enumerate(dict.fromkeys(edges))}
    arguments = {}
    for of, wrt in local:
        arguments.setdefault(of, []).append(wrt)
    Counted.made, by_forward = 0, {}
    for source in inputs:
        known = {}

        def by_source(name, source=source, known=known):
            if name not in known:
                known[name] = None
                for wrt in arguments.get(name, ()):
                    inner = None if wrt == source else by_source(wrt)
                    if wrt != source and inner is None:
                        continue
                    term = local[name, wrt] if wrt == source else local[name, wrt] * inner
                    known[name] = term if known[name] is None else known[name] + term
            return known[name]

        by_forward[source] = by_source(result)
    forward_count, Counted.made, upstream = Counted.made, 0, {}
    order, users = [], {}
    leads = {}

    def leads_to_input(name):
        if name not in leads:
            leads[name] = name in inputs or sum(leads_to_input(wrt) for wrt in arguments.get(name, ())) > 0
            if leads[name]:
                order.append(name)
        return leads[name]

    leads_to_input(result)
    for of in reversed(order):
        for wrt in arguments.get(of, ()):
            if leads[wrt]:
                users.setdefault(wrt, []).append(of)
                term = local[of, wrt] if of == result else local[of, wrt] * upstream[of]
                upstream[wrt] = term if wrt not in upstream else upstream[wrt] + term
    for source in inputs:
        assert by_forward[source] == pytest.approx(upstream[source], rel=1e-12)
    return forward_count, Counted.made


@pytest.mark.parametrize(
    "text",
    ["sin(x)", "exp(sin(x^2))", "sigmoid(w x + b)", "x sin(x) + exp(x y) / y", "(sigmoid(w x + b) - y)^2 / 2", "x x y"],
)
def test_multiplications_of_a_function(text):
    tree = parse(text)
    found = function_multiplications(tree)
    edges = function_edges(tree)
    assert (found.forward, found.reverse) == _really_counted(edges, "h", variables(tree))
    assert found.inputs == len(variables(tree))


def test_a_single_chain_takes_as_many_either_way():
    found = function_multiplications(parse("exp(sin(x^2))"))
    assert (found.forward, found.reverse) == (2, 2)


def _network_edges(network):
    edges = []
    for layer in range(1, network.depth + 1):
        for to in range(1, network.layers[layer] + 1):
            z = network.z_name(layer, to)
            edges.append((network.a_name(layer, to), z))
            edges.append((z, network.bias_name(layer, to)))
            for source in range(1, network.layers[layer - 1] + 1):
                edges.append((z, network.weight_name(layer, to, source)))
                edges.append((z, network.a_name(layer - 1, source)))
    return edges + [("J", network.output_name(unit)) for unit in range(1, network.layers[-1] + 1)]


@pytest.mark.parametrize("layers", [(1, 1), (1, 1, 1), (2, 3, 1), (2, 4, 2, 1), (3, 2, 5, 4, 2)])
def test_multiplications_of_a_network(layers):
    network = Network(layers)
    edges = _network_edges(network)
    found = network_multiplications(network)
    assert found == count_multiplications(edges, "J", network.parameter_names)
    assert (found.forward, found.reverse) == _really_counted(edges, "J", network.parameter_names)
    assert found.reverse < found.forward or layers == (1, 1)


def test_partial_products_of_a_function():
    chain = derive(parse("exp(sin(x^2))")).at(x=0.8).chains[0]
    inward, outward = forward_products(chain), reverse_products(chain)
    assert [(part.of, part.wrt) for part in inward] == [("v", "x"), ("u", "x"), ("h", "x")]
    assert [(part.of, part.wrt) for part in outward] == [("h", "u"), ("h", "v"), ("h", "x")]
    assert inward[0].value == pytest.approx(1.6)
    assert inward[1].value == pytest.approx(1.6 * np.cos(0.64))
    assert outward[0].value == pytest.approx(np.exp(np.sin(0.64)))
    assert inward[-1].value == pytest.approx(chain.product) == pytest.approx(outward[-1].value)


def test_partial_products_of_a_network():
    network = Network((2, 3, 1))
    parameters = network.initial_parameters(seed=1)
    trace = forward(network, parameters, [[0.5, -1.0]], [[1.0]])
    found = derivation(network, parameters, trace, of="w1.2.1")
    for chain, products in product(found.chains, (forward_products, reverse_products)):
        parts = products(chain)
        assert len(parts) == len(chain.links)
        assert (parts[-1].of, parts[-1].wrt) == ("J", "w1.2.1")
        assert parts[-1].value == pytest.approx(chain.product, rel=1e-12)


def test_without_a_value_there_is_no_product_from_there_on():
    chain = derive(parse("log(|x|)")).at(x=0.0).chains[0]
    assert [part.value for part in forward_products(chain)] == [None, None]
