"""F2 Value added.

Upgrading is innovating to raise value added: process lowers cost, product raises price, functional
upgrading raises the margin and the firm's independence, intersectoral opens a new market. A chain
pays for its reach, and its leader takes a share by power, less from a supplier with functions of its
own.

    made  = (1 + process s_0 / 3) (1 + product s_1 / 3) (1 + functional s_2 / 3) (1 + new s_3 / 3)
    value added per worker = made x sum over outlets of share x price (1 + premium) (1 - cut) x in use
    cut   = cut of the mode x (1 - independence s_2 / 3);  home market: price 1, premium = cut = 0
    price = price level of the chain, 1 at the start; times the exchange rate where it sells abroad

Unit of account: value added a quarter of a worker in a firm that masters nothing of the standard of the
day (``UNIT_OF_ACCOUNT``); so money is indexed to the frontier. A firm keeps its account for one of its
workers, whatever its size: what it earns, pays, buys and saves (F1, F3, F4) is what that worker makes and
costs, and prices, fees and grants are in the same unit.

Source: GPR05 section 3a (four kinds, value added, independence), section 2 (power in chains).
Neutral: all gains, premia, cuts 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.exchange_rate import in_money_of_here
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import (
    DIMENSIONS,
    FUNCTIONAL,
    PROCESS,
    PRODUCT,
    RUNGS,
    score,
)
from model.theory.support import GOVERNANCE

UNIT_OF_ACCOUNT = (
    "value added a quarter of a worker in a firm that masters nothing of the standard of the day"
)
"""What money is counted in, everywhere."""

REACH = ("domestic", "global")
DOMESTIC, GLOBAL = range(2)

MECHANISM = Mechanism(
    key="F2",
    name="value_added",
    question="What is upgrading worth, and to whom does it go?",
    claim="Value added grows with each kind of upgrading; chains pay for reach and take by power.",
    source="GPR05 sections 2 and 3a",
    equation="made x sum of share (1 + premium) (1 - cut)",
    neutral="gain = premium = cut = 0",
    parameters=(
        Parameter(
            "gain", (1.0, 0.8, 0.6, 0.5), 0, 5, "share of value added at full mastery",
            "what full mastery of a dimension adds",
            "together about fivefold, the distance of small to large firms in MP17 Fig. 3",
            neutral=0, labels=DIMENSIONS,
        ),
        Parameter(
            "premium", (0.1, 0.5), 0, 5, "share of value added",
            "what a chain pays above the home market, by reach",
            "exporters are more productive and pay better (MP17)", neutral=0, labels=REACH,
        ),
        Parameter(
            "cut", (0.1, 0.1, 0.3, 0.4), 0, 1, "share of value added",
            "what the leader takes, by governance",
            "power rises from market to hierarchy (GPR05 section 2)", neutral=0,
            labels=GOVERNANCE,
        ),
        Parameter(
            "independence", 0.5, 0, 1, "share of the cut",
            "how much of the cut full functional mastery wins back",
            "functional upgrading makes firms less vulnerable (GPR05 section 3a)",
        ),
        Parameter(
            "scale", 1.3, 1, 10, "ratio",
            "labour productivity of a large firm over a small one of the same mastery",
            "capital and scale; with mastery it spans the gap of MP17 Fig. 3", neutral=1,
        ),
    ),
)  # fmt: skip


@rule
def made(me, params):
    """Value added per worker before anybody takes a share, sold at home (units of account)."""
    gain = params.value_added.gain
    product = 1.0
    for d in range(len(DIMENSIONS)):
        product *= 1.0 + gain[d] * score(me.mastered[d]) / RUNGS
    return product


@rule
def price_level(chain):
    """Price level of the chain in money of here."""
    if chain.reach == GLOBAL:
        return in_money_of_here(chain.price, chain.exchange)
    return chain.price


@rule
def paid(chain, params):
    """What the chain's customers pay for one unit, home market without imports = 1."""
    return price_level(chain) * (1.0 + params.value_added.premium[chain.reach])


@rule
def outlet(me, chain, params):
    """What one unit sold into a chain is worth to the firm, home market = 1."""
    independence = params.value_added.independence * score(me.mastered[FUNCTIONAL]) / RUNGS
    cut = params.value_added.cut[chain.governance] * (1.0 - independence)
    return paid(chain, params) * (1.0 - cut)


@rule
def large_firm(params):
    """Labour productivity of a large firm: process and product mastered, global market, scale."""
    gain = params.value_added.gain
    mastered = (1.0 + gain[PROCESS]) * (1.0 + gain[PRODUCT])
    return params.value_added.scale * mastered * (1.0 + params.value_added.premium[GLOBAL])
