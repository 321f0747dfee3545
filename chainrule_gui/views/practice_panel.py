"""The practice page of the side panel: which exercises, how far one is, and what the record says."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chainrule_gui.i18n import _, ngettext
from chainrule_gui.learning.diagnosis import CODE_NAMES
from chainrule_gui.learning.exercises import DEEPEST, DIFFICULTIES, TOPICS
from chainrule_gui.learning.practice import Practice
from chainrule_gui.session.exercise_edits import SET_SIZE
from chainrule_gui.session.state import ActiveExercise
from chainrule_gui.views.card import Segments
from chainrule_gui.views.controls.flow import Flow
from chainrule_gui.views.theme import look


class PracticePanel(QScrollArea):
    """A form to choose exercises by, and the learner's results."""

    #: (topic, difficulty, depth or None): the first exercise of a new set is wanted
    new_requested = Signal(str, int, object)
    #: the next exercise is wanted
    next_requested = Signal()
    #: the results are to be exported
    export_requested = Signal()
    #: the results are to be forgotten; the learner has confirmed it
    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Practice"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the keyboard through its widgets
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._build_choices()
        self._build_record()
        self._column.addStretch(1)
        self.setWidget(body)
        self.show_exercise(None)
        self.show_record(Practice())
        look.changed.connect(self._apply_look)
        self._apply_look()

    def _build_choices(self) -> None:
        self.topic, self.inside = QComboBox(), QComboBox()
        for key, name in TOPICS.items():
            self.topic.addItem(_(name), key)
        self.topic.setCurrentIndex(self.topic.findData("chain"))
        self.topic.currentIndexChanged.connect(self._show_depth)
        levels = [(str(level), str(level)) for level in DIFFICULTIES]
        self.difficulty = Segments(levels, _("Difficulty"))
        self._level = DIFFICULTIES[0]
        self.difficulty.show_choice(str(self._level))
        self.difficulty.chosen.connect(self._on_difficulty)
        self.inside.addItem(_("by difficulty"), None)
        for depth in range(1, DEEPEST + 1):
            self.inside.addItem(str(depth), depth)
        self.new_button, self.next_button = QPushButton(_("New exercise")), QPushButton(_("Next exercise"))
        self.new_button.setToolTip(_("Take an exercise of this kind into the window"))
        self.new_button.setAccessibleName(_("New exercise"))
        self.new_button.clicked.connect(self.request_new)
        self.next_button.clicked.connect(self.next_requested)
        self.progress = QLabel()
        self.progress.setWordWrap(True)
        self.progress.setAccessibleName(_("Exercise"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for choice in (self.topic, self.inside):
            choice.setMinimumContentsLength(6)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows = form
        for text, widget in (
            (_("Topic"), self.topic), (_("Difficulty"), self.difficulty), (_("Depth"), self.inside)
        ):  # fmt: skip
            form.addRow(text, widget)
            widget.setAccessibleName(text)
        self._buttons = Flow()
        self._buttons.add(self.new_button, self.next_button)
        self._column.addLayout(form)
        self._column.addWidget(self._buttons)
        self._column.addWidget(self.progress)

    def _build_record(self) -> None:
        self.streak, self.best = QLabel(), QLabel()
        self.streak.setObjectName("figure")
        self.best.setObjectName("muted")
        run = QHBoxLayout()
        run.addWidget(self.streak)
        run.addWidget(self.best, 1, Qt.AlignmentFlag.AlignBottom)
        self.results, self.mistakes = _Table(), _Table()
        self.export_button, self.reset_button = QPushButton(_("Export…")), QPushButton(_("Forget…"))
        self.export_button.setAccessibleName(_("Export the results"))
        self.export_button.clicked.connect(self.export_requested)
        self.reset_button.setAccessibleName(_("Forget all results"))
        self.reset_button.clicked.connect(lambda: self._ask(True))
        self._actions = Flow()
        self._actions.add(self.export_button, self.reset_button)
        self._question = QWidget()
        self.question = QLabel()
        self.question.setWordWrap(True)
        self.forget_button, self.keep_button = QPushButton(_("Forget them")), QPushButton(_("Keep them"))
        for button in (self.forget_button, self.keep_button):
            button.setAccessibleName(button.text())
        self.forget_button.clicked.connect(self._on_confirmed)
        self.keep_button.clicked.connect(lambda: self._ask(False))
        answers = Flow()
        answers.add(self.forget_button, self.keep_button)
        asking = QVBoxLayout(self._question)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.addWidget(self.question)
        asking.addWidget(answers)
        self._question.hide()
        self._column.addLayout(run)
        for text, table in ((_("Right by topic"), self.results), (_("Mistakes"), self.mistakes)):
            table.heading.setText(text)
            table.setAccessibleName(text)
            self._column.addWidget(table)
        self._column.addWidget(self._actions)
        self._column.addWidget(self._question)

    def request_new(self) -> None:
        """Ask for an exercise of the kind chosen."""
        topic = self.topic.currentData()
        self.new_requested.emit(topic, self._level, self.inside.currentData() if topic == "chain" else None)

    def show_exercise(self, exercise: ActiveExercise | None) -> None:
        """Show which exercise is practised."""
        self.next_button.setVisible(exercise is not None)
        is_open = exercise is not None and exercise.outcome == "open"
        self.next_button.setText(_("Skip") if is_open else _("Next exercise"))
        self.next_button.setAccessibleName(_("Skip this exercise") if is_open else _("Next exercise"))
        wanted = "" if is_open else "primary"
        for button, name in ((self.new_button, wanted if exercise is None else ""), (self.next_button, wanted)):
            if button.objectName() != name:
                button.setObjectName(name)
                button.style().polish(button)
        if exercise is None:
            self.progress.setText(_("A new exercise takes the place of the function. Its derivation stays covered."))
            return
        said = {
            "open": _("Type the derivative beside the function."),
            "solved": _("Solved."),
            "shown": _("The solution is shown; this one no longer counts."),
        }[exercise.outcome]
        where = _("Exercise {number} of {count}, {topic}").format(
            number=exercise.place + 1, count=SET_SIZE, topic=_(TOPICS[exercise.kind])
        )
        self.progress.setText(f"{where}. {said}")

    def show_choice(self, exercise: ActiveExercise) -> None:
        """Choose the kind of an exercise that was opened or brought back."""
        with QSignalBlocker(self.topic):
            self.topic.setCurrentIndex(self.topic.findData(exercise.topic))
        self.inside.setCurrentIndex(self.inside.findData(exercise.depth))
        self._level = exercise.difficulty
        self.difficulty.show_choice(str(exercise.difficulty))
        self._show_depth()

    def show_record(self, practice: Practice) -> None:
        """Show the results."""
        self.streak.setText(str(practice.streak))
        self.best.setText(_("right in a row, best {best}").format(best=practice.best_streak))
        self.streak.setAccessibleName(f"{practice.streak} {self.best.text()}")
        self.results.show_rows(
            [
                (_(TOPICS.get(topic, topic)), _("{right} of {all}").format(right=right, all=count), right / count)
                for topic, (right, count) in practice.by_topic.items()
            ]
        )
        self.mistakes.show_rows(
            [(_(CODE_NAMES.get(code, code)), str(count), None) for code, count in practice.mistakes.items()]
        )
        self._actions.setVisible(bool(practice.attempts))
        count = len(practice.attempts)
        self.question.setText(
            ngettext(
                "Forget {count} answer? This cannot be undone.", "Forget {count} answers? This cannot be undone.", count
            ).format(count=count)
        )
        self._ask(False)

    def _ask(self, asking: bool) -> None:
        self._question.setVisible(asking)
        self.reset_button.setEnabled(not asking)
        if asking:
            self.keep_button.setFocus()
            self.ensureWidgetVisible(self._question)

    def _on_confirmed(self) -> None:
        self._ask(False)
        self.reset_requested.emit()

    def _on_difficulty(self, level: str) -> None:
        self._level = int(level)

    def _show_depth(self) -> None:
        self._rows.setRowVisible(self.inside, self.topic.currentData() == "chain")

    def _apply_look(self) -> None:
        self._column.setSpacing(look.px(10))
        self._column.setContentsMargins(0, 0, look.px(8), 0)  # room for the scroll bar
        for layout in (self._rows, self.results.grid, self.mistakes.grid):
            layout.setSpacing(look.px(6))
        self._rows.setHorizontalSpacing(look.px(12))
        for flow in (self._buttons, self._actions):
            flow.flow.set_gap(look.px(6))


class _Table(QWidget):
    """Lines of a name, a number and perhaps a bar; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = QLabel()
        self.heading.setObjectName("muted")
        self._lines = QWidget()
        self.grid = QGridLayout(self._lines)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self._lines)

    def show_rows(self, rows: list[tuple[str, str, float | None]]) -> None:
        """Show lines: a name, a number, and how much of a bar is full."""
        _empty(self.grid)
        for place, (name, number, share) in enumerate(rows):
            label, figure = QLabel(name), QLabel(number)
            label.setWordWrap(True)
            self.grid.addWidget(label, 2 * place, 0)
            self.grid.addWidget(figure, 2 * place, 1, Qt.AlignmentFlag.AlignRight)
            if share is not None:
                bar = QProgressBar()
                bar.setTextVisible(False)
                bar.setRange(0, 100)
                bar.setValue(round(100 * share))
                bar.setAccessibleName(f"{name}: {number}")
                self.grid.addWidget(bar, 2 * place + 1, 0, 1, 2)
        self.setVisible(bool(rows))

    @property
    def texts(self) -> list[str]:
        """What the lines say, name and number in turn."""
        return [label.text() for label in self._lines.findChildren(QLabel)]


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()
