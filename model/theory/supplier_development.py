"""P2 Supplier development with lead firms.

Public money pays what it costs lead firms to work with their suppliers: with more of them, and with all of
these as if they relied on them, whether their skills are tacit or not.

    paid           = reach x money / (cost x suppliers of the chain)
    favoured share of a chain' (G2) = favoured share + paid
    reliance of the leader (G2)     = reliance + (1 - reliance) paid

Source: MP17, The shift in GVC policy (supplier development schemes of Argentina, Brazil, Chile,
Mexico). Neutral: no instrument of this kind, or reach = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import InstrumentKind, Mechanism, Parameter

SUPPLIER_DEVELOPMENT = 1  # its number among the kinds of instruments

MECHANISM = Mechanism(
    key="P2",
    name="supplier_development",
    question="What do programmes with lead firms change?",
    claim="More suppliers get more active collaboration; who is outside stays outside.",
    source="MP17, The shift in GVC policy and its limitations",
    equation="favoured share + paid, reliance + (1 - reliance) paid; paid = reach money / (cost suppliers)",
    neutral="reach = 0",
    instrument=InstrumentKind(
        "supplier_development", SUPPLIER_DEVELOPMENT,
        leaves="chains: share of suppliers that it adds to the favoured, 0-1",
    ),
    parameters=(
        Parameter(
            "cost", 0.3, 0.001, 100, "units of account a supplier and quarter",
            "what it takes for a lead firm to work with one more supplier",
            "somewhat less than an institution's visit: the engineers are there",
        ),
        Parameter(
            "reach", 1.0, 0, 1, "share", "how far the money reaches the work with suppliers",
            "by definition of the instrument's budget", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def developed(money, suppliers, params):
    """Share of a chain's suppliers that the programme adds to the favoured."""
    if suppliers == 0:
        return 0.0
    p = params.supplier_development
    return p.reach * money / (p.cost * suppliers)


@rule
def useful(money, suppliers, params):
    """What of the money can be spent: no more than working with every supplier costs."""
    return min(money, params.supplier_development.cost * suppliers)
