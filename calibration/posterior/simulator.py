"""What the clusters reach at given numbers: many points of the parameter space, each run once or more.

Every cluster at every point is a point of `model.experiments.points`, kept in a store: what is there is
not run again, and neither order nor workers change a byte. Point number i takes replicate i (or
replicates i r ... of r), so that chance does not repeat from point to point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.evidence.case_tables import DIMENSIONS
from calibration.evidence.dossiers import firms_scored
from calibration.prior.overlay import lay_cases
from calibration.prior.translation import drawn_places, of_medium_degree, within_degree
from model.experiments.points.firm_groups import OWNERS
from model.experiments.points.point import Keep, Point, Quantity
from model.experiments.points.point_tables import practices
from model.experiments.points.point_tables import values as point_values
from model.experiments.points.runner import run_points
from model.experiments.points.store import Store
from model.measures.upgrading import LEADING, most_able
from model.scenario import Scenario
from model.theory.interaction import CHANNELS
from model.theory.practices import PER_RUNG, PRACTICES

_AT_ONCE = 128  # points made and read together: worth processes, and more would only fill memory


@dataclass(frozen=True)
class ParameterPoints:
    """What is asked: numbers at ``keys`` for each point, ``values`` (points, keys)."""

    scenarios: tuple[Scenario, ...]
    keys: tuple[str, ...]
    values: np.ndarray
    replicates: int = 1
    first: int = 0  # replicate of the first point
    quantities: tuple[Quantity, ...] = ()
    """Measures kept of each run beside scores and channels."""
    components: bool = False
    """Whether the components of collective efficiency are drawn within a cluster's degree."""
    neutral: tuple[str, ...] = ()
    """Mechanisms put to their neutral case, beside those of the scenarios."""
    alike: bool = False
    """Whether all clusters start from the medium degree of collective efficiency."""

    @property
    def quarters(self) -> int:
        """Run-quarters in all, for a progress bar."""
        return len(self.values) * self.replicates * sum(s.run.ticks for s in self.scenarios)

    def clusters_at(self, number: int) -> list[Point]:
        """Every cluster at one of the points."""
        first = self.first + number * self.replicates
        values = dict(zip(self.keys, self.values[number].tolist(), strict=True))
        keep = Keep(self.quantities, practices=True)
        return [
            Point(self._world(scenario, first, place), first, self.replicates, keep)
            for place, scenario in enumerate(lay_cases(self.scenarios, values))
        ]

    def places(self) -> np.ndarray:
        """Where the components of each cluster lie at each point, (points, clusters, components).

        A case is one community, so what it is drawn first is all that it is drawn.
        """
        clusters = range(len(self.scenarios))
        firsts = (self.first + number * self.replicates for number in range(len(self.values)))
        return np.array(
            [[drawn_places(_of_components(at, place)) for place in clusters] for at in firsts]
        )

    def _world(self, scenario: Scenario, first: int, place: int) -> Scenario:
        if self.alike:
            scenario = of_medium_degree(scenario)
        elif self.components:
            scenario = within_degree(scenario, _of_components(first, place))
        if not self.neutral:
            return scenario
        off = tuple(dict.fromkeys((*scenario.neutral, *self.neutral)))
        return scenario.model_copy(update={"neutral": off})


def _of_components(first: int, place: int) -> np.random.Generator:
    """What draws the components of the cluster at a place, for the point whose first replicate that is."""
    return np.random.default_rng((first, place))


@dataclass(frozen=True)
class Simulated:
    """What was found in the last quarter of each run; NaN and 0 where a run failed.

    ``scores``: (points, replicates, clusters, 4 dimensions, 2) in score points 0-3, of the mean and of the
    leading ones among the firms that a cluster's scores describe; dimensions in the order of
    ``case_tables.DIMENSIONS``.
    ``channels``: (points, replicates, clusters, 4, channels), practices mastered over the run.
    ``measured``: (points, replicates, clusters, quantities), in the order asked.
    ``owners``: (points, replicates, clusters, 4, 2), mean score of local firms and of those with a parent
    elsewhere, 0 where there is none of a kind.
    """

    scores: np.ndarray
    channels: np.ndarray
    measured: np.ndarray
    owners: np.ndarray


def simulate_points(
    asked: ParameterPoints,
    store: Store,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> Simulated:
    """Run what the store does not hold yet, failures again; ``done`` hears of run-quarters."""
    shape = len(asked.values), asked.replicates, len(asked.scenarios), len(DIMENSIONS)
    scores = np.full((*shape, 2), np.nan)
    channels = np.zeros((*shape, len(CHANNELS)), np.int64)
    measured = np.full((*shape[:3], len(asked.quantities)), np.nan)
    owners = np.zeros((*shape, len(OWNERS)))
    ticks = asked.scenarios[0].run.ticks

    def tell(runs: int, failed: int, resumed: bool) -> None:
        if done:
            done(runs * ticks)

    for first in range(0, len(asked.values), _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, len(asked.values)))
        points = [point for number in numbers for point in asked.clusters_at(number)]
        ran = run_points(points, store, workers, retry=True, tell=tell)
        for place, point in enumerate(points):
            if place not in ran.failed:
                number, cluster = divmod(place, len(asked.scenarios))
                at = first + number, slice(None), cluster
                scores[at], channels[at], owners[at] = _read(point, store)
                if asked.quantities:
                    measured[at] = point_values(point, store)[:, 0]
    return Simulated(scores, channels, measured, owners)


def _read(point: Point, store: Store) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores (replicates, 4, 2), channels (replicates, 4, channels) and scores by owner (replicates, 4, 2).

    A case is one community.
    Scores are those of the firms that the cluster's scorers describe: local ones, ones with a parent
    elsewhere, or all.
    """
    by_owner, gained = (table[:, 0] for table in practices(point, store))
    levels = described(by_owner, firms_scored(next(iter(point.scenario.communities))))
    scores = np.stack([mean_firm(levels), mean_leading(levels)], axis=-1)
    # in the precision in which the posterior that ships was fitted
    apart = np.moveaxis(mean_firm(by_owner), -2, -1)
    return scores.astype(np.float32).astype(float), gained, apart


def described(by_owner: np.ndarray, whom: str) -> np.ndarray:
    """Levels of the firms that scores are about; by_owner: (..., owners, dimensions, practices + 1).

    ``whom``: local, foreign or mixed; all firms where there is none of those meant.
    """
    everybody = by_owner.sum(axis=-3)
    if whom not in OWNERS:
        return everybody
    chosen = by_owner[..., OWNERS.index(whom), :, :]
    there = chosen.sum(axis=(-2, -1), keepdims=True) > 0
    return np.where(there, chosen, everybody)


def mean_firm(levels: np.ndarray) -> np.ndarray:
    """Mean score over firms; levels: (..., practices + 1) firms by practices mastered.

    0 where no firm is left: nobody upgraded.
    """
    firms = np.maximum(levels.sum(axis=-1), 1)
    return levels @ np.arange(PRACTICES + 1) / (PER_RUNG * firms)


def mean_leading(levels: np.ndarray, share: float = LEADING) -> np.ndarray:
    """Mean score of the most able ``share`` of firms; 0 where no firm is left."""
    return np.nan_to_num(most_able(levels, share))
