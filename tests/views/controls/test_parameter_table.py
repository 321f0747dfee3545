"""The parameter table: no number is cut, names are those of the diagram, the public name is in the tool tip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from chainrule_gui.app.main_window import MainWindow
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network import Network
from chainrule_gui.session.phases import plain
from chainrule_gui.session.session import Session
from chainrule_gui.session.state import initial_state, new_network_state
from chainrule_gui.views.controls.table_cells import name_width
from chainrule_gui.views.theme import look


def _shown(qtbot, parameters):
    network = Network((2, 2, 1), ("tanh",))
    state = new_network_state(network, dataset("xor"), parameters)
    window = MainWindow(Session(replace(initial_state(), subject="network", network=state)))
    qtbot.addWidget(window, before_close_func=lambda widget: widget.session.undo_stack.setClean())
    window.resize(round(1280 * look.scale), round(800 * look.scale))
    window.show()
    qtbot.waitExposed(window)
    QGuiApplication.processEvents()
    return window.panes.parameters


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_usual_numbers_fit_their_columns_at_full_size(qtbot, scale):
    look.set_scale(scale)
    table = _shown(qtbot, Network((2, 2, 1), ("tanh",)).initial_parameters(seed=1))
    model, metrics = table.model(), QFontMetricsF(table.font())
    padding = 8 * scale
    for row in range(model.rowCount()):
        for column in range(1, 4):
            text = model.index(row, column).data()
            assert "…" not in text
            assert metrics.horizontalAdvance(text) <= table.columnWidth(column) - padding + 1, (row, column, text)
    assert all(name_width(name) <= table.columnWidth(0) for name in model.names)


def test_every_digit_is_in_the_tool_tip_and_so_is_the_public_name(qtbot):
    values = np.array([1 / 3, -1e-9, 2e7, 0.0, 1.0, -2.0, 3.0, 1e-300, 5.0])
    table = _shown(qtbot, values)
    model = table.model()
    tip = model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert float(tip) == values[0]
    assert "w1.1.1" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(0, 0).data() == "w⁽¹⁾₁,₁"


def test_names_read_as_they_are_typeset():
    names = {"w2": "w₂", "y_hat": "ŷ", "w1.2.10": "w⁽¹⁾₂,₁₀", "b2.1": "b⁽²⁾₁", "x.2": "x₂", "y_hat.1": "ŷ₁", "x": "x"}
    assert {name: plain(name) for name in names} == names
