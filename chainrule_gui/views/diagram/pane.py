"""The diagram pane: shows either subject's diagram, and lets its values be edited where they stand."""

from __future__ import annotations

import html
import math

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QToolTip, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import Frame
from chainrule_gui.typeset.numbers import full_precision, read_number
from chainrule_gui.typeset.spoken import spoken_symbol
from chainrule_gui.views.diagram.function_layout import function_layout
from chainrule_gui.views.diagram.items import Item, Layout
from chainrule_gui.views.diagram.machine_painting import MachinePainter
from chainrule_gui.views.diagram.machines import nudge_in_words
from chainrule_gui.views.diagram.network_layout import network_layout
from chainrule_gui.views.diagram.painting import DiagramPainter, Marks
from chainrule_gui.views.gesture import Gesture
from chainrule_gui.views.theme import look

_STEP = 0.05
_PER_PIXEL = 0.01
_DRAG_STARTS = 4
_CAPTION_AT_MOST = 0.4


class DiagramPane(QWidget):
    """Draws the network, or the graph of the function.

    Mouse: click selects, wheel and vertical drag change a value, double click types one.
    The right button opens a menu, as does the menu key.
    Keys: left and right go from item to item, up and down change a value (Shift ten times as much, Ctrl a
    tenth), Enter selects, a digit or F2 types.
    """

    #: name of the parameter or node to be derived by
    selected_requested = Signal(str)
    #: (name, value, merge key of the gesture)
    value_edited = Signal(str, float, str)
    #: (Δx, merge key of the gesture)
    nudge_edited = Signal(float, str)
    #: (a piece of the function as text, whether it is to be taken apart)
    piece_requested = Signal(str, bool)
    #: (what to add or remove, the layer, counted from 1)
    build_requested = Signal(str, int)
    #: a menu for the current item is wanted, at a point of the screen
    menu_requested = Signal(QPoint)
    #: key of the link under the pointer or the keyboard, or None
    link_hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Diagram"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(180, 120)
        self._frame: Frame | None = None
        self._layout = Layout([], 1.0)
        self._highlight: str | None = None
        self._current: str | None = None
        self._gesture = Gesture()
        self._drag: tuple[Item, QPointF, float, bool] | None = None
        self.caption = QLabel(self)
        self.caption.setObjectName("narration")
        self.caption.setWordWrap(True)
        self.caption.setAccessibleName(_("What the nudge does"))
        self.caption.hide()
        self.editor = QLineEdit(self)
        self.editor.setAccessibleName(_("New value"))
        self.editor.hide()
        self.editor.editingFinished.connect(self._take_typed)
        self.editor.installEventFilter(self)
        look.changed.connect(self._lay_out)

    @property
    def items(self) -> list[Item]:
        """What is shown, in reading order."""
        return self._layout.reading_order()

    def item(self, name: str) -> Item | None:
        """Return the item of that name, None where it is not shown."""
        return self._layout.item(name)

    @property
    def current(self) -> str | None:
        """Name of the item that has the keyboard."""
        return self._current

    @property
    def current_item(self) -> Item | None:
        """The item that has the keyboard, or had it last."""
        return self._layout.item(self._current or "")

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the diagram of the subject chosen in the frame."""
        same_view = old is not None and new.state.subject == old.state.subject
        same_view = same_view and old is not None and new.state.diagram_view == old.state.diagram_view
        shown = new.function if new.state.subject == "function" else new.network
        before = None if old is None else old.function if new.state.subject == "function" else old.network
        self._frame = new
        if not same_view or shown is not before:
            self._lay_out()

    def set_highlight(self, key: str | None) -> None:
        """Light up what stands for a link."""
        if key != self._highlight:
            self._highlight = key
            self.update()

    def _lay_out(self) -> None:
        frame = self._frame
        if frame is None:
            return
        width, height = float(self.width()), float(self.height() - self._show_caption(frame))
        if frame.state.subject == "function":
            self._layout = function_layout(frame.function, width, height, look.scale)
        else:
            self._layout = network_layout(frame.network, frame.state.diagram_view, width, height, look.scale)
        self.update()

    def _show_caption(self, frame: Frame) -> int:
        """Say in words what became of the nudge, where one is shown; return the height that takes."""
        nudged = frame.state.subject == "function" and frame.function.state.view.diagram == "nudge"
        if nudged:
            self.caption.setText(nudge_in_words(frame.function))
        height = self.caption.heightForWidth(self.width())
        # In a very low pane the graph needs the room more.
        self.caption.setVisible(nudged and height < self.height() * _CAPTION_AT_MOST)
        if self.caption.isHidden():
            return 0
        self.caption.setGeometry(0, self.height() - height, self.width(), height)
        return height + look.px(4)

    def _marks(self) -> Marks:
        assert self._frame is not None
        is_function = self._frame.state.subject == "function"
        derivation = (self._frame.function if is_function else self._frame.network).derivation
        colours = {link.key: look.theme.link_colour(index) for index, link in enumerate(derivation.links)}
        selected = None if is_function else self._frame.network.state.selected
        dimmed = is_function and self._frame.function.problem is not None
        return Marks(colours, selected, self._highlight, self._current if self.hasFocus() else None, dimmed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._frame is None:
            return
        painter = QPainter(self)
        kind = MachinePainter if self._frame.state.subject == "function" else DiagramPainter
        kind(painter, self._layout, look.theme, self._marks(), look.font()).paint()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    # --- mouse -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self._layout.at(event.position())
        if item is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._set_current(item.name)
        self._gesture.begin()
        self._drag = (item, event.position(), item.value or 0.0, False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            item = self._layout.at(event.position())
            editable = item is not None and item.editable
            self.setCursor(
                Qt.CursorShape.SizeVerCursor
                if editable
                else Qt.CursorShape.PointingHandCursor
                if item is not None
                else Qt.CursorShape.ArrowCursor
            )
            self.link_hovered.emit(item.link if item is not None else None)
            return
        item, start, value, moved = self._drag
        up = start.y() - event.position().y()
        if item.editable and (moved or abs(up) >= _DRAG_STARTS):
            self._drag = (item, start, value, True)
            self._edit(item, _moved(item, value, up * _PER_PIXEL), self._gesture.key(item.name))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and not drag[3]:
            self._select(drag[0])
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._type_into(self._layout.at(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        item = self._layout.at(event.position())
        notches = event.angleDelta().y() / 120
        if item is None or not item.editable or not notches:
            event.ignore()
            return
        self._change(item, notches, event.modifiers())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu of the item under the pointer, or of its column, or of the item that has the keyboard."""
        if self._frame is None or self._frame.state.subject != "network":
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            item = self._layout.at(QPointF(event.pos())) or self._column_at(event.pos().x())
            self._set_current(item.name)
            self.menu_requested.emit(event.globalPos())
        else:
            self.request_menu()

    def request_menu(self) -> None:
        """Ask for a menu of the item that has the keyboard."""
        item = self.current_item or self._column_at(0)
        self._set_current(item.name)
        self.menu_requested.emit(self.mapToGlobal(item.centre.toPoint()))

    def _column_at(self, x: float) -> Item:
        columns = [item for item in self._layout.items if item.kind in ("input", "neuron")]
        return min(columns, key=lambda item: abs(item.centre.x() - x))

    def leaveEvent(self, event: QEvent) -> None:
        self.link_hovered.emit(None)
        super().leaveEvent(event)

    # --- keyboard --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        item = self._layout.item(self._current) if self._current else None
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move(key)
        elif item is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and item.editable:
            self._change(item, 1 if key == Qt.Key.Key_Up else -1, event.modifiers())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._select(item)
        elif key == Qt.Key.Key_F2:
            self._type_into(item)
        elif _is_typing(event) and item.editable:
            self._type_into(item, event.text())
        else:
            super().keyPressEvent(event)

    def _move(self, key: Qt.Key) -> None:
        names = [item.name for item in self.items]
        if not names:
            return
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) or self._current not in names:
            self._set_current(names[-1 if key == Qt.Key.Key_End else 0])
            return
        place = names.index(self._current) + (1 if key == Qt.Key.Key_Right else -1)
        self._set_current(names[place % len(names)])

    def _set_current(self, name: str) -> None:
        self._current = name
        item = self._layout.item(name)
        if item is not None:
            # A graphics canvas has no children for a screen reader: the pane speaks for the current item.
            self.setAccessibleDescription(item.spoken())
            self.link_hovered.emit(item.link)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._layout.item(self._current or "") is None and self._layout.items:
            self._set_current(self.items[0].name)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.link_hovered.emit(None)
        self.update()
        super().focusOutEvent(event)

    # --- intents ---------------------------------------------------------------------------------------

    def _select(self, item: Item) -> None:
        if item.build is not None:
            self.build_requested.emit(*item.build)
        elif item.kind == "expander":
            self.piece_requested.emit(item.name, item.operation == "+")
        elif item.kind in ("weight", "bias", "neuron", "input"):
            self.selected_requested.emit(item.name)

    def _change(self, item: Item, steps: float, modifiers: Qt.KeyboardModifier) -> None:
        size = _STEP
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            size *= 10
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            size /= 10
        self._set_current(item.name)
        self._edit(item, _moved(item, item.value or 0.0, steps * size), self._gesture.repeated(item.name))

    def _edit(self, item: Item, value: float, merge_key: str) -> None:
        """Ask for a value; what the hand chose has no more than four decimals, so that it can be read off."""
        if item.kind == "nudge":
            self.nudge_edited.emit(float(f"{value:.3g}"), merge_key)
        elif math.isfinite(value):
            self.value_edited.emit(item.name, round(value, 4), merge_key)

    def _type_into(self, item: Item | None, text: str | None = None) -> None:
        if item is None or not item.editable:
            return
        self._set_current(item.name)
        box = item.rect.toRect().adjusted(-6, -4, 6, 4)
        box.setHeight(max(box.height(), self.editor.sizeHint().height()))
        box.setWidth(min(max(box.width(), look.px(90)), self.width()))
        box.moveCenter(item.centre.toPoint())
        box.moveLeft(min(max(box.left(), 0), self.width() - box.width()))
        self.editor.setGeometry(box)
        self.editor.setText(repr(item.value) if text is None else text)
        self.editor.setAccessibleName(_("New value of {name}").format(name=spoken_symbol(item.name)))
        self.editor.show()
        self.editor.setFocus()
        if text is None:
            self.editor.selectAll()

    def _take_typed(self) -> None:
        """Take what was typed, on Enter or when the keyboard goes elsewhere; what is no number is said."""
        if self.editor.isHidden():
            return
        typed, name, stays = self.editor.text(), self._current, self.editor.hasFocus()
        value = read_number(typed)
        if value is None:
            QToolTip.showText(
                self.editor.mapToGlobal(self.editor.rect().bottomLeft()),
                html.escape(_("“{text}” is not a number. Type one like 0.5, or press Escape.").format(text=typed)),
                self,
            )
            if stays:
                return
        self._end_typing()
        item = self._layout.item(name or "")
        if item is not None and value is not None and value != item.value:
            self._gesture.begin()
            if item.kind == "nudge":
                self.nudge_edited.emit(value, self._gesture.key(item.name))
            else:
                self.value_edited.emit(item.name, value, self._gesture.key(item.name))

    def _end_typing(self) -> None:
        stays = self.editor.hasFocus()
        self.editor.hide()
        if stays:
            self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                if event.type() == QEvent.Type.KeyPress:
                    self._end_typing()
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_typed()  # and no further: on the diagram, Enter derives by the item
                return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            item = self._layout.at(QPointF(event.pos()))
            if item is None:
                QToolTip.hideText()
            else:
                exact = "" if item.kind in ("expander", "build") else f"\n{full_precision(item.value)}"
                QToolTip.showText(event.globalPos(), item.spoken() + exact, self)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_typing(event):
            event.accept()  # a key that begins a number must not run an action of the window
            return True
        return super().event(event)


def _is_typing(event: QKeyEvent) -> bool:
    """Whether a key begins a number; with Ctrl or Alt it is a command."""
    command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.text()) and event.text() in "0123456789-−.," and not event.modifiers() & command


def _moved(item: Item, value: float, by: float) -> float:
    """Return a value moved by so much; a nudge is multiplied instead, so that it never arrives at 0."""
    return value * 10.0 ** (2 * by) if item.kind == "nudge" else value + by
