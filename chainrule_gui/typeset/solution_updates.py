"""The update of every parameter in a worked solution: one table, after the optimiser's equations if it has any."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule_gui.i18n import _
from chainrule_gui.typeset.derivation_markup import Update
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.solution_parts import Formula, Json, block, name, number, paragraph, table
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, short_markup, symbol_markup


def update_blocks(updates: Sequence[Update]) -> list[Json]:
    """Return the next update of every parameter, by the optimiser they were made with."""
    return _optimised_updates(updates) if any(update.lines for update in updates) else [_plain_updates(updates)]


def _plain_updates(updates: Sequence[Update]) -> Json:
    header: list[str | Formula] = [_("parameter"), _("update"), _("in numbers"), _("new value")]
    rows: list[list[str | Formula]] = []
    for update in updates:
        symbol = symbol_markup(update.parameter)
        spoken = spoken_symbol(update.parameter)
        if update.frozen:
            rows.append([name(update.parameter), _("frozen"), "", number(update.value)])
            continue
        rule = Formula(
            f'{symbol} - eta thin frac(partial J, partial {symbol}, style: "horizontal")',
            _("{name} minus eta times its gradient").format(name=spoken),
        )
        numbers = Formula(
            f"{short_markup(update.value)} - {short_markup(update.learning_rate)} dot.op "
            f"{short_markup(update.gradient, as_factor=True)}",
            _("{value} minus {rate} times {gradient}").format(
                value=format_number(update.value),
                rate=format_number(update.learning_rate),
                gradient=format_number(update.gradient),
            ),
        )
        rows.append([name(update.parameter), rule, numbers, number(update.result)])
    return table(header, rows, [2, 3])


def _optimised_updates(updates: Sequence[Update]) -> list[Json]:
    """The optimiser's equations, then a column for each of their values."""
    lines = updates[0].lines
    known = dict(lines[0].known)
    equations = [
        Formula(
            f"{symbol_markup(line.name)} {'&<-' if line.name in known else '&='} {expression_markup(line.formula)}",
            _("{name} becomes {formula}").format(name=spoken_symbol(line.name), formula=to_spoken(line.formula)),
        )
        for line in lines
    ]
    settings = [key for key in known if key not in ("theta", "g", *(line.name for line in lines))]
    given = Formula(
        " quad ".join(f"{symbol_markup(key)} = {short_markup(known[key])}" for key in settings),
        "; ".join(f"{spoken_symbol(key)} = {known[key]:g}" for key in settings),
    )
    header: list[str | Formula] = [
        _("parameter"),
        _("value"),
        name("g"),
        *(name(line.name) for line in lines[:-1]),
        _("new value"),
    ]
    rows: list[list[str | Formula]] = []
    for update in updates:
        row: list[str | Formula] = [name(update.parameter), number(update.value), number(update.gradient)]
        if update.frozen:
            row += [_("frozen"), *[""] * (len(lines) - 2), number(update.value)]
        else:
            row += [number(line.value) for line in update.lines]
        rows.append(row)
    about = _("θ stands for a parameter and g for its gradient.")
    return [paragraph(about), block(equations), block([given]), table(header, rows, range(1, len(header)))]
