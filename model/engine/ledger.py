"""The ledger: every practice mastered or lost is booked with when, what, how and from whom."""

from __future__ import annotations

from model.compiler import count, engine
from model.theory.practices import position


@engine
def book(ledger, n, run, tick, row, firm, d, practices, channel, source):
    """Book each practice of a mask; returns the number of rows used so far."""
    while practices:
        practice = practices & -practices
        practices &= practices - 1
        entry = ledger[n]
        entry.run = run
        entry.tick = tick
        entry.firm = row
        entry.born = firm.born
        entry.source = source
        entry.dimension = d
        entry.practice = position(practice)
        entry.channel = channel
        n += 1
    return n


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
