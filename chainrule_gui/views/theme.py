"""The look: two themes, one scale, one style sheet.

Link colours are Okabe and Ito's, darkened or lightened to a text contrast of at least 4.5:1 on the cards of
their theme ("Color Universal Design", 2008). What is drawn, not written, has at least 3:1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from chainrule_gui.resources import resource_path

ThemeName = Literal["light", "dark", "system"]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, each ``#rrggbb``."""

    name: str
    page: str
    card: str
    sunken: str
    border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    accent_soft: str
    positive: str
    negative: str
    warning: str
    faint: str
    link_colours: tuple[str, ...]

    def link_colour(self, index: int) -> str:
        """Return the colour of the link at a place of its derivation."""
        return self.link_colours[index % len(self.link_colours)]


LIGHT = Theme(
    name="light",
    page="#f7f6f2",
    card="#ffffff",
    sunken="#f1efe9",
    border="#e2dfd6",
    text="#1c1c1a",
    muted="#66645e",
    accent="#1f4e8c",
    accent_text="#ffffff",
    accent_soft="#e3ecf7",
    positive="#00704f",
    negative="#b24a00",
    warning="#9a3412",
    faint="#8a877e",
    link_colours=("#0063a3", "#b24a00", "#00704f", "#9c4379", "#7a5b00", "#33658a", "#5b5b5b"),
)
DARK = Theme(
    name="dark",
    page="#16171a",
    card="#1f2023",
    sunken="#2a2c30",
    border="#33353a",
    text="#ecebe7",
    muted="#a3a19a",
    accent="#9cc5f2",
    accent_text="#10233c",
    accent_soft="#22364f",
    positive="#2fc79b",
    negative="#f08a4b",
    warning="#f2a36b",
    faint="#777a82",
    link_colours=("#56b4f0", "#f08a4b", "#2fc79b", "#e08fbf", "#e0b83a", "#9db8d8", "#b4b4b4"),
)


@lru_cache(maxsize=1024)
def mixed(colour: str, ground: str, share: float) -> QColor:
    """Return `share` of a colour over an opaque ground."""
    one, other = QColor(colour), QColor(ground)
    parts = zip(_channels(one), _channels(other), strict=True)
    return QColor.fromRgbF(*(share * above + (1 - share) * below for above, below in parts))


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


class Look(QObject):
    """The theme and the scale in use; one object, `look`, for the whole application."""

    #: after a change of theme or scale
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice: ThemeName = "light"
        self.theme = LIGHT
        self.scale = 1.0

    def choose(self, choice: ThemeName) -> None:
        """Use a theme by name, or the system's."""
        self.choice = choice
        dark = choice == "dark"
        if choice == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.theme = DARK if dark else LIGHT
        self.changed.emit()

    def set_scale(self, scale: float) -> None:
        """Scale everything; kept between 0.75 and 3."""
        self.scale = min(max(scale, 0.75), 3.0)
        self.changed.emit()

    def px(self, size: float) -> int:
        """Return a length in pixels at the present scale."""
        return max(1, round(size * self.scale))

    def font(self, size: float = 10.0, bold: bool = False) -> QFont:
        """Return a font of so many points at scale 1, with figures of equal width."""
        font = QFont(QGuiApplication.font())
        font.setPointSizeF(size * self.scale)
        font.setBold(bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def palette(self) -> QPalette:
        """Return the palette that goes with the style sheet."""
        theme, palette = self.theme, QPalette()
        roles = {
            QPalette.ColorRole.Window: theme.page,
            QPalette.ColorRole.Base: theme.card,
            QPalette.ColorRole.AlternateBase: theme.sunken,
            QPalette.ColorRole.Button: theme.sunken,
            QPalette.ColorRole.Text: theme.text,
            QPalette.ColorRole.WindowText: theme.text,
            QPalette.ColorRole.ButtonText: theme.text,
            QPalette.ColorRole.ToolTipBase: theme.card,
            QPalette.ColorRole.ToolTipText: theme.text,
            QPalette.ColorRole.PlaceholderText: theme.muted,
            QPalette.ColorRole.Highlight: theme.accent,
            QPalette.ColorRole.HighlightedText: theme.accent_text,
        }
        for role, colour in roles.items():
            palette.setColor(role, QColor(colour))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
        return palette

    def style_sheet(self) -> str:
        """Return the application's style sheet."""
        t, px = self.theme, self.px
        up, down = (resource_path("icons", f"chevron-{way}.svg").as_posix() for way in ("up", "down"))
        return f"""
        QWidget {{ font-size: {10 * self.scale:.1f}pt; color: {t.text}; }}
        QMainWindow, QDialog {{ background: {t.page}; }}
        QStatusBar {{ background: {t.page}; }} QStatusBar::item {{ border: none; }}
        QFrame#card {{ background: {t.card}; border: 1px solid {t.border}; border-radius: {px(10)}px; }}
        #pane-title {{ color: {t.muted}; font-size: {8.5 * self.scale:.1f}pt; font-weight: 600; }}
        #muted {{ color: {t.muted}; }}
        QLabel#heading {{ color: {t.muted}; padding-top: {px(8)}px; }}
        #warning {{ color: {t.warning}; }}
        QLabel#verdict {{ font-weight: 600; }}
        QLabel[verdict="correct"] {{ color: {t.positive}; }} QLabel[verdict="incorrect"] {{ color: {t.negative}; }}
        QLabel[verdict="unreadable"], QLabel[verdict="incomparable"] {{ color: {t.warning}; }}
        QLabel#figure {{ font-size: {20 * self.scale:.1f}pt; font-weight: 600; }}
        QLabel#chip {{ background: {t.accent_soft}; color: {t.accent}; border-radius: {px(5)}px;
            padding: {px(2)}px {px(8)}px; font-weight: 600; }}
        QLabel#chip[bad="true"] {{ background: {t.sunken}; color: {t.warning}; }}
        QFrame#narration, QFrame#hint {{ background: {t.accent_soft}; border-radius: {px(8)}px; }}
        QLabel#narration {{ color: {t.text}; padding: {px(7)}px {px(12)}px; }}
        QFrame#cover {{ background: {t.page}; border: 1px dashed {t.border}; border-radius: {px(8)}px; }}
        QFrame#notice {{ background: {t.card}; border: 1px solid {t.warning}; border-radius: {px(8)}px; }}
        QLabel#sign {{ color: {t.muted}; font-weight: 600; padding: {px(4)}px 0; }}
        QPushButton, QToolButton {{ background: {t.sunken}; border: 1px solid transparent; border-radius: {px(7)}px;
            padding: {px(4)}px {px(10)}px; min-height: {px(20)}px; }}
        QToolButton#labelled {{ padding-right: {px(4)}px; }}
        QToolButton::menu-indicator {{ image: none; }}
        QPushButton:hover, QToolButton:hover {{ border-color: {t.faint}; }}
        QPushButton:pressed, QToolButton:pressed {{ background: {t.accent_soft}; }}
        QPushButton:focus, QToolButton:focus {{ border: 1px solid {t.accent}; }}
        QToolButton:checked {{ background: {t.accent_soft}; border: 1px solid {t.accent}; color: {t.accent}; }}
        QPushButton:disabled, QToolButton:disabled {{ color: {t.faint}; background: {t.sunken}; }}
        QPushButton#primary, QToolButton#primary {{ background: {t.accent}; color: {t.accent_text}; font-weight: 600; }}
        QToolButton#primary:focus {{ border: {px(2)}px solid {t.accent_soft}; }}
        QToolButton#primary:disabled {{ background: {t.sunken}; }}
        QFrame#run {{ border: 1px solid {t.faint}; border-radius: {px(6)}px; }}
        QLineEdit#bare {{ border: none; background: transparent; padding: 0; min-height: 0; color: {t.muted}; }}
        QLineEdit#bare:focus {{ color: {t.text}; border: none; border-bottom: 1px solid {t.accent}; }}
        QPushButton#chip-button {{ padding: 0 {px(8)}px; background: transparent; border: 1px solid {t.faint};
            border-radius: {px(6)}px; }}
        QPushButton#chip-button:!checked {{ border: 1px dashed {t.faint}; }}
        QPushButton#chip-button:focus {{ border: {px(2)}px solid {t.accent}; }}
        QToolButton#fold {{ background: transparent; padding: 0; text-align: left; color: {t.muted}; }}
        QCheckBox::indicator {{ width: {px(14)}px; height: {px(14)}px; }}
        QToolButton#fold:hover {{ color: {t.text}; border-color: transparent; }}
        QToolButton#flat {{ background: transparent; padding: 0; min-width: {px(22)}px; }}
        QToolButton#fold {{ background: transparent; padding: 0; color: {t.muted}; }}
        QToolButton#flat:hover {{ background: {t.sunken}; border-color: transparent; }}
        QFrame#segments {{ background: {t.sunken}; border-radius: {px(8)}px; }}
        QPushButton#segment {{ background: transparent; color: {t.muted}; padding: {px(1)}px {px(9)}px;
            margin: {px(2)}px; border-radius: {px(6)}px; }}
        QPushButton#segment:hover {{ color: {t.text}; border-color: transparent; }}
        QPushButton#segment:checked {{ background: {t.card}; color: {t.text}; font-weight: 600;
            border: 1px solid {t.faint}; }}
        QPushButton#segment:focus {{ border: {px(2)}px solid {t.accent}; }}
        QLineEdit, QAbstractSpinBox, QComboBox {{ background: {t.card}; border: 1px solid {t.faint};
            border-radius: {px(7)}px; padding: {px(3)}px {px(8)}px; min-height: {px(20)}px;
            selection-background-color: {t.accent}; selection-color: {t.accent_text}; }}
        QAbstractSpinBox {{ padding: 0; min-height: {px(26)}px; }}
        QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ border: 1px solid {t.accent}; }}
        QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {t.faint}; background: {t.sunken};
            border-color: {t.border}; }}
        QLineEdit#expression {{ font-size: {13 * self.scale:.1f}pt; padding: {px(5)}px {px(10)}px; }}
        QLineEdit#answer {{ font-size: {12 * self.scale:.1f}pt; }}
        QLineEdit#answer[verdict="correct"] {{ border: {px(1.6)}px solid {t.positive}; }}
        QLineEdit#answer[verdict="incorrect"] {{ border: {px(1.6)}px solid {t.negative}; }}
        QLineEdit#answer[verdict="unreadable"], QLineEdit#answer[verdict="incomparable"] {{
            border: {px(1.6)}px solid {t.warning}; }}
        QAbstractSpinBox QLineEdit {{ background: transparent; border: none; padding: 0; min-height: 0; }}
        QTableView QLineEdit {{ border-radius: 0; padding: 0; min-height: 0; }}
        QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: {px(16)}px; border: none;
            background: transparent; subcontrol-origin: border; }}
        QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: {px(3)}px {px(3)}px 0 0; }}
        QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 {px(3)}px {px(3)}px 0; }}
        QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {t.sunken};
            border-radius: {px(3)}px; }}
        QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: {px(10)}px; height: {px(10)}px; }}
        QAbstractSpinBox::down-arrow {{ image: url("{down}"); width: {px(10)}px; height: {px(10)}px; }}
        QComboBox::drop-down {{ width: {px(20)}px; border: none; }}
        QComboBox::down-arrow {{ image: url("{down}"); width: {px(11)}px; height: {px(11)}px; }}
        QComboBox QAbstractItemView, QMenu {{ background: {t.card}; border: 1px solid {t.faint};
            selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
        QMenu::item {{ padding: {px(5)}px {px(22)}px; }} QMenu::item:selected {{ background: {t.accent_soft}; }}
        QMenu::item:disabled {{ color: {t.faint}; }}
        QMenu::separator {{ height: 1px; background: {t.border}; margin: {px(4)}px {px(8)}px; }}
        QMenuBar {{ background: {t.page}; padding-left: {px(4)}px; }}
        QMenuBar::item {{ padding: {px(3)}px {px(7)}px; background: transparent; }}
        QMenuBar::item:selected {{ background: {t.sunken}; border-radius: {px(5)}px; }}
        QSlider {{ min-height: {px(24)}px; }}
        QSlider::groove:horizontal {{ height: {px(4)}px; background: {t.border}; border-radius: {px(2)}px; }}
        QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: {px(2)}px; }}
        QSlider::sub-page:horizontal:disabled {{ background: {t.border}; }}
        QSlider::handle:horizontal {{ width: {px(12)}px; height: {px(12)}px; margin: -{px(6)}px 0;
            background: {t.card}; border: {px(2.4)}px solid {t.accent}; border-radius: {px(8)}px; }}
        QSlider::handle:horizontal:focus {{ background: {t.accent}; }}
        QSlider::handle:horizontal:disabled {{ border-color: {t.faint}; }}
        QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
        QScrollBar:vertical {{ width: {px(8)}px; background: transparent; }}
        QScrollBar:horizontal {{ height: {px(8)}px; background: transparent; }}
        QScrollBar::handle {{ background: {t.faint}; border-radius: {px(2)}px; min-height: {px(24)}px;
            min-width: {px(24)}px; margin: {px(2)}px; }}
        QScrollBar::handle:hover {{ background: {t.muted}; }}
        QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
            width: 0; height: 0; }}
        QProgressBar {{ background: {t.border}; border: none; border-radius: {px(2)}px; max-height: {px(4)}px;
            min-height: {px(4)}px; }}
        QProgressBar::chunk {{ background: {t.positive}; border-radius: {px(2)}px; }}
        QSplitter::handle {{ background: transparent; }}
        QSplitter::handle:hover {{ background: {t.border}; border-radius: {px(3)}px; }}
        QTableView, QHeaderView {{ font-size: {9 * self.scale:.1f}pt; }}
        QTableView, QListView {{ background: {t.card}; border: 1px solid transparent; gridline-color: {t.border};
            selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
        QGraphicsView {{ border: 1px solid transparent; border-radius: {px(4)}px; }}
        QTableView:focus, QListView:focus, QGraphicsView:focus {{ border: 1px solid {t.accent}; }}
        QHeaderView::section {{ background: {t.card}; color: {t.muted}; border: none;
            border-bottom: 1px solid {t.border}; padding: {px(3)}px; }}
        QTableCornerButton::section {{ background: {t.card}; border: none; }}
        QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.faint}; padding: {px(4)}px; }}
        """


look = Look()
"""The application's look."""
