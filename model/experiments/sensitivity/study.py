"""Sensitivity files: factors that vary, outcomes, and the analyses wanted; the points they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from model.experiments.designs import Rows, edges, from_unit
from model.experiments.factors import NAMED, Alternative, Factor, scenarios_of
from model.experiments.outcomes import Outcome, check_fit, check_outcomes
from model.experiments.points.point import Keep, Point
from model.experiments.sensitivity.ranges import with_declared_ranges
from model.language import say
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document, set_values
from model.scenario.faults import Misfit, MisfitError, parse_key, suggest
from model.scenario.layers import overlay
from model.scenario.names_and_shares import Name

ANALYSES = ("morris", "sobol", "tornado", "discovery")
"""Tables of a sensitivity file by which it is known."""


class Morris(Section):
    """Screening: trajectories * (factors + 1) points."""

    trajectories: int = Field(16, ge=4, le=1000, description="elementary effects of each factor")
    levels: Literal[4, 6, 8] = Field(4, description="levels of the grid on which trajectories run")


class Sobol(Section):
    """Shares of variance: samples * (2 * factors + 2) points, or * (factors + 2) without pairs."""

    samples: int = Field(64, ge=8, le=65536, description="base samples, a power of 2")
    second_order: bool = Field(True, description="also what pairs do together")

    @field_validator("samples")
    @classmethod
    def _power(cls, n: int) -> int:
        if n & (n - 1):
            near = 1 << (n.bit_length() - 1)
            hint = f"write {near} or {2 * near}"
            allowed = "must be a power of 2, or the sequence loses its balance"
            raise MisfitError(Misfit((), allowed, hint))
        return n


class Tornado(Section):
    """One factor at a time, from where the base stands."""

    replicates: int = Field(16, ge=2, le=10_000, description="replicates of each point")


class Discovery(Section):
    """Under which conditions an outcome stays on the wrong side of a threshold."""

    outcome: str = Field(description="measure of one of the outcomes")
    threshold: float = Field(
        description="fails below it where higher is better, above it where lower is better"
    )
    points: int = Field(128, ge=40, le=65536, description="points; half of them judge the boxes")


class SensitivityFile(Section):
    """A sensitivity study as its file says it."""

    title: str = Field(description="one line that says what is examined")
    question: str = Field("", description="the question that it answers")
    source: str = Field("", description="what it is drawn from")
    base: str = Field(description="scenario file, relative to this file")
    overlay: dict[str, Any] = Field({}, description="tables laid over the base world at all points")
    arm: Alternative | None = Field(
        None, description="a design: outcomes are its effects, against the world without it"
    )
    vary: dict[Name, Factor] = Field(min_length=2, max_length=200, description="factors by name")
    outcomes: tuple[Outcome, ...] = Field(min_length=1, description="measures to examine")
    replicates: int = Field(4, ge=1, le=10_000, description="replicates of each point")
    seed: int = Field(1, ge=0, le=2**31, description="seed of the points, apart from the runs' own")
    morris: Morris | None = Field(None, description="screening")
    sobol: Sobol | None = Field(None, description="shares of variance")
    tornado: Tornado | None = Field(None, description="one factor at a time")
    discovery: Discovery | None = Field(None, description="where it fails")

    @model_validator(mode="after")
    def _fits(self) -> SensitivityFile:
        check_outcomes(self.outcomes)
        if not (self.morris or self.sobol or self.tornado or self.discovery):
            hint = "add a table [morris], [sobol], [tornado] or [discovery]"
            raise MisfitError(Misfit((), "asks for no analysis", hint))
        names = [outcome.name for outcome in self.outcomes]
        if self.discovery and self.discovery.outcome not in names:
            hint = suggest(self.discovery.outcome, names)
            raise MisfitError(Misfit(("discovery", "outcome"), "is none of the outcomes", hint))
        return self

    def said_of(self, outcome: Outcome) -> str:
        """What an outcome is, in the language spoken: a level, or the effect of the design on it."""
        thing = outcome.said
        if self.arm is None:
            return thing
        low = thing if thing[:2].isupper() else thing[:1].lower() + thing[1:]
        return say("effect on {thing}", thing=low)

    def title_of(self, factor: str) -> str:
        """What to call a factor."""
        return self.vary[factor].title or factor.replace("_", " ")


@dataclass(frozen=True)
class Part:
    """The points that one analysis asks for."""

    name: str
    unit: np.ndarray
    """Places in the unit cube, (n, k); empty for the tornado, which starts from the base."""
    rows: Rows
    """Values or levels of the factors that are set, a row a point."""
    replicates: int


@dataclass(frozen=True)
class Study:
    """A sensitivity file ready to run."""

    path: Path
    spec: SensitivityFile
    world: Scenario
    """The base world, with what is laid over it at all points."""
    arm: Scenario | None
    """The same with the design, if there is one."""
    parts: tuple[Part, ...]
    points: tuple[Point, ...]
    """Points of all parts in their order: with a design first without, then with it, alternating."""


def load_study(
    path: Path | str,
    settings: Iterable[str] = (),
    replicates: int | None = None,
    seed: int | None = None,
    edges_only: bool = False,
) -> Study:
    """Read a sensitivity file; ``key=value`` settings are laid over the base world.

    ``edges_only``: build no more points than a check needs (see ``designs.edges``).
    ``replicates`` overrides those of every analysis, ``seed`` that of the runs. Raises InputError with
    a line a fault.
    """
    document = with_declared_ranges(load_document(path))
    spec = parse_document(document, SensitivityFile)
    base = set_values(load_document(document.path.parent / spec.base), settings)
    if seed is not None:
        base = set_values(base, [f"run.seed={seed}"])
    parse_document(base, Scenario)
    file = document.path
    (world,) = scenarios_of(base, {}, [{}], file, shared=spec.overlay)
    with_arm = overlay(spec.overlay, spec.arm.overlay) if spec.arm else spec.overlay
    arm = scenarios_of(base, {}, [{}], file, shared=with_arm)[0] if spec.arm else None
    bare = _without_arm(spec, world)
    parts: tuple[Part, ...]
    if edges_only:
        parts = (Part("edges", np.empty((0, len(spec.vary))), edges(spec.vary), 1),)
    else:
        parts = tuple(_parts(spec, replicates))
    points: list[Point] = []
    for part in parts:
        for row in part.rows:
            pair = [(bare, spec.overlay), (spec.vary, with_arm)]
            for factors, laid in pair if spec.arm else pair[1:]:
                here = {name: factor for name, factor in factors.items() if name in row}
                (scenario,) = scenarios_of(base, here, [row], file, shared=laid)
                points.append(Point(scenario, 0, part.replicates, _keep(spec, scenario)))
    check_fit(spec.outcomes, [point.scenario for point in points], document)
    return Study(file, spec, world, arm, parts, tuple(points))


def _keep(spec: SensitivityFile, scenario: Scenario) -> Keep:
    return Keep(tuple(outcome.quantity(scenario.run.ticks) for outcome in spec.outcomes))


def _without_arm(spec: SensitivityFile, world: Scenario) -> dict[str, Factor]:
    """The factors as they bear on a world without the design: nothing of what only the design brings."""
    brought = {
        (table, name)
        for table in NAMED
        for name in (spec.arm.overlay.get(table, {}) if spec.arm else {})
        if name not in getattr(world, table)
    }
    factors = {}
    for name, factor in spec.vary.items():
        if factor.levels:
            levels = {key: _bare(level, brought) for key, level in factor.levels.items()}
            factors[name] = factor.model_copy(update={"levels": levels})
        elif parse_key(factor.key)[:2] not in brought:
            factors[name] = factor
    return factors


def _bare(level: Alternative, brought: set[tuple[str, str]]) -> Alternative:
    rest = {
        table: {name: told for name, told in entries.items() if (table, name) not in brought}
        if table in NAMED
        else entries
        for table, entries in level.overlay.items()
    }
    return level.model_copy(update={"overlay": rest})


def _parts(spec: SensitivityFile, replicates: int | None) -> Iterable[Part]:
    """The points of every analysis that the file asks for."""
    # here, since their libraries take a second or two to load, and a check asks for no points
    from model.experiments.sensitivity import discovery, morris, sobol, tornado

    names = list(spec.vary)

    def cube(name: str, unit: np.ndarray) -> Part:
        return Part(name, unit, from_unit(spec.vary, unit), replicates or spec.replicates)

    if spec.sobol:
        wanted = spec.sobol
        yield cube("sobol", sobol.points(names, wanted.samples, wanted.second_order, spec.seed))
    if spec.morris:
        trajectories, levels = spec.morris.trajectories, spec.morris.levels
        yield cube("morris", morris.points(names, trajectories, levels, spec.seed))
    if spec.discovery:
        yield cube("discovery", discovery.points(len(names), spec.discovery.points, spec.seed))
    if spec.tornado:
        moves = [{}, *({name: v} for name, f in spec.vary.items() for v in tornado.settings(f))]
        nowhere = np.empty((0, len(names)))
        yield Part("tornado", nowhere, moves, replicates or spec.tornado.replicates)
