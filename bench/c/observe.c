/* Event 11: tallies of the state of each community, from which all measures are computed. */

#include "views.h"

enum { STANDING = PER_RUNG / 2, YEAR = 4 };
static const double LOCAL_POOL = 0.1; /* share of firms that makes a practice part of the local labour pool */

static int size_class(double workers)
{
    static const int last_of_size[SIZES - 1] = LAST_OF_SIZE;
    int64_t whole = (int64_t)(workers + 0.5);
    for (int n = 0; n < SIZES - 1; n++)
        if (whole <= last_of_size[n])
            return n;
    return SIZES - 1;
}

/* Who stayed in business, with what productivity, and who left. */
static void observe_turnover(const Firm *before, const Firm *after, Series *seen)
{
    if (!before->active)
        return;
    if (!after->active) {
        seen->left[0] += before->workers;
        seen->left[1] += before->workers * before->value_added;
        return;
    }
    seen->stayed++;
    seen->stayed_before[0] += before->value_added;
    seen->stayed_before[1] += before->workers;
    seen->stayed_before[2] += before->workers * before->value_added;
    seen->stayed_after[0] += after->value_added;
    seen->stayed_after[1] += after->workers;
    seen->stayed_after[2] += after->workers * after->value_added;
}

/* What a firm sold, at the price that the customer pays, and what of it into global chains. */
static double sales_and_exports(
    const Firm *firm, const Chain *chains, const Sector *sector, const Params *p, double *exports)
{
    double quality = made(firm, p) / output_of_worker(firm, p);
    quality *= delivered(firm, sold(firm), p);
    double sales = quality * firm->home * sector->home_price;
    *exports = 0.0;
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] != NOBODY) {
            const Chain *chain = &chains[firm->contract[c]];
            double value = quality * firm->order[c] * paid(chain, p);
            sales += value;
            if (chain->reach == GLOBAL)
                *exports += value;
        }
    return sales;
}

static void observe_chains(const Firm *firm, const Chain *chains, Series *seen)
{
    bool supplied = false, exports = false;
    for (int c = 0; c < CONTRACTS; c++) {
        if (firm->contract[c] == NOBODY)
            continue;
        const Chain *chain = &chains[firm->contract[c]];
        supplied = true;
        exports |= chain->reach == GLOBAL;
        bool counted = false;
        for (int earlier = 0; earlier < c; earlier++)
            counted |= firm->contract[earlier] != NOBODY
                && chains[firm->contract[earlier]].governance == chain->governance;
        if (!counted)
            seen->suppliers[chain->governance]++;
    }
    seen->in_chain += supplied;
    seen->exporters += exports;
}

/* Chance that a firm of the community meets at least one of its buyers in a year. */
static double contact_of(int64_t c, const Tables *t, const Params *p)
{
    double nobody = 1.0;
    for (int64_t row = 0; row < t->n_chains; row++)
        if (t->chains[row].communities[c])
            nobody *= 1.0 - public_contact(&t->communities[c], &t->chains[row], p);
    return 1.0 - nobody;
}

/* Share of the trade's basic process and product practices that the firm knows of. */
static double informed(const Firm *firm, const Sector *sector)
{
    int64_t basic = (INT64_C(1) << BASIC) - 1;
    int known = 0, heard = 0;
    for (int d = PROCESS; d <= PRODUCT; d++) {
        known += count(sector->known[d] & basic);
        heard += count((firm->aware[d] | firm->mastered[d]) & sector->known[d] & basic);
    }
    return known == 0 ? 0.0 : (double)heard / known;
}

/* Share out over the communities reached; kind 0 for institutions, else 1 plus that of the instrument. */
static void charge(
    const int8_t *reach, double public, int kind, double donor, double private, const Tables *t, Series *series)
{
    int64_t places = 0;
    for (int64_t c = 0; c < t->n_communities; c++)
        if (reach[c])
            places += t->communities[c].places;
    for (int64_t c = 0; c < t->n_communities; c++)
        if (reach[c]) {
            double share = t->communities[c].places / (double)places;
            series[c].public_cost += share * public;
            series[c].public_by[kind] += share * public;
            series[c].donor_cost += share * donor;
            series[c].private_cost += share * private;
        }
}

static void observe_costs(const Tables *t, Series *series, const double *spent_public)
{
    for (int64_t row = 0; row < t->n_institutions; row++) {
        const Institution *institution = &t->institutions[row];
        double others = institution->spent - spent_public[row];
        double brought = budget(institution) - institution->budget;
        double donor = brought > 0.0 ? others * institution->donor / brought : 0.0;
        charge(institution->reach, spent_public[row], 0, donor, others - donor, t, series);
    }
    for (int64_t row = 0; row < t->n_instruments; row++) {
        const Instrument *instrument = &t->instruments[row];
        charge(instrument->communities, instrument->spent, 1 + instrument->kind, 0.0, 0.0, t, series);
    }
}

static void observe_firm(
    const Firm *firm, const Tables *t, Scratch *scratch, int64_t tick, const Params *p,
    Series *seen)
{
    const Sector *sector = sector_of(t, firm);
    seen->firms++;
    seen->founders += firm->born == 0;
    seen->sizes[size_class(firm->workers)]++;
    seen->served += firm->served >= 0 && tick - firm->served < YEAR;
    seen->hours += firm->hours;
    int mastered = 0;
    for (int d = 0; d < DIMENSIONS; d++) {
        int level = count(firm->mastered[d]);
        seen->levels[d][level]++;
        mastered += level;
        for (int rung = 0; rung < RUNGS && on_rung(firm->mastered[d], rung) >= STANDING; rung++)
            seen->rungs[d][rung]++;
    }
    seen->practices[mastered]++;
    observe_chains(firm, t->chains, seen);
    seen->informed += informed(firm, sector);
    for (int d = PROCESS; d <= PRODUCT; d++) {
        int64_t *tally = scratch->masters[firm->community][d];
        for (int64_t basic = firm->mastered[d] & ((INT64_C(1) << BASIC) - 1); basic; basic &= basic - 1)
            tally[position(basic)]++;
    }
    seen->members += firm->members != 0;
    seen->high_road += firm->road == ROAD_HIGH;
    seen->certified += firm->certified > 0.0;
    seen->reached += (firm->members & ((INT64_C(1) << ASSOCIATION) - 1)) != 0;
    seen->backward += firm->backward;
    seen->forward += firm->forward;
    seen->workers += firm->workers;
    seen->value_added += firm->workers * firm->value_added;
    double exports, sales = sales_and_exports(firm, t->chains, sector, p, &exports);
    seen->sales += sales;
    seen->exports += exports;
    seen->productivity += firm->value_added;
    seen->wages += firm->workers * firm->wage;
    seen->resources += firm->resources;
}

static void observe_tie(const Tie *tie, Series *seen)
{
    seen->ties++;
    seen->trust += tie->trust;
    seen->met += tie->kept;
}

static void observe(
    const Tables *t, int64_t used, const Tallies *tallies, Scratch *scratch, const Ledger *booked,
    int64_t n_booked, int64_t tick, const Params *p)
{
    int64_t *place_of = scratch->queue;
    Series *series = &t->series[tick * t->n_communities];
    memset(scratch->masters, 0, (size_t)t->n_communities * sizeof *scratch->masters);
    for (int64_t i = 0; i < t->n_firms; i++) {
        const Firm *firm = &t->new[i];
        Series *seen = &series[firm->community];
        observe_turnover(&t->old[i], firm, seen);
        place_of[i] = firm->active ? firm->community : NOBODY;
        if (firm->active)
            observe_firm(firm, t, scratch, tick, p, seen);
    }
    for (int64_t e = 0; e < used; e++) {
        /* beside each other, unlike the rows of firms */
        int64_t here = place_of[t->ties[e].a], there = place_of[t->ties[e].b];
        if (here != NOBODY && there != NOBODY) {
            observe_tie(&t->ties[e], &series[here]);
            observe_tie(&t->ties[e], &series[there]);
        }
    }
    for (int64_t c = 0; c < t->n_communities; c++) {
        const Community *community = &t->communities[c];
        Series *seen = &series[c];
        for (int d = PROCESS; d <= PRODUCT; d++)
            for (int bit = 0; bit < BASIC; bit++)
                seen->pool += (double)scratch->masters[c][d][bit] > LOCAL_POOL * seen->firms;
        seen->local_inputs = t->sectors[community->sector].local_inputs * community->local_inputs;
        seen->contact = contact_of(c, t, p);
        seen->large_firm = large_firm(p);
        seen->full_circle = 3 * meets_peer(1.0, 1.0, p);
        seen->visits = (int32_t)tallies->visits[c];
        seen->places = community->founders;
        seen->entries = (int32_t)tallies->flows[c][0];
        seen->exits = (int32_t)tallies->flows[c][1];
    }
    observe_costs(t, series, tallies->spent_public);
    for (int64_t n = 0; n < n_booked; n++)
        series[t->new[booked[n].firm].community].gained[booked[n].dimension][booked[n].channel]++;
}
