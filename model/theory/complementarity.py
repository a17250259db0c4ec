"""I7 Institutions translate what buyers ask.

Suppliers hear from their buyers what is asked, and cannot do it. Staff who know how firms of the trade
made similar changes help to translate: besides the repository they teach what the firm's own buyer
asks, if the firm has heard of it. So firms learn more from multinationals when they also use such an
institution, and the other way round.

    teachable in a lesson = repository + (known to the firm & the buyer's standard)  with ``translate``
    own practice (K2) of a firm that took part within the last ``recent`` quarters, on what its buyers ask:
        carries ``applied`` of what is tacit

Who takes part in such programmes goes home and works on what the buyer asks, and can.

Source: MP17, Experiential knowledge (Argentine autoparts: suppliers learned from multinationals when
they took part in public programmes; adaptation experience joined with the customers' standards).
Neutral: translate = applied = 0.
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
    equation="teachable = repository + known & buyer's standard; own practice on it carries applied",
    neutral="translate = applied = 0",
    parameters=(
        Parameter(
            "translate", 0.6, 0, 1, "share of visits",
            "visits in which the staff work on what the firm's buyer asks",
            "testing starts from the customer's specification more often than not", neutral=0,
        ),
        Parameter(
            "applied", 0.5, 0, 1, "share of tacit how that gets across",
            "own practice of participants on what their buyers ask",
            "between reading, which carries nothing, and being shown", neutral=0,
        ),
        Parameter(
            "recent", 4, 0, 400, "quarters", "how long a lesson keeps owners at it", "a year",
            whole=True,
        ),
    ),
)  # fmt: skip


@rule
def translated(me, d, chain, draw, params):
    """What staff can translate for a supplier of this chain: known to it, asked by its buyer."""
    if chance(key(draw, TRANSLATE)) < params.complementarity.translate:
        return me.aware[d] & chain.holds[d]
    return 0 * me.aware[d]


@rule
def carry_of_own_practice(carry, me, practice, asked, tick, params):
    """What own practice on a practice that buyers may ask carries of tacit how (0-1).

    ``carry``: of own practice as such; ``asked``: mask of what the firm's buyers ask.
    """
    p = params.complementarity
    if practice & asked and tick - me.served <= p.recent:
        return max(carry, p.applied)
    return carry
