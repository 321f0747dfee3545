"""Every derivative against SymPy and against central differences."""

import math
from itertools import pairwise

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from chainrule_gui.model.calculus import derive, gradient, meanings_of, splittable, substituted
from chainrule_gui.model.expression.differentiate import differentiate
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.parser import parse
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Binary, Call, Negate, Number, Variable, walk
from chainrule_gui.model.higher import TooLongError, orders
from chainrule_gui.model.solution import explain
from chainrule_gui.model.step import flatten

X = sympy.Symbol("x", real=True)
SYMPY = {
    "log10": lambda u: sympy.log(u, 10),
    "log2": lambda u: sympy.log(u, 2),
    "ln": sympy.log,
    "abs": sympy.Abs,
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    "relu": lambda u: sympy.Piecewise((u, u > 0), (0, True)),
    "leakyrelu": lambda u: sympy.Piecewise((u, u > 0), (u / 100, True)),
}
TYPED = [key for key, row in FUNCTIONS.items() if not row.helper]
COMPOSED = [
    "log(2 + cos x)", "x sin x", "sin(x^2)cos(x^2)", "x^x", "e^-x^2", "(3x+1)^4", "1/(1+e^-x)", "ln(x)/x",
    "sqrt(1+x^2)", "2^x", "sin^2 x + x tan x", "tanh(2x)/(1+x^2)", "(x+1)(x-1)(x^2+1)", "x^-3", "1/x^2",
    "sigma(3x-1)^2", "cos(sin(cos(sin x)))", "(x^2 sin x)/(1 + e^x)", "log2(1+x^4)", "|x - 3|^3", "x", "7", "-x",
    "-(2 - 3x)^5", "(2x)^x", "atan(x)asin(x/4)", "x*x*x", "(x + sin x)^2", "x/(x+1)/(x+2)", "e^(e^x)",
]  # fmt: skip


def as_sympy(node):
    match node:
        case Number(value):
            return sympy.Integer(int(value)) if value.is_integer() else sympy.Float(value, 30)
        case Variable(name):
            return X if name == "x" else sympy.Symbol(name)
        case Negate(operand):
            return -as_sympy(operand)
        case Call(function, argument):
            make = SYMPY.get(function) or getattr(sympy, function)
            return make(as_sympy(argument))
        case Binary(operator, left, right):
            a, b = as_sympy(left), as_sympy(right)
            return (
                {"+": a + b, "-": a - b, "*": a * b}.get(operator)
                if operator in "+-*"
                else (a / b if operator == "/" else a**b)
            )
    return sympy.E if node.name == "e" else sympy.pi


def central_difference(tree, x, step=1e-5):
    return (evaluate(tree, {"x": x + step}) - evaluate(tree, {"x": x - step})) / (2 * step)


@pytest.mark.parametrize("key", TYPED)
@pytest.mark.parametrize("x", [0.3, 0.75, -0.4])
def test_each_row_of_the_table_agrees_with_sympy_and_central_differences(key, x):
    row = FUNCTIONS[key]
    if not row.contains(x):
        assert derive(Call(key, Variable("x"))).value(x=x) is None
        return
    tree = Call(key, Variable("x"))
    ours = evaluate(row.derivative(Variable("x")), {"x": x})
    assert ours == pytest.approx(float(sympy.diff(as_sympy(tree), X).evalf(30, subs={X: x})), rel=1e-13)
    assert ours == pytest.approx(central_difference(tree, x), rel=1e-7)
    assert derive(tree).value(x=x) == ours


@pytest.mark.parametrize("text", COMPOSED)
@pytest.mark.parametrize("x", [0.7, 1.3])
def test_composed_functions_agree_with_sympy(text, x):
    tree = parse(text)
    exact = float(sympy.diff(as_sympy(tree), X).evalf(30, subs={X: sympy.Float(x, 30)}))
    derivation = derive(tree)
    assert derivation.value(x=x) == pytest.approx(exact, rel=1e-12)
    assert evaluate(differentiate(tree, "x"), {"x": x}) == pytest.approx(exact, rel=1e-12)
    assert evaluate(substituted(derivation), {"x": x}) == pytest.approx(exact, rel=1e-12)


smooth = st.recursive(
    st.one_of(st.just(Variable("x")), st.builds(Number, st.integers(1, 4).map(float))),
    lambda inner: st.one_of(
        st.builds(Negate, inner),
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda base, n: Binary("^", base, Number(float(n))), inner, st.integers(2, 3)),
        st.builds(Call, st.sampled_from(["sin", "cos", "tanh", "sigmoid", "softplus", "atan", "exp"]), inner),
    ),
    max_leaves=8,
)


@given(smooth, st.floats(-2, 2))
def test_the_sum_of_chains_is_the_slope(tree, x):
    values = np.array([evaluate(tree, {"x": x + offset}) for offset in (-2e-4, -1e-4, 0, 1e-4, 2e-4)])
    assume(np.isfinite(values).all() and np.abs(values).max() < 1e3)
    fine, coarse = (values[3] - values[1]) / 2e-4, (values[4] - values[0]) / 4e-4
    assume(abs(fine - coarse) < 1e-5 * (1 + abs(fine)))
    derivation = derive(tree).at(x=x)
    assume(derivation.derivative_value is not None)
    assert derivation.derivative_value == pytest.approx(fine, rel=1e-4, abs=1e-4)
    if derivation.chain_count == len(derivation.chains):
        products = [chain.product for chain in derivation.chains]
        assert derivation.derivative_value == pytest.approx(math.fsum(products), rel=1e-10, abs=1e-10)


@given(smooth)
def test_links_join_and_each_name_is_defined_once(tree):
    derivation = derive(tree)
    names = [quantity.name for quantity in derivation.quantities]
    assert len(set(names)) == len(names)
    for chain in derivation.chains:
        assert chain.links[0].of == derivation.of
        assert chain.links[-1].wrt == "x"
        assert all(outer.wrt == inner.of for outer, inner in pairwise(chain.links))
    seen = set()
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            assert {name.name for name in _variables(quantity.definition)} <= seen
        seen.add(quantity.name)


def _variables(tree):
    stack, found = [tree], []
    while stack:
        node = stack.pop()
        if isinstance(node, Variable):
            found.append(node)
        stack += [getattr(node, part) for part in ("left", "right", "operand", "argument") if hasattr(node, part)]
    return found


def test_the_lesson_example_is_two_links():
    derivation = derive(parse("log(2 + cos x)"))
    assert [(link.of, link.wrt, to_text(link.local_derivative)) for link in derivation.links] == [
        ("h", "u", "1/u"),
        ("u", "x", "-sin(x)"),
    ]
    assert to_text(substituted(derivation)) == "1/(2 + cos(x))*(-sin(x))"
    assert [link.row for link in derivation.links] == ["log", "cos"]


def test_a_used_letter_is_never_taken_for_an_intermediate():
    names = [quantity.name for quantity in derive(parse("sin(u h x^2)")).quantities]
    assert len(set(names)) == len(names)
    assert {"x", "u", "h"} < set(names)


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("|x|", 0.0, "abs has no derivative at 0"),
        ("2 + 3|x|", 0.0, "abs has no derivative at 0"),
        ("relu(x)", 0.0, "relu has no derivative at 0"),
        ("sqrt x", 0.0, "sqrt has no derivative at 0"),
        ("log x", -1.0, "log has no value at −1: its domain is x > 0"),
        ("sin(log(x))", -1.0, "log has no value at −1"),
        ("1/x", 0.0, "denominator is 0"),
        ("(-8)^(x/3)", 1.0, "not a real number"),
        ("9^9^9 x", 1.0, "too large"),
        ("0^-x", 1.0, "divides by 0"),
        ("10.0^(400x)", 1.0, "too large"),
        ("asin(x)", 2.0, "asin has no value at 2"),
    ],
)
def test_no_value_is_invented_where_there_is_none(text, x, words):
    derivation = derive(parse(text)).at(x=x)
    assert derivation.derivative_value is None
    assert words in derivation.why


def test_derivative_by_another_variable_holds_the_rest_fixed():
    derivation = derive(parse("w2 x + b"), wrt="w2")
    assert derivation.value(x=3.0, w2=5.0, b=1.0) == 3.0
    with pytest.raises(KeyError):
        derivation.value(x=3.0)


def test_many_paths_are_counted_and_all_summed():
    tree = parse("".join(f"(x+{n})" for n in range(1, 31)))
    derivation = derive(tree).at(x=0.01)
    assert derivation.chain_count == 30
    assert len(derivation.chains) < 30
    assert derivation.derivative_value == pytest.approx(
        float(evaluate(differentiate(tree, "x"), {"x": 0.01})), rel=1e-12
    )


def test_steps_name_each_rule_and_end_with_the_result():
    written = [line.step for line in flatten(explain(parse("log(2 + cos x)")))]
    rules = [step.rule for step in written if not step.rule.startswith("tidy-")]
    assert rules == ["chain", "logarithm", "sum", "constant", "cosine", "substitute", "substitute"]
    assert to_text(written[0].after) == "d/du(log(u))*d/dx(2 + cos(x))"
    assert to_text(written[-1].after) == "-sin(x)/(2 + cos(x))"
    assert all(step.because for step in written)


@pytest.mark.parametrize(
    ("text", "pieces", "definitions"),
    [
        ("log(2 + cos x)", [], ["log(u)", "2 + cos(x)"]),
        ("log(2 + cos x)", ["2 + cos x"], ["log(u)", "2 + v", "cos(x)"]),
        ("2 + cos x", ["2 + cos x"], ["2 + u", "cos(x)"]),
        ("exp(1 - 3 sin x)", ["1 - 3 sin x"], ["exp(u)", "1 - v", "3*sin(x)"]),
        ("exp(1 - 3 sin x)", ["1 - 3 sin x", "3 sin x"], ["exp(u)", "1 - v", "3*s", "sin(x)"]),
        ("(x^2 + sin x - 1)^3", ["x^2 + sin x - 1"], ["u^3", "v + s - 1", "x^2", "sin(x)"]),
    ],
)
def test_pieces_are_taken_apart_further_where_wanted(text, pieces, definitions):
    tree = parse(text)
    found = derive(tree, split=frozenset(map(parse, pieces)))
    written = [to_text(q.definition) for q in reversed(found.quantities) if q.definition is not None]
    assert sorted(written) == sorted(definitions)
    assert found.value(x=0.7) == pytest.approx(derive(tree).value(x=0.7), rel=1e-14)
    for name, meaning in splittable(found).items():
        further = derive(tree, split=frozenset({*map(parse, pieces), meaning}))
        assert further.quantity(name).definition != found.quantity(name).definition


def test_what_can_be_taken_apart_is_told():
    assert splittable(derive(parse("log(2 + cos x)"))) == {"u": parse("2 + cos x")}
    assert splittable(derive(parse("log(2 + cos x)"), split=frozenset([parse("2 + cos x")]))) == {}
    assert splittable(derive(parse("sin(x^2)"))) == {}


@given(smooth, st.floats(-2, 2))
def test_taking_everything_apart_changes_no_value(tree, x):
    pieces = frozenset(node for node in walk(tree))
    whole, apart = derive(tree).value(x=x), derive(tree, split=pieces).value(x=x)
    assume(whole is not None and apart is not None and abs(whole) < 1e12)
    assert apart == pytest.approx(whole, rel=1e-9, abs=1e-9)


def test_the_gradient_has_a_derivation_for_each_variable_with_the_same_names():
    found = gradient(parse("(sigmoid(w x + b) - y)^2 / 2"))
    assert list(found) == ["w", "x", "b", "y"]
    point = {"w": 0.4, "x": 1.5, "b": -0.2, "y": 1.0}
    out = 1 / (1 + math.exp(-0.4))
    delta = (out - 1) * out * (1 - out)
    values = {name: derivation.value(**point) for name, derivation in found.items()}
    assert values == pytest.approx({"w": 1.5 * delta, "x": 0.4 * delta, "b": delta, "y": 1 - out})
    meanings = {}
    for derivation in found.values():
        for name, meaning in meanings_of(derivation).items():
            assert meanings.setdefault(name, meaning) == meaning


def test_a_name_stands_for_one_function_in_all_orders():
    meanings = {}
    for order in orders(parse("log(2 + cos x)"), highest=3):
        for name, meaning in meanings_of(order.derivation).items():
            assert meanings.setdefault(name, meaning) == meaning
    assert {"h", "h′", "h″"} <= meanings.keys()


@pytest.mark.parametrize("text", ["x^5", "log(2 + cos x)", "x e^-x", "sigmoid(x)^2", "sin(x)/x", "x^x", "tanh(3x)"])
def test_higher_derivatives_agree_with_sympy(text):
    tree = parse(text)
    exact = as_sympy(tree)
    for order in orders(tree, highest=3):
        exact = sympy.diff(exact, X)
        value = float(exact.evalf(30, subs={X: sympy.Float("0.7", 30)}))
        assert evaluate(order.derivative, {"x": 0.7}) == pytest.approx(value, rel=1e-10)
        assert order.derivation.value(x=0.7) == pytest.approx(value, rel=1e-10)


def test_a_derivative_too_long_is_not_differentiated_again():
    found = orders(parse("".join(f"(x+{n})" for n in range(1, 46))), highest=3)
    next(found)
    with pytest.raises(TooLongError, match="lower order"):
        list(found)


def test_a_constant_has_derivative_zero():
    derivation = derive(parse("7")).at(x=2.0)
    assert derivation.derivative_value == 0.0
    assert derivation.chains == ()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("x^2 y", ["constant-multiple"]),
        ("x/y", ["constant-multiple"]),
        ("y/x", ["quotient"]),
        ("sin(a x)", ["sine", "constant-multiple"]),
        ("y x sin x", ["product", "product", "sine"]),
    ],
)
def test_a_factor_in_another_variable_is_a_constant_factor(text, rules):
    assert [link.rule for link in derive(parse(text)).graph] == rules
