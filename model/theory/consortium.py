"""P4 Cluster and consortium building.

Brokers bring producers of a locality together: they raise trust on the ties that exist. Firms that
trust each other act together more often (C2); what they can learn is still only what they know (K4).

    trust' = trust + push (1 - trust), on as many local ties a quarter as money pays for

Source: MP17, The shift in GVC policy (PROFO in Chile, horizontal networks, consortia; joint action
without longer-term learning). Neutral: no instrument of this kind, or push = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="P4",
    name="consortium",
    question="What do cluster programmes change?",
    claim="Trust and joint action among neighbours, not what neighbours know.",
    source="MP17, The shift in GVC policy and its limitations",
    equation="trust' = trust + push (1 - trust)",
    neutral="push = 0",
    parameters=(
        Parameter(
            "push", 0.2, 0, 1, "share of missing trust",
            "what a brokered project adds to the trust of two neighbours",
            "twice what a meeting that paid adds by itself", neutral=0,
        ),
        Parameter(
            "cost", 0.1, 0.001, 100, "units of account a tie", "a brokered project",
            "a fifth of an institution's visit",
        ),
    ),
)  # fmt: skip


@rule
def brokered(trust, params):
    """Trust (0-1) after a brokered project."""
    return trust + params.consortium.push * (1.0 - trust)
