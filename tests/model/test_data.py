"""Data sets and CSV files."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.model.data import DATASETS, DataError, Dataset, dataset, read_csv


@pytest.mark.parametrize("name", DATASETS)
def test_built_in_sets_are_finite_seeded_and_read_only(name):
    one, same = dataset(name, seed=2), dataset(name, seed=2)
    np.testing.assert_array_equal(one.inputs, same.inputs)
    assert np.isfinite(one.inputs).all()
    assert len(one.inputs) == len(one.targets)
    with pytest.raises(ValueError, match="read-only"):
        one.inputs[0, 0] = 1.0


def _csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_header_columns_and_targets(tmp_path):
    path = _csv(tmp_path, "a,b,c\n1,2,3\n4,5,6\n")
    data = read_csv(path, outputs=1)
    np.testing.assert_array_equal(data.inputs, [[1, 2], [4, 5]])
    np.testing.assert_array_equal(data.targets, [[3], [6]])
    chosen = read_csv(path, inputs=("c",), targets=("a",))
    np.testing.assert_array_equal(chosen.inputs, [[3], [6]])
    np.testing.assert_array_equal(chosen.targets, [[1], [4]])


def test_semicolons_decimal_commas_and_a_byte_order_mark(tmp_path):
    data = read_csv(_csv(tmp_path, "\ufeffx;y\n1,5;2\n-0,25;3\n"), outputs=1)
    np.testing.assert_array_equal(data.inputs, [[1.5], [-0.25]])


def test_no_header(tmp_path):
    assert len(read_csv(_csv(tmp_path, "1,2\n3,4\n"), outputs=1).inputs) == 2


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", ""), ("a,b\n", ""), ("a,b\n1,2\n3\n", "3"), ("a,b\n1,2\n3,cat\n", "3"), ("a,b\n1,\n", "2"),
        ("a,b\n1,nan\n", "2"), ("a,b\n1,1e999\n", "2"), ("\x00\x00\x00", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(tmp_path, text, where):
    with pytest.raises(DataError) as caught:
        read_csv(_csv(tmp_path, text), outputs=1)
    assert where in str(caught.value)


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError):
            read_csv(path, outputs=1)


def test_data_that_do_not_fit_are_refused():
    with pytest.raises(DataError):
        Dataset("x", np.ones((2, 1)), np.ones((3, 1)))
    with pytest.raises(DataError):
        Dataset("x", np.array([[np.nan]]), np.ones((1, 1)))
