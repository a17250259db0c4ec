"""Event 2: policy instruments spend, each kind in a way of its own."""

from __future__ import annotations

from model.compiler import engine
from model.draws import BROKER, FIRM, GRANT, INSTRUMENT, RIVAL, chance, key
from model.engine.chains import let_in_ablest
from model.engine.lots import by_lot, extent_of
from model.engine.queue import let_in
from model.theory.access import CHOSEN, SELF_SELECTED
from model.theory.export_promotion import EXPORT_PROMOTION
from model.theory.grants import GRANTS, SELLERS, can_match, project, worth_it
from model.theory.joint_action import CONSORTIUM, brokered
from model.theory.road import LOW
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT, developed, useful
from model.world.tables import LOCAL, NOBODY


@engine
def spend(tables, by_firm, scratch, quarter, params):
    """Each instrument in force spends its budget of the quarter.

    ``tables``: RunTables; ``by_firm``: TiesByFirm; ``scratch``: Scratch; ``quarter``: Quarter; ``params``:
    record of parameters.
    """
    for c in range(len(tables.communities)):
        tables.communities[c].aid[:] = 0.0
    for row in range(len(tables.chains)):
        tables.chains[row].aid[:] = 0.0
    for row in range(len(tables.instruments)):
        if tables.instruments[row].kind == EXPORT_PROMOTION:
            _bring_home(tables.new)
    for row in range(len(tables.instruments)):
        instrument = tables.instruments[row]
        instrument.spent = 0.0
        if quarter.tick < instrument.first or quarter.tick > instrument.last:
            continue
        if instrument.kind == GRANTS:
            _grant(instrument, row, tables, scratch, quarter, params)
        elif instrument.kind == SUPPLIER_DEVELOPMENT:
            _develop(tables.chains, instrument, params)
        elif instrument.kind == EXPORT_PROMOTION:
            if instrument.aimed:
                _take_abroad(instrument, row, tables, scratch, quarter, params)
            else:
                _promote(tables.communities, instrument)
        elif instrument.kind == CONSORTIUM:
            _broker(instrument, row, tables, by_firm, scratch.eligible, quarter, params)


@engine
def _own_key(row, quarter):
    """The key of an instrument's draws this quarter."""
    return key(key(quarter.key, INSTRUMENT), row)


@engine
def most_lessons(instruments, n, params):
    """A bound on the lessons of all projects that are granted to ``n`` firms in a quarter."""
    firms = 0
    for row in range(len(instruments)):
        if instruments[row].kind == GRANTS and params.grants.grant > 0.0:
            firms += int(min(float(n), instruments[row].budget / params.grants.grant + 1.0))
    return min(n, firms) * len(SELLERS) * int(params.grants.visits)


@engine
def _grant(instrument, row, tables, scratch, quarter, params):
    """P1: projects for the ablest of those who can match and have a use for one."""
    firms, communities, sectors = tables.new, tables.communities, tables.sectors
    listed = scratch.queue
    grant = params.grants.grant
    if grant <= 0.0:
        return
    n = 0
    for i in range(len(firms)):
        firm = firms[i]
        if not instrument.communities[firm.community] or firm.project != NOBODY:
            continue
        if instrument.chooses == SELF_SELECTED and firm.road == LOW:
            continue
        sector = sectors[communities[firm.community].sector]
        if can_match(firm, params) and worth_it(firm, sector, params):
            listed[n] = i
            n += 1
    affordable = instrument.budget / grant + chance(key(_own_key(row, quarter), GRANT))
    granted = int(min(float(n), affordable))
    free = instrument.quota - instrument.joined
    n, granted = _within_quota(firms, listed, n, granted, free, row)
    _pick(instrument, row, listed[:n], granted, firms, scratch, quarter)
    for number in range(granted):
        firm = firms[listed[number]]
        _join(firm, instrument, row)
        firm.project = project(firm, sectors[communities[firm.community].sector], params)
    instrument.spent = granted * grant


@engine
def _pick(instrument, row, listed, places, firms, scratch, quarter):
    """Bring those of ``listed`` who get one of too few places to its front: the ablest, or by draw."""
    if not 0 < places < len(listed):
        return
    if instrument.chooses == CHOSEN:
        let_in_ablest(listed, places, firms, GRANT, row, quarter.key, scratch)
    else:
        let_in(listed, places, firms, GRANT, row, quarter.key, scratch.ranks)


@engine
def _join(firm, instrument, row):
    """A firm takes part in instrument ``row``, and counts for good among those that did."""
    if firm.active:  # a broker may come to a place that is vacant
        instrument.joined += 1 - ((firm.programmes >> row) & 1)
        firm.programmes |= 1 << row


@engine
def _within_quota(firms, listed, n, granted, free, row):
    """Who may apply when few firms may take part in all: all while there is room, else who did before.

    ``free``: places left. In the quarter in which places run out no more grants are given than there are
    places. Returns (applicants, grants); the applicants stand at the front of ``listed``.
    """
    if free >= granted:
        return n, granted
    if free > 0:
        return n, free
    front = 0
    for at in range(n):
        if (firms[listed[at]].programmes >> row) & 1:
            listed[front] = listed[at]
            front += 1
    return front, min(granted, front)


@engine
def _share_a_community(chain, instrument):
    """Whether the chain buys anywhere where the instrument applies."""
    for c in range(len(chain.communities)):
        if chain.communities[c] and instrument.communities[c]:
            return True
    return False


@engine
def _develop(chains, instrument, params):
    """P2: lead firms work with more of their suppliers."""
    suppliers = 0
    for row in range(len(chains)):
        if _share_a_community(chains[row], instrument):
            suppliers += chains[row].suppliers
    if suppliers == 0:
        return
    for row in range(len(chains)):
        chain = chains[row]
        if _share_a_community(chain, instrument) and chain.suppliers > 0:
            money = useful(instrument.budget * chain.suppliers / suppliers, chain.suppliers, params)
            chain.aid[SUPPLIER_DEVELOPMENT] += developed(money, chain.suppliers, params)
            instrument.spent += money


@engine
def _promote(communities, instrument):
    """P3: money for fairs and missions, shared out over places."""
    places = 0
    for c in range(len(communities)):
        if instrument.communities[c]:
            places += communities[c].places
    for c in range(len(communities)):
        if instrument.communities[c]:
            money = instrument.budget * communities[c].places / places
            communities[c].aid[EXPORT_PROMOTION] += money
    instrument.spent = instrument.budget


@engine
def _bring_home(firms):
    """Nobody is taken abroad until a programme of this quarter says so."""
    for i in range(len(firms)):
        firms[i].promoted = 0


@engine
def _take_abroad(instrument, row, tables, scratch, quarter, params):
    """P3: full programmes for those who took part before, and while there is room and money for others."""
    firms, listed = tables.new, scratch.queue
    cost = params.export_promotion.cost
    affordable = int(instrument.budget / cost + chance(key(_own_key(row, quarter), GRANT)))
    served = 0
    for newcomers in range(2):
        n = 0
        for i in range(len(firms)):
            firm = firms[i]
            if not firm.active or not instrument.communities[firm.community]:
                continue
            took_part = (firm.programmes >> row) & 1
            unwilling = instrument.chooses == SELF_SELECTED and firm.road == LOW
            if took_part == 1 - newcomers and not unwilling:
                listed[n] = i
                n += 1
        places = min(n, affordable - served)
        if newcomers:
            places = max(0, min(places, instrument.quota - instrument.joined))
        _pick(instrument, row, listed[:n], places, firms, scratch, quarter)
        for number in range(places):
            firm = firms[listed[number]]
            _join(firm, instrument, row)
            firm.promoted = 1
        served += places
    instrument.spent = served * cost


@engine
def _broker(instrument, row, tables, by_firm, has_neighbour, quarter, params):
    """C2: brokers raise trust between neighbours.

    ``has_neighbour``: (n_firms,) int8 scratch, 1 for firms with a tie in their community.
    """
    firms, ties, communities = tables.new, tables.ties, tables.communities
    n = 0
    for i in range(len(firms)):
        active = instrument.communities[firms[i].community] and firms[i].active
        has_neighbour[i] = active and _is_local(by_firm.first[i], i, ties, by_firm)
        n += has_neighbour[i]
    if n == 0:
        return
    extent = extent_of(instrument.communities, communities)
    own_key = _own_key(row, quarter)
    cost = params.joint_action.broker
    for number in range(int(instrument.budget / cost + chance(key(own_key, BROKER)))):
        draw = key(key(own_key, BROKER), number)
        own_draw = key(draw, FIRM)
        i = by_lot(has_neighbour, n, communities, instrument.communities, extent, NOBODY, own_draw)
        tie = ties[_neighbour_by_lot(i, firms, ties, by_firm, key(draw, RIVAL))]
        tie.trust = brokered(tie.trust, params)
        _join(firms[tie.a], instrument, row)
        _join(firms[tie.b], instrument, row)
        instrument.spent += cost


@engine
def _neighbour_by_lot(i, firms, ties, by_firm, draw):
    """Row of the tie of firm ``i`` to one of its neighbours: who draws the lowest number.

    The ties of a firm within its community stand before its others.
    """
    at = by_firm.first[i]
    chosen = by_firm.rows[at]
    lowest = 1.0
    while _is_local(at, i, ties, by_firm):
        tie = ties[by_firm.rows[at]]
        drawn = chance(key(draw, firms[tie.a + tie.b - i].place))
        if drawn < lowest:
            chosen, lowest = by_firm.rows[at], drawn
        at += 1
    return chosen


@engine
def _is_local(at, i, ties, by_firm):
    """Whether a place in the list of ties holds one of firm ``i`` within its community."""
    return at < by_firm.first[i + 1] and ties[by_firm.rows[at]].kind == LOCAL
