/* Events 4 and 8 to 10: roads, trust after joint action, earnings, exit and entry (F1-F4, C2). */

#include "views.h"

static void choose_roads(Tables *t, const Params *p)
{
    for (int64_t i = 0; i < t->n_firms; i++)
        t->new[i].road = (int8_t)choose_road(&t->new[i], p);
}

static void settle_trust(Tie *ties, int64_t used, const Params *p)
{
    for (int64_t e = 0; e < used; e++) {
        Tie *tie = &ties[e];
        if (tie->met == 0)
            tie->trust = trust_unused(tie->trust, tie->usual, p);
        for (int meeting = 0; meeting < tie->met; meeting++)
            tie->trust = trust_after(tie->trust, meeting < tie->paid, tie->usual, p);
        tie->owed += tie->lent;
        tie->lent = 0;
        tie->kept = tie->met;
        tie->met = 0;
        tie->paid = 0;
    }
}

/* Row of the first institution of a firm's memberships; associations stand behind the others. */
static int64_t institution_of(int64_t members, const Firm *firm, const Tables *t)
{
    int64_t bit = position(members & -members);
    return bit == ASSOCIATION ? t->n_institutions - t->n_communities + firm->community : bit;
}

/* What one unit is worth over the firm's outlets, weighted by what it sells there. */
static double mean_price(const Firm *firm, double home_price, const Chain *chains, const Params *p)
{
    double total = home_price * firm->home, amount = firm->home;
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] != NOBODY) {
            total += firm->order[c] * outlet(firm, &chains[firm->contract[c]], p);
            amount += firm->order[c];
        }
    return amount <= 0.0 ? 0.0 : total / amount;
}

static int gained_by(const Firm *me, const Firm *firm)
{
    int gained = 0;
    for (int d = 0; d < DIMENSIONS; d++)
        gained += count(firm->mastered[d] & ~me->mastered[d]);
    return gained;
}

static void earn(Tables *t, double *spending, const Quarter *quarter, const Params *p)
{
    for (int64_t row = 0; row < t->n_institutions; row++)
        t->institutions[row].fees = 0.0;
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        if (!firm->active)
            continue;
        firm->progress = progress_after(firm->progress, gained_by(&t->old[i], firm), p);
        if (capability(firm) < firm->certified)
            firm->certified = 0.0;
        double price = mean_price(firm, sector_of(t, firm)->home_price, t->chains, p);
        firm->value_added = made(firm, p) * price * firm->in_use;
        uint64_t draw = key(firm_key(quarter->key, firm), DRAW_LUCK);
        double left = firm->value_added * luck(draw, p) - firm->wage - p->resources.overhead;
        for (int64_t members = firm->members; members; members &= members - 1) {
            Institution *institution = &t->institutions[institution_of(members, firm, t)];
            double fee = owes_fee(firm, institution, quarter->tick);
            institution->fees += fee;
            spending[i] += fee;
            t->series[quarter->tick * t->n_communities + firm->community].paid[PAID_FEES] += fee;
        }
        firm->resources = resources_after(firm->resources, left, spending[i], p);
        firm->distress = left < 0.0 && firm->resources <= 0.0 ? (int16_t)(firm->distress + 1) : 0;
        firm->wage = wage_after(firm->wage, firm->value_added, wage_kept(firm, p), p);
    }
}

/* A firm leaves business and with it its chains and institutions. */
static void close_business(Firm *firm, Tables *t)
{
    firm->active = 0;
    for (; firm->members; firm->members &= firm->members - 1)
        t->institutions[institution_of(firm->members, firm, t)].count--;
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] != NOBODY) {
            t->chains[firm->contract[c]].suppliers--;
            firm->contract[c] = NOBODY;
            firm->order[c] = 0.0;
        }
    firm->home = 0.0;
}

/* Vacant places are taken, and firms long in distress close. */
static void enter_and_exit(
    Tables *t, const TiesByFirm *by_firm, int64_t (*flows)[2], const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        if (firm->active) {
            if (firm->distress >= p->resources.patience) {
                close_business(firm, t);
                flows[firm->community][1]++;
            }
            continue;
        }
        uint64_t k = firm_key(quarter->key, firm);
        if (chance(key(k, DRAW_ENTRY)) >= p->resources.entry)
            continue;
        const Community *community = &t->communities[firm->community];
        int64_t other = community->first + one_of_growing(community->places, key(k, DRAW_PARENT));
        int channel = CHANNEL_START;
        if (t->old[other].active && chance(key(k, DRAW_SPIN_OFF)) < p->resources.spin_off) {
            channel = CHANNEL_INHERITANCE;
            inherit(firm, &t->old[other], key(k, DRAW_BIRTH), p);
        } else {
            other = NOBODY;
            found(firm, community, &t->sectors[community->sector], key(k, DRAW_BIRTH));
        }
        firm->born = (int32_t)quarter->tick + 1;
        firm->workers = most(1.0, p->resources.small * size_at_start(community, key(k, DRAW_SIZE)));
        open_business(firm, community, p);
        flows[firm->community][0]++;
        for (int64_t at = by_firm->first[i]; at < by_firm->first[i + 1]; at++) {
            Tie *tie = &t->ties[by_firm->rows[at]];
            tie->trust = tie->usual;
            tie->owed = 0;
        }
        for (int d = 0; d < DIMENSIONS; d++)
            book(ledger, quarter, i, firm, d, firm->mastered[d], channel, other);
    }
}
