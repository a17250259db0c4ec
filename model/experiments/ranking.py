"""Which arm to choose: the chance that it is best, and what one may miss by choosing it.

The chance that an arm's mean is best takes the uncertainty of means into account: resamples of what is
paired. The share of cases in which it is best tells how far it depends on luck, or on parameters.
Regret is the distance from the best arm under the same parameters (Savage 1951): a robust choice has
little of it under all draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.experiments.compare import paired_units
from model.experiments.experiment import Experiment
from model.experiments.intervals import quantile
from model.experiments.outcomes import Outcome

RESAMPLES = 2000
_WORST = 0.95  # of draws have less regret than what is called bad

_SIGN = {"higher": 1.0, "lower": -1.0}


def ranking(experiment: Experiment, frame: pd.DataFrame) -> pd.DataFrame:
    """A row an outcome and arm: outcome, outcome_title, unit, arm, arm_title, mean, best_mean, best,
    cases, missing.

    ``best_mean``: share of 2,000 bootstrap resamples in which its mean is best; ``best``: share of
    replicates (or draws) in which it is best. Ties are shared. Cases in which an arm has no value
    are left out and counted as ``missing``; with none left nothing is ranked (NaN).
    """
    units = paired_units(frame)
    rows = []
    for outcome in experiment.spec.outcomes:
        wide = _wide(units, outcome, experiment)
        cases, missing = len(wide), units.index.get_level_values(1).nunique() - len(wide)
        if not cases:
            rows += [_unranked(experiment, outcome, arm, missing) for arm in experiment.scenarios]
            continue
        draws = np.random.default_rng(len(wide)).integers(len(wide), size=(RESAMPLES, len(wide)))
        means = np.array([wide[draw].mean(axis=0) for draw in draws])
        chance, share = shares_of_best(means).mean(axis=0), shares_of_best(wide).mean(axis=0)
        for place, arm in enumerate(experiment.scenarios):
            rows.append(
                {
                    "outcome": outcome.name,
                    "outcome_title": outcome.label,
                    "unit": outcome.unit,
                    "arm": arm,
                    "arm_title": experiment.title_of(arm),
                    "mean": abs(wide[:, place].mean())
                    if outcome.better == "lower"
                    else wide[:, place].mean(),
                    "best_mean": chance[place],
                    "best": share[place],
                    "cases": cases,
                    "missing": missing,
                }
            )
    return pd.DataFrame(rows)


def _unranked(experiment: Experiment, outcome: Outcome, arm: str, missing: int) -> dict[str, Any]:
    """The row of an arm where no case is known in all arms."""
    about = {
        "outcome": outcome.name,
        "outcome_title": outcome.label,
        "unit": outcome.unit,
        "arm": arm,
        "arm_title": experiment.title_of(arm),
    }
    return (
        about
        | dict.fromkeys(("mean", "best_mean", "best"), float("nan"))
        | {
            "cases": 0,
            "missing": missing,
        }
    )


def regret(experiment: Experiment, frame: pd.DataFrame) -> pd.DataFrame:
    """A row an outcome and arm: outcome, outcome_title, unit, arm, arm_title, mean, bad, most, draws.

    Regret over draws of parameters, in the unit of the outcome: its mean, what 95% of draws stay
    below, and the most. Means over replicates are compared, so some of it is the chance of few
    replicates. ValueError without draws.
    """
    if not experiment.draws:
        raise ValueError("regret is over draws of parameters; the experiment has none")
    units = paired_units(frame)
    rows = []
    for outcome in experiment.spec.outcomes:
        wide = _wide(units, outcome, experiment)
        missed = wide.max(axis=1, keepdims=True) - wide
        for place, arm in enumerate(experiment.scenarios):
            rows.append(
                {
                    "outcome": outcome.name,
                    "outcome_title": outcome.label,
                    "unit": outcome.unit,
                    "arm": arm,
                    "arm_title": experiment.title_of(arm),
                    "mean": missed[:, place].mean() if len(missed) else float("nan"),
                    "bad": quantile(missed[:, place], _WORST),
                    "most": missed[:, place].max() if len(missed) else float("nan"),
                    "draws": len(missed),
                }
            )
    return pd.DataFrame(rows)


def _wide(units: pd.DataFrame, outcome: Outcome, experiment: Experiment) -> np.ndarray:
    """(units, arms) of an outcome, turned so that more is better; units with unknown values left out."""
    wide = units[outcome.name].unstack(0)[list(experiment.scenarios)].dropna().to_numpy(float)
    return _SIGN[outcome.better] * wide


def shares_of_best(values: np.ndarray) -> np.ndarray:
    """Shares of being best in each row: 1, or a part of it where several are."""
    best = values == values.max(axis=1, keepdims=True)
    shares: np.ndarray = best / best.sum(axis=1, keepdims=True)
    return shares
