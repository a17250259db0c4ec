"""What a tidy table says in short: mean, interval and spread of every outcome at every point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.experiments.intervals import interval_of_mean, known
from model.experiments.outcomes import Outcome


def mean_and_interval(values: pd.Series | np.ndarray) -> dict[str, float]:
    """Mean of the values that are there, its 95% interval, their standard deviation and number."""
    given = known(np.asarray(values, float))
    mean, low, high = interval_of_mean(given)
    spread = float(given.std(ddof=1)) if len(given) > 1 else float("nan")
    return {"mean": mean, "low": low, "high": high, "sd": spread, "replicates": len(given)}


def summary(table: pd.DataFrame, design: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row a point, community and outcome, in that order.

    Columns: point, those of ``design``, community, outcome, unit, mean, low, high (95% interval),
    sd (over replicates), replicates (in which the outcome is known), missing (in which it is not).
    """
    by = ["point", "community"]
    groups = table.groupby(by, sort=False)
    size = groups.size()
    order = {pair: i for i, pair in enumerate(size.index)}
    frames = []
    for place, outcome in enumerate(outcomes):
        name = outcome.name
        said = [mean_and_interval(values) for _, values in groups[name]]
        frame = pd.DataFrame(said, index=size.index).reset_index()
        frame["missing"] = size.to_numpy() - frame["replicates"].to_numpy()
        frame.insert(2, "outcome", name)
        frame.insert(3, "unit", outcome.unit)
        frames.append(frame.assign(_place=place))
    joined = pd.concat(frames, ignore_index=True)
    joined["_row"] = [
        order[pair] for pair in zip(joined["point"], joined["community"], strict=True)
    ]
    joined = joined.sort_values(["_row", "_place"], kind="stable").drop(columns=["_row", "_place"])
    at = joined["point"].to_numpy()
    known = design.iloc[at].reset_index(drop=True)
    rest = joined.drop(columns="point").reset_index(drop=True)
    return pd.concat([pd.DataFrame({"point": at}), known, rest], axis=1)
