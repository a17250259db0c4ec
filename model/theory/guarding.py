"""G3 Guarding the core.

Leaders of quasi-hierarchies and hierarchies keep design, marketing and branding to themselves. They
punish suppliers who try by ending the contract; firms foresee it and turn their attention away from
functional and intersectoral upgrading in proportion to the sales at risk. Producers for market and
network chains meet no such block.

    weight of functional and intersectoral in the firm's attention
        = base weight x (1 - deterrence x share of sales in guarded chains)
    contract ends, for that year, with chance ``punishment`` if the functional score > encroachment

Source: GPR05 section 5c i (Sinos Valley) and section 6; MP17 second concern (shoe sector); Humphrey
and Schmitz (2000). Neutral: deterrence = punishment = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import FUNCTIONAL, score
from model.theory.support import HIERARCHY, QUASI_HIERARCHY

MECHANISM = Mechanism(
    key="G3",
    name="guarding",
    question="Why do suppliers of powerful buyers rarely upgrade functionally?",
    claim="Leaders guard their core competence and punish encroachment; suppliers foresee it.",
    source="GPR05 sections 5c i and 6; MP17, second concern; Humphrey and Schmitz 2000",
    equation="attention to functional x (1 - deterrence x guarded share of sales)",
    neutral="deterrence = punishment = 0",
    parameters=(
        Parameter(
            "deterrence", 0.8, 0, 1, "share of attention",
            "attention withdrawn from functional upgrading by a firm wholly in guarded chains",
            "nearly always inhibited (GPR05 section 6)", neutral=0,
        ),
        Parameter(
            "punishment", 0.5, 0, 1, "chance a year",
            "the leader ends the contract of a supplier that encroaches",
            "an order season or two pass before the leader acts", neutral=0,
        ),
        Parameter(
            "encroachment", 1.0, 0, 3, "functional score 0-3",
            "functional score above which the leader sees its core threatened",
            "a full rung: own design or brand, not a drawing board",
        ),
    ),
)  # fmt: skip


@rule
def guards(chain):
    """Whether the leader of this chain guards its core competence."""
    return chain.governance == QUASI_HIERARCHY or chain.governance == HIERARCHY


@rule
def freedom(guarded_share, params):
    """Share (0-1) of its attention to functional upgrading that a firm keeps."""
    return 1.0 - params.guarding.deterrence * guarded_share


@rule
def punishes(me, chain, draw, params):
    """Whether the leader ends the contract because the supplier encroaches on its core."""
    if not guards(chain) or score(me.mastered[FUNCTIONAL]) <= params.guarding.encroachment:
        return False
    return chance(draw) < params.guarding.punishment
