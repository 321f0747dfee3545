"""From typed text to an expression tree: a tokenizer and a recursive-descent parser.

Nothing typed is ever evaluated as Python. Length, number of tokens and depth are capped, so that any text ends
in a tree or in an `ExpressionError` at once.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.table import ALIASES, FUNCTIONS
from chainrule_gui.model.expression.text import to_text
from chainrule_gui.model.expression.tree import (
    Binary,
    Call,
    Constant,
    Expression,
    Negate,
    Number,
    Operator,
    Variable,
)

MAX_CHARACTERS = 1000
MAX_TOKENS = 300
MAX_DEPTH = 50
_SHORT = 30
"""Text of so few characters is within these limits when it is printed, too."""

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi",
    "ο": "omicron", "ρ": "rho", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega",
}  # fmt: skip
"""Greek letters that are variables, and their names. π is a constant, σ the sigmoid; µ is also on keyboards."""

_FOREIGN = ("asinh", "acosh", "atanh", "arsinh", "arcosh", "artanh", "arcsinh", "arccosh", "arctanh", "cosec", "sinc",
            "log1p", "expm1")  # fmt: skip
"""Functions of other programs that would else be read as a function known here times letters."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_OPERATORS: dict[str, Operator] = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "·": "*", "×": "*", "⋅": "*", "/": "/", "÷": "/",
    "^": "^", "**": "^",
}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<foreign>{'|'.join(sorted(_FOREIGN, key=len, reverse=True))})"
    # log25 is the logarithm of 25, not the one to base 2 of 5.
    r"|(?P<function>log(?:10|2)(?![0-9.])"
    rf"|{'|'.join(sorted({*FUNCTIONS, *ALIASES} - {'log2', 'log10'}, key=len, reverse=True))})"
    rf"|(?P<variable>(?:{'|'.join(sorted(set(GREEK.values()), key=len, reverse=True))})[0-9]*)"
    r"|(?P<constant>pi|π|e(?![0-9]))"
    rf"|(?P<letter>[A-Za-z{''.join(GREEK)}][0-9]*)"
    r"|(?P<operator>\*\*|[-+*/^−–·×⋅÷])"
    r"|(?P<superscript>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<bracket>[()|]))"
)


class ExpressionError(ValueError):
    """Text that cannot be read as an expression.

    Attributes
    ----------
    message : what is wrong and what to do, one sentence
    position : index of the character in `text` where it was noticed
    text : the text
    """

    def __init__(self, message: str, position: int, text: str) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.text = text

    def caret(self) -> str:
        """Return the text and, below it, a caret under the place."""
        start = max(0, self.position - 60)
        shown = "".join(
            character if character.isprintable() else "�" for character in self.text[start : self.position + 20]
        )
        return f"{shown}\n{' ' * (self.position - start)}^"


class _Token(NamedTuple):
    kind: str
    value: str
    position: int


def parse(text: str) -> Expression:
    """Read `text` as an expression.

    Raises
    ------
    ExpressionError
        where the text is no expression: what is wrong, where, what to do.
    """
    tree = _Parser(text).parse()
    if len(text) > _SHORT:
        # Printed, with every · and parenthesis, it is longer; what is printed must be readable too.
        try:
            _Parser(to_text(tree)).parse()
        except ExpressionError:
            message = _("Written out in full, the expression is too long or nested too deeply: shorten it.")
            raise ExpressionError(message, len(text), text) from None
    return tree


def begun_function(text: str) -> tuple[str, str] | None:
    """Return the letters at the end of `text` that begin a function's name, and that name; None where none do.

    Who types ``log(x)`` has for a moment typed l and l·o, which can be read but are not meant.
    """
    letters = re.search(r"[A-Za-z]*$", text)
    assert letters is not None
    for start in range(letters.start(), len(text)):
        for name in sorted({*FUNCTIONS, *ALIASES}, key=len):
            if name != text[start:] and name.startswith(text[start:]):
                return text[start:], name
    return None


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_CHARACTERS:
        message = _("The expression has {count} characters; at most {limit} can be read.")
        raise ExpressionError(message.format(count=len(text), limit=MAX_CHARACTERS), MAX_CHARACTERS, text)
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    letters = 0
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = match.lastgroup or ""
        value, start = match[kind], match.start(kind)
        if kind == "foreign":
            raise _unknown_name(text, start)
        is_letter = kind == "letter" or value == "e"
        letters = letters + 1 if is_letter and start == position else int(is_letter)
        if letters == 3:
            raise _unknown_name(text, start)
        position = match.end()
        tokens.append(_Token(kind, value, start))
        if len(tokens) > MAX_TOKENS:
            message = _("The expression is too long: it has more than {limit} parts.")
            raise ExpressionError(message.format(limit=MAX_TOKENS), start, text)
    tokens.append(_Token("end", "", end))
    return tokens


def _unknown_name(text: str, position: int) -> ExpressionError:
    start = position
    while start and text[start - 1].isalnum():
        start -= 1
    name = re.match(r"\w*", text[start:])
    message = _("“{name}” is not a function known here. A variable is one letter; write a product of letters with *.")
    return ExpressionError(message.format(name=name[0][:20] if name else ""), start, text)


def _unreadable(text: str, position: int) -> ExpressionError:
    while text[position].isspace():
        position += 1
    character = text[position]
    if character == ",":
        message = _("A comma cannot be read here: write decimals with a point, as in 1.5.")
    elif character == "_":
        message = _("“_” cannot be read here: write numbers without it, and names as one letter with digits.")
    elif character.isprintable():
        message = _("The character “{character}” cannot be read here.").format(character=character)
    else:
        message = _("A character that cannot be seen (U+{code:04X}) stands here: delete it.").format(
            code=ord(character)
        )
    return ExpressionError(message, position, text)


class _Parser:
    """One method for each level of the grammar, loosest first; each returns the tree it read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._index = 0
        self._depth = 0
        self._open_bars = 0

    def parse(self) -> Expression:
        if self._tokens[0].kind == "end":
            raise self._problem(_("Type an expression, for example log(2 + cos x)."))
        tree = self._sum()
        if self._tokens[self._index].kind != "end":
            raise self._problem(_("This parenthesis closes nothing: delete it or open one before it."))
        return tree

    def _problem(self, message: str, position: int | None = None) -> ExpressionError:
        return ExpressionError(
            message, self._tokens[self._index].position if position is None else position, self._text
        )

    def _operator(self) -> Operator | None:
        token = self._tokens[self._index]
        return _OPERATORS[token.value] if token.kind == "operator" else None

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = _("The expression is nested too deeply: more than {limit} levels.")
            raise self._problem(message.format(limit=MAX_DEPTH))

    def _sum(self) -> Expression:
        left = self._term()
        while (operator := self._operator()) in ("+", "-"):
            self._index += 1
            left = Binary(operator, left, self._term())
        return left

    def _term(self, inside_call: bool = False) -> Expression:
        operator = self._operator()
        if operator not in ("+", "-"):
            return self._product(inside_call)
        self._enter()
        self._index += 1
        operand = self._term(inside_call)
        self._depth -= 1
        return Negate(operand) if operator == "-" else operand

    def _product(self, inside_call: bool) -> Expression:
        """Read factors; as a bare function's argument the product ends at a division or another function."""
        left = self._factor()
        while True:
            operator = self._operator()
            if operator == "*" or (operator == "/" and not inside_call):
                if inside_call and self._tokens[self._index + 1].kind == "function":
                    return left
                self._index += 1
                left = Binary(operator, left, self._signed_factor())
            elif operator is None and self._starts_factor(inside_call):
                left = Binary("*", left, self._factor())
            else:
                return left

    def _starts_factor(self, inside_call: bool) -> bool:
        kind, value, _position = self._tokens[self._index]
        if kind == "number" and self._tokens[self._index - 1].kind == "number":
            raise self._problem(_("Two numbers stand side by side: write an operator between them."))
        if kind == "function":
            return not inside_call
        if kind == "bracket":
            return value == "(" or (value == "|" and not self._open_bars)
        return kind in ("number", "letter", "variable", "constant")

    def _signed_factor(self) -> Expression:
        operator = self._operator()
        if operator not in ("+", "-"):
            return self._factor()
        self._enter()
        self._index += 1
        operand = self._signed_factor()
        self._depth -= 1
        return Negate(operand) if operator == "-" else operand

    def _factor(self) -> Expression:
        self._enter()
        tree = self._powers(self._atom())
        self._depth -= 1
        return tree

    def _powers(self, base: Expression) -> Expression:
        while self._tokens[self._index].kind == "superscript":
            base = Binary("^", base, self._superscript())
        if self._operator() == "^":
            self._index += 1
            return Binary("^", base, self._signed_factor())
        return base

    def _superscript(self) -> Expression:
        digits = self._tokens[self._index].value.translate(_SUPERSCRIPTS)
        self._index += 1
        return Negate(Number(float(digits[1:]))) if digits[0] == "-" else Number(float(digits))

    def _atom(self) -> Expression:
        kind, value, position = self._tokens[self._index]
        self._index += 1
        if kind == "number":
            number = float(value)
            if math.isinf(number):
                raise self._problem(_("This number is too large to calculate with."), position)
            return Number(number)
        if kind in ("letter", "variable"):
            return Variable(GREEK.get(value[0], value[0]) + value[1:])
        if kind == "constant":
            return Constant("e" if value == "e" else "pi")
        if kind == "function":
            return self._call(ALIASES.get(value, value))
        if value == "(":
            return self._bracketed(")")
        if value == "|":
            return Call("abs", self._bracketed("|"))
        self._index -= 1
        raise self._missing()

    def _missing(self) -> ExpressionError:
        if self._index == 0:
            return self._problem(_("An expression cannot begin here: something is missing before it."))
        before = self._tokens[self._index - 1]
        if before.kind == "function":
            message = _("The argument of {name} is missing.").format(name=before.value)
        else:
            message = _("Something is missing after “{before}”.").format(before=before.value)
        return self._problem(message)

    def _bracketed(self, closing: str) -> Expression:
        opened = self._tokens[self._index - 1]
        self._enter()
        bars, self._open_bars = self._open_bars, int(closing == "|")
        inner = self._sum()
        self._open_bars = bars
        self._depth -= 1
        token = self._tokens[self._index]
        if token.value != closing or token.kind != "bracket":
            message = _("The “{opened}” at character {place} is not closed: “{closing}” is missing.")
            raise self._problem(message.format(opened=opened.value, place=opened.position + 1, closing=closing))
        self._index += 1
        return inner

    def _call(self, name: str) -> Expression:
        exponent = self._call_exponent(name)
        token = self._tokens[self._index]
        if token.kind == "bracket" and token.value == "(":
            self._index += 1
            argument = self._bracketed(")")
        else:
            self._enter()
            argument = self._term(inside_call=True)
            self._depth -= 1
        call = Call(name, argument)
        return call if exponent is None else Binary("^", call, exponent)

    def _call_exponent(self, name: str) -> Expression | None:
        """Read the exponent of sin² x or sin^2 x, which stands before the argument."""
        start = self._tokens[self._index].position
        if self._tokens[self._index].kind == "superscript":
            exponent = self._superscript()
        elif self._operator() == "^":
            self._index += 1
            exponent = self._signed_factor()
        else:
            return None
        if isinstance(exponent, Negate):
            message = _("{name}^−1 can mean two things: write 1/{name}(x), or a{name}(x) for the inverse.")
            if name not in ("sin", "cos", "tan"):
                message = _("Write the negative power of {name} behind its argument, as in {name}(x)^(-1).")
            raise self._problem(message.format(name=name), start)
        return exponent
