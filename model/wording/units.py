"""The unit of a measure as a type: how a level and a difference of it are written.

Measures state their unit as text (``share of firms``, ``score 0-3``, ``Gini 0-1``); it is read here
and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from model.language import noted, say, say_name

NAMES = (
    noted("Gini 0-1"),
    noted("firms"),
    noted("firms a quarter"),
    noted("hours per firm"),
    noted("practices a firm"),
    noted("practices a visit"),
    noted("ratio"),
    noted("score 0-3"),
    noted("score 0-12"),
    noted("share of firms"),
    noted("share of founders"),
    noted("share of large firms"),
    noted("share of lessons"),
    noted("share of ordered pairs"),
    noted("share of sales"),
    noted("share of ties"),
    noted("share of those in business"),
    noted("units of account"),
    noted("units of account a quarter"),
    noted("units of account per firm"),
    noted("units of account per worker and quarter"),
    noted("units of account per worker, change a quarter"),
    noted("visits a quarter"),
    noted("workers"),
    noted("workers a firm"),
)
"""Units of measures, as they are written in any language."""


def measured_in(unit: str) -> str:
    """The unit of numbers that stand as they were measured, along an axis; of whom, where it says so."""
    if unit in NAMES or ", " not in unit:
        return say_name(unit)
    return ", ".join(map(say_name, unit.split(", ", 1)))


class UnitKind(Enum):
    """What a unit measures, as far as it decides how numbers are written."""

    SHARE = "share"
    SCORE = "score"
    GINI = "Gini"
    AMOUNT = ""
    """Anything else: written as it is."""


@dataclass(frozen=True)
class Unit:
    """A unit: its kind and its name as the measure states it."""

    kind: UnitKind
    name: str

    @classmethod
    def read(cls, name: str) -> Unit:
        """The unit that a measure states: its first word says which kind it is."""
        first = name.partition(" ")[0].rstrip(",")
        known = {kind.value: kind for kind in UnitKind if kind.value}
        return cls(known.get(first, UnitKind.AMOUNT), name)

    @property
    def factor(self) -> float:
        """By what to multiply a value before it is written: shares are written in percent."""
        return 100.0 if self.kind is UnitKind.SHARE else 1.0

    @property
    def sign(self) -> str:
        """What follows a level directly."""
        return "%" if self.kind is UnitKind.SHARE else ""

    @property
    def of_levels(self) -> str:
        """The unit of written levels, as the head of a column."""
        return say("percent") if self.kind is UnitKind.SHARE else say_name(self.name)

    @property
    def of_differences(self) -> str:
        """The unit of written differences: shares differ by percentage points."""
        if self.kind is UnitKind.SHARE:
            return say("percentage points")
        if self.kind is UnitKind.SCORE and " " in self.name:
            return say("points on the scale {scale}", scale=self.name.partition(" ")[2])
        if self.kind is UnitKind.GINI:
            return say("points of the Gini coefficient")
        return say_name(self.name)
