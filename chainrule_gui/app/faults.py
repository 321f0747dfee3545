"""What happens when something goes wrong that should not: it is logged, said once, and the work is kept."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QMessageBox

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.i18n import _


def catch_faults(window: MainWindow) -> None:
    """Report exceptions of slots, paint events and threads: once each, with a copy of the session saved."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = (folder / "chainrule.log").open("a", encoding="utf-8")
    except OSError:
        log = None
    if log is not None:
        faulthandler.enable(log)
        logging.basicConfig(stream=log, level=logging.WARNING, format="%(asctime)s %(message)s")
    seen: set[str] = set()

    def report(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, fault, trace))
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        if details in seen:  # a paint event fails at every paint
            return
        seen.add(details)
        logging.error("%s", details)
        if sys.stderr is not None:
            print(details, file=sys.stderr)
        from chainrule_gui.session.document import SUFFIX, DocumentError, write_document

        copy = folder / f"rescued{SUFFIX}"
        try:
            write_document(copy, window.session.state)
            kept = _("A copy of your work was saved as “{path}”.").format(path=copy)
        except DocumentError as problem:
            kept = str(problem)
        window.runner.pause()
        box = QMessageBox(window)
        box.setWindowTitle(_("Chain Rule Lab"))
        box.setText(_("Something went wrong that should not have. You can go on working."))
        box.setInformativeText(kept)
        box.setDetailedText(details)
        box.open()

    sys.excepthook = report
    threading.excepthook = lambda fault: report(
        fault.exc_type, fault.exc_value or fault.exc_type(), fault.exc_traceback
    )
