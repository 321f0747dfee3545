"""Where the labels of edges go: on or beside their line, never on a node or on one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
_SAMPLES = 24
_GAP = 2.0
_HIDDEN = 0.5
"""A label may cover so much of a line; where it covers more, the line cannot be followed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that wants a place.

    Attributes
    ----------
    key : whose label it is
    size : of its box
    path : the edge's line
    beside : put it beside the line rather than on it, the first side being the one to the left of its direction
    """

    key: object
    size: QSizeF
    path: QPainterPath
    beside: bool


def place_labels(
    wanted: Sequence[Wanted], taken: Sequence[QRectF], lines: Sequence[QPainterPath], room: QRectF
) -> dict[object, QRectF]:
    """Return boxes for as many labels as can have one, the first first.

    Parameters
    ----------
    taken : boxes that no label may touch
    lines : all edges; a label prefers a place where only its own runs
    room : what the boxes must lie in
    """
    boxes = list(taken)
    sampled = [[line.pointAtPercent(step / _SAMPLES) for step in range(_SAMPLES + 1)] for line in lines]
    found: dict[object, QRectF] = {}
    for label in wanted:
        best: tuple[float, QRectF] | None = None
        for box, cost in sorted(_candidates(label, room), key=lambda candidate: candidate[1]):
            if best is not None and cost >= best[0]:
                break
            grown = box.adjusted(-_GAP, -_GAP, _GAP, _GAP)
            if any(grown.intersects(other) for other in boxes):
                continue
            crossed = cost + 3.0 * sum(any(box.contains(point) for point in line) for line in sampled)
            if best is None or crossed < best[0]:
                best = (crossed, box)
        if best is not None:
            found[label.key] = best[1]
            boxes.append(best[1])
    return found


def hides_a_line(box: QRectF, lines: Sequence[QPainterPath]) -> bool:
    """Whether a label's box covers most of any line."""
    steps = [step / _SAMPLES for step in range(_SAMPLES + 1)]
    return any(sum(box.contains(line.pointAtPercent(step)) for step in steps) > _HIDDEN * _SAMPLES for line in lines)


def _candidates(label: Wanted, room: QRectF) -> list[tuple[QRectF, float]]:
    """Return possible boxes, each with how little it is liked."""
    width, height = label.size.width(), label.size.height()
    found = []
    for nth, place in enumerate(_PLACES):
        on, angle = label.path.pointAtPercent(place), radians(label.path.angleAtPercent(place))
        normal = QPointF(-sin(angle), -cos(angle))
        reach = abs(normal.x()) * width / 2 + abs(normal.y()) * height / 2 + 2 * _GAP
        sides = (1.0, -1.0, 0.0) if label.beside else (0.0, 1.0, -1.0)
        shifts = [(normal * (reach * side), 1.2 * rank) for rank, side in enumerate(sides)]
        # Beside a slanted line the nearest place may be straight to the left or right of it.
        for far in range(4):
            aside = QPointF(width / 2 + 2 * _GAP + far * height / 3, 0)
            shifts += [(aside, 1.3 + 0.4 * far), (-aside, 1.4 + 0.4 * far)]
        for shift, dislike in shifts:
            middle = on + shift
            box = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            if room.contains(box):
                found.append((box, 0.3 * nth + dislike))
    return found
