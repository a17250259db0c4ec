"""K6 Unlearning.

What is not practised is lost: people leave, routines slip. Every practice that a firm masters runs the
same risk each quarter, so that who masters much loses much, and a level is held only by learning. What
the firm's buyers ask is practised every day and slips less.

    lost each quarter    with chance forget_d                     a practice that no buyer asks
                         with chance forget_d (1 - practised)     one that a buyer of the firm asks
    functional           with chance forget_d (1 + kept_away x share of sales to leaders that guard it)

Who makes what a leader has designed and sells under its brand does not design or sell, and forgets how.

The practice stays known (aware): what was once done is remembered, the hand is lost. With ``renewal``
this makes learning a balance and not a race.

Source: GPR05 note 7 and section 3a (mastery of what is tacit lives in practice); MP17 (capabilities of
Mexican SMEs declined over twenty years). Order of magnitude: half of the practices taught in a well-known
trial were gone after eight to nine years (Bloom, Mahajan, McKenzie and Roberts 2020), about 8% a year,
of which K6a accounts for half. Neutral: forget = 0; practised = kept_away = 0: use makes no difference.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance, key
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import DIMENSIONS, FUNCTIONAL

MECHANISM = Mechanism(
    key="K6",
    name="unlearning",
    question="Does mastery last?",
    claim="What is not practised is lost, the more the more is mastered.",
    source="GPR05 note 7 and section 3a; MP17, Introduction; Bloom, Mahajan, McKenzie and Roberts 2020",
    equation="each practice is lost with chance forget_d a quarter, less if buyers ask it, more if they "
    "keep the function to themselves",
    neutral="forget = practised = kept_away = 0",
    parameters=(
        Parameter(
            "forget", (0.01, 0.01, 0.005, 0.005), 0, 1, "chance a quarter and practice",
            "a practice that nobody asks for is lost",
            "4% a year: with renewal the 8% of a trial's practices that were lost a year; design and "
            "brands are tied to owners, who stay", neutral=0, labels=DIMENSIONS,
        ),
        Parameter(
            "practised", 0.5, 0, 1, "share of the chance",
            "loss that daily use for a buyer prevents",
            "a buyer's order book exercises about half of what its standard names", neutral=0,
        ),
        Parameter(
            "kept_away", 3.0, 0, 20, "times the chance",
            "how much faster functions go that a firm's customers keep to themselves",
            "at full dependence as fast as process and product are lost and overtaken together, 8% a year",
            neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def lost(mastered, asked, guarded, d, draw, params):
    """Mask of the practices of dimension ``d`` that a firm loses this quarter.

    ``mastered``: what it masters there; ``asked``: what its buyers ask there; ``guarded``: share (0-1) of
    its sales to leaders that guard their core (G3).
    """
    gone = 0 * mastered
    p = params.unlearning
    usual = p.forget[d]
    if usual == 0.0:
        return gone
    if d == FUNCTIONAL:
        usual *= 1.0 + p.kept_away * guarded
    left = mastered
    while left:
        practice = left & -left
        left &= left - 1
        slips = usual
        if practice & asked:
            slips *= 1.0 - p.practised
        if chance(key(draw, practice)) < slips:
            gone |= practice
    return gone
