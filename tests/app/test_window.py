"""Files, export, look, commands, and what every widget owes to those who cannot see it."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit

from chainrule_gui.app.actions import ACTIONS
from chainrule_gui.app.commands import CommandSearch
from chainrule_gui.app.examples import examples
from chainrule_gui.app.export import history_csv, write_picture
from chainrule_gui.app.self_check import self_check
from chainrule_gui.model import derive, parse
from chainrule_gui.session import edits
from chainrule_gui.session.document import read_document
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look


def test_save_and_open_bring_the_work_back(qtbot, window, tmp_path):
    window.session.edit("", edits.advanced(edits.subject_chosen(window.session.state, "network"), 12))
    path = tmp_path / "work.chainrule"
    assert window.isWindowModified()
    assert window.files.save_to(path)
    assert not window.isWindowModified()
    assert "work.chainrule" in window.windowTitle()
    window.session.edit("", edits.reset(window.session.state))
    assert window.files.open_path(path)
    assert window.session.state.network.run.step == 12
    assert window.settings.recent == [path.resolve()]


def test_a_bad_file_is_explained_and_the_work_stays(window, tmp_path):
    bad = tmp_path / "bad.chainrule"
    bad.write_text("{", encoding="utf-8")
    before = window.session.frame
    assert not window.files.open_path(bad)
    assert window.session.frame is before
    assert "bad.chainrule" in window.message.text()
    assert bad.read_text(encoding="utf-8") == "{"


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
@pytest.mark.parametrize("pane", ["expression", "diagram", "plot"])
def test_a_pane_is_exported(window, tmp_path, pane, suffix):
    path = tmp_path / f"pane.{suffix}"
    write_picture(window.panes.cards[pane].body, path)
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert path.read_bytes().startswith(start)
    assert path.stat().st_size > 2000


def test_the_history_is_exported_with_every_digit(window):
    state = edits.advanced(edits.subject_chosen(window.session.state, "network"), 5)
    rows = list(csv.reader(io.StringIO(history_csv(state).decode())))
    assert rows[0] == ["step", "cost", "w1", "b1", "w2", "b2"]
    assert len(rows) == 7
    assert float(rows[6][2]) == state.network.run.trajectory.parameters_at(5)[0]


@pytest.mark.parametrize(
    ("action", "part"),
    [("copy_latex", r"\frac{d h}{d u}"), ("copy_mathml", "<math"), ("copy_typst", "frac("), ("copy_text", "dh/du")],
)
def test_the_derivation_is_copied(window, action, part):
    window.actions_by_key[action].trigger()
    assert part in QGuiApplication.clipboard().text()


def test_the_derivation_is_copied_as_a_picture(window):
    window.actions_by_key["copy_picture"].trigger()
    assert QGuiApplication.clipboard().image().width() > 300


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [0.75, 1.0, 3.0])
def test_every_pane_paints_at_every_scale(qtbot, window, theme, scale):
    look.choose(theme)
    look.set_scale(scale)
    for subject in ("function", "network"):
        window.session.edit("", edits.subject_chosen(window.session.state, subject))
        QGuiApplication.processEvents()
        image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        assert len(colours) > 8


def test_keys_scale_and_undo_reaches_everything(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert look.scale == 1.1
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert look.scale == 1.0
    start = window.session.state
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier)
    while window.session.undo_stack.canUndo():
        window.session.undo_stack.undo()
    assert window.session.state is start


def test_a_pane_is_shown_alone_and_all_again(window):
    window.panes.toggle_alone("diagram")
    shown = [key for key, card in window.panes.cards.items() if card.isVisible()]
    assert shown == ["diagram"]
    window.panes.toggle_alone("diagram")
    assert all(card.isVisible() for card in window.panes.cards.values())


def test_a_small_window_leaves_the_side_panels_room_to_the_panes(qtbot, window):
    window.resize(QSize(800, 600))
    assert not window.panes.cards["side"].isVisible()
    assert not window.actions_by_key["side"].isChecked()
    window.resize(QSize(1280, 800))
    assert window.panes.cards["side"].isVisible()


def test_every_action_has_a_key_or_is_found_by_the_command_search(qtbot, window):
    keys = [row.shortcut for row in ACTIONS if row.shortcut]
    assert len(keys) == len(set(keys))
    search = CommandSearch(list(window.actions_by_key.values()), window)
    qtbot.addWidget(search)
    qtbot.keyClicks(search.entry, "dark ctrl")
    assert search.list.count() == 1
    qtbot.keyClick(search.entry, Qt.Key.Key_Return)
    assert look.choice == "dark"


def test_every_control_has_an_accessible_name(window):
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, FormulaView)
    for subject in ("function", "network"):
        window.session.edit("", edits.subject_chosen(window.session.state, subject))
        for kind in kinds:
            for widget in window.panes.findChildren(kind):
                own = widget.objectName() not in ("qt_spinbox_lineedit", "") or not isinstance(widget, QLineEdit)
                if widget.isVisible() and own and "ScrollBar" not in type(widget).__name__:
                    named = widget.accessibleName() or getattr(widget, "text", str)()
                    assert named, (type(widget).__name__, widget.objectName(), widget.parent())


def test_every_example_can_be_taken_apart():
    for example in examples():
        assert derive(parse(example.text), "x").links


def test_the_self_check_passes(qtbot, capsys):
    assert self_check() == 0
    assert capsys.readouterr().out.startswith("OK")


def test_reopening_a_saved_file_and_a_new_session(qtbot, window, tmp_path):
    path = tmp_path / "w.chainrule"
    assert window.files.save_to(path)
    assert read_document(path).subject == "function"
    window.files.new()
    assert window.files.path is None


def test_nothing_wears_the_ring_of_the_keyboard_before_the_keyboard_is_used(qtbot, window):
    assert not isinstance(window.focusWidget(), QAbstractButton)
    qtbot.mouseClick(window.panes.transport.subjects.button("network"), Qt.MouseButton.LeftButton)
    assert not window.panes.transport.subjects.button("network").hasFocus()
    assert window.panes.transport.subjects.button("network").isChecked()


@pytest.mark.parametrize("subject", ["function", "network"])
def test_a_tiny_window_shows_the_panes_in_turns(qtbot, window, subject):
    window.session.edit("", edits.subject_chosen(window.session.state, subject))
    look.set_scale(2.0)
    window.resize(800, 600)
    assert window.size() == QSize(800, 600)
    panes = window.panes
    assert panes.pages.isVisible()
    for page in ("expression", "diagram", "plot", "side"):
        qtbot.mouseClick(panes.pages.button(page), Qt.MouseButton.LeftButton)
        assert [key for key, card in panes.cards.items() if card.isVisible()] == [page]
    for widget in (panes.transport.rate, panes.transport.speed, panes.transport.scrubber):
        assert widget.isVisible()
        assert widget.mapTo(panes, widget.rect().bottomRight()).x() <= panes.width()
    look.set_scale(1.0)
    window.resize(1280, 800)
    assert not panes.pages.isVisible()
    assert panes.cards["diagram"].isVisible()
    assert panes.cards["plot"].isVisible()


def test_the_chain_comes_first_where_there_is_little_height(qtbot, window):
    expression = window.panes.expression
    assert expression.formula("definitions").y() < expression.formula("chain").y()
    window.resize(1280, 460)
    QGuiApplication.processEvents()
    assert expression.formula("chain").y() < expression.formula("definitions").y()
