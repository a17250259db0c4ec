"""What a tidy table says in short: mean, interval and spread of every outcome at every point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from model.experiments.outcomes import Outcome

LEVEL = 0.95


def mean_and_interval(values: pd.Series | np.ndarray) -> dict[str, float]:
    """Mean of the values that are there, its 95% t interval, their standard deviation and number."""
    given = np.asarray(values, float)
    given = given[np.isfinite(given)]
    n = len(given)
    mean = float(given.mean()) if n else float("nan")
    spread = float(given.std(ddof=1)) if n > 1 else float("nan")
    half = float(t.ppf((1 + LEVEL) / 2, n - 1)) * spread / n**0.5 if n > 1 else float("nan")
    return {"mean": mean, "low": mean - half, "high": mean + half, "sd": spread, "replicates": n}


def summary(table: pd.DataFrame, design: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row a point, community and outcome, in that order.

    Columns: point, those of ``design``, community, outcome, unit, mean, low, high (95% t interval),
    sd (over replicates), replicates (in which the outcome is known).
    """
    by = ["point", "community"]
    names = [outcome.name for outcome in outcomes]
    groups = table.groupby(by, sort=False)[names]
    mean, spread, n = groups.mean(), groups.std(ddof=1), groups.count()
    half = t.ppf((1 + LEVEL) / 2, np.maximum(n - 1, 1)) * spread / np.sqrt(n)
    frames = []
    for place, outcome in enumerate(outcomes):
        name = outcome.name
        frame = pd.DataFrame(
            {
                "mean": mean[name],
                "low": mean[name] - half[name],
                "high": mean[name] + half[name],
                "sd": spread[name],
                "replicates": n[name],
            }
        ).reset_index()
        frame.insert(2, "outcome", name)
        frame.insert(3, "unit", outcome.unit)
        frames.append(frame.assign(_place=place))
    joined = pd.concat(frames, ignore_index=True)
    order = {pair: i for i, pair in enumerate(mean.index)}
    joined["_row"] = [
        order[pair] for pair in zip(joined["point"], joined["community"], strict=True)
    ]
    joined = joined.sort_values(["_row", "_place"], kind="stable").drop(columns=["_row", "_place"])
    at = joined["point"].to_numpy()
    known = design.iloc[at].reset_index(drop=True)
    rest = joined.drop(columns="point").reset_index(drop=True)
    return pd.concat([pd.DataFrame({"point": at}), known, rest], axis=1)
