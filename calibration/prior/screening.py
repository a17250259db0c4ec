"""Which numbers to free: those that the evidence can tell something of.

All candidates are drawn at once from their priors, the clusters run once at each point, and scores and the
figures
beside them regressed on the standard normal places of the candidates: the slope is what one prior standard
deviation of a number does to a score or figure. Divided by the noise of that score or figure, slopes form a
matrix whose
columns are the candidates, and a pivoted QR decomposition picks them one by one, each time the one that
says most beyond those already taken (Golub and Van Loan, Matrix Computations, section 5.4.2). The square
of the diagonal is what is known of a number after the scores, in units of what was known before:
below a half, fixing it at its default loses little, and that is the reason why it is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.linalg import qr
from sklearn.linear_model import RidgeCV

from calibration.evidence.case_tables import DIMENSIONS
from calibration.prior.distributions import Prior

NOISE = {"product": 0.65, "process": 0.65, "functional": 0.7, "intersectoral": 0.7}
"""Standard deviation of a score around the model, about what sector means leave (README of the data)."""
LEAST = 0.01  # information for which a number is freed, in units of the prior's
MOST = 14  # numbers freed

COLUMNS = {
    "key": "dotted key of the number in a scenario",
    "low": "lower bound of its prior",
    "default": "mode of its prior",
    "high": "upper bound of its prior",
    "moves": "score points by which one prior standard deviation moves a score, root mean square",
    "information": "what the evidence adds on it beyond the numbers above, in units of the prior",
    "free": "whether it is free in the calibration",
    "reason": "where the default comes from",
}


def screen(
    prior: Prior,
    z: np.ndarray,
    scores: np.ndarray,
    scored: np.ndarray,
    figures: np.ndarray | None = None,
    spreads: Sequence[float] = (),
) -> pd.DataFrame:
    """Candidates in the order in which they would be freed; columns of ``COLUMNS``.

    z: (points, candidates); scores: (points, clusters, 4) of the mean firm; scored: (clusters, 4), where
    there is a score; figures: (points, figures) with their ``spreads``.
    """
    targets = scores[:, scored]
    noise = np.broadcast_to([NOISE[d] for d in DIMENSIONS], scored.shape)[scored]
    slopes = np.asarray(RidgeCV(np.logspace(0, 4, 9)).fit(z, targets).coef_)
    told = slopes / noise[:, None]  # (scores, candidates)
    if figures is not None and figures.shape[1]:
        scaled = figures / np.asarray(spreads)
        told = np.concatenate(
            [told, np.asarray(RidgeCV(np.logspace(0, 4, 9)).fit(z, scaled).coef_)]
        )
    _, triangle, order = qr(told, mode="economic", pivoting=True)
    known = np.zeros(len(order))
    diagonal = np.diag(triangle) ** 2
    known[: len(diagonal)] = diagonal
    entries = [prior.entries[i] for i in order]
    free = (known >= LEAST) & (np.arange(len(known)) < MOST)
    return pd.DataFrame(
        {
            "key": [entry.key for entry in entries],
            "low": [entry.low for entry in entries],
            "default": [entry.mode for entry in entries],
            "high": [entry.high for entry in entries],
            "moves": np.sqrt((slopes**2).mean(axis=0))[order],
            "information": known,
            "free": free,
            "reason": [entry.reason for entry in entries],
        }
    )
