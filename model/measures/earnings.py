"""Participation in chains, value added, wages, the productivity gap, dualism and public cost."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.measures.measure import Measure, Tallies, quantile, ratio
from model.theory.support import GOVERNANCE


def per_firm(rows: Tallies, field: str) -> np.ndarray:
    """Mean of a tally over the firms in business."""
    return ratio(rows[field], rows["firms"])


def per_worker(rows: Tallies, field: str) -> np.ndarray:
    """Mean of a tally over all workers."""
    return ratio(rows[field], rows["workers"])


def count_of(rows: Tallies, field: str) -> np.ndarray:
    """A tally as it is."""
    return rows[field].astype(float)


def governed(rows: Tallies, mode: int) -> np.ndarray:
    """Share of firms that supply a chain of this governance."""
    return ratio(rows["suppliers"][:, mode], rows["firms"])


def productivity_gap(rows: Tallies) -> np.ndarray:
    """Labour productivity of the mean small firm over that of a large one."""
    return ratio(rows["productivity"], rows["firms"] * rows["large_firm"])


def gini(rows: Tallies) -> np.ndarray:
    """Gini over firms of practices mastered in all four dimensions; 0 where nobody masters anything.

    From counts n_k of firms with k practices: sum over pairs |k - l| / (2 n^2 mean), computed as the
    area between the Lorenz curve and the diagonal.
    """
    counts = rows["practices"].astype(float)
    values = np.arange(counts.shape[1])
    firms = counts.sum(axis=1)
    mass = (counts * values).sum(axis=1)
    below = (counts * values).cumsum(axis=1)
    before = np.concatenate([np.zeros((len(rows), 1)), below[:, :-1]], axis=1)
    area = (counts * (below + before)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 1.0 - area / (firms * mass)
    return np.where(firms > 0, np.where(mass > 0, value, 0.0), np.nan)


def p90_p10(rows: Tallies) -> np.ndarray:
    """Practices in all four dimensions, 90th percentile of firms over 10th; NaN where that is 0."""
    return ratio(quantile(rows["practices"], 0.9), quantile(rows["practices"], 0.1))


MEASURES = (
    Measure("firms", "firms", "firms in business, large ones and plants among them", "F3",
            partial(count_of, field="firms")),
    Measure("entries", "firms a quarter", "entrants", "F3", partial(count_of, field="entries")),
    Measure("exits", "firms a quarter", "closures", "F3", partial(count_of, field="exits")),
    Measure("in_chain", "share of firms", "firms that supply any chain / firms",
            "MP17: weak GVC participation", partial(per_firm, field="in_chain")),
    Measure("exporters", "share of firms", "firms that supply a global chain / firms",
            "MP17 Fig. 2", partial(per_firm, field="exporters")),
    *(
        Measure(f"in_{name}", "share of firms", f"firms that supply a {name} chain / firms",
                "GPR05 Table 3", partial(governed, mode=mode))
        for mode, name in enumerate(GOVERNANCE)
    ),
    Measure("members", "share of firms", "firms in an association or institution / firms",
            "GPR05 section 4", partial(per_firm, field="members")),
    Measure("reached", "share of firms", "members of an institution with staff / firms",
            "MP17: access", partial(per_firm, field="reached")),
    Measure("high_road", "share of firms", "firms that invest in learning / firms", "F1",
            partial(per_firm, field="high_road")),
    Measure("certified", "share of firms", "firms with a certificate / firms", "I6",
            partial(per_firm, field="certified")),
    Measure("visits", "visits a quarter", "visits by institutions' staff", "I2",
            partial(count_of, field="visits")),
    Measure("value_added", "units of account per worker and quarter",
            "value added of all workers / workers", "F2", partial(per_worker, field="value_added")),
    Measure("wage", "units of account per worker and quarter", "wages of all workers / workers",
            "F4", partial(per_worker, field="wages")),
    Measure("resources", "units of account per firm", "slack of the mean firm", "F3",
            partial(per_firm, field="resources")),
    Measure("productivity_gap", "share of large firms",
            "mean labour productivity of firms in business / that of a large firm at the frontier",
            "MP17 Fig. 3", productivity_gap),
    Measure("gini", "Gini 0-1", "Gini coefficient over firms of practices mastered",
            "MP17: dualism", gini),
    Measure("p90_p10", "ratio", "practices mastered, 90th over 10th percentile of firms",
            "MP17: dualism", p90_p10),
    Measure("public_cost", "units of account a quarter", "public money spent by institutions",
            "MP17: policy", partial(count_of, field="public_cost")),
    Measure("private_cost", "units of account a quarter",
            "fees and joint contributions spent by institutions", "MP17: policy",
            partial(count_of, field="private_cost")),
)  # fmt: skip
