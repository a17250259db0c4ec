"""Who gains: what became of founders, by what they could do at the start.

Founders of a world are put into thirds by the number of practices they master at the start, in all
dimensions. Two arms that differ in policy start from the same founders, so that the thirds hold the
same firms in both. Firms that could do the same stand in the same third, which makes the thirds only
roughly equal.
"""

from __future__ import annotations

import numpy as np

from model.theory.practices import DIMENSIONS, PER_RUNG
from model.world.tables import NOBODY

THIRDS = ("low", "middle", "high")
"""Thirds of founders by practices mastered at the start."""

COLUMNS = {
    "founders": "firms at the start in this third",
    "start": "practices that they mastered at the start, mean",
    "in_business": "share of them in business at the end",
    **{name: f"{name} score (0-3) of those still in business, mean" for name in DIMENSIONS},
    "wage": "wage of those still in business, mean, units of account per worker and quarter",
    "in_chain": "share of those still in business that supply a chain",
}
"""What is kept of each third, in this order."""


def practices_mastered(mastered: np.ndarray) -> np.ndarray:
    """Practices mastered in all, (n_firms,); ``mastered``: masks, (n_firms, 4)."""
    return np.bitwise_count(mastered).sum(axis=1, dtype=np.int64)


def thirds(start: np.ndarray, founded: np.ndarray) -> np.ndarray:
    """0, 1 or 2 for each founder with that many practices at the start, -1 where there was none.

    ``start``: (n_places,); ``founded``: (n_places,) bool, places that were taken at the start.
    """
    cuts = np.quantile(start[founded], (1 / 3, 2 / 3), method="inverted_cdf")
    return np.where(founded, np.searchsorted(cuts, start, side="left"), -1)


def fates(start: np.ndarray, firms: np.ndarray, founded: np.ndarray) -> np.ndarray:
    """What became of founders: (3, len(COLUMNS)) float64, NaN where a third is empty.

    ``start``: practices of each place's founder, (n_places,); ``firms``: rows of those places at the
    end; ``founded``: (n_places,) bool, places that were taken at the start. A founder is still in business
    if its place is taken by a firm born in quarter 0.
    """
    third = thirds(start, founded)
    there = (firms["active"] == 1) & (firms["born"] == 0)
    scores = np.bitwise_count(firms["mastered"]) / PER_RUNG
    supplies = (firms["contract"] != NOBODY).max(axis=1)
    out = np.full((len(THIRDS), len(COLUMNS)), np.nan)
    for number, row in enumerate(out):
        mine = third == number
        row[0] = mine.sum()
        if not mine.any():
            continue
        row[1:3] = start[mine].mean(), there[mine].mean()
        left = mine & there
        if left.any():
            row[3:] = *scores[left].mean(axis=0), firms["wage"][left].mean(), supplies[left].mean()
    return out
