"""What the learner sets of a function: each variable by slider and box, and the one to differentiate by."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSlider, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.views.controls.nudge_control import NudgeControl
from chainrule_gui.views.controls.number_box import NumberBox
from chainrule_gui.views.gesture import Gesture, rounded_within
from chainrule_gui.views.theme import look

_TICKS = 1000
_OTHERS = (-5.0, 5.0)


class FunctionControls(QWidget):
    """Sliders over the plot's range for the variable, over −5 to 5 for the others."""

    #: (variable, value, merge key)
    point_edited = Signal(str, float, str)
    #: the variable to differentiate by
    wrt_chosen = Signal(str)
    #: (Δx, merge key)
    nudge_edited = Signal(float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture = Gesture()
        self._frame: FunctionFrame | None = None
        self.boxes: dict[str, NumberBox] = {}
        self.sliders: dict[str, QSlider] = {}
        self._labels: list[QLabel] = []
        self.wrt = QComboBox()
        self.wrt.setAccessibleName(_("Differentiate by"))
        self.wrt.activated.connect(lambda _index: self.wrt_chosen.emit(self.wrt.currentText()))
        self._wrt_label = QLabel(_("Differentiate by"))
        self._grid = QGridLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.nudge = NudgeControl()
        self.nudge.nudge_edited.connect(self.nudge_edited)
        column.addLayout(self._grid)
        column.addWidget(self.nudge)
        column.addWidget(self._wrt_label)
        column.addWidget(self.wrt)
        column.addStretch(1)

    def render_frame(self, frame: FunctionFrame) -> None:
        """Show the variables of a function."""
        if frame is self._frame:
            return
        self._frame = frame
        names = [name for name, _value in frame.state.point]
        if names != list(self.boxes):
            self._rebuild(names)
        for name, value in frame.state.point:
            self.boxes[name].show_value(value)
            low, high = self._range(name)
            with QSignalBlocker(self.sliders[name]):
                place = min(max((value - low) / (high - low), 0.0), 1.0)
                self.sliders[name].setValue(round(place * _TICKS))
        self.wrt.setCurrentText(frame.state.wrt)
        self.nudge.setVisible(frame.nudge is not None)
        if frame.nudge is not None:
            self.nudge.show_nudge(frame.state.wrt, frame.nudge.size)

    def _range(self, name: str) -> tuple[float, float]:
        assert self._frame is not None
        return self._frame.state.x_range if name == self._frame.state.wrt else _OTHERS

    def _rebuild(self, names: list[str]) -> None:
        for widget in (*self._labels, *self.sliders.values(), *self.boxes.values()):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._labels, self.boxes, self.sliders = [], {}, {}
        for row, name in enumerate(names):
            label, slider = QLabel(name), QSlider(Qt.Orientation.Horizontal)
            slider.setRange(0, _TICKS)
            slider.setAccessibleName(_("Variable {name}, slider").format(name=name))
            slider.sliderPressed.connect(self._gesture.begin)
            slider.valueChanged.connect(lambda place, name=name: self._on_slid(name, place))
            box = NumberBox(_("Variable {name}").format(name=name))
            box.setFixedWidth(look.px(96))
            box.value_edited.connect(lambda value, key, name=name: self.point_edited.emit(name, value, key))
            for column, widget in enumerate((label, slider, box)):
                self._grid.addWidget(widget, row, column)
            self._labels.append(label)
            self.sliders[name], self.boxes[name] = slider, box
        before: QWidget = self.wrt
        for name in names:
            for widget in (self.sliders[name], self.boxes[name]):
                QWidget.setTabOrder(before, widget)
                before = widget
        QWidget.setTabOrder(before, self.wrt)
        with QSignalBlocker(self.wrt):
            self.wrt.clear()
            self.wrt.addItems(names)
        several = len(names) > 1
        self.wrt.setVisible(several)
        self._wrt_label.setVisible(several)

    def _on_slid(self, name: str, place: int) -> None:
        low, high = self._range(name)
        sliding = self.sliders[name].isSliderDown()
        key = self._gesture.key(name) if sliding else self._gesture.repeated(name)
        self.point_edited.emit(name, rounded_within(low + (high - low) * place / _TICKS, low, high), key)
