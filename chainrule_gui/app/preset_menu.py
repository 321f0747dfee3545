"""The menu of presets: ordinary sessions, each with what to look for in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from chainrule_gui.app.files import Files
from chainrule_gui.i18n import _
from chainrule_gui.views.card import Notice

if TYPE_CHECKING:
    from chainrule_gui.session.presets import Preset


class PresetMenu(QMenu):
    """Opens a preset, and says in a notice what to look for until that is closed or another session is opened."""

    def __init__(self, files: Files, hint: Notice, window: QWidget) -> None:
        super().__init__(_("&Presets"), window)
        self._files, self._hint = files, hint
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.presets)
        files.path_changed.connect(lambda: hint.show_text(""))

    def presets(self) -> list[QAction]:
        """Return an action for each preset; they are read when first asked for, not at the start."""
        from chainrule_gui.session.presets import presets

        for preset in [] if self.actions() else presets():
            action = self.addAction(_(preset.title))
            action.setData(_("Preset: {title}").format(title=_(preset.title)))
            action.setToolTip(_(preset.look))
            action.setStatusTip(_(preset.look))
            action.triggered.connect(lambda _checked=False, preset=preset: self._open(preset))
        return self.actions()

    def _open(self, preset: Preset) -> None:
        if self._files.begin_with(preset.open):
            self._hint.show_text(_(preset.look))
