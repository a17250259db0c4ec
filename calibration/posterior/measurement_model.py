"""From simulated firms to an expert's score: what the numbers of GPR05 Tables 5 to 7 measure.

For cluster i and kind of upgrading d, with s the score of the mean firm and t that of the leading fifth
of firms, both 0 to 3 and both from one history of the cluster, over the firms that its scorers describe:
local ones, those of foreign owners, or all (``firms_scored`` in calibration/data/cluster_facts.csv, a guess):

    seen_id  = (1 - leaders) s_id + leaders t_id + shift_d           what the material shows
    latent   = seen_id + colour_i [d is process or product] + e_id   what the expert makes of it
    colour_i ~ normal of spread colour      e_id ~ logistic of spread noise_d
    score    = latent rounded to halves with chance ``halves``, to whole points else, kept within 0-3
    taken_i  = whether the cluster is in the tables at all, with chance
               logistic((mean of seen over process and product + colour_i - threshold) / a quarter point)

Why so:

- ``leaders``: a score is "for the cluster as a whole", but field studies talk to the firms ahead.
- ``shift``: one a dimension: nothing ties an expert's "high" to a share of practices.
- ``threshold``: clusters were taken in because some upgrading had happened (GPR05 section 4). What is
  scored is the upper tail of what places reach: the likelihood of a cluster's scores is that given that
  it was taken in, and so is a forecast. A cluster that nobody would have studied says nothing here.
- ``colour``: what is particular to a cluster and not in the model, and the impression that its judges
  had of it, move process and product together; in the tables the two are nearly the same number.
- ``noise``: two sizes. Process and product are reported on everywhere, functional and intersectoral
  upgrading were inferred from the wording of publications where it happened to come up. Logistic, as
  in the ordered logit that is usual for graded answers: a judgement far off is not unheard of.
- ``halves``: whole points are used far more often than halves, which stand for "between two".

History repeats itself no more than once: the score is of one run, so chance (and what an emulator does
not know) enters as a variance beside the noise. Missing scores are missing. Scores of different
clusters are independent given the numbers. All parameters are kept as standard normal places, like
those of the model; ``PARAMETERS`` says what they become and why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr

from calibration.evidence.case_tables import DIMENSIONS

GRID = np.arange(7) / 2
"""The scores that can be given."""
PREFIX = "measurement."
_SHARED = np.array([d in ("product", "process") for d in DIMENSIONS])


@dataclass(frozen=True)
class MeasurementParameter:
    """A number of the measurement model; ``kind`` says how a standard normal place becomes it."""

    name: str
    kind: str  # "normal": centre + spread z; "log": centre exp(spread z); "share": Phi(z)
    centre: float
    spread: float
    meaning: str
    reason: str

    def number(self, z: np.ndarray) -> np.ndarray:
        """The number at standard normal places."""
        if self.kind == "normal":
            return self.centre + self.spread * z
        return self.centre * np.exp(self.spread * z) if self.kind == "log" else ndtr(z)


_SIZE = "half a point, a step of the scale, within a factor of e"
PARAMETERS = (
    *(
        MeasurementParameter(
            f"shift_{d}", "normal", 0.0, 0.5, f"score points by which {d} is scored higher",
            "none, give or take a step of the scale",
        )
        for d in DIMENSIONS
    ),
    MeasurementParameter("noise_near", "log", 0.5, 0.5, "noise of process and product scores", _SIZE),
    MeasurementParameter(
        "noise_far", "log", 0.5, 0.5, "noise of functional and intersectoral scores", _SIZE
    ),
    MeasurementParameter("colour", "log", 0.5, 0.5, "spread of what a cluster's scores share", _SIZE),
    MeasurementParameter("halves", "share", 0.5, 1.0, "chance that a half is used", "any chance alike"),
    MeasurementParameter(
        "leaders", "share", 0.5, 1.0, "weight of the leading fifth of firms", "any weight alike"
    ),
    MeasurementParameter(
        "threshold", "normal", 0.5, 0.5, "upgrading from which a cluster was taken into the tables",
        "some upgrading had happened: between absent and low, give or take a step of the scale",
    ),
)  # fmt: skip
NAMES = tuple(f"{PREFIX}{parameter.name}" for parameter in PARAMETERS)

_NODES = np.linspace(-3.5, 3.5, 21)  # of the sum over colour, in its standard deviations
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()
_LOGISTIC = np.sqrt(3.0) / np.pi  # scale of a logistic of standard deviation 1
_MOST = 300.0  # logarithm of odds beyond which nothing changes, and whose square is still a number
_TINY = 1e-300
_SOFT = 0.25  # score points around the threshold: half of a step of the scale
_TRIED = 64  # draws of what is particular to a cluster until one is taken in
_SHARPEST = 0.002  # score points; below it powers of e overflow, and rounding is as sure


@dataclass(frozen=True)
class Numbers:
    """The parameters as numbers, each with a leading axis of draws."""

    shift: np.ndarray  # (draws, 4), score points
    noise: np.ndarray  # (draws, 4), score points
    colour: np.ndarray  # (draws,), score points
    halves: np.ndarray  # (draws,), chance
    leaders: np.ndarray  # (draws,), share
    threshold: np.ndarray  # (draws,), score points; minus infinity: every cluster is taken in

    @classmethod
    def at(cls, z: np.ndarray, selection: bool = True) -> Numbers:
        """At standard normal places; z: (draws, parameters). Without selection all are taken in."""
        return cls.of(numbers(z), selection)

    @classmethod
    def of(cls, values: np.ndarray, selection: bool = True) -> Numbers:
        """Of a table (draws, parameters) in the order of ``PARAMETERS``."""
        near, far = values[:, 4:5], values[:, 5:6]
        noise = np.where(_SHARED, near, far)
        threshold = values[:, 9] if selection else np.full(len(values), -np.inf)
        return cls(values[:, :4], noise, values[:, 6], values[:, 7], values[:, 8], threshold)


def numbers(z: np.ndarray) -> np.ndarray:
    """The parameters as a table, in the order of ``PARAMETERS``; z: (draws, parameters)."""
    return np.stack([p.number(z[:, i]) for i, p in enumerate(PARAMETERS)], axis=1)


def seen(given: Numbers, scores: np.ndarray, chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre and variance of what the material shows, each (draws, clusters, 4).

    scores: (draws, clusters, 4, 2), of the mean firm and of leading firms; chance: (clusters, 4, 2), the
    standard deviation of one history around them, taken to move both together.
    """
    weight = given.leaders[:, None, None]
    centre = (1 - weight) * scores[..., 0] + weight * scores[..., 1] + given.shift[:, None, :]
    spread = (1 - weight) * chance[..., 0] + weight * chance[..., 1]
    return centre, spread**2 + given.noise[:, None, :] ** 2


def _taken(given: Numbers, centre: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """Chance that a cluster is taken in; centre (draws, clusters, 4), colour (draws, clusters, n)."""
    shown = centre[..., _SHARED].mean(axis=-1)[..., None] + colour
    return np.asarray(expit((shown - given.threshold[:, None, None]) / _SOFT))


def log_taken(given: Numbers, scores: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Log chance that a cluster is taken into the tables, (draws, clusters); arguments as of ``seen``."""
    centre, _ = seen(given, scores, chance)
    taken = _taken(given, centre, given.colour[:, None, None] * _NODES)
    return np.asarray(np.log((_WEIGHTS * taken).sum(axis=-1) + _TINY))


def _weights(given: Numbers, centre: np.ndarray) -> np.ndarray:
    """Weights of the nodes of colour among clusters taken in, (draws, clusters, nodes); sum to 1."""
    colour = given.colour[:, None, None] * _NODES
    weights = _WEIGHTS * (_taken(given, centre, colour) + _TINY)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def log_likelihood(
    given: Numbers, scores: np.ndarray, chance: np.ndarray, observed: np.ndarray
) -> np.ndarray:
    """Log likelihood of each cluster, (draws, clusters); observed: (clusters, 4), NaN where missing."""
    centre, variance = seen(given, scores, chance)
    scale = _scale(variance)
    there = ~np.isnan(observed)
    score = np.where(there, observed, 0.0)
    total = np.zeros(centre.shape[:2])
    joint: np.ndarray | float = 1.0
    for d, shared in enumerate(_SHARED):
        moved = centre[..., d, None]
        if shared:
            moved = moved + given.colour[:, None, None] * _NODES
        each = _chance(moved, scale[..., d, None], given.halves[:, None, None], score[:, d, None])
        each = np.where(there[:, d, None], each, 1.0)
        if shared:
            joint = joint * each
        else:
            total += np.log(each[..., 0] + _TINY)
    return total + np.log((joint * _weights(given, centre)).sum(axis=-1) + _TINY)


def _scale(variance: np.ndarray) -> np.ndarray:
    """Scale of a logistic of that variance."""
    return np.maximum(_LOGISTIC * np.sqrt(variance), _SHARPEST)


def _chance(
    centre: np.ndarray, scale: np.ndarray, halves: np.ndarray, score: np.ndarray
) -> np.ndarray:
    """Chance of a score by rounding a logistic to halves or to whole points; all broadcast."""
    odds = np.exp(np.clip((score - centre) / scale, -_MOST, _MOST))
    fine = _within(odds, np.exp(0.25 / scale), score)
    whole = np.where(score % 1 == 0, _within(odds, np.exp(0.5 / scale), score), 0.0)
    return halves * fine + (1 - halves) * whole


def _within(odds: np.ndarray, reach: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Chance that the latent lies within reach of a score; the ends of the scale are open.

    F(x + r) - F(x - r) of the logistic F, written with odds = e^x and reach = e^r as one fraction.
    """
    top, bottom = score >= GRID[-1], score <= GRID[0]
    linear = np.where(top | bottom, reach, reach - 1 / reach)
    above = top + odds * (linear + bottom * odds)
    return above / ((1 + reach * odds) * (1 + odds / reach))


def chances(given: Numbers, scores: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Chance of each score for a cluster not seen before, (draws, clusters, 4, 7); sums to 1.

    The cluster is one that was taken into the tables.
    """
    centre, variance = seen(given, scores, chance)
    scale = _scale(variance)
    weights = _weights(given, centre)
    result = np.empty((*centre.shape, len(GRID)))
    for d, shared in enumerate(_SHARED):
        moved = centre[..., d, None, None]
        if shared:
            moved = moved + given.colour[:, None, None, None] * _NODES
        halves = given.halves[:, None, None, None]
        each = _chance(moved, scale[..., d, None, None], halves, GRID[:, None])
        result[..., d, :] = (each @ weights[..., None])[..., 0] if shared else each[..., 0]
    return result


def draw(
    given: Numbers,
    scores: np.ndarray,
    rng: np.random.Generator,
    chance: np.ndarray | None = None,
) -> np.ndarray:
    """Scores that experts might give, (draws, clusters, 4).

    ``scores`` are of single histories unless ``chance`` tells how these spread around them.
    """
    if chance is None:
        chance = np.zeros(scores.shape[1:])
    centre, variance = seen(given, scores, chance)
    colour = _drawn_colour(given, centre, rng)
    noise = rng.logistic(size=centre.shape)
    latent = centre + _LOGISTIC * np.sqrt(variance) * noise
    latent = latent + np.where(_SHARED, colour[..., None], 0.0)
    step = np.where(rng.random(centre.shape) < given.halves[:, None, None], 0.5, 1.0)
    return np.clip(np.floor(latent / step + 0.5) * step, GRID[0], GRID[-1])


def _drawn_colour(given: Numbers, centre: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What is particular to clusters that were taken in, (draws, clusters): the first that is accepted.

    Where none of many is, the cluster is one that hardly anybody would take in, and the likeliest stands.
    """
    shape = (*centre.shape[:2], _TRIED)
    tried = rng.standard_normal(shape) * given.colour[:, None, None]
    taken = _taken(given, centre, tried)
    accepted = rng.random(shape) < taken
    first = np.where(accepted.any(axis=-1), accepted.argmax(axis=-1), taken.argmax(axis=-1))
    return np.take_along_axis(tried, first[..., None], axis=-1)[..., 0]
