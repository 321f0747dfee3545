"""The parts that a worked solution is put together from: formulas with their spoken form, tables, sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from chainrule_gui.i18n import _
from chainrule_gui.model.expression.tree import Expression
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, numbers_markup, short_markup, symbol_markup

Json = dict[str, Any]

TERMS_IN_A_LINE = 4


@dataclass(frozen=True, slots=True)
class Formula:
    """Typst math and how it is spoken."""

    math: str
    alt: str

    def cell(self) -> Json:
        """Return it as a cell of a table."""
        return {"math": self.math, "alt": self.alt}


def block(rows: Sequence[Formula]) -> Json:
    """Return rows as one displayed block with their signs of equality in one column."""
    math = " \\\n".join(row.math for row in rows)
    return {"kind": "math", "math": math, "alt": "; ".join(row.alt for row in rows), "rows": math.count("\n") + 1}


def paragraph(text: str) -> Json:
    """Return a paragraph."""
    return {"kind": "text", "text": text}


def table(
    header: Sequence[str | Formula], rows: Sequence[Sequence[str | Formula]], numbers: Sequence[int] = ()
) -> Json:
    """Return a table; `numbers` are its columns that stand on the right."""
    return {
        "kind": "table",
        "header": [_cell(cell) for cell in header],
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "numbers": list(numbers),
    }


def pairs(header: tuple[str, str], values: Mapping[str, float], most: int = 4) -> Json:
    """Return a table of names and values, several pairs side by side."""
    cells: list[list[str | Formula]] = [[name(key), number(value)] for key, value in values.items()]
    columns = min(most, len(cells))
    cells += [["", ""]] * (-len(cells) % columns)
    rows = [[cell for pair in cells[at : at + columns] for cell in pair] for at in range(0, len(cells), columns)]
    return table(list(header) * columns, rows, range(1, 2 * columns, 2))


def section(title: str, *blocks: Json) -> Json:
    """Return a section."""
    return {"title": title, "blocks": list(blocks)}


def _cell(cell: str | Formula) -> Json:
    return {"text": cell} if isinstance(cell, str) else cell.cell()


def name(symbol: str) -> Formula:
    """Return a name."""
    return Formula(symbol_markup(symbol), spoken_symbol(symbol))


def number(value: float) -> Formula:
    """Return a number as shown."""
    return Formula(short_markup(value), format_number(value))


def equation(left: str, formula: Expression, values: Mapping[str, float], value: float) -> Formula:
    """Return left = formula = its numbers = value."""
    symbols, numbers = expression_markup(formula), numbers_markup(formula, values)
    result = short_markup(value)
    alt = _("{name} equals {formula} equals {value}").format(
        name=spoken_symbol(left), formula=to_spoken(formula), value=format_number(value)
    )
    steps = [symbols] if numbers == symbols else [symbols, numbers]
    return Formula(f"{symbol_markup(left)} &= {' = '.join(steps)} = {result}", alt)


def long_sum(
    left: Formula, terms: Sequence[tuple[Formula, Formula]], value: float, in_a_line: int = TERMS_IN_A_LINE
) -> Formula:
    """Return left = the sum of terms, given as symbols and as numbers, in lines of a few terms each."""
    lines = -(-len(terms) // in_a_line)
    breaks = [len(terms) * line // lines for line in range(lines + 1)]
    parts = [
        " \\\n&quad + thin ".join(
            " + ".join(term[place].math for term in terms[start:end]) for start, end in pairwise(breaks)
        )
        for place in (0, 1)
    ]
    separator = " = " if len(terms) < in_a_line - 1 else " \\\n&= "
    alt = _("{name} equals {formula} equals {value}").format(
        name=left.alt,
        formula=_(" plus ").join(symbols.alt for symbols, _numbers in terms),
        value=format_number(value),
    )
    return Formula(f"{left.math} &= {separator.join([*parts, short_markup(value)])}", alt)
