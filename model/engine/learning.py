"""Event 6: each firm attends to one kind of upgrading and meets its sources of knowledge."""

from __future__ import annotations

from model.compiler import engine
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
from model.engine.chains import guarded_and_shared
from model.engine.ledger import book
from model.theory.absorption import absorptive_capacity, within_reach
from model.theory.appropriability import openness
from model.theory.attention import attend
from model.theory.awareness import hear_at_fair, hear_from_chain
from model.theory.complementarity import carry_of_own_practice, engaged, took_part
from model.theory.external_economies import hires, local_price, meets_maker
from model.theory.favour import collaborates
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
    take_up,
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
from model.theory.seeking import eagerness
from model.theory.unlearning import lost
from model.world.found import firm_key
from model.world.tables import NOBODY


@engine
def _learn_from_project(firm, me, k, capacity, sector, params, ledger, booked, run, tick, i):
    """A firm with a project has the lessons that it pays for, one after another (P1).

    ``me``, ``firm``: FIRM records, as it was and as it becomes; ``capacity``: 0-1. Returns the rows of
    the ledger used so far.
    """
    d = me.project
    reach = within_reach(me, d, params)
    for number in range(int(params.grants.visits)):
        for channel in SELLERS:
            draw = key(key(key(k, PROJECT), channel), number)
            if chance(draw) >= rate(channel, params):
                continue
            source = sector.holds[d, channel - ENGINEERING]
            needed = reach & ~(me.mastered[d] | firm.mastered[d])
            practice = shown(source, needed, draw, params)
            carry = carry_of(channel, params)
            gained = take_up(
                firm, me, channel, carry, d, practice, reach, capacity, sector, draw, params
            )
            if gained:
                booked = book(ledger, booked, run, tick, i, me, d, gained, channel, NOBODY)
    return booked


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


@engine
def learn(
    old, new, ties, first, tie_of, communities, sectors, chains, params, tick_key,
    spending, ledger, booked, run, tick,
):  # fmt: skip
    """All firms of a run learn for one quarter: read ``old``, write ``new``, its copy.

    ``old``, ``new``: (n_firms,) FIRM; ``ties``: (n_ties,) TIE; ``first``: (n_firms + 1,) and
    ``tie_of``: (2 n_ties,) int64, the ties of each firm; ``communities``, ``sectors``, ``chains``:
    tables of those records; ``spending``: (n_firms,) float64, units of account, set here; ``ledger``:
    (room,) LEDGER, of which ``booked`` rows are used. Returns the rows used so far.
    """
    for i in range(len(old)):
        spending[i] = 0.0
        me, firm = old[i], new[i]
        if not me.active:
            continue
        community = communities[me.community]
        sector = sectors[community.sector]
        k = firm_key(tick_key, me.community, me.place)
        led, partnered = guarded_and_shared(me, chains)
        for d in range(len(DIMENSIONS)):
            asked = asked_of(me, d, chains)
            gone = lost(me.mastered[d], asked, led, d, key(key(k, FORGET), d), params)
            if gone:
                firm.mastered[d] &= ~gone
                booked = book(ledger, booked, run, tick, i, me, d, gone, FORGOTTEN, NOBODY)

        d = attend(me, freedom(led, partnered, params), key(k, ATTENTION), params)
        firm.dimension = d
        reach = within_reach(me, d, params)
        needed = reach & ~me.mastered[d]
        effort = learning_effort(me, params)
        capacity = absorptive_capacity(me, effort, params)
        hear_at_fair(firm, d, community, sector, key(k, FAIR), params)

        for channel in range(PRACTICE, BUYER):
            source = me.aware[d] if channel == PRACTICE else sector.holds[d, channel - ENGINEERING]
            cost = local_price(channel, sector, community, params)
            draw = key(k, SOURCE + channel)
            if chance(draw) >= meets_source(channel, me, community, sector, cost, params):
                continue
            spending[i] += cost
            practice = shown(source, needed, draw, params)
            carry = carry_of(channel, params)
            if channel == PRACTICE:
                asked = asked_of(me, d, chains)
                carry = carry_of_own_practice(carry, me, practice, asked, tick, params)
            gained = take_up(
                firm, me, channel, carry, d, practice, reach, capacity, sector, draw, params
            )
            if gained:
                booked = book(ledger, booked, run, tick, i, me, d, gained, channel, NOBODY)
            if channel == INPUTS:
                firm.backward = trust_after(me.backward, gained != 0, community.backward, params)
            elif channel == USER:
                firm.forward = trust_after(me.forward, gained != 0, community.forward, params)

        firm.project = NOBODY
        if me.project != NOBODY:
            spending[i] += own_part(params)
            booked = _learn_from_project(
                firm, me, k, capacity, sector, params, ledger, booked, run, tick, i
            )

        invested = took_part(me, tick, params)
        for c in range(len(me.contract)):
            row = me.contract[c]
            if row == NOBODY:
                continue
            chain = chains[row]
            hear_from_chain(firm, d, chain, key(key(k, HEAR), row), params)
            draw = key(key(k, SOURCE + BUYER), row)
            stage = tick - me.since[c]
            if chance(draw) < collaborates(me, chain, d, stage, invested, sector, params):
                practice = shown(chain.holds[d], needed, draw, params)
                gained = take_up(
                    firm,
                    me,
                    BUYER,
                    carry_of(BUYER, params),
                    d,
                    practice,
                    reach,
                    engaged(capacity, effort, me, tick, params),
                    sector,
                    draw,
                    params,
                )
                if gained:
                    booked = book(ledger, booked, run, tick, i, me, d, gained, BUYER, row)

        draw = key(k, MAKERS)
        if chance(draw) < meets_maker(me, community, params):
            practice = shown(sector.holds[d, MACHINERY - ENGINEERING], needed, draw, params)
            gained = take_up(
                firm,
                me,
                MACHINERY,
                carry_of(MACHINERY, params),
                d,
                practice,
                reach,
                capacity,
                sector,
                draw,
                params,
            )
            if gained:
                booked = book(ledger, booked, run, tick, i, me, d, gained, MACHINERY, NOBODY)
            firm.backward = trust_after(firm.backward, gained != 0, community.backward, params)

        draw = key(k, PARENTAL)
        if chance(draw) < meets_parent(me, d, params):
            plant = me.parent != NOBODY
            holds = chains[me.parent].holds[d] if plant else sector.holds[d, BUYER - ENGINEERING]
            practice = shown(holds, needed, draw, params)
            gained = take_up(
                firm,
                me,
                BUYER,
                carry_of(BUYER, params),
                d,
                practice,
                reach,
                capacity,
                sector,
                draw,
                params,
            )
            if gained:
                booked = book(ledger, booked, run, tick, i, me, d, gained, BUYER, me.parent)

        copying = openness(sector, params)
        together = copying * horizontal(led, params) * together_under_pressure(me, params)
        peers_key = key(k, PEER)
        neighbours_key = key(peers_key, me.community)
        for e in range(first[i], first[i + 1]):
            tie = ties[tie_of[e]]
            other = tie.a + tie.b - i
            peer = old[other]
            if not peer.active:
                continue
            if peer.community == me.community:
                draw = key(neighbours_key, peer.place)
            else:
                draw = key(key(peers_key, peer.community), peer.place)
            debt = tie.owed if tie.a == i else -tie.owed
            sought = together * eagerness(me, peer, debt, params)
            if chance(draw) >= meets_peer(tie.trust, sought, params):
                continue
            spending[i] += params.joint_action.effort
            tie.met += 1
            practice = shown(peer.mastered[d], needed, draw, params)
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
                draw,
                params,
            )
            if gained:
                tie.paid += 1
                tie.lent += 1 if tie.b == i else -1
                booked = book(ledger, booked, run, tick, i, me, d, gained, PEER_CHANNEL, other)
                if peer.community != me.community:
                    besides = hit_upon(me, d, reach & ~gained, key(draw, ACROSS), params)
                    gained = besides & ~firm.mastered[d]
                    firm.mastered[d] |= besides
                    firm.aware[d] |= besides
                    booked = book(ledger, booked, run, tick, i, me, d, gained, RECOMBINATION, other)

        draw = key(k, LABOUR)
        if chance(draw) < hires(community, copying, params):
            other = community.first + one_of_growing(community.places, key(draw, COMMUNITY))
            if other != i and old[other].active:
                practice = shown(old[other].mastered[d], needed, draw, params)
                gained = take_up(
                    firm,
                    me,
                    LABOUR_CHANNEL,
                    carry_of(LABOUR_CHANNEL, params),
                    d,
                    practice,
                    reach,
                    capacity,
                    sector,
                    draw,
                    params,
                )
                if gained:
                    booked = book(
                        ledger, booked, run, tick, i, me, d, gained, LABOUR_CHANNEL, other
                    )
    return booked
