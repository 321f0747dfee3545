"""The expression pane: the entry for a function, and the derivation of either subject."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from chainrule_gui.i18n import N_, _
from chainrule_gui.model.chain import Derivation
from chainrule_gui.session.frame import Frame, FunctionFrame, NetworkFrame
from chainrule_gui.session.phases import Phase
from chainrule_gui.typeset.derivation_markup import Section, Style, number_sections, symbol_sections
from chainrule_gui.typeset.numbers import format_number, full_precision
from chainrule_gui.views.expression.answer_box import AnswerBox
from chainrule_gui.views.expression.cover import Cover
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.gesture import Gesture, leave_undo_to_the_window
from chainrule_gui.views.theme import look

_BASE_SIZE = 13.5
_COPIES = {
    "latex": N_("Copy this formula as &LaTeX"),
    "mathml": N_("Copy this formula as &MathML"),
    "typst": N_("Copy this formula as &Typst"),
    "picture": N_("Copy this formula as &picture"),
}
_REST = 1000
"""Milliseconds without a key after which what was typed is taken as it stands."""


class ExpressionPane(QWidget):
    """Draws the derivation of a frame, section by section; only sections whose markup changed are typeset."""

    #: (what stands in the entry after a key, merge key)
    text_edited = Signal(str, str)
    #: (what stands in the entry when Enter is pressed, the keyboard goes elsewhere or rests a while, merge key)
    text_finished = Signal(str, str)
    #: key of the link under the pointer or the keyboard's choice, or None
    link_hovered = Signal(object)
    #: key of the derivative table's row that was asked for
    table_row_requested = Signal(str)
    #: (section, form): a formula is to be copied as latex, mathml, typst or picture
    copy_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = QLineEdit(self)
        self.entry.setObjectName("expression")
        self.entry.setAccessibleName(_("Function of x"))
        self.entry.setPlaceholderText(_("Type a function, for example log(2 + cos x)"))
        self._listen_to_the_entry()
        self.examples = QToolButton(self)
        self.examples.setText(_("Examples"))
        self.examples.setAccessibleName(_("Examples of functions"))
        self.examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._entry_row = QWidget(self)
        row = QHBoxLayout(self._entry_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.entry, 1)
        row.addWidget(self.examples)
        self.message = QLabel(self)
        self.message.setObjectName("warning")
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)  # it may quote what was typed
        self.message.hide()
        self.answer_box = AnswerBox(self)
        self.cover = Cover(self)
        self.cover.hide()
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(_("Derivation"))
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._scroll.setWidget(self._body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._entry_row)
        layout.addWidget(self.message)
        layout.addWidget(self.answer_box)
        layout.addWidget(self.cover, 1)
        layout.addWidget(self._scroll, 1)
        self._blocks: dict[str, tuple[QLabel, FormulaView]] = {}
        self._note = QLabel(self._body)
        self._note.setWordWrap(True)
        self._note.setObjectName("muted")
        self._frame: Frame | None = None
        self._waits = False
        self._form: tuple[object, ...] = ()
        self._symbols: tuple[Section, ...] = ()
        for key in ("definitions", "chain", "numbers", "update", "local"):
            heading, view = QLabel(self._body), FormulaView(self._body)
            heading.setObjectName("heading")
            view.zone_hovered.connect(self._on_zone_hovered)
            view.zone_activated.connect(self._on_zone_activated)
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(
                lambda position, key=key, view=view: self._show_menu(key, view, position)
            )
            self._column.addWidget(heading)
            self._column.addWidget(view)
            self._blocks[key] = (heading, view)
        self._column.insertWidget(8, self._note)
        self._definitions_first = True
        self._column.addStretch(1)
        self._scroll.installEventFilter(self)
        look.changed.connect(self._draw_again)

    def _listen_to_the_entry(self) -> None:
        self.entry.textEdited.connect(self._on_typed)
        self.entry.editingFinished.connect(self._on_typing_ended)
        leave_undo_to_the_window(self.entry)
        self._gesture = Gesture()
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST)
        self._resting.timeout.connect(self._on_typing_ended)

    def render_frame(self, new: Frame, old: Frame | None) -> None:
        """Show the derivation of the subject chosen in the frame; while it is hidden it waits."""
        self._frame = new
        self._waits = not self.isVisible()
        if self._waits:
            return
        is_function = new.state.subject == "function"
        self._entry_row.setVisible(is_function)
        self.answer_box.setVisible(is_function)
        self._show_cover(new.function if is_function else None)
        if is_function:
            self.answer_box.render_frame(new.function)
            self._render_function(new.function)
        else:
            self._render_network(new.network)

    def _show_cover(self, frame: FunctionFrame | None) -> None:
        """Keep the derivation out of sight while it would give an answer away."""
        exercise = frame.state.exercise if frame is not None else None
        covered = exercise is not None and exercise.outcome == "open"
        self.cover.setVisible(covered)
        self._scroll.setVisible(not covered)
        if frame is not None and covered:
            self.cover.render_frame(frame)

    def set_highlight(self, key: str | None) -> None:
        """Light up the factors of a link."""
        for _heading, view in self._blocks.values():
            view.set_highlight(key)

    def formula(self, key: str) -> FormulaView:
        """Return the formula of a section: definitions, chain, local or update."""
        return self._blocks[key][1]

    @property
    def first_entry(self) -> QLineEdit:
        """Where typing begins: the function, or the answer while an exercise is open."""
        return self.entry if self.cover.isHidden() else self.answer_box.entry

    @property
    def derivation(self) -> QWidget:
        """The whole derivation, also what is scrolled out of sight: what is saved as a picture."""
        return self._body

    def _render_function(self, frame: FunctionFrame) -> None:
        if self.entry.text() != frame.state.text:
            with QSignalBlocker(self.entry):
                self.entry.setText(frame.state.text)
                if not self.entry.hasFocus():
                    self.entry.home(False)  # its beginning is read first
        problem = frame.problem
        self._say(problem.message if problem is not None else frame.stopped or "")
        self._show(frame.derivation, None, problem is not None)
        self._light(frame.derivation, None)
        lines = [frame.derivation.why] if frame.derivation.why else []
        self._tell(lines)

    def _render_network(self, frame: NetworkFrame) -> None:
        self._say(frame.stopped or "")
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

    def _say(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))

    def _tell(self, lines: list[str]) -> None:
        self._note.setText("\n".join(lines))
        self._note.setVisible(bool(lines))

    def _show(self, derivation: Derivation, frame: NetworkFrame | None, dimmed: bool) -> None:
        theme = look.theme
        self._column.setSpacing(look.px(7))
        # Room for the scroll bar also while there is none: else the formulas' size and the bar could chase each other.
        pixels = self._scroll.maximumViewportSize().width() - self._scroll.verticalScrollBar().sizeHint().width() - 4
        width = max(140.0, (pixels - 8) * 72 / 96)
        style = Style(theme.text, theme.muted, theme.link_colours, _BASE_SIZE * look.scale)
        form = (derivation.form, style, width)
        if form != self._form:
            self._form = form
            self._symbols = symbol_sections(derivation, style, width)
        numbers = number_sections(derivation, style, frame.update if frame is not None else None)
        shown = {section.key: section for section in (*self._symbols, *numbers)}
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
        first = needed <= self._scroll.maximumViewportSize().height()
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

    def _on_typed(self, text: str) -> None:
        self._resting.start()
        self.text_edited.emit(text, self._gesture.repeated("text"))

    def _on_typing_ended(self) -> None:
        self._resting.stop()
        self.text_finished.emit(self.entry.text(), self._gesture.key("text"))

    def _on_zone_hovered(self, target: str | None) -> None:
        self.link_hovered.emit(target[5:] if target is not None and target.startswith("link:") else None)

    def _on_zone_activated(self, target: str) -> None:
        kind, _colon, key = target.partition(":")
        if kind == "row":
            self.table_row_requested.emit(key)

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

    def showEvent(self, event: QShowEvent) -> None:
        if self._waits:
            self._draw_again()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            if event.size().width() != event.oldSize().width():
                self._draw_again()
            else:
                self._arrange()
        return super().eventFilter(watched, event)
