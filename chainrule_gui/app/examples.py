"""The gallery of example functions, read from the resources."""

from __future__ import annotations

import msgspec

from chainrule_gui.resources import resource_path


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One example: what it shows, and the text to type."""

    title: str
    text: str


class _Gallery(msgspec.Struct, forbid_unknown_fields=True):
    example: list[Example]


def examples() -> list[Example]:
    """Return the examples in the order of the menu."""
    content = resource_path("examples", "functions.toml").read_bytes()
    return msgspec.toml.decode(content, type=_Gallery).example
