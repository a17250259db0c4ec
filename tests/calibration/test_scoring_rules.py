"""Scores of forecasts against closed forms and tallies made by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from calibration.posterior.credible_intervals import central, tails
from calibration.posterior.measurement_model import GRID
from calibration.validation.scoring_rules import (
    crps,
    interval,
    mean,
    mean_scores,
    nominal_coverage,
    quantile,
    score_forecasts,
)

STEP = 0.5


def sure(score: float) -> np.ndarray:
    return (score == GRID).astype(float)


def between(share: float, a: float, b: float) -> np.ndarray:
    """A forecast of two points: ``share`` at a, the rest at b."""
    return share * sure(a) + (1 - share) * sure(b)


def rounded_normal(centre: float, spread: float) -> np.ndarray:
    """Chances of a normal that is rounded to the grid, its tails at the ends."""
    edges = np.concatenate([[-np.inf], GRID[:-1] + STEP / 2, [np.inf]])
    return np.diff(norm.cdf(edges, centre, spread))


def test_crps_of_a_sure_forecast_is_the_absolute_error():
    assert crps(sure(2.0), np.array(0.5)) == pytest.approx(1.5)
    assert crps(sure(2.0), np.array(2.0)) == 0.0
    assert crps(sure(3.0), np.array(0.0)) == pytest.approx(3.0)
    assert crps(sure(0.0), np.array(3.0)) == pytest.approx(3.0)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("score", GRID)
def test_crps_of_two_points(share, score):
    """p |a - y| + (1 - p) |b - y| - p (1 - p) |a - b|."""
    a, b = 1.0, 2.5
    expected = share * abs(a - score) + (1 - share) * abs(b - score) - share * (1 - share) * 1.5
    assert crps(between(share, a, b), np.array(score)) == pytest.approx(expected)


def test_crps_of_a_tie_by_hand():
    """Half at 1, half at 2, score 1: 0.5 x 1 - 0.25 x 1."""
    assert crps(between(0.5, 1.0, 2.0), np.array(1.0)) == pytest.approx(0.25)


@pytest.mark.parametrize("score", GRID)
def test_crps_of_a_normal(score):
    """s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), Gneiting and Raftery (2007), section 4.2.

    Rounding to the grid sums the integral at midpoints, which leaves out h^2 / 12 times the density at
    the score, where the integrand has its kink.
    """
    centre, spread = 1.4, 0.4
    z = (score - centre) / spread
    closed = spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    kink = STEP**2 / 12 * norm.pdf(z) / spread
    found = crps(rounded_normal(centre, spread), np.array(score))
    assert found == pytest.approx(closed - kink, abs=3e-3)


def test_crps_is_the_mean_error_less_half_the_mean_spread():
    """Gneiting and Raftery (2007), equation 21: E|X - y| - E|X - X'| / 2."""
    said = np.random.default_rng(0).dirichlet(np.ones(len(GRID)))
    spread = np.abs(GRID[:, None] - GRID)
    for score in GRID:
        expected = said @ np.abs(GRID - score) - 0.5 * said @ spread @ said
        assert crps(said, np.array(score)) == pytest.approx(expected)


def test_no_score_has_no_crps():
    assert np.isnan(crps(sure(1.0), np.array(np.nan)))


def test_quantiles_of_a_few_chances_by_hand():
    """Cumulated: 0.04, 0.05, 0.5, 0.5, 0.95, 0.96, 1."""
    said = np.array([0.04, 0.01, 0.45, 0.0, 0.45, 0.01, 0.04])
    for q, expected in ((0.01, 0.0), (0.04, 0.0), (0.05, 0.5), (0.06, 1.0), (0.5, 1.0),
                        (0.51, 2.0), (0.95, 2.0), (0.955, 2.5), (0.97, 3.0), (1.0, 3.0)):  # fmt: skip
        assert quantile(said, q) == expected, q
    assert mean(said) == pytest.approx(0.005 + 0.45 + 0.9 + 0.025 + 0.12)


def test_the_central_interval_takes_in_both_ends():
    """5% lie at 0.5 or below and 5% above 2: the interval is 0.5 to 2 and gives itself 91%."""
    said = np.array([0.04, 0.01, 0.45, 0.0, 0.45, 0.01, 0.04])
    assert interval(said) == (0.5, 2.0)
    assert nominal_coverage(said) == pytest.approx(0.91)
    assert interval(said, 0.5) == (1.0, 2.0)
    assert nominal_coverage(said, 0.5) == pytest.approx(0.90)
    assert nominal_coverage(sure(1.0)) == 1.0


def test_no_forecast_has_no_quantile():
    assert np.isnan(quantile(np.full(len(GRID), np.nan), 0.5))
    beside = quantile(np.stack([np.full(len(GRID), np.nan), sure(1.5)]), 0.5)
    assert np.isnan(beside[0])
    assert beside[1] == 1.5


def test_intervals_hold_at_least_their_level():
    said = np.random.default_rng(1).dirichlet(np.ones(len(GRID)), 100)
    low, high = interval(said)
    assert (low <= quantile(said, 0.5)).all()
    assert (quantile(said, 0.5) <= high).all()
    assert (nominal_coverage(said) >= 0.9 - 1e-9).all()


def test_a_forecast_is_scored_by_hand():
    """80% at 1, 20% at 2: median 1, mean 1.2, interval 1 to 2."""
    said = np.stack([[between(0.8, 1.0, 2.0)] * 4] * 2)
    observed = np.array([[1.0, 2.0, 2.5, 0.5], [np.nan, np.nan, 1.5, np.nan]])
    table = score_forecasts(said, observed)
    assert table.to_dict("list") == {
        "cluster": [0, 0, 0, 0, 1],
        "dimension": ["process", "product", "functional", "intersectoral", "functional"],
        "score": [1.0, 2.0, 2.5, 0.5, 1.5],
        "median": [1.0] * 5,
        "mean": pytest.approx([1.2] * 5),
        "low": [1.0] * 5,
        "high": [2.0] * 5,
        "error": [0.0, 1.0, 1.5, 0.5, 0.5],
        "error_of_mean": pytest.approx([0.2, 0.8, 1.3, 0.7, 0.3]),
        # p |1 - y| + (1 - p) |2 - y| - 0.16
        "crps": pytest.approx([0.04, 0.64, 1.14, 0.54, 0.34]),
        "covered": [True, True, False, False, True],
        "held": pytest.approx([1.0] * 5),
    }


def test_a_method_may_say_its_own_mean():
    said = np.stack([[sure(1.0)] * 4])
    table = score_forecasts(said, np.full((1, 4), 2.0), np.full((1, 4), 1.7))
    assert list(table["mean"]) == [1.7] * 4
    assert list(table["error_of_mean"]) == pytest.approx([0.3] * 4)
    assert list(table["error"]) == [1.0] * 4


def test_only_scores_that_are_given_are_scored():
    said = np.stack([[sure(1.0)] * 4, [sure(3.0)] * 4])
    observed = np.array([[1.0, 2.0, np.nan, 0.0], [np.nan, np.nan, 3.0, 3.0]])
    table = score_forecasts(said, observed)
    assert list(table["error"]) == [0.0, 1.0, 1.0, 0.0, 0.0]
    total = mean_scores(table.assign(method="sure"), ["method"])
    assert total.to_dict("records") == [
        {
            "method": "sure", "scores": 5, "mae": pytest.approx(0.4),
            "mae_of_mean": pytest.approx(0.4), "crps": pytest.approx(0.4),
            "coverage90": pytest.approx(0.6), "said90": 1.0,
        }
    ]  # fmt: skip


def test_means_over_scores_are_made_group_by_group_column_by_column():
    rows = pd.DataFrame(
        {
            "method": ["b", "a", "b"],
            "score": [1.0, 1.0, 2.0],
            "error": [0.5, 1.0, 1.5],
            "error_of_mean": [0.1, 0.2, 0.5],
            "crps": [0.2, 0.7, 0.4],
            "covered": [True, False, False],
            "held": [0.9, 0.95, 1.0],
        }
    )
    table = mean_scores(rows, ["method"])
    assert list(table["method"]) == ["b", "a"]
    assert list(table["scores"]) == [2, 1]
    assert list(table["mae"]) == [1.0, 1.0]
    assert list(table["mae_of_mean"]) == pytest.approx([0.3, 0.2])
    assert list(table["crps"]) == pytest.approx([0.3, 0.7])
    assert list(table["coverage90"]) == [0.5, 0.0]
    assert list(table["said90"]) == pytest.approx([0.95, 0.95])
    kinds = pd.Categorical(rows["method"], ["b", "a", "never"])
    assert list(mean_scores(rows.assign(method=kinds), ["method"])["method"]) == ["b", "a"]


def test_central_intervals_of_a_sample_by_hand():
    assert tails() == (0.025, 0.975)
    assert tails(0.9) == (0.05, 0.95)
    assert central(np.arange(1001.0)) == pytest.approx((25.0, 975.0))
    assert central(np.arange(1001.0), 0.9) == pytest.approx((50.0, 950.0))
    assert central(np.array([0.0, 1.0])) == pytest.approx((0.025, 0.975))
    assert np.isnan(central(np.zeros(0))).all()
