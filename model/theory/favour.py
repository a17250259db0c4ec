"""G7 A select few.

Active collaboration of leaders reaches only some suppliers, the most capable; the majority is told what to
achieve and left to find out how. The more a leader relies on skills that it cannot specify, of suppliers that
it took in although they were weak, the more of them it has to help. Partners of a network are of equal power,
and firms of one owner have one: they work with all.

    supported share = favoured + (1 - favoured) x mean tacitness of process and product x (1 - entry standard)
    supported if the supplier's capability lies within the top supported share of the chain's

Source: MP17, second concern (a select few that made investments before; the majority of suppliers of modular
trades is rarely supported); GPR05 section 5c i (buyers that rely on suppliers' skills have to help them),
5c iii and section 2 (networks). Neutral: favoured = 1, every supplier is supported.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PROCESS, PRODUCT, capability
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT
from model.theory.support import HIERARCHY, NETWORK, meets_buyer

MECHANISM = Mechanism(
    key="G7",
    name="favour",
    question="How many suppliers does a lead firm really work with?",
    claim="Only a select few get active collaboration; the majority learn what, not how.",
    source="MP17, second concern; GPR05 section 5c iii",
    equation="supported: the ablest favoured + (1 - favoured) tacitness (1 - entry standard) of suppliers",
    neutral="favoured = 1",
    parameters=(
        Parameter(
            "favoured", 0.3, 0, 1, "share of suppliers",
            "suppliers that get active collaboration where the leader relies on none",
            "a select few, and the majority not (MP17, second concern): three in ten", neutral=1,
        ),
    ),
)  # fmt: skip


@rule
def is_favoured(me, chain):
    """Whether the leader works with this supplier; the threshold is set once a year."""
    return capability(me) >= chain.favoured_from


@rule
def favoured_number(chain, sector, params):
    """How many suppliers a chain favours (P2 adds); partners and firms of one owner, all."""
    if chain.governance == HIERARCHY or chain.governance == NETWORK:
        return chain.suppliers
    tacit = 0.5 * (sector.tacitness[PROCESS] + sector.tacitness[PRODUCT])
    few = params.favour.favoured
    share = few + (1.0 - few) * (tacit * (1.0 - chain.entry_standard))
    share = min(1.0, share + chain.aid[SUPPLIER_DEVELOPMENT])
    return int(share * chain.suppliers + 0.5)


@rule
def collaborates(me, chain, d, stage, invested, sector, params):
    """Chance (0-1) that the buyer teaches this supplier in dimension ``d`` this quarter.

    ``stage``: quarters since the contract was signed; ``invested``: whether the supplier took part in a
    programme of late (I7), which counts with its buyer as much as being among the ablest.
    """
    if not (invested or is_favoured(me, chain)):
        return 0.0
    return meets_buyer(chain, d, stage, sector, params)
