/* Rules of knowledge (K1-K8), of learning in a cluster (C1-C3) and of the owner's effort (F1, F5). */

#ifndef KNOWLEDGE_H
#define KNOWLEDGE_H

#ifdef __BMI2__
#include <immintrin.h>
#endif

#include "draws.h"

#define RUNG_1 ((INT64_C(1) << PER_RUNG) - 1)

/* -- practices -- */

static inline int count(int64_t mask) { return __builtin_popcountll((uint64_t)mask); }

/* The bit number of a single practice; of several, of the lowest. */
static inline int position(int64_t mask) { return __builtin_ctzll((uint64_t)mask); }

/* One practice of a mask, each equally likely; 0 if it is empty. */
static inline int64_t any_one_of(int64_t mask, uint64_t draw)
{
    int64_t n = one_of(count(mask), draw);
#ifdef __BMI2__
    return (int64_t)_pdep_u64(UINT64_C(1) << n, (uint64_t)mask);
#else
    for (; n > 0; n--)
        mask &= mask - 1;
    return mask & -mask;
#endif
}

static inline int on_rung(int64_t mask, int rung) { return count((mask >> (PER_RUNG * rung)) & RUNG_1); }

static inline double score(int64_t mask) { return (double)count(mask) / PER_RUNG; }

/* Process and product practices mastered. */
static inline int ability(const Firm *firm)
{
    return count(firm->mastered[PROCESS]) + count(firm->mastered[PRODUCT]);
}

static inline double capability(const Firm *firm) { return ability(firm) / (2.0 * PRACTICES); }

/* -- F5 pressure -- */

static inline bool in_sight(const Firm *me, double asked, bool supplies, const Params *p)
{
    double spare = capability(me) - asked;
    if (supplies)
        return spare < p->pressure.sight;
    return -p->pressure.sight <= spare && spare < 0.0;
}

static inline bool in_reach(const Firm *me, double asked, const Params *p)
{
    return capability(me) >= asked - p->pressure.sight;
}

static inline bool slumps(const Firm *me, const Params *p) { return me->in_use < 1.0 - p->pressure.slump; }

static inline double pressed_by(bool near, bool lost, bool neighbour)
{
    return least(1.0, 0.5 * (near + lost + neighbour));
}

static inline double spurred(double effort, const Firm *me, const Params *p)
{
    return effort + p->pressure.spur * me->pressed * (1.0 - effort);
}

static inline double together_under_pressure(const Firm *me, const Params *p)
{
    return 1.0 + p->pressure.focus * me->pressed;
}

/* -- F1, F3 the owner's effort -- */

static inline double effort_of_means(const Firm *me, const Params *p)
{
    double slack = p->resources.slack;
    return slack == 0.0 ? 1.0 : me->resources / (me->resources + slack);
}

static inline double learning_effort(const Firm *me, const Params *p)
{
    double spent = spurred(effort_of_means(me, p), me, p);
    return me->road == ROAD_HIGH ? spent : spent * (1.0 - p->road.neglect);
}

/* -- K2b attention -- */

static inline double weight(const Firm *me, int d, double freedom, const Params *p)
{
    double own = p->attention.weight[d];
    return d > PRODUCT ? freedom * own : own * (1.0 + p->pressure.focus * me->pressed);
}

static inline int attend(const Firm *me, double freedom, uint64_t draw, const Params *p)
{
    double up_to[DIMENSIONS], total = 0.0;
    for (int d = 0; d < DIMENSIONS; d++)
        up_to[d] = total += weight(me, d, freedom, p);
    double x = chance(draw) * total;
    for (int d = 0; d < INTERSECTORAL; d++)
        if (x < up_to[d])
            return d;
    return INTERSECTORAL;
}

/* -- K3 absorption -- */

static inline bool lacks_nothing(const Firm *me, int d, int rung, const Params *p)
{
    double lean = p->absorption.lean;
    if (rung > 0 && on_rung(me->mastered[d], rung - 1) < p->absorption.step)
        return false;
    if (d == FUNCTIONAL)
        return !(on_rung(me->mastered[PRODUCT], rung) < lean);
    if (d == INTERSECTORAL)
        return !(on_rung(me->mastered[FUNCTIONAL], rung) < lean || on_rung(me->mastered[PROCESS], rung) < lean);
    return true;
}

static inline int64_t within_reach(const Firm *me, int d, const Params *p)
{
    int64_t reach = 0;
    for (int rung = 0; rung < RUNGS && lacks_nothing(me, d, rung, p); rung++)
        reach |= RUNG_1 << (PER_RUNG * rung);
    return reach;
}

static inline int64_t next_rung(const Firm *me, int d, int64_t reach)
{
    for (int rung = 0; rung < RUNGS; rung++) {
        int64_t missing = (RUNG_1 << (PER_RUNG * rung)) & reach & ~me->mastered[d];
        if (missing)
            return missing;
    }
    return 0;
}

static inline double absorptive_capacity(const Firm *me, double effort, const Params *p)
{
    double floor = p->absorption.floor;
    return effort * (floor + (1.0 - floor) * least(1.0, capability(me) / p->absorption.enough));
}

/* -- K1 awareness -- */

static inline void see(Firm *firm, int d, int64_t shown, uint64_t draw, const Params *p)
{
    if (shown & ~firm->aware[d] && chance(key(draw, DRAW_NOTE)) < p->awareness.meeting)
        firm->aware[d] |= shown;
}

static inline void hear_from_chain(Firm *firm, int d, const Chain *chain, uint64_t draw, const Params *p)
{
    if (chance(draw) < p->awareness.chain)
        firm->aware[d] |= chain->holds[d];
}

static inline void hear_at_fair(
    Firm *firm, int d, const Community *community, const Sector *sector, uint64_t draw, const Params *p)
{
    if (chance(draw) < p->awareness.fairs * community->information)
        firm->aware[d] |= any_one_of(sector->known[d], draw);
}

/* -- K4 redundancy -- */

/* The practice that a source shows; 0 if it holds none. */
static inline int64_t shown(int64_t source, int64_t needed, uint64_t draw, const Params *p)
{
    int64_t useful = source & needed;
    if (useful != 0 && useful != source && chance(key(draw, DRAW_SCREEN)) >= p->redundancy.unscreened)
        return any_one_of(useful, draw);
    return any_one_of(source, draw);
}

/* -- K2 interaction -- */

static inline double rate(int channel, const Params *p)
{
    return p->interaction.rate[channel - CHANNEL_PRACTICE];
}

static inline double carry_of(int channel, const Params *p)
{
    return p->interaction.carry[channel - CHANNEL_PRACTICE];
}

static inline double how(double carry, int d, double absorptive, const Sector *sector, const Params *p)
{
    double hidden = 1.0 - (1.0 - sector->tacitness[d]) * (1.0 - p->interaction.translation);
    return absorptive * (1.0 - hidden * (1.0 - carry));
}

/* Whether the practice comes with a machine, which this channel does not bring. */
static inline bool needs_machine(
    int channel, int d, int64_t practice, const Sector *sector, uint64_t draw, const Params *p)
{
    if (channel == CHANNEL_MACHINERY || channel == CHANNEL_BUYER || channel == CHANNEL_LABOUR)
        return false;
    if ((sector->holds[d][CHANNEL_MACHINERY - CHANNEL_ENGINEERING] & practice) == 0)
        return false;
    return chance(key(draw, DRAW_EMBODIED)) < p->interaction.embodied;
}

/* A firm that was shown a practice takes note and perhaps masters it; returns what is new. */
static inline int64_t take_up(
    Firm *firm, const Firm *me, int channel, double carry, int d, int64_t practice, int64_t reach,
    double absorptive, const Sector *sector, uint64_t draw, const Params *p)
{
    see(firm, d, practice, draw, p);
    if ((practice & reach & ~me->mastered[d]) == 0)
        return 0;
    if (needs_machine(channel, d, practice, sector, draw, p))
        return 0;
    if (chance(key(draw, DRAW_HOW)) >= how(carry, d, absorptive, sector, p))
        return 0;
    int64_t gained = practice & ~firm->mastered[d];
    firm->mastered[d] |= practice;
    firm->aware[d] |= practice;
    return gained;
}

/* -- C1 external economies, the exchange rate -- */

static inline double hires(const Community *community, double copying, const Params *p)
{
    double mobility = p->external_economies.hiring * community->labour_mobility;
    return rate(CHANNEL_LABOUR, p) * mobility * copying;
}

static inline double meets_maker(const Firm *me, const Community *community, const Params *p)
{
    return rate(CHANNEL_MACHINERY, p) * community->local_machines * me->backward;
}

static inline double local_price(int channel, const Sector *sector, const Community *community, const Params *p)
{
    if (channel == CHANNEL_MACHINERY) {
        double dearer = 1.0 + (1.0 - community->local_machines) * (sector->exchange - 1.0);
        return sector->machinery_price * dearer;
    }
    double asked = channel == CHANNEL_CONSULTANT ? sector->consultant_price : 0.0;
    double at_hand = p->external_economies.at_hand * sector->local_inputs * community->local_inputs;
    return asked * (1.0 - at_hand);
}

static inline double price_for(const Firm *me, double asked, const Community *community)
{
    return in_mask(me->members, ASSOCIATION) ? asked * (1.0 - community->purchases) : asked;
}

static inline double access_to(
    int channel, const Firm *me, const Community *community, const Sector *sector, double asked)
{
    if (!(asked <= me->resources))
        return 0.0;
    if (channel == CHANNEL_INPUTS)
        return sector->local_inputs * community->local_inputs * me->backward;
    if (channel == CHANNEL_USER)
        return me->forward;
    if (channel == CHANNEL_LABORATORY && !in_mask(me->members, ASSOCIATION))
        return sector->open_laboratory;
    return 1.0;
}

static inline double meets_source(
    int channel, const Firm *me, const Community *community, const Sector *sector, double asked,
    const Params *p)
{
    return rate(channel, p) * access_to(channel, me, community, sector, asked);
}

/* -- C2 joint action, C3 local leader, K7 appropriability -- */

static inline double meets_peer(double trust, double openly, const Params *p)
{
    return rate(CHANNEL_PEER, p) * trust * openly;
}

static inline double trust_after(double trust, bool paid, double usual, const Params *p)
{
    if (paid)
        return trust + p->joint_action.gain * (1.0 - trust);
    return trust - p->joint_action.fade * most(0.0, trust - p->joint_action.habit * usual);
}

static inline double trust_unused(double trust, double usual, const Params *p)
{
    return trust - p->joint_action.disuse * most(0.0, trust - p->joint_action.habit * usual);
}

static inline double horizontal(double led, const Params *p) { return 1.0 - p->local_leader.crowding * led; }

static inline double openness(const Sector *sector, const Params *p)
{
    return 1.0 - p->appropriability.strength * sector->appropriability;
}

/* -- K8 seeking -- */

static inline bool are_rivals(const Firm *me, const Firm *peer)
{
    for (int c = 0; c < CONTRACTS; c++)
        for (int other = 0; other < CONTRACTS; other++)
            if (me->contract[c] >= 0 && me->contract[c] == peer->contract[other])
                return true;
    return false;
}

static inline double by_ability(double lead, const Params *p) { return most(0.0, 1.0 + p->seeking.ability * lead); }

static inline double by_debt(double times, int64_t debt, const Params *p)
{
    return debt > 0 ? times * (1.0 + p->seeking.reciprocity) : times;
}

static inline double eagerness(const Firm *me, const Firm *peer, int64_t debt, const Params *p)
{
    double times = by_ability(capability(peer) - capability(me), p);
    if (are_rivals(me, peer))
        times *= 1.0 - p->seeking.rivalry;
    return by_debt(times, debt, p);
}

static inline double most_eager(const Firm *me, int64_t debt, const Params *p)
{
    return by_debt(by_ability(1.0 - capability(me), p), debt, p);
}

/* -- K5 recombination -- */

static inline double adapted(double capacity, double effort, const Institution *institution, const Params *p)
{
    int communities = institution->contributors;
    if (communities < 2)
        return capacity;
    double share = p->recombination.adaptation * (1.0 - 1.0 / communities);
    return capacity + share * (effort - capacity);
}

static inline int64_t hit_upon(const Firm *me, int d, int64_t reach, uint64_t draw, const Params *p)
{
    return chance(draw) < p->recombination.firm ? any_one_of(reach & ~me->mastered[d], draw) : 0;
}

/* -- K6 unlearning, K6a renewal -- */

static inline int64_t forgotten(
    int64_t mastered, int64_t asked, double guarded, int d, uint64_t draw, const Params *p)
{
    int64_t gone = 0;
    double usual = p->unlearning.forget[d];
    if (usual == 0.0)
        return 0;
    if (d == FUNCTIONAL)
        usual *= 1.0 + p->unlearning.kept_away * guarded;
    for (int64_t left = mastered; left; left &= left - 1) {
        int64_t practice = left & -left;
        double slips = usual;
        if (practice & asked)
            slips *= 1.0 - p->unlearning.practised;
        if (chance(key(draw, (uint64_t)practice)) < slips)
            gone |= practice;
    }
    return gone;
}

static inline int64_t overtaken(int d, const Sector *sector, uint64_t draw, const Params *p)
{
    int64_t gone = 0;
    double yearly = p->renewal.pace[d] * sector->pace;
    if (yearly == 0.0)
        return 0;
    for (int bit = 0; bit < PRACTICES; bit++)
        if (chance(key(draw, (uint64_t)bit)) < yearly / 4.0)
            gone |= INT64_C(1) << bit;
    return gone;
}

static inline int64_t caught_up(int64_t holds, int64_t own, uint64_t draw, const Params *p)
{
    for (int64_t missing = own & ~holds; missing; missing &= missing - 1) {
        int64_t practice = missing & -missing;
        if (chance(key(draw, (uint64_t)practice)) < p->renewal.diffusion)
            holds |= practice;
    }
    return holds;
}

#endif
