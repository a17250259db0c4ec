/* What the events of a quarter are given, as in model/engine/run_tables.py, and how lessons are booked. */

#ifndef VIEWS_H
#define VIEWS_H

#include "institutions.h"

/* The tables of one run; RunTables, which the engine hands over, holds those of all. */
typedef struct {
    Firm *old, *new;
    Tie *ties;
    Chain *chains;
    Institution *institutions;
    Community *communities;
    Sector *sectors;
    Instrument *instruments;
    Series *series;
    int64_t n_firms, n_ties, n_chains, n_institutions, n_communities, n_sectors, n_instruments;
} Tables;

/* The ties of firm i are rows[first[i]] to rows[first[i + 1] - 1]. From newest[i] rows[2 * e] leads back from
   tie to tie of this quarter of which i is firm a. */
typedef struct {
    int64_t *first, *rows, *newest;
    int64_t listed, used;
} TiesByFirm;

typedef struct {
    double *spending;     /* a firm */
    int64_t *visits;      /* a community */
    int64_t (*flows)[2];  /* a community: entries, exits */
    double *spent_public; /* an institution */
} Tallies;

enum { PAID_FEES, PAID_LESSONS, PAID_PROJECTS, PAID_MEETINGS }; /* PAID_FOR of model/world/tables.py */

enum { LEVELS = 2 * PRACTICES + 1, BASIC = 2 * PER_RUNG };

typedef struct {
    int64_t *queue, *ranks; /* a firm */
    int8_t *eligible;       /* a firm */
    int64_t by_ability[LEVELS + 1];
    int64_t (*masters)[2][PRACTICES]; /* a community */
    double (*of_chains)[2];
    double (*of_markets)[3];         /* a sector */
    int64_t (*overtaken)[DIMENSIONS]; /* a sector */
} Scratch;

/* The communities among whose firms lots are drawn: the first of the 64 among which the first is, the one
   after the last, places of the largest, which of the 64 they are, and whether there are more than a few. */
typedef struct {
    int64_t begin, end, largest;
    uint64_t bits;
    bool many;
} Extent;

/* The members of an institution: 1 for each in the communities that it reaches, how many there, and in all. */
typedef struct {
    const int8_t *eligible;
    const int64_t *there;
    int64_t all;
    Extent extent;
} Members;

typedef struct {
    int64_t run, tick;
    uint64_t key;
} Quarter;

/* A firm that attends to one kind of upgrading. */
typedef struct {
    int64_t row;
    const Firm *me;
    Firm *firm;
    const Community *community;
    const Sector *sector;
    int d;
    int64_t reach;
    double capacity;
} Pupil;

static inline const Sector *sector_of(const Tables *t, const Firm *firm)
{
    return &t->sectors[t->communities[firm->community].sector];
}

static inline void book(
    LedgerRoom *ledger, const Quarter *quarter, int64_t row, const Firm *firm, int d, int64_t practices,
    int channel, int64_t source)
{
    int64_t n = ledger->used[0];
    for (; practices; practices &= practices - 1)
        ledger->rows[n++] = (Ledger){
            .run = (int32_t)quarter->run,
            .tick = (int32_t)quarter->tick,
            .firm = (int32_t)row,
            .born = firm->born,
            .source = (int32_t)source,
            .dimension = (int8_t)d,
            .practice = (int8_t)position(practices),
            .channel = (int8_t)channel,
        };
    ledger->used[0] = n;
}

static inline int64_t have_lesson(
    const Pupil *pupil, int channel, int64_t source, double carry, int64_t practice, uint64_t draw,
    const Quarter *quarter, const Params *p, LedgerRoom *ledger)
{
    int64_t gained = take_up(
        pupil->firm, pupil->me, channel, carry, pupil->d, practice, pupil->reach, pupil->capacity,
        pupil->sector, draw, p);
    if (gained)
        book(ledger, quarter, pupil->row, pupil->me, pupil->d, gained, channel, source);
    return gained;
}

#endif
