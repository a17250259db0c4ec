"""M1 Demand of a chain: orders follow merit.

A lead firm's demand is an amount. It goes to suppliers by what they offer: quality from product, cost and
reliability from process, a certificate, and design where the chain lets suppliers design. Habit and the
cost of switching make orders move slowly: each quarter an order grows or shrinks with the distance of its
supplier from the mean offer, so that the able win orders from incumbents, and total demand is shared out
exactly. A supplier grows only so fast. Once a year part of every order is put out to tender; so newcomers
get in, though nothing was free. An order that has shrunk to little is not renewed.

    offer  = capability + design x functional score / 3 (unless the leader guards its core)
             + assurance if certified (I6)
    order' = order x demand / orders x (1 + selection (offer - mean offer)),  mean weighted by orders
    order' <= order (1 + growth / (1 + workers / span))
    once a year: order' = order (1 - contest); given up below ``least`` of a first order

Amounts are counted in the quarterly output of a worker without mastery, at the price of the start.

Source: GPR05 section 3b and 5c ii (buyers select those who comply, and are more demanding than ever);
MP17, Weak GVC participation (suppliers compete for orders). The form is replicator dynamics, a closed form
for selection on a market (Metcalfe 1994). Turnover of exporters: customs data (Costa Rica 30% a year,
Colombian plants 11%). Neutral: selection = contest = design = 0, growth at
its upper bound: every supplier keeps its share of what the chain buys.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.guarding import guards
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import FUNCTIONAL, RUNGS, capability, score

MECHANISM = Mechanism(
    key="M1",
    name="demand",
    question="To whom do a buyer's orders go?",
    claim="To those who offer more, slowly: the able win orders from incumbents.",
    source="GPR05 sections 3b and 5c ii; MP17, Weak GVC participation; Metcalfe 1994",
    equation="order' = order x demand / orders x (1 + selection (offer - mean offer))",
    neutral="selection = contest = design = 0, growth = 1",
    parameters=(
        Parameter(
            "selection", 0.3, 0, 1, "share of an order a unit of offer and quarter",
            "pace at which orders move to the better offer",
            "a supplier that masters a fifth of all practices more gains 6% a quarter", neutral=0,
        ),
        Parameter(
            "design", 0.3, 0, 1, "offer", "what full functional mastery adds where it is welcome",
            "a third of what process and product together count", neutral=0,
        ),
        Parameter(
            "growth", 0.1, 0, 1, "share a quarter", "most by which an order grows",
            "people have to be found and trained: half as much again in a year", neutral=1,
        ),
        Parameter(
            "span", 50, 1, 1e6, "workers", "size at which a firm grows at half the pace of a small one",
            "owners run small firms themselves; larger ones need managers first",
        ),
        Parameter(
            "contest", 0.1, 0, 1, "share of orders a year", "orders put out to tender",
            "a tenth to a third of exporters change a year (customs data)", neutral=0,
        ),
        Parameter(
            "displacement", 0.7, 0, 1, "share of an order",
            "part of a new order that is made instead of sales at home, and goes back there when it ends",
            "small firms have few hands to spare",
        ),
        Parameter(
            "least", 0.25, 0, 1, "share of a first order", "order below which it is given up",
            "not worth the lorry",
        ),
    ),
)  # fmt: skip


@rule
def offer(me, chain, params):
    """What a firm offers this chain: the share of practices (0-1) that counts for its buyer, and more."""
    p = params.demand
    merit = capability(me)
    if not guards(chain):
        merit += p.design * score(me.mastered[FUNCTIONAL]) / RUNGS
    if me.certified > 0.0:
        merit += params.certification.assurance
    return merit


@rule
def most_growth(amount, wanted, workers, params):
    """What a firm of so many workers takes of an amount that would grow: no more than it can manage."""
    p = params.demand
    if p.growth >= 1.0:
        return wanted
    return min(wanted, amount * (1.0 + p.growth / (1.0 + workers / p.span)))


@rule
def order_after(order, scale, merit, mean, workers, params):
    """An order after the quarter; ``scale``: demand over all orders of the chain or market."""
    p = params.demand
    wanted = order * scale * max(0.0, 1.0 + p.selection * (merit - mean))
    return most_growth(order, wanted, workers, params)


@rule
def new_suppliers(chain):
    """How many first orders the chain could place beside what it has ordered."""
    return int(max(0.0, chain.amount - chain.ordered) / chain.first_order + 0.5)


@rule
def displaced(order, params):
    """Amount at home that an order takes the place of."""
    return params.demand.displacement * order


@rule
def order_kept(order, params):
    """What is left of an order when its yearly part has been put out to tender."""
    return order * (1.0 - params.demand.contest)


@rule
def too_small(order, first_order, params):
    """Whether an order has shrunk so far that it is given up."""
    return order < params.demand.least * first_order
