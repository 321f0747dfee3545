"""What the diagram consists of, as plain data: where each item is, what it says, what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from chainrule_gui.model.nudge import Change

Kind = Literal["input", "target", "neuron", "cost", "weight", "bias", "quantity", "edge", "nudge", "expander", "build"]
Build = Literal["unit+", "unit-", "layer+", "layer-"]


@dataclass(slots=True)
class Row:
    """One line of an item: Typst markup of what it is called, which may be empty, and its number."""

    markup: str
    value: float | None


@dataclass(slots=True)
class Tag:
    """The local derivative of an item's link, written beside it, or above its number, in the link's colour."""

    markup: str
    value: float | None
    rect: QRectF
    stacked: bool = False


@dataclass(slots=True)
class Item:
    """One thing in the diagram.

    Attributes
    ----------
    name : what it is called in the model; a neuron goes by its z
    rect : the box of the node or of the label, in pixels
    line : for edges, from where to where
    path : the line itself, where it is curved
    rows : what is written in it
    value : its number; what typing and dragging change where `editable`
    link : key of the link of the derivation that it stands for, or None
    labelled : whether `rows` are shown; a dense network labels only the selected edge
    weight : thickness of a line, 0 to 1
    negative : drawn dashed, so that colour is not the only sign
    locked : no step changes it
    lit : belongs to the phase that is narrated
    operation : Typst markup of what a quantity does with its input; empty for what is given
    build : for a button, what it adds or removes and the layer, counted from 1; a layer is added behind it
    change : what the nudge does to a quantity, where that is shown
    spoken : gives its accessible name, with its value
    """

    name: str
    kind: Kind
    rect: QRectF
    rows: list[Row] = field(default_factory=list)
    value: float | None = None
    editable: bool = False
    line: tuple[QPointF, QPointF] | None = None
    path: QPainterPath | None = None
    link: str | None = None
    tag: Tag | None = None
    labelled: bool = True
    weight: float = 0.0
    negative: bool = False
    locked: bool = False
    lit: bool = False
    operation: str = ""
    build: tuple[Build, int] | None = None
    change: Change | None = None
    spoken: Callable[[], str] = str

    @property
    def centre(self) -> QPointF:
        """The middle of its box, or of its line where it has none."""
        if self.rect.isEmpty() and self.line is not None:
            return (self.line[0] + self.line[1]) / 2
        return self.rect.center()

    def distance(self, point: QPointF) -> float:
        """Return how far a point is from the item's line; infinite where it has none."""
        if self.line is None:
            return float("inf")
        if self.path is not None:
            line = self.path.toSubpathPolygons()[0]
            corners = [line.at(place) for place in range(line.size())]
            return min(_distance(point, start, end) for start, end in pairwise(corners))
        return _distance(point, *self.line)


def _distance(point: QPointF, start: QPointF, end: QPointF) -> float:
    along = end - start
    length = QPointF.dotProduct(along, along) or 1.0
    place = min(1.0, max(0.0, QPointF.dotProduct(point - start, along) / length))
    gap = point - (start + along * place)
    return float(QPointF.dotProduct(gap, gap) ** 0.5)


@dataclass(slots=True)
class Layout:
    """All items of a diagram.

    Attributes
    ----------
    items : in the order of painting
    size : the writing's, relative to the usual
    captions : names above columns of nodes that show numbers alone, as box and markup
    digits : the decimals there is room for
    upright : rows in a node, and a label's name and number, stand one above the other instead of side by side
    downward : the graph runs from top to bottom instead of from left to right
    """

    items: list[Item]
    size: float
    digits: int = 4
    upright: bool = False
    downward: bool = False
    captions: tuple[tuple[QRectF, str], ...] = ()

    def item(self, name: str) -> Item | None:
        """Return the item of that name."""
        return next((item for item in self.items if item.name == name), None)

    def at(self, point: QPointF) -> Item | None:
        """Return the item at a point: labels and nodes before lines."""
        boxes = [item for item in self.items if item.labelled and item.rect.contains(point)]
        if boxes:
            return min(boxes, key=lambda item: item.rect.width() * item.rect.height())
        lines = [(item.distance(point), index) for index, item in enumerate(self.items) if item.line is not None]
        nearest = min(lines, default=None)
        return self.items[nearest[1]] if nearest is not None and nearest[0] < 7 else None

    def reading_order(self) -> list[Item]:
        """Return the items along the graph, rank by rank, and across it within a rank."""
        if self.downward:
            return sorted(self.items, key=lambda item: (round(item.centre.y() / 12), item.centre.x()))
        return sorted(self.items, key=lambda item: (round(item.centre.x() / 12), item.centre.y()))
