"""How good a forecast of scores is: error, CRPS, and whether intervals hold what they say.

A forecast is the chance of each score that can be given (``measurement_model.GRID``), whatever made it, so
that all are judged alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.credible_intervals import FORECAST_LEVEL, tails
from calibration.posterior.measurement_model import GRID

_STEP = float(GRID[1] - GRID[0])


def quantile(chances: np.ndarray, q: float) -> np.ndarray:
    """The least score whose cumulated chance is ``q`` or more, NaN without a forecast; chances: (..., 7)."""
    reached = chances.cumsum(axis=-1) >= q - 1e-9
    return np.where(reached.any(axis=-1), GRID[reached.argmax(axis=-1)], np.nan)


def mean(chances: np.ndarray) -> np.ndarray:
    """Expected score; chances: (..., 7)."""
    return chances @ GRID


def crps(chances: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score, points (Gneiting and Raftery 2007, section 4.2).

    The integral of (F(x) - [x >= score])^2; F is a step function, so it is a sum. For a forecast of one
    score it is the absolute error. NaN where there is no score.
    """
    below = np.asarray(score)[..., None] <= GRID
    apart = (chances.cumsum(axis=-1) - below) ** 2
    return np.where(np.isnan(score), np.nan, _STEP * apart[..., :-1].sum(axis=-1))


def interval(chances: np.ndarray, level: float = FORECAST_LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """The scores between which the central ``level`` lies, both included."""
    low, high = tails(level)
    return quantile(chances, low), quantile(chances, high)


def nominal_coverage(chances: np.ndarray, level: float = FORECAST_LEVEL) -> np.ndarray:
    """The chance that the forecast itself gives to its interval: at least ``level``, scores being few."""
    low, high = interval(chances, level)
    inside = (low[..., None] <= GRID) & (high[..., None] >= GRID)
    return (chances * inside).sum(axis=-1)


def score_forecasts(
    chances: np.ndarray, observed: np.ndarray, numbers: np.ndarray | None = None
) -> pd.DataFrame:
    """Every score with its forecast: a row a cluster and dimension that has a score.

    Columns: cluster (row of ``observed``), dimension, score, median, mean, low, high (of the central 90%),
    error (of the median), error_of_mean, crps, covered, held (chance that the forecast gave to low-high).
    chances: (clusters, 4, 7); observed: (clusters, 4), NaN where missing; numbers: (clusters, 4), what the
    method itself takes for its mean, by default the mean of the chances.
    """
    low, high = interval(chances)
    median = quantile(chances, 0.5)
    centre = mean(chances) if numbers is None else numbers
    cluster, dimension = np.indices(observed.shape)
    columns = {
        "cluster": cluster,
        "dimension": np.array(DIMENSIONS)[dimension],
        "score": observed,
        "median": median,
        "mean": centre,
        "low": low,
        "high": high,
        "error": np.abs(median - observed),
        "error_of_mean": np.abs(centre - observed),
        "crps": crps(chances, observed),
        "covered": (low <= observed) & (observed <= high),
        "held": nominal_coverage(chances),
    }
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    return table[table["score"].notna()].reset_index(drop=True)


def mean_scores(judged: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Means over scores: columns ``by``, scores, mae, mae_of_mean, crps, coverage90, said90."""
    named = {
        "scores": ("score", "size"),
        "mae": ("error", "mean"),
        "mae_of_mean": ("error_of_mean", "mean"),
        "crps": ("crps", "mean"),
        "coverage90": ("covered", "mean"),
        "said90": ("held", "mean"),
    }
    return judged.groupby(by, sort=False, observed=True).agg(**named).reset_index()
