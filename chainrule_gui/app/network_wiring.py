"""Wires what the panes ask for of a network to edits of the session, and the menu of presets to the files."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from chainrule_gui.app.files import Files
from chainrule_gui.app.panes import Panes
from chainrule_gui.i18n import _
from chainrule_gui.session.presets import Preset, presets


def preset_menu(files: Files, panes: Panes, window: QWidget) -> QMenu:
    """Return the menu of presets; one that is opened says above the panes what to look for in it."""
    menu = QMenu(_("&Presets"), window)
    menu.setToolTipsVisible(True)

    def open_preset(preset: Preset) -> None:
        if files.open_preset(preset):
            panes.hint.show_text(_(preset.look))

    for preset in presets():
        action = menu.addAction(_(preset.title))
        action.setData(_("Preset: {title}").format(title=_(preset.title)))
        action.setToolTip(_(preset.look))
        action.setStatusTip(_(preset.look))
        action.triggered.connect(lambda _checked=False, preset=preset: open_preset(preset))
    files.path_changed.connect(lambda: panes.hint.show_text(""))
    return menu
