"""Draws and practice masks for the plain Mesa model, in Python integers.

The same numbers as ``model.draws``, written a second time on purpose: an implementation that shared
the hash with the engine could not tell when the hash is wrong. Steele, Lea and Flood (2014).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping

PER_RUNG = 16
RUNGS = 3
PRACTICES = RUNGS * PER_RUNG  # in one dimension
RUNG = (1 << PER_RUNG) - 1
TOP_RUNG = RUNG << 2 * PER_RUNG
DIMENSIONS = ("process", "product", "functional", "intersectoral")
PROCESS, PRODUCT, FUNCTIONAL, INTERSECTORAL = range(4)

_64_BITS = (1 << 64) - 1
_LOW = (1 << 30) - 1


def key(parent: int, child: int) -> int:
    """The draw (0 to 2**64 - 1) of ``child`` under ``parent``."""
    z = (parent + (child + 1) * 0x9E3779B97F4A7C15) & _64_BITS
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _64_BITS
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _64_BITS
    return z ^ (z >> 31)


def chance(draw: int) -> float:
    """The high half of a draw as a number in [0, 1)."""
    return (draw >> 32) / 4294967296.0


def rank(draw: int) -> tuple[int, int]:
    """A place in a queue: by the low half, since the high half has decided who queues at all."""
    return draw & 0xFFFFFFFF, draw >> 32


def one_of(n: int, draw: int) -> int:
    """A whole number in [0, n)."""
    return (draw & _LOW) * n >> 30


def one_of_growing(n: int, draw: int) -> int:
    """A whole number in [0, n) that stays or becomes the new one when there is one more."""
    records = [0]
    while records[-1] < n:
        records.append(int((records[-1] + 1) / (1.0 - chance(draw))))
        draw = key(draw, 0)
    return records[-2]


def by_lot(
    takes_part: Callable[[int, int], bool], places: Mapping[int, int], draw: int
) -> tuple[int, int]:
    """The community and place of one of those that take part, by who they are.

    Each block of places (64 of a community, then as many again as before) rings at random times at
    a rate that is its size; the first ring at a place that takes part decides.
    """
    rings = []
    for community, number in places.items():
        low, size, block = 0, 64, 0
        while low < number:
            scores, rest = divmod(community, 64)
            ring = key(draw, (64 * scores + block) * 64 + rest)
            time = -math.log(1.0 - chance(ring)) / size
            rings.append((time, community, low, size, ring))
            low, block = low + size, block + 1
            size = low
    heapq.heapify(rings)
    while True:
        time, community, low, size, ring = rings[0]
        place = low + one_of(size, ring)
        if place < places[community] and takes_part(community, place):
            return community, place
        ring = key(ring, 0)
        time -= math.log(1.0 - chance(ring)) / size
        heapq.heapreplace(rings, (time, community, low, size, ring))


def any_one_of(mask: int, draw: int) -> int:
    """One practice of a mask, each equally likely; 0 if it is empty."""
    for _ in range(one_of(mask.bit_count(), draw)):
        mask &= mask - 1
    return mask & -mask


def on_rung(mask: int, rung: int) -> int:
    """How many practices of rung 0, 1 or 2 a mask holds."""
    return (mask >> PER_RUNG * rung & RUNG).bit_count()


def score(mask: int) -> float:
    """The upgrading score of a mask, 0-3."""
    return mask.bit_count() / PER_RUNG


def practices(mask: int) -> list[int]:
    """The bit numbers of a mask, lowest first."""
    return [bit for bit in range(PRACTICES) if mask >> bit & 1]


def capability(mastered: list[int]) -> float:
    """Share of all process and product practices in a firm's masks, 0-1."""
    both = mastered[PROCESS].bit_count() + mastered[PRODUCT].bit_count()
    return both / (2 * PRACTICES)
