"""Central intervals over draws, at the level and with the quantiles of `model.experiments.intervals`."""

from __future__ import annotations

import numpy as np

from model.experiments.intervals import LEVEL, QUANTILE

FORECAST_LEVEL = 0.9
"""Of forecasts of scores and of planted truths: with so few scores a wider one holds nearly all."""


def tails(level: float = LEVEL) -> tuple[float, float]:
    """The probabilities at which a central interval of that level begins and ends."""
    tail = round((1 - level) / 2, 12)  # 0.025, not 0.02500000000000002
    return tail, 1 - tail


def central(values: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """The central interval of a sample (n,); NaN if the sample is empty."""
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, tails(level), method=QUANTILE)
    return float(low), float(high)
