"""Evidence beside the scores: figures that an aggregate over simulated clusters is compared with.

    table2   external economies and joint action of each sector group (GPR05 Table 2)
    mp17     figures about small firms of South America (MP17)
    lives    moments of the lives of firms, from registers and surveys

`calibration/data/likelihoods.toml` says with which measure, how well each can be expected to fit, and why.
Each of the
three is a likelihood of its own; with those of the scores they are ``LIKELIHOODS``, and any can be left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from calibration.evidence.case_tables import (
    DATA,
    Case,
    load_context_facts,
    load_sector_collective_efficiency,
)
from calibration.evidence.csv_rows import Name, Text
from model.measures import BY_NAME
from model.parameters import Section
from model.scenario.faults import Fault, InputError, show_path, suggest
from model.scenario.files import load_document, parse_document

LIKELIHOODS = {
    "scores": "139 scores of upgrading with the noise of those who scored (GPR05 Tables 5 to 7)",
    "selection": "that a cluster is in the tables because some upgrading had happened (GPR05 section 4)",
    "table2": "collective efficiency by sector group (GPR05 Table 2)",
    "mp17": "how many small firms export, and how productive they are beside large ones (MP17)",
    "lives": "survival and size of firms, from registers and surveys",
}
"""Name of each kind of evidence, and what it is."""

_TABLE_2 = ("external_economies", "joint_action")
_FILE = DATA / "likelihoods.toml"
_YEAR = 4  # quarters

Scale = Literal["plain", "log"]


class Table2Spread(Section):
    """How well Table 2 can be expected to fit."""

    spread: float = Field(gt=0)
    reason: Text


class FigureOfPaper(Section):
    """A fact of the context table with the measure that answers to it."""

    fact: Name
    place: Text
    measure: Name
    scale: Scale
    spread: float = Field(gt=0)
    reason: Text


class MomentOfLives(Section):
    """A moment of the lives of firms, with where it was seen and how sure it is."""

    value: float = Field(gt=0)
    unit: Text
    measure: Name
    year: int | None = Field(None, ge=1, description="years from the start; default: the last year")
    scale: Scale
    spread: float = Field(gt=0)
    place: Text
    period: Text
    seen: Literal["SEEN", "DERIVED"]
    confidence: float = Field(gt=0, le=1)
    source: Text
    reason: Text


class FiguresFile(Section):
    """What `calibration/data/likelihoods.toml` holds."""

    table2: Table2Spread
    mp17: dict[Name, FigureOfPaper]
    lives: dict[Name, MomentOfLives]


@dataclass(frozen=True)
class Figure:
    """A figure and what it is compared with: the mean of a measure over some clusters."""

    likelihood: str
    name: str
    measure: str
    quarters: tuple[int, int]
    """First and last quarter of the mean, both counted."""
    clusters: tuple[int, ...]
    """Places of the clusters in the list of cases."""
    value: float
    """On the scale on which it is compared."""
    spread: float
    scale: Scale
    source: str

    def shown(self, value: float) -> float:
        """A value on the scale of comparison as the figure is printed."""
        return math.exp(value) if self.scale == "log" else value


@cache
def load_likelihoods(path: Path = _FILE) -> FiguresFile:
    """The file that ties figures to measures; raises `InputError` with every fault."""
    found = parse_document(load_document(path), FiguresFile)
    faults = [
        Fault(show_path(path), f"{table}.{name}.measure", each.measure, "is no measure",
              suggest(each.measure, list(BY_NAME)))
        for table, entries in (("mp17", found.mp17), ("lives", found.lives))
        for name, each in entries.items()
        if each.measure not in BY_NAME
    ]  # fmt: skip
    if faults:
        raise InputError(*faults)
    return found


def figures(cases: Sequence[Case], ticks: int, printed: bool = True) -> tuple[Figure, ...]:
    """The figures that a set of clusters can be compared with over a run of so many quarters.

    ``printed``: whether these are the clusters of GPR05, of which Table 2 tells. A moment at a year that the
    run does not reach is left out.
    """
    file = load_likelihoods()
    last = max(0, ticks - _YEAR), ticks - 1
    everywhere = tuple(range(len(cases)))
    found = list(_of_table_2(cases, file.table2.spread, last)) if printed else []
    known = {(fact.fact, fact.place): fact for fact in load_context_facts()}
    for name, of in file.mp17.items():
        fact = known[of.fact, of.place]
        middle = math.sqrt(fact.low * (fact.high or fact.low)) / 100.0  # of percents
        value = math.log(middle) if of.scale == "log" else middle
        found.append(Figure(
            "mp17", name, of.measure, last, everywhere, value, of.spread, of.scale, fact.source,
        ))  # fmt: skip
    for name, moment in file.lives.items():
        at = last if moment.year is None else (moment.year * _YEAR - 1,) * 2
        value = math.log(moment.value) if moment.scale == "log" else moment.value
        if at[1] < ticks:
            found.append(Figure(
                "lives", name, moment.measure, at, everywhere, value, moment.spread, moment.scale,
                moment.source,
            ))  # fmt: skip
    return tuple(found)


def _of_table_2(cases: Sequence[Case], spread: float, last: tuple[int, int]) -> Iterator[Figure]:
    for row in load_sector_collective_efficiency():
        clusters = tuple(i for i, c in enumerate(cases) if c.sector_group == row.sector_group)
        if clusters:
            for measure in _TABLE_2:
                yield Figure(
                    "table2", f"{row.sector_group}_{measure}", measure, last, clusters,
                    getattr(row, measure), spread, "plain", "GPR05 Table 2",
                )  # fmt: skip


def check_without(names: Sequence[str]) -> frozenset[str]:
    """The kinds of evidence to leave out; `InputError` for one that there is not."""
    faults = [
        Fault("", "--without", name, f"must be {', '.join(LIKELIHOODS)}",
              suggest(name, list(LIKELIHOODS)))
        for name in names if name not in LIKELIHOODS
    ]  # fmt: skip
    if faults:
        raise InputError(*faults)
    return frozenset(names)
