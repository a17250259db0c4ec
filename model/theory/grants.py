"""P1 Matching grants and credit.

Public money for investment, matched by the firm. Who applies must bring its own part and a
presentable project, so that the able and solvent take it up first.

    each quarter, as far as the budget goes, the abler of two applicants that can match gets ``grant``
    resources' = resources + grant, if resources >= match x grant

Source: MP17, The shift in GVC policy (fiscal and credit instruments benefit the most capable and
induce further dualism). Neutral: no instrument of this kind, or grant = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability

MECHANISM = Mechanism(
    key="P1",
    name="grants",
    question="Whom do matching grants and credit help?",
    claim="The able take them up first; dualism grows.",
    source="MP17, The shift in GVC policy and its limitations",
    equation="resources + grant for the abler of two applicants with resources >= match x grant",
    neutral="grant = 0",
    parameters=(
        Parameter(
            "grant", 1.0, 0, 100, "units of account", "one grant",
            "a quarter's value added of a firm without mastery", neutral=0,
        ),
        Parameter(
            "match", 1.0, 0, 10, "share of the grant", "own resources that a firm has to bring",
            "one to one, as matching says",
        ),
    ),
)  # fmt: skip


@rule
def can_match(me, params):
    """Whether the firm can bring its part."""
    return me.active == 1 and me.resources >= params.grants.match * params.grants.grant


@rule
def better_project(first, second):
    """Whether the second of two applicants has the better project."""
    return capability(second) > capability(first)
