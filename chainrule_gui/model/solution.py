"""The worked solution: every rule of differentiation in a step of its own, with its reason, then explained algebra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chainrule_gui.i18n import _
from chainrule_gui.model.decomposition import Decomposition, Names
from chainrule_gui.model.expression.differentiate import one_less
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import quoted, to_text
from chainrule_gui.model.expression.tree import (
    ONE,
    TWO,
    ZERO,
    Binary,
    Call,
    Constant,
    Derivative,
    Expression,
    Negate,
    Operator,
    Variable,
    contains,
    variables,
    walk,
)
from chainrule_gui.model.step import Step
from chainrule_gui.model.tidy import Tidier, collected, times

_MANY_FACTORS = 3


def explain(
    expression: Expression,
    wrt: str = "x",
    split: frozenset[Expression] = frozenset(),
    names: Names | None = None,
) -> Step:
    """Return the worked solution of d expression / d wrt: the outermost rule, with all other steps inside it.

    Its `result` is the tidy derivative. Inner functions have the names that `calculus.derive` gives them.

    Parameters
    ----------
    split, names : as for `calculus.derive`
    """
    names = names or Names((wrt, *variables(expression)))
    Decomposition(expression, wrt, names, split)  # gives the names, from the outside in
    return _Explainer(names).derivative(expression, wrt)


def why_constant(expression: Expression, wrt: str) -> str:
    """Say why the derivative of an expression without the variable is 0."""
    held = variables(expression)
    if not held:
        message = _("{constant} is a number and stays the same whatever {variable} is: its derivative is 0.")
    elif isinstance(expression, Variable):
        message = _("{constant} is another variable, held fixed while {variable} varies: its derivative is 0.")
    else:
        message = _("{constant} does not contain {variable}, so it is held fixed: its derivative is 0.")
    return message.format(constant=quoted(expression), variable=wrt)


@dataclass(frozen=True, slots=True)
class _Applied:
    """A rule just applied: what it leaves open stands as derivatives in `after`."""

    rule: str
    after: Expression
    because: str


class _Explainer:
    """Writes the steps of one solution."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._tidier = Tidier()

    def derivative(self, expression: Expression, wrt: str, where: Mapping[str, Expression] | None = None) -> Step:
        """Return the step that differentiates `expression`, with everything that it leaves open worked out inside it.

        Parameters
        ----------
        where : the meaning of `wrt`, where it is the name of an inner function
        """
        meanings = where or {}
        name_and_inner = self._composed(expression, wrt)
        if name_and_inner is None:
            applied, named = _applied(expression, wrt), meanings
        else:
            name, inner = name_and_inner
            applied, named = _chain(expression, inner, name, wrt), {**meanings, name: inner}
        inside = [
            self.derivative(node.operand, node.wrt, named if node.wrt in named else None)
            for node in walk(applied.after)
            if isinstance(node, Derivative)
        ]
        steps = list(inside)
        result = applied.after
        if inside:
            put_in = _Replacement([step.result for step in inside], named if name_and_inner else {})
            put_back = put_in(applied.after)
            steps.append(Step("substitute", applied.after, put_back, _why_put_in(len(inside), name_and_inner), named))
            result = put_back
        for step in self._tidier.steps(result):
            steps.append(Step(step.rule, step.before, step.after, step.because, meanings))
        return Step(applied.rule, Derivative(expression, wrt), applied.after, applied.because, named, tuple(steps))

    def _composed(self, expression: Expression, wrt: str) -> tuple[str, Expression] | None:
        """Return the name and the formula of the inner function of a composition; None for anything else."""
        match expression:
            case Call(_, inner):
                pass
            case Binary("^", base, exponent):
                in_base, in_exponent = contains(base, wrt), contains(exponent, wrt)
                if in_base and in_exponent:
                    return None
                inner = base if in_base else exponent
            case _:
                return None
        if isinstance(inner, Variable) or not contains(inner, wrt):
            return None
        return self._names.of(inner), inner


class _Replacement:
    """Puts results in the place of derivatives, in reading order, and formulas in the place of names."""

    def __init__(self, results: list[Expression], meanings: Mapping[str, Expression]) -> None:
        self._results = iter(results)
        self._meanings = meanings

    def __call__(self, node: Expression) -> Expression:
        match node:
            case Derivative():
                return self._with_meanings(next(self._results))
            case Negate(operand):
                return Negate(self(operand))
            case Binary(operator, left, right):
                return _joined(operator, self(left), self(right))
        return self._with_meanings(node)

    def _with_meanings(self, node: Expression) -> Expression:
        """Parts without a name stay the same objects, which the tidier knows again."""
        if not self._meanings:
            return node
        match node:
            case Variable(name):
                return self._meanings.get(name, node)
            case Negate(operand):
                new = self._with_meanings(operand)
                return node if new is operand else Negate(new)
            case Call(function, argument):
                new = self._with_meanings(argument)
                return node if new is argument else Call(function, new)
            case Binary(operator, left, right):
                new_left, new_right = self._with_meanings(left), self._with_meanings(right)
                return node if new_left is left and new_right is right else _joined(operator, new_left, new_right)
        return node


def _joined(operator: Operator, left: Expression, right: Expression) -> Expression:
    """Binary, a product without brackets around its last factors."""
    match operator, right:
        case "*", Binary("*", first, second):
            return Binary("*", _joined("*", left, first), second)
    return Binary(operator, left, right)


# --- rules ------------------------------------------------------------------------------------------


def _chain(expression: Expression, inner: Expression, name: str, wrt: str) -> _Applied:
    variable = Variable(name)
    match expression:
        case Call(function, _):
            outer: Expression = Call(function, variable)
        case Binary("^", base, exponent) if base is inner:
            outer = Binary("^", variable, exponent)
        case Binary("^", base, _):
            outer = Binary("^", base, variable)
        case _:
            raise AssertionError(expression)
    message = _(
        "With {name} = {inner} as the inner function, the outer one is {outer}. The chain rule multiplies the outer "
        "derivative, by {name}, by the inner derivative, by {variable}."
    )
    because = message.format(outer=quoted(outer), name=name, inner=quoted(inner), variable=wrt)
    return _Applied("chain", Binary("*", Derivative(outer, name), Derivative(inner, wrt)), because)


def _applied(expression: Expression, wrt: str) -> _Applied:
    """Apply the rule for the outermost operation of an expression that is no composition."""
    if not contains(expression, wrt):
        return _Applied("constant", ZERO, why_constant(expression, wrt))
    match expression:
        case Variable():
            because = _("{variable} grows exactly as fast as itself: its derivative is 1.")
            return _Applied("variable", ONE, because.format(variable=wrt))
        case Negate(operand):
            because = _("The minus sign is a constant factor −1: it stays in front of the derivative.")
            return _Applied("constant-multiple", Negate(Derivative(operand, wrt)), because)
        case Binary("+" | "-"):
            return _sum(expression, wrt)
        case Binary("*"):
            return _product(expression, wrt)
        case Binary("/", top, bottom):
            return _quotient(top, bottom, wrt)
        case Binary("^", base, exponent):
            return _power(base, exponent, wrt)
        case Call(function, argument):
            row = FUNCTIONS[function]
            after = row.derivative(argument)
            message = _("By the derivative table ({label}), the derivative of {function} by {variable} is {after}.")
            because = message.format(label=_(row.label), function=quoted(expression), variable=wrt, after=quoted(after))
            return _Applied(row.rule, after, because)
    raise ValueError(f"no rule differentiates {to_text(expression)}")


def _sum(expression: Expression, wrt: str) -> _Applied:
    def term_by_term(node: Expression) -> Expression:
        match node:
            case Binary("+" | "-" as operator, left, right):
                return Binary(operator, term_by_term(left), Derivative(right, wrt))
        return Derivative(node, wrt)

    because = _("A sum is differentiated term by term, and every term keeps its sign.")
    return _Applied("sum", term_by_term(expression), because)


def _factors(node: Expression) -> Iterator[Expression]:
    match node:
        case Binary("*", left, right):
            yield from _factors(left)
            yield from _factors(right)
        case _:
            yield node


def _product(expression: Expression, wrt: str) -> _Applied:
    factors = list(_factors(expression))
    fixed = [factor for factor in factors if not contains(factor, wrt)]
    varying = [factor for factor in factors if contains(factor, wrt)]
    if fixed:
        constant = times(fixed)
        message = _("{constant} does not depend on {variable}: a constant factor stays in front of the derivative.")
        after = Binary("*", constant, Derivative(times(varying), wrt))
        return _Applied("constant-multiple", after, message.format(constant=quoted(constant), variable=wrt))
    if len(varying) > _MANY_FACTORS and len(powers := collected(varying)) < len(varying):
        because = _("So many factors are easier to differentiate with equal ones written as a power.")
        return _Applied("tidy-powers", Derivative(times(powers), wrt), because)
    total: Expression | None = None
    for place, factor in enumerate(varying):
        term = times([*varying[:place], Derivative(factor, wrt), *varying[place + 1 :]])
        total = term if total is None else Binary("+", total, term)
    assert total is not None  # the product contains the variable
    if len(varying) == 2:
        message = _(
            "Both factors depend on {variable}. The product rule: the derivative of the first times the second, "
            "plus the first times the derivative of the second."
        )
    else:
        message = _(
            "All {count} factors depend on {variable}. The product rule: each factor in turn is differentiated "
            "while the others stay, and the products are added."
        )
    return _Applied("product", total, message.format(count=len(varying), variable=wrt))


def _quotient(top: Expression, bottom: Expression, wrt: str) -> _Applied:
    if not contains(bottom, wrt):
        message = _("Dividing by {constant}, which does not depend on {variable}, can be done after differentiating.")
        after = Binary("/", Derivative(top, wrt), bottom)
        return _Applied("constant-multiple", after, message.format(constant=quoted(bottom), variable=wrt))
    numerator = Binary("-", _joined("*", Derivative(top, wrt), bottom), _joined("*", top, Derivative(bottom, wrt)))
    message = _(
        "{variable} stands in the denominator. The quotient rule: the derivative of the numerator times the "
        "denominator, minus the numerator times the derivative of the denominator, over the denominator squared."
    )
    return _Applied("quotient", Binary("/", numerator, Binary("^", bottom, TWO)), message.format(variable=wrt))


def _power(base: Expression, exponent: Expression, wrt: str) -> _Applied:
    whole = Binary("^", base, exponent)
    if not contains(exponent, wrt):
        message = _("The power rule: the exponent {exponent} comes down as a factor and is lowered by one.")
        after = Binary("*", exponent, Binary("^", base, one_less(exponent)))
        return _Applied("power", after, message.format(exponent=quoted(exponent)))
    if base == Constant("e"):
        return _Applied("exponential", whole, _("{power} is its own derivative.").format(power=quoted(whole)))
    if not contains(base, wrt):
        message = _(
            "{variable} stands in the exponent over the fixed base {base}: the derivative is the power itself times "
            "the natural logarithm of its base."
        )
        after = Binary("*", whole, Call("ln", base))
        return _Applied("exponential", after, message.format(variable=wrt, base=quoted(base)))
    message = _(
        "{variable} stands in the base and in the exponent. {power} is e^({logarithm}), so its derivative is itself "
        "times the derivative of {logarithm}."
    )
    logarithm = _joined("*", exponent, Call("ln", base))
    because = message.format(variable=wrt, power=quoted(whole), logarithm=quoted(logarithm))
    return _Applied("general-exponent", Binary("*", whole, Derivative(logarithm, wrt)), because)


def _why_put_in(count: int, composed: tuple[str, Expression] | None) -> str:
    if composed is not None:
        name, inner = composed
        message = _("Both derivatives are put in, and {name} is written as {inner} again.")
        return message.format(name=name, inner=quoted(inner))
    if count == 1:
        return _("The derivative just found is put in.")
    return _("The derivatives just found are put in.")
