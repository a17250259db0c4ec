"""Figures beside the scores as likelihoods: Table 2, facts of MP17, moments of firms' lives.

    figure ~ normal(emulated mean over clusters, chance^2 + spread^2)

with ``chance`` the spread of one history of all clusters around the emulator and ``spread`` what ties a
figure and
these clusters loosely (`calibration/data/likelihoods.toml`). Figures know no scores, so they also serve to
rule
out points before any score is looked at (history matching: Craig, Goldstein, Seheult and Smith 1997; Vernon,
Goldstein and Bower 2010, Bayesian Analysis 5): a point at which a figure lies further off than
``IMPLAUSIBLE`` standard deviations is not worth another run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.evidence.figures import Figure
from calibration.posterior.polynomial import Polynomial, fit_polynomial
from calibration.prior.distributions import Prior
from model.experiments.points.point import Quantity

IMPLAUSIBLE = 3.0
"""Standard deviations: three hold nearly all of any unimodal distribution (Pukelsheim 1994)."""
_LEAST = 1e-6  # below it a logarithm is not taken


@dataclass(frozen=True)
class FigureEvidence:
    """Figures with the polynomial that stands in for what simulated clusters say of each."""

    prior: Prior
    figures: tuple[Figure, ...]
    fitted: Polynomial
    observed: np.ndarray
    """(figures,), on the scale of comparison; NaN: left out."""

    def expected(self, values: np.ndarray) -> np.ndarray:
        """Emulated figures (n, figures) at numbers (n, parameters)."""
        return self.fitted.at(self.prior.scaled(values))

    @property
    def deviation(self) -> np.ndarray:
        """Standard deviation of each figure around what is emulated, (figures,)."""
        spread = np.array([figure.spread for figure in self.figures])
        return np.sqrt(self.fitted.chance**2 + spread**2)

    def log_likelihoods(self, values: np.ndarray) -> np.ndarray:
        """Log likelihood of each figure, (n, figures); 0 where it is left out."""
        apart = (self.observed - self.expected(values)) / self.deviation
        found = -0.5 * apart**2 - np.log(self.deviation * np.sqrt(2 * np.pi))
        return np.where(np.isnan(self.observed), 0.0, found)

    def implausibility(self, values: np.ndarray) -> np.ndarray:
        """Distance of the figure furthest off at each point, in standard deviations, (n,)."""
        apart = np.abs(self.observed - self.expected(values)) / self.deviation
        return np.nan_to_num(apart, nan=0.0).max(axis=1, initial=0.0)

    def without(self, names: frozenset[str]) -> FigureEvidence:
        """The same with some kinds of evidence left out."""
        left_out = [figure.likelihood in names for figure in self.figures]
        return replace(self, observed=np.where(left_out, np.nan, self.observed))

    def draw(self, simulated: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Figures that might be printed of single histories; simulated and result (n, figures)."""
        spread = np.array([figure.spread for figure in self.figures])
        return simulated + spread * rng.standard_normal(simulated.shape)


def quantities_of(figures: Sequence[Figure]) -> tuple[Quantity, ...]:
    """What has to be measured in every run, each once."""
    return tuple(dict.fromkeys(Quantity(f.measure, *f.quarters) for f in figures))


def aggregated(figures: Sequence[Figure], measured: np.ndarray) -> np.ndarray:
    """What simulated clusters say of each figure, (n, figures), on the scale of comparison.

    measured: (n, clusters, quantities), in the order of ``quantities_of``. A cluster in which a quantity
    is not known takes no part.
    """
    places = {quantity: i for i, quantity in enumerate(quantities_of(figures))}
    columns = []
    for figure in figures:
        part = measured[
            :, list(figure.clusters), places[Quantity(figure.measure, *figure.quarters)]
        ]
        mean = np.nanmean(part, axis=1)
        columns.append(np.log(np.maximum(mean, _LEAST)) if figure.scale == "log" else mean)
    return np.stack(columns, axis=1) if columns else np.empty((len(measured), 0))


def fit_figures(
    prior: Prior,
    figures: Sequence[Figure],
    values: np.ndarray,
    measured: np.ndarray,
    seed: int = 0,
) -> FigureEvidence | None:
    """Fit to points: values (n, parameters), measured (n, clusters, quantities); None without figures."""
    if not figures:
        return None
    targets = aggregated(figures, measured)
    fitted = fit_polynomial(prior.scaled(values), targets, seed)
    return FigureEvidence(prior, tuple(figures), fitted, np.array([f.value for f in figures]))
