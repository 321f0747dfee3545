"""Which mistake explains a wrong derivative: found by comparing it with the wrong answers that mistakes give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from chainrule_gui.i18n import N_, _
from chainrule_gui.learning.mistakes import Mistake, Part, mistakes, parts, taken_apart
from chainrule_gui.learning.rounding import measured
from chainrule_gui.learning.sampling import Points, common_points
from chainrule_gui.model.chain import Derivation, Link
from chainrule_gui.model.expression.differentiate import differentiate
from chainrule_gui.model.expression.evaluate import evaluate
from chainrule_gui.model.expression.table import FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import Call, Expression, Negate, Number, children, substitute, variables

_TOLERANCE = 1e-8
_FEWEST = 8
_NEARLY_ALL = 0.97
_LONGEST_FORMULA = 60


class Explanation(NamedTuple):
    """What a kind of mistake is called.

    Attributes
    ----------
    code : the public diagnosis
    message : what is wrong, without giving the factor away; may name {outer}, {inner}, {link}
    points_at_inner : whether the link of the inner function is the one to look at
    """

    code: str
    message: str
    points_at_inner: bool = False


EXPLANATIONS = {
    "missing-inner-derivative": Explanation(
        "missing-inner-derivative",
        N_("A factor is missing: the derivative {link} of the inner function {inner}."),
        points_at_inner=True,
    ),
    "quotient-order": Explanation(
        "quotient-order",
        N_("In the quotient rule for {outer} the two terms above the line are in the wrong order."),
    ),
    "quotient-not-squared": Explanation(
        "quotient-not-squared", N_("In the quotient rule for {outer} look again at what stands below the line.")
    ),
    "outer-at-x": Explanation(
        "outer-at-x",
        N_("The derivative of the outer function {outer} is taken at {variable}; it is to be taken at {inner}."),
    ),
    "not-differentiated": Explanation(
        "not-differentiated", N_("{outer} stands there as it is: it has not been differentiated.")
    ),
    "product-of-derivatives": Explanation(
        "product-of-derivatives",
        N_("{outer} is a product: its derivative is not the product of the two derivatives."),
    ),
    "power-not-reduced": Explanation(
        "power-not-reduced", N_("In the derivative of the power {outer} the exponent is not lowered by one.")
    ),
    "added-instead-of-multiplied": Explanation(
        "added-instead-of-multiplied",
        N_("The factor {link} of the inner function {inner} is added: the chain rule multiplies."),
        points_at_inner=True,
    ),
    "inner-derivative-as-argument": Explanation(
        "inner-derivative-as-argument",
        N_("The derivative {link} stands inside the outer function’s derivative, where {inner} itself belongs."),
    ),
    "inner-derivative-twice": Explanation(
        "inner-derivative-as-argument",
        N_("Beside the factor {link}, it also stands inside the outer function’s derivative, where {inner} belongs."),
    ),
    "inner-derivative-misplaced": Explanation(
        "inner-derivative-misplaced",
        N_("The factor {link} got inside the argument: it belongs outside, beside the outer function’s derivative."),
        points_at_inner=True,
    ),
    "composition-as-product": Explanation(
        "composition-as-product",
        N_("{outer} is one function inside another, not a product of two: use the chain rule."),
    ),
    "variable-not-differentiated": Explanation(
        "not-differentiated", N_("{outer} stands there as it is: it has not been differentiated.")
    ),
    "constant-kept": Explanation(
        "not-differentiated", N_("A constant term of {outer} stands there as it is: what is its derivative?")
    ),
    "term-sign": Explanation(
        "sign", N_("The two terms in the derivative of {outer} have the wrong sign between them.")
    ),
    "sign": Explanation("sign", N_("The sign of the derivative of {outer} is wrong.")),
    "outer-not-differentiated": Explanation(
        "not-differentiated",
        N_("The inner derivative {link} is there, but the outer function of {outer} has not been differentiated."),
    ),
    "constant-dropped": Explanation("constant-factor", N_("The constant factor of {outer} got lost.")),
    "constant-factor": Explanation("constant-factor", N_("The derivative of {outer} is off by a constant factor.")),
    "product-term-missing": Explanation("other", N_("The product rule for {outer} has two terms; one is missing.")),
    "quotient-of-derivatives": Explanation(
        "other", N_("{outer} is a quotient: its derivative is not the quotient of the two derivatives.")
    ),
    "exponential-as-power": Explanation(
        "other", N_("In {outer} the variable is in the exponent: the power rule is for a variable in the base.")
    ),
    "general-power": Explanation("other", N_("In {outer} both base and exponent vary: one rule alone does not do.")),
    "outer-derivative-missing": Explanation("other", N_("The derivative of the outer function in {outer} is missing.")),
    "by-another-variable": Explanation(
        "other", N_("That is a derivative of {outer}, but by another variable: {variable} is the one that varies.")
    ),
    "constants-varied": Explanation(
        "other", N_("Only {variable} varies in {outer}: every other letter is a constant, with derivative 0.")
    ),
    "term-missing": Explanation("other", N_("A term is missing: the sum {outer} is differentiated term by term.")),
}
"""Each kind of mistake, likelier ones first: where two give the same wrong answer, the first is named."""

CODE_NAMES = {
    "missing-inner-derivative": N_("inner derivative missing"),
    "outer-at-x": N_("outer derivative taken at the wrong place"),
    "not-differentiated": N_("not differentiated"),
    "added-instead-of-multiplied": N_("added instead of multiplied"),
    "product-of-derivatives": N_("product of the derivatives"),
    "quotient-order": N_("quotient: wrong order"),
    "quotient-not-squared": N_("quotient: not squared"),
    "power-not-reduced": N_("exponent not lowered"),
    "sign": N_("wrong sign"),
    "constant-factor": N_("wrong constant factor"),
    "inner-derivative-as-argument": N_("inner derivative as argument"),
    "inner-derivative-misplaced": N_("inner derivative misplaced"),
    "composition-as-product": N_("composition taken for a product"),
    "other": N_("another mistake"),
}
"""What each public diagnosis is called in a list."""

_RANKS = {kind: rank for rank, kind in enumerate(EXPLANATIONS)}


class Diagnosis(NamedTuple):
    """A mistake that explains an answer.

    Attributes
    ----------
    code : as in `chainrule check`
    message : for the learner
    link : the key of the link at which the mistake sits; None where there is none
    """

    code: str
    message: str
    link: str | None


def diagnose(expression: Expression, answer: Expression, wrt: str, derivation: Derivation) -> Diagnosis | None:
    """Explain a wrong `answer`; None where no known mistake gives it.

    Parameters
    ----------
    answer : known to be wrong, in the variables of `expression`
    derivation : of `expression` by `wrt`, for the names of the links
    """
    if not derivation.graph:
        return _of_a_constant(expression, answer, wrt)
    points = _in_pairs(_sample(expression, answer, wrt), wrt)
    whole = taken_apart(expression, wrt, points)
    with np.errstate(all="ignore"):
        given, noise = _given(answer, differentiate(expression, wrt), points)
        found = [
            mistake
            for mistake in [*mistakes(whole, points[wrt]), *_other_variables(expression, wrt, points, whole)]
            if _same(mistake.wrong, given, noise) and not _same(mistake.wrong, whole.slope, noise)
        ]
        found.sort(key=lambda mistake: _likeliest_first(mistake, wrt))
        likeliest = next(iter(found), None)
        # A factor is a fallback: after what explains it, before what only says that a term is missing.
        if likeliest is None or EXPLANATIONS[likeliest.kind].code == "other":
            likeliest = next(_up_to_a_factor(whole, given, noise), likeliest)
    return None if likeliest is None else _explained(likeliest, wrt, derivation)


def _given(answer: Expression, right: Expression, points: Points) -> tuple[Any, Any]:
    """Return the answer's values and what rounding may have done to them and to the right derivative's."""
    (given, error), (value, its_error) = measured(answer, points), measured(right, points)
    shape = next(iter(points.values())).shape
    noise = error + np.where(np.isfinite(value), its_error, 0.0)
    return np.broadcast_to(given, shape), np.broadcast_to(noise, shape)


def _other_variables(expression: Expression, wrt: str, points: Points, whole: Part) -> Iterator[Mistake]:
    """Yield the derivative by each other variable, and what comes out where none of them is held constant."""
    others = [name for name in variables(expression) if name != wrt]
    slopes = [evaluate(differentiate(expression, name), points) for name in others]
    for slope in slopes:
        yield Mistake("by-another-variable", expression, None, slope)
    if slopes:
        yield Mistake("constants-varied", expression, None, whole.slope + sum(slopes))


def _likeliest_first(mistake: Mistake, wrt: str) -> tuple[int, bool]:
    """Order by kind; a wrong sign is looked for where the right derivative brings a minus."""
    kind = mistake.kind
    if kind == "not-differentiated" and differentiate(mistake.place, wrt) == Number(1.0):
        # In x^3 or (x + 1)^3 it gives what a power that is not reduced gives.
        kind = "variable-not-differentiated"
    brings_minus = isinstance(mistake.place, Negate) or (
        isinstance(mistake.place, Call) and mistake.place.function in ("cos", "acos")
    )
    return _RANKS[kind], not (kind == "sign" and brings_minus)


def _of_a_constant(expression: Expression, answer: Expression, wrt: str) -> Diagnosis | None:
    points = _sample(expression, answer, wrt)
    if not np.allclose(evaluate(expression, points), evaluate(answer, points), rtol=_TOLERANCE, atol=0.0):
        return None
    message = _(EXPLANATIONS["not-differentiated"].message)
    return Diagnosis("not-differentiated", message.format(outer=_short(expression)), None)


def _sample(expression: Expression, answer: Expression, wrt: str) -> Points:
    names = tuple(dict.fromkeys((wrt, *variables(expression), *variables(answer))))
    both, its_own = common_points((expression, answer), names), common_points((answer,), names)
    return {name: np.concatenate([both[name], its_own[name]]) for name in names}


def _in_pairs(points: Points, wrt: str) -> Points:
    """Each point twice, the second time with another value of the variable alone: what differs then is no constant."""
    return {
        name: np.concatenate([values, np.roll(values, 1) if name == wrt else values]) for name, values in points.items()
    }


def _same(first: Any, second: Any, noise: Any) -> bool:
    size = np.abs(first) + np.abs(second)
    return _holds(np.abs(first - second) <= _TOLERANCE * size, noise <= _TOLERANCE * size, np.isfinite(size))


def _holds(equal: Any, legible: Any, valid: Any) -> bool:
    """Whether `equal` is true at nearly all points that tell something, and those are not too few."""
    telling = legible & valid
    count = np.count_nonzero(telling)
    return bool(count >= _FEWEST and np.count_nonzero(equal & telling) >= _NEARLY_ALL * count)


def _up_to_a_factor(whole: Part, given: Any, noise: Any) -> Iterator[Mistake]:
    """Yield the parts whose derivative, taken a constant number of times, gives the answer; the whole first."""
    half = len(given) // 2
    for part in parts(whole):
        share = np.broadcast_to(part.weight * part.slope, given.shape)
        factor = 1.0 + (given - whole.slope) / share if part is not whole else given / whole.slope
        a, b, size = factor[:half], factor[half:], np.abs(factor)
        legible = noise <= _TOLERANCE * size * np.abs(share)
        same = np.abs(a - b) <= _TOLERANCE * (size[:half] + size[half:])
        # Any number added is a constant times a constant slope: only the whole may have that.
        varies = part is whole or not _holds(share[:half] == share[half:], np.isfinite(a), np.isfinite(b))
        if varies and _holds(same, legible[:half] & legible[half:], np.isfinite(a + b)):
            yield Mistake("constant-factor", part.node, None, given)


def _explained(mistake: Mistake, wrt: str, derivation: Derivation) -> Diagnosis:
    explanation = EXPLANATIONS[mistake.kind]
    at = mistake.inner if explanation.points_at_inner and mistake.inner is not None else mistake.place
    link = link_of(derivation, at)
    inner = mistake.inner if mistake.inner is not None else mistake.place
    message = _(explanation.message).format(
        outer=_named(derivation, mistake.place),
        inner=_named(derivation, inner),
        link=_slope_name(derivation, inner, wrt),
        variable=wrt,
    )
    return Diagnosis(explanation.code, message, None if link is None else link.key)


def _slope_name(derivation: Derivation, node: Expression, wrt: str) -> str:
    name = next((name for name, meaning in _meanings(derivation) if meaning == node), None)
    return _leibniz(derivation, f"({_short(node)})" if name is None else name, wrt)


def _leibniz(derivation: Derivation, of: str, wrt: str) -> str:
    given = [quantity for quantity in derivation.quantities if quantity.definition is None]
    d = "d" if len(given) == 1 else "∂"
    return f"{d}{of}/{d}{wrt}"


def _named(derivation: Derivation, node: Expression) -> str:
    """Return ``u = 2 + cos(x)`` where the derivation has a name for it, the formula alone where not."""
    name = next((name for name, meaning in _meanings(derivation) if meaning == node), None)
    return _short(node) if name is None else f"{name} = {_short(node)}"


def _short(node: Expression) -> str:
    text = to_text(node)
    return text if len(text) <= _LONGEST_FORMULA else f"{text[: _LONGEST_FORMULA - 1]}…"


def _meanings(derivation: Derivation) -> list[tuple[str, Expression]]:
    """Return each named inner function, from the inside out, in terms of what is given."""
    meanings: dict[str, Expression] = {}
    for quantity in derivation.quantities:
        if quantity.definition is not None:
            meanings[quantity.name] = substitute(quantity.definition, meanings)
    return list(meanings.items())


def link_of(derivation: Derivation, part: Expression) -> Link | None:
    """Return the first link of the smallest named inner function that holds `part`."""
    for name, meaning in _meanings(derivation):
        if _holds_part(meaning, part):
            return next((link for link in derivation.graph if link.of == name), None)
    return None


def _holds_part(whole: Expression, part: Expression) -> bool:
    return whole == part or any(_holds_part(child, part) for child in children(whole))


def hints(derivation: Derivation, link: str | None = None) -> tuple[str, ...]:
    """Return three hints, each saying more: where to look, which rule and link, the factor itself.

    Parameters
    ----------
    link : the key of the link in question; the outermost without it
    """
    asked = next((one for one in derivation.graph if one.key == link), next(iter(derivation.graph), None))
    if asked is None:
        return (
            _("Does {variable} occur in the function at all?").format(variable=derivation.wrt),
            _("Every rate of change of a constant is the same number."),
            _("The derivative is 0."),
        )
    definition = derivation.quantity(asked.of).definition
    assert definition is not None  # a link starts at a defined quantity
    meaning = dict(_meanings(derivation))[asked.of]
    where = f"{asked.of} = {_short(definition)}"
    if meaning != definition:
        where = f"{where} = {_short(meaning)}"
    name = _leibniz(derivation, asked.of, asked.wrt)
    return (
        _("Look at {where}.").format(where=where),
        _("The factor to find is {link}. {rule}").format(link=name, rule=_rule_in_words(asked)),
        f"{name} = {to_text(asked.local_derivative)}",
    )


_RULES = {
    "sum": N_("Differentiate term by term; a constant has derivative 0."),
    "constant-multiple": N_("A constant factor stays in front of the derivative."),
    "product": N_("Use the product rule: one factor is differentiated while the other stays."),
    "quotient": N_("Use the quotient rule, and mind the order above the line and the square below it."),
    "power": N_("Use the power rule: bring the exponent down and lower it by one."),
    "exponential": N_("A power with a fixed base: itself times the base’s logarithm."),
}


def _rule_in_words(link: Link) -> str:
    if link.row is not None:
        return _("Look up the row “{row}” in the derivative table.").format(row=_(FUNCTIONS[link.row].label))
    return _(_RULES.get(link.rule, N_("The variable itself has derivative 1.")))
