"""What a cluster's scores tell of the components of its collective efficiency.

A degree leaves each component c a step to lie in, all places in it alike (`calibration.prior.translation`).
The likelihood of a cluster's scores y takes them as chance: p(y | n), with n the numbers of theory and
measurement, is the mean of p(y | n, c) over the places. So what the scores tell of one cluster's components
is had without another fit,

    p(n, c | all scores) = p(n | all scores) p(c | n, y)        p(c | n, y) = p(c) p(y | n, c) / p(y | n)

and a draw of the posterior beside a draw of places counts as p(y | n, c) / p(y | n). The mean over places
of the numerator is the denominator, so the posterior over the numbers stays what it was.

- Numerator and denominator are of the scores *and* of being taken into the tables, which tells of
  components, too: a place at which little upgrading happens would hardly have been studied.
- p(y | n, c) comes from runs of the cluster at some draws: a polynomial in the numbers and a slope for each
  component. Slopes are small beside chance, and 35 clusters with as many runs each would give noise for
  slopes; so those of a cluster are drawn to the mean over clusters as far as clusters do not differ beyond
  it (random effects: DerSimonian and Laird 1986; Morris 1983). What single runs lie off is chance beside the
  noise of those who scored.
- A cluster that the posterior has not seen updates the numbers as well: a draw of the posterior then counts
  as p(y | n, taken in).

Importance sampling lives on draws that are not too few to count: ``effective_draws`` says how many equal
ones the weights are worth, and `usable` refuses what rests on less than ``FEWEST``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp, softmax
from statsmodels.stats.meta_analysis import combine_effects

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior import measurement_model as measurement
from calibration.posterior.credible_intervals import FORECAST_LEVEL, tails
from calibration.posterior.measurement_model import Numbers
from calibration.posterior.polynomial import Polynomial, fit_polynomial
from calibration.prior.translation import components

TOGETHER = "together"
"""The mean of all places of a cluster, beside the components one by one."""
FEWEST = 100
"""Equal draws that a weighted sample must be worth: five lie beyond each end of a 90% interval."""
EACH = 64
"""Places drawn beside each draw of the posterior."""
PLACE_SPREAD = float(1 / np.sqrt(12))
"""Standard deviation of a place before the scores, in steps between degrees."""
_STILL = 1e-12  # variance of a slope of a score that never moves
_POOLED = 3  # clusters from which it can be told how far they differ
_TOP = 3.0  # of the scale of scores


@dataclass(frozen=True)
class Slopes:
    """What components do to scores, (..., components, 4, 2) in points a step, and the variance of that."""

    value: np.ndarray
    variance: np.ndarray


def fit_slopes(scaled: np.ndarray, places: np.ndarray, scores: np.ndarray) -> Slopes:
    """Least squares, numbers and places together: scaled numbers, places and scores (n, 4, 2), a run each."""
    design = np.column_stack([np.ones(len(scaled)), scaled, places])
    targets = scores.reshape(len(scores), -1)
    found, _, rank, _ = np.linalg.lstsq(design, targets, rcond=None)
    left = ((targets - design @ found) ** 2).sum(axis=0) / (len(design) - rank)
    spread = np.linalg.pinv(design.T @ design).diagonal()[:, None] * left
    number = places.shape[1]
    shape = number, *scores.shape[1:]
    return Slopes(found[-number:].reshape(shape), spread[-number:].reshape(shape))


def pooled(slopes: Slopes) -> tuple[Slopes, Slopes]:
    """The mean over clusters, and slopes of each cluster drawn to it; ``slopes``: (clusters, ...).

    Left as they are where there is one cluster, and where a score never moves.
    """
    mean = Slopes(slopes.value.mean(axis=0), slopes.variance.mean(axis=0))
    value, variance = slopes.value.copy(), slopes.variance.copy()
    for at in np.ndindex(mean.value.shape):
        each = (slice(None), *at)
        moves = slopes.variance[each] > _STILL
        if moves.sum() < _POOLED:
            continue
        own, doubt = slopes.value[each][moves], slopes.variance[each][moves]
        with np.errstate(invalid="ignore", divide="ignore"):  # if clusters differ less than chance
            found = combine_effects(own, doubt, method_re="dl")
        between = max(0.0, float(found.tau2))
        centre = float(found.mean_effect_re if between > 0 else found.mean_effect_fe)
        mean.value[at] = centre
        mean.variance[at] = 1 / (1 / (between + doubt)).sum()
        kept = between / (between + doubt)
        value[each][moves] = centre + kept * (own - centre)
        variance[each][moves] = kept * doubt + (1 - kept) ** 2 * mean.variance[at]
    return mean, Slopes(value, variance)


@dataclass(frozen=True)
class Response:
    """What a cluster reaches as numbers and places move."""

    fitted: Polynomial
    """In the numbers; targets (4 * 2): scores of the mean firm and of leading ones."""
    slopes: np.ndarray
    """(components, 4, 2), points a step."""

    def scores(self, scaled: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Expected scores (n, 4, 2) at scaled numbers (n, numbers) and places (n, components)."""
        middle = self.fitted.at(scaled).reshape(-1, *self.slopes.shape[1:])
        return np.clip(middle + np.tensordot(places, self.slopes, axes=1), 0.0, _TOP)

    @property
    def moved(self) -> np.ndarray:
        """Standard deviation that places give to scores, (4, 2)."""
        return PLACE_SPREAD * np.sqrt((self.slopes**2).sum(axis=0))

    @property
    def chance(self) -> np.ndarray:
        """Standard deviation of one history around what is expected, held out, (4, 2)."""
        return self.fitted.chance.reshape(self.slopes.shape[1:])


def fit_response(
    scaled: np.ndarray, places: np.ndarray, scores: np.ndarray, slopes: np.ndarray, seed: int = 0
) -> Response:
    """Fit to runs of one cluster, a run each, what slopes (as pooled) leave of the scores (n, 4, 2)."""
    left = scores - np.tensordot(places, slopes, axes=1)
    fitted = fit_polynomial(scaled, left.reshape(len(left), -1), seed, 0.0, _TOP)
    return Response(fitted, slopes)


@dataclass(frozen=True)
class Told:
    """What a cluster's scores make of places drawn from their prior beside draws of the posterior."""

    places: np.ndarray  # (draws, each, components)
    joint: np.ndarray  # (draws, each), log chance of the scores and of being taken in
    taken: np.ndarray  # (draws, each), log chance of being taken in

    @property
    def log_scores(self) -> np.ndarray:
        """Log chance of the scores of a cluster taken in, whatever its places: (draws,)."""
        return np.asarray(logsumexp(self.joint, axis=1) - logsumexp(self.taken, axis=1))

    def weights(self, draws: np.ndarray | None = None) -> np.ndarray:
        """Weights (draws, each) that add up to 1; ``draws`` (draws,): weights of the draws, default alike."""
        alike = np.full(len(self.joint), 1 / len(self.joint))
        within = softmax(self.joint, axis=1)
        return np.asarray(within * (alike if draws is None else draws)[:, None])


def tell(
    given: Numbers,
    scaled: np.ndarray,
    response: Response,
    observed: np.ndarray,
    rng: np.random.Generator,
    each: int = EACH,
) -> Told:
    """Draw places beside each draw of the posterior and judge them by the scores observed, (4,)."""
    draws, number = len(scaled), len(components())
    places = rng.uniform(-0.5, 0.5, (draws, each, number))
    found = response.scores(np.repeat(scaled, each, axis=0), places.reshape(-1, number))
    # a place of its own beside each draw: the measurement model takes them for clusters of that draw
    scores = found.reshape(draws, each, *found.shape[1:])
    chance = np.broadcast_to(response.chance, scores.shape[1:])
    alike = np.broadcast_to(observed, (each, len(DIMENSIONS)))
    taken = measurement.log_taken(given, scores, chance)
    return Told(places, taken + measurement.log_likelihood(given, scores, chance, alike), taken)


def effective_draws(weights: np.ndarray) -> float:
    """How many equal draws a weighted sample is worth (Kish 1965); weights add up to 1."""
    return float(1 / (weights**2).sum())


def usable(weights: np.ndarray, fewest: int = FEWEST) -> bool:
    """Whether weights (draws, each) rest on enough pairs, and on enough draws of the posterior."""
    return min(effective_draws(weights), effective_draws(weights.sum(axis=1))) >= fewest


def spread_of(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of a weighted sample."""
    mean = float((weights * values).sum())
    return mean, float(np.sqrt((weights * (values - mean) ** 2).sum()))


def ends(values: np.ndarray, weights: np.ndarray, level: float = FORECAST_LEVEL) -> np.ndarray:
    """The central interval of a weighted sample, by default of 90%."""
    return np.quantile(values, tails(level), weights=weights, method="inverted_cdf")


def component_rows(told: Told, values: np.ndarray, draws: np.ndarray | None = None) -> pd.DataFrame:
    """A row a component of one cluster, and one of all together: before its scores and after.

    values: (draws, each, components), what the starting conditions are at the places. Columns: component,
    prior_mean, prior_low, prior_high, mean, low, high (central 90%, in units of the starting condition;
    together: mean place, in steps between degrees), place, place_low, place_high (mean and central 90%, in
    steps around the middle of the degree), shift (of the mean place, in standard deviations of its prior),
    contraction (share by which the standard deviation of the place shrinks; of the place alone, since what
    is not known of the spacing of degrees is not the cluster's).
    """
    alike, weights = np.full(told.joint.shape, 1 / told.joint.size), told.weights(draws)
    columns = [*np.moveaxis(told.places, -1, 0), told.places.mean(axis=-1)]
    shown = [*np.moveaxis(values, -1, 0), columns[-1]]
    rows = []
    for name, place, value in zip((*components(), TOGETHER), columns, shown, strict=True):
        before, after = spread_of(place, alike), spread_of(place, weights)
        prior, posterior = (ends(value.ravel(), w.ravel()) for w in (alike, weights))
        place_low, place_high = ends(place.ravel(), weights.ravel())
        rows.append(
            {
                "component": name,
                "prior_mean": spread_of(value, alike)[0],
                "prior_low": prior[0],
                "prior_high": prior[1],
                "mean": spread_of(value, weights)[0],
                "low": posterior[0],
                "high": posterior[1],
                "place": after[0],
                "place_low": place_low,
                "place_high": place_high,
                "shift": (after[0] - before[0]) / before[1],
                "contraction": 1 - after[1] / before[1],
            }
        )
    return pd.DataFrame(rows)
