"""G7 A select few.

Active collaboration of lead firms reaches only some suppliers, the most capable; the majority is told
what to achieve and left to find out how.

    supported if the supplier's capability lies within the top ``favoured`` share of the chain's

Source: MP17, second concern (a select few that made investments before); GPR05 section 5c iii.
Neutral: favoured = 1, every supplier is supported.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability
from model.theory.support import HIERARCHY, meets_buyer

MECHANISM = Mechanism(
    key="G7",
    name="favour",
    question="How many suppliers does a lead firm really work with?",
    claim="Only a select few get active collaboration; the majority learn what, not how.",
    source="MP17, second concern; GPR05 section 5c iii",
    equation="supported if capability >= that of the supplier at the favoured share from the top",
    neutral="favoured = 1",
    parameters=(
        Parameter(
            "favoured", 0.6, 0, 1, "share of suppliers",
            "suppliers that get active collaboration, the ablest first",
            "first-tier suppliers and those the buyer depends on; others are second tier",
            neutral=1,
        ),
    ),
)  # fmt: skip


@rule
def is_favoured(me, chain):
    """Whether the leader works with this supplier; the threshold is set once a year."""
    return capability(me) >= chain.favoured_from


@rule
def favoured_number(chain, params):
    """How many suppliers of a chain are favoured; within a firm, all (P2 adds to the rest)."""
    if chain.governance == HIERARCHY:
        return chain.suppliers
    share = min(1.0, params.favour.favoured + chain.developed)
    return int(share * chain.suppliers + 0.5)


@rule
def collaborates(me, chain, d, stage, sector, params):
    """Chance (0-1) that the buyer teaches this supplier in dimension ``d`` this quarter.

    ``stage``: quarters since the contract was signed.
    """
    if not is_favoured(me, chain):
        return 0.0
    return meets_buyer(chain, d, stage, sector, params)
