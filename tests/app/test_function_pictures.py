"""The pictures of a function, used as a learner does: the nudge, the links side by side, the nudge's error."""

from __future__ import annotations

import gc
import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.session import edits
from chainrule_gui.session.document import read_document
from chainrule_gui.session.session import Session

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _choose(qtbot, switch, key):
    qtbot.mouseClick(switch.button(key), Qt.MouseButton.LeftButton)
    QGuiApplication.processEvents()


def _function(window):
    return window.session.frame.function


def _show(window, text, **values):
    state = edits.text_edited(window.session.state, text)
    for name, value in values.items():
        state = edits.point_edited(state, name, value)
    window.session.edit("", state)
    QGuiApplication.processEvents()


def _spoken(window, name):
    return window.panes.diagram.item(name).spoken()


# --- the nudge in the diagram --------------------------------------------------------------------------


def test_ctrl_g_sends_a_nudge_through_the_graph_and_says_what_the_tangent_leaves(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_G, CONTROL)
    change = window.panes.diagram.item("u").change
    assert change.change == pytest.approx(math.cos(1.1) - math.cos(1))
    assert change.linear == pytest.approx(-0.1 * math.sin(1))
    assert "delta u = −0.0867, by the slope about −0.0841" in _spoken(window, "u")
    assert window.panes.diagram.caption.isVisible()
    assert "Δh = −0.0347, h′(x)·Δx = −0.0331" in window.panes.diagram.caption.text()
    assert window.panes.function_diagrams.button("nudge").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_G, CONTROL)
    assert window.panes.diagram.item("Δx") is None
    assert not window.panes.diagram.caption.isVisible()
    assert _function(window).nudge is None


def test_the_same_key_shows_gradients_of_a_network(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_G, CONTROL)
    assert window.session.state.diagram_view == "gradients"
    assert window.actions_by_key["diagram"].isChecked()
    assert window.session.state.function.view.diagram == "graph"
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL)
    assert not window.actions_by_key["diagram"].isChecked()


def test_the_nudge_is_turned_dragged_typed_and_stepped_where_it_stands(qtbot, window):
    _choose(qtbot, window.panes.function_diagrams, "nudge")
    diagram, stack = window.panes.diagram, window.session.undo_stack
    start = stack.count()
    centre = diagram.item("Δx").rect.center()
    QApplication.sendEvent(diagram, QWheelEvent(
        centre, diagram.mapToGlobal(centre), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    ))  # fmt: skip
    assert _function(window).nudge.size == pytest.approx(0.0794)
    qtbot.mousePress(diagram, Qt.MouseButton.LeftButton, pos=centre.toPoint())
    for up in (-10, -30, -50):
        qtbot.mouseMove(diagram, centre.toPoint() - QPoint(0, up))
    qtbot.mouseRelease(diagram, Qt.MouseButton.LeftButton, pos=centre.toPoint() + QPoint(0, 50))
    assert _function(window).nudge.size == pytest.approx(0.00794)
    assert stack.count() == start + 2
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_Up, SHIFT)
    assert _function(window).nudge.size == pytest.approx(0.0794)
    qtbot.keyClick(diagram, "-")
    qtbot.keyClicks(diagram.editor, "0.5")
    qtbot.keyClick(diagram.editor, Qt.Key.Key_Return)
    assert _function(window).nudge.size == -0.5
    for _press in range(20):
        qtbot.keyClick(diagram, Qt.Key.Key_Down, SHIFT)
    assert _function(window).nudge.size == -edits.SMALLEST_NUDGE
    assert window.session.state.function.point == (("x", 1.0),)


def test_slider_and_box_change_the_nudge_and_are_there_only_with_it(qtbot, window):
    control = window.panes.function_controls.nudge
    assert not control.isVisible()
    _choose(qtbot, window.panes.function_diagrams, "nudge")
    assert control.isVisible()
    control.slider.setFocus()
    qtbot.keyClick(control.slider, Qt.Key.Key_Home)
    assert _function(window).nudge.size == pytest.approx(1e-4)
    control.box.setFocus()
    control.box.selectAll()
    qtbot.keyClicks(control.box, "0")
    qtbot.keyClick(control.box, Qt.Key.Key_Return)
    assert _function(window).nudge.size == edits.SMALLEST_NUDGE


@pytest.mark.parametrize(
    ("text", "x", "size", "said"),
    [
        ("|x|", 0.0, 0.1, "no derivative here"),
        ("sqrt x", 0.05, -0.1, "there is no Δh to compare"),
        ("ln x", -1.0, 0.1, "domain"),
    ],
)
def test_where_there_is_nothing_to_compare_words_say_so_and_never_nan(qtbot, window, text, x, size, said):
    _show(window, text, x=x)
    window.session.edit("", edits.nudge_edited(window.session.state, size))
    _choose(qtbot, window.panes.function_diagrams, "nudge")
    _choose(qtbot, window.panes.function_plots, "nudge")
    assert said in window.panes.diagram.caption.text()
    texts = [window.panes.diagram.caption.text(), window.panes.plot.nudge.sentence.text()]
    texts += [item.spoken() for item in window.panes.diagram.items]
    assert "nan" not in " ".join(texts).lower()


# --- the nudge's error ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "x", "said"),
    [
        ("log(2 + cos x)", 1.0, "A tenth of the nudge, a hundredth of the error"),
        ("x^3", 0.0, "a thousandth of the error"),
        ("3x + 1", 2.0, "straight line"),
        ("|x|", 0.0, "no derivative here"),
    ],
)
def test_the_error_is_put_into_words(qtbot, window, text, x, said):
    _show(window, text, x=x)
    _choose(qtbot, window.panes.function_plots, "nudge")
    plot = window.panes.plot.nudge
    assert said in plot.sentence.text()
    assert plot.canvas.accessibleDescription() == plot.sentence.text()
    assert plot.canvas.isVisible() == ("of the error" in said)


def test_keys_and_the_pointer_move_the_nudge_in_its_plot(qtbot, window):
    _choose(qtbot, window.panes.function_plots, "nudge")
    canvas = window.panes.plot.nudge.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert _function(window).nudge.size == pytest.approx(10**-1.1, rel=1e-2)
    _drag(qtbot, canvas, (-1.1, -6.0), (-3.0, -6.0))
    assert math.log10(_function(window).nudge.size) == pytest.approx(-3.0, abs=0.1)


# --- the links side by side ----------------------------------------------------------------------------


def _drag(qtbot, canvas, start, end):
    viewport = canvas.viewport()

    def at(place):
        return canvas.mapFromScene(canvas.box.mapViewToScene(QPointF(*place)))

    first, last = at(start), at(end)
    qtbot.mouseMove(viewport, first)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    for part in (0.1, 0.4, 0.7, 1.0):
        qtbot.mouseMove(viewport, first + (last - first) * part)
        qtbot.wait(30)  # pyqtgraph looks at moves at most so often
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)


def test_the_slopes_of_the_links_multiply(qtbot, window):
    _choose(qtbot, window.panes.function_plots, "links")
    inner, outer = window.panes.plot.links.panels
    assert inner.heading.slope == "slope −0.8415"
    assert inner.heading.accessibleName() == "slope −0.8415, u = 2 plus cosine of x"
    assert outer.heading.slope == "slope 0.3937"
    assert window.panes.plot.links.result.slope == "slope −0.3312"
    assert outer.canvas.accessibleDescription() == "u = 2.5403, h = 0.9323, slope 0.3937"


def test_a_point_dragged_on_any_link_moves_all_of_them(qtbot, window):
    _choose(qtbot, window.panes.function_plots, "links")
    inner, outer = (panel.canvas for panel in window.panes.plot.links.panels)
    count = window.session.undo_stack.count()
    _drag(qtbot, inner, (1.0, 2.5403), (2.0, 2.0))
    assert _function(window).x == pytest.approx(2.0, abs=0.06)
    u, h = (_function(window).derivation.quantity(name).value for name in "uh")
    _drag(qtbot, outer, (u, h), (2.6, 0.9))
    assert 2 + math.cos(_function(window).x) == pytest.approx(2.6, abs=0.03)
    assert 0 < _function(window).x < 2
    assert window.session.undo_stack.count() == count + 2
    assert inner.accessibleDescription().startswith(f"x = {_function(window).x:.4f}")


def test_keys_move_the_point_along_an_inner_link(qtbot, window):
    _choose(qtbot, window.panes.function_plots, "links")
    outer = window.panes.plot.links.panels[1].canvas
    before = _function(window).derivation.quantity("u").value
    outer.setFocus()
    qtbot.keyClick(outer, Qt.Key.Key_Right)
    assert _function(window).derivation.quantity("u").value > before
    assert _function(window).x < 1
    window.session.edit("", edits.point_edited(window.session.state, "x", 0.0))
    qtbot.keyClick(outer, Qt.Key.Key_Right)  # u is at its largest: there is nowhere to go
    assert _function(window).x == 0.0


def test_a_link_lights_up_in_all_panes_from_its_plot_and_back(qtbot, window):
    _choose(qtbot, window.panes.function_plots, "links")
    inner, outer = window.panes.plot.links.panels
    inner.canvas.setFocus()
    assert window.session.highlight == "u/x"
    assert inner.heading.lit
    window.panes.diagram.setFocus()
    qtbot.keyClick(window.panes.diagram, Qt.Key.Key_End)
    qtbot.keyClick(window.panes.diagram, Qt.Key.Key_Left)
    assert window.session.highlight == "h/u"
    assert outer.heading.lit
    assert not inner.heading.lit


def test_the_paths_of_a_sum_are_gone_through(qtbot, window):
    _show(window, "x sin x", x=2.0)
    _choose(qtbot, window.panes.function_plots, "links")
    links = window.panes.plot.links
    assert "path 1 of 2" in links.note.text()
    assert f"{math.sin(2) + 2 * math.cos(2):.4f}".replace("-", "−") in links.note.text()
    first = [panel.heading.accessibleName() for panel in links.panels]
    qtbot.mouseClick(links.after, Qt.MouseButton.LeftButton)
    assert [panel.heading.accessibleName() for panel in links.panels] != first
    assert not links.after.isEnabled()
    window.session.undo_stack.undo()
    assert [panel.heading.accessibleName() for panel in links.panels] == first


def test_a_long_chain_is_scrolled_and_a_constant_has_no_links(qtbot, window):
    _show(window, "exp(sin(cos(tan(ln(sqrt(x^2 + 1))))))")
    _choose(qtbot, window.panes.function_plots, "links")
    links = window.panes.plot.links
    assert len(links.panels) == 7
    assert all(panel.width() >= panel.minimumWidth() for panel in links.panels)
    _show(window, "7")
    assert links.panels == []
    assert "does not depend" in links.result.accessibleName()


def test_a_value_that_does_not_exist_leaves_the_curve_without_a_point(qtbot, window):
    _show(window, "sqrt(ln x)", x=0.5)
    _choose(qtbot, window.panes.function_plots, "links")
    inner, outer = window.panes.plot.links.panels
    assert inner.heading.slope == "slope 2.0000"
    assert outer.heading.slope == "slope —"
    assert outer.heading.toolTip()
    assert window.panes.plot.links.result.slope == "slope —"


# --- machines that open and close ----------------------------------------------------------------------


def _click(qtbot, window, name):
    place = window.panes.diagram.item(name).rect.center().toPoint()
    qtbot.mouseClick(window.panes.diagram, Qt.MouseButton.LeftButton, pos=place)


def test_a_piece_is_taken_apart_joined_and_each_is_undone(qtbot, window):
    diagram = window.panes.diagram
    assert diagram.item("u").operation == "2 + cos(square.stroked)"
    assert _spoken(window, "2 + cos(x)") == "Take u = 2 + cos(x) apart"
    _click(qtbot, window, "2 + cos(x)")
    assert [link.key for link in _function(window).derivation.links] == ["h/u", "u/v", "v/x"]
    assert diagram.item("v").operation == "cos"
    assert _spoken(window, "2 + cos(x)") == "Join u = 2 + cos(x) again"
    assert _function(window).derivation.derivative_value == pytest.approx(-math.sin(1) / (2 + math.cos(1)), rel=1e-14)
    _click(qtbot, window, "2 + cos(x)")
    assert diagram.item("v") is None
    window.session.undo_stack.undo()
    assert diagram.item("v") is not None
    window.session.undo_stack.undo()
    assert diagram.item("v") is None


def test_a_piece_is_reached_and_taken_apart_by_keyboard(qtbot, window):
    diagram = window.panes.diagram
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_Home)
    for _press in range(len(diagram.items)):
        if diagram.current == "2 + cos(x)":
            break
        qtbot.keyClick(diagram, Qt.Key.Key_Right)
    assert diagram.accessibleDescription() == "Take u = 2 + cos(x) apart"
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert diagram.item("v") is not None
    assert diagram.current == "2 + cos(x)"
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert diagram.item("v") is None


def test_pieces_taken_apart_are_saved_and_forgotten_with_another_function(qtbot, window, tmp_path):
    _click(qtbot, window, "2 + cos(x)")
    path = tmp_path / "w.chainrule"
    assert window.files.save_to(path)
    window.files.new()
    assert window.files.open_path(path)
    assert window.panes.diagram.item("v") is not None
    _show(window, "log(2 + cos(2x))")
    assert _function(window).state.split == frozenset()


# --- gaps ----------------------------------------------------------------------------------------------


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_where_there_is_no_value_the_plot_is_shaded_and_says_so(qtbot, window):
    plot = window.panes.plot.function
    assert "domain" not in plot.accessibleDescription()
    _show(window, "ln(x) + |x - 2|", x=1.0)
    assert "its domain is" in plot.accessibleDescription()
    assert "abs has no derivative at 0" in plot.accessibleDescription()

    def tip_at(x):
        at = plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, 0.0)))
        help_event = QHelpEvent(QEvent.Type.ToolTip, at, plot.viewport().mapToGlobal(at))
        QApplication.sendEvent(plot.viewport(), help_event)
        return QToolTip.text()

    assert "its domain is" in tip_at(-3.0)
    assert "abs has no derivative" in tip_at(2.0)
    tip_at(4.0)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    _show(window, "sin x")
    assert "domain" not in plot.accessibleDescription()


# --- all of them ---------------------------------------------------------------------------------------


def test_ctrl_shift_g_goes_through_the_plots(qtbot, window):
    seen = []
    for _press in range(3):
        qtbot.keyClick(window, Qt.Key.Key_G, CONTROL | SHIFT)
        seen.append(window.session.state.function.view.plot)
    assert seen == ["links", "nudge", "curves"]


def test_pictures_are_saved_with_the_session(qtbot, window, tmp_path):
    _choose(qtbot, window.panes.function_diagrams, "nudge")
    _choose(qtbot, window.panes.function_plots, "links")
    path = tmp_path / "w.chainrule"
    assert window.files.save_to(path)
    window.files.new()
    assert _function(window).links is None
    assert window.files.open_path(path)
    assert read_document(path).function.view == window.session.state.function.view
    assert _function(window).nudge is not None
    assert len(window.panes.plot.links.panels) == 2


def test_what_is_not_shown_is_not_computed(window):
    assert _function(window).nudge is None
    assert _function(window).links is None
    assert window.panes.plot.links.panels == []


@pytest.fixture
def _no_collection():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collection")
def test_no_widget_outlives_its_window(qtbot):
    """One without an owner would be collected at any moment, also while the style changes, which crashes."""

    def all_widgets():
        QApplication.instance().sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return set(QApplication.allWidgets())

    before = all_widgets()
    window = MainWindow(Session())
    window.show()
    _choose(qtbot, window.panes.function_plots, "links")
    _show(window, "exp(sin(cos(x)))")
    window.session.undo_stack.setClean()
    window.close()
    window.deleteLater()
    del window
    assert all_widgets() <= before
