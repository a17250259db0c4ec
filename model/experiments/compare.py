"""Paired comparison of arms under common random numbers.

Every arm runs with the same draws, so the difference between two arms in the same replicate is due
to the mechanism alone; the mean difference comes with a bootstrap interval over replicates.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from model.experiments.experiment import Experiment, load_experiment
from model.measures import BY_NAME
from model.records.records import Records, simulate

LEVEL = 0.95
RESAMPLES = 2000


def interval(values: np.ndarray) -> tuple[float, float]:
    """95% percentile bootstrap interval of the mean; (mean, mean) if the values do not vary."""
    values = np.asarray(values, float)
    if len(values) < 2:
        return float("nan"), float("nan")
    if np.ptp(values) == 0.0:
        return float(values[0]), float(values[0])
    result = bootstrap(
        (values,), np.mean, confidence_level=LEVEL, n_resamples=RESAMPLES,
        method="percentile", rng=np.random.default_rng(len(values)),
    )  # fmt: skip
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def run(
    experiment: Experiment,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Records:
    """Simulate every arm on common random numbers."""
    return simulate(experiment.scenarios, replicates, seed, workers, progress)


def compare(
    path: Path | str,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
) -> pd.DataFrame:
    """Run an experiment file and return its table of paired effects (see ``effects``)."""
    experiment = load_experiment(path)
    return effects(experiment, run(experiment, replicates, seed, workers))


def final(records: Records) -> pd.DataFrame:
    """Measures of whole countries in the last quarter, a row a scenario and replicate."""
    country = records.country
    return country[country["tick"] == country["tick"].max()].set_index(["scenario", "replicate"])


def effects(experiment: Experiment, records: Records, against: str | None = None) -> pd.DataFrame:
    """Paired effect of every arm against ``against`` (default: the baseline) on every outcome.

    Columns: outcome, outcome_title, unit, better, arm, arm_title, against, against_title,
    mean, mean_against,
    effect, low, high (95% bootstrap interval of the mean difference), replicates, positive (share of
    replicates in which the arm is above), variance_removed (share of the variance of an unpaired
    difference that pairing took away), public_cost (units of account over the run, mean).
    """
    against = against or experiment.spec.baseline
    last = final(records)
    cost = records.country.groupby(["scenario", "replicate"])["public_cost"].sum()
    rows = []
    for outcome in experiment.spec.outcomes:
        measure = BY_NAME[outcome.measure]
        reference = last.loc[against, measure.name]
        for arm in experiment.scenarios:
            if arm == against:
                continue
            values = last.loc[arm, measure.name]
            difference = (values - reference).to_numpy()
            low, high = interval(difference)
            unpaired = values.var() + reference.var()
            rows.append(
                {
                    "outcome": measure.name,
                    "outcome_title": outcome.title or measure.name.replace("_", " "),
                    "unit": measure.unit,
                    "better": outcome.better,
                    "arm": arm,
                    "arm_title": experiment.title_of(arm),
                    "against": against,
                    "against_title": experiment.title_of(against),
                    "mean": values.mean(),
                    "mean_against": reference.mean(),
                    "effect": difference.mean(),
                    "low": low,
                    "high": high,
                    "replicates": len(difference),
                    "positive": float((difference > 0).mean()),
                    "variance_removed": 1.0 - difference.var(ddof=1) / unpaired
                    if unpaired > 0
                    else float("nan"),
                    "public_cost": cost.loc[arm].mean(),
                }
            )
    return pd.DataFrame(rows)
