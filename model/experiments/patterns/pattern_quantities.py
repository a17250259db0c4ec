"""From runs to numbers: what each replicate of a world says of the quantities that patterns ask for.

    Tally     a measure of all firms together or of one community, averaged over some quarters
    Lead      how far some sources of knowledge are ahead of others, over the whole run
    FirmMean  a measure of the same firms in one of several worlds, at one quarter

Runs are made in chunks that fit into memory and forgotten once they are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from numpy.lib.recfunctions import repack_fields

from model.engine.ensemble import Ensemble
from model.measures import BY_NAME, pooled
from model.scenario.schema import Scenario
from model.theory.interaction import CHANNELS
from model.theory.ownership import LOCAL
from model.theory.practices import DIMENSIONS, PER_RUNG
from model.world.build import build, names_of

_FIRM_QUARTERS = 4_000_000  # simulated in one go: a few hundred megabytes, a few seconds
_KEPT = (
    "active", "born", "members", "contract", "mastered", "aware", "value_added", "wage",
    "resources", "ownership",
)  # fmt: skip
OWNED_ABROAD = "foreign"
"""Where a chain or an institution is named: the firms that somebody abroad owns, or a leader's plants."""


@dataclass(frozen=True)
class Tally:
    """A measure of ``community`` (None: all) averaged over quarters ``first`` to ``last``."""

    measure: str
    community: str | None
    first: int
    last: int


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


Quantity = Tally | Lead | FirmMean
Wanted = Iterable[tuple[str, Quantity]]


@dataclass
class Sample:
    """What has been simulated so far: every world from replicate 0 on, without gaps."""

    scenarios: dict[str, Scenario]
    seed: int | None = None
    workers: int = 1
    _values: dict[tuple[str, Quantity], list[np.ndarray]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _firms: dict[tuple[str, int | None], list[np.ndarray]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def extend(
        self,
        wanted: Wanted,
        replicates: range,
        done: Callable[[int], None] | None = None,
        spared: Collection[str] = (),
    ) -> None:
        """Run the worlds of some quantities in more replicates; ``done`` hears of run-quarters.

        Worlds that are ``spared`` are not run: what they give is adopted from another sample.
        """
        asked: dict[str, set[Quantity]] = defaultdict(set)
        for world, quantity in wanted:
            asked[world].add(quantity)
            if isinstance(quantity, FirmMean):
                for other in quantity.alive_in:
                    asked[other].add(quantity)
        for world in spared:
            asked.pop(world, None)
        for worlds in self._chunks(asked, len(replicates)):
            chosen = tuple(self.scenarios[world] for world in worlds)
            horizon = chosen[0].run.ticks
            ensemble = Ensemble(build(chosen, replicates, self.seed), horizon)
            looks = {world: _looks(asked[world], horizon) for world in worlds}
            for look in sorted({until for some in looks.values() for until, _ in some} | {horizon}):
                ensemble.advance(look, self.workers, done)
                for number, world in enumerate(worlds):
                    for at in (at for until, at in looks[world] if until == look):
                        self._keep_firms(ensemble, number, world, at)
            for number, world in enumerate(worlds):
                self._read(ensemble, number, world, asked[world])

    def adopt(self, other: Sample, world: str) -> None:
        """Take what another sample says of a world, in all replicates that it has."""
        for named, values in other._values.items():
            if named[0] == world:
                self._values[named] = list(values)
        for dated, firms in other._firms.items():
            if dated[0] == world:
                self._firms[dated] = list(firms)

    def _chunks(self, worlds: Iterable[str], replicates: int) -> Iterator[list[str]]:
        """Worlds to be simulated together: of one horizon, and not too many at a time."""

        def size(world: str) -> int:
            scenario = self.scenarios[world]
            places = sum(place.places for place in scenario.communities.values())
            return places * scenario.run.ticks * replicates

        order = sorted(worlds, key=lambda world: (self.scenarios[world].run.ticks, world))
        for _, group in groupby(order, key=lambda world: self.scenarios[world].run.ticks):
            chunk: list[str] = []
            for world in group:
                if chunk and size(world) + sum(map(size, chunk)) > _FIRM_QUARTERS:
                    yield chunk
                    chunk = []
                chunk.append(world)
            yield chunk

    def _read(self, ensemble: Ensemble, number: int, world: str, quantities: set[Quantity]) -> None:
        """Take from the runs of one scenario what is asked of it."""
        runs = [run for run in ensemble.world.runs if run.world == number]
        places = list(ensemble.world.names[number].communities)
        shape = (len(runs), ensemble.horizon, len(places))
        first = int(runs[0].series[0])
        series = ensemble.series[first : first + int(np.prod(shape))].reshape(shape)
        for quantity in quantities:
            if isinstance(quantity, Tally):
                self._values[world, quantity].append(_tally(series, places, quantity))
            elif isinstance(quantity, Lead):
                self._values[world, quantity].append(_lead(series, quantity))

    def _keep_firms(self, ensemble: Ensemble, number: int, world: str, at: int | None) -> None:
        """Copy the firms of the runs of one scenario as they are now."""
        for run in ensemble.world.runs:
            if run.world == number:
                firms = ensemble.world.firms[slice(*run.firms)]
                self._firms[world, at].append(repack_fields(firms[list(_KEPT)]))

    def values(self, world: str, quantity: Quantity) -> np.ndarray:
        """The quantity in each replicate so far, (n,) float64; NaN where it does not exist."""
        if isinstance(quantity, FirmMean):
            return self._firm_means(world, quantity)
        parts = self._values[world, quantity]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _firm_means(self, world: str, quantity: FirmMean) -> np.ndarray:
        chosen = quantity.chosen_in
        bit, row = _place(self.scenarios[chosen], quantity.of)
        tables = [self._firms[name, quantity.at] for name in (*quantity.alive_in, chosen, world)]
        means = []
        for *alive, chooser, looked_up in zip(*tables, strict=False):
            there = np.ones(len(chooser), bool)
            for firms in alive:
                there &= (firms["active"] == 1) & (firms["born"] == chooser["born"])
            inside = (chooser["members"] & bit != 0) | (chooser["contract"] == row).any(axis=1)
            if quantity.of == OWNED_ABROAD:
                inside = chooser["ownership"] != LOCAL
            which = there & (inside == quantity.inside)
            values = _of_firms(looked_up[which], quantity.measure)
            means.append(values.mean() if len(values) else np.nan)
        return np.array(means)


def _looks(quantities: Iterable[Quantity], horizon: int) -> set[tuple[int, int | None]]:
    """How far to simulate before firms are looked at, with the ``at`` of the quantities that ask."""
    asked = {quantity.at for quantity in quantities if isinstance(quantity, FirmMean)}
    return {(horizon if at is None else at + 1, at) for at in asked}


def _tally(series: np.ndarray, places: Sequence[str], quantity: Tally) -> np.ndarray:
    """The quantity in each run; series: (runs, quarters, communities)."""
    rows = series[:, quantity.first : quantity.last + 1]
    if quantity.community is None:
        flat = pooled(rows.reshape(-1), len(places))
    else:
        flat = rows[:, :, places.index(quantity.community)].reshape(-1)
    values = BY_NAME[quantity.measure].compute(flat).reshape(rows.shape[:2])
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0.0).sum(axis=1) / known.sum(axis=1)


def _lead(series: np.ndarray, quantity: Lead) -> np.ndarray:
    """The quantity in each run, NaN where none of the sources taught anything."""
    rows = [DIMENSIONS.index(name) for name in quantity.dimensions]
    gained = series["gained"][..., rows, :].sum(axis=(1, 2, 3)).astype(float)
    top, below = (
        np.stack([gained[:, [CHANNELS.index(c) for c in source]].sum(axis=1) for source in sources])
        for sources in (quantity.top, quantity.below)
    )
    with np.errstate(invalid="ignore"):
        return (top.min(axis=0) - below.max(axis=0)) / (top.sum(axis=0) + below.sum(axis=0))


def _place(scenario: Scenario, key: str) -> tuple[int, int]:
    """A chain or institution as the bit of its members and the row in contracts; 0 or -2 if not."""
    names = names_of(scenario)
    bit = 1 << names.institutions.index(key) if key in names.institutions else 0
    return bit, names.chains.index(key) if key in names.chains else -2


def _of_firms(firms: np.ndarray, measure: str) -> np.ndarray:
    """A measure of ``FIRM_MEASURES`` for each of some firms."""
    known = "aware" if measure.startswith("aware_") else "mastered"
    name = measure.removeprefix("aware_")
    if name in DIMENSIONS:
        return np.bitwise_count(firms[known][:, DIMENSIONS.index(name)]) / PER_RUNG
    return firms[measure]
