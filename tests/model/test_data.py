"""Data sets and CSV files."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule_gui.model.data import BUILT_IN, DATASETS, DataError, Dataset, csv_table, dataset, read_csv


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


@pytest.mark.parametrize("name", [name for name, row in BUILT_IN.items() if row.noise is not None])
def test_size_and_noise_of_the_built_in_sets(name):
    row = BUILT_IN[name]
    small = dataset(name, seed=1, size=10)
    assert small.inputs.shape == (10, dataset(name).inputs.shape[1])
    np.testing.assert_array_equal(dataset(name, 1).inputs, dataset(name, 1, row.size, row.noise).inputs)
    one, other = dataset(name, 1, 50, noise=0.0), dataset(name, 1, 50, noise=0.3)
    assert not np.array_equal(np.hstack([one.inputs, one.targets]), np.hstack([other.inputs, other.targets]))


def test_noise_is_what_its_words_say():
    circles, line = dataset("circles", 0, 10_000, 0.2), dataset("line", 0, 10_000, 0.2)
    radii = np.hypot(*circles.inputs.T)[circles.targets[:, 0] == 0]
    assert np.std(radii) == pytest.approx(0.2, rel=0.05)
    off = line.targets - (0.5 + 0.3 * line.inputs)
    assert 0.19 < np.abs(off).max() <= 0.2
    xor = dataset("xor", 0, 10_000, 0.2)
    assert np.std(xor.inputs[::4]) == pytest.approx(0.2, rel=0.05)
    assert xor.targets[:4, 0].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "options", [{"size": 0}, {"size": 10**6}, {"noise": -0.1}, {"noise": np.inf}, {"noise": np.nan}]
)
def test_a_size_or_noise_that_cannot_be_is_refused(options):
    with pytest.raises(DataError):
        dataset("circles", **options)


def test_the_lessons_sample_cannot_be_varied():
    with pytest.raises(DataError, match="fixed"):
        dataset("lesson", size=5)


def test_a_preview_shows_cells_and_every_row_that_cannot_be_used(tmp_path):
    path = _csv(tmp_path, "x;y;name\n1,5;2;a\n2,5;;b\n3;4\n5;cat;d\n6;1e999;e\n7;8;f\n")
    table = csv_table(path)
    assert (table.delimiter, table.header, table.names) == (";", True, ("x", "y", "name"))
    assert table.rows[0] == (2, ("1,5", "2", "a"))
    data, rejected = table.samples(inputs=["x"], targets=["y"])
    np.testing.assert_array_equal(data.inputs, [[1.5], [7.0]])
    np.testing.assert_array_equal(data.targets, [[2.0], [8.0]])
    assert [row.line for row in rejected] == [3, 4, 5, 6]
    for row, word in zip(rejected, ("missing", "2 values", "cat", "too large"), strict=True):
        assert word in row.reason
    with pytest.raises(DataError, match=":3:"):
        table.strict_samples(inputs=["x"], targets=["y"])


def test_delimiter_and_header_can_be_chosen(tmp_path):
    path = _csv(tmp_path, "1,2;3\n4,5;6\n")
    assert csv_table(path).names == ("1", "2")
    by_comma = csv_table(path, delimiter=",")
    assert by_comma.rows[0] == (1, ("1", "2;3"))
    headed = csv_table(path, header=True)
    assert headed.names == ("1,2", "3")
    assert len(headed.rows) == 1


def test_a_preview_without_a_usable_row(tmp_path):
    data, rejected = csv_table(_csv(tmp_path, "a,b\nx,y\n")).samples()
    assert data is None
    assert len(rejected) == 1
