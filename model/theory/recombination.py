"""K5 Recombination.

The same thing is done in many ways, and who has seen several can fit one to a shop that is like none of
them. Staff whose repository holds the experience of several communities recombine it: their lessons
get across to firms that would not see by themselves how to adapt what is shown. And a firm that learns from
a peer of another community now and then hits on a practice more, within its reach.

    absorptive capacity under staff of n communities
        = capacity + adaptation (1 - 1 / n) (effort - capacity)
    a firm that learned across communities masters one more practice within reach   with chance ``firm``

Staff of one community have one way to show, its own. So a bridge teaches more in an hour than a local centre
even where both hold the same practices, which is more than redundancy (K4) and repository (I1) say.

Source: MP17, Experiential knowledge (simple testing sped up learning since it integrated experiences of
restructuring from several industrial districts; two recombinations in Argentine autoparts) and first concern
(what is hard is to carry codified practice from one context into another); Fleming (2001). Neutral:
adaptation = firm = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import any_one_of

MECHANISM = Mechanism(
    key="K5",
    name="recombination",
    question="What does it add to have seen a thing done in several places?",
    claim="Experience of several communities can be fitted to firms that are like none of them.",
    source="MP17, first concern and Experiential knowledge; Fleming 2001",
    equation="capacity + adaptation (1 - 1 / communities) (effort - capacity)",
    neutral="adaptation = firm = 0",
    parameters=(
        Parameter(
            "adaptation", 0.5, 0, 1, "share of the capacity that is lacking",
            "what staff with experience of very many communities make up for",
            "half: about what staff at a firm's side make up for by guidance (I2); a guess to be calibrated",
            neutral=0,
        ),
        Parameter(
            "firm", 0.1, 0, 1, "chance a lesson from another community",
            "a firm that learned across communities hits on one practice more",
            "one lesson in ten is more than the sum of its parts", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def adapted(capacity, effort, institution, params):
    """Absorptive capacity (0-1) for staff with the experience that the institution has gathered.

    ``effort``: what the capacity of the firm would be if it were able.
    """
    communities = institution.contributors
    if communities < 2:
        return capacity
    share = params.recombination.adaptation * (1.0 - 1.0 / communities)
    return capacity + share * (effort - capacity)


@rule
def hit_upon(me, d, reach, draw, params):
    """What a firm that just learned across communities finds besides; 0 if nothing."""
    if chance(draw) < params.recombination.firm:
        return any_one_of(reach & ~me.mastered[d], draw)
    return 0 * reach
