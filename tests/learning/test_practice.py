"""The record of practice: counts, and files that come back as they were or are refused."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule_gui.learning.practice import Attempt, Practice, PracticeError, decode, encode, to_csv

START = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


def attempt(verdict="correct", diagnosis=None, answer="2x", topic="chain", minutes=0):
    return Attempt(START + timedelta(minutes=minutes), topic, 1, "x^2", "x", answer, verdict, diagnosis)


def record(*attempts):
    practice = Practice()
    for one in attempts:
        practice = practice.with_attempt(one)
    return practice


right, wrong, unread = attempt(), attempt("incorrect", "sign"), attempt("unreadable")


@pytest.mark.parametrize(
    ("attempts", "streak", "best"),
    [
        ([], 0, 0),
        ([right, right], 2, 2),
        ([right, right, wrong, right], 1, 2),
        ([right, wrong], 0, 1),
        ([right, unread, right], 2, 2),
    ],
)
def test_streaks(attempts, streak, best):
    practice = record(*attempts)
    assert (practice.streak, practice.best_streak) == (streak, best)


def test_mistakes_are_counted_by_diagnosis_and_answers_by_topic():
    practice = record(wrong, right, attempt("incorrect", "outer-at-x", topic="product"), wrong, unread)
    assert list(practice.mistakes.items()) == [("sign", 2), ("outer-at-x", 1)]
    assert practice.by_topic == {"chain": (1, 3), "product": (0, 1)}


attempts = st.builds(
    Attempt,
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["chain", "table"]),
    st.integers(1, 3),
    st.text(max_size=20),
    st.just("x"),
    st.text(st.characters(), max_size=30),
    st.sampled_from(["correct", "incorrect", "unreadable"]),
    st.none() | st.just("sign"),
)


@given(st.lists(attempts, max_size=5))
def test_a_record_comes_back_as_it_was(found):
    practice = record(*found)
    assert decode(encode(practice)) == practice


def test_what_a_file_cannot_hold_is_replaced():
    practice = record(attempt(answer="2x\ud800"))
    assert practice.attempts[0].answer == "2x?"
    assert decode(encode(practice)) == practice


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 50,
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"version": 1, "attempts": NaN}',
        b'{"version": 1, "attempts": [1]}',
        b'{"version": 99, "attempts": []}',
        b'{"version": 1, "attempts": [], "more": 1}',
        b'{"version": 1, "attempts": [{"time": "2024-03-01T09:30:00"}]}',
        b"\xff\xfe{}",
        b'{"version": ' + b"1" * 5000 + b', "attempts": []}',
        encode(record(right))[:-9],
        encode(record(right)).replace(b'"correct"', b'"perfect"'),
        encode(record(right)).replace(b"+00:00", b"").replace(b"00Z", b"00"),
    ],
)
def test_what_is_no_record_is_refused(content):
    with pytest.raises(PracticeError):
        decode(content)


def test_a_byte_order_mark_is_skipped():
    assert decode(b"\xef\xbb\xbf" + encode(record(right))) == record(right)


def test_the_table_reads_back():
    practice = record(right, attempt("incorrect", "sign", answer='a "b", c\nd'), attempt(answer="-2x", minutes=5))
    rows = list(csv.DictReader(io.StringIO(to_csv(practice))))
    assert [row["verdict"] for row in rows] == ["correct", "incorrect", "correct"]
    assert rows[1]["answer"] == 'a "b", c\nd'
    assert rows[1]["diagnosis"] == "sign"
    assert rows[0]["diagnosis"] == ""
    assert datetime.fromisoformat(rows[2]["time"]) == START + timedelta(minutes=5)


@pytest.mark.parametrize("answer", ["=HYPERLINK(1)", "-sin(x)", "+x", "@x"])
def test_no_answer_becomes_a_formula_of_a_spreadsheet(answer):
    (row,) = csv.DictReader(io.StringIO(to_csv(record(attempt(answer=answer)))))
    assert row["answer"] == f"'{answer}"


def test_the_file_is_json():
    assert json.loads(encode(record(right)))["attempts"][0]["expression"] == "x^2"
