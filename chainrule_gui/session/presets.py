"""The presets: session files shipped with the app, each with a title and what to look for."""

from __future__ import annotations

from pathlib import Path

import msgspec

from chainrule_gui.resources import resource_path
from chainrule_gui.session.document import SUFFIX, read_document
from chainrule_gui.session.state import LabState


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One preset: its key, which is its file's name, a title and two sentences on what to look for, in English."""

    key: str
    title: str
    look: str

    @property
    def path(self) -> Path:
        """Its session file."""
        return resource_path("presets", self.key + SUFFIX)

    def open(self) -> LabState:
        """Return the session."""
        return read_document(self.path)


class _Index(msgspec.Struct, forbid_unknown_fields=True):
    preset: list[Preset]


def presets() -> list[Preset]:
    """Return the presets in the order of the menu."""
    return msgspec.toml.decode(resource_path("presets", "index.toml").read_bytes(), type=_Index).preset
