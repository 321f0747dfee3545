"""How a network learns: the optimiser with its equations, and how the initial values are drawn."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.network.initial_values import SCHEMES
from chainrule_gui.model.network.optimisers import OPTIMISERS, UpdateRule
from chainrule_gui.session.state import NetworkState
from chainrule_gui.typeset.settings_markup import rule_lines
from chainrule_gui.views.controls.fold import Fold, show_lines
from chainrule_gui.views.controls.number_box import CountBox, NumberBox
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window
from chainrule_gui.views.theme import look

_LETTERS = {"beta": "β", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε"}
_LARGEST_SEED = 2**31 - 1


class OptimiserSettings(Fold):
    """The optimiser, its hyperparameters and its equations."""

    #: (key of the optimiser, its hyperparameters by name, merge key or None)
    optimiser_edited = Signal(str, dict, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Optimiser"), parent)
        self._rule: UpdateRule | None = None
        self.choice = QComboBox()
        for key, row in OPTIMISERS.items():
            self.choice.addItem(_(row.label), key)
        self.choice.activated.connect(lambda _index: self.optimiser_edited.emit(self.choice.currentData(), {}, None))
        self.add_row(_("Optimiser"), self.choice)
        self.boxes: dict[str, NumberBox] = {}
        for row in OPTIMISERS.values():
            for wanted in row.hyperparameters:
                box = NumberBox(_(wanted.label), factor=wanted.name == "epsilon")
                box.value_edited.connect(
                    lambda value, key, row=row, name=wanted.name: self._on_edited(row.key, name, value, key)
                )
                self.boxes[wanted.name] = box
                self.add_row(_LETTERS[wanted.name], box)
        self.equations = FormulaView()
        self.form.addRow(self.equations)
        self.opened.connect(self._typeset)
        look.changed.connect(self._typeset)

    def render_rule(self, rule: UpdateRule) -> None:
        """Show an optimiser."""
        if rule == self._rule:
            return
        self._rule = rule
        self.summarise(_(rule.row.label))
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(self.choice.findData(rule.key))
        for name, box in self.boxes.items():
            self.form.setRowVisible(box, name in rule.hyperparameters)
            if name in rule.hyperparameters:
                box.show_value(rule.hyperparameters[name])
        self._typeset()

    def _typeset(self) -> None:
        if self._rule is not None and self.is_open:
            show_lines(self.equations, _("Update of a parameter"), rule_lines(self._rule))

    def _on_edited(self, optimiser: str, name: str, value: float, key: str) -> None:
        if self._rule is not None:
            self.optimiser_edited.emit(optimiser, {**self._rule.hyperparameters, name: value}, key)


class StartSettings(Fold):
    """The scheme by which initial values are drawn, in words, and the seed."""

    #: key of the scheme
    scheme_chosen = Signal(str)
    #: (seed, merge key)
    seed_edited = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Initial values"), parent)
        self._gesture = Gesture()
        self._shown: tuple[str, int] | None = None
        self.scheme = QComboBox()
        for key, row in SCHEMES.items():
            self.scheme.addItem(_(row.label), key)
        self.scheme.activated.connect(lambda _index: self.scheme_chosen.emit(self.scheme.currentData()))
        self.formula = QLabel()
        self.formula.setObjectName("muted")
        self.formula.setWordWrap(True)
        self.formula.setAccessibleName(_("How initial values are drawn"))
        self.seed = CountBox()
        self.seed.setRange(0, _LARGEST_SEED)
        self.seed.setToolTip(_("The same seed draws the same values again"))
        self.seed.valueChanged.connect(lambda seed: self.seed_edited.emit(seed, self._gesture.repeated("seed")))
        leave_undo_to_the_window(self.seed)
        self.add_row(_("Scheme"), self.scheme)
        self.form.addRow(self.formula)
        self.add_row(_("Seed"), self.seed)

    def render_state(self, state: NetworkState) -> None:
        """Show how a network's initial values are drawn."""
        if (state.scheme, state.seed) == self._shown:
            return
        self._shown = state.scheme, state.seed
        row = SCHEMES[state.scheme]
        self.summarise(_("{scheme}, seed {seed}").format(scheme=_(row.label), seed=state.seed))
        self.formula.setText(_(row.formula))
        with QSignalBlocker(self.scheme):
            self.scheme.setCurrentIndex(self.scheme.findData(state.scheme))
        with QSignalBlocker(self.seed):
            self.seed.setValue(state.seed)
