"""One quarter, and runs of many.

The events of a quarter, in running order:

 1. The timetable changes whatever a file can say (shocks), and in the first quarter markets open.
 2. Policy instruments spend.
 3. Once a year lead firms review governance (G5), drop suppliers that fall behind or encroach on their
    core (G1, G3), put part of their orders out to tender and take the ablest of those they meet
    (M1, G4), and choose with whom they work (G2). Owners look at what buyers ask (F5).
 4. Once a year institutions let members go and admit new ones (I3), and owners choose their road (F1).
 5. The standard moves: practices are overtaken (K6a).
 6. Each firm loses what it does not practise (K6), attends to one kind of upgrading (K2b, G3, F5), hears
    of practices (K1) and meets its sources of knowledge: own practice, engineering, machinery, local
    suppliers, laboratory, users, consultants, buyer, peers, new people (K2-K5, K7, K8, C1-C3, G2).
 7. Boards of several communities meet (I4), and institutions hold visits, courses, group sessions,
    demonstrations, tests and meetings (K5, I1, I2, I4-I8).
 8. Trust on ties grows if meetings paid and else sinks back (C2).
 9. Orders and sales at home move to better offers, jobs follow (M1-M3, G6), and firms earn, pay wages and
    fees, and keep a part (F2, F3, F4).
10. Vacant places are taken by entrants, and firms long in distress close (F3).
11. The state of each community is tallied.

Learning is synchronous: in events 6 and 7 firms read each other as they were at the end of the
quarter before. A year has four quarters.
"""

from __future__ import annotations

from model.compiler import engine
from model.draws import TICK, key
from model.engine.chains import (
    choose_favourites,
    end_contracts,
    review,
    take_suppliers,
)
from model.engine.economy import choose_roads, earn, enter_and_exit, settle_trust
from model.engine.institutions import admit, most_lessons_given, serve_all
from model.engine.learning import learn
from model.engine.ledger import room_needed
from model.engine.observe import observe
from model.engine.policy import most_lessons, spend
from model.engine.pressures import feel_pressure
from model.engine.renew import renew
from model.engine.run_tables import (
    Quarter,
    RunTables,
    list_new_ties,
    list_ties,
)
from model.engine.trading import employ, move_orders, open_markets, sell_at_home
from model.theory.board import budget
from model.theory.practices import DIMENSIONS, PRACTICES

QUARTERS = 4  # in a year


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
def most_booked(tables, params):
    """A bound on the rows of the ledger that one quarter takes."""
    n = len(tables.new)
    staff = most_lessons_given(tables.institutions, n, params)
    bought = most_lessons(tables.instruments, n, params)
    practices = len(DIMENSIONS) * PRACTICES
    return room_needed(tables.new, len(tables.ties), staff, practices, bought)


@engine
def advance(runs, lo, hi, until, tables, parameters, ledger, room):
    """Advance runs ``lo`` to ``hi - 1`` to quarter ``until``, one after another.

    ``runs``: (n_runs,) RUN; ``tables``: RunTables of all runs; ``parameters``: (n_scenarios,) records;
    ``ledger``: LedgerRoom; ``room``: Room for the largest of these runs. Returns 0, or the rows that the
    ledger must have to go on: then give a longer one with the same rows and call again.
    """
    by_firm, tallies, scratch = room.by_firm, room.tallies, room.scratch
    for r in range(lo, hi):
        run = runs[r]
        params = parameters[run.parameters]
        own = RunTables(
            tables.old[run.firms[0] : run.firms[1]],
            tables.new[run.firms[0] : run.firms[1]],
            tables.ties[run.ties[0] : run.ties[1]],
            tables.chains[run.chains[0] : run.chains[1]],
            tables.institutions[run.institutions[0] : run.institutions[1]],
            tables.communities[run.communities[0] : run.communities[1]],
            tables.sectors[run.sectors[0] : run.sectors[1]],
            tables.instruments[run.instruments[0] : run.instruments[1]],
            tables.series[run.series[0] : run.series[1]],
        )
        list_ties(len(own.new), own.ties, run.used_ties, by_firm, scratch.queue)
        while run.tick < until:
            # event 1, what is left of it: the timetable is written before the call, budgets are known
            if run.tick == 0:
                open_markets(own.new, own.communities, own.sectors, own.chains, params)
            if not ledger.kept:
                ledger.used[0] = 0
            # where the ledger is too short, a second call does the above again
            needed = ledger.used[0] + most_booked(own, params)
            if needed > len(ledger.rows):
                return needed
            quarter = Quarter(r, run.tick, key(key(run.key, TICK), run.tick))
            advance_quarter(own, by_firm, tallies, scratch, quarter, params, ledger)
            run.used_ties = by_firm.used[1]
            run.tick += 1
    return 0


@engine
def advance_quarter(tables, by_firm, tallies, scratch, quarter, params, ledger):
    """The events of one quarter of one run, but for what the timetable writes before.

    ``tables``: RunTables; ``by_firm``: TiesByFirm; ``tallies``: Tallies; ``scratch``: Scratch; ``quarter``:
    Quarter; ``params``: record of parameters; ``ledger``: LedgerRoom with room for the quarter.
    """
    new, ties, chains = tables.new, tables.ties, tables.chains
    from_row = ledger.used[0]
    tallies.visits[:] = 0
    tallies.flows[:] = 0
    spend_nothing(tables.institutions, tallies.spent_public)
    # event 2
    spend(tables, by_firm, scratch, quarter, params)
    if quarter.tick % QUARTERS == 0:
        # event 3
        review(tables, scratch.of_chains, quarter, params)
        end_contracts(new, chains, quarter.key, params)
        take_suppliers(tables, scratch, quarter, params)
        feel_pressure(tables, by_firm, params)
        choose_favourites(tables, scratch.by_ability, params)
        # event 4
        admit(tables, scratch, quarter, QUARTERS, params)
        choose_roads(new, params)
    # event 5
    renew(tables, scratch.overtaken, quarter, params, ledger)
    for i in range(len(new)):
        tables.old[i] = new[i]
    # event 6
    learn(tables, by_firm, tallies.spending, quarter, params, ledger)
    # event 7
    serve_all(tables, by_firm, tallies, scratch, quarter, params, ledger)
    public_share(tables.institutions, tallies.spent_public)
    # event 8
    settle_trust(ties, by_firm.used[0], params)
    # event 9
    move_orders(new, chains, params)
    sell_at_home(new, tables.communities, tables.sectors, scratch.of_markets, params)
    employ(new, params)
    earn(tables, tallies.spending, quarter, params)
    # event 10
    enter_and_exit(tables, by_firm, tallies.flows, quarter, params, ledger)
    if by_firm.used[1] != by_firm.used[0]:
        list_new_ties(len(new), ties, by_firm, scratch.queue)
    # event 11
    booked = ledger.rows[from_row : ledger.used[0]]
    observe(tables, by_firm.used[1], tallies, scratch, booked, quarter.tick, params)
