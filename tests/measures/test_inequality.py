"""Gini, quantiles and P90/P10 against definitions, closed forms and limits."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model.measures.earnings import gini, p90_p10
from model.measures.measure import quantile, ratio
from tests.measures.tallies import counted, inequality, tallies

SOME = st.lists(st.integers(0, 192), min_size=1, max_size=40)


def by_pairs(values: list[int]) -> float:
    """Sum over all pairs |k - l| / (2 n^2 mean): the definition."""
    x = np.array(values, float)
    return float(np.abs(x[:, None] - x).sum() / (2 * len(x) ** 2 * x.mean()))


@given(SOME)
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[int]):
    wanted = by_pairs(values) if any(values) else 0.0
    assert gini(inequality(values))[0] == pytest.approx(wanted, abs=1e-12)


@given(SOME, st.integers(2, 5))
def test_gini_knows_neither_scale_nor_size(values: list[int], times: int):
    once = gini(inequality(values))[0]
    assert gini(inequality([times * value for value in values]))[0] == pytest.approx(
        once, abs=1e-12
    )
    assert gini(inequality(values * times))[0] == pytest.approx(once, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([7, 7, 7], 0.0),  # all alike
        ([0, 0, 0, 5], 3 / 4),  # one has all: 1 - 1 / n
        ([1, 3], 1 / 4),  # mean difference 1 of mean 2
        ([0, 1, 2, 3, 4], 0.4),  # 0 to n - 1: (n + 1) / (3 n)
        ([0, 0], 0.0),  # nobody masters anything
    ],
)
def test_gini_by_hand(values: list[int], wanted: float):
    assert gini(inequality(values))[0] == pytest.approx(wanted, abs=1e-15)


def fine(quantiles: np.ndarray) -> list[int]:
    """A sample at evenly spaced quantiles, as whole thousandths."""
    return np.rint(1000 * quantiles).astype(int).tolist()


MIDDLES = (np.arange(4000) + 0.5) / 4000


@pytest.mark.parametrize("alpha", [2.0, 3.0, 5.0])
def test_gini_of_a_pareto_sample(alpha: float):
    """1 / (2 alpha - 1)."""
    found = gini(inequality(fine((1 - MIDDLES) ** (-1 / alpha))))[0]
    assert found == pytest.approx(1 / (2 * alpha - 1), rel=0.02)


def test_gini_of_an_exponential_sample():
    """1 / 2, whatever the mean."""
    for mean in (0.5, 2.0):
        found = gini(inequality(fine(-mean * np.log(1 - MIDDLES))))[0]
        assert found == pytest.approx(0.5, abs=0.001)


def test_gini_of_a_uniform_sample():
    """(b - a) / (3 (a + b))."""
    assert gini(inequality(fine(1 + MIDDLES)))[0] == pytest.approx(1 / 9, rel=1e-3)


def test_p90_p10_of_an_exponential_and_of_a_pareto_sample():
    """ln 10 / ln (10 / 9), and 9 to the power 1 / alpha."""
    exponential = p90_p10(inequality(fine(-np.log(1 - MIDDLES))))[0]
    assert exponential == pytest.approx(np.log(10) / np.log(10 / 9), rel=0.02)
    pareto = p90_p10(inequality(fine((1 - MIDDLES) ** (-1 / 2))))[0]
    assert pareto == pytest.approx(3.0, rel=0.01)


def test_no_firms_have_no_inequality_to_measure():
    for measure in (gini, p90_p10):
        assert np.isnan(measure(tallies())).all()


def test_a_ratio_to_a_tenth_that_masters_nothing_is_not_known():
    assert np.isnan(p90_p10(inequality([0] * 2 + [5] * 8))).all()
    assert p90_p10(inequality([1] * 2 + [5] * 8))[0] == 5.0


def test_rows_do_not_mix():
    rows = np.concatenate(
        [tallies(practices=counted(values)) for values in ([7, 7], [0, 0, 0, 5], [1, 3])]
    )
    assert gini(rows) == pytest.approx([0.0, 0.75, 0.25])
    assert p90_p10(rows)[[0, 2]] == pytest.approx([1.0, 3.0])


@given(SOME, st.floats(0.01, 1.0))
def test_a_quantile_is_numpys_inverted_cdf(values: list[int], q: float):
    """But where the share of firms is whole to the last digits: there the two may round apart."""
    assume(abs(q * len(values) - round(q * len(values))) > 1e-9)
    assert quantile(counted(values), q)[0] == np.quantile(values, q, method="inverted_cdf")


def test_tenths_and_ninetieths_of_round_numbers_of_firms_are_met_exactly():
    """0.1 n and 0.9 n do not round past a whole number."""
    for firms in range(10, 3000, 10):
        ranks = np.arange(firms)
        assert quantile(counted(ranks, firms), 0.1)[0] == firms // 10 - 1
        assert quantile(counted(ranks, firms), 0.9)[0] == 9 * firms // 10 - 1


def test_a_quantile_is_the_least_value_that_so_large_a_share_does_not_exceed():
    """Where the share is met exactly, the lower of two values: of 1, 2, 3, 4 the median is 2."""
    four = counted([1, 2, 3, 4])
    assert [quantile(four, q)[0] for q in (0.25, 0.5, 0.75, 1.0)] == [1, 2, 3, 4]
    assert [quantile(four, q)[0] for q in (0.26, 0.51, 0.76)] == [2, 3, 4]
    assert quantile(counted([5]), 0.5)[0] == 5
    assert np.isnan(quantile(counted([]), 0.5)).all()


def test_a_ratio_to_nothing_is_not_known():
    found = ratio(np.array([1.0, 0.0, 3.0, 1.0]), np.array([0, 0, 2, -1]))
    assert np.array_equal(found, [np.nan, np.nan, 1.5, np.nan], equal_nan=True)
    assert ratio(np.array([1]), np.array([0.5]))[0] == 2.0
