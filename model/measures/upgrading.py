"""The four upgrading scores, how they are spread over firms, and how broad upgrading is."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.measures.measure import Measure, Tallies, quantile, ratio
from model.theory.practices import DIMENSIONS, PER_RUNG, PRACTICES


def mean_score(rows: Tallies, d: int) -> np.ndarray:
    """Mean over firms of practices mastered in dimension ``d`` over practices a rung, 0-3."""
    practices = rows["levels"][:, d] @ np.arange(PRACTICES + 1)
    return ratio(practices / PER_RUNG, rows["firms"])


def score_quantile(rows: Tallies, d: int, q: float) -> np.ndarray:
    """Quantile over firms of the score in dimension ``d``, 0-3."""
    return quantile(rows["levels"][:, d], q) / PER_RUNG


def breadth(rows: Tallies, d: int, rung: int) -> np.ndarray:
    """Share of firms that stand on rung 1 or 2 (``rung`` 0 or 1) of dimension ``d`` or above."""
    return ratio(rows["rungs"][:, d, rung], rows["firms"])


GPR05 = "GPR05 section 4: upgrading scored 0 absent to 3 high"
MEASURES = (
    *(
        Measure(name, "score 0-3", "mean over firms of practices mastered / 16", GPR05,
                partial(mean_score, d=d))
        for d, name in enumerate(DIMENSIONS)
    ),
    *(
        Measure(f"{name}_{label}", "score 0-3", f"{label} over firms of practices mastered / 16",
                GPR05, partial(score_quantile, d=d, q=q))
        for d, name in enumerate(DIMENSIONS)
        for label, q in (("p10", 0.1), ("median", 0.5), ("p90", 0.9))
    ),
    *(
        Measure(f"{name}_breadth_{rung + 1}", "share of firms",
                f"firms with at least 8 of 16 practices on rung {rung + 1} and those below / firms",
                "MP17: broad-based upgrading", partial(breadth, d=d, rung=rung))
        for d, name in enumerate(DIMENSIONS)
        for rung in (0, 1)
    ),
)  # fmt: skip
