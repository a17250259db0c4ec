"""I7 Institutions translate what buyers ask.

Suppliers hear from their buyers what is asked, and cannot do it. Staff who know how firms of the trade
made similar changes help to translate: besides the repository they teach what the firm's own buyer
asks, if the firm has heard of it. So firms learn more from multinationals when they also use such an
institution, and the other way round.

    teachable in a visit = repository + (known to the firm & the buyer's standard)  with ``translate``

Source: MP17, Experiential knowledge (Argentine autoparts: suppliers learned from multinationals when
they took part in public programmes; adaptation experience joined with the customers' standards).
Neutral: translate = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import TRANSLATE, chance, key
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="I7",
    name="complementarity",
    question="Do multinationals and institutions substitute or complement each other?",
    claim="Firms learn more from multinationals when they also use such institutions.",
    source="MP17, Experiential knowledge (Argentine autoparts)",
    equation="teachable = repository + known & buyer's standard",
    neutral="translate = 0",
    parameters=(
        Parameter(
            "translate", 0.6, 0, 1, "share of visits",
            "visits in which the staff work on what the firm's buyer asks",
            "testing starts from the customer's specification more often than not", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def translated(me, d, chain, draw, params):
    """What staff can translate for a supplier of this chain: known to it, asked by its buyer."""
    if chance(key(draw, TRANSLATE)) < params.complementarity.translate:
        return me.aware[d] & chain.holds[d]
    return 0 * me.aware[d]
