"""Files, export, look, commands, and what every widget owes to those who cannot see it."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
)

from chainrule_gui.app.actions import ACTIONS
from chainrule_gui.app.commands import CommandSearch
from chainrule_gui.app.examples import examples
from chainrule_gui.app.export import history_csv, write_picture
from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.app.self_check import self_check
from chainrule_gui.model import derive, parse
from chainrule_gui.session import edits
from chainrule_gui.session.document import read_document
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import initial_state
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
    assert window.panes.notice.isVisible()
    assert "bad.chainrule" in window.panes.notice.text.text()
    window.panes.notice.close_button.click()
    assert not window.panes.notice.isVisible()
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


def test_every_action_has_a_key_and_is_found_by_the_command_search(qtbot, window):
    keys = [row.shortcut for row in ACTIONS]
    assert all(keys)
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


def _drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, buttons, keys = QPoint(400, 300), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, buttons, keys)
    QGuiApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QGuiApplication.sendEvent(window, QDropEvent(place.toPointF(), Qt.DropAction.CopyAction, data, buttons, keys))


def test_files_dropped_on_the_window_are_opened_or_refused_in_words(window, tmp_path):
    table = tmp_path / "d.csv"
    table.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    _drop(window, table)
    assert window.session.state.network.dataset.inputs.tolist() == [[1], [3]]
    path = tmp_path / "w.chainrule"
    assert window.files.save_to(path)
    window.session.open(initial_state())
    _drop(window, path)
    assert window.session.state.network.dataset.inputs.tolist() == [[1], [3]]
    path.write_bytes(b"")
    _drop(window, path)
    assert "w.chainrule" in window.panes.notice.text.text()
    assert window.session.state.network.dataset.inputs.tolist() == [[1], [3]]


def test_f6_takes_the_keyboard_from_pane_to_pane(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    for subject in (Qt.Key.Key_1, Qt.Key.Key_2):
        qtbot.keyClick(window, subject, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert window.panes.expression.entry.hasFocus()
        seen = []
        for _pane in range(4):
            qtbot.keyClick(window, Qt.Key.Key_F6)
            seen.append(window.panes.focused_card())
        assert seen == ["diagram", "plot", "side", "expression"]
        qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert window.panes.focused_card() == "side"


def test_zooming_is_undone_step_by_step_or_at_once(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    plot = window.panes.plot.function
    plot.setFocus()
    count = window.session.undo_stack.count()
    qtbot.keyClicks(plot, "++")
    low, high = window.session.state.function.x_range
    assert high - low == pytest.approx(13 * 0.64)
    assert window.session.undo_stack.count() == count + 1
    qtbot.keyClick(window, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert window.session.state.function.x_range == (-6.5, 6.5)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.state.function.x_range == (low, high)


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_the_gallery_is_opened_by_its_key_and_taken_from_by_enter(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    gallery = window.panes.expression.examples.menu()
    assert gallery.isVisible()
    qtbot.keyClick(gallery, Qt.Key.Key_Down)
    qtbot.keyClick(gallery, Qt.Key.Key_Return)
    assert window.session.state.function.good_text == examples()[1].text


def test_the_largest_scale_never_makes_the_window_grow(window):
    size = window.size()
    look.set_scale(3.0)
    QGuiApplication.processEvents()
    assert window.size() == size
    window.resize(640, 480)
    QGuiApplication.processEvents()
    assert window.size() == QSize(640, 480)


def test_the_theme_of_the_system_is_followed_while_the_window_is_open(window):
    window.actions_by_key["theme_system"].trigger()
    hints = QGuiApplication.styleHints()
    try:
        hints.setColorScheme(Qt.ColorScheme.Dark)
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert look.theme.name == ("dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light")
    finally:
        hints.unsetColorScheme()


def test_the_side_panel_stays_as_it_was_left(qtbot, window):
    window.actions_by_key["side"].trigger()
    assert not window.panes.cards["side"].isVisible()
    window.session.undo_stack.setClean()
    window.close()
    again = MainWindow(Session())
    qtbot.addWidget(again, before_close_func=lambda widget: widget.session.undo_stack.setClean())
    again.resize(1280, 800)
    again.show()
    assert not again.panes.cards["side"].isVisible()
    assert not again.actions_by_key["side"].isChecked()


@pytest.mark.parametrize(("typed", "kind", "written"), [
    ("a.svg", "PNG picture (*.png)", "a.svg"), ("a", "PDF picture (*.pdf)", "a.pdf"), ("a.b", "SVG (*.svg)", "a.b.svg"),
])  # fmt: skip
def test_an_exported_picture_has_the_kind_that_was_chosen(window, tmp_path, monkeypatch, typed, kind, written):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(tmp_path / typed), kind))
    window.actions_by_key["export_pane"].trigger()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [written]


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


def test_a_share_of_the_room_from_another_window_never_starves_the_panes(qtbot, window):
    window.panes.whole.setSizes([900, 380])
    window.session.undo_stack.setClean()
    window.close()
    again = MainWindow(Session())
    qtbot.addWidget(again, before_close_func=lambda widget: widget.session.undo_stack.setClean())
    again.resize(1280, 800)
    again.show()
    side, right = again.panes.cards["side"], again.panes.right
    assert side.width() < 0.4 * again.width()
    assert right.mapTo(again, QPoint()).x() - side.mapTo(again, QPoint(side.width(), 0)).x() < 20
