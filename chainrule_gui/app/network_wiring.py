"""Wires what the panes ask for of a network to edits of the session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from chainrule_gui.app.panes import Panes
from chainrule_gui.i18n import _
from chainrule_gui.model.data import DataError, Dataset, dataset
from chainrule_gui.model.network import ACTIVATIONS, NetworkError
from chainrule_gui.model.network.definitions import places_of
from chainrule_gui.model.network.network import MAX_LAYERS, MAX_UNITS
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.session import edits
from chainrule_gui.session import network_edits as structure
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import LabState, NetworkState

Edit = Callable[..., None]

_BUILDING = ("add_unit", "remove_unit", "add_layer", "remove_layer", "activation", "lock", "menu")
_BUTTONS = {"unit+": "add_unit", "unit-": "remove_unit", "layer+": "add_layer", "layer-": "remove_layer"}


class NetworkWiring(QObject):
    """Builds the network: by the diagram's buttons and menu, and by the actions, on the layer of its current item."""

    def __init__(
        self,
        session: Session,
        panes: Panes,
        actions: dict[str, QAction],
        edit: Edit,
        say: Callable[[str, bool], None],
    ) -> None:
        super().__init__(panes)
        self._session, self._panes, self._actions = session, panes, actions
        self._edit, self._say = edit, say
        for key, handler in (
            ("add_unit", lambda: self.add_unit(self.layer)), ("remove_unit", self._remove_current_unit),
            ("add_layer", lambda: self.add_layer(self.layer)), ("remove_layer", lambda: self.remove_layer(self.layer)),
            ("activation", self._next_activation), ("lock", self._lock), ("menu", panes.diagram.request_menu),
        ):  # fmt: skip
            actions[key].triggered.connect(lambda _checked=False, handler=handler: handler())
        panes.diagram.build_requested.connect(self._on_button)
        panes.diagram.menu_requested.connect(self._show_menu)
        panes.network_built.connect(self._connect_settings)
        session.changed.connect(lambda new, _old: self._show(new.state))
        self._show(session.state)

    def _connect_settings(self) -> None:
        session, edit = self._session, self._edit
        self._panes.parameters.lock_requested.connect(self.lock)
        controls = self._panes.network_controls
        controls.data_settings.draw_requested.connect(self._on_draw)
        controls.data_settings.preparation_edited.connect(
            lambda share, standardised, key: edit(
                _("Data"), edits.data_prepared(session.state, share, standardised), key
            )
        )
        controls.optimiser.optimiser_edited.connect(self._on_optimiser)
        controls.start.scheme_chosen.connect(
            lambda scheme: edit(_("Initial values"), edits.scheme_chosen(session.state, scheme))
        )
        controls.start.seed_edited.connect(
            lambda seed, key: edit(_("Seed"), edits.seed_chosen(session.state, seed), key)
        )

    @property
    def _network(self) -> NetworkState:
        return self._session.state.network

    @property
    def layer(self) -> int:
        """The layer of the diagram's current item, counted from 1; 0 is the input."""
        network, item = self._network.network, self._panes.diagram.current_item
        if item is not None and item.build is not None:
            return min(item.build[1], network.depth)
        place = places_of(network).get(self._network.selected if item is None else item.name)
        return network.depth if place is None else place.layer

    def add_unit(self, layer: int) -> None:
        """Add a unit to a layer, or say why not."""
        network = self._network.network
        if self._is_hidden(layer):
            if network.layers[layer] == MAX_UNITS:
                self._refuse(_("Layer {layer} has {most} units; more than that a network cannot have here."),
                             layer=layer, most=MAX_UNITS)  # fmt: skip
            else:
                self._edit(_("Add a unit"), structure.unit_added(self._session.state, layer))

    def remove_unit(self, layer: int, unit: int) -> None:
        """Remove a unit, counted from 1, or say why not."""
        if self._is_hidden(layer):
            if self._network.network.layers[layer] == 1:
                self._refuse(_("Layer {layer} has one unit only. Remove the layer instead."), layer=layer)
            else:
                self._edit(_("Remove a unit"), structure.unit_removed(self._session.state, layer, unit))

    def add_layer(self, after: int) -> None:
        """Add a layer behind another, before the outputs, or say why not."""
        network = self._network.network
        if network.depth == MAX_LAYERS:
            self._refuse(_("The network has {most} layers; more than that it cannot have here."), most=MAX_LAYERS)
        else:
            after = min(after, network.depth - 1)  # the last layer stays the last
            self._edit(_("Add a layer"), structure.layer_added(self._session.state, after))

    def remove_layer(self, layer: int) -> None:
        """Remove a layer, or say why not."""
        if 0 < layer < self._network.network.depth:
            self._edit(_("Remove a layer"), structure.layer_removed(self._session.state, layer))
        else:
            self._refuse(_("Inputs and outputs stay. Go to a layer between them to remove it."))

    def choose_activation(self, layer: int, key: str) -> None:
        """Use another activation for a layer."""
        if key != self._network.network.activations[layer - 1]:
            self._edit(_("Activation"), structure.activation_chosen(self._session.state, layer, key))

    def lock(self, name: str, locked: bool) -> None:
        """Keep a parameter as it is, or let steps change it again."""
        label = _("Lock {name}") if locked else _("Unlock {name}")
        self._edit(label.format(name=name), edits.parameter_frozen(self._session.state, name, locked))

    # --- the settings ------------------------------------------------------------------------------------

    def take_csv(self, path: Path) -> None:
        """Take the data from a CSV file, the last columns as targets; where a row cannot be used, show the file."""
        from chainrule_gui.model.csv_file import read_csv

        try:
            data = read_csv(path, outputs=self._network.network.layers[-1])
        except DataError:
            self.preview_csv(path)
        else:
            self.take_data(data)

    def preview_csv(self, path: Path) -> None:
        """Show a CSV file and ask what its columns are."""
        from chainrule_gui.views.controls.csv_preview import CsvPreview

        try:
            preview = CsvPreview(path, self._network.network.layers[-1], self._panes)
        except DataError as problem:
            self._say(str(problem), True)
        else:
            preview.taken.connect(self.take_data)
            preview.open()

    def take_data(self, data: Dataset) -> None:
        """Let the network learn from other data; the inputs and outputs follow."""
        try:
            state = edits.dataset_chosen(edits.subject_chosen(self._session.state, "network"), data)
        except NetworkError as problem:
            self._say(str(problem), True)
        else:
            self._edit(_("Data"), state)

    def _on_draw(self, name: str, size: int, noise: float) -> None:
        try:
            data = dataset(name, self._network.seed, size, noise)
        except DataError as problem:
            self._say(str(problem), True)
        else:
            self.take_data(data)

    def _on_optimiser(self, key: str, hyperparameters: dict[str, float], merge_key: str | None) -> None:
        try:
            rule = UpdateRule(key, hyperparameters)
        except NetworkError as problem:
            self._say(str(problem), True)
        else:
            if rule != self._network.rule:
                self._edit(_("Optimiser"), edits.optimiser_chosen(self._session.state, rule), merge_key)

    # --- the actions -------------------------------------------------------------------------------------

    def _on_button(self, what: str, _layer: int) -> None:
        self._actions[_BUTTONS[what]].trigger()  # acts on the layer of the current item, which the button is

    def _remove_current_unit(self) -> None:
        layer, network = self.layer, self._network.network
        item = self._panes.diagram.current_item
        place = places_of(network).get(item.name) if item is not None else None
        on_unit = place is not None and place.kind in ("z", "b")
        self.remove_unit(layer, place.unit if place is not None and on_unit else network.layers[layer])

    def _next_activation(self) -> None:
        layer, keys = max(self.layer, 1), list(ACTIVATIONS)
        place = keys.index(self._network.network.activations[layer - 1]) + 1
        key = keys[place % len(keys)]
        self.choose_activation(layer, key)
        self._say(_("Layer {layer}: {activation}").format(layer=layer, activation=_(ACTIVATIONS[key].label)), False)

    @property
    def _parameter(self) -> str:
        """What is to be locked: the table's current row, else the diagram's current item, else what is derived by.

        Empty where that is no weight or bias.
        """
        names, item = self._network.network.parameter_names, self._panes.diagram.current_item
        if self._panes.parameters.hasFocus() and self._panes.parameters.current_name in names:
            return self._panes.parameters.current_name
        if item is not None and item.name in names:
            return item.name
        return self._network.selected if self._network.selected in names else ""

    def _lock(self) -> None:
        name = self._parameter
        if name:
            self.lock(name, name not in self._network.frozen)
        else:
            self._refuse(_("Only weights and biases can be locked. Go to one of them first."))
        self._show(self._session.state)

    def _is_hidden(self, layer: int) -> bool:
        """Whether a layer's units can be chosen; if not, say why."""
        if layer == 0:
            self._refuse(_("The inputs follow the data. Go to a layer behind them to add or remove its units."))
        elif layer == self._network.network.depth:
            self._refuse(_("The outputs follow the targets of the data. Go to a layer before them, or add one."))
        return 0 < layer < self._network.network.depth

    def _refuse(self, message: str, **numbers: int) -> None:
        self._say(message.format(**numbers), True)

    # --- showing -----------------------------------------------------------------------------------------

    def _show(self, state: LabState) -> None:
        is_network = state.subject == "network"
        for key in _BUILDING:
            self._actions[key].setEnabled(is_network)
        self._actions["lock"].setChecked(is_network and self._parameter in state.network.frozen)

    def _show_menu(self, at: QPoint) -> None:
        self._show(self._session.state)
        layer, network = self.layer, self._network.network
        menu = QMenu(self._panes)
        menu.setAccessibleName(_("Layer {layer}").format(layer=layer) if layer else _("Inputs"))
        menu.aboutToHide.connect(menu.deleteLater)
        for keys in (("add_unit", "remove_unit"), ("add_layer", "remove_layer")):
            menu.addActions([self._actions[key] for key in keys])
            menu.addSeparator()
        if layer:
            choices = menu.addMenu(_("Activation of layer {layer}").format(layer=layer))
            group = QActionGroup(choices)
            for key, row in ACTIVATIONS.items():
                action = choices.addAction(_(row.label))
                action.setCheckable(True)
                action.setChecked(key == network.activations[layer - 1])
                action.triggered.connect(lambda _checked=False, key=key: self.choose_activation(layer, key))
                group.addAction(action)
        item = self._panes.diagram.current_item
        if item is not None and item.name == self._parameter:
            menu.addAction(self._actions["lock"])
        menu.popup(at)
