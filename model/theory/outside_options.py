"""G6 Outside options.

A leader compares its local suppliers with those it could have abroad. The better the alternative, the
fewer orders stay; liberalisation and rival countries raise it, and first-tier suppliers of complex
products are displaced first, since that is where leaders source globally.

    orders placed here = orders (1 - footloose x max(0, outside - capability of the suppliers))

``outside`` is the capability of suppliers abroad as the leader sees it, price and trouble discounted.

Source: GPR05 section 5b (sourcing options of US buyers), section 5c iii (displacement after
liberalisation). Neutral: footloose = 0, or outside = 0 on the chain.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="G6",
    name="outside_options",
    question="When do leaders take their orders elsewhere?",
    claim="The better the alternatives abroad, the fewer orders stay with local suppliers.",
    source="GPR05 sections 5b and 5c iii",
    equation="orders (1 - footloose max(0, outside - capability of the suppliers))",
    neutral="footloose = 0",
    parameters=(
        Parameter(
            "footloose", 2.0, 0, 10, "share of orders per unit of capability",
            "orders that leave for each unit by which suppliers abroad are better",
            "a lead of half of all practices takes all orders away", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def orders_here(chain, capability, params):
    """Suppliers that the leader wants here, given the mean capability (0-1) of those it has."""
    lead = max(0.0, chain.outside - capability)
    share = max(0.0, 1.0 - params.outside_options.footloose * lead)
    return int(chain.orders * share + 0.5)
