"""The size of the nudge by slider, over its powers of ten, and by box."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.views.controls.number_box import NumberBox
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.theme import look

_DECADES = (-4.0, 0.0)
_TICKS = 400


class NudgeControl(QWidget):
    """Shows Δx; the slider keeps its sign, the box takes any."""

    #: (Δx, merge key)
    nudge_edited = Signal(float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture = Gesture()
        self._label = QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _TICKS)
        self.slider.setAccessibleName(_("Size of the nudge, slider"))
        self.slider.sliderPressed.connect(self._gesture.begin)
        self.slider.valueChanged.connect(self._on_slid)
        self.box = NumberBox(_("Size of the nudge"), step=0.1, factor=True)
        self.box.value_edited.connect(self.nudge_edited)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label)
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)

    def show_nudge(self, wrt: str, size: float) -> None:
        """Show a nudge of a variable."""
        self._label.setText(f"Δ{wrt}")
        self.box.setFixedWidth(look.px(96))
        self.box.show_value(size)
        low, high = _DECADES
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((math.log10(abs(size)) - low) / (high - low) * _TICKS))

    def _on_slid(self, place: int) -> None:
        low, high = _DECADES
        size = float(f"{10.0 ** (low + (high - low) * place / _TICKS):.3g}")
        key = self._gesture.key("nudge") if self.slider.isSliderDown() else self._gesture.repeated("nudge")
        self.nudge_edited.emit(math.copysign(size, self.box.value), key)
