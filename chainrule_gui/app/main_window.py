"""The main window: wires intents of the panes to edits of the session, and frames of the session to the panes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMessageBox,
)

from chainrule_gui import __version__
from chainrule_gui.app.actions import ACTIONS, MENUS, build_actions, icon, tint
from chainrule_gui.app.check_words import check_parts
from chainrule_gui.app.files import Files
from chainrule_gui.app.function_wiring import connect_function_pictures, show_pictures
from chainrule_gui.app.network_wiring import NetworkWiring
from chainrule_gui.app.panes import Panes
from chainrule_gui.app.plot_wiring import connect_network_plots
from chainrule_gui.app.practice_wiring import PracticeWiring
from chainrule_gui.app.preset_menu import PresetMenu
from chainrule_gui.app.runner import Runner
from chainrule_gui.app.settings import Settings
from chainrule_gui.app.steps_wiring import StepsWiring
from chainrule_gui.app.takeaways import Takeaways
from chainrule_gui.i18n import _
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network import NetworkError
from chainrule_gui.session import edits
from chainrule_gui.session.frame import Check, Frame
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import LabState, Subject
from chainrule_gui.typeset.notation import TypesetError
from chainrule_gui.views.controls.parts_label import PartsLabel
from chainrule_gui.views.diagram.pane import DiagramPane
from chainrule_gui.views.theme import look

if TYPE_CHECKING:
    from chainrule_gui.views.controls.parameter_table import ParameterTable

_SCALES = (0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class MainWindow(QMainWindow):
    """One window, one session."""

    def __init__(self, session: Session, settings: Settings | None = None) -> None:
        super().__init__()
        self.session, self.settings = session, settings or Settings()
        session.setParent(self)  # else the collector may take the undo stack and its commands in any order, and crash
        self.actions_by_key = build_actions(self)
        self.panes = Panes(self.actions_by_key)
        self.runner = Runner(session, self)
        self.files = Files(session, self.settings, self)
        self.takeaways = Takeaways(session, self.files, self)
        self._compact: bool | None = None
        self._laid_out = False
        self.setCentralWidget(self.panes)
        _style_application()  # once all widgets have their place: each move to another parent would style them again
        self.setAcceptDrops(True)
        self._status()
        self._menus()
        self._connect_actions()
        self._connect_panes()
        self.practice = PracticeWiring(session, self.panes, self.actions_by_key, self.files, self._edit, self._do)
        session.changed.connect(self._on_changed)
        session.highlight_changed.connect(self.panes.set_highlight)
        session.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self.files.path_changed.connect(self._show_title)
        self.files.about_to_leave.connect(self.runner.pause)
        self.files.said.connect(self.say)
        self.practice.said.connect(self.say)
        self.takeaways.said.connect(self.say)
        look.changed.connect(self._on_look_changed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)
        self.actions_by_key[f"theme_{look.choice}"].setChecked(True)
        self.resize(1280, 800)
        geometry = self.settings.bytes("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self._fit()  # before it is shown: with the side panel it may have to be wider than it is meant to be
        self._on_changed(session.frame, None)
        self._show_title()
        self.practice.begin()

    # --- building --------------------------------------------------------------------------------------

    def _status(self) -> None:
        self.check_chip, self.check_text, self.message = QLabel(_("gradient check")), PartsLabel(), PartsLabel()
        self.check_chip.setObjectName("chip")
        self.check_text.setObjectName("muted")
        self.check_text.setAccessibleName(_("Gradient check"))
        self.message.setObjectName("warning")
        self.message.setAccessibleName(_("Message"))
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.check_chip)
        bar.addWidget(self.check_text, 1)
        bar.addPermanentWidget(self.message)
        self._space_status()
        self._message_timer = QTimer(self)
        self._message_timer.setSingleShot(True)
        self._message_timer.timeout.connect(lambda: self.message.show_parts([]))

    def _space_status(self) -> None:
        """Let the status line begin and end where the panes do."""
        self.statusBar().setContentsMargins(look.px(10), 0, look.px(10), look.px(4))

    def _menus(self) -> None:
        menus = {key: self.menuBar().addMenu(_(key)) for key in MENUS}
        for row in ACTIONS:
            if row.opens_group:
                menus[row.menu].addSeparator()
            menus[row.menu].addAction(self.actions_by_key[row.key])
        menus[MENUS[0]].insertMenu(self.actions_by_key["save"], self.files.recent_menu)
        self.presets = PresetMenu(self.files, self.panes.hint, self)
        menus[MENUS[0]].insertMenu(self.actions_by_key["open_csv"], self.presets)
        gallery = QMenu(self)
        gallery.setAccessibleName(_("Examples of functions"))
        gallery.aboutToShow.connect(self._fill_gallery)
        self.panes.expression.examples.setMenu(gallery)
        themes = QActionGroup(self)
        for key in ("theme_light", "theme_dark", "theme_system"):
            themes.addAction(self.actions_by_key[key])

    def _fill_gallery(self) -> None:
        from chainrule_gui.app.examples import examples

        gallery = self.panes.expression.examples.menu()
        if gallery.isEmpty():
            for example in examples():
                action = gallery.addAction(f"{_(example.title)}    {example.text}")
                action.triggered.connect(lambda _checked=False, text=example.text: self._take_text(text))

    def _connect_actions(self) -> None:
        do = self._edit
        handlers: dict[str, Callable[[], object]] = {
            "new": self.files.new, "open": self.files.open, "save": self.files.save, "save_as": self.files.save_as,
            "open_csv": self._open_csv, "export_pane": self._export_pane, "export_history": self.files.export_history,
            "export_solution": self.takeaways.export_solution,
            "export_numpy": partial(self.takeaways.export_code, "numpy"),
            "export_pytorch": partial(self.takeaways.export_code, "pytorch"),
            "examples": self._show_examples, "entry": self._edit_function,
            "quit": self.close, "undo": self._undo, "redo": self._redo,
            "function": lambda: self._choose_subject("function"), "network": lambda: self._choose_subject("network"),
            "side": lambda: self.panes.show_side(self.actions_by_key["side"].isChecked()),
            "table": self._show_table, "maximise": lambda: self.panes.toggle_alone(self.panes.focused_card()),
            "whole_plot": self.panes.plot.show_whole, "next_pane": lambda: self.panes.focus_card(1),
            "previous_pane": lambda: self.panes.focus_card(-1),
            "full_screen": self._toggle_full_screen, "bigger": lambda: self._rescale(1),
            "smaller": lambda: self._rescale(-1), "usual_size": lambda: self._rescale(0),
            "theme_light": lambda: self._choose_theme("light"), "theme_dark": lambda: self._choose_theme("dark"),
            "theme_system": lambda: self._choose_theme("system"), "run": self.runner.toggle,
            "diagram": lambda: do(_("Diagram"), edits.diagram_toggled(self.session.state)),
            "log_cost": lambda: do(_("Cost axis"), edits.cost_scale_chosen(
                self.session.state, "log" if self.actions_by_key["log_cost"].isChecked() else "linear")),
            "step": lambda: do(_("Step"), edits.advanced(self.session.state)),
            "phase": lambda: do(_("Phase"), edits.phase_advanced(self.session.state)),
            "back": lambda: do(_("Back"), edits.stepped_back(self.session.state)),
            "reset": lambda: do(_("Reset"), edits.reset(self.session.state)),
            "random": lambda: do(_("New random start"), edits.new_random_start(self.session.state)),
            "commands": self._search_commands, "about": self._about,
        }  # fmt: skip
        for form in ("latex", "mathml", "typst", "text", "picture"):
            handlers[f"copy_{form}"] = partial(self._copy, form)
        for key, handler in handlers.items():
            self.actions_by_key[key].triggered.connect(lambda _checked=False, handler=handler: self._do(handler))
        stack = self.session.undo_stack
        stack.canUndoChanged.connect(self.actions_by_key["undo"].setEnabled)
        stack.canRedoChanged.connect(self.actions_by_key["redo"].setEnabled)
        for key in ("undo", "redo"):
            self.actions_by_key[key].setEnabled(False)
        self.actions_by_key["side"].setChecked(True)
        self.panes.side_changed.connect(self.actions_by_key["side"].setChecked)
        self.runner.running_changed.connect(self._on_running_changed)

    def _connect_panes(self) -> None:
        panes, edit = self.panes, self._edit

        def state() -> LabState:
            return self.session.state

        panes.transport.subject_chosen.connect(lambda subject: self._do(lambda: self._choose_subject(subject)))
        panes.transport.step_requested.connect(
            lambda step, key: edit(_("Go to a step"), edits.gone_to(state(), step), key)
        )
        panes.transport.rate_edited.connect(
            lambda rate, key: edit(_("Learning rate"), edits.learning_rate_edited(state(), rate), key, pause=False)
        )
        panes.transport.speed_chosen.connect(lambda speed: setattr(self.runner, "speed", speed))
        panes.expression.text_edited.connect(
            lambda text, key: edit(_("Typing"), edits.text_edited(state(), text, typing=True), key)
        )
        panes.expression.text_finished.connect(
            lambda text, key: edit(_("Typing"), edits.text_edited(state(), text), key)
        )
        panes.expression.copy_requested.connect(self._copy_formula)
        panes.expression.table_row_requested.connect(self._show_table)
        panes.diagram_views.chosen.connect(
            lambda view: self._do(lambda: edit(_("Diagram"), edits.diagram_view_chosen(state(), view)))
        )
        panes.cost_scales.chosen.connect(
            lambda scale: self._do(lambda: edit(_("Cost axis"), edits.cost_scale_chosen(state(), scale)))
        )
        self._connect_values(panes.diagram)
        panes.function_controls.point_edited.connect(self._on_value_edited)
        panes.function_controls.wrt_chosen.connect(
            lambda name: edit(_("Differentiate by"), edits.wrt_chosen(state(), name))
        )
        panes.plot.function.x_edited.connect(lambda value, key: self._on_value_edited(state().function.wrt, value, key))
        panes.plot.function.x_range_edited.connect(
            lambda low, high, key: edit(_("Zoom"), edits.x_range_edited(state(), low, high), key, pause=False)
        )
        panes.table.row_activated.connect(lambda key: self._take_text(f"{key}(x)"))
        panes.network_built.connect(self._connect_network_settings)
        self.building = NetworkWiring(self.session, panes, self.actions_by_key, edit, self.say)
        self.steps = StepsWiring(self.session, panes, self.actions_by_key, edit, self._do, self)
        connect_function_pictures(panes, self.actions_by_key, self.session, edit)
        connect_network_plots(panes, self.actions_by_key, self.session, edit)
        for pane in (panes.expression, panes.diagram):
            pane.link_hovered.connect(self.session.set_highlight)

    def _connect_network_settings(self) -> None:
        edit, network = self._edit, self.panes.network_controls

        def state() -> LabState:
            return self.session.state

        self._connect_values(self.panes.parameters)
        network.dataset_chosen.connect(
            lambda name: edit(_("Data"), edits.dataset_chosen(state(), dataset(name, state().network.seed)))
        )
        network.csv_requested.connect(self._open_csv)
        network.sample_chosen.connect(
            lambda sample, key: edit(_("Sample"), edits.sample_chosen(state(), sample), key, pause=False)
        )
        network.architecture_edited.connect(self._on_architecture_edited)
        network.batch_edited.connect(
            lambda batch, key: edit(_("Batch"), edits.batch_edited(state(), batch or None), key)
        )

    def _connect_values(self, source: DiagramPane | ParameterTable) -> None:
        source.value_edited.connect(self._on_value_edited)
        source.selected_requested.connect(
            lambda name: self._edit(
                _("Derive by {name}").format(name=name), edits.selected(self.session.state, name), pause=False
            )
        )

    # --- edits -----------------------------------------------------------------------------------------

    def _edit(self, label: str, state: LabState, merge_key: str | None = None, pause: bool = True) -> None:
        if state is self.session.state:
            return
        if pause:
            self.runner.pause()
        self.session.edit(label, state, merge_key)

    def _do(self, handler: Callable[[], object]) -> None:
        """Run an action on what is seen: a number that is still being typed is taken first."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit | QAbstractSpinBox) and self.isAncestorOf(focused):
            if self.session.state.subject == "network" and self.panes.parameters.isAncestorOf(focused):
                self.panes.parameters.setFocus()
            else:
                focused.editingFinished.emit()
        handler()

    def _choose_subject(self, subject: Subject) -> None:
        self._edit(_("Subject"), edits.subject_chosen(self.session.state, subject))

    def _show_examples(self) -> None:
        self._choose_subject("function")
        button = self.panes.expression.examples
        gallery = button.menu()
        gallery.popup(button.mapToGlobal(button.rect().bottomLeft()))
        gallery.setActiveAction(gallery.actions()[0])

    def _edit_function(self) -> None:
        self._choose_subject("function")
        self.panes.show_card("expression")
        self.panes.expression.entry.setFocus()
        self.panes.expression.entry.selectAll()

    def _take_text(self, text: str) -> None:
        state = edits.subject_chosen(self.session.state, "function")
        self._edit(_("Function"), edits.text_edited(state, text))

    def _on_value_edited(self, name: str, value: float, merge_key: str) -> None:
        state = self.session.state
        label = _("Change {name}").format(name=name)
        if state.subject == "function":
            self._edit(label, edits.point_edited(state, name, value), merge_key)
        else:
            self._edit(label, edits.value_edited(state, name, value), merge_key)

    def _on_architecture_edited(self, layers: list[int], activations: list[str], cost: str) -> None:
        try:
            self._edit(_("Architecture"), edits.architecture_edited(self.session.state, layers, activations, cost))
        except NetworkError as problem:
            self.panes.network_controls.say(str(problem))

    def _undo(self) -> None:
        self.runner.pause()
        self.session.undo_stack.undo()

    def _redo(self) -> None:
        self.runner.pause()
        self.session.undo_stack.redo()

    # --- showing ---------------------------------------------------------------------------------------

    def _on_changed(self, new: Frame, old: Frame | None) -> None:
        self.panes.render_frame(new, old)
        self.practice.render_frame(new)
        is_network = new.state.subject == "network"
        shown = new.network if is_network else new.function
        self._show_check(shown.check, new)
        run = edits.run_of(new.state)
        actions = self.actions_by_key
        actions["phase"].setEnabled(is_network)
        actions["random"].setEnabled(is_network)
        for key in ("export_numpy", "export_pytorch"):
            actions[key].setEnabled(is_network)
        show_pictures(actions, new.state)
        self.steps.render_frame(new)
        actions["log_cost"].setChecked(new.state.cost_scale == "log")
        actions["back"].setEnabled(run is not None and (run.step > 0 or (is_network and new.state.network.phase > 0)))
        actions["reset"].setEnabled(run is not None and (run.length > 0 or is_network))
        ended = run is not None and run.trajectory.stopped_at == run.step
        for key in ("step", "run"):
            actions[key].setEnabled(not ended)

    def _show_check(self, check: Check | None, frame: Frame) -> None:
        bad = check is not None and not check.passes
        if bad != self.check_chip.property("bad"):
            self.check_chip.setProperty("bad", bad)
            self.check_chip.style().polish(self.check_chip)
        self.check_chip.setVisible(check is not None)
        self.check_text.show_parts(check_parts(check, frame))

    def say(self, message: str, failed: bool = False) -> None:
        """Show a message in the status line for a moment; a failure above the panes until it is closed."""
        self.panes.notice.show_text(message if failed else "")
        self.message.show_parts([] if failed else [message])
        self._message_timer.start(5_000)

    def _on_running_changed(self, running: bool) -> None:
        action = self.actions_by_key["run"]
        action.setText(_("&Pause") if running else _("&Run"))
        action.setIcon(icon("pause" if running else "play", look.theme.accent_text))

    def _show_title(self, *_changed: object) -> None:
        name = self.files.path.name if self.files.path is not None else _("untitled")
        self.setWindowTitle(f"{name}[*] – {_('Chain Rule Lab')}")
        self.setWindowModified(not self.session.undo_stack.isClean())

    def _on_clean_changed(self, clean: bool) -> None:
        self.setWindowModified(not clean)

    def _show_table(self, key: str | None = None) -> None:
        self.panes.show_side(True)
        self.actions_by_key["side"].setChecked(True)
        self.panes.show_side_page("table")
        if key is not None:
            self.panes.table.show_row(key)
        else:
            self.panes.table.filter.setFocus()

    def _on_look_changed(self) -> None:
        _style_application()
        tint(self.actions_by_key)
        self._space_status()
        self._on_running_changed(self.runner.running)
        self.actions_by_key[f"theme_{look.choice}"].setChecked(True)
        self._fit()

    def _rescale(self, direction: int) -> None:
        nearest = min(range(len(_SCALES)), key=lambda place: abs(_SCALES[place] - look.scale))
        place = min(max(nearest + direction, 0), len(_SCALES) - 1)
        look.set_scale(_SCALES[place] if direction else 1.0)
        self.settings.remember("scale", look.scale)
        self.say(_("Scale {percent} %").format(percent=round(look.scale * 100)))

    def _choose_theme(self, choice: str) -> None:
        look.choose(choice)  # type: ignore[arg-type]
        self.settings.remember("theme", choice)

    def _on_system_theme(self) -> None:
        if look.choice == "system":
            look.choose("system")

    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _fit(self) -> None:
        compact = self.panes.is_compact(self.width())
        if compact != self._compact:
            first, self._compact = self._compact is None, compact
            if compact or not first:  # at the start, the side panel is as it was left
                self.panes.show_compact(compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- files -----------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Open what was dropped on the window: a table as data, anything else as a session."""
        if path.suffix.lower() in (".csv", ".txt"):
            self.building.take_csv(path)
        elif self.files.may_leave():
            self.files.open_path(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self.open_file(paths[0])

    def _open_csv(self) -> None:
        path = self.files.ask_for_csv()
        if path is not None:
            self.building.preview_csv(path)

    def _export_pane(self) -> None:
        key = self.panes.focused_card()
        body = self.panes.expression.derivation if key == "expression" else self.panes.cards[key].body
        self.files.export_picture(body, key, self.panes.cards[key].accessibleName())

    def _copy_formula(self, key: str, form: str) -> None:
        from chainrule_gui.app.export import copy_formula

        frame = self.session.frame
        if frame.state.subject == "network":
            copy_formula(frame.network.derivation, frame.network.update, key, form, "#000000")
        else:
            copy_formula(frame.function.derivation, None, key, form, "#000000")
        self.say(_("copied"))

    def _copy(self, form: str) -> None:
        from chainrule_gui.app.export import copy_derivation

        frame = self.session.frame
        shown = frame.network if frame.state.subject == "network" else frame.function
        try:
            copy_derivation(shown.derivation, form, "#000000")
        except TypesetError as problem:
            self.say(str(problem), failed=True)
        else:
            self.say(_("copied"))

    # --- dialogs ---------------------------------------------------------------------------------------

    def _search_commands(self) -> None:
        from chainrule_gui.app.commands import CommandSearch

        CommandSearch([*(self.actions_by_key[row.key] for row in ACTIONS), *self.presets.presets()], self).open()

    def _about(self) -> None:
        QMessageBox.about(
            self, _("Chain Rule Lab"),
            _("Chain Rule Lab {version}\nThe chain rule, backpropagation and descent to see, touch and check.\n"
              "MIT licence. Works offline; nothing leaves this computer.").format(version=__version__),
        )  # fmt: skip

    # --- layout ----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._laid_out:
            return
        self._laid_out = True
        self.panes.setFocus()  # else the first button would wear the keyboard's ring from the start
        if self.session.state.subject == "function":
            self.panes.expression.first_entry.setFocus()  # who only begins to type takes another function apart
            self.panes.expression.first_entry.selectAll()
        if not self._compact and not self.settings.number("side", 1.0):
            self.panes.show_side(False)
            self.actions_by_key["side"].setChecked(False)
        self.panes.restore_shares({key: self.settings.bytes(f"splitter/{key}") for key in self.panes.splitters})

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        self.runner.pause()
        self.steps.finish()
        self.practice.finish()
        self.takeaways.finish()
        self.settings.remember("geometry", self.saveGeometry())
        if not self._compact:
            self.settings.remember("side", int(self.panes.side_shown))
        for key, share in self.panes.shares().items():
            self.settings.remember(f"splitter/{key}", share)
        event.accept()


def _style_application() -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyle("Fusion")  # the same everywhere, and it draws what the style sheet leaves alone
    application.setPalette(look.palette())
    application.setStyleSheet(look.style_sheet())
