/* Rules of firms and markets (F1-F4, M1-M3, G6) and of founding. */

#ifndef ECONOMY_H
#define ECONOMY_H

#include "chains.h"

/* -- F2 value added -- */

static inline double made(const Firm *me, const Params *p)
{
    double product = 1.0;
    for (int d = 0; d < DIMENSIONS; d++)
        product *= 1.0 + p->value_added.gain[d] * score(me->mastered[d]) / RUNGS;
    return product;
}

static inline double paid(const Chain *chain, const Params *p)
{
    double level = chain->reach == GLOBAL ? chain->price * chain->exchange : chain->price;
    return level * (1.0 + p->value_added.premium[chain->reach]);
}

static inline double outlet(const Firm *me, const Chain *chain, const Params *p)
{
    double independence = p->value_added.independence * score(me->mastered[FUNCTIONAL]) / RUNGS;
    double cut = p->value_added.cut[chain->governance] * (1.0 - independence);
    return paid(chain, p) * (1.0 - cut);
}

static inline double large_firm(const Params *p)
{
    double mastered = (1.0 + p->value_added.gain[PROCESS]) * (1.0 + p->value_added.gain[PRODUCT]);
    return p->value_added.scale * mastered * (1.0 + p->value_added.premium[GLOBAL]);
}

/* -- M3 employment -- */

static inline double output_of_worker(const Firm *me, const Params *p)
{
    return 1.0 + p->value_added.gain[PROCESS] * score(me->mastered[PROCESS]) / RUNGS;
}

static inline double workers_after(const Firm *me, double orders, const Params *p)
{
    double wanted = orders / output_of_worker(me, p);
    return most(1.0, me->workers + p->employment.speed * (wanted - me->workers));
}

static inline double delivered(const Firm *me, double orders, const Params *p)
{
    double capacity = me->workers * output_of_worker(me, p);
    return orders <= capacity ? 1.0 : capacity / orders;
}

static inline double in_use(const Firm *me, double orders, const Params *p)
{
    double used = least(1.0, orders / (me->workers * output_of_worker(me, p)));
    return 1.0 - p->employment.idle * (1.0 - used);
}

/* -- F1 road, F4 wages -- */

static inline double practice_value(const Params *p)
{
    return 0.5 * (p->value_added.gain[PROCESS] + p->value_added.gain[PRODUCT]) / PRACTICES;
}

static inline double progress_after(double progress, int gained, const Params *p)
{
    return progress + p->road.memory * (gained - progress);
}

static inline int choose_road(const Firm *me, const Params *p)
{
    double expected = (me->progress + p->road.hope) * practice_value(p) * p->road.foresight;
    return expected >= p->road.cost || me->resources >= p->road.comfort ? ROAD_HIGH : ROAD_LOW;
}

static inline double wage_kept(const Firm *me, const Params *p)
{
    return me->road == ROAD_HIGH ? 1.0 : 1.0 - p->road.wage_squeeze;
}

static inline double wage_target(double value_added, double kept, const Params *p)
{
    return most(p->wages.reservation, p->wages.share * kept * value_added);
}

static inline double wage_after(double wage, double value_added, double kept, const Params *p)
{
    return wage + p->wages.speed * (wage_target(value_added, kept, p) - wage);
}

/* -- F3 resources -- */

static inline double luck(uint64_t draw, const Params *p)
{
    return 1.0 + p->resources.volatility * (2.0 * chance(draw) - 1.0);
}

static inline double resources_after(double resources, double margin, double spending, const Params *p)
{
    return least(p->resources.cap, most(0.0, resources + p->resources.retained * margin - spending));
}

static inline double start_density(
    const Community *community, int d, int bit, double quality, double fall)
{
    if (!in_mask(community->repertoire[d], bit))
        return 0.0;
    double density = community->start[d] * quality / community->repertoire_share;
    for (int rung = 0; rung < bit / PER_RUNG; rung++)
        density *= fall;
    return least(1.0, density);
}

static inline void found(Firm *firm, const Community *community, const Sector *sector, uint64_t draw)
{
    double quality = 1.0 + sector->start_spread * (2.0 * chance(key(draw, DRAW_QUALITY)) - 1.0);
    for (int d = 0; d < DIMENSIONS; d++) {
        int64_t mask = 0;
        for (int bit = 0; bit < PRACTICES; bit++) {
            double density = start_density(community, d, bit, quality, sector->start_fall);
            if (chance(key(draw, (uint64_t)(DRAW_FOUND + PRACTICES * d + bit))) < density)
                mask |= INT64_C(1) << bit;
        }
        firm->mastered[d] = mask;
        firm->aware[d] = mask;
    }
}

static inline void inherit(Firm *firm, const Firm *parent, uint64_t draw, const Params *p)
{
    for (int d = 0; d < DIMENSIONS; d++) {
        int64_t mask = 0;
        for (int bit = 0; bit < PRACTICES; bit++)
            if (chance(key(draw, (uint64_t)(DRAW_FOUND + PRACTICES * d + bit))) < p->resources.inherit)
                mask |= INT64_C(1) << bit;
        firm->mastered[d] = parent->mastered[d] & mask;
        firm->aware[d] = parent->aware[d];
    }
}

static inline double size_at_start(const Community *community, uint64_t draw)
{
    double u = chance(draw);
    return most(1.0, community->workers * 3.0 * u * u);
}

static inline void open_business(Firm *firm, const Community *community, const Params *p)
{
    firm->active = 1;
    firm->ownership = OWNERSHIP_LOCAL;
    firm->parent = NOBODY;
    firm->distress = 0;
    firm->dimension = 0;
    firm->project = NOBODY;
    firm->members = 0;
    firm->programmes = 0;
    firm->hours = 0.0;
    firm->served = NOT_YET;
    firm->pressed = 0.0;
    firm->certified = 0.0;
    firm->progress = p->road.confidence;
    firm->road = ROAD_HIGH;
    for (int c = 0; c < CONTRACTS; c++) {
        firm->contract[c] = NOBODY;
        firm->order[c] = 0.0;
        firm->since[c] = 0;
    }
    firm->home = firm->workers * output_of_worker(firm, p);
    firm->in_use = 1.0;
    firm->resources = p->resources.endowment;
    firm->backward = community->backward;
    firm->forward = community->forward;
    firm->value_added = made(firm, p);
    firm->wage = wage_target(firm->value_added, 1.0, p);
}

/* -- M1 demand -- */

static inline double offer(const Firm *me, const Chain *chain, const Params *p)
{
    double merit = capability(me);
    if (!guards(chain))
        merit += p->demand.design * score(me->mastered[FUNCTIONAL]) / RUNGS;
    if (me->certified > 0.0)
        merit += p->certification.assurance;
    return merit;
}

static inline double most_growth(double amount, double wanted, double workers, const Params *p)
{
    if (p->demand.growth >= 1.0)
        return wanted;
    return least(wanted, amount * (1.0 + p->demand.growth / (1.0 + workers / p->demand.span)));
}

static inline double order_after(
    double order, double scale, double merit, double mean, double workers, const Params *p)
{
    double wanted = order * scale * most(0.0, 1.0 + p->demand.selection * (merit - mean));
    return most_growth(order, wanted, workers, p);
}

static inline double displaced(double order, const Params *p) { return p->demand.displacement * order; }

/* -- M2 the home market -- */

static inline double offer_at_home(const Firm *me, double kept, const Params *p)
{
    return capability(me) + p->home_market.cheapness * (1.0 - kept);
}

static inline double offer_of_importers(const Sector *sector, const Params *p)
{
    return sector->rivals + p->home_market.cheapness * (1.0 - sector->exchange);
}

static inline double sales_after(
    double sales, double scale, double merit, double mean, double even, const Params *p)
{
    double kept = sales * scale * most(0.0, 1.0 + p->home_market.reaction * (merit - mean));
    return kept + p->home_market.retender * (even - kept);
}

static inline double price_at_home(double import_share, const Params *p)
{
    return 1.0 - p->home_market.undercut * import_share;
}

/* -- G6 outside options -- */

static inline double amount_wanted(const Chain *chain, double offered, const Params *p)
{
    double lead = offered - chain->outside
        + p->outside_options.discount * (chain->price * chain->exchange - 1.0);
    double start = chain->orders * chain->first_order * (1.0 + chain->grown);
    return start * least(p->outside_options.most, most(0.0, 1.0 + p->outside_options.footloose * lead));
}

static inline double still_bought(const Chain *leader)
{
    return leader->first_amount <= 0.0 ? 1.0 : leader->amount / leader->first_amount;
}

static inline double grown_after(const Chain *chain)
{
    return (1.0 + chain->grown) * pow(1.0 + chain->growth, 0.25) - 1.0;
}

static inline double outside_after(const Chain *chain)
{
    if (chain->outside < 0.0)
        return chain->outside;
    return most(0.0, chain->outside + chain->outside_rise / 4.0);
}

#endif
