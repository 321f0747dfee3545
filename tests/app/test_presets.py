"""Presets from the menu and from the command search."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from chainrule_gui.app.commands import CommandSearch
from chainrule_gui.session.presets import presets


def _action(window, title):
    return next(action for action in window.presets.presets() if action.text() == title)


def test_every_preset_is_in_the_file_menu_with_what_to_look_for(window):
    assert [action.text() for action in window.presets.presets()] == [preset.title for preset in presets()]
    for action, preset in zip(window.presets.presets(), presets(), strict=True):
        assert action.toolTip() == action.statusTip() == preset.look


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.key)
def test_an_opened_preset_says_what_to_look_for_until_that_is_closed(qtbot, window, preset):
    _action(window, preset.title).trigger()
    assert window.session.state.subject == "network"
    assert window.files.path is None
    assert not window.isWindowModified()
    assert not window.session.undo_stack.canUndo()
    hint = window.panes.hint
    assert hint.isVisible()
    assert hint.text.text() == preset.look
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert hint.isVisible()
    qtbot.mouseClick(hint.close_button, Qt.MouseButton.LeftButton)
    assert not hint.isVisible()


def test_another_session_takes_the_hint_away(window):
    window.presets.presets()[0].trigger()
    window.actions_by_key["new"].trigger()
    assert not window.panes.hint.isVisible()


def test_unsaved_work_is_asked_about_before_a_preset(qtbot, window, monkeypatch):
    qtbot.keyClick(window, Qt.Key.Key_F8)
    before = window.session.state
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    window.presets.presets()[1].trigger()
    assert window.session.state is before
    assert not window.panes.hint.isVisible()


def test_a_preset_is_found_by_the_command_search(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = window.findChild(CommandSearch)
    qtbot.keyClicks(search.entry, "preset dead")
    assert search.list.count() == 1
    assert search.list.item(0).text() == "Preset: A dead ReLU"
    qtbot.keyClick(search.entry, Qt.Key.Key_Return)
    assert window.session.state.network.network.activations == ("relu", "identity")
    assert window.panes.hint.isVisible()
