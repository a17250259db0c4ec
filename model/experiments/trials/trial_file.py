"""Trial files: a published study as data, from the firms that were asked to the effect that was found.

A file says in which world the study was done (a whole scenario, which may extend others), which firms
were asked, what each arm was given, what was measured when, with which estimator, and what was published.
A new study is a new file; no code knows any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from model.experiments.trials.firm_outcomes import FIRM_OUTCOMES
from model.parameters import Section
from model.scenario.faults import Fault, InputError, Misfit, MisfitError, suggest
from model.scenario.files import load_document, parse_document, set_values
from model.scenario.names_and_shares import Name, Share
from model.scenario.schema import Scenario
from model.theory.practices import DIMENSIONS, PER_RUNG

ESTIMATORS = (
    "difference", "ancova", "difference_in_differences", "fixed_effects", "reweighted", "mean",
)  # fmt: skip
Quarter = Annotated[int, Field(ge=1, le=1000)]
Rule = Literal["drawn", "chosen", "self_selected"]


class Pool(Section):
    """The firms that the study asked, as they are when it begins."""

    quarter: int = Field(
        8, ge=1, le=1000, description="quarter in which firms are drawn and treated"
    )
    communities: tuple[Name, ...] = Field((), description="where they are; default: everywhere")
    smallest: float = Field(0, ge=0, le=1e6, description="workers at least")
    largest: float = Field(1e6, gt=0, le=1e6, description="workers at most")
    least_capability: Share = Field(
        0.0, description="share of process and product practices at least"
    )
    most_capability: Share = Field(
        1.0, description="share of process and product practices at most"
    )
    exporters: Literal["any", "only", "none"] = Field("any", description="whether they export")
    assigned: Rule = Field(
        "drawn",
        description="who is treated: by lot (drawn), the ablest (chosen), by lot among those who want "
        "to learn (self_selected)",
    )
    by_community: bool = Field(False, description="whether lots are drawn within each community")


class StaffDose(Section):
    """Hours of an institution's staff for each firm that takes the offer up."""

    hours: float = Field(ge=0, le=100_000, description="hours of staff for a firm, in all")
    quarters: int = Field(ge=1, le=400, description="quarters over which they are spread evenly")


class TaughtPractice(Section):
    """A practice that nobody around masters, taught to every firm of the arm at once."""

    dimension: Literal["process", "product", "functional", "intersectoral"] = Field(
        description="kind of upgrading to which it belongs"
    )
    practices: int = Field(1, ge=1, le=PER_RUNG, description="how many such practices, of rung 1")


class TrialArm(Section):
    """Firms that are given the same."""

    title: str = Field("", description="what to call it; default: its key")
    firms: int = Field(ge=1, le=1_000_000, description="firms assigned to it")
    communities: tuple[Name, ...] = Field(
        (), description="where they are; default: those of the pool"
    )
    take_up: Share = Field(1.0, description="share of them that take the offer up")
    takers: Rule = Field(
        "drawn", description="who of them takes it up, by the same words as `assigned`"
    )
    doses: dict[Name, StaffDose] = Field(
        {},
        description="hours of staff by institution of the world; every taker gets the same on average",
    )
    order: Name | None = Field(
        None, description="chain of the world from which each taker gets a first order"
    )
    teaches: TaughtPractice | None = Field(
        None, description="a new practice that takers are taught"
    )
    instruments: tuple[Name, ...] = Field(
        (), description="instruments of the world that are at work only because of this arm"
    )
    published_cost: str = Field(
        "", description="what the study says a firm cost, with its provenance"
    )

    @property
    def offers(self) -> bool:
        """Whether it is offered anything."""
        return bool(self.doses or self.order or self.teaches or self.instruments)


class Published(Section):
    """What the study says, and how far that can be trusted."""

    low: float | None = Field(None, description="the effect, or the lower end of what is said")
    high: float | None = Field(None, description="the upper end; default: low")
    sign: Literal["+", "-", "0"] = Field(description="direction; 0: no effect told apart from none")
    significant: bool | None = Field(
        None, description="told apart from none? leave out if not known"
    )
    provenance: Literal["SEEN", "SEEN_SIGN", "RECALLED"] = Field(
        description="SEEN: the number stood in what was read; SEEN_SIGN: only sign or timing; RECALLED: "
        "from memory"
    )
    confidence: float = Field(ge=0, le=1, description="chance that what is said here is right")
    key: str = Field("", description="rows of the table of estimates from which it was taken")
    note: str = Field("", description="how it was read, what is derived")

    @property
    def range(self) -> tuple[float, float] | None:
        """Lower and upper end of the published effect, None where only a sign is known."""
        if self.low is None:
            return None
        return self.low, self.low if self.high is None else self.high

    @model_validator(mode="after")
    def _ordered(self) -> Published:
        if self.low is None and self.high is not None:
            raise MisfitError(Misfit(("low",), "is missing where high is given", "write low = ..."))
        if self.range and self.range[0] > self.range[1]:
            raise MisfitError(Misfit(("high",), "must be at least low"))
        if self.provenance == "SEEN_SIGN" and self.range:
            raise MisfitError(
                Misfit(
                    ("provenance",), "knows no number, but low is given", "leave out low and high"
                )
            )
        return self


class TrialOutcome(Section):
    """Something measured of firms, how arms are compared, and what was published of it."""

    title: str = Field("", description="what to call it; default: its key")
    measure: Literal[FIRM_OUTCOMES] = Field(description="what is measured of a firm")
    dimensions: tuple[Literal[DIMENSIONS], ...] = Field(
        ("process", "product", "functional"),
        min_length=1,
        description="kinds of upgrading whose practices count, for practices and dropped",
    )
    arm: Name = Field(description="arm whose effect it is")
    against: Name | None = Field(
        None, description="arm that it is compared with; default: the control"
    )
    waves: tuple[Quarter, ...] = Field(
        min_length=1,
        max_length=20,
        description="quarters after the start at which firms are asked; without fixed effects the mean "
        "over them counts. dropped: of what was new at the first, what is gone at the last",
    )
    estimator: Literal[ESTIMATORS] = Field(
        description="difference in means, the same given the baseline (ancova), difference in "
        "differences, firm and wave fixed effects, differences reweighted by the chance to be treated, "
        "or the mean of the arm alone"
    )  # fmt: skip
    scale: Literal["level", "log", "ratio", "standardised"] = Field(
        "level",
        description="unit of the effect: as measured, proportional by logs, over the mean of the other "
        "arm, over its standard deviation",
    )
    exits: Literal["dropped", "zero"] = Field(
        "dropped", description="firms that closed are left out, or count as zero"
    )
    published: Published = Field(description="what the study found")


class TrialFile(Section):
    """A published study to be replayed."""

    title: str = Field(description="one line that says what was tried where")
    source: str = Field(description="who found it, where it was published")
    used_to_set: str = Field(
        "", description="which numbers of the theory were set with this study in view; empty: none"
    )
    out_of_scope: str = Field(
        "", description="what happened there that the model has no way to show"
    )
    readings: str = Field("", description="what the study leaves open and how it was filled here")
    headline: Name = Field(description="the outcome that stands for the study")
    control: Name = Field(description="the arm with which others are compared")
    world: Scenario = Field(description="the world in which it takes place; institutions stay closed "
                            "until an arm opens them")  # fmt: skip
    pool: Pool = Field(default_factory=Pool, description="which firms were asked")
    arms: dict[Name, TrialArm] = Field(min_length=1, max_length=8, description="arms by name")
    outcomes: dict[Name, TrialOutcome] = Field(min_length=1, max_length=40, description="by name")
    sweep: dict[str, Annotated[tuple[float, ...], Field(min_length=1, max_length=9)]] = Field(
        {},
        max_length=1,
        description="a key of this file whose value is not known, and the values to try; the middle one "
        "stands for the study",
    )

    @property
    def horizon(self) -> int:
        """Quarters to simulate."""
        last = max(wave for outcome in self.outcomes.values() for wave in outcome.waves)
        return self.pool.quarter + last

    def against(self, outcome: TrialOutcome) -> str:
        """The arm with which an outcome is compared."""
        return outcome.against or self.control

    @property
    def firms(self) -> int:
        """Firms of all arms."""
        return sum(arm.firms for arm in self.arms.values())

    @model_validator(mode="after")
    def _references(self) -> TrialFile:
        misfits = [*self._misfits()]
        if misfits:
            raise MisfitError(*misfits)
        return self

    def _misfits(self) -> Iterator[Misfit]:
        if self.headline not in self.outcomes:
            yield _no("outcome", ("headline",), self.headline, self.outcomes)
        if self.control not in self.arms:
            yield _no("arm", ("control",), self.control, self.arms)
        yield from _unknown_places(("pool", "communities"), self.pool.communities, self.world)
        for name, arm in self.arms.items():
            yield from self._misfits_of_arm(name, arm)
        yield from self._unequal_doses()
        for name, outcome in self.outcomes.items():
            for field in ("arm", "against"):
                wanted = getattr(outcome, field)
                if wanted is not None and wanted not in self.arms:
                    yield _no("arm", ("outcomes", name, field), wanted, self.arms)
            if outcome.measure == "dropped" and len(outcome.waves) < 2:
                place = ("outcomes", name, "waves")
                yield Misfit(place, "need two quarters: when adopted, when looked at again")
            if outcome.measure in ("pupils", "spread") and not self._taught():
                allowed = "needs an arm that teaches a practice"
                yield Misfit(("outcomes", name, "measure"), allowed, "add [arms.NAME.teaches]")
            if outcome.exits == "zero" and outcome.scale == "log":
                hint = 'write scale = "ratio"'
                yield Misfit(("outcomes", name, "scale"), "has no logarithm of zero", hint)

    def _taught(self) -> bool:
        return any(arm.teaches for arm in self.arms.values())

    def _misfits_of_arm(self, name: str, arm: TrialArm) -> Iterator[Misfit]:
        here = ("arms", name)
        yield from _unknown_places((*here, "communities"), arm.communities, self.world)
        for institution in arm.doses:
            if institution not in self.world.institutions:
                place = (*here, "doses", institution)
                yield _no("institution", place, institution, self.world.institutions)
        if arm.order is not None and arm.order not in self.world.chains:
            yield _no("chain", (*here, "order"), arm.order, self.world.chains)
        for at, instrument in enumerate(arm.instruments):
            if instrument not in self.world.instruments:
                known = self.world.instruments
                yield _no("instrument", (*here, "instruments", at), instrument, known)

    def _unequal_doses(self) -> Iterator[Misfit]:
        """Staff share their hours out by lot among members, so one body gives one dose."""
        first: dict[str, tuple[str, StaffDose]] = {}
        for name, arm in self.arms.items():
            for body, dose in arm.doses.items():
                other, same = first.setdefault(body, (name, dose))
                if dose != same:
                    allowed = f"differs from the dose of the same institution in arm {other}"
                    hint = "give the arm an institution of its own"
                    yield Misfit(("arms", name, "doses", body), allowed, hint)


def _no(kind: str, key: tuple[str | int, ...], name: str, known: Iterable[str]) -> Misfit:
    return Misfit(key, f"there is no {kind} {name!r}", suggest(name, known))


def _unknown_places(
    key: tuple[str, ...], names: tuple[str, ...], world: Scenario
) -> Iterator[Misfit]:
    for place, name in enumerate(names):
        if name not in world.communities:
            yield _no("community", (*key, place), name, world.communities)


def load_trial(path: Path | str, settings: Iterable[str] = ()) -> TrialFile:
    """A trial file with ``key=value`` settings laid over it; InputError with one line a fault."""
    document = set_values(load_document(path), settings)
    trial = parse_document(document, TrialFile)
    for variant in variants_of(trial):
        parse_document(set_values(document, variant.settings), TrialFile)
    return trial


class Variant(Section):
    """A value that is tried of a number that the study leaves open."""

    label: str
    settings: tuple[str, ...] = ()


def variants_of(trial: TrialFile) -> tuple[Variant, ...]:
    """What a trial is run with: itself, or every value of its sweep, the middle one first."""
    if not trial.sweep:
        return (Variant(label=""),)
    (key, values), *_ = trial.sweep.items()
    middle = sorted(values)[len(values) // 2]
    ordered = (middle, *(value for value in values if value != middle))
    return tuple(Variant(label=f"{value:g}", settings=(f"{key}={value!r}",)) for value in ordered)


def load_trials(
    paths: Iterable[Path], settings: Iterable[str] = ()
) -> dict[str, tuple[TrialFile, ...]]:
    """Trials by the stem of their files, each with all its variants, that which stands for it first."""
    settings = list(settings)
    trials: dict[str, tuple[TrialFile, ...]] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            first = load_trial(path, settings)
            trials[path.stem] = tuple(
                load_trial(path, [*settings, *variant.settings]) if variant.settings else first
                for variant in variants_of(first)
            )
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return trials
