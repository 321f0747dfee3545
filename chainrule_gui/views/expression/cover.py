"""What lies over the derivation while an exercise is open."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from chainrule_gui.i18n import _
from chainrule_gui.session.frame import FunctionFrame
from chainrule_gui.typeset.compiler import page
from chainrule_gui.typeset.spoken import spoken_symbol, to_spoken
from chainrule_gui.typeset.typst_markup import expression_markup, symbol_markup
from chainrule_gui.views.formula import FormulaView
from chainrule_gui.views.theme import look

_SIZE = 15


class Cover(QFrame):
    """Shows the function that is to be differentiated, and offers the solution; where there is no room, less of it."""

    #: the derivation is to be shown
    solution_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cover")
        self._frame: FunctionFrame | None = None
        self.formula = FormulaView(self)
        self.formula.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button = QPushButton(_("Show the solution"), self)
        self.button.setAccessibleName(_("Show the solution"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.solution_requested)
        look.changed.connect(self._apply_look)

    def render_frame(self, frame: FunctionFrame) -> None:
        """Show a function."""
        self._frame = frame
        of, wrt = frame.derivation.of, frame.derivation.wrt
        markup = f"{symbol_markup(of)}({symbol_markup(wrt)}) = {expression_markup(frame.expression)}"
        spoken = _("{of} of {wrt} is {formula}").format(
            of=spoken_symbol(of), wrt=spoken_symbol(wrt), formula=to_spoken(frame.expression)
        )
        self.formula.show_document(page(markup, _SIZE * look.scale, look.theme.text), spoken)
        self._arrange()

    def _arrange(self) -> None:
        """Keep what fits whole: a button that is cut is worse than one that is only in the menu."""
        button, formula, gap = self.button, self.formula, look.px(12)
        formula.show()
        formula.fit(self.width() - 2 * gap, formula.natural_width)
        button.resize(button.sizeHint())
        both = formula.height() + gap + button.height()
        formula.setVisible(self.height() >= both + gap)
        button.setVisible(self.height() >= button.height() + look.px(4))
        top = (self.height() - (button.height() if formula.isHidden() else both)) // 2
        formula.move((self.width() - formula.width()) // 2, top)
        left = (self.width() - button.width()) // 2
        button.move(left, top if formula.isHidden() else top + formula.height() + gap)

    def _apply_look(self) -> None:
        if self._frame is not None:
            self.render_frame(self._frame)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
