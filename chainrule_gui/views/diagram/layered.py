"""Where the nodes and edges of a layered graph go: ranks along the pane, long edges in lanes of their own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

from chainrule_gui.views.diagram.labels import Wanted, hides_a_line, place_labels

Edge = tuple[str, str]
"""From a quantity to one that is made of it."""

_Lane = tuple[Edge, int]
_Place = str | _Lane
"""A node, or where a long edge passes a rank."""

_LABEL = {False: QSizeF(74, 54), True: QSizeF(116, 38)}
"""A label's size: a fraction above its number where ranks go from left to right, else beside it."""

_GAP = {False: 84.0, True: 48.0}
"""Between ranks."""

_BESIDE = {False: 40.0, True: 20.0}
"""Between nodes of a rank."""

_SIDE_LABEL = 2 * 122.0
"""Labels beside a single upright chain, on both sides so that it stays in the middle."""

_WIDEST = 1.7
"""So many times the room they need is shared out to the places of a rank, where there is more."""

_MARGIN = 10.0
_LARGEST = 1.6


@dataclass(slots=True)
class Layered:
    """Where everything is, in pixels; `downward` is whether ranks go from top to bottom, `box` a node's usual size."""

    downward: bool
    size: float
    box: QSizeF
    nodes: dict[str, QRectF] = field(default_factory=dict)
    paths: dict[Edge, QPainterPath] = field(default_factory=dict)
    labels: dict[Edge, QRectF] = field(default_factory=dict)


@lru_cache(maxsize=32)
def layered(
    ranked: tuple[tuple[str, int], ...],
    edges: tuple[Edge, ...],
    node: tuple[float, float],
    width: float,
    height: float,
    scale: float,
) -> Layered:
    """Lay a graph out in a pane along its longer way; kept, because numbers change more often than the graph.

    Parameters
    ----------
    ranked : nodes with their ranks from 0, each edge going from a lower to a higher rank
    node : a node's usual width and height
    """
    ranks = _ordered(ranked, edges)
    box = QSizeF(*node)
    sizes = [_largest_size(ranks, box, width, height, downward) for downward in (False, True)]
    downward = sizes[0] < min(sizes[1], scale)
    size = max(0.25, min(scale * _LARGEST, sizes[downward]))
    drawn = []
    for shrink in (1.0, 0.9, 0.8):
        found = Layered(downward, size * shrink, box)
        centres = _centres(ranks, edges, found, width, height)
        _draw(found, centres, edges, dict(ranked))
        flaws = _label(found, centres, edges, QRectF(0, 0, width, height))
        drawn.append((flaws, found))
        if not flaws:
            break
    return min(drawn, key=lambda attempt: attempt[0])[1]


def _ordered(ranked: tuple[tuple[str, int], ...], edges: tuple[Edge, ...]) -> list[list[_Place]]:
    """Return the places of each rank in an order with few crossings: each by the mean place of its neighbours."""
    rank = dict(ranked)
    ranks: list[list[_Place]] = [[] for _rank in range(max(rank.values()) + 1)]
    for name, number in ranked:
        ranks[number].append(name)
    for edge in edges:
        for number in range(rank[edge[0]] + 1, rank[edge[1]]):
            ranks[number].append((edge, number))
    neighbours = _neighbours(edges, rank)
    for sweep in range(6):
        order = range(1, len(ranks)) if sweep % 2 == 0 else range(len(ranks) - 2, -1, -1)
        for number in order:
            beside = ranks[number - 1 if sweep % 2 == 0 else number + 1]
            at = {place: (index + 0.5) / len(beside) for index, place in enumerate(beside)}
            mean = {}
            for index, place in enumerate(ranks[number]):
                near = [at[other] for other in neighbours[place] if other in at]
                mean[place] = sum(near) / len(near) if near else (index + 0.5) / len(ranks[number])
            ranks[number].sort(key=mean.__getitem__)
    return ranks


def _way(edge: Edge, rank: dict[str, int]) -> list[_Place]:
    lanes: list[_Place] = [(edge, number) for number in range(rank[edge[0]] + 1, rank[edge[1]])]
    return [edge[0], *lanes, edge[1]]


def _neighbours(edges: tuple[Edge, ...], rank: dict[str, int]) -> dict[_Place, list[_Place]]:
    found: dict[_Place, list[_Place]] = defaultdict(list)
    for edge in edges:
        way = _way(edge, rank)
        for one, other in pairwise(way):
            found[one].append(other)
            found[other].append(one)
    return found


def _breadth(place: _Place, downward: bool, box: QSizeF) -> float:
    """Return how much of its rank a place takes."""
    size = box if isinstance(place, str) else _LABEL[downward]
    return size.width() if downward else size.height()


def _largest_size(ranks: list[list[_Place]], box: QSizeF, width: float, height: float, downward: bool) -> float:
    """Return how large the graph can be drawn, from left to right or from top to bottom."""
    node, along, across = (box.height(), height, width) if downward else (box.width(), width, height)
    widest = max(sum(_breadth(place, downward, box) + _BESIDE[downward] for place in rank) for rank in ranks)
    if downward and max(map(len, ranks)) == 1:
        widest += _SIDE_LABEL
    needed = len(ranks) * (node + _GAP[downward]) - _GAP[downward]
    return min((along - 2 * _MARGIN) / needed, across / widest)


def _centres(
    ranks: list[list[_Place]], edges: tuple[Edge, ...], found: Layered, width: float, height: float
) -> dict[_Place, QPointF]:
    """Return the middle of each place: ranks spread along the pane, neighbours in line where they can be."""
    along, across = (height, width) if found.downward else (width, height)
    node = (found.box.height() if found.downward else found.box.width()) * found.size
    spacing = min((along - 2 * _MARGIN - node) / max(1, len(ranks) - 1), node + 2.5 * _GAP[found.downward] * found.size)
    start = along / 2 - spacing * (len(ranks) - 1) / 2
    at = {place: across * (index + 0.5) / len(rank) for rank in ranks for index, place in enumerate(rank)}
    rank_of = {place: number for number, rank in enumerate(ranks) for place in rank if isinstance(place, str)}
    neighbours = _neighbours(edges, rank_of)
    breadths = [
        sum(_breadth(place, found.downward, found.box) + _BESIDE[found.downward] for place in rank) for rank in ranks
    ]
    spread = min(_WIDEST, across / (max(breadths) * found.size))
    for sweep in range(8):
        for rank in ranks if sweep % 2 == 0 else reversed(ranks):
            wished = []
            for place in rank:
                near = [at[other] for other in neighbours[place]] or [at[place]]
                wished.append(sum(near) / len(near))
            halves = [
                (_breadth(place, found.downward, found.box) + _BESIDE[found.downward]) * found.size * spread / 2
                for place in rank
            ]
            for place, middle in zip(rank, _apart(wished, halves, across), strict=True):
                at[place] = middle
    points = {}
    for number, rank in enumerate(ranks):
        for place in rank:
            middle = start + number * spacing
            points[place] = QPointF(at[place], middle) if found.downward else QPointF(middle, at[place])
    return points


def _apart(wished: list[float], halves: list[float], room: float) -> list[float]:
    """Return the positions nearest to the wished ones, in the same order, that leave each its half on both sides.

    Without the halves before it, a place wants `wished − offset`, and these must not fall: isotonic regression by
    pooling neighbours that are in each other's way.
    """
    offsets = list(accumulate(one + other for one, other in pairwise(halves)))
    offsets.insert(0, 0.0)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        total, count = wish - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            total, count = total + pools[-1][0], count + pools.pop()[1]
        pools.append((total, count))
    free = [total / count for total, count in pools for _place in range(count)]
    low, high = halves[0], room - halves[-1] - offsets[-1]
    return [offset + min(max(at, low), max(low, high)) for at, offset in zip(free, offsets, strict=True)]


def _draw(found: Layered, centres: dict[_Place, QPointF], edges: tuple[Edge, ...], rank: dict[str, int]) -> None:
    """Place the nodes, and draw each edge from side to side through its lanes."""
    node = found.box * found.size
    half = QPointF(node.width() / 2, node.height() / 2)
    found.nodes = {name: QRectF(centres[name] - half, node) for name in rank}
    ports = _ports(found, centres, edges, rank)
    for edge in edges:
        points = [ports[edge][0], *(centres[lane] for lane in _way(edge, rank)[1:-1]), ports[edge][1]]
        path = QPainterPath(points[0])
        for one, other in pairwise(points):
            bend = QPointF(0, (other.y() - one.y()) / 2) if found.downward else QPointF((other.x() - one.x()) / 2, 0)
            path.cubicTo(one + bend, other - bend, other)
        found.paths[edge] = path


def _ports(
    found: Layered, centres: dict[_Place, QPointF], edges: tuple[Edge, ...], rank: dict[str, int]
) -> dict[Edge, tuple[QPointF, QPointF]]:
    """Return where each edge leaves and enters: side by side in the order of where they go."""
    leaving: dict[str, list[tuple[float, Edge]]] = defaultdict(list)
    entering: dict[str, list[tuple[float, Edge]]] = defaultdict(list)
    for edge in edges:
        way = _way(edge, rank)
        for ends, name, near in ((leaving, edge[0], way[1]), (entering, edge[1], way[-2])):
            ends[name].append((centres[near].x() if found.downward else centres[near].y(), edge))
    places: dict[tuple[Edge, bool], QPointF] = {}
    for ends, leaves in ((leaving, True), (entering, False)):
        for name, sides in ends.items():
            box = found.nodes[name]
            breadth = box.width() if found.downward else box.height()
            step = min(26 * found.size, 0.7 * breadth / len(sides))
            for index, (_at, edge) in enumerate(sorted(sides)):
                aside = (index - (len(sides) - 1) / 2) * step
                if found.downward:
                    places[edge, leaves] = QPointF(box.center().x() + aside, box.bottom() if leaves else box.top())
                else:
                    places[edge, leaves] = QPointF(box.right() if leaves else box.left(), box.center().y() + aside)
    return {edge: (places[edge, True], places[edge, False]) for edge in edges}


def _label(found: Layered, centres: dict[_Place, QPointF], edges: tuple[Edge, ...], room: QRectF) -> int:
    """Give the edges their labels, those with a lane first; return how many are missing or hide a line."""
    wanted = []
    for edge in edges:
        start, end = found.paths[edge].pointAtPercent(0), found.paths[edge].pointAtPercent(1)
        aside = abs(start.x() - end.x()) if found.downward else abs(start.y() - end.y())
        size = _LABEL[found.downward] * found.size
        wanted.append(Wanted(edge, size, found.paths[edge], beside=aside < 14 * found.size))
    lanes = {place[0] for place in centres if not isinstance(place, str)}
    wanted.sort(key=lambda label: label.key not in lanes)
    found.labels = place_labels(wanted, list(found.nodes.values()), list(found.paths.values()), room)  # type: ignore[assignment]
    hiding = sum(hides_a_line(box, list(found.paths.values())) for box in found.labels.values())
    return len(edges) - len(found.labels) + hiding
