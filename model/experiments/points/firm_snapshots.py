"""Every single firm at some quarters, as far as questions ask that follow the same firms through worlds.

A firm is known by its place in the table and the quarter in which it was founded (``born``): a place that
was left and taken again holds another firm.
"""

from __future__ import annotations

import numpy as np

from model.theory.practices import DIMENSIONS, PER_RUNG
from model.world.tables import CONTRACTS

_COUNTED = ("mastered", "aware")
_MONEY = ("value_added", "wage", "resources")
FIRM_MEASURES = (*DIMENSIONS, *(f"aware_{name}" for name in DIMENSIONS), *_MONEY)
"""What is known of every single firm, under the names of the measures of all of them together."""

SNAPSHOT = np.dtype(
    [
        ("active", "i1"),  # 1 in business, 0 place vacant
        ("community", "<i2"),  # row of its community
        ("contract", "<i2", (CONTRACTS,)),  # rows of the chains it supplies, or NOBODY
        ("ownership", "i1"),  # LOCAL, FOREIGN, PLANT
        ("born", "<i4"),  # quarter in which it was founded
        ("members", "<i8"),  # bits: institutions of which it is a member
        ("programmes", "<i8"),  # bits: instruments in which it took part since it was founded
        ("mastered", "i1", (len(DIMENSIONS),)),  # practices that it knows how to do
        ("aware", "i1", (len(DIMENSIONS),)),  # practices that it knows of
        *((name, "<f8") for name in _MONEY),
    ]
)


def snapshot(firms: np.ndarray) -> np.ndarray:
    """Rows of ``model.world.tables.FIRM`` as they are now, (n,) ``SNAPSHOT``."""
    seen = np.empty(len(firms), SNAPSHOT)
    for name in SNAPSHOT.names or ():
        if name not in _COUNTED:
            seen[name] = firms[name]
    for name in _COUNTED:
        seen[name] = np.bitwise_count(firms[name])
    return seen


def of_firms(seen: np.ndarray, measure: str) -> np.ndarray:
    """One of ``FIRM_MEASURES`` for each of some firms, (n,) float64; ``seen``: (n,) ``SNAPSHOT``."""
    if measure in _MONEY:
        return seen[measure]
    known = "aware" if measure.startswith("aware_") else "mastered"
    return seen[known][:, DIMENSIONS.index(measure.removeprefix("aware_"))] / PER_RUNG
