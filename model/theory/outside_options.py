"""G6 Outside options.

A leader compares its local suppliers with those it could have abroad. Where they offer more than the
rivals it buys more here, where they offer less orders leave; liberalisation and rival countries raise what
rivals offer, and first-tier suppliers of complex products are displaced first, since that is where leaders
source globally. A devaluation makes local suppliers cheaper.

    amount wanted  = orders x (1 + footloose (offer here - rivals' offer + discount x (price x rate - 1)))
    amount bought' = amount bought + speed (amount wanted - amount bought),  wanted between 0 and ``most``
                     times the orders of the start

Demand of the chain as a whole grows or falls by a rate of the scenario (the trend), and rivals abroad learn
or lose ground by so much a year. The offer here is that of its suppliers, weighted by their orders (M1); of
a leader that has none here, what it would ask of one. The rivals' offer is a number of the scenario; if it is
not given, rivals offer what the chain's suppliers do at the start. The rate is that of ``exchange_rate``.

Tiers: the buyers of a chain may be the first-tier suppliers of another one, which they follow. What they
want to buy here moves with what that chain buys here.

    amount wanted by who follows = amount wanted x amount bought by the other / the same at the start

The other's amount is that of the beginning of the quarter, so that an order that is lost reaches the next
tier a quarter later. Who follows a chain that bought nothing here at the start has no measure to go by, and
wants what it would want alone.

Source: GPR05 section 5b (sourcing options of US buyers; the devaluation of 1994), section 5c iii
(displacement after liberalisation; local second- and third-tier suppliers), section 5a (leaders look for
local providers, often by way of first-tier suppliers that follow them). Neutral: footloose = 0: the leader
buys here what the scenario says. Tiers stay: leave ``follows`` out.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.exchange_rate import in_money_of_here
from model.theory.mechanism import Mechanism, Parameter

QUARTERS = 4.0  # in a year

MECHANISM = Mechanism(
    key="G6",
    name="outside_options",
    question="When do leaders take their orders elsewhere?",
    claim="Orders stay where the offer is better than that of rivals abroad, and grow there.",
    source="GPR05 sections 5a, 5b and 5c iii",
    equation="wanted = orders (1 + footloose (offer here - rivals' offer + discount (price x rate - 1)))",
    neutral="footloose = 0",
    parameters=(
        Parameter(
            "footloose", 2.0, 0, 20, "share of orders per unit of offer",
            "orders that come or go for each unit by which suppliers here are better or worse",
            "a lead of half of all practices doubles orders or takes all away", neutral=0,
        ),
        Parameter(
            "discount", 0.2, 0, 1, "offer per unit of price",
            "how far a devaluation makes suppliers here more attractive",
            "buyers keep a fifth of it",
        ),
        Parameter(
            "speed", 0.1, 0, 1, "share of the gap a quarter", "how fast a leader moves its orders",
            "sourcing plans are made for several years",
        ),
        Parameter(
            "most", 4.0, 1, 100, "times the orders of the start", "most that a leader buys here",
            "leaders keep more than one country",
        ),
    ),
)  # fmt: skip


@rule
def amount_wanted(chain, offered, params):
    """What the leader wants to buy here, given the mean offer of its suppliers (amount a quarter)."""
    p = params.outside_options
    lead = (
        offered - chain.outside + p.discount * (in_money_of_here(chain.price, chain.exchange) - 1.0)
    )
    start = chain.orders * chain.first_order * (1.0 + chain.grown)
    return start * min(p.most, max(0.0, 1.0 + p.footloose * lead))


@rule
def still_bought(leader):
    """What of its purchases of the start a chain makes here now; 1 if it bought nothing then."""
    if leader.first_amount <= 0.0:
        return 1.0
    return leader.amount / leader.first_amount


@rule
def wanted_of_tier(wanted, chain):
    """What the leader wants to buy here, with what the chain that it follows buys reckoned in."""
    return wanted * chain.pull


@rule
def grown_after(chain):
    """By what share the leader's demand has grown since the start, after the quarter."""
    return (1.0 + chain.grown) * (1.0 + chain.growth) ** 0.25 - 1.0


@rule
def outside_after(chain):
    """The rivals' offer after the quarter; below 0 as long as it is not known."""
    if chain.outside < 0.0:
        return chain.outside
    return max(0.0, chain.outside + chain.outside_rise / QUARTERS)


@rule
def amount_after(amount, wanted, params):
    """What the leader buys here after the quarter."""
    return amount + params.outside_options.speed * (wanted - amount)
