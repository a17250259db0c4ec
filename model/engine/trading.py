"""Events 1 and 9: markets open; orders and sales at home move to better offers, and jobs follow (M1-M3, G6).

Amounts are counted in the quarterly output of a worker without mastery.
"""

from __future__ import annotations

from model.compiler import engine
from model.theory.demand import most_growth, offer, order_after
from model.theory.employment import in_use, output_of_worker, workers_after
from model.theory.home_market import (
    demand_after,
    offer_at_home,
    offer_of_importers,
    price_at_home,
    rivals_after,
    sales_after,
)
from model.theory.outside_options import (
    amount_after,
    amount_wanted,
    grown_after,
    outside_after,
    still_bought,
    wanted_of_tier,
)
from model.theory.road import wage_kept
from model.theory.selection import standard
from model.world.tables import NOBODY


@engine
def open_markets(firms, communities, sectors, chains, params):
    """The first quarter begins: everybody sells what it makes, at home; chains know what they want.

    Done twice it does the same.
    """
    for row in range(len(sectors)):
        sectors[row].home_demand = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        firm.home = firm.workers * output_of_worker(firm, params)
        sectors[communities[firm.community].sector].home_demand += firm.home
    for row in range(len(sectors)):
        sector = sectors[row]
        sector.home_demand /= max(1e-9, 1.0 - sector.imports_start)
        sector.imports = sector.imports_start * sector.home_demand
        sector.home_price = price_at_home(sector.imports_start, params)
    for row in range(len(chains)):
        chain = chains[row]
        places, made = 0, 0.0
        for i in range(len(firms)):
            if firms[i].active and chain.communities[firms[i].community]:
                places += 1
                made += firms[i].home
        chain.first_order = made / max(1, places)
        chain.amount = chain.orders * chain.first_order
        chain.first_amount = chain.amount
        chain.pull = 1.0


@engine
def weigh_orders(firms, chains, params):
    """What each chain has ordered here, and the mean offer of its suppliers, weighted by orders.

    Where it has none, the offer is what it would ask of one.
    """
    for row in range(len(chains)):
        chains[row].ordered = 0.0
        chains[row].offered = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        for c in range(len(firm.contract)):
            row = firm.contract[c]
            if row != NOBODY:
                chains[row].ordered += firm.order[c]
                chains[row].offered += firm.order[c] * offer(firm, chains[row], params)
    for row in range(len(chains)):
        if chains[row].ordered > 0.0:
            chains[row].offered /= chains[row].ordered
        else:
            chains[row].offered = standard(chains[row], params)


@engine
def move_orders(firms, chains, params):
    """Leaders buy more or less here, and orders move between suppliers (G6, M1)."""
    weigh_orders(firms, chains, params)
    for row in range(len(chains)):  # before any of them moves
        if chains[row].follows != NOBODY:
            chains[row].pull = still_bought(chains[chains[row].follows])
    for row in range(len(chains)):
        chain = chains[row]
        chain.grown = grown_after(chain)
        chain.outside = outside_after(chain)
        wanted = chain.orders * chain.first_order * (1.0 + chain.grown)
        if chain.outside < 0.0 and chain.ordered > 0.0:
            chain.outside = chain.offered
        if chain.outside >= 0.0:
            wanted = amount_wanted(chain, chain.offered, params)
        chain.amount = amount_after(chain.amount, wanted_of_tier(wanted, chain), params)
    for i in range(len(firms)):
        firm = firms[i]
        for c in range(len(firm.contract)):
            row = firm.contract[c]
            if row != NOBODY and chains[row].ordered > 0.0:
                chain = chains[row]
                scale = chain.amount / chain.ordered
                merit = offer(firm, chain, params)
                firm.order[c] = order_after(
                    firm.order[c], scale, merit, chain.offered, firm.workers, params
                )


@engine
def sell_at_home(firms, communities, sectors, sums, params):
    """Customers at home move to better offers, imports among them (M2).

    ``sums``: (n_sectors, 3) scratch for sellers, amount sold and amount weighted by offer.
    """
    sums[:] = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        if firm.active:
            row = communities[firm.community].sector
            sums[row, 0] += 1.0
            sums[row, 1] += firm.home
            sums[row, 2] += firm.home * offer_at_home(firm, wage_kept(firm, params), params)
    for row in range(len(sectors)):
        sector = sectors[row]
        sector.home_demand = demand_after(sector)
        sums[row, 1] += sector.imports
        sums[row, 2] += sector.imports * offer_of_importers(sector, params)
        if sums[row, 1] <= 0.0:
            continue
        scale, mean = sector.home_demand / sums[row, 1], sums[row, 2] / sums[row, 1]
        even = sector.imports_start * sector.home_demand
        offered = offer_of_importers(sector, params)
        sector.imports = sales_after(sector.imports, scale, offered, mean, even, params)
        sector.home_price = price_at_home(sector.imports / sector.home_demand, params)
        sector.rivals = rivals_after(sector)
    for i in range(len(firms)):
        firm = firms[i]
        row = communities[firm.community].sector
        if not firm.active or sums[row, 1] <= 0.0:
            continue
        sector = sectors[row]
        scale, mean = sector.home_demand / sums[row, 1], sums[row, 2] / sums[row, 1]
        even = (1.0 - sector.imports_start) * sector.home_demand / sums[row, 0]
        merit = offer_at_home(firm, wage_kept(firm, params), params)
        wanted = sales_after(firm.home, scale, merit, mean, even, params)
        firm.home = most_growth(firm.home, wanted, firm.workers, params)


@engine
def sold(firm):
    """The amount that a firm sells a quarter, at home and into chains."""
    amount = firm.home
    for c in range(len(firm.contract)):
        if firm.contract[c] != NOBODY:
            amount += firm.order[c]
    return amount


@engine
def employ(firms, params):
    """Jobs follow orders (M3)."""
    for i in range(len(firms)):
        firm = firms[i]
        if firm.active:
            orders = sold(firm)
            firm.in_use = in_use(firm, orders, params)
            firm.workers = workers_after(firm, orders, params)
