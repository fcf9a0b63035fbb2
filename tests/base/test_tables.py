"""Tables: what a reader of the CSV file finds."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdpnet.base.tables import short, write_table


def read(path):
    """Return the rows of a CSV file as lists of text."""
    with open(path, newline="") as file:
        return list(csv.reader(file))


def test_columns_are_those_of_the_first_row_and_a_missing_one_is_empty(tmp_path):
    rows = [{"presented": 1000, "accuracy": 1 / 3}, {"presented": 2_345_678}, {"accuracy": float("nan")}]
    write_table(tmp_path / "a.csv", rows)
    expected = [["presented", "accuracy"], ["1000", "0.333333"], ["2345678", ""], ["", "nan"]]
    assert read(tmp_path / "a.csv") == expected
    assert b"\r" not in (tmp_path / "a.csv").read_bytes()


def test_columns_may_be_given(tmp_path):
    write_table(tmp_path / "a.csv", [{"b": 2}], columns=["a", "b"])
    assert read(tmp_path / "a.csv") == [["a", "b"], ["", "2"]]
    write_table(tmp_path / "none.csv", [], columns=["a", "b"])
    assert read(tmp_path / "none.csv") == [["a", "b"]]


def test_a_column_too_many_is_refused_and_the_old_table_stays(tmp_path):
    write_table(tmp_path / "a.csv", [{"a": 1}])
    with pytest.raises(ValueError, match="'b'"):
        write_table(tmp_path / "a.csv", [{"a": 2}, {"a": 3, "b": 4}])
    assert read(tmp_path / "a.csv") == [["a"], ["1"]]


def test_text_with_commas_and_quotes_comes_back(tmp_path):
    write_table(tmp_path / "a.csv", [{"problem": 'w is "nan", expected\nfinite'}])
    assert read(tmp_path / "a.csv")[1] == ['w is "nan", expected\nfinite']


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_near_to_six_digits(value):
    assert math.isclose(float(short(value)), value, rel_tol=5.1e-6)


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_is_kept_in_full(value):
    assert int(short(value)) == int(short(float(value))) == value


@pytest.mark.parametrize(
    "value, text",
    [
        (True, "True"),
        (None, "None"),
        ("triplet", "triplet"),
        (np.float32(0.1), "0.1"),
        (np.int64(12_345_678), "12345678"),
        (1e-9 / 3, "3.33333e-10"),
        (float("inf"), "inf"),
    ],
)
def test_values_of_other_kinds(value, text):
    assert short(value) == text
