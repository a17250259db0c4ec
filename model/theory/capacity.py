"""I8 Capacity and crowding.

Staff and money are finite. An institution makes as many visits as it can pay for; members queue, and
open access without money is a queue. The fraction of a visit that is left over happens by chance, so
that small budgets count.

    visits = money / cost of a visit, at most one a member and quarter     finite = 1
           = one a member and quarter                                      finite = 0

Source: MP17, The shift in GVC policy (support of 0.03 to 0.09 percent of GDP; underfunded programmes).
Neutral: finite = 0, money sets no limit.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.board import budget
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="I8",
    name="capacity",
    question="How many firms can an institution serve?",
    claim="Budgets are finite; open access without money is a queue.",
    source="MP17, The shift in GVC policy and its limitations",
    equation="visits = money / cost of a visit",
    neutral="finite = 0",
    parameters=(
        Parameter(
            "finite", 1.0, 0, 1, "share", "how far money limits the visits",
            "by definition of the budget", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def visits_expected(institution, members, spent, params):
    """Visits, with a fraction, to ``members`` after what was ``spent`` of the quarter's money."""
    paid = max(0.0, budget(institution) - spent) / institution.visit_cost
    finite = params.capacity.finite
    return finite * min(1.0 * members, paid) + (1.0 - finite) * members


@rule
def planned_visits(institution, members, draw, params):
    """Visits this quarter; a fraction of a visit is one more by chance."""
    return int(visits_expected(institution, members, institution.spent, params) + chance(draw))
