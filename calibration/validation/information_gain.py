"""Which further datum would tell the rival theories apart: expected information gain, by nested Monte Carlo.

A datum is some quantities of some clusters, each seen with an error. Each rival's posterior says what they
would be; the gain
is how much a reader who gives all rivals the same chance would learn, on average, about which one is right:

    gain = mean over rivals m, draws k of  log2 p(y | m) / mean over rivals of p(y | m'),   y ~ datum at
    draw k of m p(y | m) = mean over draws k' of m of the density of y around what draw k' says

(Lindley 1956; nested Monte Carlo: Rainforth et al. 2018). A datum of many clusters has more numbers than
there are draws, so
it is looked at along the few directions that tell rivals apart best (linear discriminants, with shrinkage).
One half of the
draws finds these directions and makes the inner means, the other half is judged by them, and the other way
round: what is
told is a lower bound, and few draws make it small, not large. It ends at log2 of the number of rivals: then
one look decides. Nothing new is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.simulator import Simulated
from model.experiments.points.point import Quantity

_REPEATS = 8  # sets of clusters of a size
SIZES = (1, 5, 15, 35)
"""Clusters of which the datum is collected."""
_HALF = 0.5
_SHARE = 0.1


@dataclass(frozen=True)
class CandidateDatum:
    """What field workers might collect of a cluster; ``measures`` with the error of each."""

    name: str
    title: str
    measures: tuple[tuple[str, float], ...]
    """Measure, and standard deviation of what is seen around it."""
    reason: str
    year: int | None = None
    """Years before the end of the run; default: its last year."""
    beside: str = ""
    """Also scored: ``leading``, the foremost firms; ``owners``, local firms and others apart."""


_SCORES = tuple((dimension, _HALF) for dimension in DIMENSIONS)
CANDIDATES = (
    CandidateDatum(
        "scores_again", "The same scores once more", _SCORES,
        "an error of half a point, as judges differ",
    ),
    CandidateDatum(
        "institutions", "Institutions coded by cluster",
        (("members", _SHARE), ("reached", _SHARE), ("served", _SHARE)),
        "shares of firms that belong, are reached and are served, within a tenth",
    ),
    CandidateDatum(
        "leaders_apart", "Foremost and other firms scored apart", _SCORES,
        "an error of half a point for each of the two", beside="leading",
    ),
    CandidateDatum(
        "owners_apart", "Local and foreign firms scored apart", _SCORES,
        "an error of half a point for each of the two; 0 where there is none of a kind", beside="owners",
    ),
    CandidateDatum(
        "components", "Eight components of collective efficiency",
        tuple((f"ce_{name}", _HALF) for name in (
            "labour", "inputs", "information", "market_access",
            "backward", "forward", "bilateral", "multilateral",
        )),
        "each on 0 to 3 with an error of half a point",
    ),
    CandidateDatum(
        "second_wave", "A second wave of scores, ten years apart", _SCORES,
        "the same judges on the years before: an error of half a point", year=10,
    ),
    CandidateDatum(
        "firm_panels", "Panels of firms",
        (
            ("survival", 0.07), ("size", 3.0), ("export_intensity", 0.07), ("exporters", 0.07),
            ("high_road", 0.1),
        ),
        "a sample of fifty firms a cluster: shares within seven points",
    ),
)  # fmt: skip


def candidate_quantities(ticks: int) -> tuple[Quantity, ...]:
    """What has to be measured at posterior draws for all candidates, each once."""
    return tuple(dict.fromkeys(q for each in CANDIDATES for q in _quantities(each, ticks)))


def _quantities(datum: CandidateDatum, ticks: int) -> tuple[Quantity, ...]:
    last = ticks - 1 - 4 * (datum.year or 0)
    last = max(3, last) if ticks > 4 else ticks - 1
    return tuple(Quantity(name, max(0, last - 3), last) for name, _ in datum.measures)


def seen_of(datum: CandidateDatum, runs: Simulated, ticks: int) -> np.ndarray:
    """What the datum would be, in standard deviations of its error: (draws, clusters, quantities).

    A quantity that is not known of a cluster counts as 0.
    """
    places = {quantity: i for i, quantity in enumerate(candidate_quantities(ticks))}
    columns = [places[quantity] for quantity in _quantities(datum, ticks)]
    errors = np.array([error for _, error in datum.measures])
    told = runs.measured[:, 0][..., columns] / errors
    if datum.beside == "leading":
        told = np.concatenate([told, runs.scores[:, 0, :, :, 1] / errors], axis=-1)
    if datum.beside == "owners":
        told = np.concatenate([runs.owners[:, 0, ..., i] / errors for i in (0, 1)], axis=-1)
    return np.nan_to_num(told)


def information_gain(seen: Sequence[np.ndarray], rng: np.random.Generator) -> float:
    """Bits that one look tells of which rival is right; seen: (draws, numbers) by rival, errors of 1."""
    halves = [[each[first::2] for each in seen] for first in (0, 1)]
    gains = [
        _judged(judges, judged, rng)
        for judges, judged in (halves, halves[::-1])
        if all(len(each) > 1 for each in judges)
    ]
    bits = float(np.mean(np.concatenate(gains)) / np.log(2)) if gains else 0.0
    return float(np.clip(bits, 0.0, np.log2(len(seen))))


def _judged(
    judges: Sequence[np.ndarray], judged: Sequence[np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """What each outcome of the judged draws tells of its rival, in nats."""
    known = np.concatenate([each + rng.standard_normal(each.shape) for each in judges])
    rival = np.repeat(np.arange(len(judges)), [len(each) for each in judges])
    found = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(known, rival)
    axes = found.scalings_[:, : len(judges) - 1]
    q, _ = np.linalg.qr(axes)  # orthonormal, so that errors along them are still 1
    gains = []
    for m, each in enumerate(judged):
        outcomes = (each + rng.standard_normal(each.shape)) @ q
        density = np.stack([
            logsumexp(-0.5 * cdist(outcomes, draws @ q, "sqeuclidean"), axis=1) - np.log(len(draws))
            for draws in judges
        ])  # fmt: skip
        gains.append(density[m] - logsumexp(density, axis=0) + np.log(len(judges)))
    return np.concatenate(gains)


def gains_table(runs: Mapping[str, Simulated], ticks: int, seed: int = 0) -> pd.DataFrame:
    """A row a candidate datum and number of clusters: name, title, reason, clusters, bits, most.

    ``most``: what would decide, log2 of the number of rivals. Sets of clusters are drawn; means over sets.
    """
    clusters = next(iter(runs.values())).scores.shape[2]
    sizes = sorted({min(size, clusters) for size in SIZES})
    rows = []
    for datum in CANDIDATES:
        seen = [seen_of(datum, each, ticks) for each in runs.values()]
        rng = np.random.default_rng(seed)
        for size in sizes:
            sets = [rng.choice(clusters, size, replace=False) for _ in range(_REPEATS)]
            bits = [
                information_gain([each[:, chosen].reshape(len(each), -1) for each in seen], rng)
                for chosen in sets
            ]
            rows.append({
                "name": datum.name, "title": datum.title, "reason": datum.reason, "clusters": size,
                "bits": float(np.mean(bits)), "most": float(np.log2(len(seen))),
            })  # fmt: skip
    return pd.DataFrame(rows)
