/* Rules of bridging institutions (I1-I8) and of policy instruments (P1, P2). */

#ifndef INSTITUTIONS_H
#define INSTITUTIONS_H

#include "economy.h"

/* -- I3 access -- */

static inline double dues(const Firm *me, const Institution *institution)
{
    return institution->fee + institution->levy * me->value_added;
}

static inline bool is_open(const Institution *institution, int64_t tick)
{
    if (institution->association)
        return true;
    bool paid = institution->budget > 0.0 || institution->donor > 0.0 || institution->fee > 0.0
        || institution->levy > 0.0;
    return paid && institution->opens <= tick && tick < institution->closes;
}

static inline bool is_meant(const Firm *me, const Institution *institution)
{
    if (me->workers > institution->largest)
        return false;
    if (institution->for_chains == 0)
        return true;
    for (int c = 0; c < CONTRACTS; c++)
        if (me->contract[c] >= 0 && in_mask(institution->for_chains, me->contract[c]))
            return true;
    return false;
}

static inline bool may_join(const Firm *me, const Institution *institution, int quarters, const Params *p)
{
    if (!is_meant(me, institution))
        return false;
    if (institution->chooses == PARTICIPANTS_SELF_SELECTED && me->road == ROAD_LOW)
        return false;
    if (institution->inclusive)
        return true;
    double fee = p->access.exclusion * dues(me, institution) * quarters;
    return me->resources >= p->access.means * fee
        && capability(me) >= p->access.exclusion * institution->minimum_capability;
}

static inline double owes_fee(const Firm *me, const Institution *institution, int64_t tick)
{
    double owed = dues(me, institution);
    return me->resources < owed || !is_open(institution, tick) ? 0.0 : owed;
}

static inline bool stays(const Firm *me, const Institution *institution, const Params *p)
{
    return institution->inclusive || me->resources >= p->access.exclusion * dues(me, institution);
}

static inline bool takes_up(const Institution *institution, uint64_t draw, const Params *p)
{
    return chance(draw) < p->access.take_up * institution->take_up;
}

/* -- I4 board -- */

static inline double budget(const Institution *institution)
{
    double others = 1.0 - institution->seats[PARTIES_GOVERNMENT];
    double public = institution->budget * (1.0 + institution->joint_investment * others);
    return public + institution->donor + institution->fees;
}

static inline int seated(const Institution *institution, uint64_t draw)
{
    double x = chance(key(draw, DRAW_SEAT));
    for (int party = 0; party < PARTIES_LEAD_FIRMS; party++) {
        x -= institution->seats[party];
        if (x < 0.0)
            return party;
    }
    return PARTIES_LEAD_FIRMS;
}

static inline bool has_say(uint64_t draw, const Params *p)
{
    return chance(key(draw, DRAW_VOICE)) < p->board.voice;
}

/* Whether a party could like another applicant better than the first. */
static inline bool would_give_way(int party, const Institution *institution, const Firm *first)
{
    switch (party) {
    case PARTIES_HOME_ASSOCIATION:
        return first->community != institution->home;
    case PARTIES_LEAD_FIRMS:
        return !has_contract(first);
    default:
        return party == PARTIES_ASSOCIATIONS;
    }
}

static inline bool prefers(int party, const Institution *institution, const Firm *first, const Firm *second)
{
    if (!would_give_way(party, institution, first))
        return false;
    if (party == PARTIES_HOME_ASSOCIATION)
        return second->community == institution->home;
    return party == PARTIES_LEAD_FIRMS ? has_contract(second) : capability(second) < capability(first);
}

/* -- I8 services -- */

static inline double events_expected(
    const Institution *institution, int s, int64_t members, double money, const Params *p)
{
    double price = institution->hour_price * p->services.hours[s];
    double bound = p->services.most * (double)members / p->services.firms[s];
    return least(bound, money * institution->hours[s] / price);
}

static inline int64_t planned_events(double expected, uint64_t draw)
{
    return (int64_t)(expected + chance(draw));
}

static inline double cost_of_event(const Institution *institution, int s, const Params *p)
{
    return institution->hour_price * p->services.hours[s];
}

static inline int64_t lessons_each(int s, const Params *p) { return (int64_t)p->services.lessons[s]; }

static inline int64_t participants(int s, int64_t members, const Params *p)
{
    return least_whole(members, (int64_t)p->services.firms[s]);
}

/* -- I2 tutelage -- */

static inline int64_t diagnosed(int64_t repository, const Firm *me, int d, int64_t reach)
{
    int64_t step = repository & next_rung(me, d, reach);
    return step ? step : repository & reach & ~me->mastered[d];
}

static inline int64_t taught(
    int64_t repository, const Firm *me, int d, int64_t reach, uint64_t draw, const Params *p)
{
    if (chance(key(draw, DRAW_DIAGNOSE)) < p->tutelage.patience) {
        int64_t wanted = any_one_of(diagnosed(repository, me, d, reach), draw);
        if (wanted)
            return wanted;
    }
    return shown(repository, reach & ~me->mastered[d], draw, p);
}

static inline double guided(double capacity, double effort, int service, const Params *p)
{
    double guidance = p->tutelage.guidance * p->services.guidance[service];
    return capacity + guidance * (effort - capacity);
}

/* -- I1 repository, I6 certification -- */

static inline void gather(Institution *institution, const Firm *me, int d, uint64_t draw, const Params *p)
{
    int64_t practice = any_one_of(me->mastered[d], draw);
    if (practice && chance(draw) < p->repository.gather) {
        institution->repository[d] |= practice;
        institution->contributors += !institution->gathered[me->community];
        institution->gathered[me->community] = 1;
    }
}

static inline bool passes(const Firm *me, const Institution *institution)
{
    return institution->certifies > 0.0 && capability(me) >= institution->certifies;
}

/* -- P1 grants -- */

static const int SELLERS[] = {CHANNEL_MACHINERY, CHANNEL_CONSULTANT};
enum { N_SELLERS = 2 };

static inline double own_part(const Params *p) { return p->grants.match * p->grants.grant; }

static inline int64_t on_offer(const Firm *me, int d, const Sector *sector, const Params *p)
{
    int64_t sold = 0;
    for (int n = 0; n < N_SELLERS; n++)
        sold |= sector->holds[d][SELLERS[n] - CHANNEL_ENGINEERING];
    return sold & within_reach(me, d, p) & ~me->mastered[d];
}

/* The kind of upgrading of the firm's project. */
static inline int project(const Firm *me, const Sector *sector, const Params *p)
{
    int best = 0, largest = -1;
    for (int d = 0; d < DIMENSIONS; d++) {
        int n = count(on_offer(me, d, sector, p));
        if (n > largest) {
            best = d;
            largest = n;
        }
    }
    return best;
}

static inline bool can_match(const Firm *me, const Params *p)
{
    return me->active == 1 && me->resources >= p->grants.reserve * own_part(p);
}

static inline bool worth_it(const Firm *me, const Sector *sector, const Params *p)
{
    int new = count(on_offer(me, project(me, sector, p), sector, p));
    return new > 0 && new * practice_value(p) * p->road.foresight >= own_part(p);
}

#endif
