"""Intervals hold their level from two pairs on, by simulation, and what is unknown is said to be."""

from collections.abc import Callable
from math import isnan

import numpy as np
import pytest
from scipy import stats

from model.experiments.intervals import (
    ALIKE,
    LEVEL,
    interval_of_mean,
    interval_of_ratio,
    interval_of_share,
    quantile,
)

TRIALS = 3000
ERROR = 3 * (0.05 * 0.95 / TRIALS) ** 0.5  # three standard errors of a coverage
Sample = Callable[[np.random.Generator, int], np.ndarray]
DATA: dict[str, tuple[Sample, float, float]] = {
    # sample, its true mean, the coverage that is demanded; skewed data cost Student some of it
    "normal": (lambda g, n: g.normal(1.0, 2.0, n), 1.0, LEVEL),
    "skewed": (lambda g, n: g.gamma(4.0, size=n), 4.0, 0.92),
    "strongly skewed": (lambda g, n: g.exponential(size=n), 1.0, 0.88),
    "two points": (lambda g, n: (g.random(n) < 0.5) * 1.0, 0.5, LEVEL),
}


def coverage(data: str, n: int, interval: Callable) -> float:
    """Share of intervals that hold the mean, or claim nothing."""
    sample, mean, _ = DATA[data]
    generator = np.random.default_rng(n)
    held = 0
    for _ in range(TRIALS):
        low, high = interval(sample(generator, n))
        held += isnan(low) or low - 1e-12 <= mean <= high + 1e-12
    return held / TRIALS


@pytest.mark.parametrize("n", [2, 3, 5, 10])
@pytest.mark.parametrize("data", DATA)
def test_intervals_hold_their_level(data: str, n: int):
    assert coverage(data, n, lambda x: interval_of_mean(x)[1:]) >= DATA[data][2] - ERROR


def test_percentiles_of_a_bootstrap_do_not():
    """The negative control: what this replaced holds far less than it says."""

    def percentiles(values: np.ndarray) -> np.ndarray:
        generator = np.random.default_rng(1)
        means = values[generator.integers(len(values), size=(200, len(values)))].mean(axis=1)
        return np.quantile(means, [0.025, 0.975])

    assert coverage("normal", 2, percentiles) < 0.6
    assert coverage("normal", 5, percentiles) < 0.9


@pytest.mark.parametrize("n", [3, 10])
def test_ratios_hold_their_level(n: int):
    generator = np.random.default_rng(n)
    held = 0
    for _ in range(TRIALS):
        below = generator.normal(5.0, 1.0, n)
        _, low, high = interval_of_ratio(2.0 * below + generator.normal(0.0, 1.0, n), below)
        held += isnan(low) or low <= 2.0 <= high
    assert held / TRIALS >= LEVEL - ERROR


def test_a_ratio_over_a_constant_is_that_of_student():
    values = np.array([1.0, 2.0, 4.0])
    mean, low, high = interval_of_mean(values)
    assert interval_of_ratio(values, np.full(3, 2.0)) == pytest.approx(
        (mean / 2, low / 2, high / 2)
    )
    assert np.isnan(interval_of_ratio(values, np.array([9.0, -5.0, -1.0]))[1:]).all()


def test_equal_values_have_an_interval_only_where_they_are_many():
    """Two values that come up equally often agree in n draws with probability 2^(1-n)."""
    assert 2.0 ** (1 - ALIKE) <= 1 - LEVEL < 2.0 ** (2 - ALIKE)
    assert interval_of_mean(np.ones(ALIKE)) == (1.0, 1.0, 1.0)
    mean, low, high = interval_of_mean(np.ones(ALIKE - 1))
    assert mean == 1.0
    assert np.isnan([low, high]).all()


def test_missing_values_are_left_out_and_are_no_zero():
    assert interval_of_mean(np.array([1.0, np.nan, 3.0])) == interval_of_mean(np.array([1.0, 3.0]))
    assert np.isnan(interval_of_mean(np.array([np.nan]))).all()
    assert np.isnan(quantile(np.array([np.nan]), 0.5))


def test_shares_by_scipy():
    found = stats.binomtest(3, 20).proportion_ci(LEVEL, method="wilson")
    assert interval_of_share(3, 20) == pytest.approx((found.low, found.high))
    assert np.isnan(interval_of_share(0, 0)).all()


def test_quantiles_by_hand():
    assert quantile(np.array([1.0, 2.0, 3.0, 5.0]), 0.5) == 2.5
    assert quantile(np.array([0.0, 10.0, np.nan]), 0.95) == pytest.approx(9.5)
