"""What a mapping file may say: how a table that others made answers what the sheet asks.

weight = "w"
smallest_cell = 10
missing = ["-9", "Don't know"]

[answers]                    # what no column says
title = "Furniture in Ubá"
sector = "traditional"
firms = 300

[[take]]
key = "multilateral"         # an item of the sheet, or a key of a community
column = "member"
how = "rating"
yes = ["Yes"]                # codes or value labels
points = [0.1, 0.3, 0.6]     # shares that are called low, medium and high
reason = "membership stands for multilateral joint action"

[firms]                      # columns of a firm, by item of the sheet firms
workers = "l1"
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from calibration.survey.firm_aggregates import SMALLEST_CELL
from calibration.survey.sheet_items import CLUSTER, FIRMS, Item
from model.parameters import Section
from model.scenario.community_keys import Community
from model.scenario.expected import known_keys
from model.scenario.faults import Misfit, MisfitError, suggest

NOT_TAKEN = ("title", "sector", "firms", "large", "start", "repertoire", "topology", "poles")
"""Keys of a community that are no mean over firms, or that have an item."""

Code = str | int | float
_NUMBERS = {item.key: item for item in CLUSTER if item.kind in ("number", "whole")}


class Take(Section):
    """One column, and what becomes of it."""

    key: str = Field(description="item of the sheet, or key of a community")
    column: str = Field(description="column of the table")
    how: Literal["mean", "share", "rating", "count"] = Field(
        "mean",
        description="mean; share of firms with a value of `yes`; rating 0-3 of that share, or of "
        "the mean, by `points`; count of firms, weighted",
    )
    yes: tuple[Code, ...] = Field((), description="codes or value labels that count as yes")
    bands: dict[str, float] = Field({}, description="number that stands for a code or label")
    missing: tuple[Code, ...] = Field(
        (), description="codes or labels of no answer, beside the file's"
    )
    scale: float = Field(1.0, description="factor of the number")
    offset: float = Field(0.0, description="what is added after that")
    points: tuple[float, ...] = Field(
        (), description="for a rating: the values that are called low, medium and high"
    )
    reason: str = Field("", description="why this column answers this item")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        misfits = []
        if self.key not in takeable():
            misfits.append(Misfit(("key",), "is nothing to take", suggest(self.key, takeable())))
        if self.how in ("share", "count") and self.bands:
            misfits.append(Misfit(("bands",), "go with mean and rating"))
        if self.how == "share" and not self.yes:
            misfits.append(Misfit(("yes",), "is needed for a share", 'write e.g. yes = ["1"]'))
        if (self.how == "rating") != bool(self.points):
            misfits.append(Misfit(("points",), "are needed for a rating, and go with nothing else"))
        elif self.points and (len(self.points) != 3 or not _rises((0.0, *self.points))):
            hint = "write e.g. points = [0.1, 0.3, 0.6]"
            misfits.append(Misfit(("points",), "must be three rising numbers above 0", hint))
        if misfits:
            raise MisfitError(*misfits)
        return self


def _rises(numbers: tuple[float, ...]) -> bool:
    return all(a < b for a, b in pairwise(numbers))


def takeable() -> tuple[str, ...]:
    """What a column may be taken for: numbers of the sheet, then keys of a community."""
    keys = (k for k in known_keys(Community) if k not in NOT_TAKEN and k not in _NUMBERS)
    return (*_NUMBERS, *keys)


def item_of(key: str) -> Item:
    """The item of the sheet; keys of a community are checked by the scenario."""
    return _NUMBERS.get(key) or Item(key, "a key of a community", low=-1e9)


class TieTable(Section):
    """A table of who works with whom."""

    file: str = Field(description="relative to the mapping file")
    sheet: str = Field("", description="sheet of a workbook; default: the first")
    firm: str = Field(description="column of the one firm")
    partner: str = Field(description="column of the other")


class DataMapping(Section):
    """A mapping file."""

    sheet: str = Field("", description="sheet of a workbook; default: the first")
    encoding: str = Field("utf-8-sig", description="of a CSV file")
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = Field(
        ",", description="between columns of a CSV file"
    )
    decimal: Literal[".", ","] = Field(".", description="decimal sign of a CSV file")
    weight: str = Field("", description="column of sampling weights; default: all alike")
    smallest_cell: int = Field(
        SMALLEST_CELL, ge=3, description="firms behind a number, at least; fewer are kept back"
    )
    missing: tuple[Code, ...] = Field((), description="codes or value labels of no answer")
    only: dict[str, tuple[Code, ...]] = Field(
        {}, description="rows that are taken: codes or labels of a column that they must have"
    )
    answers: dict[str, Code] = Field({}, description="items of the sheet that no column says")
    chains: tuple[dict[str, Code], ...] = Field((), description="as in the sheet chains")
    institutions: tuple[dict[str, Code], ...] = Field(
        (), description="as in the sheet institutions"
    )
    take: tuple[Take, ...] = Field((), description="columns that are taken")
    firms: dict[str, str] = Field({}, description="columns of a firm, by item of the sheet firms")
    ties: TieTable | None = Field(None, description="a table of who works with whom")

    @model_validator(mode="after")
    def _names(self) -> Self:
        misfits: list[Misfit] = []
        for part, known in (("answers", CLUSTER), ("firms", FIRMS)):
            names = [item.key for item in known]
            given: dict[str, Any] = getattr(self, part)
            misfits += [
                Misfit((part, name), "is no item", suggest(name, names))
                for name in given
                if name not in names
            ]
        if misfits:
            raise MisfitError(*misfits)
        return self
