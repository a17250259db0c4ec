"""I3 Access.

Who may use an institution is decided by its rules. Membership that costs a fee keeps out who cannot
pay; a required standing keeps out the weak; a quota caps numbers. Rules of inclusion turn this
around: the institution goes to the firms, the weak included, and asks no fee of those who cannot
pay. Firms think about joining once a year, and leave a body that has closed when they next do; it takes
no fees from the day it closes. Some bodies choose whom they take, others are chosen. A fee can be a sum, a
levy on value added, or both. An institution may be meant for small firms only, or for suppliers of certain
chains.

    joins if in reach, and resources >= ``means`` x yearly fee (or inclusive), and capability >=
    required standing, and the quota is not full, with chance ``take_up``
    where places are few: the ablest (chosen), else by lot; the low road never comes (self-selected)

Source: MP17, Experiential knowledge (Mexican fresh produce: fees exclude the vast majority; rules of
inclusion in Argentine wine). Neutral: fee 0, standing 0, quota 1 on every institution, or
exclusion = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability
from model.theory.road import LOW

MECHANISM = Mechanism(
    key="I3",
    name="access",
    question="Who can use an institution?",
    claim="Fees and membership rules keep out the poor and the weak; inclusion lets them in.",
    source="MP17, Experiential knowledge, networks and bridging institutions",
    equation="in if resources >= means x fee and capability >= standing, or inclusive",
    neutral="exclusion = 0: fees and standing keep nobody out",
    parameters=(
        Parameter(
            "take_up", 0.3, 0, 1, "chance a year",
            "a firm that may join does so",
            "programmes need several years to be known", neutral=None,
        ),
        Parameter(
            "means", 2.0, 0, 10, "yearly fees",
            "resources a firm wants to hold before it pays for membership",
            "small firms keep a reserve", neutral=0,
        ),
        Parameter(
            "exclusion", 1.0, 0, 1, "share",
            "how far fees and standing are applied",
            "by definition of the institution's rules", neutral=0,
        ),
    ),
)  # fmt: skip


ASSOCIATION = 62
"""Bit of a firm's memberships: the association of its community. Institutions with staff have lower ones."""

PARTICIPANTS = ("open", "chosen", "drawn", "self_selected")
OPEN, CHOSEN, DRAWN, SELF_SELECTED = range(len(PARTICIPANTS))


@rule
def is_associated(me):
    """Whether the firm is a member of the association of its community."""
    return (me.members >> ASSOCIATION) & 1 == 1


@rule
def dues(me, institution):
    """What membership costs this firm (units of account a quarter): fee and levy on value added."""
    return institution.fee + institution.levy * me.value_added


@rule
def is_meant(me, institution):
    """Whether the institution is for firms of this size and of this buyer; who is a member may grow."""
    if me.workers > institution.largest:
        return False
    if institution.for_chains == 0:
        return True
    for c in range(len(me.contract)):
        if me.contract[c] >= 0 and (institution.for_chains >> me.contract[c]) & 1:
            return True
    return False


@rule
def has_means(me, institution, quarters, params):
    """Whether the firm holds what it wants to hold before it pays the yearly fee."""
    fee = params.access.exclusion * dues(me, institution) * quarters
    return me.resources >= params.access.means * fee


@rule
def has_standing(me, institution, params):
    """Whether the firm masters what the institution asks of a member."""
    return capability(me) >= params.access.exclusion * institution.minimum_capability


@rule
def may_join(me, institution, quarters, params):
    """Whether the institution's rules and the firm's means let it in (reach is not checked)."""
    if not is_meant(me, institution):
        return False
    if institution.chooses == SELF_SELECTED and me.road == LOW:
        return False
    if institution.inclusive:
        return True
    means = has_means(me, institution, quarters, params)
    return means and has_standing(me, institution, params)


@rule
def owes_fee(me, institution, tick):
    """The fee (units of account a quarter) that this member pays now; none to a body that is closed."""
    owed = dues(me, institution)
    if me.resources < owed or not is_open(institution, tick):
        return 0.0
    return owed


@rule
def stays(me, institution, params):
    """Members that cannot pay leave, unless the institution is inclusive."""
    return institution.inclusive or me.resources >= params.access.exclusion * dues(me, institution)


@rule
def takes_up(institution, draw, params):
    """Whether a firm that may join does so this year."""
    return chance(draw) < params.access.take_up * institution.take_up


@rule
def is_open(institution, tick):
    """Whether an institution is at work: between its dates, and with money. No budget, no programme.

    The association of a community lives without staff.
    """
    if institution.association:
        return True
    paid = institution.budget > 0.0 or institution.donor > 0.0 or institution.fee > 0.0
    paid = paid or institution.levy > 0.0
    return paid and institution.opens <= tick < institution.closes
