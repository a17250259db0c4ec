"""One at a time: every factor moved to its ends, or to its levels, while the rest stays at the base.

The difference to the base is paired over replicates on common random numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.experiments.factors import Factor
from model.experiments.intervals import interval_of_mean, known

COLUMNS = {
    "factor": "name of the factor",
    "setting": "the value or level to which it was moved",
    "effect": "mean change of the outcome against the base",
    "low": "lower end of the 95% interval of that mean",
    "high": "its upper end",
    "base": "mean of the outcome at the base",
    "replicates": "replicates in which the outcome is known in both",
    "missing": "replicates in which it is not",
}


def settings(factor: Factor) -> list[Any]:
    """Where a factor is moved to: both ends of its range, or all its values or levels."""
    if factor.low is None:
        return list(factor.values or factor.levels)
    return [factor.value(0.0), factor.value(1.0)]


def effects(moves: list[tuple[str, str]], outputs: np.ndarray) -> pd.DataFrame:
    """A row a move; columns of ``COLUMNS``.

    ``moves``: factor and setting of each point after the first, which is the base; ``outputs``:
    (1 + moves, replicates).
    """
    base = outputs[0]
    rows = []
    for (factor, setting), moved in zip(moves, outputs[1:], strict=True):
        difference = moved - base
        n, there = len(known(difference)), known(base)
        at_base = float(there.mean()) if len(there) else float("nan")
        said = (*interval_of_mean(difference), at_base, n, len(base) - n)
        rows.append((factor, setting, *said))
    return pd.DataFrame(rows, columns=list(COLUMNS))
