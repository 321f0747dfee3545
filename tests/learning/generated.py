"""Random functions, other forms of the same expression, and expressions changed in one place."""

from random import Random

from chainrule_gui.model.expression.tree import Binary, Call, Constant, Negate, Number, Variable, children

X = Variable("x")
ONE, TWO = Number(1.0), Number(2.0)
FUNCTIONS = ["sin", "cos", "exp", "log", "sqrt", "tanh", "sigmoid", "atan", "softplus", "tan", "sinh", "cosh"]


def number(value):
    return Number(float(value)) if value >= 0 else Negate(Number(float(-value)))


def function(draw: Random, depth, names=("x",)):
    """A random function of the variables, always one that varies with the first."""
    if depth == 0:
        return Variable(names[0]) if draw.random() < 0.7 else Variable(draw.choice(names))
    kind = draw.random()
    inner = function(draw, depth - 1, names)
    if kind < 0.35:
        return Call(draw.choice(FUNCTIONS), inner)
    if kind < 0.5:
        return Binary("^", inner, number(draw.choice([2, 2, 3, -1, -2, 4])))
    if kind < 0.6:
        left, right = Binary("*", number(draw.randint(2, 5)), inner), number(draw.randint(1, 5))
        return Binary(draw.choice("+-"), left, right)
    if kind < 0.65:
        return Binary("^", draw.choice([Constant("e"), TWO]), inner)
    if kind < 0.7:
        return Negate(inner)
    return Binary(draw.choice("+-**/"), inner, function(draw, draw.randint(0, depth - 1), names))


def everywhere_positive(node):
    match node:
        case Call("exp" | "cosh" | "sigmoid" | "softplus", _) | Binary("^", Constant("e"), _):
            return True
        case Number(value):
            return value > 0
        case Binary("*" | "/" | "+", left, right):
            return everywhere_positive(left) and everywhere_positive(right)
    return False


def times(*factors):
    result = factors[0]
    for factor in factors[1:]:
        result = Binary("*", result, factor)
    return result


def _other_forms(node, draw):
    """Every identity that applies to `node` itself: forms equal wherever they and `node` have a value."""
    other = draw.choice([X, Call("sin", X), Binary("+", Binary("^", X, TWO), ONE), Number(3.0)])
    yield Negate(Negate(node))
    yield Binary("-", Binary("+", node, other), other)
    yield Binary("/", times(node, other), other)
    yield Binary("*", node, Binary("/", other, other))
    yield times(node, Binary("+", Binary("^", Call("sin", other), TWO), Binary("^", Call("cos", other), TWO)))
    if everywhere_positive(node):
        yield Binary("^", Call("sqrt", node), TWO)
        yield Call("exp", Call("ln", node))
        yield Call("abs", node)
    match node:
        case Binary("+", a, b):
            yield Binary("+", b, a)
            yield Negate(Binary("-", Negate(a), b))
            yield Binary("/", Binary("+", times(a, other), times(other, b)), other)
        case Binary("-", a, b):
            yield Binary("+", Negate(b), a)
            yield Negate(Binary("-", b, a))
        case Binary("*", a, b):
            yield Binary("*", b, a)
            yield times(Negate(a), Negate(b))
            yield Binary("/", a, Binary("/", ONE, b))
            if isinstance(b, Binary) and b.operator in "+-":
                yield Binary(b.operator, times(a, b.left), times(a, b.right))
            if isinstance(a, Binary) and a.operator in "+-":
                yield Binary(a.operator, times(a.left, b), times(b, a.right))
            if everywhere_positive(a) and everywhere_positive(b):
                yield Call("exp", Binary("+", Call("ln", a), Call("ln", b)))
        case Binary("/", a, b):
            yield times(a, Binary("^", b, Negate(ONE)))
            yield times(Binary("/", ONE, b), a)
            yield Negate(Binary("/", a, Negate(b)))
            if isinstance(a, Binary) and a.operator in "+-":
                yield Binary(a.operator, Binary("/", a.left, b), Binary("/", a.right, b))
        case Binary("^", a, Number(2.0)):
            yield times(a, a)
            yield Binary("^", Call("abs", a), TWO)
            if isinstance(a, Call) and a.function == "sin":
                yield Binary("-", ONE, Binary("^", Call("cos", a.argument), TWO))
                yield Binary("/", Binary("-", ONE, Call("cos", times(TWO, a.argument))), TWO)
            if isinstance(a, Call) and a.function == "cos":
                yield Binary("-", ONE, Binary("^", Call("sin", a.argument), TWO))
            if isinstance(a, Binary) and a.operator in "+-":
                middle = times(TWO, a.left, a.right)
                square = Binary("+", Binary("^", a.left, TWO), Binary("^", a.right, TWO))
                yield Binary(a.operator, square, middle)
        case Binary("^", a, Number(value)) if value >= 2:
            yield times(a, Binary("^", a, Number(value - 1)))
            yield Binary("^", a, Binary("-", Number(value + 2), TWO))
        case Binary("^", Constant("e"), b):
            yield Call("exp", b)
        case Binary("^", Number(value), b):
            yield Call("exp", times(b, Call("ln", Number(value))))
        case Call("exp", Binary("+", a, b)):
            yield times(Call("exp", a), Call("exp", b))
        case Call("exp", Binary("-", a, b)):
            yield Binary("/", Call("exp", a), Call("exp", b))
        case Call("exp", Negate(a)):
            yield Binary("/", ONE, Call("exp", a))
        case Call("exp", a):
            yield Binary("^", Constant("e"), a)
            yield Binary("^", Call("exp", Binary("/", a, TWO)), TWO)
        case Call("sqrt", a):
            yield Binary("^", a, Number(0.5))
            yield Binary("^", a, Binary("/", ONE, TWO))
            yield Binary("/", a, Call("sqrt", a))
        case Call("sin", a):
            yield Call("cos", Binary("-", a, Binary("/", Constant("pi"), TWO)))
            yield times(TWO, Call("sin", Binary("/", a, TWO)), Call("cos", Binary("/", a, TWO)))
            yield Negate(Call("sin", Negate(a)))
        case Call("cos", a):
            yield Call("cos", Negate(a))
            yield Binary("-", ONE, times(TWO, Binary("^", Call("sin", Binary("/", a, TWO)), TWO)))
            yield Call("sin", Binary("+", a, Binary("/", Constant("pi"), TWO)))
        case Call("tan", a):
            yield Binary("/", Call("sin", a), Call("cos", a))
        case Call("sinh", a):
            yield Binary("/", Binary("-", Call("exp", a), Call("exp", Negate(a))), TWO)
        case Call("cosh", a):
            yield Binary("/", Binary("+", Call("exp", a), Call("exp", Negate(a))), TWO)
        case Call("tanh", a):
            yield Binary("/", Call("sinh", a), Call("cosh", a))
            yield Binary("-", times(TWO, Call("sigmoid", times(TWO, a))), ONE)
        case Call("sigmoid", a):
            yield Binary("/", ONE, Binary("+", ONE, Call("exp", Negate(a))))
            yield Binary("/", Call("exp", a), Binary("+", Call("exp", a), ONE))
            yield Binary("-", ONE, Call("sigmoid", Negate(a)))
        case Call("softplus", a):
            yield Call("ln", Binary("+", ONE, Call("exp", a)))
        case Call("log" | "ln", a):
            yield Binary("/", Call("log10", a), Call("log10", Constant("e")))
            yield Negate(Call("ln", Binary("/", ONE, a)))
        case Number(value):
            yield Binary("-", Number(value + 3), Number(3.0))
            yield Binary("/", Number(value * 4), Number(4.0))


def places(node, path=()):
    yield path, node
    for index, child in enumerate(children(node)):
        yield from places(child, (*path, index))


def replaced(node, path, new):
    if not path:
        return new
    match node:
        case Binary(operator, left, right):
            if path[0] == 0:
                return Binary(operator, replaced(left, path[1:], new), right)
            return Binary(operator, left, replaced(right, path[1:], new))
        case Negate(operand):
            return Negate(replaced(operand, path[1:], new))
        case Call(name, argument):
            return Call(name, replaced(argument, path[1:], new))
    raise AssertionError(node)


def rewritten(node, draw: Random, times_over):
    """`node` in another form, changed by identities at random places."""
    for _change in range(times_over):
        path, part = draw.choice(list(places(node)))
        node = replaced(node, path, draw.choice(list(_other_forms(part, draw))))
    return node


def perturbed(node, draw: Random):
    """`node` with one sign, constant, exponent, function or term changed."""
    path, part = draw.choice(list(places(node)))
    match part:
        case Number(value):
            new = number(draw.choice([value + 1, value - 1, 2 * value + 1, value / 3 + 0.5, -value - 1]))
        case Variable(_):
            new = draw.choice([Binary("*", TWO, part), Binary("^", part, TWO), ONE, Negate(part)])
        case Constant(_):
            new = Number(3.0)
        case Negate(operand):
            new = operand
        case Call(name, argument):
            new = draw.choice(
                [Call(draw.choice([f for f in FUNCTIONS if f != name]), argument), Negate(part), argument]
            )
        case Binary("+", left, right):
            new = draw.choice([Binary("-", left, right), left, right])
        case Binary("-", left, right):
            new = draw.choice([Binary("+", left, right), Binary("-", right, left), left])
        case Binary("*", left, right):
            new = draw.choice([Binary("/", left, right), left, right, Binary("+", left, right)])
        case Binary("/", left, right):
            new = draw.choice([Binary("*", left, right), left, Binary("/", right, left)])
        case Binary(_, base, exponent):
            new = draw.choice([base, Binary("^", base, Binary("+", exponent, ONE)), Negate(part)])
    return replaced(node, path, new)
