"""Verdicts at their very bounds, and the words for what is not as expected."""

from math import inf, isnan, nan

import numpy as np
import pytest

from model.experiments.intervals import interval_of_mean
from model.experiments.patterns.verdict import remark, verdict


def test_an_interval_needs_two_values():
    assert interval_of_mean(np.array([3.0]))[0] == 3.0
    assert all(
        isnan(x) for x in (*interval_of_mean(np.array([3.0]))[1:], *interval_of_mean(np.array([])))
    )
    mean, low, high = interval_of_mean(np.array([1.0, 3.0]))
    assert mean == 2.0
    assert high - mean == mean - low == pytest.approx(12.706, abs=1e-3)  # Student, one degree


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-1, 1, "reproduced"),
        (1, 2, "undecided"),
        (-2, -1, "undecided"),
        (1.1, 2, "contradicted"),
        (-2, -1.1, "contradicted"),
        (0, nan, "undecided"),
        (nan, 0, "undecided"),
    ],
)
def test_a_range_holds_its_bounds(low: float, high: float, said: str):
    assert verdict(low, high, (-1.0, 1.0)) == said


@pytest.mark.parametrize(
    ("expected", "accepts", "low", "high", "said"),
    [
        ("neutral", (-1, 1), -2, 0, "lies astride -1"),
        ("neutral", (-1, 1), 0, 2, "lies astride 1"),
        ("neutral", (-1, 1), -1, 2, "lies astride 1"),
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
