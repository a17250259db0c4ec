"""Founding: what the sources of a sector hold, and with what a firm starts."""

from __future__ import annotations

from model.compiler import engine
from model.draws import (
    BIRTH,
    CHAIN,
    COMMUNITY,
    INSTITUTION,
    JOIN,
    LARGE,
    OWNED,
    REPERTOIRE,
    SECTOR,
    SIZE,
    chance,
    key,
)
from model.theory.access import ASSOCIATION
from model.theory.employment import output_of_worker
from model.theory.interaction import BUYER, ENGINEERING
from model.theory.ownership import FOREIGN, large_density
from model.theory.ownership import LOCAL as LOCAL_OWNED
from model.theory.practices import DIMENSIONS, PER_RUNG, PRACTICES, PRODUCT
from model.theory.resources import found
from model.theory.road import HIGH
from model.theory.value_added import made
from model.theory.wages import wage_target
from model.world.tables import NOBODY

NOT_YET = -1_000_000  # a tick long before any
_BASIC = 2 * PER_RUNG  # practices of rungs 1 and 2


@engine
def firm_key(parent, community, place):
    """The key of a firm's draws, under a quarter's key or under that of world building."""
    return key(key(key(parent, COMMUNITY), community), place)


@engine
def draw_holdings(sectors, shares, world_key):
    """Draw which practices each source holds; shares: (n_sectors, 4, n_sources) of all practices.

    The draws belong to seed, replicate and sector, so that policies share them.
    """
    for s in range(len(sectors)):
        sector = sectors[s]
        sector_key = key(key(world_key, SECTOR), s)
        for d in range(len(DIMENSIONS)):
            sector.known[d] = 0
            for source in range(shares.shape[2]):
                mask = 0 * sector.known[d]
                source_key = key(key(sector_key, d), source)
                for bit in range(PRACTICES):
                    if chance(key(source_key, bit)) < shares[s, d, source]:
                        mask |= 1 << bit
                sector.holds[d, source] = mask
                sector.own[d, source] = mask
                sector.known[d] |= mask


@engine
def draw_repertoires(communities, world_key):
    """Draw which practices of its trade a community knows at the start."""
    for c in range(len(communities)):
        community = communities[c]
        community_key = key(key(world_key, COMMUNITY), c)
        for d in range(len(DIMENSIONS)):
            mask = 0 * community.repertoire[d]
            for bit in range(PRACTICES):
                draw = key(community_key, REPERTOIRE + PRACTICES * d + bit)
                if chance(draw) < community.repertoire_share:
                    mask |= 1 << bit
            community.repertoire[d] = mask


@engine
def draw_expertise(institutions, communities, sectors, trained, world_key):
    """Draw what the staff of each institution know from elsewhere; trained: (n_institutions,) share.

    Rungs 1 and 2 of what some source of the trade holds.
    """
    for row in range(len(institutions)):
        institution = institutions[row]
        known = sectors[communities[institution.home].sector].known
        own_key = key(key(world_key, INSTITUTION), row)
        for d in range(len(DIMENSIONS)):
            mask = 0 * institution.expertise[d]
            for bit in range(_BASIC):
                if chance(key(key(own_key, d), bit)) < trained[row]:
                    mask |= 1 << bit
            institution.expertise[d] = mask & known[d]


@engine
def first_of(reached):
    """The first community in which a chain buys; ``reached``: (COMMUNITIES,) of 0 and 1."""
    for c in range(len(reached)):
        if reached[c]:
            return c
    return NOBODY


@engine
def draw_standards(chains, communities, sectors, shares, world_key):
    """What each lead firm asks and knows: what buyers of the trade hold, but for the part that is its own.

    A share ``particular`` of the practices is drawn anew for it, with the buyers' share of the trade;
    ``shares`` as for ``draw_holdings``.
    """
    for row in range(len(chains)):
        chain = chains[row]
        s = communities[first_of(chain.communities)].sector
        own_key = key(key(world_key, CHAIN), row)
        for d in range(len(DIMENSIONS)):
            mask = sectors[s].holds[d, BUYER - ENGINEERING]
            for bit in range(PRACTICES):
                draw = key(key(own_key, d), bit)
                if chance(draw) < chain.particular:
                    mask &= ~(1 << bit)
                    if chance(key(draw, BUYER)) < shares[s, d, BUYER - ENGINEERING]:
                        mask |= 1 << bit
            chain.holds[d] = mask


@engine
def draw_knowledge(communities, sectors, institutions, chains, shares, trained, world_key):
    """All of the above for one run: one call, since each call from Python is compiled and kept by itself."""
    draw_holdings(sectors, shares, world_key)
    draw_repertoires(communities, world_key)
    draw_expertise(institutions, communities, sectors, trained, world_key)
    draw_standards(chains, communities, sectors, shares, world_key)


@engine
def open_business(firm, community, params):
    """What every new firm has in common, founder, spin-off or newcomer; mastery is set before."""
    firm.active = 1
    firm.ownership = LOCAL_OWNED
    firm.parent = NOBODY
    firm.distress = 0
    firm.dimension = 0
    firm.project = NOBODY
    firm.promoted = 0
    firm.members = 0
    firm.programmes = 0
    firm.hours = 0.0
    firm.served = NOT_YET
    firm.pressed = 0.0
    firm.certified = 0.0
    firm.progress = params.road.confidence
    firm.road = HIGH
    for c in range(len(firm.contract)):
        firm.contract[c] = NOBODY
        firm.order[c] = 0.0
        firm.since[c] = 0
    firm.home = firm.workers * output_of_worker(firm, params)
    firm.in_use = 1.0
    firm.resources = params.resources.endowment
    firm.backward = community.backward
    firm.forward = community.forward
    firm.value_added = made(firm, params)
    firm.wage = wage_target(firm.value_added, 1.0, params)


@engine
def size(community, draw):
    """Workers of a firm that opens in a community; many more small firms than large ones.

    Three times the square of a uniform number has mean 1.
    """
    u = chance(draw)
    return max(1.0, community.workers * 3.0 * u * u)


@engine
def _equip(firm, community, draw):
    """A large firm has its workers, and masters rungs of process and product beside a founder's start."""
    firm.workers = community.large_workers
    for d in range(PRODUCT + 1):
        mask = firm.mastered[d]
        for bit in range(PRACTICES):
            if chance(key(draw, LARGE + PRACTICES * d + bit)) < large_density(
                community.large_capability, bit
            ):
                mask |= 1 << bit
        firm.mastered[d] = mask
        firm.aware[d] |= mask


@engine
def _leave_vacant(firm):
    """Nobody is at a place yet."""
    firm.active = 0
    firm.born = NOT_YET
    firm.served = NOT_YET
    firm.project = NOBODY
    for c in range(len(firm.contract)):
        firm.contract[c] = NOBODY


@engine
def found_all(firms, communities, sectors, world_key, params):
    """Fill every place with a founder, but for those that are room for more firms."""
    for i in range(len(firms)):
        firm = firms[i]
        community = communities[firm.community]
        if firm.place >= community.founders:
            _leave_vacant(firm)
            continue
        k = firm_key(world_key, firm.community, firm.place)
        found(firm, community, sectors[community.sector], key(k, BIRTH))
        firm.workers = size(community, key(k, SIZE))
        ownership, parent = firm.ownership, firm.parent
        abroad = community.foreign
        if firm.place >= community.small:
            _equip(firm, community, key(k, BIRTH))
            abroad = community.large_foreign
        if ownership == LOCAL_OWNED and chance(key(k, OWNED)) < abroad:
            ownership = FOREIGN
        open_business(firm, community, params)
        firm.ownership, firm.parent = ownership, parent


@engine
def associate_all(firms, associated, world_key):
    """Enrol firms in their local association; ``associated``: (n_communities,) share of firms."""
    for i in range(len(firms)):
        firm = firms[i]
        k = key(firm_key(world_key, firm.community, firm.place), JOIN)
        if firm.active and chance(k) < associated[firm.community]:
            firm.members |= 1 << ASSOCIATION
