"""Events 4 and 7: institutions admit members and serve them (I1-I8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compiler import engine
from model.draws import (
    ASSOCIATE,
    FIRM,
    FORUM,
    GATHER,
    GUEST,
    INSTITUTION,
    JOIN,
    REPRESENTATIVE,
    SEAT,
    SECOND,
    VISIT,
    chance,
    key,
)
from model.engine.ahead import MANY, ask_for_firm
from model.engine.chains import let_in_ablest
from model.engine.lesson import AttendingFirm, have_lesson
from model.engine.lots import Extent, by_lot, extent_of
from model.engine.queue import let_in
from model.theory.absorption import absorptive_capacity, within_reach
from model.theory.access import ASSOCIATION, CHOSEN, is_open, may_join, stays, takes_up
from model.theory.appropriability import openness
from model.theory.attention import attend
from model.theory.board import (
    budget,
    gets_acquainted,
    has_say,
    prefers,
    seated,
    sit_together,
    would_give_way,
)
from model.theory.certification import passes
from model.theory.complementarity import translated
from model.theory.forums import stay_in_touch
from model.theory.interaction import INSTITUTION as INSTITUTION_CHANNEL
from model.theory.interaction import PEER as PEER_CHANNEL
from model.theory.interaction import carry_of, rate
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


class Members(NamedTuple):
    """The members of an institution, by what lots are drawn among them."""

    eligible: np.ndarray  # (n_firms,) int8, 1 for members, in the communities that it reaches
    there: np.ndarray  # (n_communities or more,) int64, members of each community
    all: int
    extent: Extent  # of the communities that it reaches


@engine
def admit(tables, scratch, quarter, quarters, params):
    """Once a year members that can't pay leave and firms that may and want to join do.

    Where more want to join than the quota lets in, a draw decides who came first. ``tables``:
    RunTables; ``scratch``: Scratch; ``quarter``: Quarter; ``quarters``: of a year.
    """
    firms, communities = tables.new, tables.communities
    queue = scratch.queue
    for row in range(len(tables.institutions)):
        institution = tables.institutions[row]
        bit = _bit(row, institution)
        institution.count = 0
        open_now = is_open(institution, quarter.tick)
        first, last = _where_members_are(institution, communities, len(firms))
        for i in range(first, last):
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
            if not open_now or not institution.reach[c]:
                continue
            for i in range(communities[c].first, communities[c].first + communities[c].places):
                firm = firms[i]
                if not firm.active or firm.members & bit:
                    continue
                own_key = firm_key(quarter.key, firm.community, firm.place)
                draw = key(key(own_key, purpose), partner)
                if takes_up(institution, draw, params) and may_join(
                    firm, institution, quarters, params
                ):
                    queue[joining] = i
                    joining += 1
        admitted = max(0, min(joining, institution.quota - institution.count))
        if 0 < admitted < joining:
            rows = queue[:joining]
            if institution.chooses == CHOSEN:
                let_in_ablest(rows, admitted, firms, purpose, partner, quarter.key, scratch)
            else:
                let_in(rows, admitted, firms, purpose, partner, quarter.key, scratch.ranks)
        for n in range(admitted):
            firms[queue[n]].members |= bit
        institution.count += admitted


@engine
def _bit(row, institution):
    """The bit of an institution's members."""
    return 1 << ASSOCIATION if institution.association else 1 << row


@engine
def _where_members_are(institution, communities, n):
    """First row and row after the last of the firms among whom an institution has all its members."""
    if institution.association:
        home = communities[institution.home]
        return int(home.first), int(home.first + home.places)
    return 0, n


@engine
def mark_members(institution, row, tables, eligible, there):
    """Mark an institution's members; returns how many there are in all.

    ``institution``: INSTITUTION, of row ``row``; ``tables``: RunTables; ``eligible``, ``there``: as in
    Members, set here.
    """
    firms, communities = tables.old, tables.communities
    bit = _bit(row, institution)
    n = 0
    for c in range(len(communities)):
        there[c] = 0
        if not institution.reach[c]:
            continue
        for i in range(communities[c].first, communities[c].first + communities[c].places):
            eligible[i] = firms[i].members & bit != 0
            there[c] += eligible[i]
        n += there[c]
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
def bring_together(a, b, ties, by_firm, params):
    """Tie two firms that got to know each other through an institution, if they have no tie yet.

    ``ties``: (n_ties,) TIE; ``by_firm``: TiesByFirm. Ties are made only while there is room for them (six
    a firm); those of this quarter are in use and not yet listed.
    """
    used = by_firm.used[1]
    if used >= len(ties) or a == b:
        return
    a, b = min(a, b), max(a, b)
    if _tied(a, b, ties, by_firm):
        return
    tie = ties[used]
    tie.a = a
    tie.b = b
    tie.kind = FORUM_TIE
    tie.trust = params.forums.trust
    tie.usual = params.forums.trust
    tie.owed = 0
    tie.lent = 0
    tie.kept = 0
    tie.met = 0
    tie.paid = 0
    by_firm.rows[2 * used] = by_firm.newest[a]
    by_firm.newest[a] = used
    by_firm.used[1] = used + 1


@engine
def _tied(a, b, ties, by_firm):
    """Whether firms ``a`` < ``b`` have a tie, listed or of this quarter."""
    for at in range(by_firm.first[a], by_firm.first[a + 1]):
        tie = ties[by_firm.rows[at]]
        if tie.a + tie.b == a + b:
            return True
    e = by_firm.newest[a]
    while e != NOBODY:
        if ties[e].b == b:
            return True
        e = by_firm.rows[2 * e]
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
def lot_of(members, institution, home, tables, draw):
    """Row of one of ``members``, or of those of community ``home`` if that is not NOBODY, by lot."""
    eligible, n, extent = members.eligible, members.all, members.extent
    return by_lot(eligible, n, tables.communities, institution.reach, extent, home, draw)


@engine
def applicant(members, institution, home, tables, draw, params):
    """Row of the firm that gets a place: of two members who apply, the board may prefer one (I4).

    ``home``: the community that the place is for, or NOBODY if for all.
    """
    i = lot_of(members, institution, home, tables, key(draw, FIRM))
    if members.all == 1 or not has_say(draw, params):
        return i
    party = seated(institution, draw)
    if not would_give_way(party, institution, tables.old[i]):
        return i
    second = lot_of(members, institution, home, tables, key(draw, SECOND))
    return second if prefers(party, institution, tables.old[i], tables.old[second]) else i


@engine
def serve_all(tables, by_firm, tallies, scratch, quarter, params, ledger):
    """Every institution with staff and members that is open serves them, after those on its board met.

    ``tables``: RunTables; ``by_firm``: TiesByFirm; ``tallies``: Tallies; ``scratch``: Scratch;
    ``quarter``: Quarter; ``params``: record of parameters; ``ledger``: LedgerRoom.
    """
    for row in range(len(tables.institutions)):
        institution = tables.institutions[row]
        if institution.association or not is_open(institution, quarter.tick):
            continue
        eligible, there = scratch.eligible, scratch.ranks
        n = mark_members(institution, row, tables, eligible, there)
        if n == 0:
            continue
        extent = extent_of(institution.reach, tables.communities)
        members = Members(eligible, there, n, extent)
        if sit_together(institution, params):
            _meet_on_the_board(row, members, tables, by_firm, quarter, params)
        _serve(row, members, tables, by_firm, tallies, quarter, params, ledger)


@engine
def _meet_on_the_board(row, members, tables, by_firm, quarter, params):
    """Who sits for a community that governs an institution gets to know a member of another (I4)."""
    institution = tables.institutions[row]
    own_key = key(key(key(quarter.key, INSTITUTION), row), REPRESENTATIVE)
    for c in range(len(tables.communities)):
        draw = key(own_key, c)
        if members.there[c] == 0 or not gets_acquainted(institution, draw, params):
            continue
        i = lot_of(members, institution, c, tables, key(draw, FIRM))
        j = lot_of(members, institution, NOBODY, tables, key(draw, SECOND))
        if tables.old[i].community != tables.old[j].community:
            bring_together(i, j, tables.ties, by_firm, params)


@engine
def _serve(row, members, tables, by_firm, tallies, quarter, params, ledger):
    """The staff hold as many events of each service as money allows, teach, and gather practice.

    Each place in an event is allotted anew, so that a firm may have two. A group is of the community of
    its first firm, and no larger than there are members. Arguments as in ``serve_all``, ``members`` those
    of institution ``row``.
    """
    institution = tables.institutions[row]
    own_key = key(key(quarter.key, INSTITUTION), row)
    money, n = budget(institution), members.all
    many = len(tables.old) > MANY
    for s in range(len(SERVICES)):
        service_key = key(key(own_key, VISIT), s)
        expected = events_expected(institution, s, n, money, params)
        events = planned_events(expected, service_key)
        if events == 0:
            continue
        first = key(key(service_key, 0), 0)
        following = applicant(members, institution, NOBODY, tables, first, params)
        for event in range(events):
            event_key = key(service_key, event)
            institution.spent += cost_of_event(institution, s, params)
            home, place, places = NOBODY, 0, participants(s, n, params)
            while place < places:
                draw, i = key(event_key, place), following
                firm = tables.new[i]
                if s == GROUP:
                    home = int(firm.community)
                    places = participants(s, members.there[home], params)
                # who is next is drawn before this one is served, so that his row comes meanwhile
                if place + 1 < places:
                    coming = key(event_key, place + 1)
                    following = applicant(members, institution, home, tables, coming, params)
                elif event + 1 < events:
                    coming = key(key(service_key, event + 1), 0)
                    following = applicant(members, institution, NOBODY, tables, coming, params)
                if many:
                    ask_for_firm(following, tables.old)
                    ask_for_firm(following, tables.new)
                tallies.visits[firm.community] += 1
                if lessons_each(s, params) > 0:
                    firm.served = quarter.tick
                firm.hours += params.services.hours[s] / places
                if s == TEST and passes(tables.old[i], institution):
                    firm.certified = institution.certifies
                if s == MEETING:
                    j = applicant(members, institution, NOBODY, tables, key(draw, GUEST), params)
                    if i != j:
                        _hear_out(i, j, tables, draw, quarter, params, ledger)
                        if stay_in_touch(draw, params):
                            bring_together(i, j, tables.ties, by_firm, params)
                else:
                    _teach(i, s, row, tables, draw, quarter, params, ledger)
                place += 1


@engine
def _teach(i, s, row, tables, draw, quarter, params, ledger):
    """The lessons of participant ``i`` in one event of service ``s``; the staff take some practice home."""
    me, firm, institution = tables.old[i], tables.new[i], tables.institutions[row]
    community = tables.communities[me.community]
    sector = tables.sectors[community.sector]
    effort = learning_effort(me, params)
    for number in range(lessons_each(s, params)):
        lesson = key(draw, FORUM + 64 * (number + 1))
        d = int(firm.dimension)
        if number > 0:
            d = attend(me, 1.0, key(lesson, SEAT), params)
        reach = within_reach(me, d, params)
        capacity = absorptive_capacity(me, effort, params)
        if chance(lesson) < institution.experiential:
            holds = institution.repository[d] | institution.expertise[d]
            holds |= asked_by_buyers(me, d, tables.chains, lesson, params)
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
            pupil = AttendingFirm(i, me, firm, community, sector, d, reach, capacity)
            have_lesson(
                pupil, INSTITUTION_CHANNEL, row, carry, practice, lesson, quarter, params, ledger
            )


@engine
def _hear_out(i, j, tables, draw, quarter, params, ledger):
    """At a meeting firm ``i`` hears how firm ``j`` does things (I5)."""
    me, firm, peer = tables.old[i], tables.new[i], tables.old[j]
    community = tables.communities[me.community]
    sector = tables.sectors[community.sector]
    d = int(firm.dimension)
    for number in range(lessons_each(MEETING, params)):
        lesson = key(draw, FORUM + 64 * (number + 1))
        if chance(key(lesson, FORUM)) >= rate(INSTITUTION_CHANNEL, params):
            continue
        reach = within_reach(me, d, params)
        effort = learning_effort(me, params)
        capacity = absorptive_capacity(me, effort, params) * openness(sector, params)
        practice = shown(peer.mastered[d], reach & ~me.mastered[d], lesson, params)
        pupil = AttendingFirm(i, me, firm, community, sector, d, reach, capacity)
        carry = carry_of(PEER_CHANNEL, params)
        have_lesson(pupil, PEER_CHANNEL, j, carry, practice, lesson, quarter, params, ledger)
