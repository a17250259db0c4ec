"""Counter-based random draws: a draw is a hash of who asks, when and what for.

There is no generator state. A key is built by nesting: seed, replicate, tick, agent, purpose and,
where two meet, the partner; the draw is the key itself. Results therefore do not depend on the
order of agents, on threads, or on who else is in the world, and two policies run on common random
numbers: the same firm draws the same number for the same purpose in the same quarter.

The mixing function is that of splitmix64 (Steele, Lea and Flood 2014, OOPSLA). The high half of a
draw decides whether something happens, the low half chooses what, so that one draw serves both.
"""

from __future__ import annotations

import numpy as np

from model.compiler import rule

U = np.uint64

# What a draw is for. Numbers are part of the result: never reuse or renumber one.
WORLD, TICK, REDRAW = 1, 2, 3  # under (seed, replicate); REDRAW with a number, for explaining
FIRM, COMMUNITY, CHAIN, INSTITUTION, SECTOR, TIES, INSTRUMENT = range(1, 8)  # under WORLD, a tick
ATTENTION, FAIR, FORGET, LUCK, ENTRY, SPIN_OFF, PARENT, BIRTH, SIZE, PROJECT = range(
    1, 11
)  # a firm
CONTACT, PUNISH, JOIN, HEAR, PEER, LABOUR, ASSOCIATE, ACROSS = range(20, 28)  # a firm, a partner
VISIT, SECOND, GATHER, FORUM, GUEST, REPRESENTATIVE = range(
    30, 36
)  # an institution, with a number; REPRESENTATIVE with a community
SHIFT, GRANT, RIVAL, BROKER = range(
    36, 40
)  # a chain's year; an instrument, with a number; GRANT a firm too
SOURCE = 40  # a firm; plus the channel of the source
SCREEN, NOTE, EMBODIED, HOW = range(60, 64)  # under the draw of a meeting
DIAGNOSE, VOICE, SEAT, TRANSLATE = range(64, 68)  # under the draw of a visit
RENEWAL, DIFFUSION = 10, 11  # a sector; plus the dimension under it, and the source
REPERTOIRE = 1 << 32  # a community; plus the number of a practice, beyond the places of its firms
OWNED = 28  # a firm, under WORLD
QUALITY, FOUND = 70, 100  # under the draw of a birth; FOUND plus the number of a practice
LARGE = 300  # under the draw of a birth; plus the number of a practice of process or product
PARENTAL, MAKERS = 200, 201  # a firm; beyond the sources

_GOLDEN = U(0x9E3779B97F4A7C15)
_M1, _M2 = U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = U(27), U(30), U(31), U(32)
_LOW = U((1 << 30) - 1)


@rule
def mix(z):
    """Scramble 64 bits (uint64 to uint64), a bijection."""
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@rule
def key(parent, child):
    """The draw of ``child`` (a replicate, a tick, an agent, a purpose) under ``parent``."""
    return mix(U(parent) + (U(child) + U(1)) * _GOLDEN)


@rule
def chance(draw):
    """The high half of a draw as a number in [0, 1)."""
    return np.int64(U(draw) >> _S32) * 2.0**-32


@rule
def one_of(n, draw):
    """A whole number in [0, n) from the low half of a draw; n below 2**30."""
    return (np.int64(U(draw) & _LOW) * n) >> 30


@rule
def one_of_growing(n, draw):
    """A whole number in [0, n), each equally likely, that keeps its value as ``n`` grows.

    With one more to choose from, a draw stays what it was or becomes the new one, ``n``: nobody
    else's choice moves. This is the jump consistent hash of Lamping and Veach (2014,
    arXiv:1406.2294), about ln(n) steps; where those to choose from are not numbered without gaps,
    see ``model.engine.lots``.
    """
    draw = U(draw)
    chosen, candidate = 0, 0
    while candidate < n:
        chosen = candidate
        candidate = int((chosen + 1) / (1.0 - chance(draw)))
        draw = U(key(draw, 0))
    return chosen


def generator(*path: int) -> np.random.Generator:
    """A NumPy generator for building worlds, seeded by nested keys (never shared, never global)."""
    seed = U(0)
    for part in path:
        seed = U(key(seed, U(part)))
    return np.random.default_rng(int(seed))
