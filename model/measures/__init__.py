"""Measures: pure functions from tallies of the world to numbers with unit, formula and source.

upgrading              four scores, their spread over firms, breadth
collective_efficiency  eight components, two sums, the index
teaching               what visits by institutions achieve
markets                jobs and size of firms, sales, exports, who stays in business
productivity           mean and weighted, and what its change is made of
participation          whom institutions serve, and what they and instruments cost, by kind
earnings               chains, value added, wages, productivity gap, dualism, cost
learning_network       who learned from whom, from the ledger of a run
"""

from __future__ import annotations

import numpy as np

from model.measures import (
    collective_efficiency,
    earnings,
    markets,
    participation,
    productivity,
    teaching,
    upgrading,
)
from model.measures.learning_network import NETWORK_MEASURES
from model.measures.measure import Measure, Tallies
from model.world.tables import MEAN, POOLING, SERIES

MEASURES: tuple[Measure, ...] = (
    upgrading.MEASURES
    + collective_efficiency.MEASURES
    + earnings.MEASURES
    + markets.MEASURES
    + productivity.MEASURES
    + participation.MEASURES
    + teaching.MEASURES
)
BY_NAME = {measure.name: measure for measure in MEASURES}
OF_LESSONS = {measure.name: measure for measure in NETWORK_MEASURES}
"""Those of who learned from whom, which take the ledger of a run and not its tallies."""
UNITS = {name: measure.unit for name, measure in (BY_NAME | OF_LESSONS).items()}
"""Of everything that a question can be about."""


_POOLED = np.dtype(
    [
        (name, (float, SERIES[name].shape) if how == MEAN else SERIES[name])
        for name, how in POOLING.items()
    ]
)


def pooled(rows: Tallies, communities: int) -> Tallies:
    """Tallies of whole worlds: every ``communities`` rows made one, as ``POOLING`` says of each column.

    Measures of the pooled rows are those of all firms of the country together.
    """
    blocks = rows.reshape(-1, communities)
    out = np.empty(len(blocks), _POOLED)
    for name, how in POOLING.items():
        out[name] = blocks[name].mean(axis=1) if how == MEAN else blocks[name].sum(axis=1)
    return out
