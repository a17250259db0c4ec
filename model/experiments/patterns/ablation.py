"""Ablation: each mechanism put to its neutral case in turn; which rows die, which outcome moves by how much.

A row is *lost* that is reproduced with all mechanisms and not without one, both judged from the same
replicates. The *largest change* is that of a headline outcome in a world, without less with: among hundreds
of outcomes chance alone moves some, so the outcome is chosen in the even replicates, as the one that moves
most surely, and its change is measured in the odd ones, which had no say in the choice. A mechanism that
owns no row, or whose largest change is less than ``MATTERS`` or not told apart from none, is idle.

Neutral are the parameters of the mechanism, and what its declaration asks of a scenario's data besides
(``Mechanism.without``): without joint action there is no trust to begin with either.

Worlds that several files share are run once. A world whose first ``_LOOKS`` replicates do not move in any
headline outcome, not by the last bit, when a mechanism is off is not run further: it does not depend on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from model.engine.tick import QUARTERS
from model.experiments.intervals import interval_of_mean
from model.experiments.patterns.examine import Row, rows_of, wanted_by
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_quantities import FirmMean, Quantity, Sample, Tally
from model.experiments.patterns.verdict import CONTRADICTED, REPRODUCED, verdict
from model.experiments.points.runner import RunsPoints, Tell, run_points
from model.experiments.points.store import Store
from model.parameters import MECHANISMS, catalogue
from model.scenario.schema import Scenario

MATTERS = 0.05  # of a score, a share, or jobs
REPLICATES = 20
QUICK_REPLICATES = 10
JOBS = "jobs"
_LOOKS = 2  # replicates after which a world that has not moved is not run further
_HEADLINES = {
    "process": "process",
    "product": "product",
    "functional": "functional",
    "intersectoral": "intersectoral",
    "exporters": "exporters",
    "productivity_gap": "productivity_gap",
    "high_road": "high_road",
    JOBS: "workers",
}
"""Headline outcomes and the measures that they are, in the last year; jobs relative to those with all."""

COLUMNS = {
    "mechanism": "name of the mechanism that is put to its neutral case",
    "key": "its number in the catalogue",
    "rows_lost": "rows reproduced with it and not without it",
    "rows_contradicted": "those of them that are contradicted without it",
    "rows_gained": "rows reproduced without it and not with it",
    "largest_change": "change of the headline outcome that moves most surely, without less with",
    "low": "lower end of its 95% interval",
    "high": "upper end of its 95% interval",
    "outcome": "which outcome that is",
    "world": "in which world, file/world",
    "worlds_moved": "worlds that depend on it at all",
    "idle": "whether it owns no row or moves nothing by as much as matters",
    "lost": "the rows lost, file/pattern (measure), separated by semicolons",
}
"""Columns of the table of ablations."""


class AblationMeter(Protocol):
    """Given what is done and its runs: a context that yields what hears of runs."""

    def __call__(self, title: str, total: int) -> AbstractContextManager[Tell]: ...


def _no_meter(title: str, total: int) -> AbstractContextManager[Tell]:
    return nullcontext(lambda runs, failed, resumed: None)


@dataclass(frozen=True)
class Exam:
    """All rows of some files, by file and row, over worlds that are each kept once."""

    worlds: dict[str, Scenario]
    rows: tuple[tuple[str, Row], ...]

    @property
    def wanted(self) -> set[tuple[str, Quantity]]:
        """What rows and headline outcomes are made of."""
        headlines = {(w, q) for w in self.worlds for q in self.headlines(w).values()}
        return wanted_by([row for _, row in self.rows]) | headlines

    def headlines(self, world: str) -> dict[str, Tally]:
        """Headline outcomes of a world, in the last year of its run."""
        ticks = self.worlds[world].run.ticks
        window = max(0, ticks - QUARTERS), ticks - 1
        return {name: Tally(measure, None, *window) for name, measure in _HEADLINES.items()}


def exam_of(files: Mapping[str, PatternFile]) -> Exam:
    """The rows of pattern files, by the name of the file; worlds are called file/world."""
    worlds: dict[str, Scenario] = {}
    known: dict[str, str] = {}
    rows: list[tuple[str, Row]] = []
    for file_name, file in files.items():
        rows_here = rows_of(file)
        used = {world for world, _ in wanted_by(rows_here)}
        used |= {w for row in rows_here for term in row.terms for w in _others(term.quantity)}
        names = {}
        for world in sorted(used):
            scenario = file.worlds[world]
            told = {"title", "description", "source"}
            names[world] = known.setdefault(
                scenario.model_dump_json(exclude=told), f"{file_name}/{world}"
            )
            worlds.setdefault(names[world], scenario)
        rows += [(file_name, _renamed(row, names)) for row in rows_here]
    return Exam(worlds, tuple(rows))


def _others(quantity: Quantity) -> tuple[str, ...]:
    if isinstance(quantity, FirmMean):
        return (quantity.chosen_in, *quantity.alive_in)
    return ()


def _renamed(row: Row, names: Mapping[str, str]) -> Row:
    """The row over worlds of other names."""
    terms = []
    for term in row.terms:
        quantity = term.quantity
        if isinstance(quantity, FirmMean):
            alive = tuple(dict.fromkeys(names[world] for world in quantity.alive_in))
            quantity = replace(quantity, chosen_in=names[quantity.chosen_in], alive_in=alive)
        terms.append(replace(term, world=names[term.world], quantity=quantity))
    return replace(row, terms=tuple(terms))


def ablate(
    files: Mapping[str, PatternFile],
    store: Store,
    seed: int | None = None,
    quick: bool = False,
    mechanisms: Iterable[str] = MECHANISMS,
    meter: AblationMeter = _no_meter,
    run: RunsPoints = run_points,
) -> pd.DataFrame:
    """Judge the rows of pattern files without each mechanism in turn; a row a mechanism (``COLUMNS``).

    ``store`` keeps every finished point. Raises IncompleteError if a run failed.
    """
    exam = exam_of(files)
    replicates = range(QUICK_REPLICATES if quick else REPLICATES)
    keys = {mechanism.name: mechanism.key for mechanism in catalogue()}
    names = list(mechanisms)
    runs = len(exam.worlds) * len(replicates)
    with meter(f"{len(names)} mechanisms", runs * (1 + len(names))) as tell:
        full = Sample(exam.worlds, store, seed, run)
        full.extend(exam.wanted, replicates, tell)
        found = []
        for name in names:
            without, moved = _without(name, exam, full, replicates, tell)
            found.append(
                {"mechanism": name, "key": keys[name], "worlds_moved": len(moved)}
                | _rows(exam, full, without)
                | _largest(exam, full, without, moved)
            )
    table = pd.DataFrame(found)
    known = ~((table["low"] <= 0) & (table["high"] >= 0)) & table["low"].notna()
    moves = known & (table["largest_change"].abs() >= MATTERS)
    table["idle"] = (table["rows_lost"] == 0) | ~moves
    return table[list(COLUMNS)]


def without(scenario: Scenario, name: str) -> Scenario:
    """The scenario with a mechanism at its neutral case, its data too."""
    mechanism = next(m for m in catalogue() if m.name == name)
    if mechanism.without:
        data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        for tables in (data, *data["timetable"].values()):
            for key, value in mechanism.without:
                _write_where_there(tables, key.split("."), value)
        scenario = Scenario.model_validate_json(json.dumps(data), strict=True)
    neutral = tuple(dict.fromkeys((*scenario.neutral, name)))
    return scenario.model_copy(update={"neutral": neutral})


def _write_where_there(table: dict[str, Any], key: list[str], value: float) -> None:
    """Put a value in place of every one that the key stands for, ``*`` for any name."""
    here, *deeper = key
    for name in table if here == "*" else [here] if here in table else []:
        if deeper:
            _write_where_there(table[name], deeper, value)
        else:
            table[name] = value


def _without(
    name: str, exam: Exam, full: Sample, replicates: range, tell: Tell
) -> tuple[Sample, list[str]]:
    """The worlds with one mechanism neutral, and which of them move."""
    scenarios = {world: without(scenario, name) for world, scenario in exam.worlds.items()}
    sample = Sample(scenarios, full.store, full.seed, full.run)
    already = {w for w, scenario in exam.worlds.items() if name in scenario.neutral}
    looks = range(min(_LOOKS, len(replicates)))
    sample.extend(exam.wanted, looks, tell, already)
    still = already | {
        world
        for world in exam.worlds
        if world not in already
        and all(
            np.array_equal(
                sample.values(world, q), full.values(world, q)[: len(looks)], equal_nan=True
            )
            for q in exam.headlines(world).values()
        )
    }
    sample.extend(exam.wanted, range(looks.stop, replicates.stop), tell, still)
    for world in still:
        sample.adopt(full, world)
        tell(len(replicates) - (0 if world in already else len(looks)), 0, False)
    return sample, [world for world in exam.worlds if world not in still]


def _rows(exam: Exam, full: Sample, without: Sample) -> dict[str, Any]:
    """How many rows are lost, contradicted and gained without the mechanism, and which are lost."""
    lost, contradicted, gained = [], 0, 0
    for file, row in exam.rows:
        before, after = (
            verdict(*interval_of_mean(row.values(sample))[1:], row.accepts)
            for sample in (full, without)
        )
        if before == REPRODUCED and after != REPRODUCED:
            lost.append(f"{file}/{row.name} ({row.measure})")
            contradicted += after == CONTRADICTED
        gained += after == REPRODUCED and before != REPRODUCED
    return {
        "rows_lost": len(lost),
        "rows_contradicted": contradicted,
        "rows_gained": gained,
        "lost": "; ".join(lost),
    }


def _largest(exam: Exam, full: Sample, without: Sample, moved: Iterable[str]) -> dict[str, Any]:
    """The outcome that moves most surely in the even replicates, by its change in the odd ones."""
    best, chosen = -np.inf, None
    for world in moved:
        for outcome, quantity in exam.headlines(world).items():
            change = changes(outcome, full.values(world, quantity), without.values(world, quantity))
            mean, low, high = interval_of_mean(_known(change[::2]))
            sure = abs(mean) - (high - low) / 2
            if sure > best:
                best, chosen = sure, (outcome, world, change[1::2])
    if chosen is None:
        return {
            "largest_change": 0.0, "low": np.nan, "high": np.nan, "outcome": "", "world": "",
        }  # fmt: skip
    outcome, world, rest = chosen
    mean, low, high = interval_of_mean(_known(rest))
    return {"largest_change": mean, "low": low, "high": high, "outcome": outcome, "world": world}


def changes(outcome: str, with_it: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Without less with in each replicate, (n,); jobs as a share of the mean with all mechanisms."""
    difference = without - with_it
    return difference / np.nanmean(with_it) if outcome == JOBS else difference


def _known(values: np.ndarray) -> np.ndarray:
    return values[~np.isnan(values)]


def facts(table: pd.DataFrame) -> dict[str, Any]:
    """What ``--json`` says of an ablation."""
    return {
        "mechanisms": len(table),
        "idle": [str(name) for name in table.loc[table["idle"], "mechanism"]],
        "ablation": {
            str(row["mechanism"]): {
                "rows_lost": int(row["rows_lost"]),
                "largest_change": round(float(row["largest_change"]), 4),
            }
            for row in table.to_dict("records")
        },
    }
