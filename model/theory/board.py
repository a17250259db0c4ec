"""I4 Governance of the institution.

Whom the staff visit is decided by the board. A government alone serves whoever comes; one
association serves its own community first; a board on which government and the associations of
every community sit together hears each and answers the greater need, and brings the communities'
money in.

    two members apply for a visit; the board prefers
        whoever came first                                  government
        the one of the association's home community         association
        the one with the lower capability                   joint
    budget = public budget (1 + joint x contribution)

Source: MP17, Experiential knowledge (rules of participatory governance in Argentine wine: joint
government and investment, responsiveness to different communities). Neutral: voice = 0, the board
has no say on who is visited, and contribution = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import VOICE, chance, key
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability

BOARDS = ("government", "association", "joint")
GOVERNMENT, ASSOCIATION, JOINT = range(3)

MECHANISM = Mechanism(
    key="I4",
    name="board",
    question="Whom does an institution serve?",
    claim="A board of one party serves that party; a joint board answers need and invests jointly.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="of two applicants the board picks by its rule; budget (1 + contribution) if joint",
    neutral="voice = contribution = 0",
    parameters=(
        Parameter(
            "voice", 0.8, 0, 1, "share of visits",
            "visits allotted by the board's preference",
            "the rest goes by who turns up", neutral=0,
        ),
        Parameter(
            "contribution", 0.25, 0, 2, "share of the public budget",
            "what the associations add where they govern jointly",
            "a levy on members as in the wine institutions of MP17; size is a guess", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def prefers(institution, first, second):
    """Whether the board would let the second of two applicants go first."""
    if institution.board == ASSOCIATION:
        return first.community != institution.home and second.community == institution.home
    if institution.board == JOINT:
        return capability(second) < capability(first)
    return False


@rule
def prefers_second(institution, first, second, draw, params):
    """Whether the board has a say and lets the second of two applicants go first."""
    if chance(key(draw, VOICE)) >= params.board.voice:
        return False
    return prefers(institution, first, second)


@rule
def budget(institution, params):
    """What the institution can spend in a quarter (units of account): public, joint, fees."""
    public = institution.budget
    if institution.board == JOINT:
        public *= 1.0 + params.board.contribution
    return public + institution.fees


@rule
def affordable(institution, spent, params):
    """Visits, with a fraction, that the quarter's money pays for after what was ``spent``."""
    return (budget(institution, params) - spent) / institution.visit_cost
