"""The four upgrading scores, how they are spread over firms, and how broad upgrading is."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.measures.measure import Measure, Tallies, quantile, ratio
from model.theory.practices import DIMENSIONS, PER_RUNG, PRACTICES

LEADING = 0.2
"""The share of firms that are called leading."""


def leading(dimension: str) -> str:
    """The measure of the leading firms' score in a dimension."""
    return f"{dimension}_leading"


def mean_score(rows: Tallies, d: int) -> np.ndarray:
    """Mean over firms of practices mastered in dimension ``d`` over practices a rung, 0-3."""
    practices = rows["levels"][:, d] @ np.arange(PRACTICES + 1)
    return ratio(practices / PER_RUNG, rows["firms"])


def score_quantile(rows: Tallies, d: int, q: float) -> np.ndarray:
    """Quantile over firms of the score in dimension ``d``, 0-3."""
    return quantile(rows["levels"][:, d], q) / PER_RUNG


def most_able(levels: np.ndarray, share: float) -> np.ndarray:
    """Mean score 0-3 of the most able ``share`` of firms; a firm on the edge counts in part.

    levels: (..., practices + 1) firms by practices mastered. NaN where there are no firms.
    """
    wanted = share * levels.sum(axis=-1, keepdims=True)
    above = levels[..., ::-1].cumsum(axis=-1)
    taken = np.minimum(above, wanted) - np.minimum(above - levels[..., ::-1], wanted)
    return ratio(taken @ np.arange(PRACTICES, -1, -1), PER_RUNG * wanted[..., 0])


def leading_score(rows: Tallies, d: int) -> np.ndarray:
    """Mean score of the leading fifth of firms in dimension ``d``, 0-3."""
    return most_able(rows["levels"][:, d], LEADING)


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
        Measure(leading(name), "score 0-3",
                "mean over the fifth of firms that master most of practices mastered / 16", GPR05,
                partial(leading_score, d=d))
        for d, name in enumerate(DIMENSIONS)
    ),
    *(
        Measure(f"{name}_breadth_{rung + 1}", "share of firms",
                f"firms with at least 8 of 16 practices on rung {rung + 1} and those below / firms",
                "MP17: broad-based upgrading", partial(breadth, d=d, rung=rung))
        for d, name in enumerate(DIMENSIONS)
        for rung in (0, 1)
    ),
)  # fmt: skip
