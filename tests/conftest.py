"""What every test gets: an offscreen Qt, settings of its own, and a look for widgets and timers left behind."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.plugin=false")

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path, monkeypatch):
    """Nothing is read from or written to the settings of who runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def _nothing_left_behind(request):
    """After a GUI test no top-level widget is left visible and no timer of ours runs."""
    yield
    if "qtbot" not in request.fixturenames:
        return
    from PySide6.QtCore import QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    from chainrule_gui.views.theme import look

    application = QApplication.instance()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not visible, f"widgets left behind: {visible}"
    running = [
        timer for widget in QApplication.topLevelWidgets() for timer in widget.findChildren(QTimer)
        if timer.isActive() and not timer.isSingleShot()
    ]  # fmt: skip
    assert not running, f"timers left running: {running}"
    if look.scale != 1.0:
        look.set_scale(1.0)
    if look.choice != "light":
        look.choose("light")
