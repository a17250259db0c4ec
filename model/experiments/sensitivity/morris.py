"""Morris screening: trajectories that move one factor at a time (Morris 1991, Campolongo et al. 2007).

An elementary effect is here the change of the outcome when one factor makes a step of its grid: a bit
more than half of its range (``step``), or another level of a choice. Morris divides it by the step, which
would make the jump to another level seem larger than it is; the ranking is the same. ``mu_star``, the
mean of absolute effects, says how much a factor matters; ``sigma``, their spread, says how much that
depends on the rest: interactions or curvature. SALib draws and computes. A
trajectory with a missing outcome is left out whole; with fewer than 2 or half of them left there are no
indices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.experiments.intervals import LEVEL
from model.experiments.sensitivity.cube import BOOTSTRAP_SEED, RESAMPLES, problem

COLUMNS = {
    "factor": "name of the factor",
    "mu": "mean elementary effect: change of the outcome with a step of the factor",
    "mu_star": "mean of the absolute elementary effects",
    "low": "lower end of the 95% bootstrap interval of mu_star",
    "high": "its upper end",
    "sigma": "standard deviation of the elementary effects",
    "step": "share of the range of the factor that a step is",
    "trajectories": "trajectories used, each with one elementary effect of each factor",
    "dropped": "trajectories left out: the outcome is missing at one of their points",
}
_PARTS = 4  # at how many numbers of trajectories convergence is shown
_LEAST = 2  # trajectories that have a spread


def points(names: Sequence[str], trajectories: int, levels: int, seed: int) -> np.ndarray:
    """Points of the design on the unit cube, (trajectories * (k + 1), k)."""
    from SALib.sample import morris

    return np.asarray(morris.sample(problem(names), trajectories, num_levels=levels, seed=seed))


def step(levels: int) -> float:
    """Length of a step on the unit cube: 2/3 with four levels."""
    return levels / (2 * (levels - 1))


def indices(
    names: Sequence[str], unit: np.ndarray, outputs: np.ndarray, levels: int
) -> pd.DataFrame:
    """A row a factor; columns of ``COLUMNS``. ``outputs``: (n,) at the points ``unit``, (n, k).

    NaN outputs are missing; the indices are NaN where too many are.
    """
    from SALib.analyze import morris

    each = len(names) + 1
    paths = np.asarray(outputs, float).reshape(-1, each)
    there = np.isfinite(paths).all(axis=1)
    used, dropped = int(there.sum()), int((~there).sum())
    about = {"step": step(levels), "trajectories": used, "dropped": dropped}
    if dropped and used < max(_LEAST, len(paths) / 2):
        return pd.DataFrame({"factor": list(names)}).assign(
            **dict.fromkeys(("mu", "mu_star", "low", "high", "sigma"), np.nan), **about
        )
    unit, outputs = unit[np.repeat(there, each)], paths[there].ravel()

    found = morris.analyze(
        problem(names), unit, outputs, num_resamples=RESAMPLES,
        conf_level=LEVEL, num_levels=levels, seed=BOOTSTRAP_SEED,
    )  # fmt: skip
    length = step(levels)
    half = length * np.asarray(found["mu_star_conf"], float)
    most = length * np.asarray(found["mu_star"], float)
    return pd.DataFrame(
        {
            "factor": list(names),
            "mu": length * np.asarray(found["mu"], float),
            "mu_star": most,
            "low": most - half,
            "high": most + half,
            "sigma": length * np.asarray(found["sigma"], float),
        }
    ).assign(**about)


def convergence(
    names: Sequence[str], unit: np.ndarray, outputs: np.ndarray, levels: int
) -> pd.DataFrame:
    """The indices from the first trajectories only, for growing numbers of them; with column n."""
    each = len(names) + 1
    total = len(unit) // each
    sizes = sorted({max(_LEAST, total * part // _PARTS) for part in range(1, _PARTS + 1)})
    frames = [
        indices(names, unit[: n * each], outputs[: n * each], levels).assign(n=n) for n in sizes
    ]
    return pd.concat(frames, ignore_index=True)
