"""The posterior: prior, emulator, measurement model and scores put together.

A place in the space that is sampled holds the free numbers of the model first and those of the
measurement model after them, all standard normal a priori. Leaving clusters out is leaving their terms
out of the sum: the emulator knows no scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.posterior import measurement_model as measurement
from calibration.posterior.array_cache import key_of
from calibration.posterior.emulator import Emulator
from calibration.posterior.mcmc import Draws, sample
from calibration.posterior.measurement_model import PARAMETERS, Numbers


@dataclass(frozen=True)
class Setting:
    """How long to sample."""

    steps: int
    burn: int
    keep: int

    @property
    def name(self) -> str:
        """For names of files."""
        return f"{self.steps}_{self.burn}_{self.keep}"


@dataclass(frozen=True)
class Problem:
    """What is asked: ``observed`` (clusters, 4), NaN where missing, in the emulator's order."""

    emulator: Emulator
    observed: np.ndarray

    @property
    def free(self) -> int:
        """How many numbers of the model are free."""
        return len(self.emulator.prior)

    @property
    def dimensions(self) -> int:
        """How many numbers are free in all."""
        return self.free + len(PARAMETERS)

    @property
    def names(self) -> tuple[str, ...]:
        """The dotted keys of all of them."""
        return (*self.emulator.prior.keys, *measurement.NAMES)

    @property
    def fingerprint(self) -> str:
        """Differs where anything differs that decides the posterior."""
        emulator = self.emulator
        return key_of(
            repr((emulator.prior, emulator.degree)),
            emulator.weights,
            emulator.chance,
            self.observed,
        )

    def values(self, z: np.ndarray) -> np.ndarray:
        """The numbers at places z (n, dimensions), in the order of ``names``."""
        model = self.emulator.prior.numbers(z[:, : self.free])
        return np.concatenate([model, measurement.numbers(z[:, self.free :])], axis=1)

    def scores(self, z: np.ndarray) -> np.ndarray:
        """Expected scores (n, clusters, 4, 2) of mean and leading firms."""
        return self.emulator.scores(self.emulator.prior.numbers(z[:, : self.free]))

    def log_likelihood(self, z: np.ndarray) -> np.ndarray:
        """Log likelihood of each cluster, (n, clusters)."""
        given = Numbers.at(z[:, self.free :])
        return measurement.log_likelihood(
            given, self.scores(z), self.emulator.chance, self.observed
        )

    def fit(
        self,
        setting: Setting,
        seed: int,
        fitted: np.ndarray | None = None,
        start: np.ndarray | None = None,
    ) -> Draws:
        """Draws from the posterior given the clusters that ``fitted`` (clusters,) says: all by default."""
        part = self if fitted is None else self.of(np.flatnonzero(fitted))

        def density(z: np.ndarray) -> np.ndarray:
            return part.log_likelihood(z).sum(axis=1) - 0.5 * (z**2).sum(axis=1)

        return sample(
            density, self.dimensions, seed, setting.steps, setting.burn, setting.keep, start
        )

    def of(self, clusters: np.ndarray) -> Problem:
        """The problem of some of its clusters only, by their places."""
        return Problem(self.emulator.of(clusters), self.observed[clusters])

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Predictive chance of each score, (clusters, 4, 7), over the draws z."""
        given = Numbers.at(z[:, self.free :])
        return measurement.chances(given, self.scores(z), self.emulator.chance).mean(axis=0)
