"""One quarter, and runs of many.

The events of a quarter, in running order:

 1. The timetable changes whatever a file can say (shocks), and in the first quarter markets open.
 2. Policy instruments spend (P1-P4).
 3. Once a year lead firms review governance (G5), drop suppliers that fall behind or encroach on their
    core (G1, G3), put part of their orders out to tender and take the ablest of those they meet
    (M1, G4), and choose with whom they work (G7). Owners look at what buyers ask (F5).
 4. Once a year institutions let members go and admit new ones (I3), and owners choose their road (F1).
 5. The standard moves: practices are overtaken (K6a).
 6. Each firm loses what it does not practise (K6), attends to one kind of upgrading (K2b, G3, F5), hears
    of practices (K1) and meets its sources of knowledge: own practice, engineering, machinery, local
    suppliers, laboratory, users, consultants, buyer, peers, new people (K2-K5, K7, K8, C1-C3, G2, G7).
 7. Institutions hold visits, courses, group sessions, demonstrations, tests and meetings
    (K5, I1, I2, I4-I8).
 8. Trust on ties grows if meetings paid and else sinks back (C2).
 9. Orders and sales at home move to better offers, jobs follow (M1-M3, G6), and firms earn, pay wages and
    fees, and keep a part (F2, F3, F4).
10. Vacant places are taken by entrants, and firms long in distress close (F3).
11. The state of each community is tallied.

Learning is synchronous: in events 6 and 7 firms read each other as they were at the end of the
quarter before. A year has four quarters.
"""

from __future__ import annotations

import numpy as np

from model.compiler import engine
from model.draws import TICK, key
from model.engine.chains import (
    choose_favourites,
    end_contracts,
    review,
    take_suppliers,
)
from model.engine.economy import choose_roads, earn, enter_and_exit, settle_trust
from model.engine.institutions import admit, mark_members, most_lessons_given, serve
from model.engine.learning import learn
from model.engine.ledger import room_needed
from model.engine.observe import observe
from model.engine.policy import most_lessons, spend
from model.engine.pressures import feel_pressure
from model.engine.renew import renew
from model.engine.trading import employ, move_orders, open_markets, sell_at_home
from model.theory.access import is_open
from model.theory.board import budget
from model.theory.practices import DIMENSIONS, PRACTICES

QUARTERS = 4  # in a year


@engine
def index_ties(ties, used, first, tie_of):
    """List the ties of each firm: those of firm i are ``tie_of[first[i] : first[i + 1]]``."""
    first[:] = 0
    for e in range(used):
        first[ties[e].a + 1] += 1
        first[ties[e].b + 1] += 1
    for i in range(1, len(first)):
        first[i] += first[i - 1]
    at = first.copy()
    for e in range(used):
        tie_of[at[ties[e].a]] = e
        at[ties[e].a] += 1
        tie_of[at[ties[e].b]] = e
        at[ties[e].b] += 1


@engine
def index_new_ties(ties, indexed, used, first, tie_of, added):
    """List ties ``indexed`` to ``used - 1`` too, each after the others of its firms.

    ``added``: (n_firms,) scratch.
    """
    added[:] = 0
    for e in range(indexed, used):
        added[ties[e].a] += 1
        added[ties[e].b] += 1
    moved = 2 * (used - indexed)
    for i in range(len(added) - 1, -1, -1):  # from behind, so that nothing is written over
        end = first[i + 1]
        first[i + 1] = end + moved
        moved -= added[i]
        for at in range(end - 1, first[i] - 1, -1):
            tie_of[at + moved] = tie_of[at]
        added[i] = end + moved
    for e in range(indexed, used):
        tie_of[added[ties[e].a]] = e
        added[ties[e].a] += 1
        tie_of[added[ties[e].b]] = e
        added[ties[e].b] += 1


@engine
def spend_nothing(institutions, spent_public):
    """Open the books of a quarter."""
    for row in range(len(institutions)):
        institutions[row].spent = 0.0
        spent_public[row] = 0.0


@engine
def public_share(institutions, spent_public):
    """What of each institution's spending was public: all but what others brought.

    The public budget is drawn on first; a visit that chance adds to what money allows is public too.
    """
    for row in range(len(institutions)):
        institution = institutions[row]
        beyond = max(0.0, institution.spent - institution.budget)
        brought = budget(institution) - institution.budget
        spent_public[row] = institution.spent - min(beyond, brought)


@engine
def most_booked(firms, ties, institutions, instruments, params):
    """A bound on the rows of the ledger that one quarter takes."""
    n = len(firms)
    staff = most_lessons_given(institutions, n, params)
    bought = most_lessons(instruments, n, params)
    return room_needed(firms, len(ties), staff, len(DIMENSIONS) * PRACTICES, bought)


@engine
def advance(
    runs, lo, hi, until, firms_, before_, ties_, chains_, institutions_, communities_, sectors_,
    instruments_, parameters, series_, ledger, booked,
):  # fmt: skip
    """Advance runs ``lo`` to ``hi - 1`` to quarter ``until``, one after another.

    ``before_`` is scratch of the size of ``firms_``. Returns (rows of the ledger used, rows it must
    have to go on): if the second is not 0 the ledger was too short for the next quarter; give a
    longer one with the same rows and call again.
    """
    for r in range(lo, hi):
        run = runs[r]
        new = firms_[run.firms[0] : run.firms[1]]
        old = before_[run.firms[0] : run.firms[1]]
        ties = ties_[run.ties[0] : run.ties[1]]
        chains = chains_[run.chains[0] : run.chains[1]]
        institutions = institutions_[run.institutions[0] : run.institutions[1]]
        communities = communities_[run.communities[0] : run.communities[1]]
        sectors = sectors_[run.sectors[0] : run.sectors[1]]
        instruments = instruments_[run.instruments[0] : run.instruments[1]]
        series = series_[run.series[0] : run.series[1]]
        params = parameters[run.parameters]
        n = len(old)
        first = np.zeros(n + 1, np.int64)
        tie_of = np.zeros(2 * len(ties), np.int64)
        order = np.zeros(n, np.int64)
        starts = np.zeros(2 * PRACTICES + 2, np.int64)
        spending = np.zeros(n)
        draws = np.zeros(n, np.int64)
        member = np.zeros(n, np.int64)
        visits = np.zeros(len(communities), np.int64)
        flows = np.zeros((len(communities), 2), np.int64)
        pool = np.zeros((len(communities), 2, PRACTICES), np.int64)
        spent_public = np.zeros(len(institutions))
        sums = np.zeros((len(chains), 2))
        market = np.zeros((len(sectors), 3))
        gone = np.zeros((len(sectors), len(DIMENSIONS)), np.int64)
        index_ties(ties, run.used_ties, first, tie_of)
        while run.tick < until:
            tick = run.tick
            # event 1, what is left of it: the timetable is written before the call, budgets are known
            if tick == 0:
                open_markets(new, communities, sectors, chains, params)
            # where the ledger is too short, a second call does the above again
            needed = booked + most_booked(new, ties, institutions, instruments, params)
            if needed > len(ledger):
                return booked, needed
            from_row = booked
            tick_key = key(key(run.key, TICK), tick)
            visits[:] = 0
            flows[:] = 0
            spend_nothing(institutions, spent_public)
            # event 2
            spend(
                new, ties, first, tie_of, chains, communities, sectors, instruments, params,
                tick_key, tick, order, starts, draws,
            )  # fmt: skip
            if tick % QUARTERS == 0:
                # event 3
                review(new, communities, sectors, chains, tick_key, tick, params, sums)
                end_contracts(new, chains, tick_key, params)
                take_suppliers(
                    new, communities, chains, tick_key, tick, params, order, starts, draws
                )
                feel_pressure(new, ties, first, tie_of, chains, params)
                choose_favourites(new, communities, sectors, chains, params, starts)
                # event 4
                admit(
                    new, communities, institutions, tick_key, tick, QUARTERS, params, order, starts,
                    draws,
                )  # fmt: skip
                choose_roads(new, params)
            # event 5
            booked = renew(
                new,
                communities,
                sectors,
                institutions,
                params,
                tick_key,
                ledger,
                booked,
                r,
                tick,
                gone,
            )
            for i in range(n):
                old[i] = new[i]
            # event 6
            booked = learn(
                old, new, ties, first, tie_of, communities, sectors, chains, params, tick_key,
                spending, ledger, booked, r, tick,
            )  # fmt: skip
            # event 7
            used = run.used_ties
            for row in range(len(institutions)):
                institution = institutions[row]
                if institution.association or not is_open(institution, tick):
                    continue
                n_members = mark_members(old, communities, institution, row, member)
                if n_members == 0:
                    continue
                booked, used = serve(
                    old, new, ties, first, tie_of, run.used_ties, used, institution, row, member,
                    n_members, communities, sectors, chains, params, tick_key, ledger, booked, r,
                    tick, visits,
                )  # fmt: skip
            public_share(institutions, spent_public)
            # event 8
            settle_trust(ties, run.used_ties, params)
            # event 9
            move_orders(new, chains, params)
            sell_at_home(new, communities, sectors, market, params)
            employ(new, params)
            earn(
                old, new, communities, sectors, chains, institutions, spending, tick_key, tick, params
            )  # fmt: skip
            # event 10
            booked = enter_and_exit(
                old, new, ties, first, tie_of, chains, institutions, communities, sectors, params,
                tick_key, ledger, booked, r, tick, flows,
            )  # fmt: skip
            if used != run.used_ties:
                index_new_ties(ties, run.used_ties, used, first, tie_of, order)
                run.used_ties = used
            # event 11
            at = tick * len(communities)
            observe(
                old, new, ties, used, chains, institutions, instruments, communities, sectors,
                series[at : at + len(communities)], params, visits, flows, pool,
                ledger, from_row, booked, spent_public, tick,
            )  # fmt: skip
            run.tick += 1
    return booked, 0
