"""Contrast in both themes, by the formula of WCAG 2.2: writing 4.5:1, what is drawn 3:1."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from chainrule_gui.views.theme import DARK, LIGHT, look


def _luminance(colour):
    channels = QColor(colour).getRgbF()[:3]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_writing_has_four_and_a_half_to_one_on_every_ground(theme):
    written = (theme.text, theme.muted, theme.accent, theme.warning, *theme.link_colours)
    for ground in (theme.card, theme.page, theme.sunken, theme.accent_soft):
        for colour in written:
            assert _contrast(colour, ground) >= 4.5, (colour, ground)
    assert _contrast(theme.accent_text, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_what_is_drawn_has_three_to_one(theme):
    for ground in (theme.card, theme.sunken, theme.page):
        for colour in (theme.faint, theme.accent, theme.positive, theme.negative):
            assert _contrast(colour, ground) >= 3.0, (colour, ground)


@pytest.mark.parametrize("scale", [0.75, 1.0, 3.0])
def test_the_chevrons_of_the_boxes_are_there(qapp, scale):
    look.set_scale(scale)
    try:
        sheet = look.style_sheet()
    finally:
        look.set_scale(1.0)
    from chainrule_gui.resources import resource_path

    for way in ("up", "down"):
        path = resource_path("icons", f"chevron-{way}.svg")
        assert path.is_file()
        assert path.as_posix() in sheet
