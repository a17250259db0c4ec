"""Whom the staff of institutions serve, and what public, foreign and private money pays for."""

from __future__ import annotations

from model.measures.economy import count_of, per_firm
from model.measures.measure import Compute, Measure
from model.theory.instruments import INSTRUMENTS


def paid_for(kind: int) -> Compute:
    """Public money of one kind: 0 institutions, then each instrument."""
    return lambda rows: rows["public_by"][:, kind]


MEASURES = (
    Measure("served", "share of firms", "firms that institutions' staff served within a year / firms",
            "I8", per_firm("served")),
    Measure("hours", "hours per firm",
            "hours of institutions' staff that firms got since they were founded / firms", "I8",
            per_firm("hours")),
    *(
        Measure(f"public_cost_{name}", "units of account a quarter", f"public money spent by {name}",
                "MP17: policy", paid_for(kind))
        for kind, name in enumerate(("institutions", *INSTRUMENTS))
    ),
    Measure("donor_cost", "units of account a quarter",
            "money from abroad spent by institutions, after public money and in proportion with fees",
            "MP17: policy", count_of("donor_cost")),
)  # fmt: skip
