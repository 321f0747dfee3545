"""What lies over the derivation while an exercise is open."""

from __future__ import annotations

from PySide6.QtCore import QRect

from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state
from chainrule_gui.views.expression.cover import Cover
from chainrule_gui.views.theme import look


def test_only_what_fits_whole_is_shown(qtbot):
    cover = Cover()
    qtbot.addWidget(cover)
    cover.render_frame(resolve(edits.text_edited(initial_state(), "softplus(2 + 1/x^2)")).function)
    cover.show()
    for scale in (1.0, 2.0):
        look.set_scale(scale)
        seen = set()
        for height in range(0, 300, 7):
            cover.resize(320, height)
            for widget in (cover.formula, cover.button):
                if widget.isVisible():
                    seen.add(widget)
                    assert QRect(0, 0, 320, height).contains(widget.geometry())
            if cover.formula.isVisible():
                assert cover.button.isVisible()
                assert not cover.formula.geometry().intersects(cover.button.geometry())
        assert seen == {cover.formula, cover.button}
