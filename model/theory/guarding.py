"""G3 Guarding the core.

Leaders of quasi-hierarchies and hierarchies keep design, marketing and branding to themselves. They
punish suppliers who try by ending the contract; firms foresee it and turn their attention away from
functional and intersectoral upgrading in proportion to the sales at risk. Producers for market chains
meet no such block. Partners of a network share out functions instead: what is asked of a firm there is
design and selling as well as making, so that it turns to them more than a firm left alone.

    weight of functional and intersectoral in the firm's attention
        = base weight x (1 - deterrence x share of sales in guarded chains)
                      x (1 + sharing x share of sales in networks)
    contract ends, for that year, with chance ``punishment`` if the functional score > encroachment

Source: GPR05 section 5c i (Sinos Valley) and section 6; section 2 (networks share competence) and
section 5c ii (cooperatives' chain in dairy); MP17 second concern (shoe sector); Humphrey and Schmitz
(2000). Neutral: deterrence = punishment = sharing = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import chance
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import FUNCTIONAL, score
from model.theory.support import HIERARCHY, NETWORK, QUASI_HIERARCHY

MECHANISM = Mechanism(
    key="G3",
    name="guarding",
    question="Why do suppliers of powerful buyers rarely upgrade functionally?",
    claim="Leaders guard their core and punish encroachment, which suppliers foresee; networks share.",
    source="GPR05 sections 2, 5c i, 5c ii and 6; MP17, second concern; Humphrey and Schmitz 2000",
    equation="attention to functional x (1 - deterrence x guarded share)(1 + sharing x network share)",
    neutral="deterrence = punishment = sharing = 0",
    parameters=(
        Parameter(
            "deterrence", 0.9, 0, 1, "share of attention",
            "attention withdrawn from functional upgrading by a firm wholly in guarded chains",
            "nearly always inhibited (GPR05 section 6)", neutral=0,
        ),
        Parameter(
            "sharing", 1.0, 0, 10, "share of attention",
            "attention added to functional upgrading by a firm wholly in networks of equals",
            "there functions count about as much as product: 0.8 beside 0.9 (K2b)", neutral=0,
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
def shares_functions(chain):
    """Whether partners of this chain share out functions."""
    return chain.governance == NETWORK


@rule
def freedom(guarded_share, network_share, params):
    """What a firm's buyers make of its attention to functional upgrading; 1: as it likes."""
    p = params.guarding
    return (1.0 - p.deterrence * guarded_share) * (1.0 + p.sharing * network_share)


@rule
def punishes(me, chain, draw, params):
    """Whether the leader ends the contract because the supplier encroaches on its core."""
    if not guards(chain) or score(me.mastered[FUNCTIONAL]) <= params.guarding.encroachment:
        return False
    return chance(draw) < params.guarding.punishment
