"""Event 11: tallies of the state of each community, from which all measures are computed.

Sums run in the order of the rows, so that they are the same on any machine.
"""

from __future__ import annotations

from model.compiler import count, engine
from model.engine.trading import sold
from model.theory.access import ASSOCIATION
from model.theory.board import budget
from model.theory.employment import delivered, output_of_worker
from model.theory.joint_action import meetings_of_full_circle
from model.theory.practices import DIMENSIONS, PER_RUNG, PROCESS, PRODUCT, RUNGS, on_rung, position
from model.theory.road import HIGH
from model.theory.selection import public_contact
from model.theory.value_added import GLOBAL, large_firm, made, paid
from model.world.tables import LAST_OF_SIZE, NOBODY

_STANDING = PER_RUNG // 2  # a firm stands on a rung when it masters half of it and of those below
_BASIC = 2 * PER_RUNG  # practices of rungs 1 and 2
_YEAR = 4  # quarters
_BY_STAFF = (1 << ASSOCIATION) - 1  # memberships of institutions with staff
_LOCAL = 0.1  # share of firms that makes a practice part of the local labour pool


@engine
def observe(tables, used, tallies, scratch, booked, tick, params):
    """Fill the quarter's row of the series for each community, zeroed before.

    ``tables``: RunTables, of whose ties the first ``used`` exist; ``tallies``: Tallies; ``scratch``:
    Scratch; ``booked``: (n,) LEDGER, the rows of this quarter; ``params``: record of parameters.
    """
    masters, place_of = scratch.masters, scratch.queue
    old, firms, ties, chains = tables.old, tables.new, tables.ties, tables.chains
    institutions, communities, sectors = tables.institutions, tables.communities, tables.sectors
    series = tables.series[tick * len(communities) : (tick + 1) * len(communities)]
    masters[:] = 0
    for i in range(len(firms)):
        firm = firms[i]
        _observe_turnover(old[i], firm, series[firm.community])
        place_of[i] = firm.community if firm.active else NOBODY
        if not firm.active:
            continue
        seen = series[firm.community]
        seen.firms += 1
        seen.founders += firm.born == 0
        seen.sizes[size_class(firm.workers)] += 1
        seen.served += firm.served >= 0 and tick - firm.served < _YEAR
        seen.hours += firm.hours
        mastered = 0
        for d in range(len(DIMENSIONS)):
            level = count(firm.mastered[d])
            seen.levels[d, level] += 1
            mastered += level
            for rung in range(RUNGS):
                if on_rung(firm.mastered[d], rung) < _STANDING:
                    break
                seen.rungs[d, rung] += 1
        seen.practices[mastered] += 1
        _observe_chains(firm, chains, seen)
        sector = sectors[communities[firm.community].sector]
        seen.informed += _informed(firm, sector)
        for d in range(PROCESS, PRODUCT + 1):
            basic, tally = firm.mastered[d] & ((1 << _BASIC) - 1), masters[firm.community, d]
            while basic:
                tally[position(basic & -basic)] += 1
                basic &= basic - 1
        seen.members += firm.members != 0
        seen.high_road += firm.road == HIGH
        seen.certified += firm.certified > 0.0
        seen.reached += firm.members & _BY_STAFF != 0
        seen.backward += firm.backward
        seen.forward += firm.forward
        seen.workers += firm.workers
        seen.value_added += firm.workers * firm.value_added
        sales, exports = sales_and_exports(firm, chains, sector, params)
        seen.sales += sales
        seen.exports += exports
        seen.productivity += firm.value_added
        seen.wages += firm.workers * firm.wage
        seen.resources += firm.resources
    for e in range(used):
        tie = ties[e]
        here, there = (
            place_of[tie.a],
            place_of[tie.b],
        )  # beside each other, unlike the rows of firms
        if here != NOBODY and there != NOBODY:
            a, b = series[here], series[there]
            a.ties += 1
            a.trust += tie.trust
            a.met += tie.kept
            b.ties += 1
            b.trust += tie.trust
            b.met += tie.kept
    for c in range(len(communities)):
        seen = series[c]
        for d in range(2):
            for bit in range(_BASIC):
                if masters[c, d, bit] > _LOCAL * seen.firms:
                    seen.pool += 1
        community = communities[c]
        seen.local_inputs = sectors[community.sector].local_inputs * community.local_inputs
        seen.contact = _contact(c, community, chains, params)
        seen.large_firm = large_firm(params)
        seen.full_circle = meetings_of_full_circle(params)
        seen.visits = tallies.visits[c]
        seen.places = community.founders
        seen.entries = tallies.flows[c, 0]
        seen.exits = tallies.flows[c, 1]
    _observe_costs(institutions, tables.instruments, communities, series, tallies.spent_public)
    for n in range(len(booked)):
        entry = booked[n]
        seen = series[firms[entry.firm].community]
        seen.gained[entry.dimension, entry.channel] += 1


@engine
def size_class(workers):
    """The class (of SIZES) of a firm with so many workers, rounded."""
    whole = int(workers + 0.5)
    for n in range(len(LAST_OF_SIZE)):
        if whole <= LAST_OF_SIZE[n]:
            return n
    return len(LAST_OF_SIZE)


@engine
def _observe_turnover(before, after, seen):
    """Who stayed in business, with what productivity, and who left: all that its change is split by."""
    if not before.active:
        return
    if not after.active:
        seen.left[0] += before.workers
        seen.left[1] += before.workers * before.value_added
        return
    seen.stayed += 1
    seen.stayed_before[0] += before.value_added
    seen.stayed_before[1] += before.workers
    seen.stayed_before[2] += before.workers * before.value_added
    seen.stayed_after[0] += after.value_added
    seen.stayed_after[1] += after.workers
    seen.stayed_after[2] += after.workers * after.value_added


@engine
def sales_and_exports(firm, chains, sector, params):
    """What a firm sold in a quarter, and what of it into global chains, units of account.

    At the price that the customer pays, what the chain keeps included.
    """
    quality = made(firm, params) / output_of_worker(firm, params)
    quality *= delivered(firm, sold(firm), params)
    sales = quality * firm.home * sector.home_price
    exports = 0.0
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            chain = chains[firm.contract[c]]
            value = quality * firm.order[c] * paid(chain, params)
            sales += value
            if chain.reach == GLOBAL:
                exports += value
    return sales, exports


@engine
def list_sales(firms, chains, communities, sectors, params, sales, exports):
    """Fill (n_firms,) float64 ``sales`` and ``exports`` of a quarter, units of account."""
    for i in range(len(firms)):
        sector = sectors[communities[firms[i].community].sector]
        sales[i], exports[i] = sales_and_exports(firms[i], chains, sector, params)


@engine
def _observe_chains(firm, chains, seen):
    supplied, exports = False, False
    for c in range(len(firm.contract)):
        row = firm.contract[c]
        if row == NOBODY:
            continue
        supplied = True
        exports |= chains[row].reach == GLOBAL
        if c > 0 and _same_governance(firm, chains, c):
            continue
        seen.suppliers[chains[row].governance] += 1
    seen.in_chain += supplied
    seen.exporters += exports


@engine
def _same_governance(firm, chains, c):
    for earlier in range(c):
        row = firm.contract[earlier]
        if row != NOBODY and chains[row].governance == chains[firm.contract[c]].governance:
            return True
    return False


@engine
def _contact(c, community, chains, params):
    """Chance that a firm of the community meets at least one of its buyers in a year."""
    nobody = 1.0
    for row in range(len(chains)):
        if chains[row].communities[c]:
            nobody *= 1.0 - public_contact(community, chains[row], params)
    return 1.0 - nobody


@engine
def _informed(firm, sector):
    """Share of the trade's basic process and product practices that the firm knows of."""
    known, heard = 0, 0
    basic = (1 << _BASIC) - 1
    for d in range(PROCESS, PRODUCT + 1):
        known += count(sector.known[d] & basic)
        heard += count((firm.aware[d] | firm.mastered[d]) & sector.known[d] & basic)
    if known == 0:
        return 0.0
    return heard / known


@engine
def _observe_costs(institutions, instruments, communities, series, spent_public):
    """What institutions and instruments spent, shared out over the communities that they serve."""
    for row in range(len(institutions)):
        institution = institutions[row]
        others = institution.spent - spent_public[row]
        brought = budget(institution) - institution.budget
        donor = others * institution.donor / brought if brought > 0.0 else 0.0
        _charge(institution.reach, spent_public[row], 0, donor, others - donor, communities, series)
    for row in range(len(instruments)):
        instrument = instruments[row]
        _charge(
            instrument.communities,
            instrument.spent,
            1 + instrument.kind,
            0.0,
            0.0,
            communities,
            series,
        )


@engine
def _charge(reach, public, kind, donor, private, communities, series):
    """``reach``: (COMMUNITIES,) of 0 and 1; ``kind``: 0 for institutions, else 1 + the instrument."""
    places = 0
    for c in range(len(communities)):
        if reach[c]:
            places += communities[c].places
    for c in range(len(communities)):
        if reach[c]:
            share = communities[c].places / places
            series[c].public_cost += share * public
            series[c].public_by[kind] += share * public
            series[c].donor_cost += share * donor
            series[c].private_cost += share * private
