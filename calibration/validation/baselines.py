"""What the model has to beat: statistics on the same inputs, without any theory.

    constant        mean of the other clusters
    sector_mean     mean of the other clusters of the same sector group
    ridge           ridge regression on sector group and collective efficiency
    ridge_chains    the same with the eight governance codes of Table 3 beside them
    random_forest   on all of these

Each predicts a number for each dimension. Its forecast is that number with the errors that it makes on
clusters of its own training set when they are left out of it (out of the bag for the forest), put on
the scale of the scores: the same kind of forecast as the model's, judged in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge

from calibration.evidence.case_tables import GOVERNANCE_MODES, Case, Degree
from calibration.evidence.starting_conditions import StartingPoints, load_starting_points
from calibration.posterior.measurement_model import GRID

Predictor = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
Method = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
_FEWEST = 2  # scores from which errors on what is left out can be made
_TREES, _LEAF, _PENALTY = 200, 2, 1.0


def inputs(cases: Sequence[Case], points: StartingPoints | None = None) -> dict[str, np.ndarray]:
    """What is known of each cluster, (clusters, columns) by block: sector, efficiency, chains.

    Cells that are not given hold what the scenarios of the model assume for them.
    """
    assumed = (points or load_starting_points()).not_given
    groups = sorted({case.sector_group for case in cases})
    degrees = list(Degree)
    sector = [[case.sector_group == group for group in groups] for case in cases]
    degree = []
    for case in cases:
        known = (
            case.ce_degree or assumed.ce_degree_of.get(case.sector_group, assumed.ce_degree).degree
        )
        degree.append([degrees.index(known)])
    chains = []
    for case in cases:
        given = [getattr(case, mode) for mode in GOVERNANCE_MODES]
        if None in given:
            given = [getattr(assumed.governance, mode) for mode in GOVERNANCE_MODES]
        chains.append([bit for code in given for bit in (code & 1, code >> 1)])
    return {
        "sector": np.array(sector, float),
        "efficiency": np.array(degree, float),
        "chains": np.array(chains, float),
    }


NAMES = ("constant", "sector_mean", "ridge", "ridge_chains", "random_forest")


def forecasts(
    known: dict[str, np.ndarray],
    observed: np.ndarray,
    fitted: np.ndarray,
    seed: int = 0,
    names: Sequence[str] = NAMES,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By yardstick, of the clusters not ``fitted``: chances (clusters, 4, 7) and numbers (clusters, 4).

    observed: (clusters, 4), NaN where missing; fitted: (clusters,) bool. A dimension of which fewer than
    two fitted clusters have a score has no forecast: NaN.
    """
    few = np.hstack([known["sector"], known["efficiency"]])
    many = np.hstack([few, known["chains"]])
    methods: dict[str, tuple[np.ndarray, Method]] = {
        "constant": (few, _alone(_constant)),
        "sector_mean": (known["sector"], _alone(_sector_mean)),
        "ridge": (few, _alone(_ridge)),
        "ridge_chains": (many, _alone(_ridge)),
        "random_forest": (many, partial(_forest, seed)),
    }
    shape = int((~fitted).sum()), observed.shape[1]
    result = {}
    for name in names:
        x, method = methods[name]
        chances, numbers = np.full((*shape, len(GRID)), np.nan), np.full(shape, np.nan)
        for d in range(observed.shape[1]):
            there = fitted & ~np.isnan(observed[:, d])
            if there.sum() < _FEWEST:
                continue
            number, errors = method(x[there], observed[there, d], x[~fitted])
            chances[:, d], numbers[:, d] = _on_scale(number, errors), number
        result[name] = chances, numbers
    return result


def _alone(predict: Predictor) -> Method:
    """A method that makes its errors on each cluster of its training set left out of it."""

    def method(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return predict(x, y, wanted), _left_out(predict, x, y)

    return method


def _forest(
    seed: int, x: np.ndarray, y: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    forest = RandomForestRegressor(
        _TREES, min_samples_leaf=_LEAF, oob_score=True, random_state=seed, n_jobs=1
    ).fit(x, y)
    return np.asarray(forest.predict(wanted)), y - forest.oob_prediction_


def _left_out(predict: Predictor, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Errors on each cluster when it is left out."""
    others = ~np.eye(len(y), dtype=bool)
    return np.array([y[i] - predict(x[o], y[o], x[[i]])[0] for i, o in enumerate(others)])


def _on_scale(predicted: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Chance of each score where errors are drawn from those seen, (clusters, 7)."""
    step = GRID[1] - GRID[0]
    latent = predicted[:, None] + errors
    scores = np.clip(np.floor(latent / step + 0.5) * step, GRID[0], GRID[-1])
    return (scores[..., None] == GRID).mean(axis=1)


def _constant(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.full(len(wanted), y.mean())


def _sector_mean(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The constant where no cluster of the sector group is left."""
    alike = (wanted @ x.T) > 0
    counts = alike.sum(axis=1)
    return np.where(counts > 0, alike @ y / np.maximum(counts, 1), y.mean())


def _ridge(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.asarray(Ridge(_PENALTY, solver="cholesky").fit(x, y).predict(wanted))
