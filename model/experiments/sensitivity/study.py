"""Sensitivity files: factors that vary, outcomes, and the analyses wanted; the points they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from model.experiments.experiment import laid_over
from model.experiments.factors import Factor, from_unit, scenarios_of
from model.experiments.outcomes import Outcome
from model.experiments.points.point import Keep, Point
from model.experiments.sensitivity import morris, sobol
from model.experiments.sensitivity.ranges import with_declared_ranges
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document, set_values
from model.scenario.faults import Misfit, MisfitError, suggest
from model.scenario.files import Document
from model.scenario.schema import Name


class Design(Section):
    """A design whose effect is the outcome, instead of a level."""

    title: str = Field(description="what to call it")
    overlay: dict[str, Any] = Field(description="tables laid over the base world")


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
            raise MisfitError(Misfit((), "must be a power of 2, or the sequence loses its balance", hint))
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
    design: Design | None = Field(None, description="examine the effect of a design, not levels")
    vary: dict[Name, Factor] = Field(min_length=2, description="factors by name")
    outcomes: tuple[Outcome, ...] = Field(min_length=1, description="measures to examine")
    replicates: int = Field(4, ge=1, le=10_000, description="replicates of each point")
    draw: int = Field(1, ge=0, description="seed of the points, not of the runs")
    morris: Morris | None = Field(None, description="screening")
    sobol: Sobol | None = Field(None, description="shares of variance")
    tornado: Tornado | None = Field(None, description="one factor at a time")
    discovery: Discovery | None = Field(None, description="where it fails")

    @model_validator(mode="after")
    def _asks_for_something(self) -> SensitivityFile:
        if not (self.morris or self.sobol or self.tornado or self.discovery):
            hint = "add a table [morris], [sobol], [tornado] or [discovery]"
            raise MisfitError(Misfit((), "asks for no analysis", hint))
        measures = [outcome.measure for outcome in self.outcomes]
        if self.discovery and self.discovery.outcome not in measures:
            hint = suggest(self.discovery.outcome, measures)
            raise MisfitError(
                Misfit(("discovery", "outcome"), "is the measure of no outcome", hint)
            )
        return self


@dataclass(frozen=True)
class Part:
    """The points that one analysis asks for."""

    name: str
    unit: np.ndarray
    """Places in the unit cube, (n, k); NaN where the base stands (tornado)."""
    values: pd.DataFrame
    """Values or levels of the factors, a column each, (n, k)."""
    replicates: int


@dataclass(frozen=True)
class Study:
    """A sensitivity file ready to run."""

    path: Path
    spec: SensitivityFile
    base: Document

    @property
    def scenario(self) -> Scenario:
        """The base world."""
        return parse_document(self.base, Scenario)

    def title_of(self, factor: str) -> str:
        """What to call a factor."""
        return self.spec.vary[factor].title or factor.replace("_", " ")

    def parts(self, replicates: int | None = None) -> list[Part]:
        """The points of every analysis that the file asks for; ``replicates`` overrides all."""
        spec, names, parts = self.spec, list(self.spec.vary), []

        def add(name: str, unit: np.ndarray, values: pd.DataFrame, number: int) -> None:
            parts.append(Part(name, unit, values, replicates or number))

        def cube(name: str, unit: np.ndarray) -> None:
            add(name, unit, from_unit(spec.vary, unit), spec.replicates)

        if spec.morris:
            wanted = spec.morris
            cube("morris", morris.points(names, wanted.trajectories, wanted.levels, spec.draw))
        if spec.sobol:
            cube("sobol", sobol.points(names, spec.sobol.samples, spec.sobol.second_order, spec.draw))
        if spec.discovery:
            cube("discovery", _spread(len(names), spec.discovery.points, spec.draw))
        if spec.tornado:
            unit, values = _moves(spec.vary)
            add("tornado", unit, values, spec.tornado.replicates)
        return parts
