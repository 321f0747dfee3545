"""The same chain multiplied out in both orders, and how many multiplications each takes for all inputs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.model.accumulation import Multiplications
from chainrule_gui.model.chain import Derivation
from chainrule_gui.session.frame import Frame
from chainrule_gui.typeset.derivation_markup import Style
from chainrule_gui.typeset.numbers import full_precision
from chainrule_gui.typeset.order_markup import multiplications_in_words, order_sections
from chainrule_gui.views.expression.chain_view import BASE_SIZE
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look


class CountBars(QWidget):
    """Two bars, as long as the numbers of multiplications they stand for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count: Multiplications | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, count: Multiplications) -> None:
        """Show both numbers."""
        self._count = count
        said = _("Multiplications: forward {forward}, reverse {reverse}")
        self.setAccessibleName(said.format(forward=count.forward, reverse=count.reverse))
        self.setFixedHeight(look.px(50))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._count is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(9.5))
        theme, metrics = look.theme, painter.fontMetrics()
        counts = ((_("forward"), self._count.forward, theme.muted), (_("reverse"), self._count.reverse, theme.accent))
        left = max(metrics.horizontalAdvance(name) for name, _number, _colour in counts) + look.px(10)
        room = self.width() - left - metrics.horizontalAdvance("0" * 9)
        for place, (name, number, colour) in enumerate(counts):
            line = QRectF(0, look.px(24) * place, self.width(), look.px(22))
            painter.setPen(QColor(theme.text))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(line, middle, name)
            length = max(2.0, room * number / max(self._count.forward, self._count.reverse, 1))
            bar = QRectF(left, line.top() + look.px(5), length, look.px(12))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(bar, 3, 3)
            painter.setPen(QColor(theme.text))
            painter.drawText(line.adjusted(left + length + look.px(6), 0, 0, 0), middle, str(number))
        painter.end()


class OrdersView(QScrollArea):
    """Draws both orders, with live numbers."""

    #: key of the link under the pointer or the keyboard's choice, or None
    link_hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Order of multiplication"))
        self.body = QWidget()
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.path = QLabel(self.body)
        self.path.setObjectName("muted")
        self.path.setWordWrap(True)
        self._column.addWidget(self.path)
        self.formulas: dict[str, FormulaView] = {}
        self._headings: dict[str, QLabel] = {}
        for key in ("forward", "reverse"):
            heading, view = QLabel(self.body), FormulaView(self.body)
            heading.setObjectName("heading")
            view.zone_hovered.connect(self._on_zone_hovered)
            self._column.addWidget(heading)
            self._column.addWidget(view)
            self._headings[key], self.formulas[key] = heading, view
        self.heading = QLabel(_("Multiplications for all inputs"), self.body)
        self.heading.setObjectName("heading")
        self.bars = CountBars(self.body)
        self.words = QLabel(self.body)
        self.words.setWordWrap(True)
        self.words.setAccessibleName(_("How many multiplications"))
        for widget in (self.heading, self.bars, self.words):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.setWidget(self.body)
        self._frame: Frame | None = None
        look.changed.connect(self._draw_again)

    def render_frame(self, new: Frame, _old: Frame | None) -> None:
        """Show both orders for the subject chosen in the frame."""
        self._frame = new
        is_network = new.state.subject == "network"
        shown = new.network if is_network else new.function
        derivation = shown.derivation
        in_part = not derivation.graph and derivation.chain_count > 1
        self.path.setVisible(in_part)
        self.path.setText(
            _("One of {count} paths, which are added: the numbers are this path's part.").format(
                count=derivation.chain_count
            )
        )
        theme = look.theme
        style = Style(theme.text, theme.muted, theme.link_colours, BASE_SIZE * look.scale)
        sections = {one.key: one for one in order_sections(derivation, style)}
        tips = {f"link:{link.key}": full_precision(link.value) for link in derivation.links}
        width = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width() - 4
        dimmed = not is_network and new.function.problem is not None
        for key, view in self.formulas.items():
            section = sections.get(key)
            view.setVisible(section is not None)
            self._headings[key].setVisible(section is not None)
            if section is not None:
                self._headings[key].setText(section.heading)
                view.show_document(section.document, section.spoken, tips)
            view.set_dimmed(dimmed)
        widest = max(view.natural_width for view in self.formulas.values())
        for view in self.formulas.values():
            view.fit(width, widest)
        self._show_count(shown.multiplications, derivation, is_network)

    def set_highlight(self, key: str | None) -> None:
        """Light up the factors of a link."""
        for view in self.formulas.values():
            view.set_highlight(key)

    def _show_count(self, count: Multiplications | None, derivation: Derivation, is_network: bool) -> None:
        for widget in (self.heading, self.bars, self.words):
            widget.setVisible(count is not None)
        if count is not None:
            self.bars.show_count(count)
            self.words.setText("\n".join(multiplications_in_words(count, derivation.of, is_network)))

    def _on_zone_hovered(self, target: str | None) -> None:
        self.link_hovered.emit(target[5:] if target is not None and target.startswith("link:") else None)

    def _draw_again(self) -> None:
        if self._frame is not None:
            self.render_frame(self._frame, None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._draw_again()
