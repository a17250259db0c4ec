"""The unit of a measure as a type: how a level and a difference of it are written.

Measures state their unit as text (``share of firms``, ``score 0-3``, ``Gini 0-1``); it is read here
and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
        return "percent" if self.kind is UnitKind.SHARE else self.name

    @property
    def of_differences(self) -> str:
        """The unit of written differences: shares differ by percentage points."""
        if self.kind is UnitKind.SHARE:
            return "percentage points"
        if self.kind is UnitKind.SCORE and " " in self.name:
            return f"points on the scale {self.name.partition(' ')[2]}"
        if self.kind is UnitKind.GINI:
            return "points of the Gini coefficient"
        return self.name
