"""The command `chainrule-gui` as a process."""

from __future__ import annotations

import os
import subprocess
import sys

RUN = """
import gc
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
loop = QApplication.exec
def run(*_application):
    QTimer.singleShot(300, QApplication.quit)
    return loop()
QApplication.exec = run
from chainrule_gui.app.entry import main
status = main([])
print(status, gc.isenabled(), gc.get_freeze_count() > 50_000)
"""


def test_garbage_is_collected_again_once_the_window_stands(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment |= {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["0", "True", "True"], done.stderr
