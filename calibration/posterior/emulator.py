"""A polynomial that stands in for the simulator: expected scores of every cluster at given numbers.

Scores change smoothly with the numbers, so a polynomial fitted to one run at each of some thousand points
gives the
mean of all histories (`polynomial`). How far single histories lie from it, in folds not fitted, goes into the
likelihood as ``chance``, so an emulator that is bad makes the posterior wide and not wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calibration.posterior.polynomial import Polynomial, fit_polynomial
from calibration.prior.distributions import Prior

_TOP = 3.0  # of the scale


@dataclass(frozen=True)
class Emulator:
    """Polynomial coefficients; ``chance`` (clusters, 4, 2) is the spread of one history around it."""

    prior: Prior
    fitted: Polynomial
    """Targets (clusters * 4 * 2)."""
    chance: np.ndarray
    explained: np.ndarray  # (clusters, 4, 2), share of the variance over the prior, held out
    points: int

    @property
    def degree(self) -> int:
        """Of the polynomial."""
        return self.fitted.degree

    @property
    def penalty(self) -> float:
        """Of the ridge regression."""
        return self.fitted.penalty

    @property
    def weights(self) -> np.ndarray:
        """Coefficients (terms, clusters * 4 * 2)."""
        return self.fitted.weights

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Expected scores (n, clusters, 4, 2) at numbers (n, parameters)."""
        found = self.fitted.at(self.prior.scaled(values))
        return found.reshape(len(values), *self.chance.shape)

    def of(self, clusters: np.ndarray) -> Emulator:
        """The emulator of some of its clusters only, by their places."""
        shape = (len(self.weights), *self.chance.shape)
        weights = self.weights.reshape(shape)[:, clusters].reshape(len(self.weights), -1)
        chance, explained = self.chance[clusters], self.explained[clusters]
        part = replace(
            self.fitted, weights=weights, chance=chance.ravel(), explained=explained.ravel()
        )
        return Emulator(self.prior, part, chance, explained, self.points)


def fit_emulator(prior: Prior, values: np.ndarray, scores: np.ndarray, seed: int = 0) -> Emulator:
    """Fit to points: values (n, parameters), scores (n, clusters, 4, 2), one history each."""
    shape = scores.shape[1:]
    targets = scores.reshape(len(scores), -1)
    fitted = fit_polynomial(prior.scaled(values), targets, seed, 0.0, _TOP)
    return Emulator(
        prior, fitted, fitted.chance.reshape(shape), fitted.explained.reshape(shape), len(values)
    )
