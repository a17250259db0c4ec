/* Rules of value chains (G1-G5, M1), of ownership (F6), and what brings buyers (I6, I7, P2, P3). */

#ifndef CHAINS_H
#define CHAINS_H

#include "knowledge.h"

static inline bool has_contract(const Firm *firm)
{
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] >= 0)
            return true;
    return false;
}

static inline bool supplies(const Firm *firm, int64_t row)
{
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] == row)
            return true;
    return false;
}

/* -- G3 guarding -- */

static inline bool guards(const Chain *chain)
{
    return chain->governance == QUASI_HIERARCHY || chain->governance == HIERARCHY;
}

static inline double freedom(double guarded, double shared, const Params *p)
{
    return (1.0 - p->guarding.deterrence * guarded) * (1.0 + p->guarding.sharing * shared);
}

static inline bool punishes(const Firm *me, const Chain *chain, uint64_t draw, const Params *p)
{
    if (!guards(chain) || score(me->mastered[FUNCTIONAL]) <= p->guarding.encroachment)
        return false;
    return chance(draw) < p->guarding.punishment;
}

/* -- G1 selection -- */

static inline double standard(const Chain *chain, const Params *p)
{
    return p->selection.strictness * chain->entry_standard;
}

static inline double missed(const Firm *me, const Chain *chain, const Params *p)
{
    double largest = -1.0;
    for (int d = 0; d <= PRODUCT; d++)
        if (chain->asks[d] > 0.0) {
            int64_t whole = most_whole(1, count(chain->holds[d]));
            double share = (double)count(me->mastered[d] & chain->holds[d]) / (double)whole;
            largest = most(largest, p->selection.strictness * chain->asks[d] - share);
        }
    return largest;
}

static inline double felt_standard(const Firm *me, const Chain *chain, const Params *p)
{
    return most(standard(chain, p), capability(me) + missed(me, chain, p));
}

static inline bool is_eligible(const Firm *me, const Chain *chain, const Params *p)
{
    return !(missed(me, chain, p) > 0.0) && capability(me) >= standard(chain, p);
}

static inline bool falls_behind(const Firm *me, const Chain *chain, const Params *p)
{
    double patience = p->selection.patience;
    return capability(me) < standard(chain, p) - patience || missed(me, chain, p) > patience;
}

static inline double public_contact(const Community *community, const Chain *chain, const Params *p)
{
    if (chain->reach != GLOBAL)
        return community->market_access;
    double money = community->aid[INSTRUMENT_EXPORT_PROMOTION];
    double full = least(1.0, money / (p->export_promotion.cost * community->places));
    return 1.0 - (1.0 - community->market_access) * (1.0 - p->export_promotion.effect * full);
}

static inline double contact(const Firm *me, const Community *community, const Chain *chain, const Params *p)
{
    double open_to_all = public_contact(community, chain, p);
    if (chain->reach == GLOBAL && me->promoted)
        open_to_all = 1.0 - (1.0 - open_to_all) * (1.0 - p->export_promotion.effect);
    if (chain->reach == GLOBAL && me->certified > 0.0)
        return 1.0 - (1.0 - open_to_all) * (1.0 - p->certification.signal);
    return open_to_all;
}

/* -- G2 support, I7 complementarity, F6 ownership -- */

static inline double support(const Chain *chain, int d, int64_t stage, const Sector *sector, const Params *p)
{
    if (chain->governance == NETWORK)
        return p->support.network;
    if (d > PRODUCT)
        return 0.0;
    if (chain->governance == QUASI_HIERARCHY) {
        double reliance = sector->tacitness[d] * (1.0 - chain->entry_standard);
        reliance += (1.0 - reliance) * least(1.0, chain->aid[INSTRUMENT_SUPPLIER_DEVELOPMENT]);
        double access = p->support.quasi_hierarchy * reliance;
        return stage < p->support.first_stage ? access : access * p->support.later;
    }
    return chain->governance == HIERARCHY ? p->support.hierarchy : 0.0;
}

static inline int64_t favoured_number(const Chain *chain, const Sector *sector, const Params *p)
{
    if (chain->governance == HIERARCHY || chain->governance == NETWORK)
        return chain->suppliers;
    double tacit = 0.5 * (sector->tacitness[PROCESS] + sector->tacitness[PRODUCT]);
    double few = p->support.favoured;
    double share = few + (1.0 - few) * (tacit * (1.0 - chain->entry_standard));
    share = least(1.0, share + chain->aid[INSTRUMENT_SUPPLIER_DEVELOPMENT]);
    return (int64_t)(share * chain->suppliers + 0.5);
}

static inline double collaborates(
    const Firm *me, const Chain *chain, int d, int64_t stage, bool invested, const Sector *sector,
    const Params *p)
{
    if (!(invested || capability(me) >= chain->favoured_from))
        return 0.0;
    return rate(CHANNEL_BUYER, p) * support(chain, d, stage, sector, p);
}

static inline bool took_part(const Firm *me, int64_t tick, const Params *p)
{
    return p->complementarity.applied > 0.0 && tick - me->served <= p->complementarity.recent;
}

static inline double engaged(double capacity, double effort, const Firm *me, int64_t tick, const Params *p)
{
    return took_part(me, tick, p) ? capacity + p->complementarity.applied * (effort - capacity) : capacity;
}

static inline double carry_of_own_practice(
    double carry, const Firm *me, int64_t practice, int64_t asked, int64_t tick, const Params *p)
{
    return practice & asked && took_part(me, tick, p) ? most(carry, p->complementarity.applied) : carry;
}

static inline int64_t translated(const Firm *me, int d, const Chain *chain, uint64_t draw, const Params *p)
{
    bool can = chance(key(draw, DRAW_TRANSLATE)) < p->complementarity.translate;
    return can ? me->aware[d] & chain->holds[d] : 0;
}

static inline double meets_parent(const Firm *me, int d, const Params *p)
{
    if (me->ownership == OWNERSHIP_LOCAL || d > PRODUCT)
        return 0.0;
    return rate(CHANNEL_BUYER, p) * p->ownership.transfer;
}

/* -- G5 governance shift -- */

static inline int next_governance(
    const Chain *chain, double able, double functional, const Sector *sector, uint64_t draw,
    const Params *p)
{
    double maturity = p->governance_shift.maturity;
    if (chain->suppliers == 0 || chance(draw) >= p->governance_shift.shift)
        return chain->governance;
    if (chain->governance == QUASI_HIERARCHY && able >= maturity) {
        if (functional >= p->governance_shift.functions)
            return NETWORK;
        if (sector->tacitness[PRODUCT] <= p->governance_shift.codified)
            return MARKET;
    } else if (chain->steered && able < maturity - p->governance_shift.relapse) {
        return QUASI_HIERARCHY;
    }
    return chain->governance;
}

#endif
