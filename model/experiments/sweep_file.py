"""Sweep files: a base world, what varies, in which design, and what is measured."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from model.experiments.designs import Rows, edges, grid
from model.experiments.factors import Factor, scenarios_of
from model.experiments.outcomes import Outcome, check_fit, check_outcomes
from model.experiments.points.point import Keep, Point
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document, set_values
from model.scenario.faults import (
    Misfit,
    MisfitError,
    suggest,
)
from model.scenario.names_and_shares import Name

MOST = 1_000_000  # points of a grid: more is a mistake
_COLUMNS = (
    "point", "community", "replicate", "outcome", "unit", "mean", "low", "high", "sd", "replicates",
    "missing", "error",
)  # fmt: skip
"""Columns that tables of a sweep have beside factors and outcomes."""


class Design(Section):
    """Which combinations of values are run."""

    kind: Literal["grid", "latin_hypercube", "sobol", "points"] = Field(
        "grid",
        description="every combination; a sample that fills the space; or points as listed",
    )
    points: int | None = Field(None, ge=2, le=MOST, description="points of a sample")
    seed: int = Field(1, ge=0, le=2**62, description="seed of a sample, apart from the runs' own")


class SweepFile(Section):
    """A sweep as its file says it."""

    title: str = Field(description="one line that says what is swept")
    question: str = Field("", description="the question that the sweep answers")
    source: str = Field("", description="what it is drawn from")
    base: str = Field(description="scenario file that varies, relative to this file")
    overlay: dict[str, Any] = Field({}, description="tables laid over the base world at all points")
    replicates: int | None = Field(
        None, ge=1, le=10_000_000, description="runs a point; default: those of the base world"
    )
    communities: bool = Field(False, description="keep the outcomes of every community too")
    vary: dict[Name, Factor] = Field(min_length=1, max_length=200, description="what varies")
    design: Design = Field(default_factory=Design, description="which combinations are run")
    points: tuple[dict[str, Any], ...] = Field(
        (), description="for a design of listed points: a table of values by factor each"
    )
    outcomes: tuple[Outcome, ...] = Field(min_length=1, description="measures to keep")

    @model_validator(mode="after")
    def _fits(self) -> SweepFile:
        check_outcomes(self.outcomes)
        misfits = [*self._design(), *self._taken(), *self._points()]
        if misfits:
            raise MisfitError(*misfits)
        return self

    def _design(self) -> list[Misfit]:
        kind, number = self.design.kind, self.design.points
        sampled = kind in ("latin_hypercube", "sobol")
        if sampled and number is None:
            return [Misfit(("design", "points"), "is missing", "write e.g. points = 64")]
        if not sampled and number is not None:
            return [Misfit(("design", "points"), "goes with latin_hypercube or sobol")]
        if kind == "sobol" and number and number & (number - 1):
            near = 2 ** round(math.log2(number))
            hint = f"write points = {near}"
            return [Misfit(("design", "points"), "must be a power of 2 for sobol", hint)]
        if (kind == "points") != bool(self.points):
            hint = 'list them as [[points]], and write kind = "points" in [design]'
            return [Misfit(("points",), "go with a design of listed points", hint)]
        if kind == "grid" and math.prod(len(f.grid()) for f in self.vary.values()) > MOST:
            hint = "take fewer steps, or a sample"
            return [Misfit(("vary",), f"has more than {MOST:,} combinations", hint)]
        return []

    def _taken(self) -> list[Misfit]:
        """A factor must not be called like another column of the table."""
        taken = {*_COLUMNS, *(outcome.name for outcome in self.outcomes)}
        return [
            Misfit(("vary", name), "is the name of another column", "call it otherwise")
            for name in self.vary
            if name in taken
        ]

    def _points(self) -> list[Misfit]:
        misfits = []
        for place, point in enumerate(self.points):
            for name in point:
                if name not in self.vary:
                    known = suggest(name, self.vary)
                    misfits.append(Misfit(("points", place, name), "is no factor", known))
            for name, factor in self.vary.items():
                if name not in point:
                    misfits.append(Misfit(("points", place, name), "is missing"))
                elif factor.levels and point[name] not in tuple(factor.levels):
                    known = suggest(str(point[name]), factor.levels)
                    misfits.append(Misfit(("points", place, name), "is no level", known))
        return misfits

    def rows(self) -> Rows:
        """The points of the design."""
        kind, number, seed = self.design.kind, self.design.points or 0, self.design.seed
        if kind in ("points", "grid"):
            return list(self.points) if kind == "points" else grid(self.vary)
        from model.experiments import (
            samples,  # here, since scipy's statistics take a second to load
        )

        draw = samples.sobol if kind == "sobol" else samples.latin_hypercube
        return draw(self.vary, number, seed)


@dataclass(frozen=True)
class Sweep:
    """A sweep ready to run: each point a complete scenario."""

    path: Path
    spec: SweepFile
    base: Scenario
    rows: Rows
    """Values and levels of the factors, a row a point."""
    points: list[Point]


def load_sweep(
    path: Path | str,
    settings: Iterable[str] = (),
    replicates: int | None = None,
    seed: int | None = None,
    edges_only: bool = False,
) -> Sweep:
    """Read a sweep file; ``key=value`` settings are laid over the base world.

    ``edges_only``: build no more points than a check needs (see ``designs.edges``).
    ``replicates`` and ``seed`` override the files' own. Raises InputError with a line a fault.
    """
    document = load_document(path)
    spec = parse_document(document, SweepFile)
    base = set_values(load_document(document.path.parent / spec.base), settings)
    if seed is not None:
        base = set_values(base, [f"run.seed={seed}"])
    world = parse_document(base, Scenario)
    rows = _edges(spec) if edges_only else spec.rows()
    scenarios = scenarios_of(base, spec.vary, rows, document.path, shared=spec.overlay)
    check_fit(spec.outcomes, scenarios, document)
    number = replicates or spec.replicates or world.run.replicates
    points = [Point(scenario, 0, number, _keep(spec, scenario.run.ticks)) for scenario in scenarios]
    return Sweep(document.path, spec, world, rows, points)


def _edges(spec: SweepFile) -> Rows:
    return list(spec.points[:100]) if spec.points else edges(spec.vary)


def _keep(spec: SweepFile, ticks: int) -> Keep:
    return Keep(tuple(o.quantity(ticks) for o in spec.outcomes), communities=spec.communities)
