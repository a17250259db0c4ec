"""Outcomes: what a question is about, which way is good, and when it is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from model.experiments.points.firm_groups import FirmGroup
from model.experiments.points.firm_snapshots import FIRM_MEASURES
from model.experiments.points.point import Quantity
from model.language import ENGLISH, say, speaking
from model.measures import OF_LESSONS, UNITS
from model.measures.measure_names import called
from model.parameters import Section
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
from model.scenario.schema import Scenario
from model.world.row_names import Names, names_of

Tick = Annotated[int, Field(ge=0, le=100_000)]
COST = "public_cost"
"""The measure of public money, and the column of its sum over the run."""


class Outcome(Section):
    """A measure to compare, at the end of the run or earlier: of all firms, of a group, or of two apart."""

    measure: str = Field(description="name of a measure")
    title: str = Field("", description="what to call it; default: its name")
    better: Literal["higher", "lower"] = Field("higher", description="which way is good")
    at: tuple[Tick, ...] = Field(
        (),
        max_length=2,
        description="quarter in which it is measured, from 0, or first and last quarter over which "
        "to average; default: the last quarter of the run. Measures of who learned from whom are of all "
        "lessons up to the quarter, or of those from the first quarter to the last",
        examples=["[39] or [36, 39]"],
    )
    of: FirmGroup | None = Field(
        None, description="group of firms that it is of; default: all firms of all communities"
    )
    less: FirmGroup | None = Field(
        None, description="group of firms whose mean is taken off: what is compared is the contrast"
    )
    less_others: bool = Field(
        False,
        description="take off the mean of the other firms: of the same community where of names one",
    )
    matters: float | None = Field(
        None,
        gt=0,
        description="smallest difference that matters, in the unit of the measure (a share of firms "
        "in shares of one); effects below it are called small; default: none is",
        examples=["0.05"],
    )

    @field_validator("measure")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in UNITS:
            raise MisfitError(Misfit((), "is no measure", suggest(name, UNITS)))
        return name

    @model_validator(mode="after")
    def _a_period(self) -> Outcome:
        if self.at and self.at[0] > self.at[-1]:
            raise MisfitError(Misfit(("at",), "must begin before it ends", "write [36, 39]"))
        return self

    @model_validator(mode="after")
    def _groups(self) -> Outcome:
        misfits = []
        if self.of is None:
            misfits += [
                Misfit((key,), "goes with of, the group that it is taken off")
                for key in ("less", "less_others")
                if getattr(self, key)
            ]
        elif self.less is not None and self.less_others:
            misfits.append(Misfit(("less_others",), "goes without less: one of them is enough"))
        elif self.less_others and not self.of.by_firms:
            hint = "name the other community in less"
            misfits.append(
                Misfit(("less_others",), "is for firms of one community or of all", hint)
            )
        elif self.by_firms and self.measure not in FIRM_MEASURES:
            allowed = "is not known of single firms, as this group asks"
            misfits.append(Misfit(("measure",), allowed, suggest(self.measure, FIRM_MEASURES)))
        if misfits:
            raise MisfitError(*misfits)
        return self

    @property
    def by_firms(self) -> bool:
        """Whether single firms must be looked at: a group is more than a community."""
        return any(group is not None and group.by_firms for group in (self.of, self.less))

    @property
    def name(self) -> str:
        """Its column in tables: the measure, of whom, and the quarters where they are given."""
        of = f"_of_{self.of.column}" if self.of else ""
        less = f"_less_{self.less.column}" if self.less else "_less_others" * self.less_others
        when = f"_at_{'_'.join(map(str, self.at))}" if self.at else ""
        return self.measure + of + less + when

    @property
    def label(self) -> str:
        """What to call it in tables: as ``said`` in English."""
        with speaking(ENGLISH):
            return self.said

    @property
    def said(self) -> str:
        """What to call it in the language spoken: its title, or one made of what it is."""
        return self.title or self._made_title

    @property
    def _made_title(self) -> str:
        made = called(self.measure)
        if self.of:
            made = say("{thing}, {group}", thing=made, group=self.of.label)
        if self.less:
            made = say("{thing} less {group}", thing=made, group=self.less.label)
        elif self.less_others:
            made = say("{thing} less others", thing=made)
        if len(self.at) > 1:
            return say(
                "{thing}, quarter {first} to {last}", thing=made, first=self.at[0], last=self.at[-1]
            )
        return say("{thing}, quarter {n}", thing=made, n=self.at[0]) if self.at else made

    @property
    def unit(self) -> str:
        """Unit of the measure."""
        return UNITS[self.measure]

    def quantity(self, ticks: int) -> Quantity:
        """What a point keeps of it in a run of so many quarters."""
        first, last = (self.at[0], self.at[-1]) if self.at else (ticks - 1, ticks - 1)
        if self.measure in OF_LESSONS and len(self.at) < 2:
            first = 0  # one quarter has few lessons: who learned from whom until then
        return Quantity(
            self.measure, first, last, column=self.name, of=self.of, less=self.less,
            less_others=self.less_others,
        )  # fmt: skip


def check_outcomes(outcomes: tuple[Outcome, ...]) -> None:
    """MisfitError for two outcomes that would be called the same."""
    names = [outcome.name for outcome in outcomes]
    doubled = [i for i, name in enumerate(names) if name in names[:i]]
    if doubled:
        hint = "name it once, or give another `at`"
        raise MisfitError(*(Misfit(("outcomes", i), "is named twice", hint) for i in doubled))


def check_fit(
    outcomes: Sequence[Outcome],
    scenarios: Iterable[Scenario],
    document: Document,
    table: str = "outcomes",
) -> None:
    """InputError for what is measured after the shortest run has ended, or of a group that is not there.

    ``table``: under which the document lists the outcomes.
    """
    worlds = list(scenarios)
    asked = [((table, place), outcome) for place, outcome in enumerate(outcomes)]
    faults = [*_too_late(asked, worlds, document), *no_group(asked, worlds, document)]
    if faults:
        raise InputError(*dict.fromkeys(faults))


def _too_late(
    asked: Sequence[tuple[Key, Outcome]], worlds: Sequence[Scenario], document: Document
) -> Iterator[Fault]:
    ticks = min(scenario.run.ticks for scenario in worlds)
    allowed = f"must be at most {ticks - 1}, the last quarter of the run"
    for where, outcome in asked:
        key: Key = (*where, "at")
        if outcome.at and outcome.at[-1] >= ticks:
            file, value = show_path(document.origin(key)), toml_value(outcome.at)
            yield Fault(file, show_key(key), value, allowed)


def no_group(
    asked: Sequence[tuple[Key, Outcome]], worlds: Sequence[Scenario], document: Document
) -> Iterator[Fault]:
    """A community must be there in every world, chains and what one takes part in, in one at least."""
    if all(outcome.of is None for _, outcome in asked):
        return
    every = list(dict.fromkeys(map(names_of, worlds)))
    for where, outcome in asked:
        for side, group in (("of", outcome.of), ("less", outcome.less)):
            for key, what, named in group.named if group else ():
                known = [_may_name(key, names) for names in every]
                for name in named:
                    there = [name in names for names in known]
                    if all(there) or (key != "community" and any(there)):
                        continue
                    at: Key = (*where, side, key)
                    hint = suggest(name, dict.fromkeys(n for names in known for n in names))
                    file, value = show_path(document.origin(at)), toml_value(getattr(group, key))
                    yield Fault(file, show_key(at), value, f"there is no {what} {name!r}", hint)


def _may_name(table: str, names: Names) -> tuple[str, ...]:
    """What a key of a group may name."""
    if table == "participants":
        return names.institutions + names.instruments
    return names.chains if table == "chains" else names.communities


def public_money(ticks: int) -> Quantity:
    """Public money spent over the whole run, units of account."""
    return Quantity(COST, 0, ticks - 1, total=True, column="public_money")
