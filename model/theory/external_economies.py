"""C1 External economies.

Being there brings four things without asking: a specialised labour market in which people change
jobs and carry practice along, inputs at hand, information in the air, and traders who pass by.

    chance to hire know-how = rate_labour x mobility of the community
    contact with buyers     = market access of the community
    price of advice falls by ``at_hand`` x local inputs; machines cost what they cost abroad, at the
                              exchange rate (``exchange_rate``) but for those that are made in the place

Information acts in K1 (fairs), local inputs also through joint action with suppliers (C2). Machines
are not among the inputs at hand: technology comes from outside, and no cluster builds it.

Source: GPR05 section 2 (Marshall, Schmitz) and section 4 (the four components scored); section 5c i
(circulation of labour and information), Table 4 note b (none of the clusters makes its technology).
Neutral: the community's labour mobility, information,
local inputs and market access 0, or at_hand = 0 for the price.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.exchange_rate import dearer
from model.theory.interaction import LABOUR, MACHINERY, price, rate
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="C1",
    name="external_economies",
    question="What does a firm gain by being in a cluster, without doing anything?",
    claim="Specialised labour, inputs, information and market access come by being there.",
    source="GPR05 sections 2, 4 and 5c i",
    equation="hires = rate x mobility; advice at price x (1 - at_hand x inputs); contact = access",
    neutral="labour mobility, information, local inputs, market access 0; at_hand = 0",
    parameters=(
        Parameter(
            "at_hand", 0.3, 0, 1, "share of price",
            "how much cheaper advice is where inputs are fully at hand",
            "services for producers grow where there are many (GPR05 section 2); a third is a guess "
            "to be calibrated", neutral=0,
        ),
        Parameter(
            "hiring", 1.0, 0, 1, "share",
            "how far labour mobility of the community turns into hires that carry practice",
            "by definition of the community's labour mobility", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def labour_mobility(community, params):
    """Chance (0-1) that a vacancy is filled from another firm of the community."""
    return params.external_economies.hiring * community.labour_mobility


@rule
def hires(community, copying, params):
    """Chance (0-1) that somebody from the community is hired this quarter who carries practice.

    ``copying``: what K7 leaves possible.
    """
    return rate(LABOUR, params) * labour_mobility(community, params) * copying


@rule
def meets_maker(me, community, params):
    """Chance (0-1) of being shown at a machine maker's in the place this quarter, as trust goes there."""
    return rate(MACHINERY, params) * community.local_machines * me.backward


@rule
def local_price(channel, sector, community, params):
    """The price of a lesson where it is bought (units of account)."""
    asked = price(channel, sector)
    if channel == MACHINERY:
        return asked * dearer(1.0 - community.local_machines, sector.exchange)
    at_hand = params.external_economies.at_hand * sector.local_inputs * community.local_inputs
    return asked * (1.0 - at_hand)
