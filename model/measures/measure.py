"""What a measure is: a number with a unit, a formula and a source, computed from tallies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Tallies = np.ndarray  # rows of ``model.world.tables.SERIES``
Compute = Callable[[Tallies], np.ndarray]


@dataclass(frozen=True)
class Measure:
    """A named number a community and quarter; ``compute`` maps (n,) tallies to (n,) float64."""

    name: str
    unit: str
    formula: str
    source: str
    compute: Compute


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """``above / below``, NaN where there is nothing below (no firms, no workers)."""
    below = np.asarray(below, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def quantile(counts: np.ndarray, q: float) -> np.ndarray:
    """Lower quantile ``q`` of whole numbers given as counts; counts: (n, k), returns (n,)."""
    total = counts.sum(axis=1)
    reached = counts.cumsum(axis=1) >= q * total[:, None]
    return np.where(total > 0, reached.argmax(axis=1), np.nan)
