"""Labour productivity, mean and weighted, and what its change is made of.

The weighted mean over workers is the mean over firms plus a covariance: how far the productive have the
jobs (Olley and Pakes 1996). Its change in a quarter has four parts (Melitz and Polanec 2015, RAND
Journal of Economics 46, 362-375):

    change = improving + moving + entry + exit
    improving = change of the mean over firms that stay
    moving    = change of the covariance among firms that stay: orders, and so jobs, go to the better ones
    entry     = share of jobs of entrants, after   x (their weighted mean - that of those who stay)
    exit      = share of jobs of leavers, before   x (weighted mean of those who stay - theirs)

All of a country come from sums over its firms, so that parts between communities count as moving.
A split of a year or of a run is the sum over its quarters.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from model.measures.earnings import per_firm
from model.measures.measure import Measure, Tallies, ratio


def weighted(rows: Tallies) -> np.ndarray:
    """Value added of all workers over workers."""
    return ratio(rows["value_added"], rows["workers"])


def covariance(rows: Tallies) -> np.ndarray:
    """Olley-Pakes: weighted mean less the mean over firms."""
    return weighted(rows) - ratio(rows["productivity"], rows["firms"])


def improving(rows: Tallies) -> np.ndarray:
    """Change of the mean over the firms that stay."""
    gained = rows["stayed_after"][:, 0] - rows["stayed_before"][:, 0]
    return ratio(gained, rows["stayed"])


def moving(rows: Tallies) -> np.ndarray:
    """Change of the covariance of share and productivity among the firms that stay."""
    before, after = _weighted_of(rows["stayed_before"]), _weighted_of(rows["stayed_after"])
    return after - before - improving(rows)


def entry(rows: Tallies) -> np.ndarray:
    """What entrants add; 0 without any."""
    stayed = rows["stayed_after"]
    workers = rows["workers"] - stayed[:, 1]
    added = rows["value_added"] - stayed[:, 2]
    entered = rows["firms"] > rows["stayed"]
    gap = ratio(added, np.where(entered, workers, 0.0)) - _weighted_of(stayed)
    return np.where(entered, ratio(workers, rows["workers"]) * gap, 0.0)


def exit_(rows: Tallies) -> np.ndarray:
    """What is gained by those who left; 0 if nobody did."""
    stayed, left = rows["stayed_before"], rows["left"]
    gap = _weighted_of(stayed) - ratio(left[:, 1], left[:, 0])
    share = ratio(left[:, 0], left[:, 0] + stayed[:, 1])
    return np.where(left[:, 0] > 0, share * gap, 0.0)


def _weighted_of(sums: np.ndarray) -> np.ndarray:
    return ratio(sums[:, 2], sums[:, 1])


_UNIT = "units of account per worker and quarter"
_CHANGE = "units of account per worker, change a quarter"
_SOURCE = "Melitz and Polanec 2015"
MEASURES = (
    Measure("productivity", _UNIT, "value added per worker of the mean firm", "F2",
            partial(per_firm, field="productivity")),
    Measure("allocation", _UNIT, "value added per worker weighted by workers - that of the mean firm",
            "Olley and Pakes 1996", covariance),
    Measure("productivity_improving", _CHANGE, "change of the mean over firms that stay", _SOURCE,
            improving),
    Measure("productivity_moving", _CHANGE,
            "change of weighted less plain mean among firms that stay: orders move", _SOURCE, moving),
    Measure("productivity_entry", _CHANGE, "share of jobs of entrants x their lead", _SOURCE, entry),
    Measure("productivity_exit", _CHANGE, "share of jobs of those who left x the others' lead",
            _SOURCE, exit_),
)  # fmt: skip
