"""More about the data: a built-in set of another size or noise, a part held out for testing, standardised inputs."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.data import BUILT_IN, MAX_SIZE, Dataset
from chainrule_gui.model.preparation import Prepared
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.typeset.numbers import format_number
from chainrule_gui.typeset.settings_markup import scaling_lines
from chainrule_gui.views.controls.fold import Fold, show_lines
from chainrule_gui.views.controls.number_box import CountBox, NumberBox
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window
from chainrule_gui.views.theme import look

_MOST_HELD_OUT = 90


class DataSettings(Fold):
    """Size and noise are what the next drawing is asked for; all else shows what the data are."""

    #: (name of a built-in set, number of samples, noise)
    draw_requested = Signal(str, int, float)
    #: (part held out for testing, whether inputs are standardised, merge key)
    preparation_edited = Signal(float, bool, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Samples"), parent)
        self._frame: NetworkFrame | None = None
        self._gesture = Gesture()
        self.samples = CountBox()
        self.samples.setRange(1, MAX_SIZE)
        self.noise = NumberBox(_("Noise"), step=0.05)
        self.noise.value_edited.connect(lambda value, _key: self.noise.show_value(max(0.0, value)))
        self.draw = QPushButton(_("Draw such data"))
        self.draw.clicked.connect(self._on_draw)
        self.share = CountBox()
        self.share.setRange(0, _MOST_HELD_OUT)
        self.share.setSingleStep(5)
        self.share.setSuffix(" %")
        self.share.setSpecialValueText(_("none"))
        self.share.valueChanged.connect(lambda _share: self._on_prepared("share"))
        self.standardised = QCheckBox(_("Standardise the inputs"))
        self.standardised.toggled.connect(lambda _on: self._on_prepared("standardised"))
        for entry in (self.samples, self.share):
            leave_undo_to_the_window(entry)
        self.tested = QLabel()
        self.tested.setObjectName("muted")
        self.tested.setWordWrap(True)
        self.scaling = FormulaView()
        self.add_row(_("Size"), self.samples)
        self.add_row(_("Noise"), self.noise)
        self.form.addRow(self.draw)
        self.add_row(_("Held out for testing"), self.share)
        self.form.addRow(self.tested)
        self.form.addRow(self.standardised)
        self.form.addRow(self.scaling)
        self.opened.connect(self._typeset)
        look.changed.connect(self._typeset)

    def render_frame(self, frame: NetworkFrame) -> None:
        """Show what is done to the data."""
        old, self._frame = self._frame, frame
        if old is None or frame.test_cost != old.test_cost or frame.state.prepared is not old.state.prepared:
            self._show_tested(frame)
        state = frame.state
        if old is not None and (state.dataset, state.prepared) == (old.state.dataset, old.state.prepared):
            return
        whole = state.prepared.whole if state.prepared else state.dataset
        before = None if old is None else old.state.prepared.whole if old.state.prepared else old.state.dataset
        if whole is not before:
            self._show_whole(whole)
        with QSignalBlocker(self.share):
            self.share.setValue(round(100 * state.prepared.test_share) if state.prepared else 0)
        self.share.setEnabled(len(whole.inputs) > 1)
        with QSignalBlocker(self.standardised):
            self.standardised.setChecked(state.prepared is not None and state.prepared.scaling is not None)
        self.summarise(_said(whole, state.prepared))
        self._typeset()

    def _show_whole(self, whole: Dataset) -> None:
        row = BUILT_IN.get(whole.name)
        varies = row is not None and row.noise is not None
        for widget in (self.samples, self.noise, self.draw):
            self.form.setRowVisible(widget, varies)
        if row is not None and row.noise is not None:
            self.samples.setValue(len(whole.inputs))
            self.noise.show_value(row.noise)
            self.noise.setToolTip(_(row.noise_means))

    def _show_tested(self, frame: NetworkFrame) -> None:
        prepared, cost = frame.state.prepared, frame.test_cost
        self.form.setRowVisible(self.tested, prepared is not None and prepared.test is not None)
        if prepared is not None and prepared.test is not None:
            count = len(prepared.test.inputs)
            message = ngettext(
                "{count} sample is held out; no step sees it. Its cost: {cost}",
                "{count} samples are held out; no step sees them. Their cost: {cost}",
                count,
            )
            self.tested.setText(message.format(count=count, cost=format_number(cost)))

    def _typeset(self) -> None:
        if self._frame is not None and self.is_open:
            prepared = self._frame.state.prepared
            shown = prepared is not None and prepared.scaling is not None
            self.form.setRowVisible(self.scaling, shown)
            if prepared is not None and prepared.scaling is not None:
                lines = scaling_lines(prepared.scaling, self._frame.state.network)
                show_lines(self.scaling, _("Standardised inputs"), lines)

    def _on_draw(self) -> None:
        if self._frame is not None:
            state = self._frame.state
            whole = state.prepared.whole if state.prepared else state.dataset
            self.draw_requested.emit(whole.name, self.samples.value(), self.noise.value)

    def _on_prepared(self, what: str) -> None:
        key = self._gesture.repeated(what)
        self.preparation_edited.emit(self.share.value() / 100, self.standardised.isChecked(), key)


def _said(whole: Dataset, prepared: Prepared | None) -> str:
    parts = [str(len(whole.inputs))]
    if prepared is not None and prepared.test is not None:
        parts = [_("{train} + {test} test").format(train=len(prepared.rows), test=len(prepared.test_rows))]
    if prepared is not None and prepared.scaling is not None:
        parts.append(_("standardised"))
    return ", ".join(parts)
