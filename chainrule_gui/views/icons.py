"""Icons in any colour: glyphs of the Material Design font that qtawesome carries, drawn as qtawesome draws them.

Only its files are used: importing qtawesome itself creates every class of Qt and so takes a tenth of the start.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_FONT, _NAMES = "materialdesignicons6-webfont-[0-9]*.ttf", "materialdesignicons6-webfont-charmap-*.json"
_SHARE_OF_HEIGHT = 0.875
"""How much of an icon's height its glyph takes, with room for what reaches above and below."""


def icon(name: str, colour: str, disabled: str) -> QIcon:
    """Return the icon of that name, such as ``play``, in a colour, and in another where it is disabled."""
    return QIcon(_Glyph(_character(name), colour, disabled))


class _Glyph(QIconEngine):
    def __init__(self, character: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._character, self._colour, self._disabled = character, colour, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_SHARE_OF_HEIGHT * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(self._disabled if mode == QIcon.Mode.Disabled else self._colour))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Glyph(self._character, self._colour, self._disabled)


@cache
def _family() -> str:
    identifier = QFontDatabase.addApplicationFont(str(_file(_FONT)))
    return QFontDatabase.applicationFontFamilies(identifier)[0]


@cache
def _character(name: str) -> str:
    found = re.search(rf'"{name}": *"0x([0-9a-f]+)"', _names())  # of seven thousand names a handful is used
    if found is None:
        raise KeyError(name)
    return chr(int(found[1], 16))


@cache
def _names() -> str:
    return _file(_NAMES).read_text()


def _file(pattern: str) -> Path:
    package = find_spec("qtawesome")
    assert package is not None
    assert package.origin is not None
    return next((Path(package.origin).parent / "fonts").glob(pattern))
