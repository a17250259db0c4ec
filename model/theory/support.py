"""G2 Support.

What a supplier learns from its buyer depends on governance. Arm's-length markets neither help nor
hinder. In quasi-hierarchies the buyer teaches where knowledge is tacit and where it has to rely on
suppliers that may fail; where the standard is codified it only relays it, and where it contracts the
able only it leaves the rest to the market for advice. Hierarchies transfer within the firm. Networks
exchange complementary competence, design and marketing included.

    support = 0                                          market
            = network                                    network, all dimensions
            = quasi_hierarchy x tacitness_d (1 - entry standard)   quasi-hierarchy, process and product
            = hierarchy                                  hierarchy, process and product
    after ``first_stage`` quarters with a supplier: quasi-hierarchy x later

Active collaboration reaches only some suppliers, the most capable; the majority is told what to achieve and
left to find out how. The more a leader relies on skills that it cannot specify, of suppliers that it took in
although they were weak, the more of them it has to help. Partners of a network are of equal power, and firms
of one owner have one: they work with all.

    supported share = favoured + (1 - favoured) x mean tacitness of process and product x (1 - entry standard)
    supported if the supplier's capability lies within the top supported share of the chain's

Source: GPR05 section 2 (four modes; networks), section 3b (support where tacit and firms weak), section 5c
(i: buyers that rely on suppliers' skills have to help them); Humphrey and Schmitz (2000); MP17, second
concern (a select few that made investments before; the majority of suppliers of modular trades is rarely
supported). Neutral: all three strengths 0; later = 1; favoured = 1, every supplier is supported.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.interaction import BUYER, rate
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PROCESS, PRODUCT, capability
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT

GOVERNANCE = ("market", "network", "quasi_hierarchy", "hierarchy")
MARKET, NETWORK, QUASI_HIERARCHY, HIERARCHY = range(4)

MECHANISM = Mechanism(
    key="G2",
    name="support",
    question="When does a buyer teach?",
    claim="Where knowledge is tacit and a weak supplier's failure hurts, a select few; else it relays the "
    "standard.",
    source="GPR05 sections 2, 3b and 5c; Humphrey and Schmitz 2000; MP17, second concern",
    equation="support = strength of the mode; in quasi-hierarchies x tacitness (1 - entry standard), and "
    "for the ablest favoured + (1 - favoured) tacitness (1 - entry standard) of suppliers alone",
    neutral="network = quasi_hierarchy = hierarchy = 0; later = favoured = 1",
    parameters=(
        Parameter(
            "network", 0.5, 0, 1, "share of full access to the buyer's knowledge",
            "exchange of competence in networks of equals",
            "partners share what complements, not everything", neutral=0,
        ),
        Parameter(
            "quasi_hierarchy", 1.0, 0, 1, "share of full access to the buyer's knowledge",
            "support by a leader that depends on weak suppliers of tacit skill",
            "direct assistance is the rule there (GPR05 section 5c i)", neutral=0,
        ),
        Parameter(
            "hierarchy", 0.8, 0, 1, "share of full access to the owner's knowledge",
            "transfer within the firm",
            "the owner wants process and product done its way", neutral=0,
        ),
        Parameter(
            "first_stage", 12, 0, 400, "quarters", "how long a supplier is new to a chain",
            "support is particularly crucial in the first stages (GPR05 section 5c i): three years",
            whole=True,
        ),
        Parameter(
            "later", 0.5, 0, 1, "share of support", "support of a supplier that is no longer new",
            "problems still come up, half as often", neutral=1,
        ),
        Parameter(
            "favoured", 0.3, 0, 1, "share of suppliers",
            "suppliers that get active collaboration where the leader relies on none",
            "a select few, and the majority not (MP17, second concern): three in ten", neutral=1,
        ),
    ),
)  # fmt: skip


@rule
def support(chain, d, stage, sector, params):
    """Access (0-1) that a supplier has to its buyer's know-how in dimension ``d``.

    ``stage``: quarters since the contract was signed.
    """
    if chain.governance == NETWORK:
        return params.support.network
    if d > PRODUCT:
        return 0.0
    if chain.governance == QUASI_HIERARCHY:
        reliance = sector.tacitness[d] * (1.0 - chain.entry_standard)
        reliance += (1.0 - reliance) * min(1.0, chain.aid[SUPPLIER_DEVELOPMENT])
        access = params.support.quasi_hierarchy * reliance
        return access if stage < params.support.first_stage else access * params.support.later
    if chain.governance == HIERARCHY:
        return params.support.hierarchy
    return 0.0


@rule
def meets_buyer(chain, d, stage, sector, params):
    """Chance (0-1) that the buyer teaches this supplier in dimension ``d`` this quarter."""
    return rate(BUYER, params) * support(chain, d, stage, sector, params)


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
    few = params.support.favoured
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
