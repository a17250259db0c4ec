"""K7 Appropriability.

Where it is high, others copy less: what peers, and to a lesser degree people who change jobs, can
show is shielded by patents, secrecy and complexity.

    openness to copying = 1 - strength x appropriability of the sector

Source: GPR05 section 3b and Table 1 (low in traditional and natural-resource sectors and software,
medium in complex products). Neutral: strength = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="K7",
    name="appropriability",
    question="How much can others copy?",
    claim="Where knowledge is appropriable, others copy less.",
    source="GPR05 section 3b, Table 1",
    equation="openness = 1 - strength appropriability",
    neutral="strength = 0",
    parameters=(
        Parameter(
            "strength", 1.0, 0, 1, "share",
            "how far appropriability shuts off copying",
            "by definition of the sector table, whose 1 means that nobody copies", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def openness(sector, params):
    """Share (0-1) of copying that appropriability leaves possible."""
    return 1.0 - params.appropriability.strength * sector.appropriability
