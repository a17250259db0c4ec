"""Experiment files: a base world, arms that say only what differs, outcomes to compare.

Arms are listed, or made from factors: every combination of levels is one. Parameters are those of the
base world, or drawn from a file, every arm with the same draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, product
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from model.experiments.factors import Alternative, Draw, Factor, Overlay, changes_of, laid_over
from model.experiments.outcomes import Outcome, check_fit, check_outcomes, no_group
from model.language import ENGLISH, say, speaking
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document, set_values
from model.scenario.faults import (
    Fault,
    InputError,
    Key,
    Misfit,
    MisfitError,
    show_key,
    show_path,
    suggest,
    toml_value,
)
from model.scenario.files import Document
from model.scenario.names_and_shares import Name

MOST = 1000  # arms, listed or made from factors: more is a sweep
BETWEEN = "__"
"""What stands between the levels in the name of an arm made from factors."""


class Precision(Section):
    """Run batches of replicates until the intervals of effects are narrow enough."""

    half_width: dict[str, float] = Field(
        min_length=1,
        description="by outcome: half-width of the 95% interval of every arm's effect that will do",
        examples=["{product = 0.02}"],
    )
    batch: int = Field(20, ge=4, le=100_000, description="replicates that are added at a time")
    most: int = Field(400, ge=4, le=10_000_000, description="replicates after which to give up")


class ArmOutcome(Outcome):
    """An outcome of arms. A group of firms may be chosen in one of them, and looked up in all."""

    chosen_in: str = Field(
        "",
        description="arm in which the groups of firms are chosen; the same firms are looked up in all "
        "arms; default: every arm has its own",
    )

    @model_validator(mode="after")
    def _chosen(self) -> ArmOutcome:
        if self.chosen_in and not self.by_firms:
            allowed = "goes with groups of firms: a community holds the same places in all arms"
            raise MisfitError(Misfit(("chosen_in",), allowed))
        return self

    @property
    def name(self) -> str:
        """Its column in tables."""
        return super().name + (f"_chosen_in_{self.chosen_in}" if self.chosen_in else "")

    @property
    def _made_title(self) -> str:
        made, chosen = super()._made_title, self.chosen_in.replace("_", " ")
        return say("{thing} (chosen in {arm})", thing=made, arm=chosen) if chosen else made


class ExperimentFile(Section):
    """An experiment as its file says it."""

    title: str = Field(description="one line that says what is compared")
    question: str = Field("", description="the question that the comparison answers")
    source: str = Field("", description="what it is drawn from")
    base: str = Field(description="scenario file that all arms share, relative to this file")
    overlay: dict[str, Any] = Field(
        {}, description="tables laid over the base world for every arm made from factors"
    )
    baseline: str = Field(description="the arm with which the others are compared")
    arms: dict[Name, Alternative] = Field({}, max_length=MOST, description="alternatives by name")
    factors: dict[Name, Factor] = Field(
        {}, description="what is crossed: every combination of levels or values is an arm"
    )
    outcomes: tuple[ArmOutcome, ...] = Field(min_length=1, description="measures to compare")
    primary: str = Field(
        "",
        description="the outcome that the answer is about; default: none, and the answer is a grid of "
        "alternatives by outcomes",
    )
    precision: Precision | None = Field(
        None, description="when to stop; default: after the replicates of the base world"
    )
    draws: str = Field(
        "",
        description="file of drawn parameters, CSV or Parquet, relative to this file: a column a "
        "key, a row a draw; default: the parameters of the base world",
    )
    draws_used: int | None = Field(None, ge=1, description="only the first so many draws")

    @model_validator(mode="after")
    def _fits(self) -> ExperimentFile:
        check_outcomes(self.outcomes)
        misfits = [*self._arms(), *self._primary(), *self._precision()]
        if misfits:
            raise MisfitError(*misfits)
        return self

    def _arms(self) -> list[Misfit]:
        crossed = math.prod(len(f.grid()) for f in self.factors.values()) if self.factors else 0
        if crossed > MOST:
            hint = "take fewer levels, or write a sweep"
            return [Misfit(("factors",), f"make more than {MOST} arms", hint)]
        known = [*self.arms, *self.combinations()]
        if len(known) < 2:
            return [Misfit(("arms",), "number of entries must be at least 2", "or cross factors")]
        if self.overlay and not self.factors:
            hint = "put it into the arms or into the base world"
            return [Misfit(("overlay",), "is for arms made from factors", hint)]
        if self.baseline not in known:
            return [Misfit(("baseline",), "is no arm", suggest(self.baseline, known))]
        if self.draws_used and not self.draws:
            return [Misfit(("draws_used",), "goes with draws")]
        return [
            Misfit(("outcomes", place, "chosen_in"), "is no arm", suggest(outcome.chosen_in, known))
            for place, outcome in enumerate(self.outcomes)
            if outcome.chosen_in and outcome.chosen_in not in known
        ]

    def _primary(self) -> list[Misfit]:
        known = [outcome.name for outcome in self.outcomes]
        if not self.primary or self.primary in known:
            return []
        return [Misfit(("primary",), "is no outcome", suggest(self.primary, known))]

    def _precision(self) -> list[Misfit]:
        if not self.precision:
            return []
        known = [outcome.name for outcome in self.outcomes]
        wanted = self.precision.half_width
        misfits = [
            Misfit(("precision", "half_width", name), "is no outcome", suggest(name, known))
            for name in wanted
            if name not in known
        ]
        misfits += [
            Misfit(("precision", "half_width", name), "must be more than 0")
            for name, width in wanted.items()
            if width <= 0
        ]
        if self.precision.most < self.precision.batch:
            misfits.append(Misfit(("precision", "most"), "must be at least batch"))
        return misfits

    def combinations(self) -> dict[str, dict[str, Any]]:
        """Arms made from factors: the value or level of each."""
        if not self.factors:
            return {}
        values = product(*(factor.grid() for factor in self.factors.values()))
        rows = [dict(zip(self.factors, each, strict=True)) for each in values]
        return {BETWEEN.join(_short(value) for value in row.values()): row for row in rows}

    def said_of(self, crossed: Mapping[str, Any]) -> str:
        """What to call an arm made from factors, in the language spoken."""
        named = [
            f"{name.replace('_', ' ')}: {self.factors[name].title_of(value)}"
            for name, value in crossed.items()
        ]
        return reduce(lambda one, other: say("{one}, {other}", one=one, other=other), named)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else toml_value(value).removesuffix(".0")
    return text.lower().replace(" ", "_")


@dataclass(frozen=True)
class Experiment:
    """An experiment ready to run: each arm a complete scenario."""

    path: Path
    spec: ExperimentFile
    scenarios: dict[str, Scenario]
    crossed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Arms made from factors, with the value or level of each factor."""
    draws: tuple[dict[str, Scenario], ...] = ()
    """Where parameters are drawn: the arms, once for each draw."""

    def title_of(self, arm: str) -> str:
        """What to call an arm in tables: its title, or one made in English."""
        if arm in self.crossed:
            with speaking(ENGLISH):
                return self.spec.said_of(self.crossed[arm])
        return self.spec.arms[arm].title or arm.replace("_", " ")


def load_experiment(
    path: Path | str, settings: Iterable[str] = (), check_only: bool = False
) -> Experiment:
    """Read an experiment file; ``key=value`` settings are laid over every arm.

    ``check_only``: lay draws after the first over the first arm only, which tells whether they fit.
    Raises InputError with one line for every fault in the file, its base, an arm or its draws.
    """
    document = load_document(path)
    spec = parse_document(document, ExperimentFile)
    base = set_values(load_document(document.path.parent / spec.base), settings)
    parse_document(base, Scenario)
    crossed = spec.combinations()
    shared = [Overlay("overlay", value=spec.overlay)]
    changes = {
        name: [Overlay(f"arms.{name}.overlay", value=arm.overlay)]
        for name, arm in spec.arms.items()
    } | {
        name: [*shared, *changes_of(spec.factors, row, "factors")] for name, row in crossed.items()
    }

    def arms(draw: Draw | None = None, few: bool = False) -> dict[str, Scenario]:
        scenarios: dict[str, Scenario] = {}
        faults: dict[Fault, None] = {}
        for name, change in islice(changes.items(), 1 if few else None):
            try:
                scenarios[name] = laid_over(base, change, document.path, draw)
            except InputError as error:
                faults |= dict.fromkeys(error.faults)
        if faults:
            raise InputError(*faults)
        return scenarios

    scenarios = arms()
    check_fit(spec.outcomes, scenarios.values(), document)
    _check_choosers(spec, scenarios, document)
    drawn: tuple[dict[str, Scenario], ...] = ()
    if spec.draws:
        from model.experiments.parameter_draws import load_draws  # here, since it loads pandas

        draws = load_draws(document.path.parent / spec.draws, spec.draws_used)
        drawn = tuple(arms(draw, check_only and draw.row > 1) for draw in draws)
    return Experiment(document.path, spec, scenarios, crossed, drawn)


def _check_choosers(
    spec: ExperimentFile, scenarios: dict[str, Scenario], document: Document
) -> None:
    """InputError where firms of one arm can't be looked up in another, or the arm has no such group."""
    faults: list[Fault] = []
    for place, outcome in enumerate(spec.outcomes):
        if not outcome.chosen_in:
            continue
        chooser = scenarios[outcome.chosen_in]
        where: Key = ("outcomes", place)
        faults += no_group([(where, outcome)], [chooser], document)
        unlike = [arm for arm, each in scenarios.items() if _places(each) != _places(chooser)]
        if unlike:
            allowed = f"has other communities or places for firms than arm {unlike[0]!r}"
            hint = "leave it out: every arm then has groups of its own"
            key: Key = (*where, "chosen_in")
            file = show_path(document.origin(key))
            faults.append(Fault(file, show_key(key), toml_value(outcome.chosen_in), allowed, hint))
    if faults:
        raise InputError(*faults)


def _places(scenario: Scenario) -> list[tuple[str, int]]:
    return [(name, place.places) for name, place in scenario.communities.items()]
