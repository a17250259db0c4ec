"""K5 Recombination.

Practices that meet for the first time can bring forth one that nobody had. A firm that learns from a
peer of another community, and an institution that holds practice of several communities, now and then
hit on a new one, within their reach and out of what their trade can know at all.

    a firm that learned across communities masters one more practice within reach  with chance ``firm``
    an institution adds one practice on the lowest rung that its repository has not completed
                         with chance ``institution`` x (1 - 1 / communities that it gathered from)

Source: MP17, Experiential knowledge (recombinatory view of innovation; two recombinations in
Argentine autoparts); Fleming (2001). Neutral: firm = institution = 0.
"""

from __future__ import annotations

from model.compiler import count, rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PER_RUNG, RUNG_1, RUNGS, any_one_of

MECHANISM = Mechanism(
    key="K5",
    name="recombination",
    question="Where do practices come from that nobody in the country masters?",
    claim="Bringing together practices of different communities can produce one that none had.",
    source="MP17, Experiential knowledge; Fleming 2001",
    equation="new practice with chance firm, or institution (1 - 1 / communities gathered from)",
    neutral="firm = institution = 0",
    parameters=(
        Parameter(
            "firm", 0.1, 0, 1, "chance a lesson from another community",
            "a firm that learned across communities hits on one practice more",
            "one lesson in ten is more than the sum of its parts", neutral=0,
        ),
        Parameter(
            "institution", 0.2, 0, 1, "chance a quarter and dimension",
            "an institution with practice of very many communities hits on a new one",
            "a benchmarking programme yields a new practice every year or two", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def hit_upon(me, d, reach, draw, params):
    """What a firm that just learned across communities finds besides; 0 if nothing."""
    if chance(draw) < params.recombination.firm:
        return any_one_of(reach & ~me.mastered[d], draw)
    return 0 * reach


@rule
def synthesis(institution, d, draw, params):
    """What an institution finds by putting its repository together; 0 if nothing."""
    communities = count(institution.contributors)
    none = 0 * institution.repository[d]
    if communities < 2:
        return none
    if chance(draw) >= params.recombination.institution * (1.0 - 1.0 / communities):
        return none
    for rung in range(RUNGS):
        missing = (RUNG_1 << (PER_RUNG * rung)) & ~institution.repository[d]
        if missing:
            return any_one_of(missing, draw)
    return none
