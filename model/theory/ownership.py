"""F6 Ownership.

A cluster holds more than small local firms: a few large ones, firms owned from abroad, plants of a lead
firm. Who has a parent is shown by it how process and product are done, as within a hierarchy, whether or
not it supplies a chain: a plant what its leader holds, a foreign firm what buyers of its trade hold. So
upgrading can be seen in a cluster while its local firms stay behind. A large firm starts with rungs of
process and product already mastered, the lowest first.

    chance that the parent teaches = rate of the buyer channel x transfer      process and product
    a large firm masters of rung r the share  3 capability - (r - 1), between 0 and 1, at the start

Source: GPR05 section 5c iii (in complex products upgrading regards predominantly foreign first-tier
suppliers; design stays with the parent, local subsidiaries adapt it) and note 3 (clusters of Latin America
hold firms that differ widely in size). Neutral: transfer = 0, or a community without large, foreign or
leaders' firms.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.interaction import BUYER, rate
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PER_RUNG, PRODUCT, RUNGS

OWNERSHIP = ("local", "foreign", "plant")
LOCAL, FOREIGN, PLANT = range(len(OWNERSHIP))

MECHANISM = Mechanism(
    key="F6",
    name="ownership",
    question="Who stands behind a firm?",
    claim="Foreign firms and plants know what their parent shows them; local firms have none.",
    source="GPR05 section 5c iii and note 3",
    equation="chance that the parent teaches = rate x transfer, in process and product",
    neutral="transfer = 0: a firm with a parent learns as one without",
    parameters=(
        Parameter(
            "transfer", 0.8, 0, 1, "share of full access to the parent's knowledge",
            "transfer within the firm",
            "as from the owner of a hierarchy (G2)", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def meets_parent(me, d, params):
    """Chance (0-1) that the parent teaches this firm in dimension ``d`` this quarter."""
    if me.ownership == LOCAL or d > PRODUCT:
        return 0.0
    return rate(BUYER, params) * params.ownership.transfer


@rule
def large_density(capability, bit):
    """Chance (0-1) that a large firm masters a practice at the start; ``capability``: 0-1."""
    return min(1.0, max(0.0, RUNGS * capability - bit // PER_RUNG))
