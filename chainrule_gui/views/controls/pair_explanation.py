"""Why a cost and the last activation go well together, or do not: δ of an output, worked out in four lines."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.network import COSTS, Network
from chainrule_gui.typeset.settings_markup import pair_lines
from chainrule_gui.views.controls.fold import Fold, show_lines
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look


class PairExplanation(Fold):
    """Closed, it names the two; open, it shows the derivation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("δ", parent)
        self._network: Network | None = None
        self.formula = FormulaView()
        self.form.addRow(self.formula)
        self.opened.connect(self._typeset)
        look.changed.connect(self._typeset)

    def render_network(self, network: Network) -> None:
        """Show how δ follows from the cost and the last activation of a network."""
        if network != self._network:
            self._network = network
            used = {"activation": network.activations[-1], "cost": _(COSTS[network.cost].label)}
            self.summarise(_("{activation} with {cost}").format(**used))
            self._typeset()

    def _typeset(self) -> None:
        if self._network is not None and self.is_open:
            show_lines(self.formula, _("δ of the output"), pair_lines(self._network))
