/* Who comes first where places are few, and one of many firms, by lot. */

#include "views.h"

static inline void swap(int64_t *rows, int64_t a, int64_t b)
{
    int64_t row = rows[a];
    rows[a] = rows[b];
    rows[b] = row;
}

/* The low half of the draw first, since the high half has chosen who queues at all. */
static inline int64_t rank(const Firm *firm, int purpose, int64_t partner, uint64_t tick_key)
{
    uint64_t draw = key(key(firm_key(tick_key, firm), (uint64_t)purpose), (uint64_t)partner);
    return (int64_t)(((draw << 32) | (draw >> 32)) >> 1);
}

/* The k-th smallest of n values, counted from 0; it moves them. */
static int64_t smallest(int64_t *values, int64_t n, int64_t k)
{
    int64_t lo = 0, hi = n - 1;
    while (lo < hi) {
        int64_t pivot = values[lo + (hi - lo) / 2], i = lo, j = hi;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i <= j)
                swap(values, i++, j--);
        }
        if (k <= j)
            hi = j;
        else if (k >= i)
            lo = i;
        else
            break;
    }
    return values[k];
}

/* Move to the front of n rows the firms with the smallest ranks, as many as there are places. */
static void let_in(
    int64_t *rows, int64_t n, int64_t places, const Firm *firms, int purpose, int64_t partner,
    uint64_t tick_key, int64_t *ranks)
{
    for (int64_t at = 0; at < n; at++)
        ranks[at] = rank(&firms[rows[at]], purpose, partner, tick_key);
    int64_t last = smallest(ranks, n, places - 1), front = 0;
    for (int64_t at = 0; at < n; at++)
        if (rank(&firms[rows[at]], purpose, partner, tick_key) <= last)
            swap(rows, front++, at);
}

/* Move to the front of n rows the ablest firms, by lot among equals. */
static void let_in_ablest(
    int64_t *rows, int64_t n, int64_t places, const Firm *firms, int purpose, int64_t partner,
    uint64_t tick_key, Scratch *scratch)
{
    int64_t *by_ability = scratch->by_ability;
    memset(by_ability, 0, sizeof scratch->by_ability);
    for (int64_t at = 0; at < n; at++)
        by_ability[ability(&firms[rows[at]])]++;
    int level = LEVELS - 1;
    int64_t above = 0;
    while (above + by_ability[level] < places)
        above += by_ability[level--];
    int64_t front = 0;
    for (int64_t at = 0; at < n; at++)
        if (ability(&firms[rows[at]]) > level)
            swap(rows, front++, at);
    int64_t tied = front;
    for (int64_t at = front; at < n; at++)
        if (ability(&firms[rows[at]]) == level)
            swap(rows, tied++, at);
    let_in(rows + front, tied - front, places - front, firms, purpose, partner, tick_key, scratch->ranks);
}

/* The row of one of n > 0 eligible firms, or of those of one community: of clocks that ring at random in
   every place the first that counts. */
static int64_t by_lot(
    const int8_t *eligible, int64_t n, const Community *communities, int64_t n_communities,
    const int8_t *where, int64_t home, uint64_t draw)
{
    int64_t chosen = -1, from = 0, end = n_communities;
    if (home != NOBODY) {
        from = home;
        end = home + 1;
        n = least_whole(n, communities[home].places);
    }
    double until = 1.0 / (double)n;
    while (chosen < 0) {
        for (int64_t c = from; c < end; c++) {
            if (!where[c])
                continue;
            int64_t first = communities[c].first, places = communities[c].places;
            int64_t block = 0, low = 0, size = 64;
            double each = 1.0 / 64;
            while (low < places) {
                uint64_t ring = key(draw, (uint64_t)((c / 64 * 64 + block) * 64 + c % 64));
                double time = 0.0;
                while (time + chance(ring) * each < until) {
                    time -= log(1.0 - chance(ring)) * each;
                    if (time >= until)
                        break;
                    int64_t place = low + one_of(size, ring);
                    if (place < places && eligible[first + place]) {
                        chosen = first + place;
                        until = time;
                        break;
                    }
                    ring = key(ring, 0);
                }
                block++;
                low += size;
                size = low;
                if (block > 1)
                    each *= 0.5;
            }
        }
        if (chosen < 0)
            until *= 4.0;
    }
    return chosen;
}
