/* Events 1 and 9: markets open; orders and sales at home move to better offers, and jobs follow (M1-M3, G6). */

#include "views.h"

static void open_markets(Tables *t, const Params *p)
{
    for (int64_t row = 0; row < t->n_sectors; row++)
        t->sectors[row].home_demand = 0.0;
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        firm->home = firm->workers * output_of_worker(firm, p);
        t->sectors[t->communities[firm->community].sector].home_demand += firm->home;
    }
    for (int64_t row = 0; row < t->n_sectors; row++) {
        Sector *sector = &t->sectors[row];
        sector->home_demand /= most(1e-9, 1.0 - sector->imports_start);
        sector->imports = sector->imports_start * sector->home_demand;
        sector->home_price = price_at_home(sector->imports_start, p);
    }
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        int64_t places = 0;
        double output = 0.0;
        for (int64_t i = 0; i < t->n_firms; i++)
            if (t->new[i].active && chain->communities[t->new[i].community]) {
                places++;
                output += t->new[i].home;
            }
        chain->first_order = output / (double)most_whole(1, places);
        chain->amount = chain->first_amount = chain->orders * chain->first_order;
        chain->pull = 1.0;
    }
}

/* What each chain has ordered here, and the mean offer of its suppliers, weighted by orders. */
static void weigh_orders(Tables *t, const Params *p)
{
    for (int64_t row = 0; row < t->n_chains; row++)
        t->chains[row].ordered = t->chains[row].offered = 0.0;
    for (int64_t i = 0; i < t->n_firms; i++) {
        const Firm *firm = &t->new[i];
        for (int c = 0; c < CONTRACTS; c++)
            if (firm->contract[c] != NOBODY) {
                Chain *chain = &t->chains[firm->contract[c]];
                chain->ordered += firm->order[c];
                chain->offered += firm->order[c] * offer(firm, chain, p);
            }
    }
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        chain->offered = chain->ordered > 0.0 ? chain->offered / chain->ordered : standard(chain, p);
    }
}

static void move_orders(Tables *t, const Params *p)
{
    weigh_orders(t, p);
    for (int64_t row = 0; row < t->n_chains; row++)
        if (t->chains[row].follows != NOBODY)
            t->chains[row].pull = still_bought(&t->chains[t->chains[row].follows]);
    for (int64_t row = 0; row < t->n_chains; row++) {
        Chain *chain = &t->chains[row];
        chain->grown = grown_after(chain);
        chain->outside = outside_after(chain);
        double wanted = chain->orders * chain->first_order * (1.0 + chain->grown);
        if (chain->outside < 0.0 && chain->ordered > 0.0)
            chain->outside = chain->offered;
        if (chain->outside >= 0.0)
            wanted = amount_wanted(chain, chain->offered, p);
        chain->amount += p->outside_options.speed * (wanted * chain->pull - chain->amount);
    }
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        for (int c = 0; c < CONTRACTS; c++) {
            if (firm->contract[c] == NOBODY)
                continue;
            const Chain *chain = &t->chains[firm->contract[c]];
            if (chain->ordered > 0.0)
                firm->order[c] = order_after(
                    firm->order[c], chain->amount / chain->ordered, offer(firm, chain, p), chain->offered,
                    firm->workers, p);
        }
    }
}

/* Customers at home move to better offers, imports among them (M2). */
static void sell_at_home(Tables *t, double (*sums)[3], const Params *p)
{
    memset(sums, 0, (size_t)t->n_sectors * sizeof *sums);
    for (int64_t i = 0; i < t->n_firms; i++) {
        const Firm *firm = &t->new[i];
        if (firm->active) {
            double *of_sector = sums[t->communities[firm->community].sector];
            of_sector[0] += 1.0;
            of_sector[1] += firm->home;
            of_sector[2] += firm->home * offer_at_home(firm, wage_kept(firm, p), p);
        }
    }
    for (int64_t row = 0; row < t->n_sectors; row++) {
        Sector *sector = &t->sectors[row];
        double offered = offer_of_importers(sector, p);
        sector->home_demand *= pow(1.0 + sector->home_growth, 0.25);
        sums[row][1] += sector->imports;
        sums[row][2] += sector->imports * offered;
        if (sums[row][1] <= 0.0)
            continue;
        double scale = sector->home_demand / sums[row][1], mean = sums[row][2] / sums[row][1];
        double even = sector->imports_start * sector->home_demand;
        sector->imports = sales_after(sector->imports, scale, offered, mean, even, p);
        sector->home_price = price_at_home(sector->imports / sector->home_demand, p);
        sector->rivals = most(0.0, sector->rivals + sector->rivals_rise / 4.0);
    }
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        int row = t->communities[firm->community].sector;
        if (!firm->active || sums[row][1] <= 0.0)
            continue;
        const Sector *sector = &t->sectors[row];
        double scale = sector->home_demand / sums[row][1], mean = sums[row][2] / sums[row][1];
        double even = (1.0 - sector->imports_start) * sector->home_demand / sums[row][0];
        double merit = offer_at_home(firm, wage_kept(firm, p), p);
        double wanted = sales_after(firm->home, scale, merit, mean, even, p);
        firm->home = most_growth(firm->home, wanted, firm->workers, p);
    }
}

static inline double sold(const Firm *firm)
{
    double amount = firm->home;
    for (int c = 0; c < CONTRACTS; c++)
        if (firm->contract[c] != NOBODY)
            amount += firm->order[c];
    return amount;
}

static void employ(Tables *t, const Params *p)
{
    for (int64_t i = 0; i < t->n_firms; i++) {
        Firm *firm = &t->new[i];
        if (firm->active) {
            double orders = sold(firm);
            firm->in_use = in_use(firm, orders, p);
            firm->workers = workers_after(firm, orders, p);
        }
    }
}
