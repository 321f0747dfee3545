"""Phases with their equations, numbers that do not exist, and single formulas on the clipboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from chainrule_gui.model.data import dataset
from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.phase_equations import update_equation
from chainrule_gui.session.state import initial_state
from chainrule_gui.typeset import compiler
from chainrule_gui.views.formula import zones


@pytest.fixture
def network(qtbot, window):
    qtbot.mouseClick(window.panes.transport.subjects.button("network"), Qt.MouseButton.LeftButton)
    return window


def _lit(window, key):
    image = window.panes.expression.formula(key).grab().toImage()
    pixels = (image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()))
    return sum(name == "#e3ecf7" for name in pixels) > 100  # the edge of a blue letter may have a few of them too


def test_each_phase_shows_its_equation_and_lights_the_derivation(qtbot, network):
    qtbot.mouseMove(network.panes.transport.position)  # away from all formulas: the pointer lights up factors too
    lit = []
    for _phase in range(6):
        qtbot.keyClick(network, Qt.Key.Key_F7)
        assert network.panes.equation.isVisible()
        assert network.panes.equation.accessibleName()
        network.session.set_highlight(None)
        lit.append([key for key in ("definitions", "chain", "update") if _lit(network, key)])
    # w2 is derived by: layer 1 is passed forward, but its backward phase has no factor of this chain.
    assert lit == [["definitions"], ["definitions"], ["definitions", "chain"], ["chain"], [], ["update"]]
    qtbot.keyClick(network, Qt.Key.Key_F7)
    assert not network.panes.equation.isVisible()
    assert not _lit(network, "update")


@pytest.mark.parametrize("layers", [(1, 1, 1), (2, 3, 1), (2, 2, 3), (1, 1, 1, 1)])
@pytest.mark.parametrize("cost", ["squared-error", "cross-entropy"])
def test_every_phases_equation_can_be_typeset(layers, cost):
    state = edits.subject_chosen(initial_state(), "network")
    if layers[0] == 2:
        state = edits.dataset_chosen(state, dataset("xor"))
    if layers[-1] == 1:
        state = edits.architecture_edited(state, layers, ["sigmoid"], cost)
    for phase in resolve(state).network.phases:
        assert compiler.svg(compiler.page(phase.write_equation(), 11, "#000000"))
    assert compiler.svg(compiler.page(update_equation(0.5), 11, "#000000"))


def test_zones_lie_where_the_typesetter_put_them():
    body = '#link("name:a", box($a$))#h(40pt)#link("name:b", box($b$))'
    first, second = zones(compiler.svg(f"#set page(width: 200pt, height: auto, margin: 3pt)\n{body}"))
    assert first.box.x() == pytest.approx(3)
    assert second.box.x() == pytest.approx(first.box.right() + 40, abs=0.1)


@pytest.mark.parametrize("view", ["values", "gradients"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_a_cost_that_does_not_exist_is_said_once_and_nothing_breaks(network, view, activation):
    state = edits.dataset_chosen(network.session.state, dataset("xor"))
    state = edits.diagram_view_chosen(edits.architecture_edited(state, [2, 3, 1], [activation], "cross-entropy"), view)
    network.session.edit("", state)
    network.grab()
    said = network.panes.expression.message.text() + network.panes.expression.chain.note.text()
    assert said.count("Cross-entropy has no value here") == 1
    assert not network.actions_by_key["step"].isEnabled()
    for _phase in range(6):
        network.session.edit("", edits.phase_advanced(network.session.state))
        network.grab()
    assert "nan" not in network.panes.narration.text()


@pytest.mark.parametrize("name", ["w1", "b2", "x", "y"])
def test_enormous_values_are_drawn_and_explained(network, name):
    network.session.edit("", edits.value_edited(network.session.state, name, 1e308))
    network.grab()
    shown = network.session.frame.network
    assert shown.remarks or shown.stopped


@pytest.mark.parametrize("name", ["x", "z1", "z2", "w1"])
def test_the_gradient_check_covers_whatever_is_derived_by(network, name):
    network.session.edit("", edits.selected(network.session.state, name))
    check = network.session.frame.network.check
    assert check is not None
    assert check.passes
    assert check.analytic == pytest.approx(network.session.frame.network.derivation.derivative_value)
    assert network.check_chip.isVisible()


def test_the_check_of_a_unit_is_that_of_the_sample_shown():
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), dataset("xor"))
    state = edits.sample_chosen(edits.architecture_edited(state, [2, 3, 1], ["tanh"], "squared-error"), 2)
    for name in ("x.2", "z1.3"):
        check = resolve(edits.selected(state, name)).network.check
        assert check is not None
        assert check.passes


@pytest.mark.parametrize(("section", "latex", "typst"), [
    ("definitions", r"z_{1} &= ", "z_(1) &= "), ("chain", r"\frac{\partial J}", "partial J"),
    ("numbers", r"\frac{\partial J}", "partial J"), ("update", r"w_{2} \leftarrow w_{2}", "w_(2) <- w_(2)"),
    ("local", r"\frac{\partial J}", "partial J"),
])  # fmt: skip
@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_a_formula_is_copied_from_its_own_menu(qtbot, network, section, latex, typst):
    view = network.panes.expression.formula(section)
    view.setFocus()
    copied = []
    for downs in range(4):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5)))
        QApplication.sendEvent(view, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _down in range(downs):
            qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
        clipboard = QGuiApplication.clipboard()
        copied.append(clipboard.text() or clipboard.image().width())
    assert latex in copied[0]
    assert copied[1].startswith("<math")
    assert typst in copied[2]
    assert compiler.svg(copied[2])
    assert isinstance(copied[3], int)
    assert copied[3] > 50
