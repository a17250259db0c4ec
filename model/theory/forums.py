"""I5 Forums.

Programmes in which firms of separate communities meet create ties between them; those ties then work
by themselves, like any other (C2), and carry what one community knows to another.

    a member who attends a meeting (I8) meets another member, hears how it does things as from a peer
    (K2), and a tie is formed with chance ``meeting`` and starts at trust ``trust``

Source: MP17, Experiential knowledge (direct channel: forums in which suppliers from different
regions exchange knowledge). Neutral: meeting = 0, or no meetings among the
services of the institution.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="I5",
    name="forums",
    question="How do isolated communities come to learn from each other directly?",
    claim="Forums create ties and trust across communities; the ties then work by themselves.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="two members who meet form a tie with chance meeting, at starting trust",
    neutral="meeting = 0",
    parameters=(
        Parameter(
            "meeting", 0.3, 0, 1, "chance",
            "two firms that meet at a forum stay in touch",
            "three meetings make a tie", neutral=0,
        ),
        Parameter(
            "trust", 0.3, 0, 1, "trust 0-1",
            "trust at which such a tie starts",
            "vouched for by the institution, not yet tried",
        ),
    ),
)  # fmt: skip


@rule
def stay_in_touch(draw, params):
    """Whether two firms that met at a forum form a tie."""
    return chance(draw) < params.forums.meeting
