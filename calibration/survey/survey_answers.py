"""A filled sheet becomes answers: each a value, where it comes from, and of how many firms it is.

The sheet is a workbook, or a CSV file of its first sheet (columns ``item`` and ``value``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibration.survey.concordance import UnknownIndustryError, sector_of
from calibration.survey.firm_aggregates import SMALLEST_CELL, FirmTable, of_firms, of_ties
from calibration.survey.sheet_cells import (
    Place,
    SheetRow,
    is_empty,
    read_cell,
    read_frame,
    rows_of,
    sheet_names,
)
from calibration.survey.sheet_items import CHAINS, CLUSTER, FIRMS, INSTITUTIONS, SHEETS, TIES, Item
from model.scenario.faults import Fault, InputError, suggest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Answer:
    """One thing that a survey says."""

    value: Any
    origin: str
    """File, sheet, row or column; never a firm."""
    n: int | None = None
    """Firms that it is a mean of; None where it is no mean."""

    @property
    def note(self) -> str:
        """Where it is from, as a comment of the scenario says it."""
        return f"{self.origin}, n = {self.n:,}" if self.n is not None else self.origin


@dataclass
class Answers:
    """All that a survey says of one cluster."""

    given: dict[str, Answer] = field(default_factory=dict)
    """By item of the sheet."""
    keys: dict[str, Answer] = field(default_factory=dict)
    """By key of a community, where a table of firms or ties or a mapping says it."""
    chains: list[dict[str, Answer]] = field(default_factory=list)
    institutions: list[dict[str, Answer]] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    """What was asked for and not taken, because too few firms stand behind it."""

    def value(self, key: str, default: Any = None) -> Any:
        """The value of an item; the default where it is not given."""
        return self.given[key].value if key in self.given else default


def read_sheet(file: Path, smallest: int = SMALLEST_CELL) -> Answers:
    """The answers of a filled sheet; InputError with every fault that was found in a sheet."""
    answers = Answers()
    if file.suffix.lower() == ".csv":
        pages = {"cluster": read_frame(file)}
    else:
        names = sheet_names(file)
        unknown = [n for n in names if n not in SHEETS and n != "help"]
        if "cluster" not in names:
            hint = "run.py new --template FILE writes the sheet; --mapping reads other tables"
            raise InputError(Place(file).fault("", None, "has no sheet cluster", hint))
        if unknown:
            hint = suggest(unknown[0], SHEETS)
            raise InputError(
                Place(file, unknown[0]).fault("", None, "is no sheet that is read", hint)
            )
        pages = {name: read_frame(file, name) for name in SHEETS if name in names}
    answers.given = _cluster(pages["cluster"], file)
    answers.chains = _listed(pages.get("chains"), file, "chains", CHAINS)
    answers.institutions = _listed(pages.get("institutions"), file, "institutions", INSTITUTIONS)
    _add_firms(answers, pages, file, smallest)
    return complete(answers, Place(file, "cluster"))


def complete(answers: Answers, place: Place) -> Answers:
    """The answers with the sector of their industry; InputError for what can't be left out."""
    faults = [
        place.fault(item.key, None, "is needed", f"write {item.allowed}")
        for item in CLUSTER
        if item.required and item.key not in answers.given
    ]
    if "sector" not in answers.given:
        if "industry" not in answers.given:
            hint = "write one of its four, or an industry code, for instance ISIC4 3100"
            faults.append(place.fault("sector", None, "is needed", hint))
        else:
            industry = answers.given["industry"]
            try:
                line = sector_of(industry.value)
                origin = f"{industry.origin}: {industry.value}, {line.industry}; {line.reason}"
                answers.given["sector"] = Answer(line.sector, origin)
            except UnknownIndustryError as error:
                faults.append(place.fault("industry", industry.value, str(error)))
    shares = [chain["share"].value for chain in answers.chains]
    if sum(shares) > 1:
        where = Place(place.file, "chains")
        faults.append(
            where.fault("share", round(sum(shares), 3), "all shares together must be at most 1")
        )
    if faults:
        raise InputError(*faults)
    return answers


def _cluster(frame: pd.DataFrame, file: Path) -> dict[str, Answer]:
    items = {item.key: item for item in CLUSTER}
    columns = [Item("item", "", "text", required=True), Item("value", "", "text", required=True)]
    frame = frame[[c for c in frame.columns if str(c).strip() not in ("allowed", "meaning")]]
    given: dict[str, Answer] = {}
    faults: list[Fault] = []
    for row in rows_of(frame, file, "cluster", columns):
        key, value = str(row.cells.get("item", "")).strip(), row.cells.get("value")
        if is_empty(value):
            continue
        if key not in items:
            faults.append(row.place.fault(key, None, "is no item", suggest(key, items)))
        elif key in given:
            faults.append(row.place.fault(key, None, "is given twice", "give it once"))
        else:
            try:
                given[key] = Answer(read_cell(items[key], value, row.place), f"{row.place}, {key}")
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(*faults)
    return given


def _listed(
    frame: pd.DataFrame | None, file: Path, sheet: str, items: tuple[Item, ...]
) -> list[dict[str, Answer]]:
    if frame is None:
        return []
    return [
        {key: Answer(value, str(row.place)) for key, value in cells.items()}
        for row, cells in checked(frame, file, sheet, items)
    ]


def checked(
    frame: pd.DataFrame, file: Path, sheet: str, items: tuple[Item, ...]
) -> Iterator[tuple[SheetRow, dict[str, Any]]]:
    """Rows with every cell read as its item wants it; InputError with the faults of all rows."""
    faults: list[Fault] = []
    read = []
    for row in rows_of(frame, file, sheet, items):
        cells = {}
        for item in items:
            if item.key in row.cells:
                try:
                    cells[item.key] = read_cell(item, row.cells[item.key], row.place)
                except InputError as error:
                    faults += error.faults
            elif item.required:
                faults.append(row.place.fault(item.key, None, "is empty", f"write {item.allowed}"))
        read.append((row, cells))
    if faults:
        raise InputError(*faults)
    yield from read


def _add_firms(answers: Answers, pages: dict[str, pd.DataFrame], file: Path, smallest: int) -> None:
    """What the sheets of firms and ties say, where the first sheet does not say it."""
    codes: list[str] = []
    if "firms" in pages:
        rows = [cells for _, cells in checked(pages["firms"], file, "firms", FIRMS)]
        codes = [row["firm"] for row in rows]
        columns = {
            item.key: [row.get(item.key, float("nan")) for row in rows] for item in FIRMS[1:]
        }
        if rows:
            sums = of_firms(FirmTable(columns, [1.0] * len(rows)), smallest)
            add_sums(answers, sums.values, sums.withheld, f"{file.name}, sheet firms")
    if "ties" in pages:
        pairs = [
            (cells["firm"], cells["partner"])
            for _, cells in checked(pages["ties"], file, "ties", TIES)
        ]
        if pairs:
            sums = of_ties(pairs, codes, smallest)
            add_sums(answers, sums.values, sums.withheld, f"{file.name}, sheet ties")


def add_sums(
    answers: Answers, values: dict[str, tuple[Any, int]], withheld: list[str], origin: str
) -> None:
    """Put sums over firms to the answers; an item that a person has answered stays."""
    items = {item.key for item in CLUSTER}
    for key, (value, n) in values.items():
        target = answers.given if key in items else answers.keys
        target.setdefault(key, Answer(value, f"{origin}: {key}", n))
    answers.withheld += [f"{origin}: {said}" for said in withheld]
