"""M2 The home market and its low end.

What is not sold into a chain is sold at home, to merchants who look at price before quality. All small
firms of a trade compete there with each other and with imports from rivals of lower wages. Who squeezes
wages can sell cheaper and so keep orders without learning: there the low road lives. Imports press
prices; margins shrink, and with them the slack to learn.

    offer at home  = capability + cheapness x (share of the usual wage that is not paid)
    sales at home' = as orders of a chain (M1), imports among the sellers with the rivals' offer
    each quarter a share ``retender`` of the market is spread over all sellers alike
    price at home  = 1 - undercut x share of imports

What is bought at home in all grows or falls by ``home_growth`` a year, a rate of the scenario. The rivals'
offer is a number of the scenario, in the same unit: what they make well, and what they save on wages. In
the moving unit of account (K6a) rivals that keep pace have a constant offer. A devaluation raises the wages
that they pay, in money of here (``exchange_rate``):

    offer of importers = rivals' offer + cheapness x (1 - exchange rate)

Source: GPR05 section 1 (low road: squeezing wages and margins), section 3a (rivals of lower cost crowd out
incumbents in making, less in functions); MP17, Weak GVC participation and note 2. Neutral:
cheapness = undercut = retender = reaction = 0: everybody keeps its share of the home market at the price
of the start.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability

QUARTERS = 4.0  # in a year

MECHANISM = Mechanism(
    key="M2",
    name="home_market",
    question="Why can a firm live without upgrading?",
    claim="At the low end price decides: squeezed wages keep orders, imports press prices and slack.",
    source="GPR05 sections 1 and 3a; MP17, Weak GVC participation",
    equation="offer = capability + cheapness x wage saved; price = 1 - undercut x share of imports",
    neutral="reaction = cheapness = undercut = retender = 0",
    parameters=(
        Parameter(
            "reaction", 0.3, 0, 1, "share of sales a unit of offer and quarter",
            "pace at which customers at home move to the better offer",
            "as for orders of a chain (M1)", neutral=0,
        ),
        Parameter(
            "cheapness", 1.0, 0, 5, "offer", "what it counts to save the whole wage",
            "a fifth of wages saved makes up for a fifth of all practices", neutral=0,
        ),
        Parameter(
            "undercut", 0.3, 0, 1, "share of price", "price at home that a market full of imports costs",
            "imports of a third of the market lower prices by a tenth", neutral=0,
        ),
        Parameter(
            "retender", 0.02, 0, 1, "share of sales a quarter", "customers who come anew",
            "one in twelve customers changes shop a year without a reason", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def offer_at_home(me, kept, params):
    """What a firm offers at home; ``kept``: share (0-1) of the usual wage that it pays (F1)."""
    return capability(me) + params.home_market.cheapness * (1.0 - kept)


@rule
def offer_of_importers(sector, params):
    """What importers offer at home, who pay so many times the usual wage as their money has grown dearer."""
    return sector.rivals + params.home_market.cheapness * (1.0 - sector.exchange)


@rule
def sales_after(sales, scale, merit, mean, even, params):
    """A seller's amount at home after the quarter; ``even``: an even share of the whole market."""
    p = params.home_market
    kept = sales * scale * max(0.0, 1.0 + p.reaction * (merit - mean))
    return kept + p.retender * (even - kept)


@rule
def rivals_after(sector):
    """The importers' offer after the quarter: they learn, or save wages, at a rate of the scenario."""
    return max(0.0, sector.rivals + sector.rivals_rise / QUARTERS)


@rule
def demand_after(sector):
    """What is bought at home in all after the quarter, imports included: a trend of the scenario."""
    return sector.home_demand * (1.0 + sector.home_growth) ** 0.25


@rule
def price_at_home(import_share, params):
    """Price level at home, 1 without imports."""
    return 1.0 - params.home_market.undercut * import_share
