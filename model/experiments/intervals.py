"""Intervals and quantiles: the one place where uncertainty of a number is computed.

A mean of independent values, or of paired differences, has an interval whose ends are the outer ones of
Student (1908) and of Hall's (1992) transformation, which moves them as far as the skewness of the values
asks. Neither knows the skewness from two values or three. So of the doubt of 5% that a LEVEL of 95% leaves,
1/n is kept in reserve: n values are given the interval of level 1 - 0.05 (1 - 1/n), 97.5% of 2 and 95.25%
of 20. The ratio of two paired means has the interval of Fieller (1954) at the same level, a share of
successes that of Wilson (1927).

Chosen by measurement (the table in docs/experiments.md) among Student, Johnson's and Hall's corrections,
the bootstrap's percentiles and its t: this one holds 94 to 98% of normal, skewed and strongly skewed data
(exponential) from 2 values on, and costs normal data twice the width of Student at 2 values, 1.6 times at
5, 1.15 at 10, 1.05 at 20. Of very strongly skewed data (lognormal, sigma 1) it holds 91 to 95%. No interval
of finite width holds its level for all data (Bahadur and Savage 1956).

Equal values have no spread, which is not the same as no doubt: a value that comes up in ``RARE`` of cases
or more may not have come up yet. With fewer than ``ALIKE`` values the chance of that is more than 5%, so
equal values have no interval there; from there on the interval is that value, and ``unseen`` tells how
often another might come up.

Values that are missing are left out and never count as 0; ``interval_of_mean`` of fewer than two values
has NaN ends, and of none a NaN mean.
"""

from __future__ import annotations

from math import cbrt, ceil, log, nan, sqrt
from typing import Literal

import numpy as np
from scipy.special import ndtri, stdtrit

LEVEL = 0.95
"""Level of every interval of the model's own results."""

TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
"""Quantiles between which the middle ``LEVEL`` of values lies."""

QUANTILE: Literal["linear"] = "linear"
"""Quantiles of samples lie on straight lines between ordered values (type 7 of Hyndman and Fan 1996)."""

RARE = 0.3
"""Share of cases in which another value comes up that equal values must have shown."""

ALIKE = ceil(log(1 - LEVEL) / log(1 - RARE))
"""Equal values from which their interval is that value: 9."""

FEW = 5
"""Pairs below which an interval is told with a word of doubt."""

_SUCH = 0.5 + LEVEL / 2


def known(values: np.ndarray) -> np.ndarray:
    """The values that are there, (n,) float64."""
    given = np.asarray(values, float).ravel()
    return given[np.isfinite(given)]


def unseen(n: int) -> float:
    """How often another value may come up than the one that n cases had, at ``LEVEL``."""
    return 1.0 - (1.0 - LEVEL) ** (1.0 / n)


def _student(n: int) -> float:
    """Standard errors of the mean of ``n`` values from it to an end."""
    return float(stdtrit(n - 1, 1.0 - (1.0 - LEVEL) / 2.0 * (1.0 - 1.0 / n)))


def _unskewed(distance: float, skewness: float, n: int) -> float:
    """Hall's transformation undone: how far the mean lies from the truth, in standard deviations.

    ``distance``: what it would be without skewness. This is 3 (cbrt(1 + kz) - 1) / k, also for k = 0.
    """
    z = distance - skewness / (6.0 * n)
    root = cbrt(1.0 + skewness * z)
    return 3.0 * z / (1.0 + root + root * root)


def interval_of_mean(values: np.ndarray) -> tuple[float, float, float]:
    """Mean of independent values and its 95% interval; (mean, low, high).

    NaN ends for fewer than two values, or fewer than ``ALIKE`` that are all the same.
    """
    given = known(values)
    n = len(given)
    if n == 0:
        return nan, nan, nan
    mean = float(np.mean(given))
    if n == 1:
        return mean, nan, nan
    if np.ptp(given) == 0.0:
        same = float(given[0])
        return (same, same, same) if n >= ALIKE else (same, nan, nan)
    spread = float(np.std(given, ddof=1))
    skewness = 0.0
    if n > 2 and spread > 0.0:
        third = float(np.mean(((given - mean) / spread) ** 3))
        skewness = third * n * n / ((n - 1) * (n - 2))
    distance = _student(n) / sqrt(n)
    below = max(distance, _unskewed(distance, skewness, n))
    above = max(distance, -_unskewed(-distance, skewness, n))
    return mean, mean - spread * below, mean + spread * above


def interval_of_ratio(above: np.ndarray, below: np.ndarray) -> tuple[float, float, float]:
    """Mean above over mean below, in pairs, and its 95% interval after Fieller; (ratio, low, high).

    All NaN unless the mean below is positive and both are known in two pairs; NaN ends where the mean
    below can't be told from 0, since the ratio may then be anything.
    """
    both = np.isfinite(above) & np.isfinite(below)
    a, b = np.asarray(above, float)[both], np.asarray(below, float)[both]
    n = len(a)
    if n < 2 or b.mean() <= 0.0:
        return nan, nan, nan
    ratio = float(a.mean() / b.mean())
    if np.ptp(a) == 0.0 and np.ptp(b) == 0.0:
        return (ratio, ratio, ratio) if n >= ALIKE else (ratio, nan, nan)
    (aa, ab), (_, bb) = np.cov(a, b) / n * _student(n) ** 2
    square = b.mean() ** 2 - bb
    if square <= 0.0:
        return ratio, nan, nan
    middle = a.mean() * b.mean() - ab
    half = sqrt(max(0.0, middle**2 - square * (a.mean() ** 2 - aa)))
    return ratio, float((middle - half) / square), float((middle + half) / square)


def interval_of_share(successes: int, n: int) -> tuple[float, float]:
    """95% interval of a share of ``n`` after Wilson; NaN of nothing."""
    if n == 0:
        return nan, nan
    share, z = successes / n, float(ndtri(_SUCH))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile(values: np.ndarray, q: float) -> float:
    """Quantile ``q`` of the values that are there (``QUANTILE``); NaN of none."""
    given = known(values)
    return float(np.quantile(given, q, method=QUANTILE)) if len(given) else nan
