"""Event 3: lead firms review their chains, drop and take suppliers (G1, G3-G5). Once a year."""

from __future__ import annotations

from model.compiler import count, engine
from model.draws import CHAIN, CONTACT, PUNISH, SHIFT, chance, key
from model.engine.queue import let_in
from model.theory.demand import displaced, new_suppliers, order_kept, too_small
from model.theory.governance_shift import next_governance
from model.theory.guarding import guards, punishes, shares_functions
from model.theory.practices import FUNCTIONAL, PRACTICES, PROCESS, PRODUCT, capability, score
from model.theory.selection import contact, falls_behind, is_eligible
from model.theory.several_chains import most_contracts
from model.theory.support import favoured_number
from model.world.found import firm_key, first_of
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
def over_standard(firms, chain, params, marks):
    """Mark with 1 the firms in business that meet the lead firm's entry standard, all others with 0.

    ``firms``: (n,) FIRM; ``chain``: CHAIN; ``params``: record of parameters; ``marks``: (n,) int64, set here.
    """
    for i in range(len(firms)):
        marks[i] = firms[i].active == 1 and is_eligible(firms[i], chain, params)


@engine
def free_contract(firm, params):
    """The first free place for a contract of a firm, or NOBODY; a firm holds so many at most."""
    free, held = NOBODY, 0
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            held += 1
        elif free == NOBODY:
            free = c
    return free if held < most_contracts(params) else NOBODY


@engine
def review(tables, sums, quarter, params):
    """Leaders reconsider governance by what their suppliers master (G5).

    ``tables``: RunTables; ``sums``: (n_chains, 2) float64 scratch for capability and functional score of the
    suppliers; ``quarter``: Quarter; ``params``: record of parameters.
    """
    firms, chains = tables.new, tables.chains
    sums[:] = 0.0
    for row in range(len(chains)):
        chains[row].suppliers = 0
    for i in range(len(firms)):
        firm = firms[i]
        for c in range(len(firm.contract)):
            row = firm.contract[c]
            if row != NOBODY:
                chains[row].suppliers += 1
                sums[row, 0] += capability(firm)
                sums[row, 1] += score(firm.mastered[FUNCTIONAL])
    for row in range(len(chains)):
        chain = chains[row]
        if quarter.tick == 0:
            continue
        able, functional = chain.entry_standard, 0.0  # without suppliers: what it would ask of one
        if chain.suppliers > 0:
            able, functional = sums[row, 0] / chain.suppliers, sums[row, 1] / chain.suppliers
        community = tables.communities[first_of(chain.communities)]
        sector = tables.sectors[community.sector]
        draw = key(key(key(quarter.key, CHAIN), row), SHIFT)
        chain.governance = next_governance(chain, able, functional, sector, draw, params)


@engine
def end_contracts(firms, chains, tick_key, params):
    """Lead firms drop who falls behind, punish who encroaches, and put part of orders out to tender.

    A supplier whose order has shrunk to little gives it up. Counts who stays, and what is ordered.
    ``firms``: (n_firms,) FIRM; ``chains``: (n_chains,) CHAIN; ``tick_key``: uint64, of the quarter's draws.
    """
    for row in range(len(chains)):
        chains[row].suppliers = 0
        chains[row].ordered = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        for c in range(len(firm.contract)):
            row = firm.contract[c]
            if row == NOBODY:
                continue
            chain = chains[row]
            firm.order[c] = order_kept(firm.order[c], params)
            small = too_small(firm.order[c], chain.first_order, params)
            draw = key(key(firm_key(tick_key, firm.community, firm.place), PUNISH), row)
            if small or falls_behind(firm, chain, params) or punishes(firm, chain, draw, params):
                end_contract(firm, c, params)
            else:
                chain.suppliers += 1
                chain.ordered += firm.order[c]


@engine
def end_contract(firm, c, params):
    """A firm loses a customer; part of the output finds customers at home (M1)."""
    firm.home += displaced(firm.order[c], params)
    firm.contract[c] = NOBODY
    firm.order[c] = 0.0


@engine
def sign_contract(firm, row, chain, tick, params):
    """A firm takes a first order, part of it with hands that worked for the home market (M1)."""
    c = free_contract(firm, params)
    firm.contract[c] = row
    firm.order[c] = chain.first_order
    firm.since[c] = tick
    firm.home = max(0.0, firm.home - displaced(chain.first_order, params))
    chain.suppliers += 1
    chain.ordered += chain.first_order


@engine
def choose_favourites(tables, by_ability, params):
    """Set the capability from which each leader works with a supplier (G2).

    ``tables``: RunTables; ``by_ability``: (98,) int64 scratch.
    """
    firms, chains = tables.new, tables.chains
    for row in range(len(chains)):
        chain = chains[row]
        community = tables.communities[first_of(chain.communities)]
        favoured = favoured_number(chain, tables.sectors[community.sector], params)
        if favoured >= chain.suppliers:
            chain.favoured_from = 0.0
            continue
        by_ability[:] = 0
        for i in range(len(firms)):
            if supplies(firms[i], row):
                by_ability[ability(firms[i])] += 1
        level = _LEVELS
        while favoured > 0 and level > 0:
            level -= 1
            favoured -= by_ability[level]
        chain.favoured_from = level / (2.0 * PRACTICES)


@engine
def let_in_ablest(rows, places, firms, purpose, partner, tick_key, scratch):
    """Move to the front of ``rows`` the ``places`` ablest firms, by lot among equals (``let_in``).

    ``rows``: int64, 0 < places < len(rows); ``firms``: (n_firms,) FIRM; ``scratch``: Scratch.
    """
    by_ability = scratch.by_ability
    by_ability[:] = 0
    for n in range(len(rows)):
        by_ability[ability(firms[rows[n]])] += 1
    level, above = _LEVELS - 1, 0
    while above + by_ability[level] < places:
        above += by_ability[level]
        level -= 1
    front = 0
    for n in range(len(rows)):
        if ability(firms[rows[n]]) > level:
            rows[front], rows[n] = rows[n], rows[front]
            front += 1
    tied = front
    for n in range(front, len(rows)):
        if ability(firms[rows[n]]) == level:
            rows[tied], rows[n] = rows[n], rows[tied]
            tied += 1
    let_in(rows[front:tied], places - front, firms, purpose, partner, tick_key, scratch.ranks)


@engine
def take_suppliers(tables, scratch, quarter, params):
    """Each lead firm in turn takes the ablest of those it meets, until its orders are placed.

    A counting sort by ability; firms of equal ability come in the order of a draw, so that nobody is first
    by its row. ``tables``: RunTables; ``scratch``: Scratch; ``quarter``: Quarter; ``params``: record of
    parameters.
    """
    firms, communities, chains = tables.new, tables.communities, tables.chains
    order, met_firms, starts = scratch.queue, scratch.ranks, scratch.by_ability
    for row in range(len(chains)):
        chain = chains[row]
        if chain.first_order <= 0.0:
            continue
        wanted = new_suppliers(chain)
        if wanted <= 0:
            continue
        starts[:] = 0
        met = 0
        for c in range(len(communities)):
            if not chain.communities[c]:
                continue
            for i in range(communities[c].first, communities[c].first + communities[c].places):
                if _meets(firms[i], communities[c], chain, row, quarter.key, params):
                    starts[_LEVELS - ability(firms[i])] += 1
                    met_firms[met] = i
                    met += 1
        for level in range(1, _LEVELS + 1):
            starts[level] += starts[level - 1]
        for n in range(met):
            place = _LEVELS - ability(firms[met_firms[n]]) - 1
            order[starts[place]] = met_firms[n]
            starts[place] += 1
        taken = min(wanted, met)
        if 0 < taken < met:  # orders run out among firms of one ability
            place = _LEVELS - ability(firms[order[taken - 1]]) - 1
            begin = starts[place - 1] if place > 0 else 0
            among = order[begin : starts[place]]
            let_in(among, taken - begin, firms, CONTACT, row, quarter.key, scratch.ranks)
        for n in range(taken):
            sign_contract(firms[order[n]], row, chain, quarter.tick, params)


@engine
def _meets(firm, community, chain, row, tick_key, params):
    if not firm.active:
        return False
    if supplies(firm, row) or free_contract(firm, params) == NOBODY:
        return False
    if not is_eligible(firm, chain, params):
        return False
    own_key = firm_key(tick_key, firm.community, firm.place)
    if punishes(firm, chain, key(key(own_key, PUNISH), row), params):
        return False  # the contract that was ended this year is not signed again
    meets = contact(firm, community, chain, params)
    return chance(key(key(own_key, CONTACT), row)) < meets


@engine
def guarded_and_shared(firm, chains):
    """Shares (0-1) of the firm's sales into chains that guard their core, and into networks (G3)."""
    guarded = 0.0
    shared = 0.0
    amount = firm.home
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            amount += firm.order[c]
            if guards(chains[firm.contract[c]]):
                guarded += firm.order[c]
            elif shares_functions(chains[firm.contract[c]]):
                shared += firm.order[c]
    if amount <= 0.0:
        return 0.0, 0.0
    return guarded / amount, shared / amount
