"""The posterior: prior, emulator, measurement model and scores put together.

A place in the space that is sampled holds the free numbers of the model first and those of the
measurement model after them, all standard normal a priori. The likelihood is a sum of terms: one a cluster
for
its scores, one a figure for the other evidence. Leaving clusters out is leaving their terms out of the sum,
and so is
leaving out a kind of evidence by name (`calibration.evidence.figures.LIKELIHOODS`): emulators know no scores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calibration.posterior import measurement_model as measurement
from calibration.posterior.array_cache import key_of
from calibration.posterior.emulator import Emulator
from calibration.posterior.figure_evidence import FigureEvidence
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
    figures: FigureEvidence | None = None
    without: frozenset[str] = frozenset()
    """Kinds of evidence that are left out."""
    plausible: float = 1.0
    """Share of the prior that the figures did not rule out."""

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
        emulator, figures = self.emulator, self._figures
        more = () if figures is None else (
            figures.fitted.weights, figures.deviation, figures.observed,
        )  # fmt: skip
        return key_of(
            repr((emulator.prior, emulator.degree, sorted(self.without))),
            emulator.weights,
            emulator.chance,
            self.observed,
            *more,
        )

    @property
    def _figures(self) -> FigureEvidence | None:
        return None if self.figures is None else self.figures.without(self.without)

    @property
    def selection(self) -> bool:
        """Whether scores are those of clusters that were taken in because they had upgraded."""
        return "selection" not in self.without

    def values(self, z: np.ndarray) -> np.ndarray:
        """The numbers at places z (n, dimensions), in the order of ``names``."""
        model = self._model(z)
        return np.concatenate([model, measurement.numbers(z[:, self.free :])], axis=1)

    def scores(self, z: np.ndarray) -> np.ndarray:
        """Expected scores (n, clusters, 4, 2) of mean and leading firms."""
        return self.emulator.scores(self._model(z))

    def log_likelihood(self, z: np.ndarray) -> np.ndarray:
        """Log likelihood of each cluster's scores, (n, clusters)."""
        given = Numbers.at(z[:, self.free :], self.selection)
        return measurement.log_likelihood(
            given, self.scores(z), self.emulator.chance, self.observed
        )

    def by_evidence(self, z: np.ndarray) -> dict[str, np.ndarray]:
        """Log likelihood of each kind of evidence that is used, (n,) each."""
        found = {}
        if "scores" not in self.without:
            found["scores"] = self.log_likelihood(z).sum(axis=1)
        if self.figures is not None:
            each = self.figures.without(self.without).log_likelihoods(self._model(z))
            kinds = np.array([figure.likelihood for figure in self.figures.figures])
            for kind in dict.fromkeys(kinds.tolist()):
                if kind not in self.without:
                    found[kind] = each[:, kinds == kind].sum(axis=1)
        return found

    def _model(self, z: np.ndarray) -> np.ndarray:
        return self.emulator.prior.numbers(z[:, : self.free])

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
            return np.asarray(sum(part.by_evidence(z).values()) - 0.5 * (z**2).sum(axis=1))

        return sample(
            density, self.dimensions, seed, setting.steps, setting.burn, setting.keep, start
        )

    def of(self, clusters: np.ndarray) -> Problem:
        """The problem of some of its clusters only, by their places."""
        return replace(self, emulator=self.emulator.of(clusters), observed=self.observed[clusters])

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Predictive chance of each score, (clusters, 4, 7), over the draws z."""
        given = Numbers.at(z[:, self.free :], self.selection)
        return measurement.chances(given, self.scores(z), self.emulator.chance).mean(axis=0)
