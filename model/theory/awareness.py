"""K1 What travels easily.

Knowing *what* has to be achieved is cheap. A lead firm hands its standard to every supplier, fairs
and published standards show practices to whoever gets the information, and whoever meets a source
of knowledge sees at least what it does, even where it learns nothing of how.

    aware' = aware + {practice shown}            with chance ``meeting`` at every meeting
    aware' = aware + what the lead firm holds    with chance ``chain`` a quarter, its core too
    aware' = aware + {one known practice}        with chance ``fairs`` x information of the community

Source: GPR05 section 2 (chains as information on need and mode), section 5c (requirements signalled
by buyers and standards); MP17 "Cutting the Gordian knot" (firms know what, not how). Fails where a
standard is secret. Neutral: all three chances 0; then nobody hears of what it does not master.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import NOTE, chance, key
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import any_one_of

MECHANISM = Mechanism(
    key="K1",
    name="awareness",
    question="How does a firm come to know what it should be able to do?",
    claim="Knowing what travels easily: along chains, in standards, at fairs, by looking on.",
    source="GPR05 sections 2 and 5c; MP17, Cutting the Gordian knot",
    equation="aware' = aware + what was shown, with a chance by way of travel",
    neutral="meeting = chain = fairs = 0",
    parameters=(
        Parameter(
            "meeting", 0.8, 0, 1, "chance a meeting",
            "a firm takes note of the practice that it was shown",
            "seeing is cheap, but not every visitor looks", neutral=0,
        ),
        Parameter(
            "chain", 0.5, 0, 1, "chance a quarter",
            "a lead firm's whole standard reaches a supplier",
            "supply contracts restate the standard about twice a year", neutral=0,
        ),
        Parameter(
            "fairs", 0.5, 0, 1, "chance a quarter at full information",
            "a fair, journal or published standard shows one practice",
            "one or two fairs a year in well-informed clusters (GPR05 section 5c i)", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def see(firm, d, shown, draw, params):
    """The firm takes note of a practice that it was shown in dimension ``d`` of a meeting."""
    if shown & ~firm.aware[d] and chance(key(draw, NOTE)) < params.awareness.meeting:
        firm.aware[d] |= shown


@rule
def hear_from_chain(firm, d, chain, draw, params):
    """The firm hears the standard of a lead firm that it supplies."""
    if chance(draw) < params.awareness.chain:
        firm.aware[d] |= chain.holds[d]


@rule
def hear_at_fair(firm, d, community, sector, draw, params):
    """The firm hears of one practice that somebody in its trade masters."""
    if chance(draw) < params.awareness.fairs * community.information:
        firm.aware[d] |= any_one_of(sector.known[d], draw)
