"""The canonical states: what each picture shows."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.learning.practice import Attempt
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network import Network
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.session import edits, exercise_edits
from chainrule_gui.session import network_edits as structure
from chainrule_gui.session.presets import presets
from chainrule_gui.session.state import LabState, NetworkView, initial_state, new_network_state
from chainrule_gui.views.controls.csv_preview import CsvPreview


@dataclass(frozen=True)
class Shot:
    """One picture: the state it begins with, and what is done in the window then."""

    name: str
    state: Callable[[], LabState]
    theme: str = "light"
    size: tuple[int, int] = (1280, 800)
    scale: float = 1.0
    then: Callable[[MainWindow], None] = lambda _window: None


def _function(text: str = "log(2 + cos x)") -> LabState:
    return edits.text_edited(initial_state(), text)


def _looked_at(text: str = "log(2 + cos x)", x: float = 1.0, **view: Any) -> LabState:
    state = edits.point_edited(_function(text), "x", x)
    return edits.function_view_edited(state, replace(state.function.view, **view))


def _lesson(steps: int = 4) -> LabState:
    state = edits.subject_chosen(initial_state(), "network")
    state = edits.reset(edits.advanced(state, 60))
    state = edits.learning_rate_edited(state, 4.0)
    return edits.advanced(state, steps)


def _network(layers: tuple[int, ...], data: str, rate: float, steps: int) -> LabState:
    network = Network(layers, ("tanh",))
    parameters = network.initial_parameters(seed=3)
    state = replace(
        initial_state(), subject="network", network=new_network_state(network, dataset(data), parameters, rate)
    )
    return edits.advanced(state, steps)


def _phase(count: int) -> Callable[[], LabState]:
    def state() -> LabState:
        found = _lesson(0)
        for _phase in range(count):
            found = edits.phase_advanced(found)
        return found

    return state


def _gradients_of_w1() -> LabState:
    return edits.diagram_view_chosen(edits.selected(_lesson(), "w1"), "gradients")


def _diverged() -> LabState:
    state = edits.text_edited(initial_state(), "x^4")
    state = edits.learning_rate_edited(edits.point_edited(state, "x", 3.0), 5.0)
    return edits.advanced(state, 20)


def _hover_first_link(window: MainWindow) -> None:
    window.session.set_highlight("y_hat/z2")


def _settle(window: MainWindow) -> None:
    """Let what is computed a little at a time come to its end."""
    end = time.monotonic() + 5.0
    while time.monotonic() < end and not window.panes.plot.network.page("contour").canvas.work.finished:
        QCoreApplication.processEvents()


def _show_table(window: MainWindow) -> None:
    window.actions_by_key["table"].trigger()


def _preset(key: str) -> Callable[[MainWindow], None]:
    def then(window: MainWindow) -> None:
        place = [preset.key for preset in presets()].index(key)
        window.presets.presets()[place].trigger()

    return then


def _built(*layers: int, locked: str = "") -> LabState:
    state = _network(layers, "xor", 1.0, 20)
    return edits.parameter_frozen(state, locked, True) if locked else state


def _menu(name: str) -> Callable[[MainWindow], None]:
    def then(window: MainWindow) -> None:
        diagram = window.panes.diagram
        where = diagram.item(name).centre.toPoint()  # type: ignore[union-attr]
        QApplication.sendEvent(
            diagram, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, diagram.mapToGlobal(where))
        )

    return then


def _network_order(layers: tuple[int, ...] = (1, 1, 1)) -> LabState:
    state = _lesson() if layers == (1, 1, 1) else _network(layers, "xor", 1.0, 20)
    return edits.expression_view_chosen(state, "orders")


def _of_order(order: int, text: str, **view: Any) -> LabState:
    return edits.order_chosen(_looked_at(text, **view), order)


def _say_wrong(window: MainWindow) -> None:
    entry = window.panes.expression.steps.prediction.entry
    entry.setText("cos(2x)")
    entry.textEdited.emit("cos(2x)")
    window.panes.expression.steps.prediction.check.click()
    _wait(window.panes.expression.steps.prediction.said.isVisible)


def _simplify(window: MainWindow) -> None:
    window.actions_by_key["simplify"].trigger()
    steps = window.panes.expression.steps
    _wait(lambda: "…" not in steps.said.text())


def _wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 8
    while not done() and time.monotonic() < end:
        QApplication.processEvents()


def _exercise(answer: str = "", topic: str = "chain", difficulty: int = 2) -> LabState:
    state = exercise_edits.exercise_begun(initial_state(), topic, difficulty, None, seed=7)
    return exercise_edits.answer_edited(state, answer)


def _answered(answer: str) -> Callable[[], LabState]:
    return lambda: exercise_edits.answer_edited(_function("sin(x^2 + 1)"), answer)


_ATTEMPTS = (
    ("chain", None), ("chain", "missing-inner-derivative"), ("chain", None), ("quotient", "quotient-order"),
    ("chain", "missing-inner-derivative"), ("quotient", None), ("product", None), ("table", None), ("network", None),
)  # fmt: skip


def _with_a_record(window: MainWindow) -> None:
    window.practice.log.forget()
    for number, (topic, diagnosis) in enumerate(_ATTEMPTS):
        verdict = "correct" if diagnosis is None else "incorrect"
        now = datetime(2024, 5, 1, 10, number, tzinfo=UTC)
        window.practice.log.add(Attempt(now, topic, 2, "sin(2x)", "x", "cos(2x)", verdict, diagnosis))


def _check(window: MainWindow) -> None:
    window.actions_by_key["check_answer"].trigger()
    while window.practice.examiner.asked is not None:
        QCoreApplication.processEvents()


def _check_and_hint(window: MainWindow) -> None:
    _check(window)
    window.actions_by_key["hint"].trigger()


def _practise(window: MainWindow) -> None:
    _with_a_record(window)
    _check_and_hint(window)


def _unfold(*names: str) -> Callable[[MainWindow], None]:
    def then(window: MainWindow) -> None:
        window.panes.show_card("side")
        for name in names:
            getattr(window.panes.network_controls, name).heading.click()
        for _turn in range(5):  # the form grows from the inside out
            QCoreApplication.processEvents()

    return then


def _csv(window: MainWindow) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "flowers.csv")
        rows = ["length;width;colour;kind"]
        rows += [f"{5 + 0.3 * k:.1f};{2 + 0.1 * k:.1f};{k % 3};{k % 2}" for k in range(12)]
        rows[5], rows[9] = "5.9;;1;0", "6.2;wide;2;1"
        path.write_text("\n".join(rows), encoding="utf-8")
        window.building.preview_csv(path)
    preview = window.findChild(CsvPreview)
    preview.setParent(window.panes, Qt.WindowType.Widget)  # into the picture
    preview.setAutoFillBackground(True)
    preview.move(320, 100)
    preview.show()


def _prepared(steps: int = 60) -> LabState:
    state = edits.data_prepared(_network((2, 4, 1), "moons", 1.0, 0), 0.25, standardised=True)
    return edits.advanced(state, steps)


def _adam() -> LabState:
    return edits.advanced(edits.optimiser_chosen(_network((2, 2, 1), "xor", 0.1, 40), UpdateRule("adam")), 40)


def _paired() -> LabState:
    return structure.cost_chosen(
        edits.architecture_edited(_network((2, 2, 1), "xor", 0.5, 0), (2, 2, 1), ("tanh", "sigmoid"), "squared-error"),
        "cross-entropy",
    )


def _plot(of: str, layers: tuple[int, ...] = (1, 1, 1), data: str = "lesson", rate: float = 1.0, steps: int = 12,
          **view: Any) -> LabState:  # fmt: skip
    state = _network(layers, data, rate, steps) if layers != (1, 1, 1) else _lesson(steps)
    return edits.network_view_edited(state, NetworkView(of, **view))  # type: ignore[arg-type]


def _overshooting() -> LabState:
    state = edits.learning_rate_edited(_plot("slice", (2, 2, 1), "xor", 0.5, 40), 60.0)
    return edits.selected(state, "b2.1")


def _with_test() -> LabState:
    state = _network((2, 4, 1), "moons", 0.5, 60)
    state = edits.advanced(edits.data_prepared(state, 0.3, True), 250)
    return edits.advanced(edits.reset(edits.learning_rate_edited(edits.reset(state), 2.0)), 150)


STATES = (
    Shot("steps-light", lambda: _looked_at(expression="steps")),
    Shot("steps-dark", lambda: _looked_at("x^2 sin(3x + 1)", expression="steps", revealed=6), "dark"),
    Shot("steps-begin", lambda: _looked_at("x^2 sin(3x + 1)", expression="steps", revealed=0)),
    Shot(
        "steps-predict",
        lambda: _looked_at("x^2 sin(2x)", expression="steps", predicting=True, revealed=3),
        then=_say_wrong,
    ),
    Shot("steps-all-deep", lambda: _looked_at("exp(sin(sqrt(x^2 + 1)))/x", expression="steps"), size=(1440, 1000)),
    Shot(
        "steps-simplified", lambda: _looked_at("sin(x) cos(x)", expression="steps"), size=(1280, 1000), then=_simplify
    ),
    Shot("steps-small", lambda: _looked_at(expression="steps"), size=(800, 600)),
    Shot("steps-200-percent", lambda: _looked_at(expression="steps"), scale=2.0, size=(1920, 1080)),
    Shot("order-light", lambda: _looked_at("exp(sin(x^2))", expression="orders")),
    Shot("order-of-a-sum", lambda: _looked_at("x sin(x) + exp(x^2)/x", expression="orders", path=1)),
    Shot("order-network-dark", _network_order, "dark"),
    Shot("order-network-path", lambda: edits.selected(_network_order((2, 2, 1)), "w1.1.1"), size=(1280, 1000)),
    Shot("order-network-large", lambda: _network_order((2, 8, 8, 1)), size=(1440, 900)),
    Shot("gradient-of-all", lambda: _function("(sigmoid(w x + b) - y)^2 / 2"), size=(1280, 900)),
    Shot("second-derivative", lambda: _of_order(2, "log(2 + cos x)")),
    Shot("second-derivative-steps-dark", lambda: _of_order(2, "exp(sin x)", expression="steps"), "dark"),
    Shot("function-light", _function),
    Shot("function-dark", _function, "dark"),
    Shot("function-sum-of-chains", lambda: _function("x sin(x) + exp(x^2)/x")),
    Shot("function-three-deep-dark", lambda: _function("exp(sin(x^2))"), "dark"),
    Shot("function-several-variables", lambda: _function("(sigmoid(w x + b) - y)^2 / 2")),
    Shot("function-descent", lambda: edits.advanced(edits.point_edited(_function("x^2/4 + sin x"), "x", 5.0), 12)),
    Shot("function-unfinished", lambda: edits.text_edited(_function(), "log(2 + cos")),
    Shot("function-outside-domain", lambda: edits.point_edited(_function("ln x"), "x", -1.0)),
    Shot("function-kink-dark", lambda: edits.point_edited(_function("|x|"), "x", 0.0), "dark"),
    Shot("function-diverged", _diverged),
    Shot("function-table", _function, then=_show_table),
    Shot("function-table-dark", _function, "dark", then=_show_table),
    Shot("function-small", _function, size=(800, 600)),
    Shot("function-200-percent", _function, size=(1280, 800), scale=2.0),
    Shot("function-nudge-light", lambda: _looked_at(diagram="nudge")),
    Shot("function-nudge-dark", lambda: _looked_at(diagram="nudge", nudge=-0.25), "dark"),
    Shot("function-nudge-three-deep", lambda: _looked_at("exp(sin(x^2))", diagram="nudge", nudge=0.01)),
    Shot("function-nudge-kink", lambda: _looked_at("|x|", 0.0, diagram="nudge", plot="nudge")),
    Shot("function-nudge-edge-dark", lambda: _looked_at("sqrt x", 0.05, diagram="nudge", nudge=-0.1), "dark"),
    Shot("function-nudge-small", lambda: _looked_at(diagram="nudge", plot="links"), size=(800, 600)),
    Shot("function-nudge-200-percent", lambda: _looked_at(diagram="nudge", plot="nudge"), scale=2.0),
    Shot("function-regions", lambda: _looked_at("sqrt(x^2 - 4) + |x - 4|", 3.0)),
    Shot("function-regions-dark", lambda: _looked_at("ln(x)/(x - 3)", 2.0), "dark"),
    Shot("function-split", lambda: edits.piece_split(_function(), "2 + cos(x)", True)),
    Shot(
        "function-split-dark",
        lambda: edits.piece_split(_looked_at("(3 sin(x) + 1)^2", diagram="nudge"), "3*sin(x) + 1", True),
        "dark",
    ),
    Shot("function-links", lambda: _looked_at(plot="links")),
    Shot("function-links-three-deep-dark", lambda: _looked_at("exp(sin(x^2))", plot="links"), "dark"),
    Shot("function-links-of-a-sum", lambda: _looked_at("x sin(x) + exp(x^2)/x", plot="links", path=2)),
    Shot("function-links-200-percent", lambda: _looked_at(plot="links"), scale=2.0, size=(1920, 1080)),
    Shot("function-nudge-error", lambda: _looked_at(diagram="nudge", plot="nudge")),
    Shot("function-nudge-error-dark", lambda: _looked_at("x^3", 0.0, plot="nudge"), "dark"),
    Shot("answer-wrong", _answered("cos(x^2 + 1)"), then=_check_and_hint),
    Shot("answer-wrong-dark", _answered("cos(x^2 + 1)"), "dark", then=_check_and_hint),
    Shot("answer-right", _answered("2x cos(1 + x^2)"), then=_check),
    Shot("answer-unreadable", _answered("2x cos(1 + x^2"), then=_check),
    Shot(
        "answer-several-variables",
        lambda: exercise_edits.answer_edited(_function("sigma(w x + b)"), "x sigma(w x + b)(1 - sigma(w x + b))"),
        then=_check,
    ),
    Shot("practice-light", _exercise, then=_with_a_record),
    Shot("practice-wrong", lambda: _exercise("cos(2x + 1)"), then=_practise),
    Shot("practice-dark", lambda: _exercise("cos(2x + 1)"), "dark", then=_practise),
    Shot("practice-small", _exercise, size=(800, 600), then=_practise),
    Shot("practice-200-percent", _exercise, size=(1280, 800), scale=2.0, then=_practise),
    Shot("practice-small-wrong", lambda: _exercise("cos(2x + 1)"), size=(800, 600), then=_practise),
    Shot("practice-200-percent-wrong-dark", lambda: _exercise("cos(2x + 1)"), "dark", scale=2.0, then=_practise),
    Shot("practice-200-percent-large", _exercise, size=(1920, 1200), scale=2.0, then=_practise),
    Shot("network-light", _lesson),
    Shot("network-dark", _lesson, "dark"),
    Shot("network-highlight", _lesson, then=_hover_first_link),
    Shot("network-gradients-dark", _gradients_of_w1, "dark"),
    Shot("network-phase-forward", _phase(1)),
    Shot("network-phase-backward-dark", _phase(5), "dark"),
    Shot("network-log-cost", lambda: edits.cost_scale_chosen(_lesson(50), "log")),
    Shot("network-small", _lesson, size=(800, 600)),
    Shot("network-small-200-percent", _lesson, size=(800, 600), scale=2.0),
    Shot("network-200-percent-dark", _lesson, "dark", size=(1920, 1080), scale=2.0),
    Shot("network-xor", lambda: _network((2, 2, 1), "xor", 1.0, 200)),
    Shot("network-wide", lambda: _network((2, 4, 2, 1), "moons", 0.5, 300), size=(1440, 900)),
    Shot("network-large-dark", lambda: _network((2, 8, 8, 1), "circles", 0.3, 100), "dark", size=(1440, 900)),
    Shot("lab-preset-by-hand", initial_state, then=_preset("by-hand")),
    Shot("lab-preset-vanishing-dark", initial_state, "dark", then=_preset("vanishing-gradient")),
    Shot("lab-build-light", lambda: _built(2, 3, 1, locked="w1.1.1")),
    Shot("lab-build-dark", lambda: _built(2, 2, 1, locked="b1.1"), "dark", then=_menu("z1.2")),
    Shot("lab-build-small", lambda: _built(2, 2, 1), size=(800, 600)),
    Shot("lab-build-200-percent", lambda: _built(2, 3, 1), size=(1920, 1080), scale=2.0),
    Shot("lab-adam", _adam, then=_unfold("optimiser", "start")),
    Shot("lab-pair-dark", _paired, "dark", then=_unfold("pair")),
    Shot("lab-csv", _lesson, then=_csv),
    Shot("lab-csv-dark", _lesson, "dark", then=_csv),
    Shot("lab-data", _prepared, then=_unfold("data_settings")),
    Shot("lab-data-200-percent", _prepared, size=(1920, 1080), scale=2.0, then=_unfold("data_settings")),
    Shot("network-300-percent", _lesson, size=(1920, 1200), scale=3.0),
    Shot("lab-cost-test", _with_test),
    Shot("lab-slice", lambda: _plot("slice")),
    Shot("lab-slice-dark", lambda: _plot("slice", (2, 4, 1), "moons", 1.0, 30), "dark"),
    Shot("lab-slice-overshoot", _overshooting),
    Shot("lab-contour-light", lambda: _plot("contour", steps=40, contour=("w1", "w2")), then=_settle),
    Shot("lab-contour-dark", lambda: _plot("contour", (2, 2, 1), "xor", 1.0, 200), "dark", then=_settle),
    Shot("lab-output", lambda: _plot("boundary", (2, 8, 1), "circles", 0.5, 400), size=(1280, 900)),
    Shot("lab-output-1d", lambda: _plot("boundary", (1, 4, 1), "line", 0.1, 200)),
    Shot("lab-parameters", lambda: _plot("parameters", (2, 2, 1), "xor", 1.0, 200)),
    Shot("lab-check", lambda: _plot("check", (2, 2, 1), "xor", 1.0, 20)),
    Shot("lab-contour-small", lambda: _plot("contour", (2, 2, 1), "xor", 1.0, 60), size=(800, 600), then=_settle),
    Shot("lab-check-200-percent-dark", lambda: _plot("check", steps=3), "dark", size=(1920, 1080), scale=2.0),
    Shot("lab-slice-200-percent", lambda: _plot("slice", steps=2), scale=2.0, then=lambda w: w.panes.turn_to("plot")),
)
