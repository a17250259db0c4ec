"""G4 Several chains.

A firm may serve several chains at a time; what it masters for one it can use in another. Functional
competence built up in domestic or market chains, where nobody guards it, thus carries over, and a
firm with more than one outlet has less to fear from any of them (G3).

    a firm holds at most ``most`` contracts

Source: GPR05 section 2 (c, after Humphrey and Schmitz 2002) and sections 5b, 5c i (Sinos Valley).
Neutral: most = 1.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter

MECHANISM = Mechanism(
    key="G4",
    name="several_chains",
    question="What does it matter that a firm sells into more than one chain?",
    claim="Competence learned for one chain serves in others, and frees from each.",
    source="GPR05 sections 2, 5b and 5c i",
    equation="contracts <= most",
    neutral="most = 1",
    parameters=(
        Parameter(
            "most", 2, 1, 2, "contracts", "chains that one firm can supply at a time",
            "small firms rarely manage more than two kinds of customer", neutral=1, whole=True,
        ),
    ),
)  # fmt: skip


@rule
def most_contracts(params):
    """How many chains a firm may supply at a time."""
    return int(params.several_chains.most)
