"""What figures and tables ask of the frames they are given, and how replicates are summed up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.language import noted, say, say_name
from model.records.result_files import read_parquet

if TYPE_CHECKING:
    import pandas as pd

_OF_FILES = ("arm_title", "against_title", "outcome_title", "community_title", "sector_title")
UNCALIBRATED = noted("Parameters uncalibrated: none was fitted to the scores.")
FITTED = noted("Parameters fitted to scores.")
PAIR = {False: "replicate", True: "posterior draw"}
"""What a pair of runs on the same random numbers is called, by whether numbers of the model are drawn."""


def status(fitted: bool) -> str:
    """What a reader has to know of the parameters behind a figure or a table."""
    return say(FITTED if fitted else UNCALIBRATED)


def require(frame: pd.DataFrame, columns: Sequence[str], reader: str) -> None:
    """Raise ValueError, naming what is missing, unless the frame has rows and all ``columns``."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(
            f"{reader}: the frame lacks {', '.join(missing)}; it needs {', '.join(columns)}"
        )
    if frame.empty:
        raise ValueError(f"{reader}: the frame has no rows")


def mean_interval(values: Iterable[float]) -> tuple[float, float, float]:
    """Mean of the values that are there, and the interval of that mean (NaN for one)."""
    import numpy as np

    from model.experiments.intervals import interval_of_mean

    return interval_of_mean(np.asarray(list(values), float))


def over_replicates(frame: pd.DataFrame, by: Sequence[str], value: str) -> pd.DataFrame:
    """Mean of a column over replicates and the range that holds 95% of them.

    Returns a row for each combination of ``by``, in order of appearance, with columns ``by``, mean,
    low, high and replicates. Values that are not there are left out.
    """
    from model.experiments.intervals import TAILS

    groups = frame.groupby(list(by), sort=False, observed=True)[value]
    summary = groups.agg(mean="mean", replicates="count")
    summary["low"] = groups.quantile(TAILS[0])
    summary["high"] = groups.quantile(TAILS[1])
    return summary.reset_index()


def in_language(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with titles of files as the catalogues have them; any that they lack stay as they are."""
    known = [column for column in frame if column in _OF_FILES]
    return frame.assign(**{name: frame[name].map(say_name, na_action="ignore") for name in known})


def in_order(frame: pd.DataFrame, key: str, title: str) -> dict[str, str]:
    """Keys with their titles, in order of appearance."""
    pairs = frame[[key, title]].drop_duplicates(key)
    return dict(zip(pairs[key].astype(str), pairs[title].astype(str), strict=True))


def series_of(folder: Path, name: str, measures: Sequence[str]) -> pd.DataFrame:
    """A file of series with a few of its measures: of all that it holds memory would be full."""
    return read_parquet(folder, name, ["scenario", "replicate", "tick", "community", *measures])


def last_quarter(series: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last quarter."""
    return series[series["tick"] == series["tick"].max()]


def mean_error(simulated: pd.Series, scored: pd.Series) -> tuple[float, int]:
    """Mean absolute difference where a score is given (NaN if nowhere), and how many are."""
    apart = (simulated - scored).abs().dropna()
    return float(apart.mean()), len(apart)
