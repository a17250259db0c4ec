"""Practices: what a firm can master, as bit masks.

Each of the four kinds of upgrading (GPR05 section 3a) is a ladder of three rungs, the steps of its
0-3 Likert scale; each rung holds sixteen practices. What a firm knows in one dimension is a mask
of 48 bits in an int64: bit ``16 * rung + number``. Two firms at the same level can know different
things, so diversity, overlap and redundancy are real.
"""

from __future__ import annotations

from model.compiler import count, nth_bit, rule
from model.draws import one_of

DIMENSIONS = ("process", "product", "functional", "intersectoral")
PROCESS, PRODUCT, FUNCTIONAL, INTERSECTORAL = range(4)
RUNGS = 3
PER_RUNG = 16
PRACTICES = RUNGS * PER_RUNG  # in one dimension

RUNG_1 = (1 << PER_RUNG) - 1
RUNG_2 = RUNG_1 << PER_RUNG
RUNG_3 = RUNG_2 << PER_RUNG
ALL = RUNG_1 | RUNG_2 | RUNG_3


@rule
def any_one_of(mask, draw):
    """One practice of ``mask``, each equally likely; 0 if the mask is empty."""
    return nth_bit(mask, one_of(count(mask), draw))


@rule
def on_rung(mask, rung):
    """How many practices of rung 0, 1 or 2 a mask holds (0-16)."""
    return count((mask >> (PER_RUNG * rung)) & RUNG_1)


@rule
def score(mask):
    """The upgrading score of a mask on the 0-3 scale of GPR05 (practices over practices a rung)."""
    return count(mask) / PER_RUNG


@rule
def capability(firm):
    """Share of all process and product practices mastered, 0-1: what a buyer looks at."""
    return (count(firm.mastered[PROCESS]) + count(firm.mastered[PRODUCT])) / (2.0 * PRACTICES)


@rule
def position(practice):
    """The bit number (0-47) of a single practice."""
    return count(practice - 1)
