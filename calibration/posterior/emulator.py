"""A polynomial that stands in for the simulator: expected scores of every cluster at given numbers.

Scores change smoothly with the numbers, so a ridge regression on all products of scaled numbers up to
some degree, fitted to one run at each of some thousand points of the prior, gives the mean of all
histories. Degree and penalty are chosen by cross-validation. What is left over in folds not fitted is
the chance of one history together with the error of the polynomial: it goes into the likelihood as
``chance``, so an emulator that is bad makes the posterior wide and not wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.preprocessing import PolynomialFeatures

from calibration.prior.distributions import Prior

DEGREES = (1, 2, 3)
PENALTIES = (0.1, 1.0, 10.0, 100.0)
_FOLDS = 5
_TOP = 3.0  # of the scale


@dataclass(frozen=True)
class Emulator:
    """Polynomial coefficients; ``chance`` (clusters, 4, 2) is the spread of one history around it."""

    prior: Prior
    degree: int
    penalty: float
    weights: np.ndarray  # (terms, clusters * 4 * 2)
    chance: np.ndarray
    explained: np.ndarray  # (clusters, 4, 2), share of the variance over the prior, held out
    points: int

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Expected scores (n, clusters, 4, 2) at numbers (n, parameters)."""
        found = _terms(self.degree, self.prior.scaled(values)) @ self.weights
        return np.clip(found, 0.0, _TOP).reshape(len(values), *self.chance.shape)

    def of(self, clusters: np.ndarray) -> Emulator:
        """The emulator of some of its clusters only, by their places."""
        shape = (len(self.weights), *self.chance.shape)
        weights = self.weights.reshape(shape)[:, clusters].reshape(len(self.weights), -1)
        return Emulator(
            self.prior, self.degree, self.penalty, weights,
            self.chance[clusters], self.explained[clusters], self.points,
        )  # fmt: skip


def _terms(degree: int, scaled: np.ndarray) -> np.ndarray:
    return PolynomialFeatures(degree).fit_transform(scaled)


def fit_emulator(prior: Prior, values: np.ndarray, scores: np.ndarray, seed: int = 0) -> Emulator:
    """Fit to points: values (n, parameters), scores (n, clusters, 4, 2), one history each."""
    shape = scores.shape[1:]
    targets = scores.reshape(len(scores), -1)
    scaled = prior.scaled(values)
    folds = list(KFold(_FOLDS, shuffle=True, random_state=seed).split(scaled))
    best: tuple[float, int, float, np.ndarray] | None = None
    for degree in DEGREES:
        terms = _terms(degree, scaled)
        if terms.shape[1] > len(terms) / 2:
            break  # more terms than the points can tell apart
        for penalty in PENALTIES:
            left = np.empty_like(targets)
            for fitted, held_out in folds:
                model = _ridge(penalty).fit(terms[fitted], targets[fitted])
                left[held_out] = targets[held_out] - np.clip(
                    model.predict(terms[held_out]), 0, _TOP
                )
            error = float((left**2).mean())
            if best is None or error < best[0]:
                best = error, degree, penalty, left
    assert best is not None
    _, degree, penalty, left = best
    weights = _ridge(penalty).fit(_terms(degree, scaled), targets).coef_.T
    variance, total = (left**2).mean(axis=0), targets.var(axis=0)
    explained = 1 - variance / np.where(total > 0, total, np.inf)
    return Emulator(
        prior, degree, penalty, weights,
        np.sqrt(variance).reshape(shape), explained.reshape(shape), len(values),
    )  # fmt: skip


def _ridge(penalty: float) -> Ridge:
    """The constant is a term of its own."""
    return Ridge(penalty, fit_intercept=False, solver="cholesky")
