"""`chainrule code` and `chainrule solution`, from a session file to what a learner takes away."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from chainrule_gui.cli import main
from chainrule_gui.model.data import dataset
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.session import edits
from chainrule_gui.session.document import write_document
from chainrule_gui.session.state import initial_state


def _lesson():
    return edits.subject_chosen(initial_state(), "network")


def _xor(rule=UpdateRule(), steps=12):  # noqa: B008
    state = edits.dataset_chosen(_lesson(), dataset("xor"))
    state = edits.architecture_edited(state, [2, 3, 1], ["tanh", "sigmoid"], "cross-entropy")
    return edits.advanced(edits.optimiser_chosen(state, rule), steps)


@pytest.fixture
def saved(tmp_path):
    def save(state):
        path = tmp_path / "a.chainrule"
        write_document(path, state)
        return str(path)

    return save


def test_the_program_prints_what_train_prints(saved, tmp_path, capsys):
    state = edits.learning_rate_edited(_xor(), 0.5)
    state = edits.reset(edits.advanced(state, 1))
    path, out, parameters = saved(edits.advanced(state, 40)), tmp_path / "net.py", tmp_path / "p.json"
    assert main(["code", path, "--to", "numpy", "--out", str(out)]) == 0
    done = subprocess.run([sys.executable, "-I", str(out)], check=True, capture_output=True, text=True)
    printed = [float(line.split()[1]) for line in done.stdout.splitlines()[1:]]
    network = state.network.network
    start = dict(zip(network.parameter_names, state.network.run.trajectory.parameters_at(0).tolist(), strict=True))
    parameters.write_text(json.dumps(start))
    train = ["train", "--layers", "2,3,1", "--activation", "tanh,sigmoid", "--cost", "cross-entropy", "--data", "xor"]
    train += ["--parameters", str(parameters), "--rate", "0.5", "--steps", "40", "--format", "json"]
    assert main(train) == 0
    history = json.loads(capsys.readouterr().out)["history"]
    np.testing.assert_allclose(printed, [row["cost"] for row in history], rtol=1e-12)


def test_a_run_without_steps_gives_a_program_that_takes_some(saved, tmp_path):
    out = tmp_path / "net.py"
    assert main(["code", saved(_lesson()), "--to", "pytorch", "--out", str(out)]) == 0
    assert "steps = 100" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize(
    "state", [_lesson(), _xor(), _xor(UpdateRule("adam")), initial_state()], ids=["lesson", "xor", "adam", "function"]
)
def test_a_solution_is_a_tagged_pdf(saved, tmp_path, state, paper):
    out = tmp_path / "solution.pdf"
    assert main(["solution", saved(state), "--out", str(out), "--paper", paper]) == 0
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"StructTreeRoot" in content or b"/MarkInfo" in content or b"pdfuaid" in content


@pytest.mark.parametrize(
    "state", [_lesson(), _xor(UpdateRule("momentum")), initial_state()], ids=["lesson", "xor", "h"]
)
def test_a_solution_as_html_has_mathml_and_needs_nothing_else(saved, tmp_path, state):
    out = tmp_path / "solution.html"
    assert main(["solution", saved(state), "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert page.count("<math") > 8
    assert not re.search(r"(src|href)=\"?https?:", page)
    assert "<style>\nbody" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["code", "nowhere.chainrule", "--to", "numpy", "--out", "a.py"], "nowhere.chainrule"),
        (["solution", "nowhere.chainrule", "--out", "a.pdf"], "nowhere.chainrule"),
        (["solution", "nowhere.chainrule", "--out", "a.docx"], ".html"),
    ],
)
def test_what_cannot_be_is_one_message(capsys, arguments, words):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_where_there_is_no_value_that_is_said(saved, tmp_path, capsys):
    state = edits.point_edited(edits.text_edited(initial_state(), "ln x"), "x", -1.0)
    assert main(["solution", saved(state), "--out", str(tmp_path / "a.pdf")]) == 2
    assert "nothing to work out" in capsys.readouterr().err
