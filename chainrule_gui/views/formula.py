"""A typeset formula as a widget: sharp at any scale, its factors are hot zones for mouse, keyboard and colour twins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from chainrule_gui.typeset import compiler
from chainrule_gui.views.drawing import Drawing
from chainrule_gui.views.theme import look

_LARGEST = 8000.0
_TOKEN = re.compile(rb'<g\b[^>]*>|</g>|<a [^>]*?href="([^"]+)"[^>]*>\s*<rect([^>]*)/?>', re.DOTALL)
_NUMBERS = re.compile(rb"-?[\d.]+(?:e-?\d+)?")
_POINTS_TO_PIXELS = 96 / 72


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone: what it stands for (``link:h/u``, ``row:log``; ``name:u`` is only lit) and where it is, in points."""

    target: str
    box: QRectF


def zones(svg: bytes) -> tuple[Zone, ...]:
    """Return the hot zones of a typeset SVG, in reading order."""
    found: list[Zone] = []
    offsets = [QPointF(0, 0)]
    for match in _TOKEN.finditer(svg):
        target, rect = match.groups()
        if match[0] == b"</g>":
            offsets.pop()
        elif target is None:
            offsets.append(offsets[-1] + _translation(_attribute(match[0], b"transform")))
        else:
            size = dict(re.findall(rb'(width|height|x|y)="([^"]*)"', rect))
            at = offsets[-1] + _translation(_attribute(match[0], b"transform"))
            box = QRectF(
                at.x() + float(size.get(b"x", 0)),
                at.y() + float(size.get(b"y", 0)),
                float(size.get(b"width", 0)),
                float(size.get(b"height", 0)),
            )
            _add(found, Zone(target.decode(), box))
    return tuple(found)


def _add(found: list[Zone], zone: Zone) -> None:
    """The typesetter gives a box to each glyph of a factor: boxes that touch are one zone."""
    for place in reversed(range(len(found))):
        other = found[place]
        if other.target == zone.target and other.box.adjusted(-8, -6, 8, 6).intersects(zone.box):
            zone = Zone(zone.target, other.box.united(zone.box))
            del found[place]
    found.append(zone)


def _attribute(tag: bytes, name: bytes) -> bytes | None:
    match = re.search(name + rb'="([^"]*)"', tag)
    return match[1] if match else None


def _translation(transform: bytes | None) -> QPointF:
    if not transform:
        return QPointF(0, 0)
    numbers = [float(number) for number in _NUMBERS.findall(transform)]
    if transform.startswith(b"matrix"):
        return QPointF(numbers[4], numbers[5])
    if not transform.startswith(b"translate"):
        return QPointF(0, 0)
    return QPointF(numbers[0], numbers[1] if len(numbers) > 1 else 0.0)  # SVG leaves out a second 0


class FormulaView(QWidget):
    """Draws one Typst document.

    Tab focuses it; left and right go from factor to factor, Enter activates one.
    """

    #: target of the zone under the pointer or the keyboard's choice, or None
    zone_hovered = Signal(object)
    #: target of a zone that was clicked or chosen by Enter
    zone_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = Drawing()
        self._document = ""
        self._svg = b""
        self._found: tuple[Zone, ...] | None = ()
        self._size = QSize(0, 0)
        self._chosen: str | None = None
        self._highlight: str | None = None
        self._lit: frozenset[str] = frozenset()
        self._all_lit = False
        self._dimmed = False
        self._tips: dict[str, str] = {}
        self._scale = _POINTS_TO_PIXELS
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def document(self) -> str:
        """The Typst document that is shown."""
        return self._document

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The hot zones of the document shown."""
        if self._found is None:  # found when first asked for: most documents are replaced before
            self._found = zones(self._svg)
        return self._found

    def show_document(self, document: str, spoken: str, tips: dict[str, str] | None = None) -> None:
        """Typeset and show a document; the same document again costs nothing.

        Parameters
        ----------
        spoken : the accessible name
        tips : a tool tip for each target
        """
        self._tips = tips or {}
        self.setAccessibleName(spoken)
        if document == self._document:
            return
        self._document = document
        svg = compiler.svg(document)
        self._drawing = Drawing(svg)
        self._svg, self._found = svg, None
        self._resize()

    @property
    def natural_width(self) -> float:
        """How wide the formula is at its full size, in pixels; 0 while it is hidden."""
        return 0.0 if self.isHidden() else self._drawing.size.width() * _POINTS_TO_PIXELS

    def fit(self, width: float, needed: float) -> None:
        """Draw it so that `needed` pixels of full size take `width`, never larger and not below half."""
        scale = _POINTS_TO_PIXELS * min(1.0, max(0.5, width / max(needed, 1.0)))
        if scale != self._scale:
            self._scale = scale
            self._resize()

    def _resize(self) -> None:
        size = self._drawing.size * self._scale
        self._size = QSize(int(min(size.width(), _LARGEST)) + 1, int(min(size.height(), _LARGEST)) + 1)
        if self._size != self.size():
            self.setFixedSize(self._size)
        self.update()

    def set_highlight(self, key: str | None) -> None:
        """Light up the zones of a link, by its key."""
        if key != self._highlight:
            self._highlight = key
            self.update()

    def set_lit(self, targets: frozenset[str], everything: bool = False) -> None:
        """Mark zones by their targets, or the whole formula: what the phase that is narrated works on."""
        if (targets, everything) != (self._lit, self._all_lit):
            self._lit, self._all_lit = targets, everything
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Show faintly what no longer belongs to what is typed."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def sizeHint(self) -> QSize:
        return self._size

    def _pixels(self, box: QRectF) -> QRectF:
        scale = self._scale
        return QRectF(box.x() * scale, box.y() * scale, box.width() * scale, box.height() * scale)

    def zone_rect(self, target: str) -> QRectF:
        """Return where the first zone of a target is, in the widget's pixels; empty where there is none."""
        return next((self._pixels(zone.box) for zone in self.zones if zone.target == target), QRectF())

    def _zone_at(self, position: QPointF) -> str | None:
        targets = (zone.target for zone in self.zones if self._pixels(zone.box).contains(position))
        return next((target for target in targets if not target.startswith("name:")), None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = look.theme
        marked = self._highlight is not None or bool(self._lit) or (self.hasFocus() and self._chosen is not None)
        if self._all_lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(self.rect(), 4, 4)
        for zone in self.zones if marked else ():
            lit = zone.target in self._lit
            lit = lit or (self._highlight is not None and zone.target == f"link:{self._highlight}")
            chosen = self.hasFocus() and zone.target == self._chosen
            if lit or chosen:
                painter.setPen(QPen(QColor(theme.accent), 1.4) if chosen else QPen(QColor(theme.faint), 1.0))
                painter.setBrush(QColor(theme.accent_soft))
                painter.drawRoundedRect(self._pixels(zone.box).adjusted(-3, -2, 3, 2), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.0, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._dimmed:
            painter.setOpacity(0.4)
        self._drawing.paint(painter, QRectF(0, 0, self._size.width() - 1, self._size.height() - 1))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        target = self._zone_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if target else Qt.CursorShape.ArrowCursor)
        self.setToolTip(self._tips.get(target or "", ""))
        self.zone_hovered.emit(target)

    def leaveEvent(self, event: QEvent) -> None:
        self.zone_hovered.emit(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.zone_hovered.emit(self._zone_at(event.position()))
        super().enterEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        target = self._zone_at(event.position())
        if target is not None and event.button() == Qt.MouseButton.LeftButton:
            self._chosen = target
            self.zone_activated.emit(target)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        targets = [zone.target for zone in self.zones if not zone.target.startswith("name:")]
        targets = list(dict.fromkeys(targets))
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and targets:
            place = targets.index(self._chosen) + step if self._chosen in targets else 0
            self._chosen = targets[place % len(targets)]
            self.zone_hovered.emit(self._chosen)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen is not None:
            self.zone_activated.emit(self._chosen)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.zone_hovered.emit(None)
        self.update()
        super().focusOutEvent(event)
