"""What the diagram consists of, as plain data: where each item is, what it says, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

Kind = Literal["input", "target", "neuron", "cost", "weight", "bias", "quantity", "edge"]


@dataclass(slots=True)
class Row:
    """One line of an item: a name and its number; `name` may be empty."""

    name: str
    value: float | None
    prefix: str = ""


@dataclass(slots=True)
class Item:
    """One thing in the diagram.

    Attributes
    ----------
    name : what it is called in the model; a neuron goes by its z
    rect : the box of the node or of the label, in pixels
    line : for edges, from where to where
    rows : what is written in it
    value : its number; what typing and dragging change where `editable`
    link : key of the link of the derivation that it stands for, or None
    spoken : its accessible name, with its value
    """

    name: str
    kind: Kind
    rect: QRectF
    rows: list[Row] = field(default_factory=list)
    value: float | None = None
    editable: bool = False
    line: tuple[QPointF, QPointF] | None = None
    link: str | None = None
    labelled: bool = True
    weight: float = 0.0
    negative: bool = False
    lit: bool = False
    text: str = ""
    spoken: str = ""

    def distance(self, point: QPointF) -> float:
        """Return how far a point is from the item's edge line; infinite where it has none."""
        if self.line is None:
            return float("inf")
        start, end = self.line
        along = end - start
        length = QPointF.dotProduct(along, along) or 1.0
        place = min(1.0, max(0.0, QPointF.dotProduct(point - start, along) / length))
        gap = point - (start + along * place)
        return float(QPointF.dotProduct(gap, gap) ** 0.5)


@dataclass(slots=True)
class Layout:
    """All items in reading order, and the size of the writing relative to the usual."""

    items: list[Item]
    size: float

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
