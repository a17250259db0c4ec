"""Events 1: lead firms drop and take suppliers (G1, G3). Once a year."""

from __future__ import annotations

from model.compiler import count, engine
from model.draws import CONTACT, PUNISH, key
from model.engine.queue import let_in
from model.theory.guarding import guards, punishes
from model.theory.practices import PRACTICES, PROCESS, PRODUCT
from model.theory.selection import falls_behind, is_eligible, makes_contact
from model.world.found import firm_key
from model.world.tables import NOBODY

_LEVELS = 2 * PRACTICES + 1


@engine
def ability(firm):
    """Process and product practices mastered (0-96): the order in which buyers prefer suppliers."""
    return count(firm.mastered[PROCESS]) + count(firm.mastered[PRODUCT])


@engine
def supplies(firm, chain_row):
    """Whether the firm supplies this chain."""
    for c in range(len(firm.contract)):
        if firm.contract[c] == chain_row:
            return True
    return False


@engine
def free_contract(firm):
    """The first free place for a contract of a firm, or NOBODY."""
    for c in range(len(firm.contract)):
        if firm.contract[c] == NOBODY:
            return c
    return NOBODY


@engine
def end_contracts(firms, chains, tick_key, params):
    """Lead firms drop who falls behind and punish who encroaches; count who stays."""
    for row in range(len(chains)):
        chains[row].suppliers = 0
    for i in range(len(firms)):
        firm = firms[i]
        for c in range(len(firm.contract)):
            row = firm.contract[c]
            if row == NOBODY:
                continue
            chain = chains[row]
            draw = key(key(firm_key(tick_key, firm.community, firm.place), PUNISH), row)
            if falls_behind(firm, chain, params) or punishes(firm, chain, draw, params):
                firm.contract[c] = NOBODY
            else:
                chain.suppliers += 1


@engine
def take_suppliers(firms, communities, chains, tick_key, params, order, starts, draws):
    """Each lead firm in turn takes the ablest of those it meets, until its orders are placed.

    ``order``: (n_firms,) and ``starts``: (98,) int64 scratch for a counting sort by ability; firms of
    equal ability come in the order of a draw, so that nobody is first by its row. ``draws``:
    (n_firms,) int64 scratch.
    """
    for row in range(len(chains)):
        chain = chains[row]
        wanted = chain.orders - chain.suppliers
        if wanted <= 0:
            continue
        starts[:] = 0
        for i in range(len(firms)):
            if _meets(firms[i], communities, chain, row, tick_key, params):
                starts[_LEVELS - ability(firms[i])] += 1
        for level in range(1, _LEVELS + 1):
            starts[level] += starts[level - 1]
        met = starts[_LEVELS]
        for i in range(len(firms)):
            if _meets(firms[i], communities, chain, row, tick_key, params):
                place = _LEVELS - ability(firms[i]) - 1
                order[starts[place]] = i
                starts[place] += 1
        taken = min(wanted, met)
        if 0 < taken < met:  # orders run out among firms of one ability
            place = _LEVELS - ability(firms[order[taken - 1]]) - 1
            begin = starts[place - 1] if place > 0 else 0
            among = order[begin : starts[place]]
            let_in(among, taken - begin, firms, CONTACT, row, tick_key, draws)
        for n in range(taken):
            firm = firms[order[n]]
            firm.contract[free_contract(firm)] = row
            chain.suppliers += 1


@engine
def _meets(firm, communities, chain, row, tick_key, params):
    if not firm.active or not (chain.communities >> firm.community) & 1:
        return False
    if supplies(firm, row) or free_contract(firm) == NOBODY:
        return False
    if not is_eligible(firm, chain, params):
        return False
    own_key = firm_key(tick_key, firm.community, firm.place)
    if punishes(firm, chain, key(key(own_key, PUNISH), row), params):
        return False  # the contract that was ended this year is not signed again
    return makes_contact(communities[firm.community], key(key(own_key, CONTACT), row))


@engine
def guarded_share(firm, chains):
    """Share of the firm's sales that go into chains whose leader guards its core (0-1)."""
    guarded = 0
    outlets = 0
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            outlets += 1
            if guards(chains[firm.contract[c]]):
                guarded += 1
    if outlets == 0:
        return 0.0
    return guarded / outlets
