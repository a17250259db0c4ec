"""The kinds of patterns that a pattern file may list.

effect       treatment less control                                (two worlds)
interaction  what two changes do together less what each does alone (four worlds)
level        the number itself, averaged over worlds                (one world or more)
change       late less early, in numbers, averaged over worlds      (one world or more)
trend        late less early, less the same of another world        (one world or two)
contrast     firms inside a chain or institution less the others    (one world)
rank         least of some sources of knowledge less most of others (one world)
absent       the source claims nothing: what it would be about is not there
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from model.experiments.points.firm_snapshots import FIRM_MEASURES
from model.measures import BY_NAME
from model.parameters import Section
from model.records.exact_numbers import exactly
from model.scenario.faults import Misfit, MisfitError, suggest
from model.scenario.names_and_shares import Name
from model.theory.interaction import TAUGHT
from model.theory.practices import DIMENSIONS, RUNGS

Expectation = Literal[
    "positive", "neutral_or_positive", "neutral", "neutral_or_negative", "negative"
]
FIRM_UNITS = {name: BY_NAME[name.removeprefix("aware_")].unit for name in FIRM_MEASURES}
"""Measures that are known of every single firm, with their units."""
SHARE = "share of practices"
"""The unit of a rank."""
OWNED_ABROAD = "foreign"
"""Where a chain or an institution is named: the firms that somebody abroad owns, or a leader's plants."""

Tick = Annotated[int, Field(ge=0, le=100_000)]
Window = Annotated[
    tuple[Tick, Tick], Field(description="first and last quarter over which to average")
]


def _ordered(between: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    for measure, (low, high) in between.items():
        if low >= high:
            raise MisfitError(Misfit((measure,), "must be two numbers, the lower one first"))
    return between


Ranges = Annotated[dict[str, tuple[float, float]], AfterValidator(_ordered)]
"""Least and most of some measures."""

Source = Annotated[
    tuple[Literal[TAUGHT], ...],
    Field(min_length=1, description="channels that are one source", examples=[["machinery"]]),
]


class Margin(Section):
    """What counts as an effect on measures of one unit, and how exactly it has to be known."""

    neutral: float = Field(gt=0, description="an effect of at most this size, up or down, is none")
    least: float = Field(gt=0, description="smallest effect that counts as positive or negative")
    half_width: float = Field(
        gt=0, description="half-width of the 95% interval at which no more runs are made"
    )
    reason: str = Field(min_length=1, description="why these numbers")

    @model_validator(mode="after")
    def _decidable(self) -> Margin:
        """No effect may be none and one with a sign at once, and each has to be within reach."""
        if self.neutral > self.least:
            allowed = f"must be at most least, {exactly(self.least)}, or one effect is both none and counts"
            raise MisfitError(
                Misfit(("neutral",), allowed, f"write neutral = {exactly(self.least)}")
            )
        if self.half_width > self.neutral:
            allowed = f"must be at most neutral, {exactly(self.neutral)}"
            raise MisfitError(Misfit(("half_width",), allowed))
        return self


class Sampling(Section):
    """How many replicates are run: batch after batch until every interval is narrow enough."""

    batch: int = Field(20, ge=4, le=10_000, description="replicates that are added at a time")
    most: int = Field(400, ge=4, le=1_000_000, description="replicates after which to give up")


class Among(Section):
    """Only the firms inside, or outside, a chain or an institution at the end of the run.

    Who is inside is decided in the first world that the pattern names; it is the same firms that are
    looked up in the others.
    """

    of: Name = Field(description="key of a chain or institution, or foreign")
    inside: bool = Field(True, description="false: the firms outside it")


class Pattern(Section):
    """What all kinds of patterns say."""

    group: str = Field(min_length=1, description="heading under which the pattern is listed")
    title: str = Field(min_length=1, description="what it is about, a few words")
    claim: str = Field(min_length=1, description="what the source says, in our words")
    source: str = Field(min_length=1, description="where the source says so")
    note: str = Field("", description="what to know about it")


class Measured(Pattern):
    """A pattern about measures of all firms together or of one community."""

    community: Name | None = Field(None, description="only this community; default: all together")
    at: Window | None = Field(None, description="when; default: the last year of the run")


class Effect(Measured):
    """Treatment less control."""

    kind: Literal["effect"]
    treatment: Name = Field(description="world in which it is put in, or high")
    control: Name = Field(description="world in which it is left out, or low")
    among: Among | None = Field(None, description="only some of the firms")
    expect: dict[str, Expectation] = Field(min_length=1, description="by measure")


class Interaction(Measured):
    """What two changes do together less what each does alone."""

    kind: Literal["interaction"]
    both: Name = Field(description="world with both changes")
    first: Name = Field(description="world with the first change alone")
    second: Name = Field(description="world with the second change alone")
    neither: Name = Field(description="world with neither change")
    among: Among | None = Field(None, description="only some of the firms")
    expect: dict[str, Expectation] = Field(min_length=1, description="by measure")


class Seen(Section):
    """What a scorer sees of a cluster: some of the mean firm, some of the leading fifth, and moved.

    seen = (1 - leaders) mean firm + leaders leading fifth + shift, kept on the scale of scores, 0-3

    Who knows more of the scorer says it in a class below this one, which answers ``scores`` in its own way.
    """

    leaders: float = Field(0.0, ge=0, le=1, description="weight of the leading fifth of firms")
    shift: dict[str, float] = Field(
        {}, description="by measure: by how much it is scored higher", examples=["{product = 0.1}"]
    )

    def scores(self, firms: np.ndarray) -> np.ndarray:
        """Score of each run in each dimension, (runs, 4) of 0-3.

        firms: (runs, 4, 2), scores of the mean firm and of the leading fifth.
        """
        shift = np.array([self.shift.get(name, 0.0) for name in DIMENSIONS])
        seen = (1.0 - self.leaders) * firms[..., 0] + self.leaders * firms[..., 1] + shift
        return np.asarray(np.clip(seen, 0.0, RUNGS))


class Level(Measured):
    """The number itself, averaged over worlds; or what a scorer sees of it."""

    kind: Literal["level"]
    worlds: tuple[Name, ...] = Field(min_length=1, description="worlds to average over")
    between: Ranges = Field(min_length=1, description="by measure: least and most")
    seen: Seen | None = Field(
        None, description="how scorers see it, for scores of upgrading; default: as it is"
    )

    @model_validator(mode="after")
    def _seen(self) -> Level:
        if self.seen is None:
            return self
        for measure in self.between:
            if measure not in DIMENSIONS:
                allowed = "is seen as it is: only scores of upgrading have leading firms"
                raise MisfitError(Misfit(("between", measure), allowed, "leave out seen"))
        for measure in self.seen.shift:
            if measure not in self.between:
                hint = suggest(measure, self.between)
                raise MisfitError(Misfit(("seen", "shift", measure), "is not in between", hint))
        return self


class LevelChange(Pattern):
    """Late less early, averaged over worlds: how far a country moves."""

    kind: Literal["change"]
    worlds: tuple[Name, ...] = Field(min_length=1, description="worlds to average over")
    community: Name | None = Field(None, description="only this community; default: all together")
    early: Window = Field(description="when to start from")
    late: Window = Field(description="when to compare")
    between: Ranges = Field(min_length=1, description="by measure: least and most")


class Trend(Pattern):
    """Late less early; with ``against``, less the same of another world."""

    kind: Literal["trend"]
    world: Name = Field(description="world to follow")
    against: Name | None = Field(None, description="world whose trend is taken off")
    community: Name | None = Field(None, description="only this community; default: all together")
    early: Window = Field(description="when to start from")
    late: Window = Field(description="when to compare")
    expect: dict[str, Expectation] = Field(min_length=1, description="by measure")


class Contrast(Pattern):
    """Firms inside a chain or institution less those outside it, at the end of the run."""

    kind: Literal["contrast"]
    world: Name = Field(description="world to look at")
    of: Name = Field(description="key of a chain or institution, or foreign")
    expect: dict[str, Expectation] = Field(min_length=1, description="by measure")


class Rank(Pattern):
    """The least of some sources of knowledge less the most of others, as shares of what they teach.

    A source is one channel or several that the papers call by one name.
    """

    kind: Literal["rank"]
    world: Name = Field(description="world whose ledger is read")
    top: tuple[Source, ...] = Field(min_length=1, description="each teaches more than")
    below: tuple[Source, ...] = Field(min_length=1, description="any of these")
    dimensions: tuple[Literal[DIMENSIONS], ...] = Field(
        DIMENSIONS, min_length=1, description="kinds of upgrading that count"
    )


class Absent(Pattern):
    """Not applicable: what the claim would be about does not exist."""

    kind: Literal["absent"]
    measures: tuple[str, ...] = Field(min_length=1, description="what it would be measured by")


AnyPattern = Annotated[
    Effect | Interaction | Level | LevelChange | Trend | Contrast | Rank | Absent,
    Field(discriminator="kind"),
]


def worlds_of(pattern: AnyPattern) -> list[tuple[str, str]]:
    """Each key of a pattern that names a world, with the world it names."""
    if isinstance(pattern, Absent):
        return []
    if isinstance(pattern, Level | LevelChange):
        return [("worlds", world) for world in pattern.worlds]
    keys = ("treatment", "control", "both", "first", "second", "neither", "world", "against")
    named = [(key, getattr(pattern, key, None)) for key in keys]
    return [(key, world) for key, world in named if world is not None]


def unit_of(measure: str) -> str:
    """The unit of a measure, of firms together or of a single one; empty if there is none such."""
    if measure in BY_NAME:
        return BY_NAME[measure].unit
    return FIRM_UNITS.get(measure, "")


def measures_of(pattern: AnyPattern) -> tuple[str, ...]:
    """The measures that a pattern is about; none for a rank."""
    if isinstance(pattern, Absent):
        return pattern.measures
    if isinstance(pattern, Rank):
        return ()
    return tuple(pattern.between if isinstance(pattern, Level | LevelChange) else pattern.expect)
