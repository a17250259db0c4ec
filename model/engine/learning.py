"""Event 6: each firm attends to one kind of upgrading and meets its sources of knowledge."""

from __future__ import annotations

from model.compiler import engine, piece
from model.draws import (
    ACROSS,
    ATTENTION,
    COMMUNITY,
    FAIR,
    FORGET,
    HEAR,
    LABOUR,
    MAKERS,
    PARENTAL,
    PEER,
    PROJECT,
    SOURCE,
    chance,
    key,
    one_of_growing,
)
from model.engine.ahead import MANY, ask_for_neighbours
from model.engine.chains import guarded_and_shared
from model.engine.ledger import book
from model.engine.lesson import AttendingFirm, cost_of_lesson, have_lesson
from model.theory.absorption import absorptive_capacity, within_reach
from model.theory.appropriability import openness
from model.theory.attention import attend
from model.theory.awareness import hear_at_fair, hear_from_chain
from model.theory.complementarity import carry_of_own_practice, engaged, took_part
from model.theory.external_economies import hires, meets_maker
from model.theory.grants import SELLERS, own_part
from model.theory.guarding import freedom
from model.theory.interaction import (
    BUYER,
    ENGINEERING,
    FORGOTTEN,
    INPUTS,
    MACHINERY,
    PRACTICE,
    RECOMBINATION,
    USER,
    carry_of,
    meets_source,
    rate,
)
from model.theory.interaction import LABOUR as LABOUR_CHANNEL
from model.theory.interaction import PEER as PEER_CHANNEL
from model.theory.joint_action import meets_peer, trust_after
from model.theory.local_leader import horizontal
from model.theory.ownership import meets_parent
from model.theory.practices import DIMENSIONS, PRODUCT
from model.theory.pressure import together_under_pressure
from model.theory.recombination import hit_upon
from model.theory.redundancy import shown
from model.theory.road import learning_effort
from model.theory.seeking import eagerness, most_eager
from model.theory.support import collaborates
from model.theory.unlearning import lost
from model.world.found import firm_key
from model.world.tables import LESSONS, LOCAL, MEETINGS, NOBODY, PROJECTS


@engine
def learn(tables, by_firm, spending, quarter, params, ledger):
    """All firms of a run learn for one quarter: they read ``tables.old`` and write ``tables.new``, its copy.

    ``tables``: RunTables; ``by_firm``: TiesByFirm; ``spending``: (n_firms,) float64, units of account, set
    here; ``quarter``: Quarter; ``params``: record of parameters; ``ledger``: LedgerRoom.
    """
    old, new, chains = tables.old, tables.new, tables.chains
    communities, sectors = tables.communities, tables.sectors
    many = len(old) > MANY
    for i in range(len(old)):
        if many:
            ask_for_neighbours(i, old, tables.ties, by_firm)
        spending[i] = 0.0
        me, firm = old[i], new[i]
        if not me.active:
            continue
        community = communities[me.community]
        sector = sectors[community.sector]
        k = firm_key(quarter.key, me.community, me.place)
        led, partnered = guarded_and_shared(me, chains)
        _forget(i, me, firm, led, chains, k, quarter, params, ledger)
        d = attend(me, freedom(led, partnered, params), key(k, ATTENTION), params)
        firm.dimension = d
        capacity = absorptive_capacity(me, learning_effort(me, params), params)
        hear_at_fair(firm, d, community, sector, key(k, FAIR), params)
        reach = within_reach(me, d, params)
        pupil = AttendingFirm(i, me, firm, community, sector, d, reach, capacity)
        bought = _use_sources(pupil, chains, k, quarter, params, ledger)
        spending[i] += bought
        paid = tables.series[quarter.tick * len(communities) + me.community].paid
        paid[LESSONS] += bought
        firm.project = NOBODY
        if me.project != NOBODY:
            spending[i] += own_part(params)
            paid[PROJECTS] += own_part(params)
            _learn_from_project(pupil, k, quarter, params, ledger)
        _learn_from_buyers(pupil, chains, k, quarter, params, ledger)
        _learn_from_makers(pupil, k, quarter, params, ledger)
        _learn_from_parent(pupil, chains, k, quarter, params, ledger)
        copying = openness(sector, params)
        together = copying * horizontal(led, params) * together_under_pressure(me, params)
        meetings = _learn_from_peers(
            pupil, together, old, tables.ties, by_firm, k, quarter, params, ledger
        )
        for _ in range(meetings):  # one by one: a product would round in another way
            spending[i] += params.joint_action.effort
            paid[MEETINGS] += params.joint_action.effort
        _learn_from_hire(pupil, copying, old, k, quarter, params, ledger)


@engine
def asked_of(me, d, chains):
    """Mask of what the firm's buyers ask in dimension ``d``."""
    asked = 0 * me.mastered[d]
    if d > PRODUCT:
        return asked
    for c in range(len(me.contract)):
        if me.contract[c] != NOBODY:
            asked |= chains[me.contract[c]].holds[d]
    return asked


@piece
def _needed(pupil):
    """Mask of the practices within reach that the firm did not master."""
    return pupil.reach & ~pupil.me.mastered[pupil.d]


@piece
def _forget(i, me, firm, led, chains, k, quarter, params, ledger):
    """Firm ``i`` loses what it does not practise (K6); ``led``: share of sales into chains that guard."""
    for d in range(len(DIMENSIONS)):
        if me.mastered[d] == 0:
            continue
        asked = asked_of(me, d, chains)
        gone = lost(me.mastered[d], asked, led, d, key(key(k, FORGET), d), params)
        if gone:
            firm.mastered[d] &= ~gone
            book(ledger, quarter, i, me, d, gone, FORGOTTEN, NOBODY)


@piece
def _use_sources(pupil, chains, k, quarter, params, ledger):
    """Own practice and the sources of the sector table; returns what they cost, units of account."""
    me, firm, d = pupil.me, pupil.firm, pupil.d
    community, sector = pupil.community, pupil.sector
    needed = _needed(pupil)
    spent = 0.0
    for channel in range(PRACTICE, BUYER):
        source = me.aware[d] if channel == PRACTICE else sector.holds[d, channel - ENGINEERING]
        if source == 0:  # it has nothing of what the firm is after, so nobody goes there (K2)
            continue
        cost = cost_of_lesson(me, channel, sector, community, params)
        draw = key(k, SOURCE + channel)
        if chance(draw) >= meets_source(channel, me, community, sector, cost, params):
            continue
        spent += cost
        practice = shown(source, needed, draw, params)
        carry = carry_of(channel, params)
        if channel == PRACTICE:
            asked = asked_of(me, d, chains)
            carry = carry_of_own_practice(carry, me, practice, asked, quarter.tick, params)
        gained = have_lesson(pupil, channel, NOBODY, carry, practice, draw, quarter, params, ledger)
        if channel == INPUTS:
            firm.backward = trust_after(me.backward, gained != 0, community.backward, params)
        elif channel == USER:
            firm.forward = trust_after(me.forward, gained != 0, community.forward, params)
    return spent


@piece
def _learn_from_project(pupil, k, quarter, params, ledger):
    """A firm with a project has the lessons that it pays for, one after another (P1)."""
    me, firm, sector = pupil.me, pupil.firm, pupil.sector
    d = int(me.project)
    reach = within_reach(me, d, params)
    on_project = AttendingFirm(
        pupil.row, me, firm, pupil.community, sector, d, reach, pupil.capacity
    )
    for number in range(int(params.grants.visits)):
        for channel in SELLERS:
            draw = key(key(key(k, PROJECT), channel), number)
            if chance(draw) >= rate(channel, params):
                continue
            needed = _needed(on_project) & ~firm.mastered[d]
            practice = shown(sector.holds[d, channel - ENGINEERING], needed, draw, params)
            carry = carry_of(channel, params)
            have_lesson(on_project, channel, NOBODY, carry, practice, draw, quarter, params, ledger)


@piece
def _learn_from_buyers(pupil, chains, k, quarter, params, ledger):
    """Each of the firm's buyers lets it hear what it asks, and may work with it (K1, G2, I7)."""
    me, d, sector = pupil.me, pupil.d, pupil.sector
    needed = _needed(pupil)
    invested = took_part(me, quarter.tick, params)
    effort = learning_effort(me, params)
    capacity = engaged(pupil.capacity, effort, me, quarter.tick, params)
    taught = AttendingFirm(
        pupil.row, me, pupil.firm, pupil.community, sector, d, pupil.reach, capacity
    )
    for c in range(len(me.contract)):
        row = int(me.contract[c])
        if row == NOBODY:
            continue
        chain = chains[row]
        hear_from_chain(pupil.firm, d, chain, key(key(k, HEAR), row), params)
        draw = key(key(k, SOURCE + BUYER), row)
        since = quarter.tick - me.since[c]
        if chance(draw) < collaborates(me, chain, d, since, invested, sector, params):
            practice = shown(chain.holds[d], needed, draw, params)
            carry = carry_of(BUYER, params)
            have_lesson(taught, BUYER, row, carry, practice, draw, quarter, params, ledger)


@piece
def _learn_from_makers(pupil, k, quarter, params, ledger):
    """Where machines are made, their makers work with those who use them (C1)."""
    me, firm, community, d = pupil.me, pupil.firm, pupil.community, pupil.d
    source = pupil.sector.holds[d, MACHINERY - ENGINEERING]
    draw = key(k, MAKERS)
    if source == 0 or chance(draw) >= meets_maker(me, community, params):
        return
    practice = shown(source, _needed(pupil), draw, params)
    carry = carry_of(MACHINERY, params)
    gained = have_lesson(pupil, MACHINERY, NOBODY, carry, practice, draw, quarter, params, ledger)
    firm.backward = trust_after(firm.backward, gained != 0, community.backward, params)


@piece
def _learn_from_parent(pupil, chains, k, quarter, params, ledger):
    """A firm owned from abroad learns from its parent (F6)."""
    me, d = pupil.me, pupil.d
    draw = key(k, PARENTAL)
    if chance(draw) >= meets_parent(me, d, params):
        return
    parent = int(me.parent)
    plant = parent != NOBODY
    holds = chains[parent].holds[d] if plant else pupil.sector.holds[d, BUYER - ENGINEERING]
    practice = shown(holds, _needed(pupil), draw, params)
    carry = carry_of(BUYER, params)
    have_lesson(pupil, BUYER, parent, carry, practice, draw, quarter, params, ledger)


@piece
def _learn_from_peers(pupil, together, old, ties, by_firm, k, quarter, params, ledger):
    """The firm meets its neighbours on its ties (C2); returns how many it met.

    ``together``: 0-1, how far it acts jointly at all; ``old``: (n_firms,) FIRM; ``ties``: (n_ties,) TIE.
    """
    i, me, d = pupil.row, pupil.me, pupil.d
    needed = _needed(pupil)
    carry = carry_of(PEER_CHANNEL, params)
    peers_key = key(k, PEER)
    neighbours_key = key(peers_key, me.community)
    most = together * most_eager(me, 0, params)
    most_in_debt = together * most_eager(me, 1, params)
    meetings = 0
    for at in range(by_firm.first[i], by_firm.first[i + 1]):
        tie = ties[by_firm.rows[at]]
        other = int(tie.a + tie.b - i)
        peer = old[other]
        if (
            tie.kind == LOCAL
        ):  # a neighbour's row, far away in memory, is not looked at for its place
            draw = key(neighbours_key, other - pupil.community.first)
        elif peer.community == me.community:
            draw = key(neighbours_key, peer.place)
        else:
            draw = key(key(peers_key, peer.community), peer.place)
        debt = tie.owed if tie.a == i else -tie.owed
        most_openly = most_in_debt if debt > 0 else most
        if chance(draw) >= meets_peer(tie.trust, most_openly, params) or not peer.active:
            continue
        sought = together * eagerness(me, peer, debt, params)
        if chance(draw) >= meets_peer(tie.trust, sought, params):
            continue
        meetings += 1
        tie.met += 1
        practice = shown(peer.mastered[d], needed, draw, params)
        gained = have_lesson(
            pupil, PEER_CHANNEL, other, carry, practice, draw, quarter, params, ledger
        )
        if gained:
            tie.paid += 1
            tie.lent += 1 if tie.b == i else -1
            if peer.community != me.community:
                _recombine(pupil, gained, other, draw, quarter, params, ledger)
    return meetings


@piece
def _recombine(pupil, gained, other, draw, quarter, params, ledger):
    """What came from another community may bring the firm upon something else (K5)."""
    me, firm, d = pupil.me, pupil.firm, pupil.d
    besides = hit_upon(me, d, pupil.reach & ~gained, key(draw, ACROSS), params)
    new = besides & ~firm.mastered[d]
    firm.mastered[d] |= besides
    firm.aware[d] |= besides
    book(ledger, quarter, pupil.row, me, d, new, RECOMBINATION, other)


@piece
def _learn_from_hire(pupil, copying, old, k, quarter, params, ledger):
    """Somebody who worked at another firm of the community comes, and knows how (C1).

    ``copying``: 0-1, how far practice can be taken along (K7); ``old``: (n_firms,) FIRM.
    """
    community, d = pupil.community, pupil.d
    draw = key(k, LABOUR)
    if chance(draw) >= hires(community, copying, params):
        return
    other = community.first + one_of_growing(community.places, key(draw, COMMUNITY))
    if other == pupil.row or not old[other].active:
        return
    practice = shown(old[other].mastered[d], _needed(pupil), draw, params)
    carry = carry_of(LABOUR_CHANNEL, params)
    have_lesson(pupil, LABOUR_CHANNEL, other, carry, practice, draw, quarter, params, ledger)
