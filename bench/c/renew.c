/* Event 5: the standard moves, and what it overtakes is lost to firms and institutions (K6a). */

#include "views.h"

static const int LAGGING[] = {CHANNEL_ENGINEERING, CHANNEL_INPUTS, CHANNEL_CONSULTANT};
enum { N_LAGGING = 3 };

static void renew(
    Tables *t, int64_t (*gone)[DIMENSIONS], const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    for (int64_t s = 0; s < t->n_sectors; s++) {
        Sector *sector = &t->sectors[s];
        uint64_t sector_key = key(key(quarter->key, DRAW_SECTOR), (uint64_t)s);
        for (int d = 0; d < DIMENSIONS; d++) {
            gone[s][d] = overtaken(d, sector, key(key(sector_key, DRAW_RENEWAL), (uint64_t)d), p);
            for (int n = 0; n < N_LAGGING; n++) {
                int at = LAGGING[n] - CHANNEL_ENGINEERING;
                uint64_t draw = key(key(key(sector_key, DRAW_DIFFUSION), (uint64_t)d), (uint64_t)LAGGING[n]);
                int64_t holds = caught_up(sector->holds[d][at], sector->own[d][at], draw, p);
                sector->holds[d][at] = holds & ~gone[s][d];
            }
        }
    }
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        if (!firm->active)
            continue;
        const int64_t *out = gone[t->communities[firm->community].sector];
        for (int d = 0; d < DIMENSIONS; d++)
            if (out[d]) {
                int64_t lost = firm->mastered[d] & out[d];
                firm->mastered[d] &= ~out[d];
                firm->aware[d] &= ~out[d];
                book(ledger, quarter, i, firm, d, lost, CHANNEL_OVERTAKEN, NOBODY);
            }
    }
    for (int64_t row = 0; row < t->n_institutions; row++) {
        Institution *institution = &t->institutions[row];
        int trade = t->communities[institution->home].sector;
        for (int d = 0; d < DIMENSIONS; d++)
            institution->repository[d] &= ~gone[trade][d];
    }
}
