"""How much of what varies between points is due to the few replicates of each.

All points run on the same random numbers, so that what a replicate does to all points alike cancels.
What is left is the interaction of points with replicates: the residual of a two-way layout.
"""

from __future__ import annotations

import numpy as np


def share(outputs: np.ndarray) -> float:
    """Share of the variance of point means that is chance; (points, replicates), NaN if unknown.

    Points at which a replicate is missing are left out. Residual mean square over the replicates, divided
    by the variance of the means; 0 where nothing varies. One replicate leaves no residual: NaN.
    """
    outputs = outputs[np.isfinite(outputs).all(axis=1)]
    n, replicates = outputs.shape
    if replicates < 2 or n < 2:
        return float("nan")
    means = outputs.mean(axis=1)
    total = means.var(ddof=1)
    if total == 0.0:
        return 0.0
    residual = outputs - means[:, None] - outputs.mean(axis=0) + outputs.mean()
    square = (residual**2).sum() / ((n - 1) * (replicates - 1))
    return float(min(1.0, square / replicates / total))
