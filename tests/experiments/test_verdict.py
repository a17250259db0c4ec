"""Verdicts at their very bounds, and the words for what is not as expected."""

from math import inf, isnan, nan, pi, tan

import numpy as np
import pytest

from model.experiments.intervals import interval_of_mean
from model.experiments.patterns.verdict import accepted, remark, verdict


def test_an_interval_needs_two_values():
    assert interval_of_mean(np.array([3.0]))[0] == 3.0
    assert all(
        isnan(x) for x in (*interval_of_mean(np.array([3.0]))[1:], *interval_of_mean(np.array([])))
    )
    mean, low, high = interval_of_mean(np.array([1.0, 3.0]))
    assert mean == 2.0
    assert high - mean == mean - low == pytest.approx(tan(pi * 0.975 / 2))  # one degree


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-1, 1, "reproduced"),
        (1, 2, "undecided"),
        (-2, -1, "undecided"),
        (1.1, 2, "contradicted"),
        (-2, -1.1, "contradicted"),
        (0, nan, "undecided"),
        (2, nan, "undecided"),
        (nan, -2, "undecided"),
        (nan, 0, "undecided"),
    ],
)
def test_a_range_holds_its_bounds(low: float, high: float, said: str):
    assert verdict(low, high, (-1.0, 1.0)) == said


@pytest.mark.parametrize(
    ("expected", "accepts", "low", "high", "said"),
    [
        ("neutral", (-1, 1), -2, 0, "interval includes -1"),
        ("neutral", (-1, 1), 0, 2, "interval includes 1"),
        ("neutral", (-1, 1), -1, 2, "interval includes 1"),
        ("neutral", (-1, 1), -3, -2, "too low"),
        ("neutral", (-1, 1), 2, 3, "too high"),
        ("negative", (-inf, -2), -1, -0.5, "right sign, too small to count"),
        ("positive", (2, inf), 0.5, 1, "right sign, too small to count"),
        ("positive", (2, inf), 0, 1, "no effect to speak of"),
        ("negative", (-inf, -2), -1, 0, "no effect to speak of"),
        ("positive", (2, inf), -1, 1, "no effect to speak of"),
        ("positive", (2, inf), -3, 1, "wrong sign"),
    ],
)
def test_remarks(expected: str, accepts: tuple, low: float, high: float, said: str):
    assert remark(expected, accepts, low, high, neutral=1.0) == said


@pytest.mark.parametrize(
    ("expectation", "low", "high", "expected"),
    [
        ("positive", 0.11, 0.3, "reproduced"),
        ("positive", 0.05, 0.3, "undecided"),
        ("positive", 0.02, 0.09, "contradicted"),
        ("positive", -0.4, -0.3, "contradicted"),
        ("negative", -0.3, -0.11, "reproduced"),
        ("negative", 0.1, 0.2, "contradicted"),
        ("neutral", -0.09, 0.09, "reproduced"),
        ("neutral", -0.01, 0.11, "undecided"),
        ("neutral", 0.11, 0.4, "contradicted"),
        ("neutral", -5.0, 5.0, "undecided"),  # not significant is not neutral
        ("neutral_or_positive", -0.09, 9.0, "reproduced"),
        ("neutral_or_positive", -0.4, -0.3, "contradicted"),
        ("neutral_or_negative", -9.0, 0.09, "reproduced"),
        ("neutral_or_negative", 0.3, 0.4, "contradicted"),
        ("neutral", nan, nan, "undecided"),
    ],
)
def test_an_expectation_accepts_a_range_and_the_interval_lies_in_or_out(
    expectation, low, high, expected
):
    assert verdict(low, high, accepted(expectation, neutral=0.1, least=0.1)) == expected


def test_a_remark_says_what_is_wrong():
    positive, neutral = (accepted(e, 0.1, 0.1) for e in ("positive", "neutral"))
    assert remark("positive", positive, 0.2, 0.3, 0.1) == ""
    assert remark("positive", positive, 0.02, 0.05, 0.1) == "right sign, too small to count"
    assert remark("positive", positive, -0.02, 0.05, 0.1) == "no effect to speak of"
    assert remark("positive", positive, -0.5, -0.4, 0.1) == "wrong sign"
    assert remark("positive", positive, 0.05, 0.4, 0.1) == "interval includes 0.1"
    assert remark("neutral", neutral, 0.3, 0.4, 0.1) == "too high"
    assert remark("neutral", neutral, -0.4, -0.3, 0.1) == "too low"
    assert remark("neutral", neutral, nan, nan, 0.1) == "could not be measured"
