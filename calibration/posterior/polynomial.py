"""A polynomial in the numbers of a prior, fitted to runs and judged on runs that it has not seen.

Ridge regression on all products of scaled numbers up to some degree; degree and penalty are chosen by
cross-validation. What is left over in folds not fitted is the chance of one history together with the error
of the polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.preprocessing import PolynomialFeatures

DEGREES = (1, 2, 3)
PENALTIES = (0.1, 1.0, 10.0, 100.0)
_FOLDS = 5


@dataclass(frozen=True)
class Polynomial:
    """Coefficients (terms, targets); ``chance`` and ``explained`` (targets,), held out."""

    degree: int
    penalty: float
    weights: np.ndarray
    chance: np.ndarray
    """Standard deviation of one run around the polynomial."""
    explained: np.ndarray
    """Share of the variance over the points that it explains."""
    low: float
    high: float

    def at(self, scaled: np.ndarray) -> np.ndarray:
        """Expected targets (n, targets) at scaled numbers (n, parameters), kept within bounds."""
        return np.clip(_terms(self.degree, scaled) @ self.weights, self.low, self.high)


def fit_polynomial(
    scaled: np.ndarray,
    targets: np.ndarray,
    seed: int = 0,
    low: float = -np.inf,
    high: float = np.inf,
) -> Polynomial:
    """Fit to points: scaled numbers (n, parameters), targets (n, targets)."""
    folds = list(KFold(_FOLDS, shuffle=True, random_state=seed).split(scaled))
    best: tuple[float, int, float, np.ndarray] | None = None
    variance = targets.var(axis=0)
    weight = 1 / np.where(variance > 0, variance, 1.0)  # targets of other units count alike
    if np.isfinite(low):
        weight = np.ones_like(variance)  # all on one scale
    for degree in DEGREES:
        terms = _terms(degree, scaled)
        if terms.shape[1] > len(terms) / 2:
            break  # more terms than the points can tell apart
        for penalty in PENALTIES:
            left = np.empty_like(targets)
            for fitted, held_out in folds:
                model = _ridge(penalty).fit(terms[fitted], targets[fitted])
                found = model.predict(terms[held_out]).reshape(targets[held_out].shape)
                left[held_out] = targets[held_out] - np.clip(found, low, high)
            error = float((weight * left**2).mean())
            if best is None or error < best[0]:
                best = error, degree, penalty, left
    assert best is not None
    _, degree, penalty, left = best
    coefficients = _ridge(penalty).fit(_terms(degree, scaled), targets).coef_
    weights = np.asarray(coefficients).reshape(targets.shape[1], -1).T
    rest = (left**2).mean(axis=0)
    explained = 1 - rest / np.where(variance > 0, variance, np.inf)
    return Polynomial(degree, penalty, weights, np.sqrt(rest), explained, low, high)


def _terms(degree: int, scaled: np.ndarray) -> np.ndarray:
    return PolynomialFeatures(degree).fit_transform(scaled)


def _ridge(penalty: float) -> Ridge:
    """The constant is a term of its own."""
    return Ridge(penalty, fit_intercept=False, solver="cholesky")
