/* Events 4 and 7: institutions admit members and serve them (I1-I8). */

#include "views.h"

/* Once a year members that can't pay leave and firms that may and want to join do. */
static void admit(Tables *t, Scratch *scratch, const Quarter *quarter, int quarters, const Params *p)
{
    int64_t *queue = scratch->queue;
    for (int64_t row = 0; row < t->n_institutions; row++) {
        Institution *institution = &t->institutions[row];
        int64_t bit = INT64_C(1) << (institution->association ? ASSOCIATION : row);
        const Community *home = &t->communities[institution->home];
        int64_t first = institution->association ? home->first : 0;
        int64_t last = institution->association ? home->first + home->places : t->n_firms;
        bool open_now = is_open(institution, quarter->tick);
        institution->count = 0;
        for (int64_t i = first; i < last; i++) {
            Firm *firm = &t->new[i];
            if (firm->members & bit && !(open_now && firm->active && stays(firm, institution, p)))
                firm->members &= ~bit;
            institution->count += (firm->members & bit) != 0;
        }
        int purpose = DRAW_JOIN;
        int64_t partner = row, joining = 0;
        if (institution->association) { /* known by its community: rows shift with the institutions */
            purpose = DRAW_ASSOCIATE;
            partner = institution->home;
        }
        for (int64_t c = 0; open_now && c < t->n_communities; c++) {
            const Community *community = &t->communities[c];
            if (!institution->reach[c])
                continue;
            for (int64_t i = community->first; i < community->first + community->places; i++) {
                const Firm *firm = &t->new[i];
                if (!firm->active || firm->members & bit)
                    continue;
                uint64_t draw
                    = key(key(firm_key(quarter->key, firm), (uint64_t)purpose), (uint64_t)partner);
                if (takes_up(institution, draw, p) && may_join(firm, institution, quarters, p))
                    queue[joining++] = i;
            }
        }
        int64_t admitted = most_whole(0, least_whole(joining, institution->quota - institution->count));
        if (0 < admitted && admitted < joining) {
            if (institution->chooses == PARTICIPANTS_CHOSEN)
                let_in_ablest(queue, joining, admitted, t->new, purpose, partner, quarter->key, scratch);
            else
                let_in(queue, joining, admitted, t->new, purpose, partner, quarter->key, scratch->ranks);
        }
        for (int64_t n = 0; n < admitted; n++)
            t->new[queue[n]].members |= bit;
        institution->count += (int32_t)admitted;
    }
}

/* A bound on the lessons that all institutions together give in a quarter. */
static int64_t most_lessons_given(const Tables *t, const Params *p)
{
    int64_t lessons = 0, n = t->n_firms;
    for (int64_t row = 0; row < t->n_institutions; row++) {
        const Institution *institution = &t->institutions[row];
        if (institution->association)
            continue;
        double money = budget(institution);
        for (int s = 0; s < SERVICES; s++) {
            int64_t events = (int64_t)events_expected(institution, s, n, money, p) + 1;
            lessons += events * participants(s, n, p) * lessons_each(s, p);
        }
    }
    return lessons;
}

/* Whether firms a < b have a tie, listed or of this quarter. */
static bool tied(int64_t a, int64_t b, const Tie *ties, const TiesByFirm *by_firm)
{
    for (int64_t at = by_firm->first[a]; at < by_firm->first[a + 1]; at++) {
        const Tie *tie = &ties[by_firm->rows[at]];
        if (tie->a + tie->b == a + b)
            return true;
    }
    for (int64_t e = by_firm->newest[a]; e != NOBODY; e = by_firm->rows[2 * e])
        if (ties[e].b == b)
            return true;
    return false;
}

/* A tie between two firms that got to know each other, if they have none and there is room (I4, I5). */
static void bring_together(int64_t a, int64_t b, Tables *t, TiesByFirm *by_firm, const Params *p)
{
    if (by_firm->used >= t->n_ties || a == b)
        return;
    int64_t one = least_whole(a, b), other = most_whole(a, b);
    if (tied(one, other, t->ties, by_firm))
        return;
    by_firm->rows[2 * by_firm->used] = by_firm->newest[one];
    by_firm->newest[one] = by_firm->used;
    Tie *tie = &t->ties[by_firm->used++];
    tie->a = (int32_t)one;
    tie->b = (int32_t)other;
    tie->kind = TIE_FORUM;
    tie->trust = tie->usual = p->forums.trust;
    tie->owed = tie->lent = 0;
    tie->kept = tie->met = tie->paid = 0;
}

/* What the firm's buyers ask and it has heard of, as far as staff can translate it (I7). */
static int64_t asked_by_buyers(const Firm *me, int d, const Chain *chains, uint64_t draw, const Params *p)
{
    int64_t asked = 0;
    for (int c = 0; c < CONTRACTS; c++)
        if (me->contract[c] != NOBODY)
            asked |= translated(me, d, &chains[me->contract[c]], draw, p);
    return asked;
}

static int64_t lot_of(
    const Institution *institution, const Members *members, int64_t home, const Tables *t, uint64_t draw)
{
    return by_lot(
        members->eligible, members->all, t->communities, institution->reach, members->extent, home, draw);
}

/* Row of the firm that gets a place: of two members who apply, the board may prefer one (I4). */
static int64_t applicant(
    const Institution *institution, const Members *members, int64_t home, const Tables *t, uint64_t draw,
    const Params *p)
{
    int64_t i = lot_of(institution, members, home, t, key(draw, DRAW_FIRM));
    if (members->all == 1 || !has_say(draw, p))
        return i;
    int party = seated(institution, draw);
    if (!would_give_way(party, institution, &t->old[i]))
        return i;
    int64_t second = lot_of(institution, members, home, t, key(draw, DRAW_SECOND));
    return prefers(party, institution, &t->old[i], &t->old[second]) ? second : i;
}

/* Those who sit for the communities that govern an institution get to know members of others (I4). */
static void meet_on_the_board(
    int64_t row, const Members *members, Tables *t, TiesByFirm *by_firm, const Quarter *quarter,
    const Params *p)
{
    const Institution *institution = &t->institutions[row];
    double together = p->board.ties * institution->seats[PARTIES_ASSOCIATIONS];
    uint64_t own = key(key(key(quarter->key, DRAW_INSTITUTION), (uint64_t)row), DRAW_REPRESENTATIVE);
    if (!(together > 0.0))
        return;
    for (int64_t c = 0; c < t->n_communities; c++) {
        uint64_t draw = key(own, (uint64_t)c);
        if (members->there[c] == 0 || !(chance(draw) < together))
            continue;
        int64_t i = lot_of(institution, members, c, t, key(draw, DRAW_FIRM));
        int64_t j = lot_of(institution, members, NOBODY, t, key(draw, DRAW_SECOND));
        if (t->old[i].community != t->old[j].community)
            bring_together(i, j, t, by_firm, p);
    }
}

/* The lessons of firm i in one event; the staff take some practice home. */
static void teach(
    int64_t i, int s, int64_t row, Tables *t, uint64_t draw, const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    const Firm *me = &t->old[i];
    Firm *firm = &t->new[i];
    Institution *institution = &t->institutions[row];
    const Community *community = &t->communities[me->community];
    const Sector *sector = &t->sectors[community->sector];
    double effort = learning_effort(me, p);
    int64_t lessons = lessons_each(s, p);
    for (int64_t number = 0; number < lessons; number++) {
        uint64_t lesson = key(draw, (uint64_t)(DRAW_FORUM + 64 * (number + 1)));
        int d = number > 0 ? attend(me, 1.0, key(lesson, DRAW_SEAT), p) : firm->dimension;
        int64_t reach = within_reach(me, d, p), practice;
        double capacity = absorptive_capacity(me, effort, p);
        if (chance(lesson) < institution->experiential) {
            int64_t holds = institution->repository[d] | institution->expertise[d];
            holds |= asked_by_buyers(me, d, t->chains, lesson, p);
            practice = taught(holds & ~(firm->mastered[d] & ~me->mastered[d]), me, d, reach, lesson, p);
            capacity = guided(capacity, effort, s, p);
            capacity = adapted(capacity, effort, institution, p);
            gather(institution, me, d, key(lesson, DRAW_GATHER), p);
        } else { /* what advanced research offers: the top rung only */
            practice = any_one_of(RUNG_1 << (2 * PER_RUNG), lesson);
        }
        if (chance(key(lesson, DRAW_FORUM)) < rate(CHANNEL_INSTITUTION, p)) {
            double carry = carry_of(CHANNEL_INSTITUTION, p) * p->services.carry[s];
            Pupil pupil = {i, me, firm, community, sector, d, reach, capacity};
            have_lesson(&pupil, CHANNEL_INSTITUTION, row, carry, practice, lesson, quarter, p, ledger);
        }
    }
}

/* At a meeting firm i hears how firm j does things (I5). */
static void hear_out(
    int64_t i, int64_t j, Tables *t, uint64_t draw, const Quarter *quarter, const Params *p,
    LedgerRoom *ledger)
{
    const Firm *me = &t->old[i], *peer = &t->old[j];
    Firm *firm = &t->new[i];
    const Community *community = &t->communities[me->community];
    const Sector *sector = &t->sectors[community->sector];
    int d = firm->dimension;
    int64_t lessons = lessons_each(SERVICES_MEETING, p);
    for (int64_t number = 0; number < lessons; number++) {
        uint64_t lesson = key(draw, (uint64_t)(DRAW_FORUM + 64 * (number + 1)));
        if (chance(key(lesson, DRAW_FORUM)) >= rate(CHANNEL_INSTITUTION, p))
            continue;
        int64_t reach = within_reach(me, d, p);
        double capacity = absorptive_capacity(me, learning_effort(me, p), p) * openness(sector, p);
        int64_t practice = shown(peer->mastered[d], reach & ~me->mastered[d], lesson, p);
        Pupil pupil = {i, me, firm, community, sector, d, reach, capacity};
        have_lesson(&pupil, CHANNEL_PEER, j, carry_of(CHANNEL_PEER, p), practice, lesson, quarter, p, ledger);
    }
}

/* The staff hold as many events of each service as money allows, teach, and gather practice. */
static void serve(
    int64_t row, const Members *members, Tables *t, TiesByFirm *by_firm,
    Tallies *tallies, const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    Institution *institution = &t->institutions[row];
    uint64_t visits_key
        = key(key(key(quarter->key, DRAW_INSTITUTION), (uint64_t)row), DRAW_VISIT);
    double money = budget(institution);
    int64_t n = members->all;
    for (int s = 0; s < SERVICES; s++) {
        uint64_t service_key = key(visits_key, (uint64_t)s);
        int64_t events = planned_events(events_expected(institution, s, n, money, p), service_key);
        for (int64_t event = 0; event < events; event++) {
            uint64_t event_key = key(service_key, (uint64_t)event);
            institution->spent += cost_of_event(institution, s, p);
            int64_t home = NOBODY, places = participants(s, n, p);
            for (int64_t place = 0; place < places; place++) {
                uint64_t draw = key(event_key, (uint64_t)place);
                int64_t i = applicant(institution, members, home, t, draw, p);
                Firm *firm = &t->new[i];
                if (s == SERVICES_GROUP) {
                    home = firm->community;
                    places = participants(s, members->there[home], p);
                }
                tallies->visits[firm->community]++;
                if (lessons_each(s, p) > 0)
                    firm->served = (int32_t)quarter->tick;
                firm->hours += p->services.hours[s] / (double)places;
                if (s == SERVICES_TEST && passes(&t->old[i], institution))
                    firm->certified = institution->certifies;
                if (s != SERVICES_MEETING) {
                    teach(i, s, row, t, draw, quarter, p, ledger);
                    continue;
                }
                int64_t j = applicant(institution, members, NOBODY, t, key(draw, DRAW_GUEST), p);
                if (i != j) {
                    hear_out(i, j, t, draw, quarter, p, ledger);
                    if (chance(draw) < p->forums.meeting)
                        bring_together(i, j, t, by_firm, p);
                }
            }
        }
    }
}

static void serve_all(
    Tables *t, TiesByFirm *by_firm, Tallies *tallies, Scratch *scratch, const Quarter *quarter,
    const Params *p, LedgerRoom *ledger)
{
    int8_t *eligible = scratch->eligible;
    int64_t *there = scratch->ranks;
    for (int64_t row = 0; row < t->n_institutions; row++) {
        const Institution *institution = &t->institutions[row];
        if (institution->association || !is_open(institution, quarter->tick))
            continue;
        int64_t n = 0;
        for (int64_t c = 0; c < t->n_communities; c++) {
            const Community *community = &t->communities[c];
            there[c] = 0;
            if (institution->reach[c])
                for (int64_t i = community->first; i < community->first + community->places; i++)
                    there[c] += eligible[i] = in_mask(t->old[i].members, row);
            n += there[c];
        }
        if (n == 0)
            continue;
        Members members = {eligible, there, n, extent_of(institution->reach, t)};
        meet_on_the_board(row, &members, t, by_firm, quarter, p);
        serve(row, &members, t, by_firm, tallies, quarter, p, ledger);
    }
}
