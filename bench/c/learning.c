/* Event 6: each firm attends to one kind of upgrading and meets its sources of knowledge. */

#include "views.h"

/* Shares of the firm's sales into chains that guard their core, and into networks (G3). */
static void guarded_and_shared(const Firm *firm, const Chain *chains, double *led, double *partnered)
{
    double guarded = 0.0, shared = 0.0, amount = firm->home;
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] != NOBODY) {
            const Chain *chain = &chains[firm->contract[c]];
            amount += firm->order[c];
            if (guards(chain))
                guarded += firm->order[c];
            else if (chain->governance == NETWORK)
                shared += firm->order[c];
        }
    *led = amount <= 0.0 ? 0.0 : guarded / amount;
    *partnered = amount <= 0.0 ? 0.0 : shared / amount;
}

/* What the firm's buyers ask. */
static inline int64_t asked_of(const Firm *me, int d, const Chain *chains)
{
    int64_t asked = 0;
    if (d > PRODUCT)
        return 0;
    for (int c = 0; c < CONTRACTS; c++)
        if (me->contract[c] != NOBODY)
            asked |= chains[me->contract[c]].holds[d];
    return asked;
}

static inline int64_t needed_by(const Pupil *pupil) { return pupil->reach & ~pupil->me->mastered[pupil->d]; }

static void forget(
    int64_t i, const Firm *me, Firm *firm, double led, const Chain *chains, uint64_t k,
    const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    for (int d = 0; d < DIMENSIONS; d++) {
        if (me->mastered[d] == 0)
            continue;
        uint64_t draw = key(key(k, DRAW_FORGET), (uint64_t)d);
        int64_t gone = forgotten(me->mastered[d], asked_of(me, d, chains), led, d, draw, p);
        if (gone) {
            firm->mastered[d] &= ~gone;
            book(ledger, quarter, i, me, d, gone, CHANNEL_FORGOTTEN, NOBODY);
        }
    }
}

/* Own practice and the sources of the sector table; returns what they cost. */
static double use_sources(
    const Pupil *pupil, const Chain *chains, uint64_t k, const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    const Firm *me = pupil->me;
    const Community *community = pupil->community;
    const Sector *sector = pupil->sector;
    int d = pupil->d;
    int64_t needed = needed_by(pupil);
    double spent = 0.0;
    for (int channel = CHANNEL_PRACTICE; channel < CHANNEL_BUYER; channel++) {
        bool own = channel == CHANNEL_PRACTICE;
        int64_t source = own ? me->aware[d] : sector->holds[d][channel - CHANNEL_ENGINEERING];
        if (source == 0)
            continue;
        double cost = price_for(me, local_price(channel, sector, community, p), community);
        uint64_t draw = key(k, (uint64_t)(DRAW_SOURCE + channel));
        if (chance(draw) >= meets_source(channel, me, community, sector, cost, p))
            continue;
        spent += cost;
        int64_t practice = shown(source, needed, draw, p);
        double carry = carry_of(channel, p);
        if (own)
            carry = carry_of_own_practice(carry, me, practice, asked_of(me, d, chains), quarter->tick, p);
        int64_t gained = have_lesson(pupil, channel, NOBODY, carry, practice, draw, quarter, p, ledger);
        if (channel == CHANNEL_INPUTS)
            pupil->firm->backward = trust_after(me->backward, gained != 0, community->backward, p);
        else if (channel == CHANNEL_USER)
            pupil->firm->forward = trust_after(me->forward, gained != 0, community->forward, p);
    }
    return spent;
}

/* A firm with a project has the lessons that it pays for, one after another (P1). */
static void learn_from_project(
    const Pupil *pupil, uint64_t k, const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    Pupil on_project = *pupil;
    int d = on_project.d = pupil->me->project;
    on_project.reach = within_reach(pupil->me, d, p);
    int64_t visits = (int64_t)p->grants.visits;
    for (int64_t number = 0; number < visits; number++)
        for (int n = 0; n < N_SELLERS; n++) {
            int channel = SELLERS[n];
            uint64_t draw = key(key(key(k, DRAW_PROJECT), (uint64_t)channel), (uint64_t)number);
            if (chance(draw) >= rate(channel, p))
                continue;
            int64_t needed = needed_by(&on_project) & ~pupil->firm->mastered[d];
            int64_t practice = shown(pupil->sector->holds[d][channel - CHANNEL_ENGINEERING], needed, draw, p);
            have_lesson(&on_project, channel, NOBODY, carry_of(channel, p), practice, draw, quarter, p, ledger);
        }
}

/* Each of the firm's buyers lets it hear what it asks, and may work with it (K1, G2, I7). */
static void learn_from_buyers(
    const Pupil *pupil, const Chain *chains, uint64_t k, const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    const Firm *me = pupil->me;
    int d = pupil->d;
    Pupil taught = *pupil;
    taught.capacity = engaged(pupil->capacity, learning_effort(me, p), me, quarter->tick, p);
    bool invested = took_part(me, quarter->tick, p);
    for (int c = 0; c < CONTRACTS; c++) {
        int row = me->contract[c];
        if (row == NOBODY)
            continue;
        const Chain *chain = &chains[row];
        hear_from_chain(pupil->firm, d, chain, key(key(k, DRAW_HEAR), (uint64_t)row), p);
        uint64_t draw = key(key(k, DRAW_SOURCE + CHANNEL_BUYER), (uint64_t)row);
        int64_t since = quarter->tick - me->since[c];
        if (chance(draw) < collaborates(me, chain, d, since, invested, pupil->sector, p)) {
            int64_t practice = shown(chain->holds[d], needed_by(pupil), draw, p);
            double carry = carry_of(CHANNEL_BUYER, p);
            have_lesson(&taught, CHANNEL_BUYER, row, carry, practice, draw, quarter, p, ledger);
        }
    }
}

/* Where machines are made, their makers work with those who use them (C1). */
static void learn_from_makers(
    const Pupil *pupil, uint64_t k, const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    Firm *firm = pupil->firm;
    int64_t source = pupil->sector->holds[pupil->d][CHANNEL_MACHINERY - CHANNEL_ENGINEERING];
    uint64_t draw = key(k, DRAW_MAKERS);
    if (source == 0 || chance(draw) >= meets_maker(pupil->me, pupil->community, p))
        return;
    int64_t practice = shown(source, needed_by(pupil), draw, p);
    double carry = carry_of(CHANNEL_MACHINERY, p);
    int64_t gained = have_lesson(pupil, CHANNEL_MACHINERY, NOBODY, carry, practice, draw, quarter, p, ledger);
    firm->backward = trust_after(firm->backward, gained != 0, pupil->community->backward, p);
}

/* A firm owned from abroad learns from its parent (F6). */
static void learn_from_parent(
    const Pupil *pupil, const Chain *chains, uint64_t k, const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    int d = pupil->d, parent = pupil->me->parent;
    uint64_t draw = key(k, DRAW_PARENTAL);
    if (chance(draw) >= meets_parent(pupil->me, d, p))
        return;
    int64_t holds = parent != NOBODY ? chains[parent].holds[d]
                                     : pupil->sector->holds[d][CHANNEL_BUYER - CHANNEL_ENGINEERING];
    int64_t practice = shown(holds, needed_by(pupil), draw, p);
    have_lesson(pupil, CHANNEL_BUYER, parent, carry_of(CHANNEL_BUYER, p), practice, draw, quarter, p, ledger);
}

/* What came from another community may bring the firm upon something else (K5). */
static void recombine(
    const Pupil *pupil, int64_t gained, int64_t other, uint64_t draw, const Quarter *quarter,
    const Params *p, LedgerRoom *ledger)
{
    Firm *firm = pupil->firm;
    int d = pupil->d;
    int64_t besides = hit_upon(pupil->me, d, pupil->reach & ~gained, key(draw, DRAW_ACROSS), p);
    int64_t new = besides & ~firm->mastered[d];
    firm->mastered[d] |= besides;
    firm->aware[d] |= besides;
    book(ledger, quarter, pupil->row, pupil->me, d, new, CHANNEL_RECOMBINATION, other);
}

/* The firm meets its neighbours on its ties (C2); returns how many it met. */
static int learn_from_peers(
    const Pupil *pupil, double together, const Tables *t, const TiesByFirm *by_firm, uint64_t k,
    const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    int64_t i = pupil->row;
    const Firm *me = pupil->me;
    int d = pupil->d, meetings = 0;
    int64_t needed = needed_by(pupil);
    double carry = carry_of(CHANNEL_PEER, p);
    uint64_t peers_key = key(k, DRAW_PEER);
    uint64_t neighbours_key = key(peers_key, (uint64_t)me->community);
    double openly = together * most_eager(me, 0, p), openly_in_debt = together * most_eager(me, 1, p);
    for (int64_t at = by_firm->first[i]; at < by_firm->first[i + 1]; at++) {
        Tie *tie = &t->ties[by_firm->rows[at]];
        int64_t other = tie->a + tie->b - i;
        const Firm *peer = &t->old[other];
        uint64_t draw;
        if (tie->kind == TIE_LOCAL) /* its row, far away in memory, is not looked at for its place */
            draw = key(neighbours_key, (uint64_t)(other - pupil->community->first));
        else if (peer->community == me->community)
            draw = key(neighbours_key, (uint64_t)peer->place);
        else
            draw = key(key(peers_key, (uint64_t)peer->community), (uint64_t)peer->place);
        int64_t debt = tie->a == i ? tie->owed : -tie->owed;
        double at_most = debt > 0 ? openly_in_debt : openly;
        if (chance(draw) >= meets_peer(tie->trust, at_most, p) || !peer->active)
            continue;
        double sought = together * eagerness(me, peer, debt, p);
        if (chance(draw) >= meets_peer(tie->trust, sought, p))
            continue;
        meetings++;
        tie->met++;
        int64_t practice = shown(peer->mastered[d], needed, draw, p);
        int64_t gained = have_lesson(pupil, CHANNEL_PEER, other, carry, practice, draw, quarter, p, ledger);
        if (gained) {
            tie->paid++;
            tie->lent += tie->b == i ? 1 : -1;
            if (peer->community != me->community)
                recombine(pupil, gained, other, draw, quarter, p, ledger);
        }
    }
    return meetings;
}

/* Somebody who worked at another firm of the community comes, and knows how (C1). */
static void learn_from_hire(
    const Pupil *pupil, double copying, const Firm *old, uint64_t k, const Quarter *quarter,
    const Params *p, LedgerRoom *ledger)
{
    const Community *community = pupil->community;
    uint64_t draw = key(k, DRAW_LABOUR);
    if (chance(draw) >= hires(community, copying, p))
        return;
    int64_t other = community->first + one_of_growing(community->places, key(draw, DRAW_COMMUNITY));
    if (other == pupil->row || !old[other].active)
        return;
    int64_t practice = shown(old[other].mastered[pupil->d], needed_by(pupil), draw, p);
    double carry = carry_of(CHANNEL_LABOUR, p);
    have_lesson(pupil, CHANNEL_LABOUR, other, carry, practice, draw, quarter, p, ledger);
}

static void learn(
    Tables *t, const TiesByFirm *by_firm, double *spending, const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    for (int64_t i = 0; i < t->n_firms; i++) {
        spending[i] = 0.0;
        const Firm *me = &t->old[i];
        Firm *firm = &t->new[i];
        if (!me->active)
            continue;
        const Community *community = &t->communities[me->community];
        const Sector *sector = &t->sectors[community->sector];
        uint64_t k = firm_key(quarter->key, me);
        double led, partnered;
        guarded_and_shared(me, t->chains, &led, &partnered);
        forget(i, me, firm, led, t->chains, k, quarter, p, ledger);
        int d = attend(me, freedom(led, partnered, p), key(k, DRAW_ATTENTION), p);
        firm->dimension = (int8_t)d;
        double capacity = absorptive_capacity(me, learning_effort(me, p), p);
        hear_at_fair(firm, d, community, sector, key(k, DRAW_FAIR), p);
        Pupil pupil = {i, me, firm, community, sector, d, within_reach(me, d, p), capacity};
        double bought = use_sources(&pupil, t->chains, k, quarter, p, ledger);
        spending[i] += bought;
        double *paid = t->series[quarter->tick * t->n_communities + me->community].paid;
        paid[PAID_LESSONS] += bought;
        firm->project = NOBODY;
        if (me->project != NOBODY) {
            spending[i] += own_part(p);
            paid[PAID_PROJECTS] += own_part(p);
            learn_from_project(&pupil, k, quarter, p, ledger);
        }
        learn_from_buyers(&pupil, t->chains, k, quarter, p, ledger);
        learn_from_makers(&pupil, k, quarter, p, ledger);
        learn_from_parent(&pupil, t->chains, k, quarter, p, ledger);
        double copying = openness(sector, p);
        double together = copying * horizontal(led, p) * together_under_pressure(me, p);
        int meetings = learn_from_peers(&pupil, together, t, by_firm, k, quarter, p, ledger);
        for (; meetings > 0; meetings--) { /* one by one: a product would round in another way */
            spending[i] += p->joint_action.effort;
            paid[PAID_MEETINGS] += p->joint_action.effort;
        }
        learn_from_hire(&pupil, copying, t->old, k, quarter, p, ledger);
    }
}
