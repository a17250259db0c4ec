"""What the model has to beat: statistics on the same inputs, without any theory.

    constant        mean of the other clusters
    sector_mean     mean of the other clusters of the same sector group
    ridge           ridge regression on sector group and collective efficiency
    ridge_chains    the same with the eight governance codes of Table 3 beside them
    random_forest   on all of these
    ridge_facts     ridge regression on every number of a cluster's scenario: what the model itself starts
    from forest_facts    random forest on the same

The last two get every coded fact that the model gets (firms, owners, institutions, dated events, starting
conditions of the trade), so the model has to beat the facts, too. Facts are put on one scale; the penalty of
``ridge_facts`` is chosen within the training set.

Each predicts a number for each dimension. Its forecast is that number with the errors that it makes on
clusters of its own training set when they are left out of it (out of the bag for the forest), put on
the scale of the scores: the same kind of forecast as the model's, judged in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge, RidgeCV

from calibration.evidence.case_tables import GOVERNANCE_MODES, Case, Degree
from calibration.evidence.starting_conditions import StartingPoints, load_starting_points
from calibration.posterior.measurement_model import GRID
from model.parameters import Section
from model.scenario import Scenario

Predictor = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
Method = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
_FEWEST = 2  # scores from which errors on what is left out can be made
_TREES, _LEAF, _PENALTY = 200, 2, 1.0
_PENALTIES = np.logspace(0, 3, 7)
_QUARTERS = 1000.0  # beyond the end of any run: an institution that never closes


def inputs(
    cases: Sequence[Case],
    points: StartingPoints | None = None,
    scenarios: Sequence[Scenario] = (),
) -> dict[str, np.ndarray]:
    """What is known of each cluster, (clusters, columns) by block: sector, efficiency, chains, facts.

    Cells that are not given hold what the scenarios of the model assume for them. Facts are those of the
    ``scenarios``; without them, none.
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
        "facts": coded_facts(scenarios) if scenarios else np.empty((len(cases), 0)),
    }


def coded_facts(scenarios: Sequence[Scenario]) -> np.ndarray:
    """Every number of the scenarios as a table, (clusters, facts), each fact of mean 0 and spread 1.

    Names of communities, chains, institutions and events are left out: tables of a kind are told by their
    sum and number, chains by governance and reach. Facts that are the same everywhere are dropped.
    """
    rows = [_facts_of(scenario) for scenario in scenarios]
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    spread = table.std(axis=0)
    told = table[:, spread > 1e-9]
    return (told - told.mean(axis=0)) / told.std(axis=0)


def _facts_of(scenario: Scenario) -> dict[str, float]:
    found: dict[str, float] = {}
    kinds: dict[str, list[tuple[str, Section]]] = {
        "sector": [("", each) for each in scenario.sectors.values()],
        "community": [("", each) for each in scenario.communities.values()],
        "chain": [(f"{c.governance}_{c.reach}", c) for c in scenario.chains.values()],
        "institution": [("", each) for each in scenario.institutions.values()],
        "instrument": [(each.kind, each) for each in scenario.instruments.values()],
        "event": [("", each) for each in scenario.timetable.values()],
    }
    for kind, entries in kinds.items():
        for label, each in entries:
            prefix = f"{kind}.{label}"
            found[f"{prefix}.number"] = found.get(f"{prefix}.number", 0.0) + 1.0
            for name, value in _leaves(each.model_dump(mode="json"), prefix):
                found[name] = found.get(name, 0.0) + value
    return found


def _leaves(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, float]]:
    """Numbers of a table by their place in it; a word counts as a fact of its own."""
    for key, value in table.items():
        name = f"{prefix}.{key}"
        if isinstance(value, Mapping):
            yield from _leaves(value, name)
        elif isinstance(value, bool | int | float):
            yield name, min(float(value), _QUARTERS)
        elif isinstance(value, str) and key in ("topology", "participants", "vote"):
            yield f"{name}.{value}", 1.0


NAMES = (
    "constant", "sector_mean", "ridge", "ridge_chains", "random_forest", "ridge_facts", "forest_facts",
)  # fmt: skip


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
    every = np.hstack([many, known.get("facts", few[:, :0])])
    methods: dict[str, tuple[np.ndarray, Method]] = {
        "constant": (few, _alone(_constant)),
        "sector_mean": (known["sector"], _alone(_sector_mean)),
        "ridge": (few, _alone(_ridge)),
        "ridge_chains": (many, _alone(_ridge)),
        "random_forest": (many, partial(_forest, seed)),
        "ridge_facts": (every, _alone(_ridge_chosen)),
        "forest_facts": (every, partial(_forest, seed)),
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


def _ridge_chosen(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Ridge regression with the penalty that errs least on training clusters left out one by one."""
    return np.asarray(RidgeCV(_PENALTIES).fit(x, y).predict(wanted))
