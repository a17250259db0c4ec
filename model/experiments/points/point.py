"""A point: one world, some replicates of it, and what is kept of them.

Its key is made of all that decides the result and of nothing else, so that a result found under a key
is the result: a changed file runs only what it changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from model.experiments.points.firm_groups import FirmGroup
from model.measures import OF_LESSONS, UNITS
from model.provenance import points_digest
from model.scenario.schema import Scenario

_PROSE = frozenset(("title", "description", "source"))
_NAMED = ("sectors", "communities", "chains", "institutions", "instruments", "timetable")


@dataclass(frozen=True)
class Quantity:
    """A measure over the quarters ``first`` to ``last``, both counted: their mean, or their sum.

    A measure of who learned from whom is that of the lessons of these quarters together.

    Of the whole world, or of a group of firms, less that of another group or of the others. It is NaN if the
    measure is unknown in a quarter, unless only quarters that are ``known`` count.
    """

    measure: str
    first: int
    last: int
    total: bool = False
    known: bool = False
    column: str = field(default="", compare=False)
    """What to call it in tables; default: the measure."""
    of: FirmGroup | None = None
    less: FirmGroup | None = None
    less_others: bool = False

    def __post_init__(self) -> None:
        if self.measure not in UNITS:
            raise ValueError(f"{self.measure!r} is no measure")
        if not 0 <= self.first <= self.last:
            raise ValueError(f"quarters {self.first} to {self.last} are no period")
        if self.less_others and not self.by_firms:
            raise ValueError("others are told of single firms")
        if self.of_lessons and self.by_firms:
            raise ValueError(f"{self.measure} is not known of groups of firms")

    @property
    def name(self) -> str:
        """Its column in tables."""
        return self.column or self.measure

    @property
    def by_firms(self) -> bool:
        """Whether single firms must be looked at in its quarters."""
        return any(group is not None and group.by_firms for group in (self.of, self.less))

    @property
    def of_lessons(self) -> bool:
        """Whether it is of who learned from whom, for which a ledger is kept."""
        return self.measure in OF_LESSONS

    @property
    def quarters(self) -> range:
        """The quarters over which it is taken."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Keep:
    """What is kept of every replicate of a point."""

    quantities: tuple[Quantity, ...] = ()
    communities: bool = False
    """The quantities of every community too, not only of the whole world."""
    founders: bool = False
    """What became of founders, by what they could do at the start (``founders``)."""
    practices: bool = False
    """Firms by practices mastered at the end, and practices gained by channel, by community."""
    firms_after: tuple[int, ...] = ()
    """Quarters after which every single firm is looked at (``firm_snapshots``), in order."""
    series: bool = False
    """Series of all measures, of communities and of the whole world."""
    records: bool = False
    """Series, firms, ledger and learning, in full."""

    @property
    def looks(self) -> frozenset[int]:
        """Quarters after which firms are looked at, to keep them, a mean of them or their lessons."""
        by_firms = (quantity.quarters for quantity in self.quantities if quantity.by_firms)
        lessons = {quantity.last for quantity in self.quantities if quantity.of_lessons}
        return frozenset(self.firms_after).union(lessons, *by_firms)

    @property
    def ledger(self) -> bool:
        """Whether lessons must be booked."""
        return self.records or any(quantity.of_lessons for quantity in self.quantities)

    @property
    def quarters(self) -> int:
        """Quarters that must be simulated to know the quantities, and firms when they are looked at."""
        asked = [quantity.last for quantity in self.quantities]
        return 1 + max([*asked, *self.firms_after], default=-1)


@dataclass(frozen=True)
class Point:
    """``count`` replicates of a scenario from number ``first`` on; the seed is the scenario's."""

    scenario: Scenario
    first: int
    count: int
    keep: Keep

    def __post_init__(self) -> None:
        if self.first < 0 or self.count < 1:
            raise ValueError(f"{self.count} replicates from {self.first} on are none")
        if self.keep.quarters > self.scenario.run.ticks:
            late = f"quarter {self.keep.quarters - 1} is measured"
            raise ValueError(f"{late}, but the run has {self.scenario.run.ticks} quarters")

    def __reduce__(self) -> tuple[Any, ...]:
        text = self.scenario.model_dump_json()
        return _unpacked, (text, self.first, self.count, self.keep)

    @property
    def replicates(self) -> range:
        """Numbers of its replicates."""
        return range(self.first, self.first + self.count)

    @property
    def horizon(self) -> int:
        """Quarters to simulate: to the end only if what happens at the end is kept."""
        keep = self.keep
        whole = keep.founders or keep.practices or keep.series or keep.records
        return self.scenario.run.ticks if whole else max(1, self.keep.quarters)

    @property
    def work(self) -> int:
        """Firm-quarters, the measure of how long it takes."""
        places = sum(place.places for place in self.scenario.communities.values())
        return places * self.horizon * self.count

    @cached_property
    def key(self) -> str:
        """sha256 of canonical JSON of all that decides the result.

        Tables keep their order, which decides draws; prose is left out, which decides nothing.
        """
        scenario = _without_prose(self.scenario.model_dump(mode="json"))
        run = scenario.pop("run")
        content = {
            "scenario": scenario,
            "seed": run["seed"],
            "replicates": [self.first, self.count],
            "quarters": self.horizon,
            "keep": asdict(self.keep),
            "version": points_digest(),
        }
        for quantity in content["keep"]["quantities"]:
            del quantity["column"]  # a name decides nothing
        text = json.dumps(
            content, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_group
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _group(group: FirmGroup) -> dict[str, Any]:
    return group.model_dump(mode="json")


def with_seed(scenario: Scenario, seed: int | None) -> Scenario:
    """The scenario with other random numbers; with its own for None."""
    if seed is None:
        return scenario
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"seed": seed})})


def _unpacked(text: str, first: int, count: int, keep: Keep) -> Point:
    return Point(Scenario.model_validate_json(text), first, count, keep)


def _without_prose(scenario: dict[str, Any]) -> dict[str, Any]:
    """A scenario without what is only told: titles, descriptions, sources."""
    bare = {name: value for name, value in scenario.items() if name not in _PROSE}
    for table in _NAMED:
        bare[table] = {
            name: {key: value for key, value in spec.items() if key not in _PROSE}
            for name, spec in bare[table].items()
        }
    return bare


def runs_in(points: Iterable[Point]) -> int:
    """How many runs some points are."""
    return sum(point.count for point in points)
