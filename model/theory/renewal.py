"""K6a Renewal.

The international standard moves. Each year some practices are overtaken: a better way of doing the
same is found, and what was mastered counts no more and has to be learned anew. A practice is a place in
the standard; when it is overtaken its successor takes the place. Sources at the frontier (makers of
machinery, laboratories, lead firms, advanced users) bring the successor forth and hold it at once.
Sources nearer by (a firm's own engineering, local suppliers, consultants) lag behind and come to hold it
in time. Firms and institutions do not even know of it. Large firms ride the frontier. All money is
counted in value added at the frontier of the day, so who stands still falls behind.

    each quarter a practice of dimension d is overtaken    with chance pace_d x pace of the sector / 4
    mastered', aware', repository' = without it
    a source that lags holds the successor again           with chance ``diffusion`` a quarter

The draw belongs to the trade: its firms, wherever they are, lose the same practice in the same quarter.
So a closed network runs dry for a second reason, and only what is taught anew keeps an effect alive.

Source: GPR05 note 7 (small improvements that keep up with a moving international standard), section 3a
(functional upgrading makes for more enduring competitiveness); MP17, Weak GVC participation (two decades
of openness without catching up). Neutral: pace = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance, key
from model.theory.interaction import CONSULTANT, ENGINEERING, INPUTS
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import DIMENSIONS, PRACTICES

LAGGING = (ENGINEERING, INPUTS, CONSULTANT)  # sources of the sector table not at the frontier
_QUARTERS = 4.0  # in a year

MECHANISM = Mechanism(
    key="K6a",
    name="renewal",
    question="Does it do to stand still?",
    claim="The standard moves: what is mastered is overtaken, and has to be learned anew.",
    source="GPR05 note 7 and section 3a; MP17, Weak GVC participation",
    equation="a practice is overtaken with chance pace_d x pace of the sector a year",
    neutral="pace = 0",
    parameters=(
        Parameter(
            "pace", (0.04, 0.04, 0.015, 0.015), 0, 1, "share of practices a year",
            "practices that are overtaken, where the sector's pace is 1",
            "process and product: standards such as ISO 9000 are revised about every seven years, in "
            "a third of their clauses; functions are more enduring (GPR05 section 3a); trials hold a "
            "country in place at 0.03 to 0.05", neutral=0, labels=DIMENSIONS,
        ),
        Parameter(
            "diffusion", 0.1, 0, 1, "chance a quarter and practice",
            "a source that lags behind comes to hold the successor",
            "two and a half years from the trade fair to the local supplier", neutral=1,
        ),
    ),
)  # fmt: skip


@rule
def overtaken(d, sector, draw, params):
    """Mask of the practices of dimension ``d`` that are overtaken in a trade this quarter."""
    gone = 0 * sector.known[d]
    yearly = params.renewal.pace[d] * sector.pace
    if yearly == 0.0:
        return gone
    for bit in range(PRACTICES):
        if chance(key(draw, bit)) < yearly / _QUARTERS:
            gone |= 1 << bit
    return gone


@rule
def caught_up(holds, own, draw, params):
    """What a lagging source holds after the quarter: ``holds``, and some of ``own`` that it lacks.

    ``own``: mask of the practices that the source holds when it is up to date.
    """
    missing = own & ~holds
    while missing:
        practice = missing & -missing
        missing &= missing - 1
        if chance(key(draw, practice)) < params.renewal.diffusion:
            holds |= practice
    return holds
