"""Tidying a formula in explained algebra steps: zeros, ones, signs, numbers, fractions, powers. Nothing clever.

Each rule rewrites one node whose parts are as they are; a step applies one rule everywhere in the formula. What a
learner knows by its shape stays: σ(1 − σ) is not multiplied out, sums are not expanded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.expression.differentiate import negate
from chainrule_gui.model.expression.text import quoted
from chainrule_gui.model.expression.tree import (
    ONE,
    ZERO,
    Binary,
    Call,
    Expression,
    Negate,
    Number,
    walk,
)
from chainrule_gui.model.step import Step

LARGEST = 10**15
"""Numbers are worked out as long as every digit can be shown."""

_QUOTED = 60
"""An example of more characters is not given in a sentence."""


def tidied(expression: Expression) -> tuple[Step, ...]:
    """Return the steps that tidy `expression`; the last one's `after` is the tidy form. None where it is tidy."""
    return Tidier().steps(expression)


Rewrite = Callable[[Expression], Expression | None]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rewriting of a node; None or the same node where it does not apply.

    Attributes
    ----------
    of_products : whether it sees all factors of a product at once, so that a part of one is not looked at alone
    """

    name: str
    rewrite: Rewrite
    because: str
    of_products: bool = False


class Tidier:
    """Tidies formulas, and knows those parts again in which a rule has nothing to do."""

    def __init__(self) -> None:
        # By rule and id; the nodes are held, so that an id stays its own.
        self._done: list[dict[int, Expression]] = [{} for _rule in _RULES]

    def steps(self, expression: Expression) -> tuple[Step, ...]:
        """Return the steps that tidy `expression`, one rule at a time."""
        written: list[Step] = []
        while found := self._next(expression):
            written.append(found)
            expression = found.after
        return tuple(written)

    def _next(self, expression: Expression) -> Step | None:
        for rule, done in zip(_RULES, self._done, strict=True):
            places: list[tuple[Expression, Expression]] = []
            after = _everywhere(expression, rule, done, places)
            if places:
                return Step(rule.name, expression, after, _because(rule, places[0]))
        return None


def _everywhere(
    node: Expression,
    rule: _Rule,
    done: dict[int, Expression],
    places: list[tuple[Expression, Expression]],
    in_product: bool = False,
) -> Expression:
    """Rewrite every part, the innermost first, and note what became of what; `in_product`: more factors follow."""
    if id(node) in done:
        return node
    new = node
    match node:
        case Binary(operator, left, right):
            new_left = _everywhere(left, rule, done, places, operator == "*")
            new_right = _everywhere(right, rule, done, places)
            if new_left is not left or new_right is not right:
                new = Binary(operator, new_left, new_right)
        case Negate(operand):
            new_operand = _everywhere(operand, rule, done, places)
            new = node if new_operand is operand else Negate(new_operand)
        case Call(function, argument):
            new_argument = _everywhere(argument, rule, done, places)
            new = node if new_argument is argument else Call(function, new_argument)
        case _:
            return node
    if in_product and rule.of_products and isinstance(new, Binary) and new.operator == "*":
        return new
    rewritten = rule.rewrite(new)
    if rewritten is not None and rewritten != new:
        places.append((new, rewritten))
        return rewritten
    if new is node:
        done[id(node)] = node
    return new


def _because(rule: _Rule, place: tuple[Expression, Expression]) -> str:
    sentence = _(rule.because)
    before, after = map(quoted, place)
    if len(before) + len(after) > _QUOTED:
        return f"{sentence}."
    return _("{sentence}: {before} is {after}.").format(sentence=sentence, before=before, after=after)


# --- zeros, ones, signs -----------------------------------------------------------------------------


def _zero_factor(node: Expression) -> Expression | None:
    match node:
        case Binary("*", left, right) if ZERO in (left, right):
            return ZERO
        case Binary("/", left, _) if left == ZERO:
            return ZERO
        case Negate(operand) if operand == ZERO:
            return ZERO
    return None


def _zero_term(node: Expression) -> Expression | None:
    match node:
        case Binary("+", left, right) if left == ZERO:
            return right
        case Binary("+" | "-", left, right) if right == ZERO:
            return left
        case Binary("-", left, right) if left == ZERO:
            return negate(right)
    return None


def _one_factor(node: Expression) -> Expression | None:
    match node:
        case Binary("*", left, right) if left == ONE:
            return right
        case Binary("*" | "/", left, right) if right == ONE:
            return left
    return None


def _exponents(node: Expression) -> Expression | None:
    match node:
        case Binary("^", base, exponent) if exponent == ONE:
            return base
        case Binary("^", _, exponent) if exponent == ZERO:
            return ONE
    return None


def _signs(node: Expression) -> Expression | None:
    match node:
        case Negate(Negate(operand)):
            return operand
        case Binary("+", left, Negate(operand)):
            return Binary("-", left, operand)
        case Binary("-", left, Negate(operand)):
            return Binary("+", left, operand)
        case Binary("*" | "/" as operator, left, right) if isinstance(left, Negate) or isinstance(right, Negate):
            bare = Binary(operator, _unsigned(left), _unsigned(right))
            return bare if isinstance(left, Negate) and isinstance(right, Negate) else Negate(bare)
    return None


def _unsigned(node: Expression) -> Expression:
    return node.operand if isinstance(node, Negate) else node


# --- numbers ----------------------------------------------------------------------------------------


def rational(node: Expression) -> Fraction | None:
    """Return the value of a number, signed or a fraction of whole numbers, exactly as its decimals say; else None."""
    match node:
        case Number(value):
            return Fraction(repr(value))
        case Negate(operand):
            inner = rational(operand)
            return None if inner is None else -inner
        case Binary("/", Number(top), Number(bottom)) if bottom and top.is_integer() and bottom.is_integer():
            return Fraction(int(top), int(bottom))
    return None


def number(value: Fraction) -> Expression | None:
    """Return a number as a formula, whole or a fraction of whole numbers; None where digits would be lost."""
    if value < 0:
        size = number(-value)
        return None if size is None else Negate(size)
    if value.numerator > LARGEST or value.denominator > LARGEST:
        return None
    if value.denominator == 1:
        return Number(float(value))
    return Binary("/", Number(float(value.numerator)), Number(float(value.denominator)))


def _written(value: Fraction, parts: Iterable[Expression]) -> Expression | None:
    """Write a number as a decimal where one of the numbers that it was made of is one and no digit is lost."""
    if any(isinstance(part, Number) and not part.value.is_integer() for part in parts):
        decimal = float(abs(value))
        if Fraction(repr(decimal)) == abs(value):
            return Negate(Number(decimal)) if value < 0 else Number(decimal)
    return number(value)


def _number_sums(node: Expression) -> Expression | None:
    """2 + 3, 1/2 − 1: both sides numbers."""
    match node:
        case Binary("+" | "-" as operator, left, right):
            a, b = rational(left), rational(right)
            if a is not None and b is not None:
                return _written(a + b if operator == "+" else a - b, _leaves(left, right))
        case Binary("^", Number(base), Number(exponent)):
            if base.is_integer() and exponent.is_integer() and 2 <= exponent <= 6 and base**exponent <= 10**6:
                return Number(base**exponent)
    return None


def _leaves(*nodes: Expression) -> list[Expression]:
    return [leaf for node in nodes for leaf in walk(node)]


@dataclass(frozen=True, slots=True)
class _Product:
    """A product or fraction as its factors above and below the line."""

    above: list[Expression]
    below: list[Expression]

    def numbers(self) -> tuple[list[Expression], list[Expression]]:
        return [f for f in self.above if isinstance(f, Number)], [f for f in self.below if isinstance(f, Number)]


def _factors(node: Expression) -> list[Expression]:
    match node:
        case Binary("*", left, right):
            return [*_factors(left), *_factors(right)]
    return [node]


def _product(node: Expression) -> _Product:
    """Return the factors of a product or of a fraction of products; fractions inside a product stay factors."""
    match node:
        case Binary("/", top, bottom):
            return _Product(_factors(top), _factors(bottom))
    return _Product(_factors(node), [])


def times(factors: Iterable[Expression]) -> Expression:
    """Multiply factors without brackets; no factor is 1."""
    listed = list(factors)
    return reduce(lambda left, right: Binary("*", left, right), listed) if listed else ONE


def _over(above: list[Expression], below: list[Expression]) -> Expression:
    return Binary("/", times(above), times(below)) if below else times(above)


def _number_factors(node: Expression) -> Expression | None:
    """Numbers of a product in front and multiplied, of a fraction reduced."""
    if not isinstance(node, Binary) or node.operator not in "*/":
        return None
    product = _product(node)
    above, below = product.numbers()
    others_above: list[Expression] = [f for f in product.above if not isinstance(f, Number)]
    others_below: list[Expression] = [f for f in product.below if not isinstance(f, Number)]
    in_front = not above or (len(above) == 1 and product.above[0] is above[0])
    below_in_front = not below or (len(below) == 1 and product.below[0] is below[0])
    if in_front and below_in_front and not (above and below):
        return None
    top, bottom = (reduce(lambda a, b: a * b, map(_exact, side), Fraction(1)) for side in (above, below))
    if bottom == 0:
        return None
    written = _written(top / bottom, (*above, *below))
    match written:
        case None:
            return None
        case Binary("/", over, under):
            pass
        case _:
            over, under = written, ONE
    rebuilt = _over(_with_number(over, others_above), _with_number(under, others_below))
    return None if rebuilt == node else rebuilt


def _exact(node: Expression) -> Fraction:
    value = rational(node)
    assert value is not None  # only numbers are given here
    return value


def _with_number(factor: Expression, others: list[Expression]) -> list[Expression]:
    return others if factor == ONE else [factor, *others]


# --- fractions, powers, like terms ------------------------------------------------------------------


def _fractions(node: Expression) -> Expression | None:
    """A product with a fraction, or a fraction of fractions, as one fraction."""
    if not isinstance(node, Binary) or node.operator not in "*/":
        return None
    product = _product(node)
    if not any(_is_fraction(factor) for factor in (*product.above, *product.below)):
        return None
    above: list[Expression] = []
    below: list[Expression] = []
    for factors, over, under in ((product.above, above, below), (product.below, below, above)):
        for factor in factors:
            inside = _product(factor) if _is_fraction(factor) else _Product([factor], [])
            over += [part for part in inside.above if part != ONE]
            under += [part for part in inside.below if part != ONE]
    return _over(above, below)


def _is_fraction(node: Expression) -> bool:
    return isinstance(node, Binary) and node.operator == "/"


def _base_and_exponent(factor: Expression) -> tuple[Expression, int]:
    match factor:
        case Binary("^", base, Number(exponent)) if exponent.is_integer() and exponent >= 1:
            return base, int(exponent)
    return factor, 1


def _power_of_power(node: Expression) -> Expression | None:
    match node:
        case Binary("^", Binary("^", base, Number(inner)), Number(outer)):
            if inner.is_integer() and outer.is_integer() and inner >= 1 and outer >= 1:
                return Binary("^", base, Number(inner * outer))
    return None


def _powers(node: Expression) -> Expression | None:
    """Equal factors above the line, and below it, as powers."""
    if not isinstance(node, Binary) or node.operator not in "*/":
        return None
    product = _product(node)
    above, below = collected(product.above), collected(product.below)
    if len(above) == len(product.above) and len(below) == len(product.below):
        return None
    return _over(above, below)


def collected(factors: list[Expression]) -> list[Expression]:
    """Return the factors with equal ones as a power, each where it first stood."""
    found: list[tuple[Expression, int, Expression]] = []
    for factor in factors:
        base, exponent = _base_and_exponent(factor)
        for place, (other, sum_so_far, _first) in enumerate(found):
            if other == base and not isinstance(base, Number):
                total = sum_so_far + exponent
                found[place] = (base, total, Binary("^", base, Number(float(total))))
                break
        else:
            found.append((base, exponent, factor))
    return [factor for _base, _exponent, factor in found]


def _cancel(node: Expression) -> Expression | None:
    """A factor above the line against one below with the same base: x²/x³ is 1/x."""
    if not _is_fraction(node):
        return None
    product = _product(node)
    for at, factor in enumerate(product.above):
        base, exponent = _base_and_exponent(factor)
        for place, power in enumerate(product.below):
            other, other_exponent = _base_and_exponent(power)
            if other == base and not isinstance(base, Number):
                above, below = list(product.above), list(product.below)
                above[at : at + 1] = _powers_left(base, exponent - other_exponent)
                below[place : place + 1] = _powers_left(base, other_exponent - exponent)
                return _over(above, below)
    return None


def _powers_left(base: Expression, exponent: int) -> list[Expression]:
    if exponent <= 0:
        return []
    return [base if exponent == 1 else Binary("^", base, Number(float(exponent)))]


def _like_terms(node: Expression) -> Expression | None:
    """Terms of a sum that differ by a number alone, added: x + x is 2x."""
    if not isinstance(node, Binary) or node.operator not in "+-":
        return None
    *before, last = _terms(node)
    sign, (size, rest) = last[0], _coefficient(last[1])
    for place, (other_sign, term) in enumerate(before):
        other_size, other_rest = _coefficient(term)
        if other_rest == rest:
            total = _written(other_sign * other_size + sign * size, _leaves(term, last[1]))
            if total is None:
                return None
            before[place] = (1, _scaled(total, rest))
            return _added(before)
    return None


def _terms(node: Expression, sign: int = 1) -> list[tuple[int, Expression]]:
    """Return the terms of a sum, each with its sign."""
    match node:
        case Binary("+" | "-" as operator, left, right):
            return [*_terms(left, sign), (sign if operator == "+" else -sign, right)]
        case Negate(operand):
            return [(-sign, operand)]
    return [(sign, node)]


def _coefficient(term: Expression) -> tuple[Fraction, Expression]:
    match term:
        case Number():
            return _exact(term), ONE
        case Binary("*"):
            first, *others = _factors(term)
            if isinstance(first, Number):
                return _exact(first), times(others)
        case Binary("/", Number(), Number()) if (value := rational(term)) is not None:
            return value, ONE
    return Fraction(1), term


def _scaled(size: Expression, rest: Expression) -> Expression:
    match size:
        case Negate(positive):
            return Negate(_scaled(positive, rest))
        case _ if rest == ONE or size == ZERO:
            return size
    return rest if size == ONE else times([size, *_factors(rest)])


def _added(terms: list[tuple[int, Expression]]) -> Expression:
    total: Expression | None = None
    for sign, term in terms:
        if total is None:
            total = term if sign > 0 else Negate(term)
        elif isinstance(term, Negate):
            total = Binary("-" if sign > 0 else "+", total, term.operand)
        else:
            total = Binary("+" if sign > 0 else "-", total, term)
    return ZERO if total is None else total


_RULES = (
    _Rule("tidy-zero-factor", _zero_factor, N_("A product with a factor 0 is 0")),
    _Rule("tidy-zero-term", _zero_term, N_("Adding or subtracting 0 changes nothing")),
    _Rule("tidy-one", _one_factor, N_("Multiplying or dividing by 1 changes nothing")),
    _Rule("tidy-one", _exponents, N_("An exponent 1 can be left out, and a power with the exponent 0 is 1")),
    _Rule("tidy-signs", _signs, N_("Minus signs are gathered in front, and two of them cancel")),
    _Rule("tidy-numbers", _number_sums, N_("Numbers are worked out")),
    _Rule("tidy-fractions", _fractions, N_("Factors and fractions make one fraction"), of_products=True),
    _Rule("tidy-numbers", _number_factors, N_("Number factors are multiplied and stand in front"), of_products=True),
    _Rule("tidy-powers", _powers, N_("Equal factors make a power"), of_products=True),
    _Rule("tidy-powers", _power_of_power, N_("The exponents of a power of a power are multiplied")),
    _Rule("tidy-cancel", _cancel, N_("A factor above and below the line cancels, where it is not 0")),
    _Rule("tidy-like-terms", _like_terms, N_("Equal terms are added up")),
)
