"""Sums over rows of firms and ties: weighted, and none of a cell smaller than allowed.

    mean       = sum(w x) / sum(w)
    start_spread = sqrt(3) sd / mean of the firms' process and product scores, at most 1: founders'
                 quality is uniform between 1 - spread and 1 + spread, whose deviation is spread / sqrt(3)
    ties       = 2 pairs / firms
    rewiring   = 1 - (C / C0)^(1/3), C the share of closed triangles, C0 = 3 (k - 2) / (4 (k - 1)) that of
                 the ring from which a small world of k ties a firm begins (Barrat and Weigt 2000)

A share is kept back, too, where those who do or those who do not are too few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np

from calibration.survey.sheet_items import SCORES

SMALLEST_CELL = 5
"""Firms behind a number, at least."""
_LOWEST = 0.2
"""Share of firms that count as those that can do least."""


@dataclass(frozen=True)
class FirmTable:
    """Columns of numbers, one a firm, NaN where not given, with the weight of each firm."""

    columns: dict[str, list[float]]
    weights: list[float]


@dataclass
class Sums:
    """What may leave a table of firms: values with the firms behind them, and what was kept back."""

    values: dict[str, tuple[Any, int]] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)

    def put(self, key: str, value: Any, n: int, smallest: int, cell: int | None = None) -> None:
        """Keep a value, unless fewer than ``smallest`` firms stand behind it or one of its cells."""
        if n == 0:
            return
        if min(n, n if cell is None else cell) < smallest:
            self.withheld.append(f"{key} kept back: a cell has fewer than {smallest} firms")
        else:
            self.values[key] = (value, n)


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> tuple[float, int]:
    """Mean of what is given, and of how many rows; NaN of none, or of weights that sum to 0."""
    x, w = np.asarray(values, float), np.asarray(weights, float)
    there = np.isfinite(x) & np.isfinite(w) & (w > 0)
    n = int(there.sum())
    return (float(np.sum(w[there] * x[there]) / np.sum(w[there])) if n else float("nan")), n


def put_share(
    sums: Sums, key: str, does: Sequence[float], weights: Sequence[float], smallest: int
) -> None:
    """Keep the weighted share of firms that do something (1) rather than not (0)."""
    share, n = weighted_mean(does, weights)
    x, w = np.asarray(does, float), np.asarray(weights, float)
    there = np.isfinite(x) & np.isfinite(w) & (w > 0)
    yes = int(np.sum(x[there] > 0))
    cells = [count for count in (yes, n - yes) if count]
    sums.put(key, share, n, smallest, min(cells, default=None))


def of_firms(table: FirmTable, smallest: int = SMALLEST_CELL) -> Sums:
    """What a scenario takes from a table of firms."""
    sums, w = Sums(), table.weights
    columns = {k: np.asarray(v, float) for k, v in table.columns.items()}
    blank = np.full(len(w), np.nan)
    workers = columns.get("workers", blank)
    sums.put("workers", *weighted_mean(workers.tolist(), w), smallest)
    for key, total in (("value_added", "value_added"), ("wage", "wages")):
        _put_a_worker(sums, key, columns.get(total, blank), workers, w, smallest)
    _put_lowest(sums, columns.get("value_added", blank), workers, w, smallest)
    exports = columns.get("exports", blank)
    put_share(
        sums, "exporters", np.where(np.isnan(exports), np.nan, exports > 0).tolist(), w, smallest
    )
    for score in SCORES:
        sums.put(score.key, *weighted_mean(columns.get(score.key, blank).tolist(), w), smallest)
    _put_spread(
        sums, (columns.get("process", blank) + columns.get("product", blank)) / 2, w, smallest
    )
    return sums


def _put_a_worker(
    sums: Sums,
    key: str,
    total: np.ndarray,
    workers: np.ndarray,
    weights: Sequence[float],
    smallest: int,
) -> None:
    """Money a worker: the sum of money over the sum of workers, of firms that give both."""
    both = np.isfinite(total) & np.isfinite(workers) & (workers > 0)
    w = np.asarray(weights, float) * both
    if np.sum(w) > 0:
        money = np.sum(w[both] * total[both]) / np.sum(w[both] * workers[both])
        sums.put(key, float(money), int(both.sum()), smallest)


def _put_lowest(
    sums: Sums, total: np.ndarray, workers: np.ndarray, weights: Sequence[float], smallest: int
) -> None:
    """Value added a worker, mean of the fifth of firms in which it is lowest."""
    both = np.isfinite(total) & np.isfinite(workers) & (workers > 0)
    if not both.any():
        return
    a_worker = total[both] / workers[both]
    w = np.asarray(weights, float)[both]
    count = int(len(a_worker) * _LOWEST)
    order = np.argsort(a_worker, kind="stable")[: max(count, 1)]
    mean, n = weighted_mean(a_worker[order].tolist(), w[order].tolist())
    if mean > 0:
        sums.put("lowest_value_added", mean, n, smallest)


def _put_spread(sums: Sums, scores: np.ndarray, weights: Sequence[float], smallest: int) -> None:
    mean, n = weighted_mean(scores.tolist(), weights)
    if n and mean > 0:
        square, _ = weighted_mean(((scores - mean) ** 2).tolist(), weights)
        sums.put("start_spread", min(1.0, sqrt(3.0 * square) / mean), n, smallest)


def of_ties(
    pairs: Sequence[tuple[str, str]], firms: Sequence[str] = (), smallest: int = SMALLEST_CELL
) -> Sums:
    """Mean ties a firm and how far they reach; ``firms``: all that were asked, those without ties too."""
    partners: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        if one != other:
            partners[one].add(other)
            partners[other].add(one)
    n = len(set(firms) | partners.keys())
    sums = Sums()
    if not partners:
        return sums
    ties = sum(map(len, partners.values())) / n
    sums.put("ties", ties, n, smallest)
    open_, closed = 0, 0
    for own in partners.values():
        for one, other in combinations(sorted(own), 2):
            open_ += 1
            closed += other in partners[one]
    if ties > 2 and open_:
        ring = 3.0 * (ties - 2.0) / (4.0 * (ties - 1.0))
        kept = min(1.0, closed / open_ / ring)
        sums.put("rewiring", 1.0 - kept ** (1.0 / 3.0), n, smallest)
    return sums
