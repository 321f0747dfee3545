"""The chain of either subject: definitions, the chain with its formulas and numbers, local derivatives, update."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.chain import Derivation
from chainrule_gui.session.frame import Frame, FunctionFrame, NetworkFrame
from chainrule_gui.session.phases import Phase
from chainrule_gui.typeset.derivation_markup import (
    Section,
    Style,
    gradient_section,
    number_sections,
    symbol_sections,
)
from chainrule_gui.typeset.numbers import format_number, full_precision
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look

BASE_SIZE = 13.5
"""Points of a formula's letters at scale 1."""

_COPIES = {
    "latex": N_("Copy this formula as &LaTeX"),
    "mathml": N_("Copy this formula as &MathML"),
    "typst": N_("Copy this formula as &Typst"),
    "picture": N_("Copy this formula as &picture"),
}
_SECTIONS = ("definitions", "chain", "numbers", "gradient", "update", "local")


class ChainView(QScrollArea):
    """Draws the derivation of a frame, section by section; only sections whose markup changed are typeset."""

    #: key of the link under the pointer or the keyboard's choice, or None
    link_hovered = Signal(object)
    #: key of the derivative table's row that was asked for
    table_row_requested = Signal(str)
    #: (section, form): a formula is to be copied as latex, mathml, typst or picture
    copy_requested = Signal(str, str)
    #: the variable to differentiate by
    variable_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Derivation"))
        self.body = QWidget()
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self.body)
        self._blocks: dict[str, tuple[QLabel, FormulaView]] = {}
        self.note = QLabel(self.body)
        self.note.setWordWrap(True)
        self.note.setObjectName("muted")
        self._frame: Frame | None = None
        self._form: tuple[object, ...] = ()
        self._symbols: tuple[Section, ...] = ()
        for key in _SECTIONS:
            heading, view = QLabel(self.body), FormulaView(self.body)
            heading.setObjectName("heading")
            view.zone_hovered.connect(self._on_zone_hovered)
            view.zone_activated.connect(self._on_zone_activated)
            if key != "gradient":
                view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                view.customContextMenuRequested.connect(
                    lambda position, key=key, view=view: self._show_menu(key, view, position)
                )
            self._column.addWidget(heading)
            self._column.addWidget(view)
            self._blocks[key] = (heading, view)
        self._column.insertWidget(2 * _SECTIONS.index("local"), self.note)
        self._definitions_first = True
        self._column.addStretch(1)
        look.changed.connect(self._draw_again)

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the derivation of the subject chosen in the frame."""
        self._frame = new
        if new.state.subject == "function":
            self._render_function(new.function)
        else:
            self._render_network(new.network)

    def set_highlight(self, key: str | None) -> None:
        """Light up the factors of a link."""
        for _heading, view in self._blocks.values():
            view.set_highlight(key)

    def formula(self, key: str) -> FormulaView:
        """Return the formula of a section: definitions, chain, local or update."""
        return self._blocks[key][1]

    def _render_function(self, frame: FunctionFrame) -> None:
        self._show(frame.derivation, frame, frame.problem is not None)
        self._light(frame.derivation, None)
        lines = [frame.derivation.why] if frame.derivation.why else []
        held = [name for name, _value in frame.state.point if name != frame.state.wrt]
        if held:
            message = _("{names} held constant. Click a variable to differentiate by it.")
            lines.append(message.format(names=", ".join(held)))
        self._tell(lines)

    def _render_network(self, frame: NetworkFrame) -> None:
        self._show(frame.derivation, frame, False)
        self._light(frame.derivation, frame.phase)
        lines = [frame.derivation.why] if frame.derivation.why else []
        samples = len(frame.state.dataset.inputs)
        if samples > 1 and frame.update is not None:
            index = frame.state.network.parameter_index(frame.state.selected)
            lines.append(
                _("This is sample {sample} of {count}. The mean over all samples is {mean}.").format(
                    sample=frame.state.sample + 1, count=samples, mean=format_number(float(frame.gradients.flat[index]))
                )
            )
        said = frame.stopped or ""
        self._tell([line for line in dict.fromkeys([*lines, *frame.remarks]) if line not in said])

    def _tell(self, lines: list[str]) -> None:
        self.note.setText("\n".join(lines))
        self.note.setVisible(bool(lines))

    def _show(self, derivation: Derivation, frame: FunctionFrame | NetworkFrame, dimmed: bool) -> None:
        theme = look.theme
        if self._column.spacing() != look.px(7):  # to set it, even to the same, lays all out anew
            self._column.setSpacing(look.px(7))
        # Room for the scroll bar also while there is none: else the formulas' size and the bar could chase each other.
        pixels = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width() - 4
        width = max(140.0, (pixels - 8) * 72 / 96)
        style = Style(theme.text, theme.muted, theme.link_colours, BASE_SIZE * look.scale)
        form = (derivation.form, style, width)
        if form != self._form:
            self._form = form
            self._symbols = symbol_sections(derivation, style, width)
        numbers = number_sections(derivation, style, frame.update if isinstance(frame, NetworkFrame) else None)
        shown = {section.key: section for section in (*self._symbols, *numbers)}
        if isinstance(frame, FunctionFrame) and frame.gradient:
            shown["gradient"] = gradient_section(frame.gradient, derivation, style, width)
        tips = {
            f"link:{link.key}": full_precision(link.value) if link.why is None else link.why
            for link in derivation.links
        }
        for key, (heading, view) in self._blocks.items():
            self._show_section(heading, view, shown.get(key), tips)
            view.set_dimmed(dimmed)
        chain, values = self._blocks["chain"][1], self._blocks["numbers"][1]
        widest = max(chain.natural_width, values.natural_width)
        for _heading, view in self._blocks.values():
            # The numbers stand below the chain, so both are drawn at one scale.
            view.fit(pixels, widest if view in (chain, values) else view.natural_width)
        self._arrange()

    def _arrange(self) -> None:
        """Show the definitions above the chain only where the chain, with its numbers, still fits below them."""
        needed = sum(self._blocks[key][1].height() + 8 for key in ("definitions", "chain", "numbers"))
        first = needed <= self.maximumViewportSize().height()
        if first != self._definitions_first:
            self._definitions_first = first
            for place, widget in enumerate(self._blocks["definitions"]):
                self._column.removeWidget(widget)
                self._column.insertWidget(place + (0 if first else 4), widget)

    def _light(self, derivation: Derivation, phase: Phase | None) -> None:
        """Mark what the phase that is narrated works on: definitions forward, factors backward, then the update."""
        targets: set[str] = set()
        if phase is not None:
            targets.update(f"link:{link.key}" for link in derivation.links if phase.lights(link.of, link.wrt))
            if phase.kind in ("forward", "cost"):
                targets.update(f"name:{name}" for name in phase.lit)
        for key, (_heading, view) in self._blocks.items():
            view.set_lit(frozenset(targets), everything=phase is not None and phase.kind == key == "update")

    def _show_section(self, heading: QLabel, view: FormulaView, section: Section | None, tips: dict[str, str]) -> None:
        view.setVisible(section is not None)
        heading.setVisible(section is not None and bool(section.heading))
        if section is not None:
            heading.setText(section.heading)
            view.show_document(section.document, section.spoken, tips)

    def _on_zone_hovered(self, target: str | None) -> None:
        self.link_hovered.emit(target[5:] if target is not None and target.startswith("link:") else None)

    def _on_zone_activated(self, target: str) -> None:
        kind, _colon, key = target.partition(":")
        if kind == "row":
            self.table_row_requested.emit(key)
        elif kind == "variable":
            self.variable_chosen.emit(key)

    def _show_menu(self, key: str, view: FormulaView, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for form, text in _COPIES.items():
            action = menu.addAction(_(text))
            action.triggered.connect(lambda _checked=False, form=form: self.copy_requested.emit(key, form))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(view.mapToGlobal(position))

    def _draw_again(self) -> None:
        if self._frame is not None:
            self.render_frame(self._frame, None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._draw_again()
        else:
            self._arrange()
