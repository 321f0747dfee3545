"""Where the boxes and labels of a network's diagram are: columns for inputs, layers and the cost, filling the pane."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

from chainrule_gui.session.state import DiagramView
from chainrule_gui.views.diagram.labels import Wanted, place_labels

Weight = tuple[int, int, int]
"""Layer, unit, and the unit below that a weight comes from."""

_MOST_LABELS = 6
"""Up to so many weights into a layer all are labelled, of more only the selected one."""

_LARGEST = 2.2
"""How much larger than usual a small network is drawn where the pane is large."""

_SMALLEST = 0.7
"""A network that would be drawn smaller than this is drawn with less in each unit."""

_MARGIN = 10.0
_BIAS = 24.0
_CAPTION = 24.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How a unit is drawn, with sizes in pixels at the usual size of writing.

    Attributes
    ----------
    upright : a unit's two rows, and a label's name and number, stand one above the other
    dense : a unit shows one number, its name stands above the column
    node, end : width and height of a unit, and of an input or the cost
    label : width of a weight's label, by view
    """

    upright: bool
    dense: bool
    node: tuple[float, float]
    end: tuple[float, float]
    label: dict[DiagramView, float]
    label_height: float

    def reach(self, single: bool) -> tuple[float, float]:
        """Return how far what belongs to a unit reaches above and below its middle."""
        half = self.node[1] / 2
        if not single:
            return half, half + _BIAS
        # Local derivatives above a unit, above the cost and below a bias.
        return max(half + 38, self.end[1] / 2 + 56), half + _BIAS + 36

    def size(self, layers: tuple[int, ...], view: DiagramView, width: float, height: float) -> float:
        """Return how large a network can be drawn in a pane of the given size."""
        columns = len(layers)
        needed = self.end[0] * 2 + self.node[0] * (columns - 1) + (self.label[view] + 10) * columns
        tall = max(layers[1:]) * (sum(self.reach(max(layers) == 1)) + 4)
        tall = max(tall, layers[0] * (self.end[1] + 8) + _BIAS, 2 * (self.end[1] / 2 + 4 + 20 * layers[-1]))
        top = _CAPTION if self.dense else 0.0
        return min((width - 2 * _MARGIN) / needed, height / (tall + top + 6))


WIDE = Shape(False, False, (118.0, 62.0), (72.0, 56.0), {"values": 90.0, "gradients": 126.0}, 22.0)
UPRIGHT = Shape(True, False, (84.0, 108.0), (70.0, 56.0), {"values": 56.0, "gradients": 66.0}, 40.0)
DENSE = Shape(True, True, (62.0, 26.0), (62.0, 44.0), {"values": 54.0, "gradients": 66.0}, 40.0)


@dataclass(slots=True)
class Geometry:
    """Where everything is; units are (layer, unit), counted from 1, inputs being layer 0."""

    shape: Shape
    size: float
    units: dict[tuple[int, int], QRectF] = field(default_factory=dict)
    biases: dict[tuple[int, int], QRectF] = field(default_factory=dict)
    labels: dict[Weight, QRectF] = field(default_factory=dict)
    targets: dict[int, QRectF] = field(default_factory=dict)
    captions: dict[int, QRectF] = field(default_factory=dict)
    cost: QRectF = field(default_factory=QRectF)

    def line(self, weight: Weight) -> tuple[QPointF, QPointF]:
        """Return the ends of a weight's line."""
        layer, unit, source = weight
        below, above = self.units[layer - 1, source], self.units[layer, unit]
        return QPointF(below.right(), below.center().y()), QPointF(above.left(), above.center().y())

    def gap(self, layer: int) -> float:
        """Return the room between the units of a layer and those below it."""
        return self.units[layer, 1].left() - self.units[layer - 1, 1].right()


@lru_cache(maxsize=32)
def network_geometry(
    layers: tuple[int, ...], view: DiagramView, selected: Weight | None, width: float, height: float, scale: float
) -> Geometry:
    """Lay a network out in a pane; kept, because numbers change far more often than what they stand in."""
    shape = max((WIDE, UPRIGHT), key=lambda shape: shape.size(layers, view, width, height))
    size = shape.size(layers, view, width, height)
    dense = DENSE.size(layers, view, width, height)
    if max(layers) > 1 and size < _SMALLEST * scale and dense > 1.2 * size:
        shape, size = DENSE, dense
    size = max(0.2, min(scale * (_LARGEST if max(layers) == 1 else 1.4), size))
    for shrink in (1.0, 0.92, 0.84, 0.76):
        found = _Builder(layers, view, width, height, shape, size * shrink).build()
        if _label(found, layers, view, selected, QRectF(0, 0, width, height)):
            break
    return found


class _Builder:
    def __init__(
        self, layers: tuple[int, ...], view: DiagramView, width: float, height: float, shape: Shape, size: float
    ) -> None:
        self._layers, self._view = layers, view
        self._width, self._height = width, height
        self._found = Geometry(shape, size)

    def build(self) -> Geometry:
        shape, size, found = self._found.shape, self._found.size, self._found
        widths = [side * size for side in (shape.end[0], *[shape.node[0]] * (len(self._layers) - 1), shape.end[0])]
        gap = (self._width - 2 * _MARGIN - sum(widths)) / len(self._layers)
        left = _MARGIN
        for layer, wide in enumerate(widths[:-1]):
            self._column(layer, left, wide)
            left += wide + gap
        self._biases(gap)
        cost_height = shape.end[1] * size
        middle = self._middle(1, 1)
        found.cost = QRectF(left, middle - cost_height / 2, widths[-1], cost_height)
        wide = min(widths[-1] + 0.6 * gap, 90 * size)
        for unit in range(1, self._layers[-1] + 1):
            top = found.cost.bottom() + (4 + 20 * (unit - 1)) * size
            right = min(found.cost.center().x() + wide / 2, self._width - 2)
            found.targets[unit] = QRectF(right - wide, top, wide, 20 * size)
        return found

    def _middle(self, unit: int, units: int) -> float:
        """Return the height of a unit's middle: what belongs to it is centred in its share of the pane."""
        shape, size = self._found.shape, self._found.size
        up, down = shape.reach(max(self._layers) == 1)
        top = _CAPTION * size if shape.dense else 0.0
        share = (self._height - top) / units
        return top + share * (unit - 0.5) + (up - down) / 2 * size

    def _column(self, layer: int, left: float, wide: float) -> None:
        found = self._found
        units = self._layers[layer]
        tall = (found.shape.end if layer == 0 else found.shape.node)[1] * found.size
        for unit in range(1, units + 1):
            found.units[layer, unit] = QRectF(left, self._middle(unit, units) - tall / 2, wide, tall)
        if found.shape.dense and layer:
            found.captions[layer] = QRectF(left, 2, wide, (_CAPTION - 4) * found.size)

    def _biases(self, gap: float) -> None:
        found = self._found
        usual = 132.0 if self._view == "gradients" else 88.0
        room = found.shape.node[0] * found.size + gap - 6
        if found.shape.dense:
            room = found.shape.node[0] * found.size + 6  # leaves the gap to the label of the selected weight
        elif not found.shape.upright and max(self._layers) == 1:
            room = found.shape.node[0] * found.size  # leaves the gap to the local derivatives below the lines
        wide = min(usual * found.size, room)
        for (layer, unit), box in found.units.items():
            if layer:
                left = box.center().x() - wide / 2
                found.biases[layer, unit] = QRectF(left, box.bottom() + 3 * found.size, wide, 20 * found.size)


def _label(found: Geometry, layers: tuple[int, ...], view: DiagramView, selected: Weight | None, room: QRectF) -> bool:
    """Give the weights their labels; return whether each that should have one has one."""
    shape, size = found.shape, found.size
    weights = [
        (layer, unit, source)
        for layer in range(1, len(layers))
        for unit in range(1, layers[layer] + 1)
        for source in range(1, layers[layer - 1] + 1)
    ]
    named = [weight for weight in weights if weight == selected]
    named += [
        weight for weight in weights if weight != selected and layers[weight[0]] * layers[weight[0] - 1] <= _MOST_LABELS
    ]
    paths = {}
    for weight in weights if len(weights) <= 40 else named:
        start, end = found.line(weight)
        paths[weight] = QPainterPath(start)
        paths[weight].lineTo(end)
    wanted = []
    for weight in named:
        wide = min(shape.label[view] * size, found.gap(weight[0]) - 12)
        level = abs(found.line(weight)[0].y() - found.line(weight)[1].y()) < 12 * size
        wanted.append(Wanted(weight, QSizeF(wide, shape.label_height * size), paths[weight], beside=level))
    taken = [*found.units.values(), *found.biases.values(), found.cost, *found.targets.values()]
    found.labels = place_labels(wanted, taken, list(paths.values()), room)  # type: ignore[assignment]
    return len(found.labels) == len(named)
