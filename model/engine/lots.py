"""Lots: one of many firms, drawn by who they are and not by where they stand in a list."""

from __future__ import annotations

import math

from model.compiler import engine
from model.draws import chance, key, one_of
from model.world.tables import NOBODY

_BLOCK = 64  # places of a community in its first block; each next block doubles the community
_COMMUNITIES = 64  # whose clocks of one block are numbered one after the other
_BLOCKS = 64  # at most: sizes double, and rows are numbers of 32 bits


@engine
def _clock(block, c):
    """The number of a clock: no two of a lot are the same, whatever communities there are."""
    return (c // _COMMUNITIES * _BLOCKS + block) * _COMMUNITIES + c % _COMMUNITIES


@engine
def by_lot(eligible, n, communities, where, home, draw):
    """The row of one of ``n`` > 0 eligible firms, or of those in community ``home``, each equally likely.

    ``eligible``: (n_firms,) int8, 1 where a firm takes part, read only in the communities of which
    ``where``, (COMMUNITIES,), says 1; ``n``: how many take part; ``home``: a community where somebody
    does, or NOBODY for all. One firm, place or community more leaves every lot as it was or gives it
    to the new firm.

    Each place of a community has a clock that rings at random, at rate 1, whether or not its firm
    takes part; the first ring of a firm that does decides. Clocks are read by blocks of places (0
    to 63, 64 to 127, 128 to 255, ...): rings of a block come at the rate of its size, each at one
    of its places. So a lot costs about places / n + the number of blocks, not ``n``. Rings later
    than ``until`` are looked at only if none before it counts, which changes no result. Sizes of
    blocks are powers of two, so that to multiply by ``each``, one part of a block, is to divide by
    its size, to the last bit.
    """
    first_community, end, most = 0, len(communities), n
    if home != NOBODY:
        first_community, end, most = home, home + 1, min(n, communities[home].places)
    chosen = -1
    until = 1.0 / most
    while chosen < 0:
        for c in range(first_community, end):
            if not where[c]:
                continue
            first, places = communities[c].first, communities[c].places
            block, low, size = 0, 0, _BLOCK
            each = 1.0 / _BLOCK
            while low < places:
                ring = key(draw, _clock(block, c))
                time = 0.0
                # a wait is at least chance / size long, which mostly spares the logarithm
                while time + chance(ring) * each < until:
                    time -= math.log(1.0 - chance(ring)) * each
                    if time >= until:
                        break
                    place = low + one_of(size, ring)
                    if place < places and eligible[first + place]:
                        chosen, until = first + place, time
                        break
                    ring = key(ring, 0)
                block, low = block + 1, low + size
                size = low
                if block > 1:
                    each *= 0.5
        if chosen < 0:
            until *= 4.0
    return chosen
