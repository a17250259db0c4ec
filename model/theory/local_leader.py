"""C3 Vertical ties crowd out horizontal ones.

Firms that hang on one leader, local or foreign, act together with their neighbours less: their time
goes to the leader, who likes it so, and what they know is the leader's business.

    joint action between producers x (1 - crowding x share of sales to quasi-hierarchies, hierarchies)

Since ties weaken when they are not used (C2), a cluster built around a leader, or one of low trust
without institutions, stays without joint action.

Source: GPR05 section 5a (Chipilo, Torreon; complex products: anchored clusters) and the quotation on
the ABC chamber in section 5c iii. Neutral: crowding = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="C3",
    name="local_leader",
    question="Why is there little joint action around a strong leader?",
    claim="Strong vertical ties crowd out horizontal joint action.",
    source="GPR05 sections 5a and 5c iii",
    equation="horizontal joint action x (1 - crowding x share of sales to leaders)",
    neutral="crowding = 0",
    parameters=(
        Parameter(
            "crowding", 0.8, 0, 1, "share of meetings",
            "meetings between producers that a firm wholly tied to leaders gives up",
            "horizontal joint action is almost inexistent in such clusters (GPR05 section 5a)",
            neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def horizontal(led_share, params):
    """Share (0-1) of its joint action with other producers that a firm keeps up."""
    return 1.0 - params.local_leader.crowding * led_share
