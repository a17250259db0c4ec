"""I1 Repository.

An institution teaches what it has gathered from those it reaches. Every visit goes both ways: the
staff teach, and take one practice of the firm visited into the repository. The more communities an
institution reaches, the more it holds that is new to each; one that serves a single community hands
its members' own practice back to them until it is redundant (K4).

    repository' = repository + {one practice that the visited firm masters}   with chance ``gather``
    teaches from: the repository (experiential) or the frontier rung (pioneering)

Pioneering knowledge is advanced research: practices of the top rung only, whoever comes.

Source: MP17, Experiential knowledge (centres as repositories; Argentine autoparts, wine); GPR05
section 5c ii (research and extension). Neutral: gather = 0, the repository stays empty.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import RUNG_3, any_one_of

MECHANISM = Mechanism(
    key="I1",
    name="repository",
    question="What can an institution teach?",
    claim="What it has gathered from those it reaches: more communities, more that is new to each.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="repository' = repository + one practice of each firm visited",
    neutral="gather = 0",
    parameters=(
        Parameter(
            "gather", 0.9, 0, 1, "chance a visit",
            "the staff take one practice of the visited firm into the repository",
            "testing and training draw on the firms' own practice (MP17)", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def gather(institution, me, d, draw, params):
    """The staff take one practice of the firm's dimension ``d`` into the repository."""
    practice = any_one_of(me.mastered[d], draw)
    if practice and chance(draw) < params.repository.gather:
        institution.repository[d] |= practice
        if not institution.gathered[me.community]:
            institution.gathered[me.community] = True
            institution.contributors += 1


@rule
def frontier(sector, d):
    """What advanced research offers in dimension ``d``: the top rung only."""
    return RUNG_3 | (0 * sector.known[d])
