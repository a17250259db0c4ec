/* Event 2: policy instruments spend, each kind in a way of its own. */

#include "views.h"

static inline uint64_t instrument_key(int64_t row, const Quarter *quarter)
{
    return key(key(quarter->key, DRAW_INSTRUMENT), (uint64_t)row);
}

/* A bound on the lessons of all projects that are granted in a quarter. */
static int64_t most_lessons(const Tables *t, const Params *p)
{
    int64_t firms = 0;
    for (int64_t row = 0; row < t->n_instruments; row++)
        if (t->instruments[row].kind == INSTRUMENT_GRANTS && p->grants.grant > 0.0)
            firms += (int64_t)least((double)t->n_firms, t->instruments[row].budget / p->grants.grant + 1.0);
    return least_whole(t->n_firms, firms) * N_SELLERS * (int64_t)p->grants.visits;
}

/* A firm takes part in an instrument; a broker may come to a place that is vacant. */
static void join(Firm *firm, Instrument *instrument, int64_t row)
{
    if (firm->active) {
        instrument->joined += !in_mask(firm->programmes, row);
        firm->programmes |= INT64_C(1) << row;
    }
}

/* Who may apply when few firms may take part in all: all while there is room, else who did before. */
static void keep_within_quota(
    const Firm *firms, int64_t *listed, int64_t *n, int64_t *granted, int64_t places, int64_t row)
{
    if (places >= *granted)
        return;
    if (places > 0) {
        *granted = places;
        return;
    }
    int64_t front = 0;
    for (int64_t at = 0; at < *n; at++)
        if (in_mask(firms[listed[at]].programmes, row))
            listed[front++] = listed[at];
    *n = front;
    *granted = least_whole(*granted, front);
}

/* P1: projects for the ablest of those who can match and have a use for one. */
static void give_grants(
    Instrument *instrument, int64_t row, Tables *t, Scratch *scratch, const Quarter *quarter, const Params *p)
{
    int64_t *listed = scratch->queue, n = 0;
    double grant = p->grants.grant;
    if (grant <= 0.0)
        return;
    for (int64_t i = 0; i < t->n_firms; i++) {
        const Firm *firm = &t->new[i];
        if (!instrument->communities[firm->community] || firm->project != NOBODY)
            continue;
        if (instrument->chooses == PARTICIPANTS_SELF_SELECTED && firm->road == ROAD_LOW)
            continue;
        if (can_match(firm, p) && worth_it(firm, sector_of(t, firm), p))
            listed[n++] = i;
    }
    double affordable = instrument->budget / grant + chance(key(instrument_key(row, quarter), DRAW_GRANT));
    int64_t granted = (int64_t)least((double)n, affordable);
    keep_within_quota(t->new, listed, &n, &granted, instrument->quota - instrument->joined, row);
    if (0 < granted && granted < n) {
        if (instrument->chooses == PARTICIPANTS_CHOSEN)
            let_in_ablest(listed, n, granted, t->new, DRAW_GRANT, row, quarter->key, scratch);
        else
            let_in(listed, n, granted, t->new, DRAW_GRANT, row, quarter->key, scratch->ranks);
    }
    for (int64_t number = 0; number < granted; number++) {
        Firm *firm = &t->new[listed[number]];
        join(firm, instrument, row);
        firm->project = (int8_t)project(firm, sector_of(t, firm), p);
    }
    instrument->spent = (double)granted * grant;
}

/* Whether the chain buys anywhere where the instrument applies. */
static bool share_a_community(const Chain *chain, const Instrument *instrument)
{
    for (int c = 0; c < COMMUNITIES; c++)
        if (chain->communities[c] && instrument->communities[c])
            return true;
    return false;
}

/* P2: lead firms work with more of their suppliers. */
static void develop(Tables *t, Instrument *instrument, const Params *p)
{
    int64_t suppliers = 0;
    for (int64_t row = 0; row < t->n_chains; row++)
        if (share_a_community(&t->chains[row], instrument))
            suppliers += t->chains[row].suppliers;
    if (suppliers == 0)
        return;
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        if (!share_a_community(chain, instrument) || chain->suppliers <= 0)
            continue;
        double cost = p->supplier_development.cost * chain->suppliers;
        double money = least(instrument->budget * chain->suppliers / (double)suppliers, cost);
        chain->aid[INSTRUMENT_SUPPLIER_DEVELOPMENT] += p->supplier_development.reach * money / cost;
        instrument->spent += money;
    }
}

/* P3: money for fairs and missions, shared out over places. */
static void promote(Tables *t, Instrument *instrument)
{
    int64_t places = 0;
    for (int64_t c = 0; c < t->n_communities; c++)
        if (instrument->communities[c])
            places += t->communities[c].places;
    for (int64_t c = 0; c < t->n_communities; c++)
        if (instrument->communities[c])
            t->communities[c].aid[INSTRUMENT_EXPORT_PROMOTION]
                += instrument->budget * t->communities[c].places / (double)places;
    instrument->spent = instrument->budget;
}

/* P3: full programmes for those who took part before, and while there is room and money for others. */
static void take_abroad(
    Instrument *instrument, int64_t row, Tables *t, Scratch *scratch, const Quarter *quarter, const Params *p)
{
    int64_t *listed = scratch->queue, served = 0;
    double cost = p->export_promotion.cost;
    int64_t affordable
        = (int64_t)(instrument->budget / cost + chance(key(instrument_key(row, quarter), DRAW_GRANT)));
    for (int newcomers = 0; newcomers < 2; newcomers++) {
        int64_t n = 0;
        for (int64_t i = 0; i < t->n_firms; i++) {
            const Firm *firm = &t->new[i];
            if (!firm->active || !instrument->communities[firm->community])
                continue;
            bool before = in_mask(firm->programmes, row);
            bool unwilling = instrument->chooses == PARTICIPANTS_SELF_SELECTED && firm->road == ROAD_LOW;
            if (before != newcomers && !unwilling)
                listed[n++] = i;
        }
        int64_t places = least_whole(n, affordable - served);
        if (newcomers)
            places = most_whole(0, least_whole(places, instrument->quota - instrument->joined));
        if (0 < places && places < n) {
            if (instrument->chooses == PARTICIPANTS_CHOSEN)
                let_in_ablest(listed, n, places, t->new, DRAW_GRANT, row, quarter->key, scratch);
            else
                let_in(listed, n, places, t->new, DRAW_GRANT, row, quarter->key, scratch->ranks);
        }
        for (int64_t number = 0; number < places; number++) {
            Firm *firm = &t->new[listed[number]];
            join(firm, instrument, row);
            firm->promoted = 1;
        }
        served += places;
    }
    instrument->spent = (double)served * cost;
}

/* Whether a place in the list of ties holds one of firm i within its community. */
static inline bool is_local(int64_t at, int64_t i, const Tie *ties, const TiesByFirm *by_firm)
{
    return at < by_firm->first[i + 1] && ties[by_firm->rows[at]].kind == TIE_LOCAL;
}

/* The tie of firm i to one of its neighbours: who draws the lowest number. */
static Tie *neighbour_by_lot(int64_t i, const Tables *t, const TiesByFirm *by_firm, uint64_t draw)
{
    int64_t at = by_firm->first[i], chosen = by_firm->rows[at];
    double lowest = 1.0;
    for (; is_local(at, i, t->ties, by_firm); at++) {
        const Tie *tie = &t->ties[by_firm->rows[at]];
        double drawn = chance(key(draw, (uint64_t)t->new[tie->a + tie->b - i].place));
        if (drawn < lowest) {
            chosen = by_firm->rows[at];
            lowest = drawn;
        }
    }
    return &t->ties[chosen];
}

/* C2: brokers raise trust between neighbours. */
static void send_brokers(
    Instrument *instrument, int64_t row, Tables *t, const TiesByFirm *by_firm, int8_t *has_neighbour,
    const Quarter *quarter, const Params *p)
{
    int64_t n = 0;
    for (int64_t i = 0; i < t->n_firms; i++) {
        const Firm *firm = &t->new[i];
        has_neighbour[i] = instrument->communities[firm->community] && firm->active
            && is_local(by_firm->first[i], i, t->ties, by_firm);
        n += has_neighbour[i];
    }
    if (n == 0)
        return;
    Extent extent = extent_of(instrument->communities, t);
    uint64_t brokers_key = key(instrument_key(row, quarter), DRAW_BROKER);
    double cost = p->joint_action.broker;
    int64_t projects = (int64_t)(instrument->budget / cost + chance(brokers_key));
    for (int64_t number = 0; number < projects; number++) {
        uint64_t draw = key(brokers_key, (uint64_t)number);
        int64_t i = by_lot(
            has_neighbour, n, t->communities, instrument->communities, extent, NOBODY, key(draw, DRAW_FIRM));
        Tie *tie = neighbour_by_lot(i, t, by_firm, key(draw, DRAW_RIVAL));
        tie->trust += p->joint_action.push * (1.0 - tie->trust);
        join(&t->new[tie->a], instrument, row);
        join(&t->new[tie->b], instrument, row);
        instrument->spent += cost;
    }
}

static void spend(
    Tables *t, const TiesByFirm *by_firm, Scratch *scratch, const Quarter *quarter, const Params *p)
{
    for (int64_t c = 0; c < t->n_communities; c++)
        memset(t->communities[c].aid, 0, sizeof t->communities[c].aid);
    for (int64_t row = 0; row < t->n_chains; row++)
        memset(t->chains[row].aid, 0, sizeof t->chains[row].aid);
    for (int64_t row = 0; row < t->n_instruments; row++)
        if (t->instruments[row].kind == INSTRUMENT_EXPORT_PROMOTION)
            for (int64_t i = 0; i < t->n_firms; i++)
                t->new[i].promoted = 0;
    for (int64_t row = 0; row < t->n_instruments; row++) {
        Instrument *instrument = &t->instruments[row];
        instrument->spent = 0.0;
        if (quarter->tick < instrument->first || quarter->tick > instrument->last)
            continue;
        switch (instrument->kind) {
        case INSTRUMENT_GRANTS:
            give_grants(instrument, row, t, scratch, quarter, p);
            break;
        case INSTRUMENT_SUPPLIER_DEVELOPMENT:
            develop(t, instrument, p);
            break;
        case INSTRUMENT_EXPORT_PROMOTION:
            if (instrument->aimed)
                take_abroad(instrument, row, t, scratch, quarter, p);
            else
                promote(t, instrument);
            break;
        case INSTRUMENT_CONSORTIUM:
            send_brokers(instrument, row, t, by_firm, scratch->eligible, quarter, p);
            break;
        }
    }
}
