"""Paired comparison of arms under common random numbers.

Every arm runs with the same draws, so the difference between two arms in the same replicate is due
to the mechanism alone. What is paired is a replicate, or, where parameters are drawn, a draw (the mean
of its replicates). The mean difference comes with its interval (``intervals``); a sign-flip
test of no effect, which supposes nothing of how differences are spread, gives p; Holm's adjustment
for all comparisons of the table keeps the chance of even one false alarm at 5%.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import permutation_test

from model.experiments.arms import MONEY, outcomes_of, run_arms
from model.experiments.experiment import Experiment, load_experiment
from model.experiments.intervals import interval_of_mean, interval_of_ratio
from model.experiments.outcomes import Outcome
from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.scenario.arguments import whole, whole_or_none

FLIPS = 9999  # of signs, where there are too many combinations to try all
PER = 1000.0  # units of account of public money to which effects are related
_AT_ONCE = 500  # resamples in memory


def no_effect(differences: np.ndarray) -> float:
    """p of the sign-flip test that differences are as often so as their opposite; NaN for none."""
    if len(differences) < 2:
        return float("nan")
    if np.ptp(differences) == 0.0 and differences[0] == 0.0:
        return 1.0
    test = permutation_test(
        (differences,), np.mean, permutation_type="samples", vectorized=True, n_resamples=FLIPS,
        batch=_AT_ONCE, rng=np.random.default_rng(len(differences)),
    )  # fmt: skip
    return float(test.pvalue)


def holm(p: np.ndarray) -> np.ndarray:
    """p adjusted for many comparisons (Holm 1979); NaN stay NaN and do not count."""
    from statsmodels.stats.multitest import multipletests

    adjusted = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        adjusted[known] = multipletests(p[known], method="holm")[1]
    return adjusted


def paired_units(frame: pd.DataFrame, by: str = "arm") -> pd.DataFrame:
    """What is paired: rows indexed by ``by`` and unit, a draw's replicates averaged if drawn.

    A draw of which a replicate is missing is missing.
    """
    unit = "draw" if frame["draw"].nunique() > 1 else "replicate"
    numbers = frame.drop(columns=["draw", "replicate"]).groupby([by, frame[unit]], sort=False)
    means = numbers.mean(numeric_only=True)
    whole = numbers.count()[means.columns].eq(numbers.size(), axis=0)
    return means.where(whole)  # a mean over other replicates than in the other arm is not paired


def difference(values: pd.Series, reference: pd.Series) -> pd.Series:
    """Values less reference, unit by unit, where both are known."""
    return (values - reference).dropna()


def effects(
    experiment: Experiment, frame: pd.DataFrame, against: str | None = None
) -> pd.DataFrame:
    """Paired effect of every arm against ``against`` (default: the baseline) on every outcome.

    ``frame``: as ``arms.outcomes_of``. Columns: outcome, outcome_title, unit, better, arm, arm_title,
    against, against_title, matters (smallest difference that matters, NaN where the file says none),
    mean, mean_against, effect, low, high (95% interval of the mean difference), replicates (pairs:
    replicates, or draws), missing (pairs of which a value is not known), p (of the sign-flip test), p_holm
    (adjusted for all rows), positive (share of pairs in which the arm is above), variance_removed (share
    of the variance of an unpaired difference that pairing took away), public_cost (units of account over the
    run, mean), extra_cost (the same, less that of ``against``), per_money, per_money_low,
    per_money_high (effect per 1,000 units of account of extra public money; NaN where it costs none).
    """
    against = against or experiment.spec.baseline
    units = paired_units(frame)
    rows = [
        _effect(experiment, units, outcome, arm, against)
        for outcome in experiment.spec.outcomes
        for arm in experiment.scenarios
        if arm != against
    ]
    table = pd.DataFrame(rows)
    table.insert(table.columns.get_loc("p") + 1, "p_holm", holm(table["p"].to_numpy()))
    return table


def paired_effect(
    experiment: Experiment, units: pd.DataFrame, outcome: Outcome, arm: str, against: str
) -> dict[str, Any]:
    """What two arms differ by in an outcome, with its interval; ``units``: as ``paired_units``."""
    values, reference = units.loc[arm, outcome.name], units.loc[against, outcome.name]
    apart = difference(values, reference)
    _, low, high = interval_of_mean(apart.to_numpy())
    return {
        "outcome": outcome.name,
        "outcome_title": outcome.label,
        "unit": outcome.unit,
        "better": outcome.better,
        "arm": arm,
        "arm_title": experiment.title_of(arm),
        "against": against,
        "against_title": experiment.title_of(against),
        "matters": np.nan if outcome.matters is None else outcome.matters,
        "mean": values.mean(),
        "mean_against": reference.mean(),
        "effect": apart.mean(),
        "low": low,
        "high": high,
        "replicates": len(apart),
        "missing": len(values) - len(apart),
    }


def _effect(
    experiment: Experiment, units: pd.DataFrame, outcome: Outcome, arm: str, against: str
) -> dict[str, Any]:
    values, reference = units.loc[arm, outcome.name], units.loc[against, outcome.name]
    money = units.loc[arm, MONEY]
    apart = difference(values, reference)
    extra = (money - units.loc[against, MONEY]).loc[apart.index]
    unpaired = values.var() + reference.var()
    gain, gain_low, gain_high = interval_of_ratio(apart.to_numpy(), extra.to_numpy() / PER)
    return paired_effect(experiment, units, outcome, arm, against) | {
        "p": no_effect(apart.to_numpy()),
        "positive": float((apart > 0).mean()) if len(apart) else float("nan"),
        "variance_removed": 1.0 - apart.var() / unpaired if unpaired > 0 else float("nan"),
        "public_cost": money.mean(),
        "extra_cost": extra.mean(),
        "per_money": gain,
        "per_money_low": gain_low,
        "per_money_high": gain_high,
    }


def is_narrow(experiment: Experiment, frame: pd.DataFrame) -> bool:
    """Whether the interval of every arm's effect is as narrow as the file asks, outcome by outcome."""
    assert experiment.spec.precision is not None
    against = experiment.spec.baseline
    units = paired_units(frame)
    for name, half_width in experiment.spec.precision.half_width.items():
        for arm in experiment.scenarios:
            apart = difference(units.loc[arm, name], units.loc[against, name])
            _, low, high = interval_of_mean(apart.to_numpy())
            if arm != against and not (high - low) / 2 <= half_width:
                return False
    return True


def compare(
    path: Path | str,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    store: Path | str | None = None,
) -> pd.DataFrame:
    """Run an experiment file and return its table of paired effects (see ``effects``).

    ``store``: a file that keeps finished points and resumes from them; default: kept nowhere.
    """
    replicates, seed = whole_or_none("replicates", replicates, 1), whole_or_none("seed", seed)
    workers = whole("workers", workers, 1)
    experiment = load_experiment(path)
    with opened(store) as kept:
        sampled = run_arms(
            experiment,
            kept,
            lambda points: run_points(points, kept, workers),
            lambda frame: is_narrow(experiment, frame),
            replicates,
            seed,
        )
        return effects(experiment, outcomes_of(experiment, sampled.cells, kept))
