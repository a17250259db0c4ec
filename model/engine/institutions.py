"""Events 4 and 7: institutions admit members and serve them (I1-I8)."""

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
    SEAT,
    SECOND,
    VISIT,
    chance,
    key,
)
from model.engine.chains import let_in_ablest
from model.engine.ledger import book
from model.engine.lots import by_lot
from model.engine.queue import let_in
from model.theory.absorption import absorptive_capacity, within_reach
from model.theory.access import CHOSEN, is_open, may_join, stays, takes_up
from model.theory.appropriability import openness
from model.theory.attention import attend
from model.theory.board import budget, prefers_second
from model.theory.certification import passes
from model.theory.complementarity import translated
from model.theory.forums import stay_in_touch
from model.theory.interaction import INSTITUTION as INSTITUTION_CHANNEL
from model.theory.interaction import PEER as PEER_CHANNEL
from model.theory.interaction import carry_of, rate, take_up
from model.theory.practices import any_one_of
from model.theory.recombination import adapted
from model.theory.redundancy import shown
from model.theory.repository import frontier, gather
from model.theory.road import learning_effort
from model.theory.services import (
    GROUP,
    MEETING,
    SERVICES,
    TEST,
    cost_of_event,
    events_expected,
    lessons_each,
    participants,
    planned_events,
)
from model.theory.tutelage import guided, taught
from model.world.found import firm_key
from model.world.tables import FORUM as FORUM_TIE
from model.world.tables import NOBODY


@engine
def admit(firms, communities, institutions, tick_key, tick, quarters, params, order, starts, draws):
    """Once a year members that can't pay leave and firms that may and want to join do.

    Where more want to join than the quota lets in, a draw decides who came first. ``order`` and
    ``draws``: (n_firms,) int64 scratch.
    """
    for row in range(len(institutions)):
        institution = institutions[row]
        bit = 1 << row
        institution.count = 0
        open_now = is_open(institution, tick)
        for i in range(len(firms)):
            firm = firms[i]
            if firm.members & bit and not (
                open_now and firm.active and stays(firm, institution, params)
            ):
                firm.members &= ~bit
            if firm.members & bit:
                institution.count += 1
        purpose, partner = JOIN, row
        if institution.association:  # known by its community: rows shift with the institutions
            purpose, partner = ASSOCIATE, int(institution.home)
        joining = 0
        for c in range(len(communities)):
            if not open_now or not (institution.reach >> c) & 1:
                continue
            for i in range(communities[c].first, communities[c].first + communities[c].places):
                firm = firms[i]
                if not firm.active or firm.members & bit:
                    continue
                own_key = firm_key(tick_key, firm.community, firm.place)
                draw = key(key(own_key, purpose), partner)
                if takes_up(institution, draw, params) and may_join(
                    firm, institution, quarters, params
                ):
                    order[joining] = i
                    joining += 1
        admitted = max(0, min(joining, institution.quota - institution.count))
        if 0 < admitted < joining:
            queue = order[:joining]
            if institution.chooses == CHOSEN:
                let_in_ablest(queue, admitted, firms, purpose, partner, tick_key, starts, draws)
            else:
                let_in(queue, admitted, firms, purpose, partner, tick_key, draws)
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
def most_lessons_given(institutions, n, params):
    """A bound on the lessons that all institutions together give to ``n`` firms in a quarter."""
    lessons = 0
    for row in range(len(institutions)):
        institution = institutions[row]
        if institution.association:
            continue
        money = budget(institution)
        for s in range(len(SERVICES)):
            events = int(events_expected(institution, s, n, money, params)) + 1
            lessons += events * participants(s, n, params) * lessons_each(s, params)
    return lessons


@engine
def bring_together(a, b, firms, ties, first, tie_of, indexed, used, draw, params):
    """Two firms that met at a meeting may stay in touch. Returns the ties in use.

    Ties are made only while there is room for them (six a firm). The first ``indexed`` ties are
    listed by firm in ``first`` and ``tie_of``.
    """
    if used >= len(ties) or a == b or not stay_in_touch(draw, params):
        return used
    if _tied(a, b, ties, first, tie_of, indexed, used):
        return used
    tie = ties[used]
    tie.a = min(a, b)
    tie.b = max(a, b)
    tie.kind = FORUM_TIE
    tie.trust = params.forums.trust
    tie.usual = params.forums.trust
    tie.owed = 0
    tie.lent = 0
    tie.kept = 0
    tie.met = 0
    tie.paid = 0
    return used + 1


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
def applicant(institution, member, n, communities, old, draw, params):
    """Who gets a place: of two members who apply, the board may prefer one (I4)."""
    i = by_lot(member, n, communities, institution.reach, key(draw, FIRM))
    second = by_lot(member, n, communities, institution.reach, key(draw, SECOND))
    if prefers_second(institution, old[i], old[second], draw, params):
        return second
    return i


@engine
def serve(
    old, new, ties, first, tie_of, indexed, used, institution, row, member, n, communities,
    sectors, chains, params, tick_key, ledger, booked, run, tick, visits,
):  # fmt: skip
    """The staff hold as many events of each service as money allows, teach, and gather practice.

    Each place in an event is allotted anew, so that a firm may have two. A group is of the community of
    its first firm; where no other of six who are asked is from there, the last takes the place.

    ``member``: (n_firms,) int64, 1 for the ``n`` members; ``visits``: (n_communities,) participations,
    added to. Returns the rows of the ledger and the ties used so far.
    """
    own_key = key(key(tick_key, INSTITUTION), row)
    money = budget(institution)
    for s in range(len(SERVICES)):
        service_key = key(key(own_key, VISIT), s)
        expected = events_expected(institution, s, n, money, params)
        for event in range(planned_events(expected, service_key)):
            event_key = key(service_key, event)
            institution.spent += cost_of_event(institution, s, params)
            home = -1
            for place in range(participants(s, n, params)):
                draw = key(event_key, place)
                i = applicant(institution, member, n, communities, old, draw, params)
                if s == GROUP:  # of one region, that of the first
                    for again in range(_TRIES):
                        if home < 0 or old[i].community == home:
                            break
                        other = key(draw, GATHER + 64 * (again + 1))
                        i = applicant(institution, member, n, communities, old, other, params)
                    home = old[i].community if home < 0 else home
                visits[old[i].community] += 1
                if lessons_each(s, params) > 0:
                    new[i].served = tick
                new[i].hours += params.services.hours[s] / participants(s, n, params)
                if s == TEST and passes(old[i], institution):
                    new[i].certified = institution.certifies
                if s == MEETING:
                    j = applicant(
                        institution, member, n, communities, old, key(draw, GUEST), params
                    )
                    if i == j:
                        continue
                    booked = _hear_out(
                        old,
                        new,
                        i,
                        j,
                        communities,
                        sectors,
                        params,
                        draw,
                        ledger,
                        booked,
                        run,
                        tick,
                    )
                    used = bring_together(
                        i, j, old, ties, first, tie_of, indexed, used, draw, params
                    )
                    continue
                booked = _teach(
                    old, new, i, s, institution, row, communities, sectors, chains, params, draw,
                    ledger, booked, run, tick,
                )  # fmt: skip
    return booked, used


_TRIES = 6  # to find a neighbour for a group


@engine
def _teach(
    old, new, i, s, institution, row, communities, sectors, chains, params, draw, ledger, booked,
    run, tick,
):  # fmt: skip
    """The lessons of one participant in one event; the staff take some practice home."""
    me, firm = old[i], new[i]
    sector = sectors[communities[me.community].sector]
    effort = learning_effort(me, params)
    for number in range(lessons_each(s, params)):
        lesson = key(draw, FORUM + 64 * (number + 1))
        d = firm.dimension if number == 0 else attend(me, 1.0, key(lesson, SEAT), params)
        reach = within_reach(me, d, params)
        capacity = absorptive_capacity(me, effort, params)
        if chance(lesson) < institution.experiential:
            holds = institution.repository[d] | institution.expertise[d]
            holds |= asked_by_buyers(me, d, chains, lesson, params)
            practice = taught(
                holds & ~(firm.mastered[d] & ~me.mastered[d]), me, d, reach, lesson, params
            )
            capacity = guided(capacity, effort, s, params)
            capacity = adapted(capacity, effort, institution, params)
            gather(institution, me, d, key(lesson, GATHER), params)
        else:
            practice = any_one_of(frontier(sector, d), lesson)
        if chance(key(lesson, FORUM)) < rate(INSTITUTION_CHANNEL, params):
            carry = carry_of(INSTITUTION_CHANNEL, params) * params.services.carry[s]
            gained = take_up(
                firm,
                me,
                INSTITUTION_CHANNEL,
                carry,
                d,
                practice,
                reach,
                capacity,
                sector,
                lesson,
                params,
            )
            booked = book(ledger, booked, run, tick, i, me, d, gained, INSTITUTION_CHANNEL, row)
    return booked


@engine
def _hear_out(
    old, new, i, j, communities, sectors, params, draw, ledger, booked, run, tick
):  # fmt: skip
    """At a meeting firm ``i`` hears how firm ``j`` does things (I5)."""
    me, firm, peer = old[i], new[i], old[j]
    sector = sectors[communities[me.community].sector]
    for number in range(lessons_each(MEETING, params)):
        lesson = key(draw, FORUM + 64 * (number + 1))
        if chance(key(lesson, FORUM)) >= rate(INSTITUTION_CHANNEL, params):
            continue
        d = firm.dimension
        reach = within_reach(me, d, params)
        effort = learning_effort(me, params)
        capacity = absorptive_capacity(me, effort, params) * openness(sector, params)
        practice = shown(peer.mastered[d], reach & ~me.mastered[d], lesson, params)
        gained = take_up(
            firm,
            me,
            PEER_CHANNEL,
            carry_of(PEER_CHANNEL, params),
            d,
            practice,
            reach,
            capacity,
            sector,
            lesson,
            params,
        )
        booked = book(ledger, booked, run, tick, i, me, d, gained, PEER_CHANNEL, j)
    return booked
