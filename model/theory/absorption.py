"""K3 Walk before you run.

A practice can be mastered only one step above what the firm masters: a rung is within reach when
``step`` practices of the rung below are mastered. A functional rung leans on the same rung of
product, an intersectoral one on functional and process. Absorptive capacity grows with what is
mastered and with effort.

    reach = rung 1, and rung r+1 where |mastered on rung r| >= step
            and |mastered on rung r+1 of the dimensions leant on| >= lean
    absorptive capacity = effort (floor + (1 - floor) min(1, capability / enough))

Capacity rises steeply where little is mastered and is full at ``enough``. So the weak are slow for being
weak, which is one half of MP17's catch-22; the other is that buyers do not take them (G1).

Source: MP17 (title; second concern: collaboration demands a minimum level of capabilities); GPR05
section 3b (complex products: capabilities before contracts) and note 21 (crops in an order of rising
difficulty); Cohen and Levinthal (1990) on absorptive capacity. Verspagen (1991) on
falling behind for want of capability. Neutral: step = lean = 0, floor = 1.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import (
    FUNCTIONAL,
    INTERSECTORAL,
    PER_RUNG,
    PROCESS,
    PRODUCT,
    RUNG_1,
    RUNGS,
    capability,
    on_rung,
)

READY = -1  # nothing is lacking

MECHANISM = Mechanism(
    key="K3",
    name="absorption",
    question="What can a firm learn next?",
    claim="Only what is one step above what it already masters, and faster the more it masters.",
    source="MP17, second concern; GPR05 section 3b; Cohen and Levinthal 1990",
    equation="reach by rungs; capacity = effort (floor + (1 - floor) min(1, capability / enough))",
    neutral="step = lean = 0 (everything within reach), floor = 1 (mastery does not help)",
    parameters=(
        Parameter(
            "step", 7, 0, 16, "practices of 16",
            "mastered on a rung before the next is within reach",
            "somewhat less than half of a rung, the midpoint of a Likert step", neutral=0, whole=True,
        ),
        Parameter(
            "lean", 4, 0, 16, "practices of 16",
            "mastered on the same rung of the dimensions that functional and intersectoral lean on",
            "a quarter of a rung: design starts from products that are made, not perfected",
            neutral=0, whole=True,
        ),
        Parameter(
            "floor", 0.2, 0, 1, "share of full absorptive capacity",
            "absorptive capacity of a firm that masters nothing, at full effort",
            "the unskilled learn the basics at a fifth of the pace: with more a country without policy "
            "catches up by itself, which it did not in two decades (MP17)", neutral=1,
        ),
        Parameter(
            "enough", 0.5, 0.01, 1, "share of all process and product practices",
            "capability at which absorptive capacity is full",
            "the midpoint of the scale: collaboration demands a minimum, not perfection (MP17)",
        ),
    ),
)  # fmt: skip


@rule
def lacks(me, d, rung, params):
    """The dimension in which the firm masters too little for a rung (0, 1, 2) of ``d``, or READY.

    ``d`` itself where the step below is missing, another where the rung leans on it.
    """
    lean = params.absorption.lean
    if rung > 0 and on_rung(me.mastered[d], rung - 1) < params.absorption.step:
        return d
    if d == FUNCTIONAL and on_rung(me.mastered[PRODUCT], rung) < lean:
        return PRODUCT
    if d == INTERSECTORAL and on_rung(me.mastered[FUNCTIONAL], rung) < lean:
        return FUNCTIONAL
    if d == INTERSECTORAL and on_rung(me.mastered[PROCESS], rung) < lean:
        return PROCESS
    return READY


@rule
def within_reach(me, d, params):
    """Mask of the practices of dimension ``d`` whose prerequisites the firm meets."""
    reach = 0 * me.mastered[d]
    for rung in range(RUNGS):
        if lacks(me, d, rung, params) != READY:
            break
        reach |= RUNG_1 << (PER_RUNG * rung)
    return reach


@rule
def next_rung(me, d, reach):
    """The lowest rung within reach that is not yet complete: where a good teacher starts."""
    for rung in range(RUNGS):
        missing = (RUNG_1 << (PER_RUNG * rung)) & reach & ~me.mastered[d]
        if missing:
            return missing
    return 0 * reach


@rule
def absorptive_capacity(me, effort, params):
    """Chance (0-1) of taking up a codified practice within reach that one is shown."""
    p = params.absorption
    return effort * (p.floor + (1.0 - p.floor) * min(1.0, capability(me) / p.enough))
