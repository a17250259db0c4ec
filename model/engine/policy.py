"""Event 2: policy instruments spend (P1-P4)."""

from __future__ import annotations

from model.compiler import engine
from model.draws import BROKER, FIRM, GRANT, INSTRUMENT, RIVAL, chance, key
from model.engine.chains import let_in_ablest
from model.engine.lots import by_lot
from model.engine.queue import let_in
from model.theory.access import CHOSEN, SELF_SELECTED
from model.theory.consortium import brokered
from model.theory.grants import SELLERS, can_match, project, worth_it
from model.theory.instruments import (
    CONSORTIUM,
    EXPORT_PROMOTION,
    GRANTS,
    SUPPLIER_DEVELOPMENT,
)
from model.theory.road import LOW
from model.theory.supplier_development import developed, useful
from model.world.tables import LOCAL, NOBODY


@engine
def spend(
    firms, ties, first, tie_of, chains, communities, sectors, instruments, params, tick_key, tick,
    listed, starts, draws,
):  # fmt: skip
    """Each instrument in force spends its budget of the quarter.

    ``firms``: (n_firms,) FIRM; ``ties``: (n_ties,) TIE, those of firm i at
    ``tie_of[first[i] : first[i + 1]]``; ``listed`` and ``draws``: (n_firms,), ``starts``:
    (2 * 48 + 2,) int64 scratch.
    """
    for c in range(len(communities)):
        communities[c].promotion = 0.0
    for row in range(len(chains)):
        chains[row].developed = 0.0
    for row in range(len(instruments)):
        instrument = instruments[row]
        instrument.spent = 0.0
        if tick < instrument.first or tick > instrument.last:
            continue
        own_key = key(key(tick_key, INSTRUMENT), row)
        if instrument.kind == GRANTS:
            _grant(
                firms, communities, sectors, instrument, row, params, tick_key, own_key, listed,
                starts, draws,
            )  # fmt: skip
        elif instrument.kind == SUPPLIER_DEVELOPMENT:
            _develop(chains, instrument, params)
        elif instrument.kind == EXPORT_PROMOTION:
            _promote(communities, instrument)
        elif instrument.kind == CONSORTIUM:
            _broker(
                firms, communities, ties, first, tie_of, instrument, row, params, own_key, listed
            )


@engine
def most_lessons(instruments, n, params):
    """A bound on the lessons of all projects that are granted to ``n`` firms in a quarter."""
    firms = 0
    for row in range(len(instruments)):
        if instruments[row].kind == GRANTS and params.grants.grant > 0.0:
            firms += int(min(float(n), instruments[row].budget / params.grants.grant + 1.0))
    return min(n, firms) * len(SELLERS) * int(params.grants.visits)


@engine
def _grant(
    firms, communities, sectors, instrument, row, params, tick_key, own_key, listed, starts, draws
):
    grant = params.grants.grant
    if grant <= 0.0:
        return
    n, taking_part = 0, 0
    for i in range(len(firms)):
        firm = firms[i]
        taking_part += (firm.programmes >> row) & 1
        if not (instrument.communities >> firm.community) & 1 or firm.project != NOBODY:
            continue
        if instrument.chooses == SELF_SELECTED and firm.road == LOW:
            continue
        sector = sectors[communities[firm.community].sector]
        if can_match(firm, params) and worth_it(firm, sector, params):
            listed[n] = i
            n += 1
    granted = int(min(float(n), instrument.budget / grant + chance(key(own_key, GRANT))))
    n, granted = _within_quota(firms, listed, n, granted, instrument.quota - taking_part, row)
    if 0 < granted < n:
        if instrument.chooses == CHOSEN:
            let_in_ablest(listed[:n], granted, firms, GRANT, row, tick_key, starts, draws)
        else:
            let_in(listed[:n], granted, firms, GRANT, row, tick_key, draws)
    for number in range(granted):
        firm = firms[listed[number]]
        firm.programmes |= 1 << row
        firm.project = project(firm, sectors[communities[firm.community].sector], params)
    instrument.spent = granted * grant


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
def _develop(chains, instrument, params):
    suppliers = 0
    for row in range(len(chains)):
        if chains[row].communities & instrument.communities:
            suppliers += chains[row].suppliers
    if suppliers == 0:
        return
    for row in range(len(chains)):
        chain = chains[row]
        if chain.communities & instrument.communities and chain.suppliers > 0:
            money = useful(instrument.budget * chain.suppliers / suppliers, chain.suppliers, params)
            chain.developed += developed(money, chain.suppliers, params)
            instrument.spent += money


@engine
def _promote(communities, instrument):
    places = 0
    for c in range(len(communities)):
        if (instrument.communities >> c) & 1:
            places += communities[c].places
    for c in range(len(communities)):
        if (instrument.communities >> c) & 1:
            communities[c].promotion += instrument.budget * communities[c].places / places
    instrument.spent = instrument.budget


@engine
def _broker(
    firms, communities, ties, first, tie_of, instrument, row, params, own_key, has_neighbour
):
    """``has_neighbour``: (n_firms,) int64 scratch, 1 for firms with a tie in their community."""
    n = 0
    for i in range(len(firms)):
        here = (instrument.communities >> firms[i].community) & 1
        active = here and firms[i].active
        has_neighbour[i] = active and _is_local(first[i], i, ties, first, tie_of)
        n += has_neighbour[i]
    if n == 0:
        return
    cost = params.consortium.cost
    for number in range(int(instrument.budget / cost + chance(key(own_key, BROKER)))):
        draw = key(key(own_key, BROKER), number)
        i = by_lot(has_neighbour, n, communities, instrument.communities, key(draw, FIRM))
        e = _neighbour_by_lot(i, firms, ties, first, tie_of, key(draw, RIVAL))
        ties[e].trust = brokered(ties[e].trust, params)
        firms[ties[e].a].programmes |= 1 << row
        firms[ties[e].b].programmes |= 1 << row
        instrument.spent += cost


@engine
def _neighbour_by_lot(i, firms, ties, first, tie_of, draw):
    """Row of the tie of firm ``i`` to one of its neighbours: who draws the lowest number.

    The ties of a firm within its community stand before its others.
    """
    chosen = tie_of[first[i]]
    lowest = 1.0
    at = first[i]
    while _is_local(at, i, ties, first, tie_of):
        tie = ties[tie_of[at]]
        drawn = chance(key(draw, firms[tie.a + tie.b - i].place))
        if drawn < lowest:
            chosen, lowest = tie_of[at], drawn
        at += 1
    return chosen


@engine
def _is_local(at, i, ties, first, tie_of):
    """Whether a place in the list of ties holds one of firm ``i`` within its community."""
    return at < first[i + 1] and ties[tie_of[at]].kind == LOCAL
