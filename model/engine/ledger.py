"""The ledger: every practice mastered or lost is booked with when, what, how and from whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compiler import count, engine
from model.theory.practices import position


class LedgerRoom(NamedTuple):
    """Rows of the ledger, how many of them are used, and whether they stay when their quarter is over."""

    rows: np.ndarray  # (room,) LEDGER
    used: np.ndarray  # (1,) int64
    kept: bool  # else each quarter writes over the one before


@engine
def book(ledger, quarter, row, firm, d, practices, channel, source):
    """Book each practice of a mask: firm ``row`` gained or lost it in dimension ``d``."""
    n = ledger.used[0]
    while practices:
        practice = practices & -practices
        practices &= practices - 1
        entry = ledger.rows[n]
        entry.run = quarter.run
        entry.tick = quarter.tick
        entry.firm = row
        entry.born = firm.born
        entry.source = source
        entry.dimension = d
        entry.practice = position(practice)
        entry.channel = channel
        n += 1
    ledger.used[0] = n


@engine
def room_needed(firms, ties, visits, practices, bought):
    """A bound on what one quarter can book, so that the ledger is extended in time."""
    vacant, mastered = 0, 0
    for i in range(len(firms)):
        if not firms[i].active:
            vacant += 1
        for d in range(len(firms[i].mastered)):
            mastered += count(firms[i].mastered[d])  # all of it may be overtaken or lost
    return 16 * len(firms) + 4 * ties + visits + practices * vacant + bought + mastered
