"""Rival theories in one contest: each calibrated anew, each scored on clusters that it has not seen.

A rival is the model with some mechanisms neutral (`calibration.evidence.rival_views`). All get the same
numbers to fit, the
same evidence, the same number of runs. Table 2 takes no part: it measures a cause, not what came of it, and
a theory that denies that the cause matters does not deny that it is there.

Each cluster is left out in turn, and the joint predictive density of its scores is what a rival is worth
there. Stacking
weights maximise the sum of log(weighted densities) over clusters (Yao, Vehtari, Simpson and Gelman 2018,
Bayesian Analysis 13): a rival gets weight for what it predicts that the others do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from calibration.posterior.array_cache import key_of
from calibration.posterior.credible_intervals import central
from calibration.posterior.inference import Problem, Setting
from calibration.posterior.mcmc import MIXED, Draws
from calibration.posterior.simulator import Simulated
from calibration.posterior.workflow import CalibrationStudy, problem_of
from calibration.validation.case_diagnostics import at_draws
from calibration.validation.cross_validation import fit_without
from calibration.validation.parallel_fits import fit_all
from calibration.validation.scoring_rules import score_forecasts
from model.experiments.points.point import Quantity
from model.experiments.search.rival_view import RivalView

LEFT_OUT = frozenset({"table2"})
"""Evidence that takes no part in the contest."""
_RESAMPLES = 1000
_STEPS = 2000  # of the iteration for weights; it converges in some hundreds


@dataclass(frozen=True)
class RivalFit:
    """What one theory says: a posterior of its own, forecasts of clusters left out, runs at its draws."""

    view: RivalView
    problem: Problem
    draws: Draws
    chances: np.ndarray
    """(clusters, 4, 7), each cluster left out."""
    density: np.ndarray
    """Log predictive density of all scores of each cluster left out, (clusters,)."""
    runs: Simulated
    mixed: float
    """Share of the posteriors without a cluster whose halves agree."""


def contest(
    study: CalibrationStudy,
    screened: pd.DataFrame,
    views: Mapping[str, RivalView],
    quantities: Sequence[Quantity] = (),
) -> dict[str, RivalFit]:
    """Every rival fitted and scored; what is on disk already is not done again.

    ``quantities`` are measured at draws of each posterior.
    """
    with threadpool_limits(1):
        return {
            name: _fit(study, screened, view, tuple(quantities)) for name, view in views.items()
        }


def _fit(
    study: CalibrationStudy,
    screened: pd.DataFrame,
    view: RivalView,
    quantities: tuple[Quantity, ...],
) -> RivalFit:
    effort = study.effort
    problem = problem_of(study, screened, LEFT_OUT, view.neutral, effort.rival, view.alike)
    short = Setting(effort.planted_fit.steps, effort.planted_fit.burn, effort.fit.keep)
    draws = problem.fit(short, study.seed)
    setting = Setting(effort.refit.steps * 2 // 3, effort.refit.burn * 2 // 3, effort.refit.keep)
    number = len(problem.observed)
    same = "rival", problem.fingerprint, draws.z, setting.name, str(study.seed)
    left_out = np.eye(number, dtype=bool)
    jobs = [
        (key_of(*same, alone), (problem, alone, draws.z, setting, study.seed)) for alone in left_out
    ]
    with study.store() as store, study.meter(f"{view.title}: leaving out", number, "fits") as tell:
        found = fit_all(fit_without, jobs, store, study.workers, tell)
    each = [found[key] for key, _ in jobs]
    _, runs = at_draws(study, problem, draws, quantities, view.neutral, view.alike)
    return RivalFit(
        view, problem, draws,
        np.concatenate([arrays["chances"] for arrays in each]),
        np.concatenate([arrays["density"] for arrays in each]),
        runs,
        float(np.mean([arrays["reduction"] < MIXED for arrays in each])),
    )  # fmt: skip


def stacking_weights(density: np.ndarray, counts: np.ndarray | None = None) -> np.ndarray:
    """Weights (rivals,) on the simplex that predict best; density: log, (clusters, rivals).

    ``counts`` (clusters,): how often each cluster counts, once by default. By expectation maximisation, which
    never leaves the simplex and climbs at every step.
    """
    times = np.ones(len(density)) if counts is None else counts
    chance = np.exp(density - density.max(axis=1, keepdims=True))
    weights = np.full(density.shape[1], 1 / density.shape[1])
    for _ in range(_STEPS):
        share = chance * weights
        share /= share.sum(axis=1, keepdims=True)
        now = times @ share / times.sum()
        if np.abs(now - weights).max() < 1e-10:
            return np.asarray(now)
        weights = now
    return weights


def weights_table(fits: Mapping[str, RivalFit]) -> pd.DataFrame:
    """A row a rival: how well it predicts clusters left out, and its weight.

    Columns: view, title, weight, weight_low, weight_high (central 95% over resampled clusters), log_density
    (mean a cluster), mae, crps, coverage90, log_likelihood (of scores, mean over its posterior), draws_mixed.
    """
    density = np.stack([fit.density for fit in fits.values()], axis=1)
    weights = stacking_weights(density)
    rng = np.random.default_rng(0)
    again = np.array([
        stacking_weights(density, rng.multinomial(len(density), np.full(len(density), 1 / len(density))))
        for _ in range(_RESAMPLES // 5)
    ])  # fmt: skip
    rows = []
    for i, (name, fit) in enumerate(fits.items()):
        judged = score_forecasts(fit.chances, fit.problem.observed)
        low, high = central(again[:, i])
        rows.append({
            "view": name,
            "title": fit.view.title,
            "weight": weights[i],
            "weight_low": low,
            "weight_high": high,
            "log_density": fit.density.mean(),
            "mae": judged["error"].mean(),
            "crps": judged["crps"].mean(),
            "coverage90": judged["covered"].mean(),
            "log_likelihood": fit.problem.log_likelihood(fit.draws.z).sum(axis=1).mean(),
            "draws_mixed": fit.mixed,
        })  # fmt: skip
    return pd.DataFrame(rows)


def rival_margins(fits: Mapping[str, RivalFit]) -> pd.DataFrame:
    """A row a pair: how much better the first predicts clusters left out.

    Columns: view, against, log_density (mean over clusters of the difference; positive: the first is better),
    low, high (central 95% over resampled clusters), ahead (clusters where the first is better), clusters.
    """
    rng = np.random.default_rng(0)
    rows = []
    for one, other in combinations(fits, 2):
        apart = fits[one].density - fits[other].density
        chosen = rng.integers(len(apart), size=(_RESAMPLES, len(apart)))
        low, high = central(apart[chosen].mean(axis=1))
        rows.append({
            "view": one, "against": other, "log_density": apart.mean(), "low": low, "high": high,
            "ahead": int((apart > 0).sum()), "clusters": len(apart),
        })  # fmt: skip
    return pd.DataFrame(rows)
