"""The session file: what is saved comes back; what cannot be read is refused and left alone."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from chainrule_gui.model.data import dataset, read_csv
from chainrule_gui.model.network.optimisers import UpdateRule
from chainrule_gui.session import edits, exercise_edits
from chainrule_gui.session.document import DocumentError, read_document, write_atomically, write_document
from chainrule_gui.session.frame import resolve
from chainrule_gui.session.state import FunctionView, NetworkView, initial_state


def _worked():
    state = edits.subject_chosen(edits.text_edited(initial_state(), "x sin(x)"), "network")
    state = edits.dataset_chosen(state, dataset("xor"))
    state = edits.architecture_edited(state, [2, 3, 1], ["tanh", "sigmoid"], "cross-entropy")
    state = edits.learning_rate_edited(edits.advanced(state, 20), 0.7)
    return edits.gone_to(edits.advanced(state, 15), 28)


def test_a_session_comes_back_to_the_last_bit(tmp_path):
    state = _worked()
    path = tmp_path / "Übung mit Leerzeichen.chainrule"
    write_document(path, state)
    back = read_document(path)
    old, new = resolve(state).network, resolve(back).network
    np.testing.assert_array_equal(old.parameters, new.parameters)
    np.testing.assert_array_equal(
        old.state.run.trajectory.costs(35), new.state.run.trajectory.costs(back.network.run.length)
    )
    assert (back.subject, back.function.text, back.network.run.step) == ("network", "x sin(x)", 28)
    assert old.derivation.derivative_value == new.derivation.derivative_value


def test_how_a_function_is_looked_at_comes_back(tmp_path):
    state = edits.piece_split(
        edits.order_chosen(edits.text_edited(initial_state(), "exp(2 + cos x)"), 2), "2 + cos(x)", True
    )
    view = FunctionView("steps", "nudge", "links", revealed=3, predicting=True, nudge=-0.02)
    path = tmp_path / "a.chainrule"
    write_document(path, edits.function_view_edited(state, view))
    back = read_document(path).function
    assert (back.view, back.order, back.split) == (view, 2, {"2 + cos(x)"})


def test_an_exercise_and_its_answer_come_back_and_earlier_files_read(tmp_path):
    state = exercise_edits.exercise_begun(initial_state(), "mixed", 2, None, 11)
    state = exercise_edits.answer_edited(exercise_edits.next_exercise(state, 12), "2 x \ud800")
    path = tmp_path / "a.chainrule"
    write_document(path, state)
    back = read_document(path).function
    assert back.exercise == state.function.exercise
    assert (back.answer, back.text, back.wrt) == ("2 x ?", state.function.text, state.function.wrt)
    _spoil(path, lambda d: [d["function"].pop(key) for key in ("answer", "exercise")])
    assert read_document(path).function.exercise is None


@pytest.mark.parametrize("change", [
    {"topic": "none"}, {"kind": "none"}, {"difficulty": 4}, {"depth": 5}, {"place": 10}, {"place": -1},
    {"outcome": "won"}, {"seed": "x"},
])  # fmt: skip
def test_an_exercise_of_no_set_is_refused(tmp_path, change):
    path = tmp_path / "a.chainrule"
    write_document(path, exercise_edits.exercise_begun(initial_state(), "chain", 2, 3, 11))
    _spoil(path, lambda d: d["function"]["exercise"].update(change))
    with pytest.raises(DocumentError, match=r"a\.chainrule"):
        read_document(path)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.chainrule"
    path.write_bytes(b"the original")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DocumentError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"the original"
    assert [file.name for file in tmp_path.iterdir()] == ["a.chainrule"]


def test_a_save_keeps_who_may_read_the_file_and_where_a_link_leads(tmp_path):
    path, link = tmp_path / "a.chainrule", tmp_path / "link.chainrule"
    path.write_bytes(b"old")
    path.chmod(0o640)
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no links may be made here")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="permissions as on Unix")
def test_a_new_file_has_the_usual_permissions(tmp_path):
    write_atomically(tmp_path / "new", b"")
    (tmp_path / "usual").write_bytes(b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_name_as_long_as_a_name_may_be(tmp_path):
    path = tmp_path / ("a" * 240 + ".chainrule")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_data_from_a_file_with_an_unreadable_name_can_be_saved(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    try:
        path.write_text("1,2\n3,4\n")
    except OSError:
        pytest.skip("such a name cannot be made here")
    state = edits.architecture_edited(initial_state(), [1, 1], ["identity"], "squared-error")
    state = edits.dataset_chosen(state, read_csv(path))
    write_document(tmp_path / "a.chainrule", state)
    assert read_document(tmp_path / "a.chainrule").network.dataset.name == "caf?.csv"


def test_a_folder_that_vanished_is_said(tmp_path):
    with pytest.raises(DocumentError):
        write_document(tmp_path / "gone" / "a.chainrule", initial_state())


def _saved(tmp_path):
    path = tmp_path / "a.chainrule"
    write_document(path, _worked())
    return path


def _spoil(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(version=99),
        lambda d: d.update(surprise=1),
        lambda d: d["network"].update(layers=[2, 0, 1]),
        lambda d: d["network"].update(layers=[2, 10**9, 1]),
        lambda d: d["network"].update(selected="w9"),
        lambda d: d["network"].update(step=10**9, length=10**9),
        lambda d: d["network"].update(sample=99),
        lambda d: d["network"].update(start=[1.0]),
        lambda d: d["network"].update(rates=[]),
        lambda d: d["function"].update(text="__import__('os')"),
        lambda d: d["function"].update(x_range=[1, 1]),
        lambda d: d["function"].update(order=4),
        lambda d: d["function"].update(split=["log("]),
        lambda d: d["function"]["view"].update(expression="surprise"),
        lambda d: d["function"]["view"].update(revealed=-1),
        lambda d: d.pop("function"),
        lambda d: d["network"].update(inputs=[[1, 2], [3]]),
        lambda d: d.update(version=0),
        lambda d: d["function"].update(wrt="x+1"),
        lambda d: d["function"].update(wrt="2"),
        lambda d: d["function"].update(wrt="θ"),
    ],
)
def test_a_spoilt_document_is_refused_with_its_name(tmp_path, change):
    path = _saved(tmp_path)
    _spoil(path, change)
    content = path.read_bytes()
    with pytest.raises(DocumentError, match=r"a\.chainrule"):
        read_document(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 100, b"[" * 1000, b'{"version": 1e999}', b'{"version": NaN}', b"\xff\xfe", b'{"a": 1, "a": 2}',
     b'{"version": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_rubbish_is_refused(tmp_path, content):
    path = tmp_path / "a.chainrule"
    path.write_bytes(content)
    with pytest.raises(DocumentError):
        read_document(path)


def test_a_file_cut_anywhere_is_refused(tmp_path):
    path = _saved(tmp_path)
    content = path.read_bytes()
    for length in range(0, len(content) - 1, 97):
        path.write_bytes(content[:length])
        with pytest.raises(DocumentError):
            read_document(path)


def test_a_folder_with_the_name_of_a_session_is_refused(tmp_path):
    (tmp_path / "x.chainrule").mkdir()
    with pytest.raises(DocumentError):
        read_document(tmp_path / "x.chainrule")


def test_optimiser_locks_scheme_and_view_come_back(tmp_path):
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), dataset("xor"))
    state = edits.architecture_edited(state, [2, 3, 1], ["tanh", "sigmoid"], "cross-entropy")
    state = edits.optimiser_chosen(state, UpdateRule("adam", {"beta1": 0.5}))
    state = edits.parameter_frozen(edits.scheme_chosen(state, "he"), "w1.2.1", True)
    view = NetworkView("contour", ("w1.1.1", "b2.1"))
    state = edits.learning_rate_edited(edits.advanced(edits.network_view_edited(state, view), 20), 0.1)
    state = edits.advanced(state, 10)
    path = tmp_path / "a.chainrule"
    write_document(path, state)
    back = read_document(path).network
    assert (back.rule, back.frozen, back.scheme, back.view) == (
        UpdateRule("adam", {"beta1": 0.5}), frozenset({"w1.2.1"}), "he", view,
    )  # fmt: skip
    np.testing.assert_array_equal(back.run.trajectory.costs(30), state.network.run.trajectory.costs(30))


def test_a_file_from_before_there_were_optimisers_opens(tmp_path):
    path = _saved(tmp_path)
    _spoil(
        path, lambda d: [d["network"].pop(key) for key in ("optimiser", "hyperparameters", "frozen", "scheme", "view")]
    )
    network = read_document(path).network
    assert (network.rule, network.frozen, network.scheme, network.view) == (
        UpdateRule(), frozenset(), "rounded", NetworkView(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"optimiser": "sgd"},
        {"optimiser": "momentum", "hyperparameters": {"beta": 2.0}},
        {"frozen": ["w9"]},
        {"scheme": "lecun"},
        {"view": {"plot": "contour", "contour": ["w1.1.1", "x.1"]}},
        {"view": {"plot": "histogram", "contour": None}},
    ],
)
def test_an_optimiser_or_a_lock_that_cannot_be_is_refused(tmp_path, change):
    path = _saved(tmp_path)
    _spoil(path, lambda document: document["network"].update(change))
    with pytest.raises(DocumentError):
        read_document(path)


def test_what_was_done_to_the_data_comes_back(tmp_path):
    state = edits.dataset_chosen(edits.subject_chosen(initial_state(), "network"), dataset("moons"))
    state = edits.advanced(edits.value_edited(edits.data_prepared(state, 0.2, True), "x.1", 0.25), 4)
    path = tmp_path / "a.chainrule"
    write_document(path, state)
    old, new = state.network, read_document(path).network
    np.testing.assert_array_equal(new.dataset.inputs, old.dataset.inputs)
    np.testing.assert_array_equal(new.prepared.test.inputs, old.prepared.test.inputs)
    np.testing.assert_array_equal(new.prepared.scaling.mean, old.prepared.scaling.mean)
    np.testing.assert_array_equal(new.run.trajectory.costs(4), old.run.trajectory.costs(4))
    _spoil(path, lambda document: document["network"]["preparation"].update(scale=[1.0, 0.0]))
    with pytest.raises(DocumentError):
        read_document(path)
