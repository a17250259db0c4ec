"""Intervals hold their level from two pairs on, by simulation, and what is unknown is said to be."""

from collections.abc import Callable
from math import isnan, nan

import numpy as np
import pytest
from scipy import stats

from model.experiments.intervals import (
    ALIKE,
    LEVEL,
    RARE,
    interval_of_mean,
    interval_of_ratio,
    interval_of_share,
    quantile,
    unseen,
)

TRIALS = 5000
ERROR = 3 * (0.05 * 0.95 / TRIALS) ** 0.5  # three standard errors of a coverage
Sample = Callable[[np.random.Generator, int], np.ndarray]
DATA: dict[str, tuple[Sample, float, float]] = {
    # sample, its true mean, the coverage that is demanded; as docs/experiments.md says
    "normal": (lambda g, n: g.normal(1.0, 2.0, n), 1.0, LEVEL),
    "skewed": (lambda g, n: g.gamma(4.0, size=n), 4.0, LEVEL),
    "strongly skewed": (lambda g, n: g.exponential(size=n), 1.0, 0.935),
    "very strongly skewed": (lambda g, n: g.lognormal(size=n), np.exp(0.5), 0.91),
    "two points": (lambda g, n: (g.random(n) < 0.5) * 1.0, 0.5, LEVEL),
    "two points, one rarer": (lambda g, n: (g.random(n) < RARE) * 1.0, RARE, LEVEL),
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


@pytest.mark.parametrize("n", [2, 3, 5, ALIKE, 10, 20])
@pytest.mark.parametrize("data", DATA)
def test_intervals_hold_their_level(data: str, n: int):
    assert coverage(data, n, lambda x: interval_of_mean(x)[1:]) >= DATA[data][2] - ERROR


def student(values: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    n = len(values)
    return stats.t.interval(level, n - 1, loc=values.mean(), scale=stats.sem(values))


def test_student_alone_does_not_where_data_are_skewed():
    assert coverage("strongly skewed", 3, student) < 0.90
    assert coverage("very strongly skewed", 5, student) < 0.85


@pytest.mark.parametrize(("n", "most"), [(2, 2.01), (3, 1.9), (5, 1.65), (10, 1.2), (20, 1.1)])
def test_normal_data_pay_little_for_it(n: int, most: float):
    generator = np.random.default_rng(n)
    samples = generator.normal(size=(600, n))
    widths = [np.diff(interval_of_mean(x)[1:])[0] / np.diff(student(x))[0] for x in samples]
    assert 1.0 < np.median(widths) < most


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


def test_a_ratio_over_a_constant_is_that_of_values_without_skewness():
    values = np.array([1.0, 2.0, 3.0])
    mean, low, high = interval_of_mean(values)
    assert interval_of_ratio(values, np.full(3, 2.0)) == pytest.approx(
        (mean / 2, low / 2, high / 2)
    )
    assert np.isnan(interval_of_ratio(values, np.array([9.0, -5.0, -1.0]))[1:]).all()


def test_equal_values_have_an_interval_only_where_they_are_many():
    """A value that comes up in RARE of cases stays away n times with probability (1 - RARE)^n."""
    assert (1 - RARE) ** ALIKE <= 1 - LEVEL < (1 - RARE) ** (ALIKE - 1)
    assert interval_of_mean(np.ones(ALIKE)) == (1.0, 1.0, 1.0)
    mean, low, high = interval_of_mean(np.ones(ALIKE - 1))
    assert mean == 1.0
    assert np.isnan([low, high]).all()


def test_what_never_came_up_may_come_up_so_often():
    for n in (ALIKE, 20):
        assert (1 - unseen(n)) ** n == pytest.approx(1 - LEVEL)
    rare = unseen(10) / 2  # comes up too seldom to be seen: nothing can be said of it
    generator = np.random.default_rng(1)
    held = np.mean([interval_of_mean(generator.random(10) < rare)[2] > 0 for _ in range(TRIALS)])
    assert held == pytest.approx(1 - (1 - rare) ** 10, abs=ERROR * 3)


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


def test_without_skewness_the_interval_is_that_of_student_with_a_reserve():
    half = np.random.default_rng(1).normal(2.0, 3.0, 10)
    values = np.concatenate([half, 4.0 - half])
    mean, low, high = interval_of_mean(values)
    assert (low, high) == pytest.approx(student(values, 1 - 0.05 * (1 - 1 / 20)), rel=1e-6)
    assert mean == pytest.approx(2.0)
    two = np.array([1.0, 4.0])
    assert interval_of_mean(two)[1:] == pytest.approx(student(two, 0.975))


def test_the_far_end_of_skewed_values_is_that_of_hall_by_hand():
    """At the end, Hall's transformed distance of the mean is the quantile of Student."""
    values = np.array([0.0, 0.1, 0.3, 0.4, 2.2])
    n, mean, spread = 5, values.mean(), values.std(ddof=1)
    skewness = n / ((n - 1) * (n - 2)) * (((values - mean) / spread) ** 3).sum()
    assert skewness == pytest.approx(stats.skew(values, bias=False))
    _, low, high = interval_of_mean(values)
    end = (mean - high) / spread
    transformed = end + skewness * end**2 / 3 + skewness**2 * end**3 / 27 + skewness / (6 * n)
    assert transformed * n**0.5 == pytest.approx(-stats.t.ppf(1 - 0.025 * (1 - 1 / n), n - 1))
    assert low == pytest.approx(student(values, 1 - 0.05 * (1 - 1 / n))[0]), "the near one is his"
    mirrored = interval_of_mean(-values)
    assert (-mirrored[2], -mirrored[1]) == pytest.approx((low, high))


def test_values_too_near_each_other_to_have_a_spread_have_an_interval():
    assert interval_of_mean(np.array([0.0, 0.0, 1e-300]))[1:] == pytest.approx(
        (3.3e-301,) * 2, rel=0.1
    )


@pytest.mark.parametrize("values", [[], [1.0]])
def test_too_few_values_have_no_interval(values):
    _, low, high = interval_of_mean(np.array(values))
    assert np.isnan([low, high]).all()


def test_stopping_by_width_leaves_the_interval_its_coverage():
    """Batches of 20 until the half-width is 0.25: the interval still covers the mean."""
    draws = np.random.default_rng(2)
    covered = 0
    for _ in range(600):
        values = np.zeros(0)
        low = high = nan
        while not high - low <= 0.5:
            values = np.append(values, draws.normal(size=20))
            _, low, high = interval_of_mean(values)
        covered += low <= 0.0 <= high
    assert covered / 600 == pytest.approx(0.95, abs=0.025)


def test_a_ratio_by_hand():
    """Fieller's ends are the r at which the mean of above - r below is just told from 0 by Student."""
    above, below = np.array([1.0, 4.0, 3.0, 6.0]), np.array([0.8, 1.1, 0.9, 1.3])
    ratio, low, high = interval_of_ratio(above, below)
    assert ratio == above.mean() / below.mean()
    for end in (low, high):
        t = stats.ttest_1samp(above - end * below, 0.0).statistic
        assert abs(t) == pytest.approx(stats.t.ppf(1 - 0.025 * (1 - 1 / 4), 3))
    assert low < ratio < high


def test_a_ratio_takes_pairs_of_which_both_are_known():
    above, below = np.array([2.0, nan, 5.0, 4.0]), np.array([1.0, 1.2, nan, 1.1])
    assert interval_of_ratio(above, below) == interval_of_ratio(above[[0, 3]], below[[0, 3]])
    assert np.isfinite(interval_of_ratio(above, below)[0]), "two pairs are enough"
    assert np.isnan(interval_of_ratio(above[:1], below[:1])).all(), "one pair is not"


@pytest.mark.parametrize("below", [[1.0, -1.0], [-2.0, -1.0]])
def test_a_ratio_to_nothing_is_nothing(below):
    assert np.isnan(interval_of_ratio(np.array([1.0, 2.0]), np.array(below))).all()


@pytest.mark.parametrize("n", [2, ALIKE - 1, ALIKE, ALIKE + 3])
def test_equal_pairs_have_an_interval_only_where_they_are_many(n):
    ratio, low, high = interval_of_ratio(np.full(n, 3.0), np.full(n, 0.5))
    assert ratio == 6.0
    assert (low == high == 6.0) if n >= ALIKE else np.isnan([low, high]).all()


def test_pairs_that_are_equal_above_only_have_an_interval():
    """The doubt is that of what is below: 1 / r lies between the ends for below / above."""
    below = np.array([9.0, 10.0, 11.0, 10.0])
    _, low, high = interval_of_ratio(np.full(4, 2.0), below)
    _, least, most = interval_of_mean(below / 2.0)
    assert (low, high) == pytest.approx((1 / most, 1 / least))


def test_a_share_of_all_or_none_ends_at_the_edge():
    assert interval_of_share(5, 5)[1] == 1.0
    assert interval_of_share(0, 5)[0] == 0.0


def test_whole_numbers_and_text_of_numbers_are_numbers():
    assert interval_of_mean(np.array([1, 2, 4])) == interval_of_mean(np.array([1.0, 2.0, 4.0]))
    assert interval_of_mean(np.array([1, None, 3], object))[0] == 2.0


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e6])
def test_units_change_nothing(unit):
    above, below = np.array([2.0, 3.0, 5.0, 4.0]), np.array([1.0, 1.5, 1.2, 1.9])
    ratio = interval_of_ratio(above, below)
    assert interval_of_ratio(unit * above, unit * below) == pytest.approx(ratio)
    assert interval_of_mean(unit * above) == pytest.approx(
        tuple(unit * end for end in interval_of_mean(above))
    )


def test_two_values_are_taken_to_have_no_skewness():
    mean, low, high = interval_of_mean(np.array([1.0, 3.0]))
    assert mean == 2.0
    assert high - mean == pytest.approx(mean - low)
