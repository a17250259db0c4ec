/* Event 3: once a year owners look at what buyers ask and whom they took (F5). */

#include "views.h"

/* Whether another firm supplies a chain that buys where the firm is and that it could reach. */
static bool shows_the_way(const Firm *firm, const Firm *other, const Chain *chains, const Params *p)
{
    for (int c = 0; c < CONTRACTS; c++)
        if (other->contract[c] != NOBODY) {
            const Chain *chain = &chains[other->contract[c]];
            if (chain->communities[firm->community] && in_reach(firm, felt_standard(firm, chain, p), p))
                return true;
        }
    return false;
}

static void feel_pressure(Tables *t, const TiesByFirm *by_firm, const Params *p)
{
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        if (!firm->active) {
            firm->pressed = 0.0;
            continue;
        }
        bool near = false, neighbour = false;
        for (int64_t row = 0; row < t->n_chains; row++)
            if (t->chains[row].communities[firm->community])
                near |= in_sight(firm, felt_standard(firm, &t->chains[row], p), supplies(firm, row), p);
        if (!has_contract(firm))
            for (int64_t at = by_firm->first[i]; at < by_firm->first[i + 1]; at++) {
                const Tie *tie = &t->ties[by_firm->rows[at]];
                neighbour |= shows_the_way(firm, &t->new[tie->a + tie->b - i], t->chains, p);
            }
        firm->pressed = pressed_by(near, slumps(firm, p), neighbour);
    }
}
