"""F4 Wages.

Wages follow value added with a delay, and do not fall below what people can earn elsewhere. The gap
between small firms and large ones is an outcome (F2), not a rule.

    wage' = wage + speed (max(reservation, share x kept x value added) - wage)

Source: GPR05 section 1 (high and low road); MP17 Fig. 3 (productivity and wage gaps). Neutral:
speed = 0, wages stay.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="F4",
    name="wages",
    question="Who gains from upgrading inside the firm?",
    claim="Wages follow value added per worker with a delay.",
    source="GPR05 section 1; MP17 Fig. 3",
    equation="wage' = wage + speed (max(reservation, share x kept x value added) - wage)",
    neutral="speed = 0",
    parameters=(
        Parameter(
            "share", 0.55, 0, 1, "share of value added", "wage share that firms move to",
            "about the labour share of Latin American manufacturing",
        ),
        Parameter(
            "speed", 0.1, 0, 1, "share of the gap a quarter", "how fast wages follow",
            "wage rounds take two to three years to catch up", neutral=0,
        ),
        Parameter(
            "reservation", 0.5, 0, 5, "units of account a quarter", "wage below which nobody works",
            "what informal work pays: half the value added a worker of a firm without mastery",
        ),
    ),
)  # fmt: skip


@rule
def wage_target(value_added, kept, params):
    """The wage per worker (units of account a quarter) that value added allows and work demands.

    ``kept``: share of the usual wage share that a firm pays on its road (F1).
    """
    return max(params.wages.reservation, params.wages.share * kept * value_added)


@rule
def wage_after(wage, value_added, kept, params):
    """The wage per worker (units of account a quarter) in the next quarter."""
    return wage + params.wages.speed * (wage_target(value_added, kept, params) - wage)
