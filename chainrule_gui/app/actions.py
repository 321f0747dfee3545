"""Every action of the application in one table: menus, keys, tool tips and the command search come from it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QIcon, QKeySequence

from chainrule_gui.i18n import N_, _
from chainrule_gui.views import icons
from chainrule_gui.views.theme import look


@dataclass(frozen=True, slots=True)
class Row:
    """One action: its menu, text, keys, tool tip, icon; `opens_group` draws a line above it in the menu."""

    key: str
    menu: str
    text: str
    shortcut: str
    tip: str
    icon: str = ""
    checkable: bool = False
    opens_group: bool = False


FILE, EDIT, VIEW, RUN, HELP = N_("&File"), N_("&Edit"), N_("&View"), N_("&Run"), N_("&Help")
BUILD, DERIVATION, PLOT, PRACTICE = N_("&Build"), N_("&Derivation"), N_("P&lot"), N_("&Practice")
MENUS = (FILE, EDIT, VIEW, DERIVATION, BUILD, PLOT, RUN, PRACTICE, HELP)

ACTIONS = (
    Row("new", FILE, N_("&New"), "Ctrl+N", N_("Begin with the lesson's function and network")),
    Row("open", FILE, N_("&Open…"), "Ctrl+O", N_("Open a session file")),
    Row("save", FILE, N_("&Save"), "Ctrl+S", N_("Save the session")),
    Row("save_as", FILE, N_("Save &as…"), "Ctrl+Shift+S", N_("Save the session under another name")),
    Row("examples", FILE, N_("Open an exa&mple…"), "Ctrl+Shift+O", N_("Choose a function from the gallery"),
        opens_group=True),
    Row("open_csv", FILE, N_("Open &data (CSV)…"), "Ctrl+D", N_("Take a network's data from a CSV file")),
    Row("export_pane", FILE, N_("&Export the pane as picture…"), "Ctrl+E",
        N_("Save the pane that has the keyboard as PNG, SVG or PDF"), opens_group=True),
    Row("export_history", FILE, N_("Export the &history (CSV)…"), "Ctrl+Shift+E",
        N_("Save step, cost and parameters of the run as a table")),
    Row("export_solution", FILE, N_("Export the &worked solution…"), "Ctrl+P",
        N_("What is shown, worked out by hand with every number, as PDF or HTML"), opens_group=True),
    Row("export_numpy", FILE, N_("Export the network as a n&umpy program…"), "Ctrl+Shift+Y",
        N_("A Python program that repeats the run and prints the same costs")),
    Row("export_pytorch", FILE, N_("Export the network as a PyTorch pro&gram…"), "Ctrl+Shift+T",
        N_("The same with PyTorch, which finds the gradients itself")),
    Row("quit", FILE, N_("&Quit"), "Ctrl+Q", N_("Close the window"), opens_group=True),
    Row("undo", EDIT, N_("&Undo"), "Ctrl+Z", N_("Take back the last change")),
    Row("redo", EDIT, N_("&Redo"), "Ctrl+Shift+Z", N_("Make the change again that was taken back")),
    Row("copy_latex", EDIT, N_("Copy the derivation as &LaTeX"), "Ctrl+L", N_("For a LaTeX document"),
        opens_group=True),
    Row("copy_mathml", EDIT, N_("Copy the derivation as &MathML"), "Ctrl+M", N_("For a word processor")),
    Row("copy_typst", EDIT, N_("Copy the derivation as &Typst"), "Ctrl+T", N_("For a Typst document")),
    Row("copy_text", EDIT, N_("Copy the derivation as te&xt"), "Ctrl+Shift+C", N_("For a note or a mail")),
    Row("copy_picture", EDIT, N_("Copy the derivation as &picture"), "Ctrl+Shift+P", N_("For slides")),
    Row("function", VIEW, N_("&Function"), "Ctrl+1", N_("Take a function apart")),
    Row("network", VIEW, N_("&Network"), "Ctrl+2", N_("Work with the network")),
    Row("entry", VIEW, N_("&Edit the function"), "Ctrl+F", N_("Go to where the function is typed")),
    Row("diagram", VIEW, N_("&Gradients or nudge in the diagram"), "Ctrl+G",
        N_("For a network show δ and ∂J/∂w instead of z, a and w; for a function send a small change through"),
        checkable=True, opens_group=True),
    Row("side", VIEW, N_("&Side panel"), "F9", N_("Show or hide settings and derivative table"), checkable=True,
        opens_group=True),
    Row("table", VIEW, N_("Derivative &table"), "Ctrl+R", N_("Show the derivative table")),
    Row("maximise", VIEW, N_("&Maximise the pane"), "Ctrl+Return", N_("Show one pane alone, or all again")),
    Row("next_pane", VIEW, N_("Ne&xt pane"), "F6", N_("Take the keyboard to the next pane")),
    Row("previous_pane", VIEW, N_("P&revious pane"), "Shift+F6", N_("Take the keyboard to the pane before")),
    Row("full_screen", VIEW, N_("Full s&creen"), "F11", N_("Use the whole screen"), checkable=True,
        opens_group=True),
    Row("bigger", VIEW, N_("&Bigger"), "Ctrl+=", N_("Scale everything up, to 300 %")),
    Row("smaller", VIEW, N_("S&maller"), "Ctrl+-", N_("Scale everything down, to 75 %")),
    Row("usual_size", VIEW, N_("&Usual size"), "Ctrl+0", N_("Scale everything to 100 %")),
    Row("theme_light", VIEW, N_("L&ight theme"), "Shift+F11", N_("Dark on light"), checkable=True,
        opens_group=True),
    Row("theme_dark", VIEW, N_("&Dark theme"), "Ctrl+Shift+D", N_("Light on dark"), checkable=True),
    Row("theme_system", VIEW, N_("Theme of the s&ystem"), "Alt+F11", N_("Light or dark as the system is"),
        checkable=True),
    Row("derivation_view", DERIVATION, N_("&View of the derivation"), "Ctrl+Shift+V",
        N_("The chain, its worked steps, or its two orders of multiplication")),
    Row("next_step", DERIVATION, N_("&Next"), "Ctrl+Right", N_("Show the next step of the worked solution"),
        "chevron-right", opens_group=True),
    Row("previous_step", DERIVATION, N_("&Back"), "Ctrl+Left", N_("Take the step shown last away"),
        "chevron-left"),
    Row("all_steps", DERIVATION, N_("&All"), "Ctrl+Shift+Right", N_("Show all steps at once"),
        "chevron-double-right"),
    Row("start_over", DERIVATION, N_("Start &over"), "Ctrl+Shift+Left", N_("Hide all steps again"),
        "page-first"),
    Row("predict", DERIVATION, N_("&Predict"), "Ctrl+B", N_("The next factor is a blank, and you type it"),
        checkable=True),
    Row("simplify", DERIVATION, N_("&Simplified form (SymPy)"), "Ctrl+Shift+B",
        N_("Have SymPy look for a simpler form of the result, proven equal")),
    Row("first_order", DERIVATION, N_("&First derivative"), "Alt+1", N_("Take h apart"), checkable=True,
        opens_group=True),
    Row("second_order", DERIVATION, N_("Se&cond derivative"), "Alt+2", N_("Differentiate h′ again"), checkable=True),
    Row("third_order", DERIVATION, N_("&Third derivative"), "Alt+3", N_("Differentiate h″ again"), checkable=True),
    Row("add_unit", BUILD, N_("Add a &unit"), "Ctrl+Shift+Up", N_("To the layer of the item that has the keyboard")),
    Row("remove_unit", BUILD, N_("&Remove the unit"), "Ctrl+Shift+Down",
        N_("The unit that has the keyboard in the diagram, else the last one of its layer")),
    Row("add_layer", BUILD, N_("Add a &layer behind"), "Ctrl+Shift+PgUp",
        N_("Behind the layer of the item that has the keyboard"), opens_group=True),
    Row("remove_layer", BUILD, N_("Remove the la&yer"), "Ctrl+Shift+PgDown",
        N_("The layer of the item that has the keyboard")),
    Row("activation", BUILD, N_("Next &activation"), "Ctrl+Shift+A",
        N_("Another activation for the layer of the item that has the keyboard"), opens_group=True),
    Row("lock", BUILD, N_("Loc&k the parameter"), "Ctrl+Shift+K",
        N_("No step changes the weight or bias that has the keyboard, else the one derived by"), checkable=True),
    Row("menu", BUILD, N_("&Menu of the item"), "Shift+F10", N_("Everything that can be done with the item"),
        opens_group=True),
    Row("plot", PLOT, N_("&Next plot"), "Ctrl+Shift+G", N_("Show the next plot of the function or the network")),
    Row("log_cost", PLOT, N_("&Logarithmic cost"), "Ctrl+Shift+L", N_("Show the cost by powers of ten"),
        checkable=True),
    Row("whole_plot", PLOT, N_("&Whole plot"), "Ctrl+Home", N_("Undo all zooming and panning of the plot")),
    Row("plot_cost", PLOT, N_("&Cost"), "Alt+4", N_("Cost against step, of this run and of those before it"),
        opens_group=True),
    Row("plot_slice", PLOT, N_("&Slice"), "Alt+5", N_("Cost along the selected parameter, with the next step")),
    Row("plot_contour", PLOT, N_("C&ontour"), "Alt+6", N_("Cost over two parameters, with the way that descent took")),
    Row("plot_boundary", PLOT, N_("O&utput"), "Alt+7", N_("What the network gives over its inputs, with the samples")),
    Row("plot_parameters", PLOT, N_("&Parameters"), "Alt+8",
        N_("Every parameter and the length of the gradient against step")),
    Row("plot_check", PLOT, N_("&Gradient check"), "Alt+9",
        N_("Every gradient by the chain rule and numerically, and the step h between truncation and rounding")),
    Row("run", RUN, N_("&Run"), "F5", N_("Run gradient descent, or pause it"), "play"),
    Row("step", RUN, N_("&Step"), "F8", N_("One update of the parameters"), "skip-next"),
    Row("phase", RUN, N_("&Phase"), "F7",
        N_("One phase of the step: forward layer by layer, cost, backward layer by layer, update"), "shoe-print"),
    Row("back", RUN, N_("&Back"), "Shift+F8", N_("One step or phase back"), "skip-previous"),
    Row("reset", RUN, N_("R&eset"), "Shift+F5", N_("Back to the same initial parameters"), "restart"),
    Row("random", RUN, N_("&New random start"), "Ctrl+F5", N_("Initial parameters of the next seed"),
        "dice-multiple-outline"),
    Row("practice", PRACTICE, N_("Practice &page"), "F4", N_("Choose exercises and see your results")),
    Row("new_exercise", PRACTICE, N_("&New exercise"), "Ctrl+Shift+N",
        N_("Take an exercise of the kind chosen on the practice page into the window")),
    Row("next_exercise", PRACTICE, N_("Ne&xt exercise"), "Ctrl+J", N_("Go on in the set; an open exercise is skipped")),
    Row("answer", PRACTICE, N_("&Type the derivative"), "Ctrl+Shift+F", N_("Go to where your derivative is typed"),
        opens_group=True),
    Row("check_answer", PRACTICE, N_("&Check the answer"), "F3", N_("Is your derivative right?")),
    Row("hint", PRACTICE, N_("&Hint"), "Ctrl+H", N_("Each press says more, up to the factor itself")),
    Row("solution", PRACTICE, N_("&Show the solution"), "Ctrl+Shift+H",
        N_("Uncover the derivation; the exercise no longer counts then")),
    Row("export_results", PRACTICE, N_("&Export the results (CSV)…"), "Ctrl+Shift+R",
        N_("Save every answer given as a table"), opens_group=True),
    Row("commands", HELP, N_("&Commands…"), "Ctrl+K", N_("Search all commands")),
    Row("about", HELP, N_("&About Chain Rule Lab"), "Shift+F1", N_("Version and licence")),
)  # fmt: skip


def build_actions(parent: QObject) -> dict[str, QAction]:
    """Return the table's actions, not yet connected."""
    actions = {}
    for row in ACTIONS:
        action = QAction(_(row.text), parent)
        action.setCheckable(row.checkable)
        keys = QKeySequence(row.shortcut)
        if row.shortcut:
            action.setShortcut(keys)
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{_(row.tip)} ({shown})" if row.shortcut else _(row.tip))
        actions[row.key] = action
    tint(actions)
    return actions


def tint(actions: dict[str, QAction]) -> None:
    """Give the icons the theme's colour."""
    for row in ACTIONS:
        if row.icon:
            actions[row.key].setIcon(icon(row.icon, look.theme.accent_text if row.key == "run" else look.theme.text))


def icon(name: str, colour: str) -> QIcon:
    """Return an icon in a colour, faint where its action is disabled."""
    return icons.icon(name, colour, look.theme.faint)
