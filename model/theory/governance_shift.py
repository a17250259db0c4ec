"""G5 Governance moves.

Steering suppliers is costly; capable suppliers gain power. A leader whose suppliers master what it
asks has no reason to steer them any more: if they have functions of their own the quasi-hierarchy
turns into a network, if they do not and the knowledge is codified it turns into a market. A network or
market whose suppliers fall below the standard is steered again.

    once a year with chance ``shift``, by the mean of a chain's suppliers:
    quasi-hierarchy -> network   capability >= maturity and functional score >= functions
    quasi-hierarchy -> market    capability >= maturity and tacitness of product <= codified
    network, market that was a quasi-hierarchy -> quasi-hierarchy   capability < maturity - relapse

Source: GPR05 section 2 (three reasons why governance changes, after Humphrey and Schmitz 2002);
Gereffi, Humphrey and Sturgeon (2005) on codifiability and capability. Neutral: shift = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PRODUCT
from model.theory.support import MARKET, NETWORK, QUASI_HIERARCHY

MECHANISM = Mechanism(
    key="G5",
    name="governance_shift",
    question="Does the governance of a chain stay as it is?",
    claim="Steering is costly and capable suppliers gain power: governance moves, and back.",
    source="GPR05 section 2; Gereffi, Humphrey and Sturgeon 2005",
    equation="by mean capability and functional score of the suppliers, with chance shift a year",
    neutral="shift = 0",
    parameters=(
        Parameter(
            "shift", 0.2, 0, 1, "chance a year", "a leader that has reason to changes its mode",
            "contracts and habits last about five years", neutral=0,
        ),
        Parameter(
            "maturity", 0.667, 0, 1, "share of process and product practices",
            "mean capability of suppliers who need no steering",
            "two full rungs: the standard of the trade; the third is its frontier",
        ),
        Parameter(
            "functions", 0.9, 0, 3, "functional score 0-3",
            "mean functional score of suppliers who are partners", "nearly a full rung",
        ),
        Parameter(
            "codified", 0.4, 0, 1, "tacitness 0-1",
            "tacitness up to which a standard can replace steering",
            "codified trades of the sector table lie at 0.3",
        ),
        Parameter(
            "relapse", 0.1, 0, 1, "share of process and product practices",
            "fall below maturity at which the leader steers again", "ten practices of 96",
        ),
    ),
)  # fmt: skip


@rule
def next_governance(chain, capability, functional, sector, draw, params):
    """The mode in which the chain is governed next year, from means over its suppliers."""
    p = params.governance_shift
    if chain.suppliers == 0 or chance(draw) >= p.shift:
        return chain.governance
    if chain.governance == QUASI_HIERARCHY and capability >= p.maturity:
        if functional >= p.functions:
            return NETWORK
        if sector.tacitness[PRODUCT] <= p.codified:
            return MARKET
    elif chain.steered and capability < p.maturity - p.relapse:
        return QUASI_HIERARCHY
    return chain.governance
