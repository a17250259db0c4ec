"""Prediction of what was not fitted: leave out one cluster, country, industry or sector group.

The posterior is fitted again without the clusters left out, and predicts their scores; so do the
yardsticks. A group of one cluster is the same as that cluster left out and is not fitted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from calibration.evidence.case_tables import DIMENSIONS, Case
from calibration.posterior.array_cache import key_of
from calibration.posterior.credible_intervals import central
from calibration.posterior.inference import Problem, Setting
from calibration.posterior.measurement_model import GRID
from calibration.validation.baselines import NAMES, forecasts, inputs
from calibration.validation.parallel_fits import fit_all
from calibration.validation.scoring_rules import mean, score_forecasts
from model.experiments.points.store import Store
from model.scenario import Scenario

SCHEMES = {
    "cluster": "case",
    "country": "country",
    "industry": "industry",
    "sector group": "sector_group",
}
"""What is left out at a time, and the column of the case table that says it."""
MODEL = "model"


@dataclass(frozen=True)
class HeldOut:
    """Forecasts of what was not fitted."""

    table: pd.DataFrame
    """Columns of ``scoring_rules.score_forecasts``, scheme, method, case: a row a score and method."""
    chances: dict[str, np.ndarray]
    """By scheme, those of the model, (clusters, 4, 7)."""
    density: np.ndarray
    """Log predictive density of all scores of each cluster left out alone, (clusters,)."""
    reductions: np.ndarray
    """Potential scale reduction of every posterior that was fitted for it."""


def folds(cases: Sequence[Case], scheme: str) -> Iterator[tuple[str, np.ndarray]]:
    """Name of each group and which clusters it holds, (clusters,) bool."""
    groups = [str(getattr(case, SCHEMES[scheme])) for case in cases]
    for group in dict.fromkeys(groups):
        yield group, np.array([each == group for each in groups])


def fit_without(
    problem: Problem, left_out: np.ndarray, start: np.ndarray, setting: Setting, seed: int
) -> dict[str, np.ndarray]:
    """Forecast of the clusters left out by a posterior that has not seen them.

    Chances of each score (clusters, 4, 7), log predictive density of all scores of each (clusters,).
    """
    draws = problem.fit(setting, seed, ~left_out, start)
    part = problem.of(np.flatnonzero(left_out))
    return {
        "chances": part.predict(draws.z),
        "density": logsumexp(part.log_likelihood(draws.z), axis=0) - np.log(len(draws.z)),
        "effective": np.array(draws.effective),
        "reduction": np.array(draws.reduction),
    }


def yardsticks_without(
    known: dict[str, np.ndarray], observed: np.ndarray, left_out: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """What every yardstick says of the clusters left out: ``NAME.chances`` and ``NAME.numbers``."""
    return {
        f"{name}.{part}": array
        for name, said in forecasts(known, observed, ~left_out, seed).items()
        for part, array in zip(("chances", "numbers"), said, strict=True)
    }


def hold_out(
    problem: Problem,
    cases: Sequence[Case],
    start: np.ndarray,
    setting: Setting,
    seed: int,
    store: Store,
    workers: int = 1,
    schemes: Sequence[str] = tuple(SCHEMES),
    done: Callable[[int], None] | None = None,
    scenarios: Sequence[Scenario] = (),
) -> HeldOut:
    """Every score forecast by the model and by each yardstick, under each scheme.

    ``scenarios``: what the model starts from, for the yardsticks that get the same facts.
    """
    plan = {scheme: list(folds(cases, scheme)) for scheme in schemes}
    same = problem.fingerprint, start, setting.name, str(seed)

    def key(left_out: np.ndarray) -> str:
        return key_of("without", left_out, *same)

    jobs = {}
    for groups in plan.values():
        for _, left_out in groups:
            if not left_out.all():
                jobs[key(left_out)] = problem, left_out, start, setting, seed
    found = fit_all(fit_without, list(jobs.items()), store, workers, done)
    known, frames, chances = inputs(cases, scenarios=scenarios), [], {}
    told = problem.observed, *known.values()

    def yardstick_key(left_out: np.ndarray) -> str:
        return key_of("yardsticks", left_out, *told, str(seed))

    others = {
        yardstick_key(left_out): (known, problem.observed, left_out, seed)
        for groups in plan.values()
        for _, left_out in groups
        if not left_out.all()
    }
    by_yardstick = fit_all(yardsticks_without, list(others.items()), store, workers)
    for scheme, groups in plan.items():
        by_method: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for _, left_out in groups:
            if left_out.all():
                continue
            arrays = by_yardstick[yardstick_key(left_out)]
            said = {name: (arrays[f"{name}.chances"], arrays[f"{name}.numbers"]) for name in NAMES}
            own = found[key(left_out)]["chances"]
            said[MODEL] = own, mean(own)
            for method, parts in said.items():
                whole = by_method.setdefault(method, _nothing(len(cases)))
                for array, part in zip(whole, parts, strict=True):
                    array[left_out] = part
        for method, (whole_chances, numbers) in by_method.items():
            seen = np.where(np.isnan(numbers), np.nan, problem.observed)
            table = score_forecasts(whole_chances, seen, numbers).assign(
                scheme=scheme, method=method
            )
            frames.append(table)
        if MODEL in by_method:
            chances[scheme] = by_method[MODEL][0]
    density = np.full(len(cases), np.nan)
    for i, alone in enumerate(np.eye(len(cases), dtype=bool)):
        if key(alone) in found:
            density[i] = found[key(alone)]["density"][0]
    result = pd.concat(frames, ignore_index=True)
    result["case"] = np.array([case.case for case in cases])[result["cluster"]]
    reductions = np.array([float(arrays["reduction"]) for arrays in found.values()])
    return HeldOut(result, chances, density, reductions)


def _nothing(clusters: int) -> tuple[np.ndarray, np.ndarray]:
    shape = clusters, len(DIMENSIONS)
    return np.full((*shape, len(GRID)), np.nan), np.full(shape, np.nan)


def margins(held_out: pd.DataFrame, resamples: int = 2000) -> pd.DataFrame:
    """How much worse each yardstick is than the model: a row a scheme and method.

    Columns: scheme, method, then for error and crps the mean over scores of yardstick less model, and its
    central 95% over resampled clusters (``*_low``, ``*_high``): a cluster's scores stand or fall together.
    """
    rng = np.random.default_rng(0)
    rows = []
    for scheme, part in held_out.groupby("scheme", sort=False):
        for method in (name for name in part["method"].unique() if name != MODEL):
            row: dict[str, object] = {"scheme": scheme, "method": method}
            for column in ("error", "crps"):
                wide = part.pivot_table(column, ["cluster", "dimension"], "method")
                apart = (wide[method] - wide[MODEL]).groupby("cluster").agg(["sum", "count"])
                apart = apart[apart["count"] > 0]  # both have a forecast
                total, count = apart["sum"].to_numpy(), apart["count"].to_numpy()
                chosen = rng.integers(len(total), size=(resamples, len(total)))
                means = total[chosen].sum(axis=1) / count[chosen].sum(axis=1)
                row[column] = total.sum() / count.sum()
                row[f"{column}_low"], row[f"{column}_high"] = central(means)
            rows.append(row)
    return pd.DataFrame(rows)


def within_sectors(
    said: np.ndarray, observed: np.ndarray, sectors: Sequence[str]
) -> dict[str, float]:
    """Correlation of forecasts with scores once the mean of each sector group is taken away from both.

    said, observed: (clusters, 4), NaN where missing; by dimension, NaN where nothing varies.
    """
    found: dict[str, float] = {}
    for d, dimension in enumerate(DIMENSIONS):
        there = ~np.isnan(observed[:, d]) & ~np.isnan(said[:, d])
        groups = np.asarray(sectors)[there]
        pair = [_without_means(values[there, d], groups) for values in (said, observed)]
        norm = np.sqrt((pair[0] ** 2).sum() * (pair[1] ** 2).sum())
        found[dimension] = float(pair[0] @ pair[1] / norm) if norm > 1e-12 else float("nan")
    return found


def spread_within_sectors(
    simulated: np.ndarray, observed: np.ndarray, sectors: Sequence[str]
) -> dict[str, float]:
    """Spread of clusters within sector groups, simulated over scored, by dimension.

    simulated: (draws, clusters, 4), one history of each cluster a draw, in score points; the mean variance
    over draws is compared. NaN where scores do not vary.
    """
    found: dict[str, float] = {}
    for d, dimension in enumerate(DIMENSIONS):
        there = ~np.isnan(observed[:, d])
        groups = np.asarray(sectors)[there]
        scored = (_without_means(observed[there, d], groups) ** 2).sum()
        drawn = [(_without_means(each[there, d], groups) ** 2).sum() for each in simulated]
        found[dimension] = float(np.sqrt(np.mean(drawn) / scored)) if scored > 0 else float("nan")
    return found


def _without_means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    result = values.astype(float).copy()
    for group in dict.fromkeys(groups.tolist()):
        result[groups == group] -= result[groups == group].mean()
    return result


def misfit(chances: np.ndarray, observed: np.ndarray) -> pd.DataFrame:
    """How surprising each score is: columns cluster, dimension, surprise.

    Surprise is the chance of a score at least as far to that side: a half each side for a score that
    was expected, near 0 for one that was not.
    """
    rows = []
    for i, d in zip(*np.nonzero(~np.isnan(observed)), strict=True):
        at = observed[i, d] == GRID
        below = chances[i, d][observed[i, d] > GRID].sum()
        above = chances[i, d][observed[i, d] < GRID].sum()
        here = float(chances[i, d][at].sum())
        side = float(min(below, above) + here)
        rows.append({"cluster": int(i), "dimension": DIMENSIONS[d], "surprise": min(1.0, side)})
    return pd.DataFrame(rows)
