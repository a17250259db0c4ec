"""Events 4 and 8 to 10: roads, trust after joint action, earnings, exit and entry (F1-F4, C2)."""

from __future__ import annotations

from model.compiler import count, engine
from model.draws import BIRTH, ENTRY, LUCK, PARENT, SIZE, SPIN_OFF, chance, key, one_of_growing
from model.engine.ledger import book
from model.theory.access import ASSOCIATION, owes_fee
from model.theory.certification import certificate_after
from model.theory.interaction import INHERITANCE, START
from model.theory.joint_action import trust_after, trust_unused
from model.theory.practices import DIMENSIONS
from model.theory.resources import closes, found, inherit, luck, margin, resources_after
from model.theory.road import choose_road, progress_after, wage_kept
from model.theory.value_added import made, outlet
from model.theory.wages import wage_after
from model.world.found import firm_key, open_business, size
from model.world.tables import FEES, NOBODY


@engine
def settle_trust(ties, used, params):
    """Trust of every tie grows where meetings paid and else sinks back, in disuse too."""
    for e in range(used):
        tie = ties[e]
        if tie.met == 0:
            tie.trust = trust_unused(tie.trust, tie.usual, params)
        for meeting in range(tie.met):
            tie.trust = trust_after(tie.trust, meeting < tie.paid, tie.usual, params)
        tie.owed += tie.lent
        tie.lent = 0
        tie.kept = tie.met
        tie.met = 0
        tie.paid = 0


@engine
def mean_price(firm, home_price, chains, params):
    """What one unit is worth over the firm's outlets, weighted by what it sells there."""
    total, amount = home_price * firm.home, firm.home
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            total += firm.order[c] * outlet(firm, chains[firm.contract[c]], params)
            amount += firm.order[c]
    if amount <= 0.0:
        return 0.0
    return total / amount


@engine
def choose_roads(firms, params):
    """Once a year every owner decides whether learning pays (F1)."""
    for i in range(len(firms)):
        firms[i].road = choose_road(firms[i], params)


@engine
def _gained(me, firm):
    """Practices mastered this quarter that the firm did not master before."""
    gained = 0
    for d in range(len(DIMENSIONS)):
        gained += count(firm.mastered[d] & ~me.mastered[d])
    return gained


@engine
def earn(tables, spending, quarter, params):
    """Firms earn, pay wages and fees and keep a part, and record their progress.

    Institutions that are open collect the fees; certificates lapse. ``tables``: RunTables; ``spending``:
    (n_firms,) float64, units of account, to which fees are added; ``quarter``: Quarter; ``params``: record
    of parameters.
    """
    old, firms, institutions = tables.old, tables.new, tables.institutions
    at = quarter.tick * len(tables.communities)  # where this quarter's rows of the series begin
    for row in range(len(institutions)):
        institutions[row].fees = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.active:
            continue
        firm.progress = progress_after(firm.progress, _gained(old[i], firm), params)
        firm.certified = certificate_after(firm)
        sector = tables.sectors[tables.communities[firm.community].sector]
        price = mean_price(firm, sector.home_price, tables.chains, params)
        firm.value_added = made(firm, params) * price * firm.in_use
        draw = key(firm_key(quarter.key, firm.community, firm.place), LUCK)
        left = margin(firm.value_added * luck(draw, params), firm.wage, params)
        memberships = firm.members
        while memberships:
            row = _institution_of(memberships, firm, len(institutions), len(tables.communities))
            memberships &= memberships - 1
            fee = owes_fee(firm, institutions[row], quarter.tick)
            institutions[row].fees += fee
            spending[i] += fee
            tables.series[at + firm.community].paid[FEES] += fee
        firm.resources = resources_after(firm.resources, left, spending[i], params)
        firm.distress = firm.distress + 1 if left < 0.0 and firm.resources <= 0.0 else 0
        firm.wage = wage_after(firm.wage, firm.value_added, wage_kept(firm, params), params)


@engine
def _institution_of(memberships, firm, n_institutions, n_communities):
    """Row of the first institution of a firm's memberships; associations stand behind the others."""
    bit = count((memberships & -memberships) - 1)
    return n_institutions - n_communities + firm.community if bit == ASSOCIATION else bit


@engine
def _close(firm, chains, institutions, n_communities):
    """A firm leaves business and with it its chains and institutions."""
    firm.active = 0
    while firm.members:
        row = _institution_of(firm.members, firm, len(institutions), n_communities)
        institutions[row].count -= 1
        firm.members &= firm.members - 1
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            chains[firm.contract[c]].suppliers -= 1
            firm.contract[c] = NOBODY
            firm.order[c] = 0.0
    firm.home = 0.0


@engine
def enter_and_exit(tables, by_firm, flows, quarter, params, ledger):
    """Vacant places are taken, and firms long in distress close.

    Who enters starts with the neighbours of the place, at the trust that is usual among them.
    An entrant's practice is booked as inherited from its parent or as a founder's start. ``tables``:
    RunTables; ``by_firm``: TiesByFirm; ``flows``: (n_communities, 2) int64, entries and exits, added to;
    ``quarter``: Quarter; ``params``: record of parameters; ``ledger``: LedgerRoom.
    """
    old, new, ties, communities = tables.old, tables.new, tables.ties, tables.communities
    for i in range(len(new)):
        firm = new[i]
        if firm.active:
            if closes(firm, params):
                _close(firm, tables.chains, tables.institutions, len(communities))
                flows[firm.community, 1] += 1
            continue
        k = firm_key(quarter.key, firm.community, firm.place)
        if chance(key(k, ENTRY)) >= params.resources.entry:
            continue
        community = communities[firm.community]
        other = community.first + one_of_growing(community.places, key(k, PARENT))
        parent = old[other]
        if parent.active and chance(key(k, SPIN_OFF)) < params.resources.spin_off:
            channel = INHERITANCE
            inherit(firm, parent, key(k, BIRTH), params)
        else:
            channel, other = START, NOBODY
            found(firm, community, tables.sectors[community.sector], key(k, BIRTH))
        firm.born = quarter.tick + 1
        firm.workers = max(1.0, params.resources.small * size(community, key(k, SIZE)))
        open_business(firm, community, params)
        flows[firm.community, 0] += 1
        for at in range(by_firm.first[i], by_firm.first[i + 1]):
            tie = ties[by_firm.rows[at]]
            tie.trust = tie.usual
            tie.owed = 0
        for d in range(len(DIMENSIONS)):
            book(ledger, quarter, i, firm, d, firm.mastered[d], channel, other)
