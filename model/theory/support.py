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

Source: GPR05 section 2 (four modes), section 3b (support where tacit and firms weak), section 5c;
Humphrey and Schmitz (2000). Neutral: all three strengths 0; later = 1.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.interaction import BUYER, rate
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PRODUCT
from model.theory.supplier_development import SUPPLIER_DEVELOPMENT

GOVERNANCE = ("market", "network", "quasi_hierarchy", "hierarchy")
MARKET, NETWORK, QUASI_HIERARCHY, HIERARCHY = range(4)

MECHANISM = Mechanism(
    key="G2",
    name="support",
    question="When does a buyer teach?",
    claim="Where knowledge is tacit and a weak supplier's failure hurts; else it relays the standard.",
    source="GPR05 sections 2, 3b and 5c; Humphrey and Schmitz 2000",
    equation="support = strength of the mode; in quasi-hierarchies x tacitness (1 - entry standard)",
    neutral="network = quasi_hierarchy = hierarchy = 0; later = 1",
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
