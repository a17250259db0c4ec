"""What a firm could learn in the coming quarter, from whom, and with which chance.

These are the rules of ``learning`` and ``institutions``, asked for their chances where a quarter
asks for their decisions. Contracts, memberships and repositories count as they stand: at the turn
of a year the first two are reviewed before firms learn, and staff who visit several firms in a
quarter may carry practice from one to the next, which is left out here; so are the lessons of a
project, since grants are decided as the quarter begins (P1).
"""

from __future__ import annotations

import numpy as np

from model.compiler import count, engine
from model.engine.chains import guarded_and_shared
from model.engine.institutions import mark_members
from model.theory.absorption import absorptive_capacity, within_reach
from model.theory.appropriability import openness
from model.theory.board import PARTIES, prefers
from model.theory.external_economies import hires, local_price
from model.theory.favour import collaborates
from model.theory.interaction import (
    BUYER,
    ENGINEERING,
    INSTITUTION,
    LABOUR,
    PEER,
    PRACTICE,
    chance_without_machine,
    how,
    meets_source,
    with_machine,
)
from model.theory.joint_action import meets_peer
from model.theory.local_leader import horizontal
from model.theory.practices import DIMENSIONS, chance_of_one
from model.theory.redundancy import chance_shown
from model.theory.repository import frontier
from model.theory.road import learning_effort
from model.theory.tutelage import chance_taught
from model.world.tables import CONTRACTS, NOBODY

PROSPECT = np.dtype(
    [
        ("meets", "f8"),  # chance of a meeting this quarter, once the firm attends to the dimension
        ("shows", "f8"),  # chance that a meeting shows something new that can be had as it is
        ("how", "f8"),  # chance that it is then mastered
        ("chance", "f8"),  # chance to master something new through the source this quarter
        ("source", "i4"),  # row of the peer, chain or institution; NOBODY for the rest
        ("offered", "i2"),  # practices of the source that are new to the firm and within its reach
        ("bound", "i2"),  # those of them that come with a machine, which the source does not bring
        ("dimension", "i1"),
        ("channel", "i1"),  # of CHANNELS
    ],
    align=True,
)
_OTHERS = BUYER - PRACTICE + 1  # sources of the sector table but the buyer, and new people


def room(ties: int, institutions: int) -> int:
    """Most prospects of a firm with so many ties in a world with so many institutions."""
    return len(DIMENSIONS) * (_OTHERS + CONTRACTS + ties + institutions)


@engine
def prospects(
    i, firms, ties, used, communities, sectors, chains, institutions, params, members, found
):
    """List what firm ``i`` could learn through each of its sources, dimension by dimension.

    ``members``: (n_firms,) int64 scratch; ``found``: a table of PROSPECT with ``room``. Returns the
    rows used.
    """
    me = firms[i]
    community = communities[me.community]
    sector = sectors[community.sector]
    capacity = absorptive_capacity(me, learning_effort(me, params), params)
    copying = openness(sector, params)
    together = copying * horizontal(guarded_and_shared(me, chains)[0], params)
    n = 0
    for d in range(len(DIMENSIONS)):
        needed = within_reach(me, d, params) & ~me.mastered[d]
        for channel in range(PRACTICE, BUYER):
            source = me.aware[d] if channel == PRACTICE else sector.holds[d, channel - ENGINEERING]
            asked = local_price(channel, sector, community, params)
            found[n].meets = meets_source(channel, me, community, sector, asked, params)
            _meet(found[n], channel, NOBODY, d, source, needed, capacity, sector, params)
            n += 1
        for c in range(len(me.contract)):
            row = me.contract[c]
            if row != NOBODY:
                found[n].meets = collaborates(me, chains[row], d, sector, params)
                holds = chains[row].holds[d]
                _meet(found[n], BUYER, row, d, holds, needed, capacity, sector, params)
                n += 1
        for e in range(used):
            tie = ties[e]
            if i not in (tie.a, tie.b):
                continue
            other = tie.a + tie.b - i
            if firms[other].active:
                found[n].meets = meets_peer(tie.trust, together, params)
                holds = firms[other].mastered[d]
                _meet(found[n], PEER, other, d, holds, needed, capacity, sector, params)
                n += 1
        found[n].meets = hires(community, copying, params)
        _hire(found[n], i, firms, community, d, needed, capacity, sector, params)
        n += 1
        for row in range(len(institutions)):
            if institutions[row].association == 0 and (me.members >> row) & 1:
                _host(
                    found[n], i, firms, communities, institutions[row], row, d, needed, capacity,
                    sector, chains, params, members,
                )  # fmt: skip
                n += 1
    return n


@engine
def _meet(entry, channel, row, d, source, needed, capacity, sector, params):
    """Complete a prospect with a source whose practices are known; ``meets`` is set before."""
    bound = needed & with_machine(channel, d, sector)
    free = needed & ~bound
    entry.shows = chance_without_machine(
        chance_shown(free, source, needed, params),
        chance_shown(bound, source, needed, params),
        params,
    )
    _complete(entry, channel, row, d, source & needed, source & bound, capacity, sector, params)
    entry.chance = entry.meets * entry.shows * entry.how


@engine
def _complete(entry, channel, row, d, offered, bound, capacity, sector, params):
    entry.dimension = d
    entry.channel = channel
    entry.source = row
    entry.offered = count(offered)
    entry.bound = count(bound)
    entry.how = how(channel, d, capacity, sector, params)


@engine
def _hire(entry, i, firms, community, d, needed, capacity, sector, params):
    """The new colleague comes from any place of the community, each as likely."""
    bound = needed & with_machine(LABOUR, d, sector)
    free = needed & ~bound
    others = 0
    shows = 0.0
    anywhere = 0 * needed
    for other in range(community.first, community.first + community.places):
        if other == i or not firms[other].active:
            continue
        source = firms[other].mastered[d]
        others += 1
        anywhere |= source
        shows += chance_without_machine(
            chance_shown(free, source, needed, params),
            chance_shown(bound, source, needed, params),
            params,
        )
    entry.meets *= others / community.places
    entry.shows = shows / max(1, others)
    _complete(
        entry, LABOUR, NOBODY, d, anywhere & needed, anywhere & bound, capacity, sector, params
    )
    entry.chance = entry.meets * entry.shows * entry.how


@engine
def _host(
    entry,
    i,
    firms,
    communities,
    institution,
    row,
    d,
    needed,
    capacity,
    sector,
    chains,
    params,
    members,
):
    """The staff may come, once or more often, as money and the board allow."""
    me = firms[i]
    n = mark_members(firms, communities, institution, row, members)
    holds = institution.repository[d]
    asked = 0 * holds
    for c in range(len(me.contract)):
        if me.contract[c] != NOBODY:
            asked |= me.aware[d] & chains[me.contract[c]].holds[d]
    offered = holds
    if params.complementarity.translate > 0.0:
        offered |= asked
    if institution.experiential < 1.0:
        offered |= frontier(sector, d)
    bound = needed & with_machine(INSTITUTION, d, sector)
    free = needed & ~bound
    reach = within_reach(me, d, params)
    top = frontier(sector, d)
    translate = params.complementarity.translate
    experiential = (1.0 - translate) * _taught(holds, free, bound, me, d, reach, params)
    experiential += translate * _taught(holds | asked, free, bound, me, d, reach, params)
    pioneering = chance_without_machine(chance_of_one(free, top), chance_of_one(bound, top), params)
    share = institution.experiential
    entry.shows = share * experiential + (1.0 - share) * pioneering
    _complete(
        entry, INSTITUTION, row, d, offered & needed, offered & bound, capacity, sector, params
    )
    entry.meets = 0.0
    entry.chance = 0.0


@engine
def _taught(holds, free, bound, me, d, reach, params):
    return chance_without_machine(
        chance_taught(free, holds, me, d, reach, params),
        chance_taught(bound, holds, me, d, reach, params),
        params,
    )


@engine
def _visited(i, firms, institution, members, n, params):
    """Chance that a visit goes to firm ``i``, one of ``n`` members of whom any two apply."""
    pairs = 0.0
    for party in range(len(PARTIES)):
        for m in range(n):
            other = members[m]
            wins = not prefers(party, institution, firms[i], firms[other])
            wins += other != i and prefers(party, institution, firms[other], firms[i])
            pairs += institution.seats[party] * wins
    voice = params.board.voice
    return (1.0 - voice) / n + voice * pairs / n**2


@engine
def _ever(chance, expected):
    """Chance that something happens in one of the visits of a quarter, a fraction by chance."""
    sure = int(expected)
    one_more = expected - sure
    return 1.0 - (1.0 - chance) ** sure * (1.0 - one_more * chance)
