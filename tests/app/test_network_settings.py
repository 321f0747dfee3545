"""What is set of a network beside its layers: optimiser, initial values, data and CSV files."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from chainrule_gui.model.data import dataset
from chainrule_gui.views.controls.csv_preview import CsvPreview

_LEFT = Qt.MouseButton.LeftButton
_ENTER = Qt.Key.Key_Return


@pytest.fixture
def network(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    return window


def _state(window):
    return window.session.state.network


def _choose(qtbot, combo, text):
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    for _row in range(combo.count()):
        if combo.currentText() != text:
            qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == text


def _type(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, _ENTER)


def test_an_optimiser_is_chosen_tuned_and_typeset(qtbot, network):
    fold = network.panes.network_controls.optimiser
    assert not fold.choice.isVisible()
    qtbot.mouseClick(fold.heading, _LEFT)
    assert "theta becomes" in fold.equations.accessibleName()
    assert not any(box.isVisible() for box in fold.boxes.values())
    _choose(qtbot, fold.choice, "Adam")
    assert _state(network).rule.key == "adam"
    assert fold.heading.text() == "Optimiser: Adam"
    assert {name for name, box in fold.boxes.items() if box.isVisible()} == {"beta1", "beta2", "epsilon"}
    for name in ("m becomes", "v hat becomes", "theta becomes"):
        assert name in fold.equations.accessibleName()
    _type(qtbot, fold.boxes["beta1"], "0.5")
    assert _state(network).rule.hyperparameters["beta1"] == 0.5
    _type(qtbot, fold.boxes["beta1"], "1")
    assert _state(network).rule.hyperparameters["beta1"] == 0.5
    assert "beta1 must be" in network.panes.notice.text.text()
    network.actions_by_key["undo"].trigger()
    assert fold.boxes["beta1"].value == 0.9
    for _undo in range(2):  # the arrow keys went by momentum
        network.actions_by_key["undo"].trigger()
    assert fold.heading.text() == "Optimiser: gradient descent"
    assert fold.choice.currentText() == "gradient descent"


def test_initial_values_are_drawn_by_a_scheme_and_a_seed(qtbot, network):
    fold = network.panes.network_controls.start
    qtbot.mouseClick(fold.heading, _LEFT)
    _choose(qtbot, fold.scheme, "all equal")
    assert set(network.session.frame.network.parameters) == {0.5}
    assert "0.5" in fold.formula.text()
    _choose(qtbot, fold.scheme, "He")
    fold.seed.setFocus()
    qtbot.keyClick(fold.seed, Qt.Key.Key_Up)
    state = _state(network)
    assert (state.scheme, state.seed) == ("he", 1)
    assert np.array_equal(network.session.frame.network.parameters, state.network.initial_parameters(1, "he"))
    assert fold.heading.text() == "Initial values: He, seed 1"


def test_data_of_another_size_and_noise_are_drawn(qtbot, network):
    controls = network.panes.network_controls
    fold = controls.data_settings
    qtbot.mouseClick(fold.heading, _LEFT)
    assert not fold.noise.isVisible()  # the lesson's sample is what it is
    _choose(qtbot, controls.dataset, "moons")
    assert fold.samples.value() == 200
    fold.samples.setValue(30)
    _type(qtbot, fold.noise, "0")
    assert len(_state(network).dataset.inputs) == 200  # nothing happens before it is asked for
    qtbot.mouseClick(fold.draw, _LEFT)
    drawn, wanted = _state(network).dataset, dataset("moons", _state(network).seed, 30, 0.0)
    assert np.array_equal(drawn.inputs, wanted.inputs)
    assert fold.heading.text() == "Samples: 30"
    network.actions_by_key["undo"].trigger()
    assert len(_state(network).dataset.inputs) == 200


def test_a_part_is_held_out_and_inputs_are_standardised_only_if_chosen(qtbot, network):
    controls = network.panes.network_controls
    fold = controls.data_settings
    qtbot.mouseClick(fold.heading, _LEFT)
    _choose(qtbot, controls.dataset, "a noisy line")
    whole = _state(network).dataset
    assert _state(network).prepared is None
    fold.share.setValue(25)
    assert len(_state(network).dataset.inputs) == 30
    assert "10 samples are held out" in fold.tested.text()
    qtbot.keyClick(fold.standardised, Qt.Key.Key_Space)
    prepared = _state(network).prepared
    assert prepared.scaling is not None
    assert abs(_state(network).dataset.inputs.mean()) < 1e-12
    assert fold.scaling.isVisible()
    assert "the mean of the training samples is taken away" in fold.scaling.accessibleName()
    assert fold.heading.text() == "Samples: 30 + 10 test, standardised"
    qtbot.keyClick(fold.standardised, Qt.Key.Key_Space)
    fold.share.setValue(0)
    assert _state(network).prepared is None
    assert np.array_equal(_state(network).dataset.inputs, whole.inputs)
    assert not fold.tested.isVisible()
    assert not fold.scaling.isVisible()


def test_delta_of_the_output_is_derived_for_every_pair(qtbot, network):
    controls = network.panes.network_controls
    qtbot.mouseClick(controls.pair.heading, _LEFT)
    assert "almost flat" in controls.pair.formula.accessibleName()
    _choose(qtbot, controls.cost, "cross-entropy")
    assert controls.pair.heading.text() == "δ: sigmoid with cross-entropy"
    assert "y hat minus y" in controls.pair.formula.accessibleName()
    assert "cancels" in controls.pair.formula.accessibleName()


@pytest.fixture
def flowers(tmp_path):
    path = tmp_path / "flowers.csv"
    path.write_text("long;wide;kind\n1;2;0\n3;;1\n5;x;1\n7;8;1\n", encoding="utf-8")
    return path


def _preview(window, path, monkeypatch):
    monkeypatch.setattr(window.files, "ask_for_csv", lambda: path)
    window.actions_by_key["open_csv"].trigger()
    return window.findChild(CsvPreview)


def test_a_csv_file_is_looked_at_before_it_is_used(qtbot, network, flowers, monkeypatch):
    preview = _preview(network, flowers, monkeypatch)
    assert preview.delimiter.currentText() == "semicolon"
    assert preview.header.isChecked()
    assert [role.currentText() for role in preview.roles] == ["input", "input", "target"]
    assert preview.cells.item(1, 1).text() == "2"
    assert preview.summary.text() == "2 rows can be used. 2 rows cannot:"
    refused = [preview.refused.item(row).text() for row in range(preview.refused.count())]
    assert refused[0].startswith("line 3: the value in column wide is missing")
    assert refused[1].startswith("line 4: “x” in column wide is not a number")
    _choose(qtbot, preview.roles[1], "not used")
    assert preview.summary.text() == "4 rows can be used."
    assert not preview.refused.isVisible()
    qtbot.mouseClick(preview.use, _LEFT)
    assert _state(network).dataset.inputs.tolist() == [[1], [3], [5], [7]]
    assert _state(network).dataset.targets.tolist() == [[0], [1], [1], [1]]
    network.actions_by_key["undo"].trigger()
    assert _state(network).dataset.name == "lesson"


def test_what_cannot_be_used_is_said_in_the_preview(qtbot, network, flowers, monkeypatch):
    preview = _preview(network, flowers, monkeypatch)
    _choose(qtbot, preview.roles[2], "input")
    assert "at least one input and one target" in preview.summary.text()
    assert not preview.use.isEnabled()
    _choose(qtbot, preview.delimiter, "comma")
    assert len(preview.roles) == 1
    assert not preview.use.isEnabled()
    _choose(qtbot, preview.delimiter, "semicolon")
    preview.header.setFocus()
    qtbot.keyClick(preview.header, Qt.Key.Key_Space)
    assert preview.cells.horizontalHeaderItem(0).text() == "1"
    assert preview.refused.item(0).text().startswith("line 1: “long”")
    before = network.session.state
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert network.session.state is before


def test_a_file_that_cannot_be_read_is_refused_and_a_dropped_one_with_bad_rows_is_shown(
    qtbot, network, flowers, tmp_path, monkeypatch
):
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    assert _preview(network, empty, monkeypatch) is None
    assert "empty.csv" in network.panes.notice.text.text()
    network.open_file(flowers)
    preview = network.findChild(CsvPreview)
    assert preview.refused.count() == 2
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
