"""How much of what is not known of an effect is chance, and how much the numbers of the model.

A design and the one it is compared with run r times at each of d draws of the posterior, on the same random
numbers. With x_ij the difference in run j at draw i:

    x_ij = effect + numbers_i + chance_ij
    variance of chance  = mean within draws of the variance over runs
    variance of numbers = variance of the means of draws - variance of chance / r, not below 0

(one-way random effects: Searle, Casella and McCulloch 1992). What one country can expect is drawn from
both; had it infinitely many lives, from ``numbers`` alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.posterior.credible_intervals import central
from model.experiments.experiment import Experiment

_SIGN = {"higher": 1.0, "lower": -1.0}


def shares(apart: np.ndarray) -> tuple[float, float]:
    """Variances of numbers and of chance; apart: (draws, runs), two runs or more for the second."""
    runs = apart.shape[1]
    if runs < 2 or len(apart) < 2:
        return float("nan"), float("nan")
    chance = float(apart.var(axis=1, ddof=1).mean())
    numbers = float(apart.mean(axis=1).var(ddof=1)) - chance / runs
    return max(0.0, numbers), chance


def draws_and_chance(experiment: Experiment, frame: pd.DataFrame) -> pd.DataFrame:
    """A row an outcome and arm but the baseline; ``frame``: as ``arms.outcomes_of``.

    Columns: outcome, outcome_title, unit, arm, arm_title, effect, low, high (central 95% of draws and runs),
    numbers_low, numbers_high (central 95% of draws, chance taken away), numbers (share of the variance that
    the model's numbers make), chance (share that luck makes), ahead (share of draws and runs in which the arm
    is better than the baseline), draws, runs.
    """
    against = experiment.spec.baseline
    rows = []
    for outcome in experiment.spec.outcomes:
        wide = frame.pivot(index=["draw", "replicate"], columns="arm", values=outcome.name)
        for arm in experiment.scenarios:
            if arm == against:
                continue
            apart = _by_draw(wide[arm] - wide[against])
            numbers, chance = shares(apart)
            total = numbers + chance
            means = apart.mean(axis=1)
            spread = means.std(ddof=1) if len(means) > 1 else float("nan")
            shrunk = np.sqrt(numbers) / spread if spread > 0 else 0.0
            low, high = central(apart.ravel())
            inner = central(means.mean() + shrunk * (means - means.mean()))
            rows.append({
                "outcome": outcome.name,
                "outcome_title": outcome.label,
                "unit": outcome.unit,
                "arm": arm,
                "arm_title": experiment.title_of(arm),
                "effect": apart.mean(),
                "low": low,
                "high": high,
                "numbers_low": inner[0],
                "numbers_high": inner[1],
                "numbers": numbers / total if total > 0 else float("nan"),
                "chance": chance / total if total > 0 else float("nan"),
                "ahead": float((_SIGN[outcome.better] * apart > 0).mean()),
                "draws": len(apart),
                "runs": apart.shape[1],
            })  # fmt: skip
    return pd.DataFrame(rows)


def _by_draw(apart: pd.Series) -> np.ndarray:
    """(draws, runs); a draw of which a run is not known is left out."""
    groups = [group.to_numpy(float) for _, group in apart.groupby(level="draw")]
    whole = [group for group in groups if np.isfinite(group).all()]
    return np.stack(whole) if whole else np.full((1, 1), np.nan)


def over_draws(effects: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The table of effects with the central 95% of draws and runs in place of the interval of the mean.

    ``told``: of ``draws_and_chance``; the number of draws stands in ``replicates``.
    """
    known = told.set_index(["outcome", "arm"])
    keys = list(zip(effects["outcome"], effects["arm"], strict=True))
    return effects.assign(
        low=[known.loc[key, "low"] for key in keys], high=[known.loc[key, "high"] for key in keys]
    )
