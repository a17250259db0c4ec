"""Events 4 and 6: institutions admit members, hold forums, visit firms (I1-I8)."""

from __future__ import annotations

from model.compiler import engine
from model.draws import (
    ASSOCIATE,
    FIRM,
    FORUM,
    GATHER,
    GUEST,
    INSTITUTION,
    JOIN,
    SECOND,
    SYNTHESIS,
    VISIT,
    chance,
    key,
)
from model.engine.ledger import book
from model.engine.lots import by_lot
from model.engine.queue import let_in
from model.theory.absorption import absorptive_capacity, within_reach
from model.theory.access import may_join, stays, takes_up
from model.theory.board import prefers_second
from model.theory.capacity import planned_visits
from model.theory.certification import passes
from model.theory.complementarity import translated
from model.theory.forums import attendances, stay_in_touch
from model.theory.interaction import INSTITUTION as INSTITUTION_CHANNEL
from model.theory.interaction import rate, take_up
from model.theory.practices import DIMENSIONS, any_one_of
from model.theory.recombination import synthesis
from model.theory.repository import frontier, gather
from model.theory.road import learning_effort
from model.theory.tutelage import taught
from model.world.found import firm_key
from model.world.tables import FORUM as FORUM_TIE
from model.world.tables import NOBODY


@engine
def admit(firms, communities, institutions, tick_key, quarters, params, order, draws):
    """Once a year members that can't pay leave and firms that may and want to join do.

    Where more want to join than the quota lets in, a draw decides who came first. ``order`` and
    ``draws``: (n_firms,) int64 scratch; ``firms``: (n_firms,) FIRM, whose ``members`` are set.
    """
    for row in range(len(institutions)):
        institution = institutions[row]
        bit = 1 << row
        institution.count = 0
        for i in range(len(firms)):
            firm = firms[i]
            if firm.members & bit and not (firm.active and stays(firm, institution, params)):
                firm.members &= ~bit
            if firm.members & bit:
                institution.count += 1
        purpose, partner = JOIN, row
        if institution.association:  # known by its community: rows shift with the institutions
            purpose, partner = ASSOCIATE, int(institution.home)
        joining = 0
        for c in range(len(communities)):
            if not (institution.reach >> c) & 1:
                continue
            for i in range(communities[c].first, communities[c].first + communities[c].places):
                firm = firms[i]
                if not firm.active or firm.members & bit:
                    continue
                own_key = firm_key(tick_key, firm.community, firm.place)
                draw = key(key(own_key, purpose), partner)
                if takes_up(draw, params) and may_join(firm, institution, quarters, params):
                    order[joining] = i
                    joining += 1
        admitted = max(0, min(joining, institution.quota - institution.count))
        if 0 < admitted < joining:
            let_in(order[:joining], admitted, firms, purpose, partner, tick_key, draws)
        for n in range(admitted):
            firms[order[n]].members |= bit
        institution.count += admitted


@engine
def mark_members(firms, communities, institution, row, member):
    """Mark an institution's members; returns how many there are.

    ``member``: (n_firms,) int64, set to 1 or 0 in the communities that the institution reaches.
    """
    n = 0
    for c in range(len(communities)):
        if not (institution.reach >> c) & 1:
            continue
        for i in range(communities[c].first, communities[c].first + communities[c].places):
            member[i] = (firms[i].members >> row) & 1
            n += member[i]
    return n


@engine
def most_visits(institutions, n):
    """A bound on the visits that all institutions together pay to ``n`` firms in a quarter."""
    staffed = 0
    for row in range(len(institutions)):
        if not institutions[row].association:
            staffed += 1
    return staffed * n


@engine
def hold_forum(
    firms, communities, ties, first, tie_of, indexed, used, institution, member, n, forum_key,
    params,
):  # fmt: skip
    """Members of separate communities meet; some stay in touch. Returns the ties in use.

    Ties are made only while there is room for them (two a firm). The first ``indexed`` ties are
    listed by firm in ``first`` and ``tie_of``. ``member``: (n_firms,) int64, 1 for the ``n`` members.
    """
    seats = attendances(institution, n, params)
    institution.spent += seats * institution.forum_cost
    for seat in range(seats):
        draw = key(forum_key, seat)
        a = by_lot(member, n, communities, institution.reach, key(draw, FIRM))
        b = by_lot(member, n, communities, institution.reach, key(draw, GUEST))
        if firms[a].community == firms[b].community or used >= len(ties):
            continue
        if not stay_in_touch(draw, params) or _tied(a, b, ties, first, tie_of, indexed, used):
            continue
        tie = ties[used]
        tie.a = min(a, b)
        tie.b = max(a, b)
        tie.kind = FORUM_TIE
        tie.trust = params.forums.trust
        tie.usual = params.forums.trust
        tie.met = 0
        tie.paid = 0
        used += 1
    return used


@engine
def _tied(a, b, ties, first, tie_of, indexed, used):
    """Whether two firms have a tie, listed or of this quarter."""
    for at in range(first[a], first[a + 1]):
        if ties[tie_of[at]].a + ties[tie_of[at]].b == a + b:
            return True
    for e in range(indexed, used):
        if ties[e].a == min(a, b) and ties[e].b == max(a, b):
            return True
    return False


@engine
def asked_by_buyers(me, d, chains, draw, params):
    """What the firm's buyers ask and it has heard of, as far as staff can translate it."""
    asked = 0 * me.aware[d]
    for c in range(len(me.contract)):
        if me.contract[c] != NOBODY:
            asked |= translated(me, d, chains[me.contract[c]], draw, params)
    return asked


@engine
def visit_firms(
    old, new, institution, row, member, n, communities, sectors, chains, params,
    tick_key, ledger, booked, run, tick, visits,
):  # fmt: skip
    """The staff visit as many members as money allows, teach, and gather practice.

    ``member``: (n_firms,) int64, 1 for the ``n`` members; ``visits``: (n_communities,) counts, added
    to. Returns the rows of the ledger used so far.
    """
    own_key = key(key(tick_key, INSTITUTION), row)
    for d in range(len(DIMENSIONS)):
        draw = key(key(own_key, SYNTHESIS), d)
        institution.repository[d] |= synthesis(institution, d, draw, params)
    planned = planned_visits(institution, n, key(own_key, VISIT), params)
    for v in range(planned):
        draw = key(key(own_key, VISIT), v)
        i = by_lot(member, n, communities, institution.reach, key(draw, FIRM))
        second = by_lot(member, n, communities, institution.reach, key(draw, SECOND))
        if prefers_second(institution, old[i], old[second], draw, params):
            i = second
        me, firm = old[i], new[i]
        institution.spent += institution.visit_cost
        visits[me.community] += 1
        d = firm.dimension
        sector = sectors[communities[me.community].sector]
        reach = within_reach(me, d, params)
        capacity = absorptive_capacity(me, learning_effort(me, params), params)
        channel = INSTITUTION_CHANNEL
        if passes(me, institution):
            firm.certified = institution.certifies
        if chance(draw) < institution.experiential:
            repository = institution.repository[d] | asked_by_buyers(me, d, chains, draw, params)
            practice = taught(repository, me, d, reach, draw, params)
            gather(institution, me, d, key(draw, GATHER), params)
        else:
            practice = any_one_of(frontier(sector, d), draw)
        if chance(key(draw, FORUM)) < rate(channel, params):
            gained = take_up(firm, me, channel, d, practice, reach, capacity, sector, draw, params)
            if gained:
                booked = book(ledger, booked, run, tick, i, me, d, gained, channel, row)
    return booked
