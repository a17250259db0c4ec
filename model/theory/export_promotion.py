"""P3 Export promotion.

Fairs abroad, missions and brokers raise the chance that a firm and a foreign buyer meet. Whether the
firm is good enough is another matter (G1).

    market access' = 1 - (1 - market access) (1 - effect x min(1, money per firm / cost))

A programme may be aimed at some firms, the ablest or by lot: each that it takes gets a full programme, as
many as money pays for, and the others nothing. Who was taken once comes before others; where firms select
themselves the low road never comes.

    contact of a firm that is taken' = 1 - (1 - contact) (1 - effect)

Source: MP17, The shift in GVC policy (export programmes demand capabilities beforehand); GPR05
section 5c i (fairs in the Sinos Valley). Neutral: no instrument of this kind, or effect = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import InstrumentKind, Mechanism, Parameter

EXPORT_PROMOTION = 2  # its number among the kinds of instruments

MECHANISM = Mechanism(
    key="P3",
    name="export_promotion",
    question="What do export programmes change?",
    claim="Contacts abroad; firms without the capability cannot use them.",
    source="MP17, The shift in GVC policy; GPR05 section 5c i",
    equation="market access' = 1 - (1 - market access)(1 - effect min(1, money per firm / cost))",
    neutral="effect = 0",
    instrument=InstrumentKind(
        "export_promotion", EXPORT_PROMOTION, aims=True,
        leaves="communities: money for fairs and missions, units of account a quarter",
    ),
    parameters=(
        Parameter(
            "effect", 0.5, 0, 1, "chance a year", "contact through a fully paid programme",
            "every second firm that is taken to fairs meets a buyer", neutral=0,
        ),
        Parameter(
            "cost", 0.1, 0.001, 100, "units of account a firm and quarter",
            "a full programme", "a fair a year is two fifths of a quarter's value added",
        ),
    ),
)  # fmt: skip


@rule
def promoted(market_access, money, firms, params):
    """Market access (0-1) of a community under a programme with ``money`` a quarter."""
    p = params.export_promotion
    full = min(1.0, money / (p.cost * firms))
    return 1.0 - (1.0 - market_access) * (1.0 - p.effect * full)


@rule
def taken_abroad(contact, params):
    """Chance a year that a firm which the programme takes and a buyer abroad find each other."""
    return 1.0 - (1.0 - contact) * (1.0 - params.export_promotion.effect)
