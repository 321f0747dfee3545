"""A box for one number: typed, by wheel, by arrows; it shows a rounded value and keeps the exact one."""

from __future__ import annotations

import html
import math

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSpinBox, QToolTip, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.typeset.numbers import MINUS, full_precision, read_number
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window
from chainrule_gui.views.theme import look


class CountBox(QSpinBox):
    """A box for a whole number; its writing keeps off the rounded edge, which a style sheet's padding does not do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.changed.connect(self._apply_look)
        self._apply_look()

    def _apply_look(self) -> None:
        self.lineEdit().setTextMargins(look.px(6), 0, 0, 0)


class NumberBox(QAbstractSpinBox):
    """Shows a number of the frame and asks for another; Qt's own boxes would round what they hold."""

    #: (value, merge key of the gesture)
    value_edited = Signal(float, str)

    def __init__(self, name: str, step: float = 0.05, factor: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._step, self._factor = step, factor
        self._value = 0.0
        self._gesture = Gesture()
        self.setKeyboardTracking(False)
        self.editingFinished.connect(self._take_typed)
        leave_undo_to_the_window(self)
        look.changed.connect(self._apply_look)
        self._apply_look()

    def _apply_look(self) -> None:
        self.lineEdit().setTextMargins(look.px(6), 0, 0, 0)

    @property
    def value(self) -> float:
        """The number shown, unrounded."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number, unless the learner is typing another one."""
        if value == self._value and self.lineEdit().text():
            return
        self._value = value
        self.setToolTip(full_precision(value))
        self.lineEdit().setText(_short(value))

    def stepBy(self, steps: int) -> None:
        if self._factor:
            value = self._value * 10 ** (steps * self._step) if self._value else self._step
            value = float(f"{value:.3g}")
        else:
            value = round(self._value + steps * self._step, 6)
        if math.isfinite(value):
            self.value_edited.emit(value, self._gesture.repeated(self.accessibleName()))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def _take_typed(self) -> None:
        text = self.lineEdit().text()
        if text == _short(self._value):
            return
        value = read_number(text)
        shown, self._value = self._value, math.nan
        self.show_value(shown)
        if value is None:
            message = _("“{text}” is not a number; {value} stays.")
            QToolTip.showText(
                self.mapToGlobal(self.rect().bottomLeft()),
                html.escape(message.format(text=text, value=full_precision(shown))),
                self,
            )
        elif value != shown:
            self._gesture.begin()
            self.value_edited.emit(value, self._gesture.key(self.accessibleName()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()


def _short(value: float) -> str:
    """Write a number so that a box never cuts it: 0.34346, −5.94e29."""
    small_or_large = value != 0 and not 1e-4 <= abs(value) < 1e6
    text = f"{value:.3g}" if small_or_large else f"{value:.5g}"
    return text.replace("e+", "e").replace("e-0", "e-").replace("-", MINUS)
