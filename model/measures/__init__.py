"""Measures: pure functions from tallies of the world to numbers with unit, formula and source.

upgrading              four scores, their spread over firms, breadth
collective_efficiency  eight components, two sums, the index
economy                chains, value added, wages, productivity gap, dualism, cost
"""

from __future__ import annotations

import numpy as np

from model.measures.collective_efficiency import MEASURES as _collective_efficiency
from model.measures.economy import MEASURES as _economy
from model.measures.measure import Measure, Tallies
from model.measures.upgrading import MEASURES as _upgrading

MEASURES: tuple[Measure, ...] = _upgrading + _collective_efficiency + _economy
BY_NAME = {measure.name: measure for measure in MEASURES}


def pooled(rows: Tallies, communities: int) -> Tallies:
    """Tallies of whole worlds: every ``communities`` rows summed, what isn't a sum averaged.

    Measures of the pooled rows are those of all firms of the country together.
    """
    blocks = rows.reshape(-1, communities)
    out = np.zeros(len(blocks), rows.dtype)
    for name in rows.dtype.names:
        total = blocks[name].sum(axis=1)
        if name in ("local_inputs", "contact", "large_firm", "pool"):
            total = blocks[name].mean(axis=1)
        out[name] = total
    return out
