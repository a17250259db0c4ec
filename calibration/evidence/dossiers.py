"""What is known of each cluster beside the tables of the paper: facts, institutions, dated events.

Rows carry their source, kind and confidence, and whether they were known without the scores; whoever
gathered them had seen these. `dossier_of` lets through what `docs/decisions/0003-cases-from-evidence.md`
allows and nothing else. A cluster of a table of one's own has no dossier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from calibration.evidence.case_tables import DATA, Case
from calibration.evidence.coding import Coding, load_coding
from calibration.evidence.csv_rows import CsvRow, Name, Text, Texts, column, read_table
from model.scenario.faults import Misfit, MisfitError

KINDS = {"paper": "paper", "seen": "page", "recalled": "memory"}
"""Kinds of source, and how case files call them."""
END = "end of the window"
_ALWAYS = ("observed_until", "described")
"""Facts that say when and what the sources look at, and nothing of how the cluster was."""
_DOSSIERS = "dossiers, gathered for this project"
Year = Annotated[int, Field(ge=1500, le=2030)]


class EvidenceRow(CsvRow):
    """A row with its source; `known_without_scores` is what the gatherer says of it."""

    source_kind: Literal["paper", "seen", "recalled"] = column(
        "paper: GPR05 or MP17; seen: a public page; recalled: from memory", source=_DOSSIERS
    )
    source: Text = column("section, address, or study it is thought to come from", source=_DOSSIERS)
    confidence: Annotated[float, Field(ge=0, le=1)] = column(
        "chance that the row is right", unit="chance", source=_DOSSIERS
    )
    known_without_scores: Literal["yes", "partly", "no"] = column(
        "whether it can be known without having seen the scores", source=_DOSSIERS
    )
    why: Text = column("why so", source=_DOSSIERS)


class ClusterFact(EvidenceRow):
    """One fact of a cluster."""

    key = ("cluster", "fact")

    cluster: Name = column("name of the cluster", source="cases.csv")
    fact: Literal[
        "observed_until",
        "described",
        "origin",
        "firms_scored",
        "large_firms",
        "firm_size",
        "leader",
        "economies",
    ] = column("what it is about", source="ours")
    value: Text = column("year, or code", source=_DOSSIERS)
    words: Text | None = column("what the source says", source=_DOSSIERS)
    year: Text | None = column("year or years that it is about", source=_DOSSIERS)


class InstitutionFact(EvidenceRow):
    """An institution that serves one or more clusters."""

    key = ("clusters", "name")

    clusters: Text = column("names of the clusters, separated by blanks", source="cases.csv")
    name: Text = column("name, what it is", source=_DOSSIERS)
    founded: Year = column("year of founding", unit="year", source=_DOSSIERS)
    type: Name = column("kind of body", source=_DOSSIERS)
    knowledge: Texts = column("what it teaches or does", source=_DOSSIERS)
    governance: Literal[
        "state", "association", "joint", "cooperative", "private", "foreign_aid"
    ] = column("who governs it", source=_DOSSIERS)
    access: Literal["open", "members", "fee", "selective", "contract"] = column(
        "who may use it", source=_DOSSIERS
    )
    reach: Literal["one", "several", "sector_national"] = column(
        "one community, several, the trade in the country", source=_DOSSIERS
    )


class EventFact(EvidenceRow):
    """A dated event of a cluster or of a country."""

    key = ("place", "from_year", "event")

    place: Text = column("name of the cluster, or the country", source="cases.csv")
    scope: Literal["country", "cluster"] = column("whom it concerns", source=_DOSSIERS)
    from_year: Year = column("first year", unit="year", source=_DOSSIERS)
    from_quarter: Annotated[int, Field(ge=1, le=4)] = column(
        "quarter in which it begins, 1 where no month is named", unit="quarter", source=_DOSSIERS
    )
    to_year: Year | None = column("last year; empty: not given", unit="year", source=_DOSSIERS)
    event: Text = column("what happened", source=_DOSSIERS)
    kind: Name = column("type of event", source=_DOSSIERS)
    direction: Literal["up", "down"] | None = column(
        "of demand, as the event's words say", source="ours"
    )
    market: Literal["domestic", "global", "both"] | None = column(
        "whose demand, as the event's words say", source="ours"
    )
    size: Text | None = column("size, in words", source=_DOSSIERS)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> EventFact:
        if self.to_year is not None and self.to_year < self.from_year:
            raise MisfitError(Misfit(("to_year",), f"must be {self.from_year} or later, or empty"))
        return self


@dataclass(frozen=True)
class Dossier:
    """What may enter a case: rows that pass the filter, none after the window."""

    facts: dict[str, ClusterFact]
    institutions: tuple[InstitutionFact, ...]
    events: tuple[EventFact, ...]
    last_year: int
    """Last year of the window."""
    years: int
    """Length of the window."""

    @property
    def first_year(self) -> int:
        """Year of quarter 0."""
        return self.last_year - self.years + 1

    def quarter(self, year: int, quarter: int = 1) -> int:
        """The quarter of a run, negative before it."""
        return 4 * (year - self.first_year) + quarter - 1

    @property
    def young(self) -> bool:
        """Whether the cluster begins in the window or shortly before."""
        origin = self.facts.get("origin")
        return (
            origin is not None and int(origin.value) > self.first_year - load_coding().young.within
        )


def usable(row: EvidenceRow, coding: Coding | None = None) -> bool:
    """Whether a row may enter: known without the scores, likely, not from the end of the window."""
    least = (coding or load_coding()).filter.confidence
    known = row.known_without_scores == "yes" and END not in row.why.lower()
    return known and row.confidence >= least


def dossier_of(case: Case) -> Dossier | None:
    """What may be used of a shipped cluster; None for a cluster of one's own."""
    rows = _facts().get(case.case)
    if rows is None or case.country != _countries()[case.case]:
        return None
    coding = load_coding()
    window = rows.get("observed_until")
    last = int(window.value) if window else coding.filter.last_year
    facts = {name: fact for name, fact in rows.items() if name in _ALWAYS or usable(fact)}
    scored = rows.get("firms_scored")
    if scored and scored.source_kind == "paper":
        facts["firms_scored"] = scored
    bodies = tuple(
        body
        for body in _institutions()
        if case.case in body.clusters.split() and usable(body) and body.founded <= last
    )
    events = tuple(e for e in _own_first(case) if usable(e) and e.from_year <= last)
    return Dossier(facts, bodies, events, last, coding.filter.years)


def has_dossier(cluster: str) -> bool:
    """Whether anything is known of a cluster of that name beside the tables of the paper."""
    return cluster in _facts()


def firms_scored(cluster: str) -> str:
    """Whose upgrading a cluster's scores describe: local, foreign, mixed (all); mixed if not known."""
    fact = _facts().get(cluster, {}).get("firms_scored")
    known = fact is not None and (usable(fact) or fact.source_kind == "paper")
    return fact.value if fact is not None and known else "mixed"


_NATIONAL = ("devaluation", "appreciation")
_NEAR = 5


def _own_first(case: Case) -> Iterable[EventFact]:
    """Events of the country and of the cluster, none twice.

    Where a trade was opened at a date of its own, that replaces the country's; a currency is the country's.
    """
    own = [e for e in _events() if e.place == case.case and e.kind not in _NATIONAL]
    opened = [e.from_year for e in own if e.kind == "liberalisation" and usable(e)]
    for event in _events():
        if event.place != case.country:
            continue
        near = any(abs(year - event.from_year) <= _NEAR for year in opened)
        if event.kind != "liberalisation" or not near:
            yield event
    yield from own


@cache
def load_facts() -> tuple[ClusterFact, ...]:
    """Every fact of `cluster_facts.csv`, used or not."""
    return read_table(DATA / "cluster_facts.csv", ClusterFact)


@cache
def _facts() -> dict[str, dict[str, ClusterFact]]:
    found: dict[str, dict[str, ClusterFact]] = {}
    for row in load_facts():
        found.setdefault(row.cluster, {})[row.fact] = row
    return found


@cache
def _countries() -> dict[str, str]:
    from calibration.evidence.case_tables import load_cases

    return {case.case: case.country for case in load_cases()}


@cache
def _institutions() -> tuple[InstitutionFact, ...]:
    return read_table(DATA / "institutions.csv", InstitutionFact)


@cache
def _events() -> tuple[EventFact, ...]:
    return read_table(DATA / "events.csv", EventFact)
