"""P1 Matching grants and credit.

Public money pays part of a project, the firm the rest. A project buys what the market sells, machines
and advice, in the kind of upgrading in which they have most to offer the firm, and comes besides what
the firm works on anyway. Money does not buy understanding: how much is learned is a matter of visits,
reach and absorptive capacity, as with any other lesson (K2, K3). Firms apply of their own accord, if
they can spare their part and a project is worth it, and projects are ranked: the able come first.

    applies if resources >= reserve x match x grant
            and practices on offer x value of a practice x foresight >= match x grant
    each quarter, as far as the budget goes, the most capable applicants: ``visits`` lessons of
    each source that sells, for ``grant`` of public money and match x grant of the firm's

The value of a practice and how far owners look ahead are those of F1.

Source: MP17, The shift in GVC policy (reliance on economic incentives and voluntary action privileges
the advanced; fiscal and credit instruments benefit the most capable and induce further dualism).
Fails where one trade's market has little to sell: once the able master it, others have their turn,
and the gap that grants opened closes. Neutral: no instrument of this kind, or grant = 0.
"""

from __future__ import annotations

from model.compiler import count, rule
from model.theory.absorption import within_reach
from model.theory.interaction import CONSULTANT, ENGINEERING, MACHINERY
from model.theory.mechanism import InstrumentKind, Mechanism, Parameter
from model.theory.practices import DIMENSIONS
from model.theory.road import practice_value

GRANTS = 0  # its number among the kinds of instruments
SELLERS = (MACHINERY, CONSULTANT)  # the sources of the sector table whose lessons have a price

MECHANISM = Mechanism(
    key="P1",
    name="grants",
    question="Whom do matching grants and credit help?",
    claim="Those who can spare their part, the able first; dualism grows.",
    source="MP17, The shift in GVC policy and its limitations",
    equation="a project for the ablest of those with resources >= reserve x match x grant",
    neutral="grant = 0",
    instrument=InstrumentKind("grants", GRANTS, chooses=True),
    parameters=(
        Parameter(
            "grant", 1.0, 0, 100, "units of account", "public money for one project",
            "a quarter's value added a worker of a firm without mastery", neutral=0,
        ),
        Parameter(
            "match", 1.0, 0, 10, "share of the grant", "own money that a firm has to bring",
            "one to one, as matching says",
        ),
        Parameter(
            "reserve", 2.0, 1, 10, "own parts",
            "resources that a firm wants to hold before it commits its part",
            "small firms keep as much again, as before they pay a membership (I3)",
        ),
        Parameter(
            "visits", 10, 0, 16, "lessons of each seller",
            "how often each seller is asked to come in the project's quarter",
            "what grant and own part buy at list price, 0.05 a lesson with a machine and 0.15 of advice; "
            "sellers come at their rate (K2)", whole=True,
        ),
    ),
)  # fmt: skip


@rule
def own_part(params):
    """What a firm pays of its project (units of account)."""
    return params.grants.match * params.grants.grant


@rule
def on_offer(me, d, sector, params):
    """Mask of what the market could teach the firm now in dimension ``d``."""
    sold = 0 * me.mastered[d]
    for seller in SELLERS:
        sold |= sector.holds[d, seller - ENGINEERING]
    return sold & within_reach(me, d, params) & ~me.mastered[d]


@rule
def project(me, sector, params):
    """The dimension (0-3) of the firm's project: where the market has most to offer it."""
    best, most = 0, -1
    for d in range(len(DIMENSIONS)):
        n = count(on_offer(me, d, sector, params))
        if n > most:
            best, most = d, n
    return best


@rule
def can_match(me, params):
    """Whether the firm can spare its part."""
    return me.active == 1 and me.resources >= params.grants.reserve * own_part(params)


@rule
def worth_it(me, sector, params):
    """Whether what a project offers is worth the firm's part to an owner who looks ahead (F1)."""
    new = count(on_offer(me, project(me, sector, params), sector, params))
    return new > 0 and new * practice_value(params) * params.road.foresight >= own_part(params)
