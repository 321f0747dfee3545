"""What the File menu writes: programs and worked solutions, made while the window goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from chainrule_gui.session import edits


@pytest.fixture
def answer(monkeypatch):
    """Answer the next file dialog."""

    def set_to(path, kind=""):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(path) if path else "", kind))

    return set_to


def _network(window, steps=3):
    window.session.open(edits.advanced(edits.subject_chosen(window.session.state, "network"), steps))


def test_the_numpy_program_prints_the_costs_of_the_window(qtbot, window, answer, tmp_path):
    _network(window)
    answer(tmp_path / "run", "Python programs (*.py)")
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "run.py" in window.message.text())
    printed = subprocess.run(
        [sys.executable, str(tmp_path / "run.py")], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    trajectory = window.session.state.network.run.trajectory
    costs = [float(line.split()[-1]) for line in printed.splitlines() if line and line.split()[-1][0].isdigit()]
    assert costs[-1] == pytest.approx(trajectory.cost_at(3), abs=1e-12)


def test_the_pytorch_program_is_written(qtbot, window, answer, tmp_path):
    _network(window)
    answer(tmp_path / "network.py")
    window.actions_by_key["export_pytorch"].trigger()
    qtbot.waitUntil(lambda: "network.py" in window.message.text())
    assert "import torch" in (tmp_path / "network.py").read_text()


@pytest.mark.parametrize(("subject", "kind", "begins"), [
    ("function", "PDF (*.pdf)", b"%PDF"), ("network", "PDF (*.pdf)", b"%PDF"),
    ("network", "Web page with MathML (*.html)", b"<!DOCTYPE html>"),
])  # fmt: skip
def test_the_worked_solution_is_written_in_the_kind_chosen(qtbot, window, answer, tmp_path, subject, kind, begins):
    if subject == "network":
        _network(window)
    answer(tmp_path / "solution", kind)
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    name = "solution.pdf" if "PDF" in kind else "solution.html"
    qtbot.waitUntil(lambda: name in window.message.text())
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_solution_that_cannot_be_is_explained_in_the_notice(qtbot, window, answer, tmp_path):
    window.session.open(edits.point_edited(edits.text_edited(window.session.state, "ln x"), "x", -1.0))
    answer(tmp_path / "solution.pdf")
    window.actions_by_key["export_solution"].trigger()
    assert window.panes.notice.isVisible()
    assert "nothing to work out" in window.panes.notice.text.text()
    assert not list(tmp_path.glob("*.pdf"))


def test_a_place_that_cannot_be_written_is_named(qtbot, window, answer, tmp_path):
    _network(window)
    answer(tmp_path / "missing" / "run.py")
    window.actions_by_key["export_numpy"].trigger()
    qtbot.waitUntil(window.panes.notice.isVisible)
    assert "run.py" in window.panes.notice.text.text()


def test_who_thinks_better_of_it_writes_nothing(qtbot, window, answer, tmp_path):
    _network(window)
    answer("")
    for key in ("export_numpy", "export_solution"):
        window.actions_by_key[key].trigger()
    assert not window.panes.notice.isVisible()


def test_programs_are_of_networks(qtbot, window):
    assert not window.actions_by_key["export_numpy"].isEnabled()
    _network(window)
    assert window.actions_by_key["export_numpy"].isEnabled()


def test_a_window_that_closes_waits_for_what_is_being_written(qtbot, window, answer, tmp_path):
    _network(window)
    answer(tmp_path / "solution.pdf")
    window.actions_by_key["export_solution"].trigger()
    window.close()
    assert (tmp_path / "solution.pdf").read_bytes().startswith(b"%PDF")
