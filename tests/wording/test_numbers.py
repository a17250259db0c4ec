"""Numbers as text: what a reader sees of a value, an interval, a count."""

from math import inf, nan

import pytest

from model.wording.numbers import (
    MINUS,
    MISSING,
    as_asked,
    between,
    counted,
    decimals,
    fixed,
    interval,
    level,
    number,
    quoted,
    titled,
    titles,
)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567.891, 1, "1,234,567.9"),
        (-0.25, 2, f"{MINUS}0.25"),
        (-0.0004, 2, "0.00"),  # never a minus zero
        (2.5, 0, "2"),
        (nan, 2, MISSING),
        (-inf, 0, MISSING),
    ],
)
def test_fixed(value: float, places: int, text: str):
    assert fixed(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (12345.6, "12,346"),
        (1.2345, "1.23"),
        (0.012345, "0.0123"),
        (0.0000123, "0.0000"),
    ],
)
def test_number_shows_three_digits_as_far_as_four_decimals_do(value: float, text: str):
    assert number(value) == text


def test_the_widest_interval_decides_the_decimals():
    assert decimals((0.0, 0.12), (0.0, 0.0013)) == 2
    assert decimals((0.0, 1300.0)) == 0
    assert decimals((nan, 1.0), (0.5, 0.5)) == 2  # no width is known: as many as digits


def test_an_interval_that_is_not_known_is_left_out():
    assert interval(1.0, 0.5, 1.5) == "1.0 (0.5 to 1.5)"
    assert interval(1.0, nan, nan, 2) == "1.00"
    assert between(-1.0, 1.0, 1) == f"{MINUS}1.0 to 1.0"


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (1, "1 firm"),
        (0, "0 firms"),
        (2000, "2,000 firms"),
        ([3, 3], "3 firms"),
        ([1, 4], "1 to 4 firms"),
    ],
)
def test_counted(numbers, text: str):
    assert counted(numbers, "firm") == text


def test_names_of_the_code_become_words():
    assert titled("process_breadth_2") == "Process breadth 2"
    assert titled("") == ""
    assert titles(["in_chain"]) == {"in_chain": "In chain"}
    assert titles({"in_chain": "any"}) == {"in_chain": "any"}
    assert quoted("A") == "“A”"


def test_the_level_of_intervals_is_a_whole_percentage():
    assert level().endswith("%")
    assert 50 < int(level().removesuffix("%")) < 100


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1000001.0, "1000001"), (1000002, "1000002"), (0.1, "0.1"), (-0.5, f"{MINUS}0.5"),
        (1 / 3, "0.3333333333333333"), (True, "yes"), (False, "no"), ("007", "007"),
    ],
)  # fmt: skip
def test_inputs_are_told_as_they_were_asked(value, text):
    assert as_asked(value) == text
