"""I7 Institutions translate what buyers ask.

Suppliers hear from their buyers what is asked, and cannot do it. Staff who know how firms of the trade
made similar changes help to translate: besides the repository they teach what the firm's own buyer
asks, if the firm has heard of it. So firms learn more from multinationals when they also use such an
institution, and the other way round.

    teachable in a lesson = repository + (known to the firm & held by its buyer)  with ``translate``
    a supplier that took part within the last ``recent`` quarters
        own practice (K2) on what its buyers ask carries ``applied`` of what is tacit
        lessons of its buyer: absorptive capacity + applied x (effort - capacity)
        is among those that the buyer works with (G2)   if applied > 0

Who takes part in such programmes goes home and works on what the buyer asks, and can; and buyers work with
suppliers that made such efforts beforehand.

Source: MP17, Experiential knowledge (Argentine autoparts: suppliers learned from multinationals when
they took part in public programmes; adaptation experience joined with the customers' standards), second
concern (leaders work with those that invested ex ante) and Concluding remarks (firms upgrade their practices
with experiential knowledge to then engage global buyers).
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
    equation="teachable = repository + known & buyer's standard; own practice on it and the buyer's lessons "
    "get across as far as applied",
    neutral="translate = applied = 0",
    parameters=(
        Parameter(
            "translate", 0.6, 0, 1, "share of visits",
            "visits in which the staff work on what the firm's buyer asks",
            "testing starts from the customer's specification more often than not", neutral=0,
        ),
        Parameter(
            "applied", 0.5, 0, 1, "share of tacit how that gets across",
            "what participants make of what their buyers ask and show",
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
def took_part(me, tick, params):
    """Whether a lesson of an institution is recent enough to count with the firm's buyers."""
    p = params.complementarity
    return p.applied > 0.0 and tick - me.served <= p.recent


@rule
def engaged(capacity, effort, me, tick, params):
    """Absorptive capacity (0-1) for what the firm's buyer shows; ``effort``: as if the firm were able."""
    if took_part(me, tick, params):
        return capacity + params.complementarity.applied * (effort - capacity)
    return capacity


@rule
def carry_of_own_practice(carry, me, practice, asked, tick, params):
    """What own practice on a practice that buyers may ask carries of tacit how (0-1).

    ``carry``: of own practice as such; ``asked``: mask of what the firm's buyers ask.
    """
    if practice & asked and took_part(me, tick, params):
        return max(carry, params.complementarity.applied)
    return carry
