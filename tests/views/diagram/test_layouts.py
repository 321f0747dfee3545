"""No box of a diagram touches another or leaves the pane, whatever is drawn and however large the pane is."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from PySide6.QtCore import QRectF

from chainrule_gui.model.data import dataset
from chainrule_gui.model.network import Network
from chainrule_gui.session import edits
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import initial_state, new_network_state
from chainrule_gui.views.diagram.function_layout import function_layout
from chainrule_gui.views.diagram.labels import hides_a_line
from chainrule_gui.views.diagram.network_layout import network_layout

PANES = [(300.0, 200.0), (420.0, 300.0), (480.0, 390.0), (900.0, 330.0), (1240.0, 640.0), (520.0, 900.0)]
NETWORKS = [(1, 1, 1), (1, 1, 1, 1), (2, 2, 1), (2, 3, 1), (2, 4, 2, 1), (2, 8, 8, 1), (2, 5, 1), (2, 2, 2, 1)]
FUNCTIONS = [
    "log(2 + cos x)", "x^2", "exp(sin(x^2))", "x sin(x) + exp(x^2)/x", "sin(x)*cos(x)*exp(x)",
    "(sigmoid(w x + b) - y)^2 / 2", "sin(cos(tan(exp(x^2))))", "x*(x + sin x)*(x - cos x)",
]  # fmt: skip


def _frame(layers, view, selected=None):
    network = Network(layers, ("tanh",))
    data = dataset("xor") if layers[0] == 2 else initial_state().network.dataset
    state = edits.subject_chosen(initial_state(), "network")
    from dataclasses import replace

    state = replace(state, network=new_network_state(network, data, network.initial_parameters(seed=1)))
    if selected is not None:
        state = edits.selected(state, selected)
    return resolve(edits.diagram_view_chosen(state, view)).network


def _boxes(layout):
    boxes = [
        (item.name, item.rect)
        for item in layout.items
        if item.labelled and not item.rect.isEmpty() and item.kind != "expander"  # it lies on its machine
    ]
    shown = [item for item in layout.items if item.tag is not None and item.link is not None]
    return boxes + [(f"{item.name}'s derivative", item.tag.rect) for item in shown]


def _check(layout, width, height):
    boxes = _boxes(layout)
    room = QRectF(0, 0, width, height).adjusted(-0.5, -0.5, 0.5, 0.5)
    for name, box in boxes:
        assert room.contains(box), (name, box)
    for (one, box), (other, other_box) in combinations(boxes, 2):
        assert not box.adjusted(0.5, 0.5, -0.5, -0.5).intersects(other_box), (one, box, other, other_box)


@pytest.mark.parametrize("pane", PANES, ids=str)
@pytest.mark.parametrize("view", ["values", "gradients"])
@pytest.mark.parametrize("layers", NETWORKS, ids=str)
def test_no_two_boxes_of_a_network_touch(qapp, layers, view, pane):
    _check(network_layout(_frame(layers, view), view, *pane, 1.0), *pane)


@pytest.mark.parametrize("text", FUNCTIONS)
def test_no_label_hides_an_edge_and_the_graph_stands_in_the_middle(qapp, text):
    width, height = 480.0, 390.0
    layout = function_layout(resolve(edits.text_edited(initial_state(), text)).function, width, height, 1.0)
    edges = [item for item in layout.items if item.kind == "edge"]
    paths = [item.path for item in edges if item.path is not None]
    assert not any(hides_a_line(item.rect, paths) for item in edges)
    boxes = [item.rect for item in layout.items if item.kind == "quantity"]
    left, right = min(box.left() for box in boxes), max(box.right() for box in boxes)
    assert abs((left + right) / 2 - width / 2) < 0.2 * width


@pytest.mark.parametrize("scale", [0.75, 2.0, 3.0])
@pytest.mark.parametrize("selected", ["w1.1.1", "w1.2.1", "w2.1.2", "b1.2"])
def test_the_selected_weight_has_its_label(qapp, selected, scale):
    for pane in PANES[1:]:
        frame = _frame((2, 2, 1), "values", selected)
        layout = network_layout(frame, "values", *pane, scale)
        _check(layout, *pane)
        assert layout.item(selected).labelled


@pytest.mark.parametrize("name", ["w1.8.2", "w2.1.8", "w2.5.5", "w3.1.1"])
def test_a_dense_network_labels_the_selected_weight(qapp, name):
    layout = network_layout(_frame((2, 8, 8, 1), "values", name), "values", 480.0, 390.0, 1.0)
    _check(layout, 480.0, 390.0)
    assert layout.item(name).labelled
    assert layout.size > 0.7


def test_a_small_network_fills_a_large_pane(qapp):
    layout = network_layout(_frame((1, 1, 1), "values"), "values", 1240.0, 640.0, 1.0)
    widest = QRectF()
    for _name, box in _boxes(layout):
        widest = widest.united(box)
    assert layout.size > 1.5
    assert widest.width() > 0.9 * 1240


@pytest.mark.parametrize("pane", PANES, ids=str)
@pytest.mark.parametrize("text", FUNCTIONS)
def test_no_two_boxes_of_a_function_touch_and_no_edge_is_lost(qapp, text, pane):
    frame = resolve(edits.text_edited(initial_state(), text)).function
    layout = function_layout(frame, *pane, 1.0)
    _check(layout, *pane)
    machines = [item.rect for item in layout.items if item.kind == "quantity"]
    for expander in (item for item in layout.items if item.kind == "expander"):
        assert sum(machine.contains(expander.rect) for machine in machines) == 1
    edges = [item for item in layout.items if item.kind == "edge"]
    assert len(edges) == len(frame.derivation.graph)
    for edge in edges:
        assert edge.distance(edge.line[0]) < 1


def test_a_long_edge_runs_round_the_nodes_between(qapp):
    frame = resolve(edits.text_edited(initial_state(), "x sin(x) + exp(x^2)/x")).function
    layout = function_layout(frame, 480.0, 390.0, 1.0)
    nodes = {item.name: item.rect for item in layout.items if item.kind == "quantity"}
    for item in layout.items:
        if item.path is not None:
            of, _slash, wrt = item.name.partition("/")
            points = [item.path.pointAtPercent(step / 60) for step in range(61)]
            for name, box in nodes.items():
                if name not in (of, wrt):
                    assert not any(box.contains(point) for point in points), (item.name, name)


@pytest.mark.parametrize("layers", [(1, 1, 1), (2, 8, 8, 1), (1,) * 9, (2, 3, 3, 3, 3, 1)], ids=str)
@pytest.mark.parametrize("pane", [(480.0, 390.0), (900.0, 330.0), (520.0, 900.0)], ids=str)
def test_every_hidden_layer_has_buttons_that_a_pointer_meets_and_that_touch_nothing(qapp, layers, pane):
    layout = network_layout(_frame(layers, "values"), "values", *pane, 1.0)
    buttons = [item for item in layout.items if item.kind == "build"]
    depth = len(layers) - 1
    assert sorted(item.build for item in buttons) == sorted(
        [("layer+", layer) for layer in range(depth)]
        + [(what, layer) for what in ("layer-", "unit+", "unit-") for layer in range(1, depth)]
    )
    for button in buttons:
        assert button.rect.width() >= 16
        assert layout.at(button.centre) is button
        assert QRectF(0, 0, *pane).contains(button.rect)
    for button, (name, box) in product(buttons, _boxes(layout)):
        if name != button.name:
            assert not box.adjusted(0.5, 0.5, -0.5, -0.5).intersects(button.rect), (button.name, name)


def test_a_low_pane_leaves_its_room_to_the_network(qapp):
    layout = network_layout(_frame((2, 2, 1), "values"), "values", 480.0, 220.0, 1.0)
    assert not [item for item in layout.items if item.kind == "build"]
