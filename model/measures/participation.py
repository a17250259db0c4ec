"""Whom the staff of institutions serve, and what public, foreign and private money pays for.

What institutions spend of fees and of joint contributions is ``private_cost``; what firms pay out of their
own pockets, for whatever they learn by, is ``paid_*``.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from model.measures.earnings import count_of, per_firm
from model.measures.measure import Measure, Tallies
from model.parameters import INSTRUMENTS
from model.world.tables import PAID_FOR


def paid_for(rows: Tallies, kind: int) -> np.ndarray:
    """Public money of one kind: 0 institutions, then each instrument."""
    return rows["public_by"][:, kind]


def spent_on(rows: Tallies, kind: int) -> np.ndarray:
    """What firms pay for one thing that they learn by."""
    return rows["paid"][:, kind]


_SPENDING = (
    ("membership: fees and levies", "I3"),
    ("lessons with machines and of consultants", "K2"),
    ("their part of projects that grants pay for", "P1"),
    ("meetings with other firms", "C2"),
)
"""In the order of ``PAID_FOR``: what it is, and where it is said."""

MEASURES = (
    Measure("served", "share of firms", "firms that institutions' staff served within a year / firms",
            "I8", partial(per_firm, field="served")),
    Measure("hours", "hours per firm",
            "hours of institutions' staff that firms got since they were founded / firms", "I8",
            partial(per_firm, field="hours")),
    *(
        Measure(f"public_cost_{name}", "units of account a quarter", f"public money spent by {name}",
                "MP17: policy", partial(paid_for, kind=kind))
        for kind, name in enumerate(("institutions", *INSTRUMENTS))
    ),
    *(
        Measure(f"paid_{name}", "units of account a quarter", f"what firms pay for {what}", source,
                partial(spent_on, kind=kind))
        for kind, (name, (what, source)) in enumerate(zip(PAID_FOR, _SPENDING, strict=True))
    ),
    Measure("donor_cost", "units of account a quarter",
            "money from abroad spent by institutions, after public money and in proportion with fees",
            "MP17: policy", partial(count_of, field="donor_cost")),
)  # fmt: skip
