"""What was known of each number before the scores and after, and in which directions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from calibration.posterior.credible_intervals import tails
from calibration.posterior.inference import Problem
from calibration.posterior.mcmc import Draws


def marginals(problem: Problem, draws: Draws) -> pd.DataFrame:
    """A row a number: what was known before and after.

    Columns: key, prior_low, prior_median, prior_high, low, median, high (central 95%), contraction (share
    of the prior's variance taken away, in the space in which the prior is a normal), shift (of the mean
    there, in prior standard deviations).
    """
    levels = np.array([tails()[0], 0.5, tails()[1]])
    before = problem.values(np.repeat(ndtri(levels)[:, None], problem.dimensions, axis=1))
    after = np.quantile(problem.values(draws.z), levels, axis=0)
    return pd.DataFrame(
        {
            "key": problem.names,
            "prior_low": before[0],
            "prior_median": before[1],
            "prior_high": before[2],
            "low": after[0],
            "median": after[1],
            "high": after[2],
            "contraction": 1 - draws.z.var(axis=0, ddof=1),
            "shift": draws.z.mean(axis=0),
        }
    )


def directions(problem: Problem, draws: Draws, named: int = 4) -> pd.DataFrame:
    """Principal directions of the posterior in prior standard deviations, best known first.

    Columns: direction, remaining (variance left, 1 where the scores say nothing), made_of (the largest
    loadings). Directions near 1 are those that the data cannot identify.
    """
    variance, axes = np.linalg.eigh(np.cov(draws.z.T))
    rows = []
    for number, (left, axis) in enumerate(zip(variance, axes.T, strict=True), 1):
        largest = np.argsort(-np.abs(axis), kind="stable")[:named]
        signed = axis * np.sign(axis[largest[0]])
        parts = [f"{signed[i]:+.2f} {problem.names[i]}" for i in largest]
        rows.append({"direction": number, "remaining": left, "made_of": "  ".join(parts)})
    return pd.DataFrame(rows)
