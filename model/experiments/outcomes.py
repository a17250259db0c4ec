"""Outcomes: what a question is about, which way is good, and when it is measured."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from model.experiments.points.point import Quantity
from model.measures import BY_NAME
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

Tick = Annotated[int, Field(ge=0, le=100_000)]
COST = "public_cost"
"""The measure of public money, and the column of its sum over the run."""


class Outcome(Section):
    """A measure to compare, of all communities together, at the end of the run or earlier."""

    measure: str = Field(description="name of a measure")
    title: str = Field("", description="what to call it; default: its name")
    better: Literal["higher", "lower"] = Field("higher", description="which way is good")
    at: tuple[Tick, ...] = Field(
        (),
        max_length=2,
        description="quarter in which it is measured, from 0, or first and last quarter over which "
        "to average; default: the last quarter of the run",
        examples=["[39] or [36, 39]"],
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
        if name not in BY_NAME:
            raise MisfitError(Misfit((), "is no measure", suggest(name, BY_NAME)))
        return name

    @model_validator(mode="after")
    def _a_period(self) -> Outcome:
        if self.at and self.at[0] > self.at[-1]:
            raise MisfitError(Misfit(("at",), "must begin before it ends", "write [36, 39]"))
        return self

    @property
    def name(self) -> str:
        """Its column in tables: the measure, and the quarters where they are given."""
        return "_at_".join([self.measure, "_".join(map(str, self.at))][: 1 + bool(self.at)])

    @property
    def label(self) -> str:
        """What to call it in figures."""
        when = f", quarter {' to '.join(map(str, self.at))}" if self.at else ""
        return self.title or self.measure.replace("_", " ") + when

    @property
    def unit(self) -> str:
        """Unit of the measure."""
        return BY_NAME[self.measure].unit

    def quantity(self, ticks: int) -> Quantity:
        """What a point keeps of it in a run of so many quarters."""
        first, last = (self.at[0], self.at[-1]) if self.at else (ticks - 1, ticks - 1)
        return Quantity(self.measure, first, last, column=self.name)


def check_outcomes(outcomes: tuple[Outcome, ...]) -> None:
    """MisfitError for two outcomes that would be called the same."""
    names = [outcome.name for outcome in outcomes]
    doubled = [i for i, name in enumerate(names) if name in names[:i]]
    if doubled:
        hint = "name it once, or give another `at`"
        raise MisfitError(*(Misfit(("outcomes", i), "is named twice", hint) for i in doubled))


def check_times(
    outcomes: tuple[Outcome, ...], scenarios: Iterable[Scenario], document: Document
) -> None:
    """InputError for what is measured after the shortest run has ended."""
    ticks = min(scenario.run.ticks for scenario in scenarios)
    allowed = f"must be at most {ticks - 1}, the last quarter of the run"
    faults = []
    for place, outcome in enumerate(outcomes):
        key: Key = ("outcomes", place, "at")
        if outcome.at and outcome.at[-1] >= ticks:
            file, value = show_path(document.origin(key)), toml_value(outcome.at)
            faults.append(Fault(file, show_key(key), value, allowed))
    if faults:
        raise InputError(*faults)


def public_money(ticks: int) -> Quantity:
    """Public money spent over the whole run, units of account."""
    return Quantity(COST, 0, ticks - 1, total=True, column="public_money")
