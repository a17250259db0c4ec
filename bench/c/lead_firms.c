/* Event 3: lead firms review their chains, drop and take suppliers (G1, G3-G5). Once a year. */

#include "views.h"

static inline int first_of(const int8_t *reached)
{
    int c = 0;
    while (!reached[c])
        c++;
    return c;
}

/* The trade of a chain: that of the first community where it buys. */
static inline const Sector *sector_of_chain(const Tables *t, const Chain *chain)
{
    return &t->sectors[t->communities[first_of(chain->communities)].sector];
}

/* The first free place for a contract, or NOBODY; a firm holds so many at most. */
static int free_contract(const Firm *firm, const Params *p)
{
    int vacant = NOBODY, held = 0;
    for (int c = 0; c < CONTRACTS; c++) {
        if (firm->contract[c] != NOBODY)
            held++;
        else if (vacant == NOBODY)
            vacant = c;
    }
    return held < (int64_t)p->several_chains.most ? vacant : NOBODY;
}

static void review(Tables *t, double (*sums)[2], const Quarter *quarter, const Params *p)
{
    for (int64_t row = 0; row < t->n_chains; row++) {
        sums[row][0] = sums[row][1] = 0.0;
        t->chains[row].suppliers = 0;
    }
    for (int64_t i = 0; i < t->n_firms; i++) {
        const Firm *firm = &t->new[i];
        for (int c = 0; c < CONTRACTS; c++) {
            int row = firm->contract[c];
            if (row == NOBODY)
                continue;
            t->chains[row].suppliers++;
            sums[row][0] += capability(firm);
            sums[row][1] += score(firm->mastered[FUNCTIONAL]);
        }
    }
    if (quarter->tick == 0)
        return;
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        double able = chain->entry_standard, functional = 0.0; /* without suppliers: what it would ask */
        if (chain->suppliers > 0) {
            able = sums[row][0] / chain->suppliers;
            functional = sums[row][1] / chain->suppliers;
        }
        uint64_t draw = key(key(key(quarter->key, DRAW_CHAIN), (uint64_t)row), DRAW_SHIFT);
        chain->governance = (int8_t)next_governance(chain, able, functional, sector_of_chain(t, chain), draw, p);
    }
}

/* Lead firms drop who falls behind, punish who encroaches, and put part of orders out to tender. */
static void end_contracts(Tables *t, uint64_t tick_key, const Params *p)
{
    for (int64_t row = 0; row < t->n_chains; row++) {
        t->chains[row].suppliers = 0;
        t->chains[row].ordered = 0.0;
    }
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        for (int c = 0; c < CONTRACTS; c++) {
            int row = firm->contract[c];
            if (row == NOBODY)
                continue;
            Chain *chain = &t->chains[row];
            firm->order[c] *= 1.0 - p->demand.contest;
            bool small = firm->order[c] < p->demand.least * chain->first_order;
            uint64_t draw = key(key(firm_key(tick_key, firm), DRAW_PUNISH), (uint64_t)row);
            if (small || falls_behind(firm, chain, p) || punishes(firm, chain, draw, p)) {
                firm->home += displaced(firm->order[c], p);
                firm->contract[c] = NOBODY;
                firm->order[c] = 0.0;
            } else {
                chain->suppliers++;
                chain->ordered += firm->order[c];
            }
        }
    }
}

static void sign_contract(Firm *firm, int64_t row, Chain *chain, int64_t tick, const Params *p)
{
    int c = free_contract(firm, p);
    firm->contract[c] = (int16_t)row;
    firm->order[c] = chain->first_order;
    firm->since[c] = (int32_t)tick;
    firm->home = most(0.0, firm->home - displaced(chain->first_order, p));
    chain->suppliers++;
    chain->ordered += chain->first_order;
}

/* Whether a firm that could supply the chain meets its leader this year. */
static bool meets_leader(
    const Firm *firm, const Community *community, const Chain *chain, int64_t row, uint64_t tick_key,
    const Params *p)
{
    if (!firm->active || supplies(firm, row) || free_contract(firm, p) == NOBODY)
        return false;
    if (!is_eligible(firm, chain, p))
        return false;
    uint64_t own_key = firm_key(tick_key, firm);
    if (punishes(firm, chain, key(key(own_key, DRAW_PUNISH), (uint64_t)row), p))
        return false; /* the contract that was ended this year is not signed again */
    return chance(key(key(own_key, DRAW_CONTACT), (uint64_t)row)) < contact(firm, community, chain, p);
}

/* Each lead firm takes the ablest of those it meets, until its orders are placed: a counting sort. */
static void take_suppliers(Tables *t, Scratch *scratch, const Quarter *quarter, const Params *p)
{
    int64_t *order = scratch->queue, *met_firms = scratch->ranks, *starts = scratch->by_ability;
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        if (chain->first_order <= 0.0)
            continue;
        int64_t wanted = (int64_t)(most(0.0, chain->amount - chain->ordered) / chain->first_order + 0.5);
        if (wanted <= 0)
            continue;
        memset(starts, 0, sizeof scratch->by_ability);
        int64_t met = 0;
        for (int64_t c = 0; c < t->n_communities; c++) {
            const Community *community = &t->communities[c];
            if (!chain->communities[c])
                continue;
            for (int64_t i = community->first; i < community->first + community->places; i++)
                if (meets_leader(&t->new[i], community, chain, row, quarter->key, p)) {
                    starts[LEVELS - ability(&t->new[i])]++;
                    met_firms[met++] = i;
                }
        }
        for (int level = 1; level <= LEVELS; level++)
            starts[level] += starts[level - 1];
        for (int64_t n = 0; n < met; n++)
            order[starts[LEVELS - ability(&t->new[met_firms[n]]) - 1]++] = met_firms[n];
        int64_t taken = least_whole(wanted, met);
        if (0 < taken && taken < met) { /* orders run out among firms of one ability */
            int place = LEVELS - ability(&t->new[order[taken - 1]]) - 1;
            int64_t begin = place > 0 ? starts[place - 1] : 0;
            let_in(
                order + begin, starts[place] - begin, taken - begin, t->new, DRAW_CONTACT, row, quarter->key,
                scratch->ranks);
        }
        for (int64_t n = 0; n < taken; n++)
            sign_contract(&t->new[order[n]], row, chain, quarter->tick, p);
    }
}

/* The capability from which each leader works with a supplier (G2). */
static void choose_favourites(Tables *t, int64_t *by_ability, const Params *p)
{
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        int64_t favoured = favoured_number(chain, sector_of_chain(t, chain), p);
        if (favoured >= chain->suppliers) {
            chain->favoured_from = 0.0;
            continue;
        }
        memset(by_ability, 0, (LEVELS + 1) * sizeof *by_ability);
        for (int64_t i = 0; i < t->n_firms; i++)
            if (supplies(&t->new[i], row))
                by_ability[ability(&t->new[i])]++;
        int level = LEVELS;
        while (favoured > 0 && level > 0)
            favoured -= by_ability[--level];
        chain->favoured_from = level / (2.0 * PRACTICES);
    }
}
