"""Sobol indices: shares of the variance of an outcome when all factors vary at once.

First order: what a factor does alone. Total: all in which it takes part. Second order: what a pair
does together beyond what each does alone (Saltelli et al. 2010, Saltelli 2002). Estimates scatter
around the truth, below 0 too; intervals say how far. A base sample with a missing outcome is left out
whole, as indices compare the points of one; with fewer than 8 or half of them left there are no
indices. SALib draws (scrambled Sobol sequence) and computes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.experiments.intervals import LEVEL
from model.experiments.sensitivity.cube import BOOTSTRAP_SEED, RESAMPLES, problem

COLUMNS = {
    "order": "first, second or total",
    "factor": "name of the factor",
    "other": "the other factor of a pair; empty otherwise",
    "index": "share of the variance",
    "low": "lower end of its 95% bootstrap interval",
    "high": "its upper end",
    "n": "base samples used: each asks for k + 2 points, or 2k + 2 with second order",
    "dropped": "base samples left out: the outcome is missing at one of their points",
}
_HALVINGS = 3  # how often the design is halved to show convergence
_LEAST = 8  # base samples below which an index says nothing


def points(names: Sequence[str], n: int, second: bool, seed: int) -> np.ndarray:
    """Points of the design on the unit cube: (n * (2k + 2), k), or n * (k + 2) without pairs."""
    from SALib.sample import sobol

    return np.asarray(sobol.sample(problem(names), n, calc_second_order=second, seed=seed))


def per_sample(factors: int, second: bool) -> int:
    """Points that a base sample asks for."""
    return 2 * factors + 2 if second else factors + 2


def indices(names: Sequence[str], outputs: np.ndarray, second: bool) -> pd.DataFrame:
    """Rows by order and factor; columns of ``COLUMNS``. NaN where the outcome does not vary,
    or is missing too often. ``outputs``: (points,), NaN where the outcome is missing.
    """
    from SALib.analyze import sobol

    k, outputs = len(names), np.asarray(outputs, float)
    samples = outputs.reshape(-1, per_sample(k, second))
    there = np.isfinite(samples).all(axis=1)
    n, dropped = int(there.sum()), int((~there).sum())
    outputs = samples[there].ravel()
    if (dropped and n < max(_LEAST, len(samples) / 2)) or np.ptp(outputs) == 0.0:
        nothing = np.full(k, np.nan)
        pairs = np.full((k, k), np.nan)
        found = {"S1": nothing, "S1_conf": nothing, "ST": nothing, "ST_conf": nothing,
                 "S2": pairs, "S2_conf": pairs}  # fmt: skip
    else:
        found = sobol.analyze(
            problem(names), outputs, calc_second_order=second, num_resamples=RESAMPLES,
            conf_level=LEVEL, seed=BOOTSTRAP_SEED,
        )  # fmt: skip
    rows = [
        (order, name, "", found[key][i], found[f"{key}_conf"][i])
        for order, key in (("first", "S1"), ("total", "ST"))
        for i, name in enumerate(names)
    ]
    if second:
        rows += [
            ("second", names[i], names[j], found["S2"][i, j], found["S2_conf"][i, j])
            for i in range(k)
            for j in range(i + 1, k)
        ]
    frame = pd.DataFrame(rows, columns=["order", "factor", "other", "index", "half"])
    frame["low"], frame["high"] = frame["index"] - frame["half"], frame["index"] + frame["half"]
    return frame.assign(n=n, dropped=dropped)[list(COLUMNS)]


def convergence(names: Sequence[str], outputs: np.ndarray, second: bool) -> pd.DataFrame:
    """First and total indices from the first base samples only, for doubling numbers n of them."""
    step = per_sample(len(names), second)
    total = len(outputs) // step
    sizes = [total >> halving for halving in range(_HALVINGS, -1, -1)]
    frames = [
        indices(names, outputs[: n * step], second) for n in sizes if n >= _LEAST or n == total
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[(frame["order"] != "second") & (frame["n"] > 0)]
    return frame.reset_index(drop=True)
