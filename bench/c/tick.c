/* One quarter, and runs of many: the events as model/engine/tick.py numbers them.
 *
 * All rooms are one translation unit, so that the compiler sees every rule where it is called.
 */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "views.h"

#include "ties.c"
#include "lots.c"
#include "policy.c"
#include "lead_firms.c"
#include "pressures.c"
#include "services.c"
#include "business.c"
#include "renew.c"
#include "learning.c"
#include "trading.c"
#include "observe.c"

enum { QUARTERS = 4 };

static void spend_nothing(Tables *t, double *spent_public)
{
    for (int64_t row = 0; row < t->n_institutions; row++)
        t->institutions[row].spent = spent_public[row] = 0.0;
}

/* What of each institution's spending was public: all but what others brought. */
static void public_share(const Tables *t, double *spent_public)
{
    for (int64_t row = 0; row < t->n_institutions; row++) {
        const Institution *institution = &t->institutions[row];
        double beyond = most(0.0, institution->spent - institution->budget);
        double brought = budget(institution) - institution->budget;
        spent_public[row] = institution->spent - least(beyond, brought);
    }
}

/* A bound on the rows of the ledger that one quarter takes. */
static int64_t most_booked(const Tables *t, const Params *p)
{
    int64_t vacant = 0, mastered = 0;
    for (int64_t i = 0; i < t->n_firms; i++) {
        vacant += !t->new[i].active;
        for (int d = 0; d < DIMENSIONS; d++)
            mastered += count(t->new[i].mastered[d]); /* all of it may be overtaken or lost */
    }
    return 16 * t->n_firms + 4 * t->n_ties + most_lessons_given(t, p) + DIMENSIONS * PRACTICES * vacant
        + most_lessons(t, p) + mastered;
}

static void advance_quarter(
    Tables *t, TiesByFirm *by_firm, Tallies *tallies, Scratch *scratch, const Quarter *quarter,
    const Params *p, LedgerRoom *ledger)
{
    int64_t from_row = ledger->used[0];
    memset(tallies->visits, 0, (size_t)t->n_communities * sizeof *tallies->visits);
    memset(tallies->flows, 0, (size_t)t->n_communities * sizeof *tallies->flows);
    spend_nothing(t, tallies->spent_public);
    /* event 2 */
    spend(t, by_firm, scratch, quarter, p);
    if (quarter->tick % QUARTERS == 0) {
        /* event 3 */
        review(t, scratch->of_chains, quarter, p);
        end_contracts(t, quarter->key, p);
        take_suppliers(t, scratch, quarter, p);
        feel_pressure(t, by_firm, p);
        choose_favourites(t, scratch->by_ability, p);
        /* event 4 */
        admit(t, scratch, quarter, QUARTERS, p);
        choose_roads(t, p);
    }
    /* event 5 */
    renew(t, scratch->overtaken, quarter, p, ledger);
    memcpy(t->old, t->new, (size_t)t->n_firms * sizeof *t->old);
    /* event 6 */
    learn(t, by_firm, tallies->spending, quarter, p, ledger);
    /* event 7 */
    serve_all(t, by_firm, tallies, scratch, quarter, p, ledger);
    public_share(t, tallies->spent_public);
    /* event 8 */
    settle_trust(t->ties, by_firm->listed, p);
    /* event 9 */
    move_orders(t, p);
    sell_at_home(t, scratch->of_markets, p);
    employ(t, p);
    earn(t, tallies->spending, quarter, p);
    /* event 10 */
    enter_and_exit(t, by_firm, tallies->flows, quarter, p, ledger);
    if (by_firm->used != by_firm->listed)
        list_new_ties(t->ties, t->n_firms, by_firm, scratch->queue);
    /* event 11 */
    const Ledger *booked = ledger->rows + from_row;
    observe(t, by_firm->used, tallies, scratch, booked, ledger->used[0] - from_row, quarter->tick, p);
}

static Tables rows_of_run(const RunTables *all, const Run *run)
{
    return (Tables){
        .old = all->old + run->firms[0],
        .new = all->new + run->firms[0],
        .ties = all->ties + run->ties[0],
        .chains = all->chains + run->chains[0],
        .institutions = all->institutions + run->institutions[0],
        .communities = all->communities + run->communities[0],
        .sectors = all->sectors + run->sectors[0],
        .instruments = all->instruments + run->instruments[0],
        .series = all->series + run->series[0],
        .n_firms = run->firms[1] - run->firms[0],
        .n_ties = run->ties[1] - run->ties[0],
        .n_chains = run->chains[1] - run->chains[0],
        .n_institutions = run->institutions[1] - run->institutions[0],
        .n_communities = run->communities[1] - run->communities[0],
        .n_sectors = run->sectors[1] - run->sectors[0],
        .n_instruments = run->instruments[1] - run->instruments[0],
    };
}

/* Advance one run to quarter until; returns 0, or the rows that the ledger must have to go on. */
static int64_t advance_run(
    int64_t number, Run *run, int64_t until, const RunTables *all, const Params *p, LedgerRoom *ledger)
{
    Tables t = rows_of_run(all, run);
    TiesByFirm by_firm = list_ties(&t, run->used_ties);
    size_t firms = (size_t)t.n_firms, communities = (size_t)t.n_communities, sectors = (size_t)t.n_sectors;
    Tallies tallies = {
        .spending = calloc(firms + 1, sizeof *tallies.spending),
        .visits = calloc(communities + 1, sizeof *tallies.visits),
        .flows = calloc(communities + 1, sizeof *tallies.flows),
        .spent_public = calloc((size_t)t.n_institutions + 1, sizeof *tallies.spent_public),
    };
    Scratch scratch = {
        .queue = calloc(firms + 1, sizeof *scratch.queue),
        .ranks = calloc(firms + 1, sizeof *scratch.ranks),
        .eligible = calloc(firms + 1, sizeof *scratch.eligible),
        .masters = calloc(communities + 1, sizeof *scratch.masters),
        .of_chains = calloc((size_t)t.n_chains + 1, sizeof *scratch.of_chains),
        .of_markets = calloc(sectors + 1, sizeof *scratch.of_markets),
        .overtaken = calloc(sectors + 1, sizeof *scratch.overtaken),
    };
    int64_t needed = 0;
    while (run->tick < until) {
        if (run->tick == 0) /* event 1, what is left of it; a second call does it again */
            open_markets(&t, p);
        if (!ledger->kept)
            ledger->used[0] = 0;
        needed = ledger->used[0] + most_booked(&t, p);
        if (needed > ledger->n_rows)
            break;
        needed = 0;
        Quarter quarter = {number, run->tick, key(key(run->key, DRAW_TICK), (uint64_t)run->tick)};
        advance_quarter(&t, &by_firm, &tallies, &scratch, &quarter, p, ledger);
        run->used_ties = by_firm.used;
        run->tick++;
    }
    void *held[] = {
        by_firm.first, by_firm.rows, by_firm.newest, tallies.spending, tallies.visits, tallies.flows,
        tallies.spent_public,
        scratch.queue, scratch.ranks, scratch.eligible, scratch.masters, scratch.of_chains,
        scratch.of_markets, scratch.overtaken,
    };
    for (size_t n = 0; n < sizeof held / sizeof *held; n++)
        free(held[n]);
    return needed;
}

/* What model.engine.tick.advance does: runs lo to hi - 1, one after another. */
int64_t advance(
    Run *runs, int64_t lo, int64_t hi, int64_t until, const RunTables *all, const Params *parameters,
    LedgerRoom *ledger)
{
    for (int64_t r = lo; r < hi; r++) {
        int64_t needed = advance_run(r, &runs[r], until, all, &parameters[runs[r].parameters], ledger);
        if (needed)
            return needed;
    }
    return 0;
}
