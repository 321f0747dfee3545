"""What the status line says of the gradient check and of a step."""

from __future__ import annotations

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.session.frame import Check, Frame
from chainrule_gui.typeset.numbers import format_number


def check_parts(check: Check | None, frame: Frame) -> list[str]:
    """Return the parts of the line, the most important first."""
    parts = []
    if check is not None:
        parts += [
            _("{analytic} by the chain rule · {numerical} numerically").format(
                analytic=format_number(check.analytic, 6), numerical=format_number(check.numerical, 6)
            ),
            _("differ by {difference}").format(
                difference=format_number(abs(check.analytic - check.numerical), 3)
            ),
        ]  # fmt: skip
    if frame.state.subject == "network":
        state = frame.state.network
        count = len(state.dataset.inputs)
        parts.append(
            ngettext("1 step = 1 epoch, {count} sample", "1 step = 1 epoch, {count} samples", count).format(
                count=count
            ) if state.batch is None
            else _("1 step = {batch} of {count} samples").format(batch=state.batch, count=count)
        )  # fmt: skip
    return parts
