"""Planted truth: tables made by the model at known numbers, fitted as if they were evidence.

Numbers are drawn from the prior, the clusters simulated once, scores drawn by the measurement
model, missing where they are missing in the evidence, and the figures beside them drawn around what was
simulated. If everything is right, the rank of the true
number among draws of the posterior is uniform (simulation-based calibration, Talts et al. 2018) and
intervals of 90% hold nine truths of ten. The simulations are the model's own, so this tests sampler,
likelihood and emulator together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import binom, chisquare

from calibration.posterior.array_cache import key_of
from calibration.posterior.credible_intervals import FORECAST_LEVEL, tails
from calibration.posterior.figure_evidence import aggregated, quantities_of
from calibration.posterior.inference import Problem, Setting
from calibration.posterior.measurement_model import Numbers, draw
from calibration.posterior.simulator import ParameterPoints, simulate_points
from calibration.validation.parallel_fits import fit_all
from model.experiments.points.store import Store
from model.scenario import Scenario

BINS = 10
_FIRST = 10_000_000  # replicates of planted runs: none that an emulator has seen
_DRAWS = 99  # of each posterior, so that ranks fall into a hundred places


def plant(
    problem: Problem,
    scenarios: tuple[Scenario, ...],
    scored: np.ndarray,
    tables: int,
    seed: int,
    store: Store,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True places (tables, dimensions), the scores that came of them (tables, clusters, 4), and the figures.

    ``scored``: which of the scenarios are clusters with a score.
    """
    rng = np.random.default_rng((seed, 1))
    truth = rng.standard_normal((tables, problem.dimensions))
    prior, evidence = problem.emulator.prior, problem.figures
    figures = () if evidence is None else evidence.figures
    asked = ParameterPoints(
        scenarios, prior.keys, prior.numbers(truth[:, : problem.free]), 1, _FIRST,
        quantities_of(figures), components=True,
    )  # fmt: skip
    runs = simulate_points(asked, store, workers, done)
    given = Numbers.at(truth[:, problem.free :], problem.selection)
    scores = draw(given, runs.scores[:, 0][:, scored], rng)
    printed = np.empty((tables, 0))
    if evidence is not None:
        printed = evidence.draw(aggregated(figures, runs.measured[:, 0]), rng)
    return truth, np.where(np.isnan(problem.observed), np.nan, scores), printed


def fit_planted(
    problem: Problem, scores: np.ndarray, printed: np.ndarray, setting: Setting, seed: int
) -> dict[str, np.ndarray]:
    """Draws of the posterior given a planted table and planted figures."""
    figures = problem.figures and replace(problem.figures, observed=printed)
    draws = replace(problem, observed=scores, figures=figures).fit(setting, seed)
    chosen = np.linspace(0, len(draws.z) - 1, _DRAWS).astype(int)
    return {"z": draws.z[chosen], "reduction": np.array(draws.reduction)}


def recover(
    problem: Problem,
    scores: np.ndarray,
    printed: np.ndarray,
    setting: Setting,
    seed: int,
    store: Store,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draws of each table's posterior (tables, draws, dimensions), and its scale reduction (tables,)."""
    same = "planted", problem.fingerprint, setting.name
    jobs = [
        (
            key_of(*same, table, figures, str(seed + number)),
            (problem, table, figures, setting, seed + number),
        )
        for number, (table, figures) in enumerate(zip(scores, printed, strict=True))
    ]
    found = fit_all(fit_planted, jobs, store, workers, done)
    z, reductions = (np.stack([found[key][name] for key, _ in jobs]) for name in ("z", "reduction"))
    return z, reductions


def recovery(problem: Problem, truth: np.ndarray, draws: np.ndarray) -> pd.DataFrame:
    """A row a number: how well it is recovered.

    Columns: key, tables, coverage90 (share of truths within the central 90%), coverage_low and
    coverage_high (95% range of that share if intervals are right), rank_p (of uniform ranks, chi squared
    over ten bins), correlation (of posterior mean with truth), contraction (share of the prior's variance
    that the posterior takes away, mean over tables), and bin_1 ... bin_10 (counts of ranks).
    """
    ranks = (draws < truth[:, None]).sum(axis=1)  # (tables, dimensions), 0 ... draws
    places = draws.shape[1] + 1  # in which a truth can fall, all alike if posteriors are right
    tail = round(tails(FORECAST_LEVEL)[0] * places)
    inside = (tail <= ranks) & (ranks < places - tail)
    centre, spread = draws.mean(axis=1), draws.var(axis=1, ddof=1)
    tables = len(truth)
    rows = []
    for i, key in enumerate(problem.names):
        counts = np.histogram(ranks[:, i], BINS, (0, places))[0]
        rows.append(
            {
                "key": key,
                "tables": tables,
                "coverage90": inside[:, i].mean(),
                "coverage_low": binom.ppf(tails()[0], tables, FORECAST_LEVEL) / tables,
                "coverage_high": binom.ppf(tails()[1], tables, FORECAST_LEVEL) / tables,
                "rank_p": float(chisquare(counts).pvalue),
                "correlation": np.corrcoef(centre[:, i], truth[:, i])[0, 1],
                "contraction": 1 - spread[:, i].mean(),
                **{f"bin_{b + 1}": int(count) for b, count in enumerate(counts)},
            }
        )
    return pd.DataFrame(rows)
