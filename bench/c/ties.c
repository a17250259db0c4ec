/* Which ties each firm has. */

#include "views.h"

static TiesByFirm list_ties(const Tables *t, int64_t used)
{
    const Tie *ties = t->ties;
    int64_t n = t->n_firms;
    int64_t *first = calloc((size_t)n + 1, sizeof *first);
    int64_t *rows = calloc(2 * (size_t)t->n_ties + 1, sizeof *rows);
    int64_t *at = malloc(((size_t)n + 1) * sizeof *at);
    for (int64_t e = 0; e < used; e++) {
        first[ties[e].a + 1]++;
        first[ties[e].b + 1]++;
    }
    for (int64_t i = 1; i <= n; i++)
        first[i] += first[i - 1];
    memcpy(at, first, ((size_t)n + 1) * sizeof *at);
    for (int64_t e = 0; e < used; e++) {
        rows[at[ties[e].a]++] = e;
        rows[at[ties[e].b]++] = e;
    }
    memset(at, 0xff, (size_t)n * sizeof *at); /* NOBODY */
    return (TiesByFirm){first, rows, at, used, used};
}

/* List the ties of this quarter too, each after the others of its firms. */
static void list_new_ties(const Tie *ties, int64_t n, TiesByFirm *by_firm, int64_t *added)
{
    int64_t *first = by_firm->first, *rows = by_firm->rows;
    memset(added, 0, (size_t)n * sizeof *added);
    for (int64_t e = by_firm->listed; e < by_firm->used; e++) {
        added[ties[e].a]++;
        added[ties[e].b]++;
        by_firm->newest[ties[e].a] = NOBODY;
    }
    int64_t moved = 2 * (by_firm->used - by_firm->listed);
    for (int64_t i = n - 1; i >= 0; i--) { /* from behind, so that nothing is written over */
        int64_t end = first[i + 1];
        first[i + 1] = end + moved;
        moved -= added[i];
        for (int64_t at = end - 1; at >= first[i]; at--)
            rows[at + moved] = rows[at];
        added[i] = end + moved;
    }
    for (int64_t e = by_firm->listed; e < by_firm->used; e++) {
        rows[added[ties[e].a]++] = e;
        rows[added[ties[e].b]++] = e;
    }
    by_firm->listed = by_firm->used;
}
