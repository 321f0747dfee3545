"""What the learner sets of a network: data, sample, layers, activations, cost, batch."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QPushButton, QWidget

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.model.data import DATASETS
from chainrule_gui.model.network import ACTIVATIONS, COSTS, Network
from chainrule_gui.session.frame import NetworkFrame
from chainrule_gui.views.controls.data_settings import DataSettings
from chainrule_gui.views.controls.learning_settings import OptimiserSettings, StartSettings
from chainrule_gui.views.controls.number_box import CountBox
from chainrule_gui.views.controls.pair_explanation import PairExplanation
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window

_SHOWN_NAMES = {
    "lesson": _("lesson's sample"),
    "xor": _("XOR"),
    "circles": _("circles"),
    "moons": _("moons"),
    "spirals": _("spirals"),
    "line": _("a noisy line"),
}


class NetworkControls(QWidget):
    """A short form; what cannot be is said below it and nothing changes."""

    #: name of a built-in data set
    dataset_chosen = Signal(str)
    #: a CSV file is wanted
    csv_requested = Signal()
    #: (number of a sample, from 0, merge key)
    sample_chosen = Signal(int, str)
    #: (sizes, activations, key of the cost)
    architecture_edited = Signal(list, list, str)
    #: (samples in a step, 0 for all, merge key)
    batch_edited = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: NetworkFrame | None = None
        self._gesture = Gesture()
        self.dataset = QComboBox()
        self.dataset.activated.connect(self._on_dataset)
        self.csv = QPushButton(_("Open CSV…"))
        self.csv.setAccessibleName(_("Open data from a CSV file"))
        self.csv.clicked.connect(self.csv_requested)
        self.sample = CountBox()
        self.sample.valueChanged.connect(
            lambda number: self.sample_chosen.emit(number - 1, self._gesture.repeated("sample"))
        )
        self.layers = QLineEdit()
        self.layers.setToolTip(_("Sizes of the layers from the input to the output, for example 2-8-8-1"))
        self.layers.editingFinished.connect(self._on_architecture)
        self.activations = QLineEdit()
        self.activations.setToolTip(
            _("One for all layers or one for each after the input: {names}").format(names=", ".join(ACTIVATIONS))
        )
        self.activations.editingFinished.connect(self._on_architecture)
        self.cost = QComboBox()
        for key in COSTS:
            self.cost.addItem(_(COSTS[key].label), key)
        self.cost.activated.connect(self._on_architecture)
        self.batch = CountBox()
        self.batch.setSpecialValueText(_("all"))
        self.batch.valueChanged.connect(lambda batch: self.batch_edited.emit(batch, self._gesture.repeated("batch")))
        for entry in (self.layers, self.activations, self.sample, self.batch):
            leave_undo_to_the_window(entry)
        self.message = QLabel()
        self.message.setObjectName("warning")
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)  # it may quote what was typed
        self.message.hide()
        self.data_settings, self.pair = DataSettings(), PairExplanation()
        self.optimiser, self.start = OptimiserSettings(), StartSettings()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for choice in (self.dataset, self.cost):
            choice.setMinimumContentsLength(8)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows = (
            (_("Data"), self.dataset), ("", self.csv), (_("Sample"), self.sample), (_("Layers"), self.layers),
            (_("Activations"), self.activations), (_("Cost"), self.cost), (_("Samples in a step"), self.batch),
        )  # fmt: skip
        for text, widget in rows:
            form.addRow(text, widget)
            if text:
                widget.setAccessibleName(text)
            below = {self.sample: self.data_settings, self.cost: self.pair}.get(widget)
            if below is not None:
                form.addRow(below)
        for fold in (self.optimiser, self.start, self.message):
            form.addRow(fold)

    def render_frame(self, frame: NetworkFrame) -> None:
        """Show the settings of a network."""
        if frame is self._frame:
            return
        old, self._frame = self._frame, frame
        state = frame.state
        count = len(state.dataset.inputs)
        if old is None or state.dataset is not old.state.dataset:
            self._show_data(state.dataset.name, count)
        _set(self.sample, state.sample + 1)
        if old is None or state.network != old.state.network:
            network = state.network
            self.layers.setText("-".join(map(str, network.layers)))
            used = network.activations
            self.activations.setText(used[0] if len(set(used)) == 1 else ", ".join(used))
            with QSignalBlocker(self.cost):
                self.cost.setCurrentIndex(self.cost.findData(network.cost))
            self.say("")
        _set(self.batch, state.batch or 0)
        self.data_settings.render_frame(frame)
        self.pair.render_network(state.network)
        self.optimiser.render_rule(state.rule)
        self.start.render_state(state)

    def say(self, message: str) -> None:
        """Say what cannot be, or nothing."""
        self.message.setText(message)
        self.message.setVisible(bool(message))

    def _show_data(self, name: str, count: int) -> None:
        with QSignalBlocker(self.dataset):
            self.dataset.clear()
            for key in DATASETS:
                self.dataset.addItem(_SHOWN_NAMES.get(key, key), key)
            if name not in DATASETS:
                self.dataset.addItem(name, None)
            place = self.dataset.findData(name)
            self.dataset.setCurrentIndex(place if place >= 0 else self.dataset.count() - 1)
        with QSignalBlocker(self.sample):
            self.sample.setRange(1, count)
            self.sample.setSuffix(" " + ngettext("of {count}", "of {count}", count).format(count=count))
        self.sample.setEnabled(count > 1)
        with QSignalBlocker(self.batch):
            self.batch.setRange(0, count)
        self.batch.setEnabled(count > 1)

    def _on_dataset(self, _index: int) -> None:
        key = self.dataset.currentData()
        if key is not None:
            self.dataset_chosen.emit(key)

    def _on_architecture(self) -> None:
        if self._frame is None:
            return
        network = self._frame.state.network
        try:
            layers = [int(part) for part in self.layers.text().replace(",", "-").replace(" ", "-").split("-") if part]
        except ValueError:
            self.say(_("“{text}” is not a list of sizes. Write for example 2-8-8-1.").format(text=self.layers.text()))
            return
        activations = [part.strip() for part in self.activations.text().split(",") if part.strip()]
        if activations == list(network.activations) or len(set(activations)) == 1:
            activations = activations[:1] if len(set(activations)) == 1 else activations
        cost = self.cost.currentData()
        if _wanted(network, layers, activations, cost):
            self.architecture_edited.emit(layers, activations, cost)


def _set(box: CountBox, value: int) -> None:
    """Show a value without a signal; Qt would draw the box again for the same one too."""
    if box.value() != value:
        with QSignalBlocker(box):
            box.setValue(value)


def _wanted(network: Network, layers: list[int], activations: list[str], cost: str) -> bool:
    """Whether it differs from the network there is."""
    used = list(network.activations)
    same = activations == used or (len(activations) == 1 and used == activations * len(used))
    return not (tuple(layers) == network.layers and same and cost == network.cost)
