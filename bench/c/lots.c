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

/* The communities of which where says 1; more than eight are many. */
static Extent extent_of(const int8_t *where, const Tables *t)
{
    Extent extent = {0, 0, 0, 0, false};
    int64_t n = 0;
    for (int64_t c = 0; c < t->n_communities; c++)
        if (where[c]) {
            if (n++ == 0)
                extent.begin = c / 64 * 64;
            if (c < extent.begin + 64)
                extent.bits |= UINT64_C(1) << (c - extent.begin);
            extent.end = c + 1;
            extent.largest = most_whole(extent.largest, t->communities[c].places);
        }
    extent.many = n > 8;
    return extent;
}

/* Which of 64 clocks may ring within some mean waits, a bit each. */
static inline uint64_t early_of(uint64_t draw, uint64_t clock, double span)
{
    uint64_t limit = (uint64_t)least(0x1p32, ceil(span * 0x1p32)), found = 0;
    for (uint64_t n = 0; n < 64; n++)
        found |= (uint64_t)((key(draw, clock + n) >> 32) < limit) << n;
    return found;
}

/* When a clock rings for the last time of those from one ring to another, mean waits. */
static inline double rings_at(uint64_t ring, uint64_t last, double each)
{
    double time = 0.0;
    for (; ring != last; ring = key(ring, 0))
        time -= log(1.0 - chance(ring)) * each;
    return time - log(1.0 - chance(last)) * each;
}

/* The row of one of n > 0 eligible firms, or of those of one community: of clocks that ring at random in
   every place the first that counts. Of many communities 64 clocks are read at a time. */
static int64_t by_lot(
    const int8_t *eligible, int64_t n, const Community *communities, const int8_t *where, Extent extent,
    int64_t home, uint64_t draw)
{
    int64_t chosen = -1;
    if (home != NOBODY) {
        int64_t begin = home / 64 * 64, places = communities[home].places;
        extent = (Extent){begin, home + 1, places, UINT64_C(1) << (home - begin), false};
        n = least_whole(n, places);
    }
    double until = 2.0 / (double)n;
    while (chosen < 0) {
        int64_t block = 0, low = 0, size = 64;
        double each = 1.0 / 64;
        while (low < extent.largest) {
            for (int64_t group = extent.begin; group < extent.end; group += 64) {
                uint64_t clock = (uint64_t)((group + block) * 64);
                uint64_t early = group == extent.begin ? extent.bits : UINT64_MAX;
                if (extent.many)
                    early &= early_of(draw, clock, until / each);
                for (; early; early &= early - 1) {
                    int64_t number = __builtin_ctzll(early), c = group + number;
                    uint64_t ring = key(draw, clock + (uint64_t)number);
                    if (chance(ring) * each >= until || !where[c] || low >= communities[c].places)
                        continue;
                    int64_t first = communities[c].first, places = communities[c].places;
                    uint64_t heard = ring;
                    double soonest = 0.0;
                    while ((soonest += chance(heard) * each) < until) {
                        int64_t place = low + one_of(size, heard);
                        if (place < places && eligible[first + place]) {
                            double time = rings_at(ring, heard, each);
                            if (time < until) {
                                chosen = first + place;
                                until = time;
                            }
                            break;
                        }
                        heard = key(heard, 0);
                    }
                }
            }
            block++;
            low += size;
            size = low;
            if (block > 1)
                each *= 0.5;
        }
        if (chosen < 0)
            until *= 4.0;
    }
    return chosen;
}
