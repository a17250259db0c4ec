"""F5 Pressure: the spur of what is within sight.

A buyer's standard a step away, an order that was lost, a neighbour who got the order: each makes an owner
turn to what buyers ask, work harder at it, and act together with others. A supplier that is about to fall
below the standard feels it most. What is out of reach spurs nobody: where the standard is far above, the
owner looks away.

    near      = 1 if a chain that buys here asks more than the firm masters, by ``sight`` at most,
                or the firm supplies it with less than ``sight`` to spare
    lost      = 1 if orders leave more than ``slump`` of its hands idle
    neighbour = 1 if it supplies nobody, and a firm that it has a tie with supplies a chain that buys here
                and asks no more than the firm masters and ``sight``
    pressed   = min(1, (near + lost + neighbour) / 2), once a year
    effort'   = effort + spur x pressed x (1 - effort)
    attention to process and product, and meetings with peers, x (1 + focus x pressed)

Source: GPR05 Table 4 note d (the spur to enter chains and fulfil the standard, without support), section
5c ii (mounting pressure on growers) and iii (the interest to become a supplier). Neutral: spur = focus = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PRODUCT, capability

MECHANISM = Mechanism(
    key="F5",
    name="pressure",
    question="What makes an owner try harder?",
    claim="A standard within sight, a lost order, a neighbour's success; not what is out of reach.",
    source="GPR05 Table 4 note d, sections 5c ii and iii",
    equation="effort + spur pressed (1 - effort); attention and meetings x (1 + focus pressed)",
    neutral="spur = focus = 0",
    parameters=(
        Parameter(
            "sight", 0.15, 0, 1, "share of all process and product practices",
            "distance at which a standard spurs", "fifteen practices of 96, two or three years of work",
        ),
        Parameter(
            "slump", 0.1, 0, 1, "share of hands", "idle hands that alarm an owner",
            "a month without work a year",
        ),
        Parameter(
            "spur", 0.3, 0, 1, "share of the effort that is lacking", "effort that pressure brings",
            "a third of the way to all that a firm can do", neutral=0,
        ),
        Parameter(
            "focus", 0.3, 0, 5, "share of attention and of meetings",
            "how far pressure turns owners to process, product and each other",
            "a third as much again; a guess to be calibrated", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def in_sight(me, asked, supplies, params):
    """Whether a chain's standard (0-1) spurs: a step away, or about to be missed."""
    spare = capability(me) - asked
    if supplies:
        return spare < params.pressure.sight
    return -params.pressure.sight <= spare < 0.0


@rule
def in_reach(me, asked, params):
    """Whether the firm could meet a chain's standard (0-1) with effort."""
    return capability(me) >= asked - params.pressure.sight


@rule
def slumps(me, params):
    """Whether orders leave too many hands idle."""
    return me.in_use < 1.0 - params.pressure.slump


@rule
def pressed_by(near, lost, neighbour):
    """Pressure (0-1) out of its three causes, each 0 or 1."""
    return min(1.0, 0.5 * (near + lost + neighbour))


@rule
def spurred(effort, me, params):
    """Learning effort (0-1) under pressure."""
    return effort + params.pressure.spur * me.pressed * (1.0 - effort)


@rule
def focused(weight, d, me, params):
    """Weight of dimension ``d`` in the attention of a firm under pressure."""
    if d > PRODUCT:
        return weight
    return weight * (1.0 + params.pressure.focus * me.pressed)


@rule
def together_under_pressure(me, params):
    """How much more a firm under pressure acts together with others; 1 without pressure."""
    return 1.0 + params.pressure.focus * me.pressed
