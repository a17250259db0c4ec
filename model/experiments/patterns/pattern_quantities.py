"""From runs to numbers: what each replicate of a world says of the quantities that patterns ask for.

    Tally     a measure of all firms together or of one community, averaged over some quarters
    Score     what a scorer makes of the upgrading of a cluster, as it is over some quarters
    Lead      how far some sources of knowledge are ahead of others, over the whole run
    FirmMean  a measure of the same firms in one of several worlds, at one quarter

Each world and batch of replicates is a point like those of all other questions (``points``): run in the
same way, kept in the same store under the same kind of key, and so not run twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from model.experiments.patterns.pattern_kinds import OWNED_ABROAD, Seen
from model.experiments.points.firm_groups import (
    mean_of,
    owned_abroad,
    same_firms,
    supplies,
    takes_part,
)
from model.experiments.points.point import Keep, Point, with_seed
from model.experiments.points.point import Quantity as Measured
from model.experiments.points.point_tables import (
    check_complete,
    firms_after,
    practices,
    values,
)
from model.experiments.points.runner import RunsPoints, Tell, run_points
from model.experiments.points.store import Store
from model.measures.upgrading import leading
from model.scenario.schema import Scenario
from model.theory.interaction import CHANNELS
from model.theory.practices import DIMENSIONS
from model.world.row_names import Names, names_of


@dataclass(frozen=True)
class Tally:
    """A measure of ``community`` (None: all) averaged over quarters ``first`` to ``last``.

    Quarters in which it is not known do not count.
    """

    measure: str
    community: str | None
    first: int
    last: int

    @property
    def measured(self) -> Measured:
        """What of a point it is read from."""
        return Measured(self.measure, self.first, self.last, known=True)


@dataclass(frozen=True)
class Score:
    """What a scorer makes of a ``dimension``, from all firms or those of ``community``."""

    dimension: str
    community: str | None
    first: int
    last: int
    seen: Seen = field(hash=False)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """What the scorer looks at: of each dimension the mean firm and the leading fifth."""
        return tuple(
            Tally(measure, self.community, self.first, self.last)
            for name in DIMENSIONS
            for measure in (name, leading(name))
        )


@dataclass(frozen=True)
class Lead:
    """Least share of practices learned from ``top`` less the greatest learned from ``below``."""

    top: tuple[tuple[str, ...], ...]
    below: tuple[tuple[str, ...], ...]
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class FirmMean:
    """Mean of a measure over firms that are inside ``of`` (or outside it) in the world ``chosen_in``.

    ``of``: a chain, an institution, or ``OWNED_ABROAD``.

    Only firms that are in business, and the same, in every world of ``alive_in`` count. All of them as
    they are after quarter ``at`` (None: at the end of the run).
    """

    measure: str
    of: str
    inside: bool
    chosen_in: str
    alive_in: tuple[str, ...]
    at: int | None = None


Quantity = Tally | Score | Lead | FirmMean
Wanted = Iterable[tuple[str, Quantity]]


@dataclass(frozen=True)
class Asked:
    """A world in some replicates, and what is asked of it."""

    world: str
    point: Point
    quantities: frozenset[Quantity]


@dataclass
class Sample:
    """What is known so far: every world from replicate 0 on, without gaps. ``store`` keeps the runs."""

    scenarios: dict[str, Scenario]
    store: Store
    seed: int | None = None
    run: RunsPoints = run_points
    _values: dict[tuple[str, Quantity], list[np.ndarray]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _firms: dict[tuple[str, int], list[np.ndarray]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def extend(
        self,
        wanted: Wanted,
        replicates: range,
        tell: Tell | None = None,
        spared: Collection[str] = (),
    ) -> None:
        """Run the worlds of some quantities in more replicates; ``tell`` hears of runs.

        Worlds that are ``spared`` are not run: what they give is adopted from another sample. Raises
        IncompleteError if a run failed.
        """
        batch = self.asked(wanted, replicates, spared)
        ran = self.run([each.point for each in batch], self.store, tell=tell)
        check_complete(ran, "a verdict")
        for each in batch:
            self.read(each)

    def asked(self, wanted: Wanted, replicates: range, spared: Collection[str] = ()) -> list[Asked]:
        """What must be run to know some quantities in more replicates, a point a world."""
        by_world: dict[str, set[Quantity]] = defaultdict(set)
        for world, quantity in wanted:
            by_world[world].add(quantity)
            if isinstance(quantity, FirmMean):
                for other in quantity.alive_in:
                    by_world[other].add(quantity)
        batch = []
        for world in sorted(by_world.keys() - set(spared)):
            scenario = with_seed(self.scenarios[world], self.seed)
            keep = _keep(by_world[world], scenario.run.ticks)
            point = Point(scenario, replicates.start, len(replicates), keep)
            batch.append(Asked(world, point, frozenset(by_world[world])))
        return batch

    def read(self, asked: Asked) -> None:
        """Take over what a point says that has been run."""
        world, point = asked.world, asked.point
        for quantity in asked.quantities:
            if isinstance(quantity, Tally):
                self._values[world, quantity].append(_tally(point, self.store, quantity))
            elif isinstance(quantity, Score):
                self._values[world, quantity].append(_score(point, self.store, quantity))
            elif isinstance(quantity, Lead):
                self._values[world, quantity].append(_lead(point, self.store, quantity))
        if point.keep.firms_after:
            seen = firms_after(point, self.store)
            for place, quarter in enumerate(point.keep.firms_after):
                self._firms[world, quarter] += list(seen[:, place])

    def adopt(self, other: Sample, world: str) -> None:
        """Take what another sample says of a world, in all replicates that it has."""
        for named, known in other._values.items():
            if named[0] == world:
                self._values[named] = list(known)
        for dated, firms in other._firms.items():
            if dated[0] == world:
                self._firms[dated] = list(firms)

    def values(self, world: str, quantity: Quantity) -> np.ndarray:
        """The quantity in each replicate so far, (n,) float64; NaN where it does not exist."""
        if isinstance(quantity, FirmMean):
            return self._firm_means(world, quantity)
        parts = self._values[world, quantity]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _firm_means(self, world: str, quantity: FirmMean) -> np.ndarray:
        chosen = quantity.chosen_in
        names = names_of(self.scenarios[chosen])
        looked_at = [
            self._firms[name, _quarter(quantity, self.scenarios[name].run.ticks)]
            for name in (*quantity.alive_in, chosen, world)
        ]
        means = []
        for *alive, chooser, looked_up in zip(*looked_at, strict=False):
            inside = _inside(chooser, names, quantity.of) == quantity.inside
            which = same_firms(chooser, alive) & inside
            means.append(mean_of(looked_up[which], quantity.measure))
        return np.array(means)


def _keep(quantities: Iterable[Quantity], ticks: int) -> Keep:
    """What is kept of a world of so many quarters to know some quantities; the same for any order."""
    tallies = [
        tally
        for quantity in quantities
        for tally in (quantity.tallies if isinstance(quantity, Score) else (quantity,))
        if isinstance(tally, Tally)
    ]
    measured = {tally.measured for tally in tallies}
    firms = {_quarter(quantity, ticks) for quantity in quantities if isinstance(quantity, FirmMean)}
    return Keep(
        tuple(sorted(measured, key=lambda q: (q.measure, q.first, q.last))),
        communities=any(tally.community is not None for tally in tallies),
        practices=any(isinstance(quantity, Lead) for quantity in quantities),
        firms_after=tuple(sorted(firms)),
    )


def _quarter(quantity: FirmMean, ticks: int) -> int:
    """The quarter after which firms are looked at."""
    return ticks - 1 if quantity.at is None else quantity.at


def _tally(point: Point, store: Store, quantity: Tally) -> np.ndarray:
    """The quantity in each run, (n,)."""
    place = 0
    if quantity.community is not None:
        place = 1 + list(names_of(point.scenario).communities).index(quantity.community)
    column = point.keep.quantities.index(quantity.measured)
    return values(point, store)[:, place, column]


def _score(point: Point, store: Store, quantity: Score) -> np.ndarray:
    """The score in each run, (n,)."""
    firms = np.stack([_tally(point, store, each) for each in quantity.tallies], axis=-1)
    scores = quantity.seen.scores(firms.reshape(len(firms), len(DIMENSIONS), 2))
    return scores[:, DIMENSIONS.index(quantity.dimension)]


def _lead(point: Point, store: Store, quantity: Lead) -> np.ndarray:
    """The quantity in each run, NaN where none of the sources taught anything."""
    rows = [DIMENSIONS.index(name) for name in quantity.dimensions]
    _, by_community = practices(point, store)
    gained = by_community[:, :, rows].sum(axis=(1, 2)).astype(float)
    top, below = (
        np.stack([gained[:, [CHANNELS.index(c) for c in source]].sum(axis=1) for source in sources])
        for sources in (quantity.top, quantity.below)
    )
    with np.errstate(invalid="ignore"):
        return (top.min(axis=0) - below.max(axis=0)) / (top.sum(axis=0) + below.sum(axis=0))


def _inside(firms: np.ndarray, names: Names, of: str) -> np.ndarray:
    """Which firms are inside a chain or an institution, or owned abroad, (n,) bool."""
    if of == OWNED_ABROAD:
        return owned_abroad(firms)
    return supplies(firms, names, of) | takes_part(firms, names, of)
