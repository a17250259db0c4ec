"""G1 Selection.

A lead firm takes suppliers above its entry standard, the ablest first, as many as its orders need,
and drops those that fall behind. Thresholds are low in traditional sectors and high in complex
products. So a firm can be too weak to enter and weak because it is outside.

    eligible  if capability >= entry standard, and of the chain's own standard the share that it asks of
              each kind is mastered, and contact is made (market access of the community, I6, P3)
    dropped   if either falls short by more than patience

A scenario says the standard as a share of all practices (``entry_standard``), as shares of the chain's own
standard by kind (``asks``), or both; where several buyers ask for different things (``particular``), who
suits one need not suit the other.

Source: GPR05 section 3b (who is subcontracted at all), section 5c ii and iii; MP17, Weak GVC
participation (the catch-22). Neutral: entry standard 0 on every chain, patience 1; without orders
there is no chain.
"""

from __future__ import annotations

from model.compiler import count, rule
from model.theory.certification import meets_buyer_abroad
from model.theory.export_promotion import EXPORT_PROMOTION, promoted, taken_abroad
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability
from model.theory.value_added import GLOBAL

MECHANISM = Mechanism(
    key="G1",
    name="selection",
    question="Who gets into a value chain, and who stays?",
    claim="Lead firms take the able, keep a select few and drop those that fall behind.",
    source="GPR05 sections 3b and 5c; MP17, Weak GVC participation",
    equation="in if capability >= entry standard; out if capability < entry standard - patience",
    neutral="entry standard 0 and patience 1: nobody is refused or dropped for want of capability",
    parameters=(
        Parameter(
            "patience", 0.05, 0, 1, "share of all process and product practices",
            "how far a supplier may fall below the entry standard before it is dropped",
            "five practices of 96", neutral=1,
        ),
        Parameter(
            "strictness", 1.0, 0, 1, "share of the entry standard",
            "how far lead firms apply their entry standard",
            "by definition of the chain's entry standard", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def standard(chain, params):
    """The capability (0-1) that the lead firm asks of an entrant."""
    return params.selection.strictness * chain.entry_standard


@rule
def missed(me, chain, params):
    """What the firm lacks of the share of the chain's standard that is asked of a kind; below 0: spare.

    The larger of process and product; -1 where nothing is asked by kind.
    """
    most = -1.0
    for d in range(len(chain.asks)):
        if chain.asks[d] > 0.0:
            whole = max(1, count(chain.holds[d]))
            share = count(me.mastered[d] & chain.holds[d]) / whole
            most = max(most, params.selection.strictness * chain.asks[d] - share)
    return most


@rule
def felt_standard(me, chain, params):
    """The capability (0-1) that the chain's standard amounts to for this firm, kinds included."""
    return max(standard(chain, params), capability(me) + missed(me, chain, params))


@rule
def is_eligible(me, chain, params):
    """Whether the firm meets the lead firm's entry standard."""
    if missed(me, chain, params) > 0.0:
        return False
    return capability(me) >= standard(chain, params)


@rule
def falls_behind(me, chain, params):
    """Whether the lead firm drops this supplier."""
    patience = params.selection.patience
    return (
        capability(me) < standard(chain, params) - patience or missed(me, chain, params) > patience
    )


@rule
def public_contact(community, chain, params):
    """Chance a year that a firm without certificate and this buyer find each other (C1, P3)."""
    if chain.reach == GLOBAL:
        money = community.aid[EXPORT_PROMOTION]
        return promoted(community.market_access, money, community.places, params)
    return community.market_access


@rule
def contact(me, community, chain, params):
    """Chance a year that the firm and this buyer find each other (C1, P3, I6)."""
    open_to_all = public_contact(community, chain, params)
    if chain.reach == GLOBAL:
        if me.promoted:
            open_to_all = taken_abroad(open_to_all, params)
        return meets_buyer_abroad(me, open_to_all, params)
    return open_to_all
