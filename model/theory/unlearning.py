"""K6 Unlearning.

Mastery that is not kept up decays, the advanced first: upgrading is keeping up with an international
standard that moves.

    each quarter, with chance ``forget``, one mastered practice of one dimension is lost
    once a year the standard that every lead firm asks rises by ``drift``

The practice stays known (aware): what was once done is remembered, the hand is lost.

Source: GPR05 note 7 (marginal improvements to keep up with a moving international standard).
Neutral: forget = drift = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import any_one_of

MECHANISM = Mechanism(
    key="K6",
    name="unlearning",
    question="Does mastery last?",
    claim="Mastery decays unless kept up, since the international standard moves.",
    source="GPR05 note 7",
    equation="mastered' = mastered - {one of mastered} with chance forget; standards + drift a year",
    neutral="forget = drift = 0",
    parameters=(
        Parameter(
            "forget", 0.02, 0, 1, "chance a quarter and dimension",
            "one mastered practice is lost or overtaken by the standard",
            "one practice every twelve years and dimension", neutral=0,
        ),
        Parameter(
            "drift", 0.004, 0, 0.1, "share of process and product practices a year",
            "rise of what lead firms ask of an entrant",
            "six practices of 96 in fifteen years; certificates were renewed about as often",
            neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def lost(me, d, draw, params):
    """The practice that the firm loses this quarter in dimension ``d``; 0 if none."""
    if chance(draw) < params.unlearning.forget:
        return any_one_of(me.mastered[d], draw)
    return 0 * me.mastered[d]


@rule
def risen(entry_standard, params):
    """The entry standard (0-1) of a lead firm a year on."""
    return min(1.0, entry_standard + params.unlearning.drift)
