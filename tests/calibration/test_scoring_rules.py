"""Scores of forecasts against closed forms."""

import numpy as np
import pandas as pd
import pytest

from calibration.posterior.measurement_model import GRID
from calibration.validation.cross_validation import MODEL, margins
from calibration.validation.scoring_rules import (
    crps,
    interval,
    mean_scores,
    nominal_coverage,
    quantile,
    score_forecasts,
)


def sure(score: float) -> np.ndarray:
    return (score == GRID).astype(float)


def test_crps_of_a_sure_forecast_is_the_absolute_error():
    assert crps(sure(2.0), np.array(0.5)) == pytest.approx(1.5)
    assert crps(sure(2.0), np.array(2.0)) == 0.0


def test_crps_is_the_mean_error_less_half_the_mean_spread():
    """Gneiting and Raftery (2007), equation 21: E|X - y| - E|X - X'| / 2."""
    said = np.random.default_rng(0).dirichlet(np.ones(len(GRID)))
    spread = np.abs(GRID[:, None] - GRID)
    for score in GRID:
        expected = said @ np.abs(GRID - score) - 0.5 * said @ spread @ said
        assert crps(said, np.array(score)) == pytest.approx(expected)


def test_intervals_hold_at_least_their_level():
    said = np.random.default_rng(1).dirichlet(np.ones(len(GRID)), 100)
    low, high = interval(said)
    assert (low <= quantile(said, 0.5)).all()
    assert (quantile(said, 0.5) <= high).all()
    assert (nominal_coverage(said) >= 0.9 - 1e-9).all()


def test_only_scores_that_are_given_are_judged():
    said = np.stack([[sure(1.0)] * 4, [sure(3.0)] * 4])
    observed = np.array([[1.0, 2.0, np.nan, 0.0], [np.nan, np.nan, 3.0, 3.0]])
    table = score_forecasts(said, observed)
    assert list(table["error"]) == [0.0, 1.0, 1.0, 0.0, 0.0]
    total = mean_scores(table.assign(method="sure"), ["method"])
    assert total.loc[0, "scores"] == 5
    assert total.loc[0, "mae"] == pytest.approx(0.4)
    assert total.loc[0, "coverage90"] == pytest.approx(0.6)


def test_the_margin_is_the_mean_difference_and_sure_where_no_cluster_differs():
    rows = [
        {
            "scheme": "cluster",
            "method": method,
            "cluster": c,
            "dimension": d,
            "error": e,
            "crps": e / 2,
        }
        for c in range(5)
        for d in ("product", "process")
        for method, e in ((MODEL, 0.2), ("constant", 0.5))
    ]
    (row,) = margins(pd.DataFrame(rows)).to_dict("records")
    assert [row["error"], row["error_low"], row["error_high"]] == pytest.approx([0.3] * 3)
    assert row["crps"] == pytest.approx(0.15)
