"""The bar that runs gradient descent: subject, steps, history, learning rate, speed."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.edits import run_of
from chainrule_gui.session.frame import Frame
from chainrule_gui.views.card import Segments
from chainrule_gui.views.controls.flow import Flow
from chainrule_gui.views.controls.number_box import NumberBox
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.theme import look

SPEEDS = (1, 5, 20, 100, 1000, 0)
"""Steps in a second; 0 is as fast as it goes."""

_PER_DECADE = 50
_LOWEST = -4

_LABELLED = ("step", "phase")
"""Buttons with a text beside their icon."""

_NARROW = 560
"""Below this width, at the scale in use, there is room for icons only."""


class Transport(Flow):
    """Buttons of the run's actions, the scrubber over the history, learning rate and speed."""

    #: "function" or "network"
    subject_chosen = Signal(str)
    #: (step, merge key)
    step_requested = Signal(int, str)
    #: (learning rate, merge key)
    rate_edited = Signal(float, str)
    #: steps in a second, 0 for as fast as it goes
    speed_chosen = Signal(int)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(8, parent)
        self._gesture = Gesture()
        self.subjects = Segments([("function", _("Function")), ("network", _("Network"))], _("Subject"))
        self.subjects.chosen.connect(self.subject_chosen)
        self.add(self.subjects)
        self.buttons: dict[str, QToolButton] = {}
        for key in ("reset", "back", "run", "step", "phase", "random"):
            button = QToolButton()
            button.setDefaultAction(actions[key])
            button.setAccessibleName(actions[key].text().replace("&", ""))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if key in _LABELLED:
                # Qt leaves four pixels between icon and text at every scale; the space grows with the writing.
                actions[key].setIconText(f"\u2009{actions[key].iconText()}")
                button.setObjectName("labelled")
            if key == "run":
                button.setObjectName("primary")
            self.buttons[key] = button
            self.add(button)
        self.position = QLabel()
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setAccessibleName(_("Step of the history"))
        self.scrubber.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.scrubber.sliderPressed.connect(self._gesture.begin)
        self.scrubber.valueChanged.connect(self._on_scrubbed)
        rate_label, speed_label = QLabel(_("η")), QLabel(_("speed"))
        rate_label.setToolTip(_("Learning rate"))
        for label in (rate_label, speed_label):
            label.setObjectName("muted")
        self.rate = NumberBox(_("Learning rate"), step=0.1, factor=True)
        self.rate.value_edited.connect(self.rate_edited)
        self.rate_slider = QSlider(Qt.Orientation.Horizontal)
        self.rate_slider.setAccessibleName(_("Learning rate, logarithmic"))
        self.rate_slider.setRange(0, 6 * _PER_DECADE)
        self.rate_slider.sliderPressed.connect(self._gesture.begin)
        self.rate_slider.valueChanged.connect(self._on_rate_slid)
        self.speed = QComboBox()
        self.speed.setAccessibleName(_("Speed"))
        self.speed.setToolTip(_("Steps in a second while running"))
        for speed in SPEEDS:
            self.speed.addItem(_("{count} steps/s").format(count=speed) if speed else _("full speed"), speed)
        self.speed.setCurrentIndex(2)
        self.speed.activated.connect(lambda _index: self.speed_chosen.emit(self.speed.currentData()))
        self._groups = [
            _Group(self.position, self.scrubber, grows=True),
            _Group(rate_label, self.rate, self.rate_slider),
            _Group(speed_label, self.speed),
        ]
        self.add(*self._groups)
        look.changed.connect(self._apply_look)
        self._apply_look()

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show where the run of the subject stands."""
        state = new.state
        is_network = state.subject == "network"
        if old is None or old.state.subject != state.subject:
            self.subjects.show_choice(state.subject)
            for key in ("phase", "random"):
                self.buttons[key].setVisible(is_network)
        run = run_of(state)
        step, length = (run.step, run.length) if run is not None else (0, 0)
        text = _("step {step} of {length}").format(step=step, length=length)
        if is_network and state.network.batch is not None:
            samples = len(state.network.dataset.inputs)
            epoch = step * state.network.batch / samples
            text += " · " + _("epoch {epoch}").format(epoch=f"{epoch:.1f}")
        self.position.setText(text)
        with QSignalBlocker(self.scrubber):
            self.scrubber.setRange(0, length)
            self.scrubber.setValue(step)
        self.scrubber.setEnabled(length > 0)
        rate = state.network.learning_rate if is_network else state.function.learning_rate
        self.rate.show_value(rate)
        if rate > 0:
            with QSignalBlocker(self.rate_slider):
                place = min(max(math.log10(rate) - _LOWEST, 0.0), 6.0)
                self.rate_slider.setValue(round(place * _PER_DECADE))

    def _on_scrubbed(self, step: int) -> None:
        key = self._gesture.key("step") if self.scrubber.isSliderDown() else self._gesture.repeated("step")
        self.step_requested.emit(step, key)

    def _on_rate_slid(self, place: int) -> None:
        key = self._gesture.key("rate") if self.rate_slider.isSliderDown() else self._gesture.repeated("rate")
        self.rate_edited.emit(float(f"{10 ** (place / _PER_DECADE + _LOWEST):.2g}"), key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where the window is narrow, show icons alone and leave the learning rate to its box."""
        narrow = self.width() < _NARROW * look.scale
        for key in _LABELLED:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            self.buttons[key].setToolButtonStyle(style)
        self.rate_slider.setVisible(not narrow)

    def _apply_look(self) -> None:
        self.flow.set_gap(look.px(8))
        for button in self.buttons.values():
            button.setIconSize(QSize(look.px(16), look.px(16)))
        for group in self._groups:
            group.row.setSpacing(look.px(8))
        self.scrubber.setMinimumWidth(look.px(110))
        self.rate.setFixedWidth(look.px(86))
        self.rate_slider.setFixedWidth(look.px(100))
        self._make_room()


class _Group(QWidget):
    """Widgets that belong together, and stay together where the bar goes on in another row."""

    def __init__(self, *widgets: QWidget, grows: bool = False) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.row.addWidget(widget)
        width = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(width, QSizePolicy.Policy.Fixed)
