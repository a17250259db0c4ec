"""Lots: one of many firms, drawn by who they are and not by where they stand in a list."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from model.compiler import count, engine
from model.draws import U, chance, key, one_of
from model.world.tables import NOBODY

_BLOCK = 64  # places of a community in its first block; each next block doubles the community
_COMMUNITIES = 64  # whose clocks of one block are numbered one after the other
_BLOCKS = 64  # at most: sizes double, and rows are numbers of 32 bits
_FEW = 8  # communities whose clocks are sooner read one by one
_SURE = 2.0**32  # more than the high half of any draw


class Extent(NamedTuple):
    """The communities among whose firms lots are drawn."""

    begin: int  # the first of the 64 among which the first of them is
    end: int  # the one after the last of them
    bits: np.int64  # which of these 64 they are, a bit each
    many: bool  # whether there are more than a few
    largest: int  # places of the largest


@engine
def extent_of(where, communities):
    """Extent of the communities of which ``where``, (COMMUNITIES,), says 1."""
    begin, end, bits, n, largest = 0, 0, U(0), 0, 0
    for c in range(len(communities)):
        if where[c]:
            if n == 0:
                begin = c // _COMMUNITIES * _COMMUNITIES
            if c < begin + _COMMUNITIES:
                bits |= U(1) << U(c - begin)
            end, n, largest = c + 1, n + 1, max(largest, communities[c].places)
    return Extent(begin, end, np.int64(bits), n > _FEW, largest)


@engine
def _clock(block, c):
    """The number of a clock: no two of a lot are the same, whatever communities there are."""
    return (c // _COMMUNITIES * _BLOCKS + block) * _COMMUNITIES + c % _COMMUNITIES


@engine
def _early(draw, clock, span):
    """Which of the 64 clocks from number ``clock`` on may ring within ``span`` mean waits, a bit each.

    A wait is at least as long as its draw says, which spares the logarithm. A processor that multiplies eight
    numbers at a time reads eight clocks at a time.
    """
    limit = U(min(_SURE, math.ceil(span * _SURE)))
    found = U(0)
    for n in range(_COMMUNITIES):
        found |= U(key(draw, clock + n) >> U(32) < limit) << U(n)
    return found


@engine
def _wait(ring, each):
    """How long a clock waits for a ring, mean waits of one place; ``each``: the same of its block."""
    return -math.log(1.0 - chance(ring)) * each


@engine
def _rings_at(ring, last, each):
    """When a clock rings for the last of the times from ``ring`` to ``last``, mean waits of one place."""
    time = _wait(ring, each)
    while ring != last:
        ring = U(key(ring, 0))
        time += _wait(ring, each)
    return time


@engine
def by_lot(eligible, n, communities, where, extent, home, draw):
    """The row of one of ``n`` > 0 eligible firms, or of those in community ``home``, each equally likely.

    ``eligible``: (n_firms,) int8, 1 where a firm takes part, read only in the communities of which
    ``where``, (COMMUNITIES,), says 1; ``n``: how many take part; ``extent``: Extent of ``where``; ``home``: a
    community where somebody does, or NOBODY for all. One firm, place or community more leaves every lot as
    it was or gives it to the new firm.

    Each place of a community has a clock that rings at random, at rate 1, whether or not its firm
    takes part; the first ring of a firm that does decides. Clocks are read by blocks of places (0
    to 63, 64 to 127, 128 to 255, ...): rings of a block come at the rate of its size, each at one
    of its places. So a lot costs about places / n + the number of blocks, not ``n``; of many
    communities, the clocks of 64 are read at a time. Rings later than ``until`` are looked at only if
    none before it counts, which changes no result. Sizes of blocks are powers of two, so that to
    multiply by ``each``, one part of a block, is to divide by its size, to the last bit.
    """
    begin, end, bits, many, largest = extent
    if home != NOBODY:
        begin, end, many = home // _COMMUNITIES * _COMMUNITIES, home + 1, False
        bits, largest = np.int64(U(1) << U(home - begin)), communities[home].places
        n = min(n, largest)
    chosen = -1
    until = 2.0 / n  # mean waits: seven lots in eight are drawn by then
    while chosen < 0:
        block, low, size = 0, 0, _BLOCK
        each = 1.0 / _BLOCK
        while low < largest:
            for group in range(begin, end, _COMMUNITIES):
                clock = _clock(block, group)
                early = U(bits) if group == begin else ~U(0)
                if many:
                    early &= _early(draw, clock, until / each)
                while early:
                    number = count((early & -early) - U(1))
                    c = group + number
                    early &= early - U(1)
                    ring = key(draw, clock + number)
                    if chance(ring) * each >= until or not where[c] or low >= communities[c].places:
                        continue
                    first, places = communities[c].first, communities[c].places
                    # a wait is at least what its draw says; a logarithm is for a ring that counts
                    last, soonest = ring, chance(ring) * each
                    while soonest < until:
                        place = low + one_of(size, last)
                        if place < places and eligible[first + place]:
                            time = _rings_at(ring, last, each)
                            if time < until:
                                chosen, until = first + place, time
                            break
                        last = U(key(last, 0))
                        soonest += chance(last) * each
            block, low = block + 1, low + size
            size = low
            if block > 1:
                each *= 0.5
        if chosen < 0:
            until *= 4.0
    return chosen
