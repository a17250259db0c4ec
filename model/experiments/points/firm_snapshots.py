"""Every single firm at some quarters, as far as questions ask that follow the same firms through worlds.

A firm is known by its place in the table and the quarter in which it was founded (``born``): a place that
was left and taken again holds another firm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.engine.observe import list_sales
from model.theory.practices import DIMENSIONS, PER_RUNG
from model.theory.road import HIGH
from model.theory.value_added import GLOBAL
from model.world.tables import CONTRACTS, NOBODY

if TYPE_CHECKING:
    from model.world.build import RunView

_COUNTED = ("mastered", "aware")
_MONEY = ("value_added", "wage", "resources")
_SOLD = ("sales", "exports")
_KEPT = {name: name for name in (*_MONEY, *_SOLD)} | {"size": "workers"}
_SHARES = ("in_chain", "exporters", "high_road", "certified")
FIRM_MEASURES = (*DIMENSIONS, *(f"aware_{name}" for name in DIMENSIONS), *_KEPT, *_SHARES)
"""What is known of every single firm, under the names of the measures of all of them together.

Sales and exports are those of a firm; of a group, whose mean is taken, the shares are shares of its firms.
"""

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
        *((name, "<f8") for name in (*_MONEY, *_SOLD, "workers")),
        *((name, "i1") for name in _SHARES),  # 1 if it is one
    ]
)


def snapshot(view: RunView) -> np.ndarray:
    """The firms of a run as they are now, (n,) ``SNAPSHOT``; sales are those of the last quarter."""
    firms = view.firms
    seen = np.empty(len(firms), SNAPSHOT)
    for name in SNAPSHOT.names or ():
        if name not in (*_COUNTED, *_SOLD, *_SHARES):
            seen[name] = firms[name]
    for name in _COUNTED:
        seen[name] = np.bitwise_count(firms[name])
    sales, exports = np.zeros(len(firms)), np.zeros(len(firms))
    list_sales(firms, view.chains, view.communities, view.sectors, view.parameters, sales, exports)
    seen["sales"], seen["exports"] = sales, exports
    held = np.asarray(firms["contract"])
    abroad = np.append(
        np.asarray(view.chains["reach"]) == GLOBAL, False
    )  # the last stands for NOBODY
    seen["in_chain"] = (held != NOBODY).any(axis=1)
    seen["exporters"] = abroad[held].any(axis=1)
    seen["high_road"] = firms["road"] == HIGH
    seen["certified"] = firms["certified"] > 0.0
    return seen


def of_firms(seen: np.ndarray, measure: str) -> np.ndarray:
    """One of ``FIRM_MEASURES`` for each of some firms, (n,) float64; ``seen``: (n,) ``SNAPSHOT``."""
    if measure in _KEPT:
        return seen[_KEPT[measure]]
    if measure in _SHARES:
        return seen[measure].astype(float)
    known = "aware" if measure.startswith("aware_") else "mastered"
    return seen[known][:, DIMENSIONS.index(measure.removeprefix("aware_"))] / PER_RUNG
