"""I4 Governance of the institution.

Whom the staff visit is decided by those who sit on the board. Government serves whoever comes; the
association of one community its own firms; the associations of all communities together hear each and
answer the greater need; lead firms want their suppliers served. Seats vote in proportion, or the
largest bench decides alone. Where several parties sit together they invest together. And where the
associations of all communities govern together, those who sit for them get to know each other: ties between
communities that were isolated begin on the board.

    two members apply for a visit; one seat, drawn in proportion, prefers
        whoever came first                             government
        the one of the home community                  home association
        the one with the lower capability              associations of every community
        the one that supplies a chain                  lead firms
    with majority vote the largest bench has all seats
    budget = public budget (1 + joint investment x share of votes that are not the government's)
    each quarter, for each community with members: one of them, drawn by lot, and a member of another
    community are tied with chance ties x share of votes of the associations of every community, at the
    trust of I5; the other is drawn among all members, and if it is from the same community nothing happens

Source: MP17, Experiential knowledge (rules of participatory governance in Argentine wine: joint
government and investment, responsiveness to different communities, professional relationships across
regions that were isolated before) and Concluding remarks (the form of governance can initiate and anchor
a structure of learning). Neutral: voice = 0, the board has no say on who is visited; joint investment 0
on the institution; ties = 0, who governs together stays as far apart as before.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import SEAT, VOICE, chance, key
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability

PARTIES = ("government", "home_association", "associations", "lead_firms")
GOVERNMENT, HOME_ASSOCIATION, ASSOCIATIONS, LEAD_FIRMS = range(len(PARTIES))
VOTES = ("proportional", "majority")

MECHANISM = Mechanism(
    key="I4",
    name="board",
    question="Whom does an institution serve?",
    claim="A board of one party serves that party; a joint board answers need, invests jointly and ties "
    "those who govern.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="of two applicants a drawn seat picks by its party's interest",
    neutral="voice = ties = 0; joint investment 0 on the institution",
    parameters=(
        Parameter(
            "voice", 0.8, 0, 1, "share of visits",
            "visits allotted by the board's preference",
            "the rest goes by who turns up", neutral=0,
        ),
        Parameter(
            "ties", 0.3, 0, 1, "chance a quarter and community",
            "one who sits for a community gets to know a member of another, if all seats are theirs",
            "a board meets once a quarter, and one meeting makes a tie as often as any (I5)", neutral=0,
        ),
    ),
    without=(("institutions.*.board.joint_investment", 0.0),),
)  # fmt: skip


@rule
def has_contract(firm):
    """Whether the firm supplies a lead firm."""
    for c in range(len(firm.contract)):
        if firm.contract[c] >= 0:
            return True
    return False


@rule
def would_give_way(party, institution, first):
    """Whether a party could like another applicant better than the first: else none need be asked for."""
    if party == HOME_ASSOCIATION:
        return first.community != institution.home
    if party == LEAD_FIRMS:
        return not has_contract(first)
    return party == ASSOCIATIONS


@rule
def prefers(party, institution, first, second):
    """Whether a party would let the second of two applicants go first."""
    if not would_give_way(party, institution, first):
        return False
    if party == HOME_ASSOCIATION:
        return second.community == institution.home
    if party == LEAD_FIRMS:
        return has_contract(second)
    return capability(second) < capability(first)


@rule
def seated(institution, draw):
    """The party of a seat drawn in proportion; ``institution.seats`` holds shares that sum to 1."""
    x = chance(key(draw, SEAT))
    for party in range(LEAD_FIRMS):
        x -= institution.seats[party]
        if x < 0.0:
            return party
    return LEAD_FIRMS


@rule
def has_say(draw, params):
    """Whether the board has a say in who gets a place: else nobody need ask for another applicant."""
    return chance(key(draw, VOICE)) < params.board.voice


@rule
def sit_together(institution, params):
    """Whether communities sit together on the board, so that ties can come of it."""
    return params.board.ties > 0.0 and institution.seats[ASSOCIATIONS] > 0.0


@rule
def gets_acquainted(institution, draw, params):
    """Whether one who sits for a community gets to know a member of another this quarter."""
    return chance(draw) < params.board.ties * institution.seats[ASSOCIATIONS]


@rule
def budget(institution):
    """What the institution can spend in a quarter (units of account): public, joint, fees."""
    others = 1.0 - institution.seats[GOVERNMENT]
    public = institution.budget * (1.0 + institution.joint_investment * others)
    return public + institution.donor + institution.fees
