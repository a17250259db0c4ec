"""Search files: a world, public money, what may be chosen and what counts.

Choices are the factors of sweeps: keys with values or a range, or levels that are overlays. Budgets that
the file writes only say how a design shares its money: all are raised or cut together until the design
spends what the file allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from model.experiments.designs import edges
from model.experiments.factors import Alternative, Draw, Factor, Overlay, changes_of, laid_over
from model.experiments.outcomes import Outcome, check_fit, check_outcomes
from model.experiments.search.rival_view import RivalView
from model.language import say
from model.parameters import Section
from model.scenario import Scenario, load_document, parse_document, set_values
from model.scenario.faults import Fault, InputError, Misfit, MisfitError, show_path
from model.scenario.files import Document
from model.scenario.names_and_shares import Name

NONE = "none"
"""The world as it is: what every design is held against."""
WEAKEST = "weakest"


class Aim(Outcome):
    """An outcome that counts."""

    matters: float = Field(
        gt=0,
        description="smallest difference that matters, in the unit of the measure: the yardstick by "
        "which aims are weighed against each other",
        examples=["0.05"],
    )
    weight: float = Field(
        1.0, gt=0, le=1e6, description="what a difference that matters is worth beside other aims"
    )
    where: Literal["everywhere", "weakest"] = Field(
        "everywhere",
        description="of all firms of the world, or of the community in which it is worst",
    )

    @model_validator(mode="after")
    def _where(self) -> Aim:
        if self.where == WEAKEST and self.of is not None:
            raise MisfitError(Misfit(("where",), "goes without of: it is of a community, too"))
        return self

    @property
    def name(self) -> str:
        """Its column in tables."""
        return super().name + (f"_{WEAKEST}" if self.where == WEAKEST else "")

    @property
    def _made_title(self) -> str:
        made = super()._made_title
        return say("{thing}, weakest community", thing=made) if self.where == WEAKEST else made


class SearchEffort(Section):
    """How long to look. A case is one draw of the parameters with random numbers of its own."""

    runs: int = Field(
        3000, ge=20, le=100_000_000, description="runs of the search; a random one gets the same"
    )
    population: int = Field(16, ge=4, le=10_000, description="designs proposed at a time")
    first: int = Field(4, ge=2, le=10_000, description="cases that every design gets")
    most: int = Field(16, ge=2, le=100_000, description="cases that the promising ones get")
    finalists: int = Field(
        8, ge=1, le=100, description="designs, at most, that are run again on fresh random numbers"
    )
    fresh: int = Field(40, ge=4, le=1_000_000, description="fresh cases of each of them")
    seed: int = Field(1, ge=0, le=2**31, description="seed of the search, apart from the runs' own")

    @model_validator(mode="after")
    def _ordered(self) -> SearchEffort:
        if self.most < self.first:
            raise MisfitError(Misfit(("most",), "must be at least first"))
        return self

    @property
    def ladder(self) -> tuple[int, ...]:
        """Cases after which the less promising are left: first, twice as many and so on, to the most."""
        rungs = [self.first]
        while rungs[-1] < self.most:
            rungs.append(min(2 * rungs[-1], self.most))
        return tuple(rungs)


class SearchFile(Section):
    """A search as its file says it."""

    title: str = Field(description="one line that says what is looked for")
    question: str = Field("", description="the question that the search answers")
    source: str = Field("", description="what it is drawn from")
    base: str = Field(description="scenario file of the world, relative to this file")
    overlay: dict[str, Any] = Field({}, description="tables laid over the base world")
    programme: dict[str, Any] = Field(
        {},
        description="tables that every choice begins from, such as the institution whose rules are chosen",
    )
    money: float = Field(
        gt=0,
        le=1e9,
        description="public money of a design beside what the world spends already: units of account a "
        "quarter, mean over the run",
    )
    raised: float = Field(
        2.0,
        ge=1,
        le=1000,
        description="times the money that budgets may promise in all, where part of them stays unspent",
    )
    choose: dict[Name, Factor] = Field(
        min_length=1, max_length=60, description="what may be chosen, as in a sweep"
    )
    aims: tuple[Aim, ...] = Field(min_length=1, max_length=6, description="what counts")
    designs: dict[Name, Alternative] = Field(
        {},
        max_length=40,
        description="known designs to hold beside what is found, at the same money",
    )
    draws: str = Field(
        "",
        description="file of drawn parameters, CSV or Parquet, relative to this file; default: the "
        "parameters of the base world",
    )
    draws_used: int | None = Field(None, ge=1, description="only the first so many draws")
    theories: dict[Name, RivalView] = Field(
        {}, max_length=20, description="rival theories in which regret is told"
    )
    effort: SearchEffort = Field(default_factory=SearchEffort, description="how long to look")

    @model_validator(mode="after")
    def _fits(self) -> SearchFile:
        check_outcomes(self.aims)
        misfits = []
        if self.draws_used and not self.draws:
            misfits.append(Misfit(("draws_used",), "goes with draws"))
        if NONE in self.designs:
            hint = "call it otherwise: it is there without being listed"
            misfits.append(Misfit(("designs", NONE), "is the world as it is", hint))
        taken = {*COLUMNS, *(aim.name for aim in self.aims)}
        misfits += [
            Misfit(("choose", name), "is the name of another column", "call it otherwise")
            for name in self.choose
            if name in taken
        ]
        if misfits:
            raise MisfitError(*misfits)
        return self


COLUMNS = {
    "design": "number of a design that was found, or name of a known one",
    "title": "what to call it",
    "kind": "found, known, or none (the world as it is)",
    "front": "whether no other design is as good in all aims and better in one, by means",
    "on_front": "chance that it is on the front",
    "worth": "sum over aims of effect / matters * weight, mean over fresh cases",
    "worth_low": "lower end of its 95% interval",
    "worth_high": "upper end of its 95% interval",
    "searched": "worth that the search had seen, which luck flatters",
    "best": "chance that its worth is best",
    "regret": "worth missed against the best design, in the theory in which most is missed",
    "worst_theory": "that theory",
    "money": "public money over the run beside what the world spends, units of account",
    "helped": "firm-years of firms served by institutions' staff, beside those of the world",
    "money_per_firm_year": "money / helped",
    "times": "what its written budgets were multiplied by",
    "strategy": "who proposed it: evolution or chance",
    "round": "round of proposals",
    "cases": "cases that it got",
}
"""Columns that tables of a search have beside choices and aims."""


@dataclass(frozen=True)
class PolicySearch:
    """A search ready to run."""

    path: Path
    spec: SearchFile
    document: Document
    world: Scenario
    draws: tuple[Draw | None, ...]
    """One None where parameters are those of the world."""

    def worlds_of(self, changes: list[Overlay]) -> tuple[Scenario, ...]:
        """The world under some changes, once for each draw; InputError where they do not fit."""
        every = [Overlay("overlay", value=dict(self.spec.overlay)), *changes]
        return tuple(laid_over(self.document, every, self.path, draw) for draw in self.draws)

    def chosen(self, row: Mapping[str, Any]) -> tuple[Scenario, ...]:
        """The worlds of a choice, as the file writes its budgets."""
        shared = Overlay("programme", value=dict(self.spec.programme))
        return self.worlds_of([shared, *changes_of(self.spec.choose, row, "choose")])

    def known(self, name: str) -> tuple[Scenario, ...]:
        """The worlds of a known design, as the file writes its budgets."""
        alternative = self.spec.designs[name]
        return self.worlds_of([Overlay(f"designs.{name}.overlay", value=alternative.overlay)])


def load_search(
    path: Path | str,
    settings: Iterable[str] = (),
    seed: int | None = None,
    check_only: bool = False,
) -> PolicySearch:
    """Read a search file; ``key=value`` settings are laid over the base world.

    Every level and end of a range is tried, known designs too; with ``check_only`` under the first draw
    alone. ``seed`` overrides that of the base world. Raises InputError with a line a fault.
    """
    document = load_document(path)
    spec = parse_document(document, SearchFile)
    base = set_values(load_document(document.path.parent / spec.base), settings)
    if seed is not None:
        base = set_values(base, [f"run.seed={seed}"])
    parse_document(base, Scenario)
    shared = [Overlay("overlay", value=dict(spec.overlay))]
    world = laid_over(base, shared, document.path)
    check_fit(spec.aims, [world], document, "aims")
    draws: tuple[Draw | None, ...] = (None,)
    if spec.draws:
        from model.experiments.parameter_draws import load_draws  # here, since it loads pandas

        draws = load_draws(document.path.parent / spec.draws, spec.draws_used)
    tried = PolicySearch(document.path, spec, base, world, draws[:1])
    for row in edges(spec.choose):
        _check_same_run(tried, tried.chosen(row)[0], "choose")
    for name in spec.designs:
        _check_same_run(tried, tried.known(name)[0], f"designs.{name}")
    search = PolicySearch(document.path, spec, base, world, draws)
    if not check_only:
        search.worlds_of([])
    return search


def _check_same_run(search: PolicySearch, design: Scenario, key: str) -> None:
    """Refuse designs that are not compared on the same random numbers over the same years."""
    if design.run != search.world.run:
        allowed = "changes the table run, which all designs share"
        fault = Fault(show_path(search.path), key, "", allowed, "put it into overlay")
        raise InputError(fault)
