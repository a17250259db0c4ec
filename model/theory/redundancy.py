"""K4 Redundancy.

A source that knows nothing new teaches nothing. Of the meetings with a source, the share
``unscreened`` shows any one of its practices, known or not; the rest is screened for what the firm
lacks and could take up. So the more the two know in common, the less a meeting teaches, and a
closed network runs dry because its members end up knowing the same.

    shown = one of source & reach & ~mastered   if screened and there is any
            one of source                       otherwise

Source: MP17, Experiential knowledge (redundant knowledge in closed local networks); GPR05 section 2
(external linkages). Neutral: unscreened = 0, every meeting finds what is new if there is anything.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import SCREEN, chance, key
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import any_one_of

MECHANISM = Mechanism(
    key="K4",
    name="redundancy",
    question="When does a source stop teaching?",
    claim="A source that knows nothing new teaches nothing; closed networks run dry.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="share of unscreened meetings that teach = |new within reach| / |source|",
    neutral="unscreened = 0",
    parameters=(
        Parameter(
            "unscreened", 0.15, 0, 1, "share of meetings",
            "meetings that show any practice of the source, whether the firm needs it or not",
            "one visit in six is a matter of what happens to be going on", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def offer(source, needed, screened):
    """Mask of the practices of which a meeting, screened for what is needed or not, shows one."""
    if screened and source & needed != 0:
        return source & needed
    return source


@rule
def shown(source, needed, draw, params):
    """The practice that a source shows in a meeting; 0 if it holds none."""
    useful = source & needed
    if useful in (0, source):  # screened or not, it shows the same
        return any_one_of(source, draw)
    screened = chance(key(draw, SCREEN)) >= params.redundancy.unscreened
    return any_one_of(offer(source, needed, screened), draw)
