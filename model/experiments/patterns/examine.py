"""Examining patterns: batches of replicates until every interval is narrow enough, then verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.engine.tick import QUARTERS
from model.experiments.intervals import interval_of_mean
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.pattern_kinds import (
    SHARE,
    Absent,
    AnyPattern,
    Contrast,
    Effect,
    Interaction,
    Level,
    LevelChange,
    Rank,
    Sampling,
    Trend,
    Window,
    unit_of,
)
from model.experiments.patterns.pattern_quantities import (
    FirmMean,
    Lead,
    Quantity,
    Sample,
    Score,
    Tally,
)
from model.experiments.patterns.verdict import (
    NOT_APPLICABLE,
    VERDICTS,
    Range,
    accepted,
    remark,
    verdict,
)
from model.experiments.points.runner import RunsPoints, Tell, run_points
from model.experiments.points.store import Store
from model.records.exact_numbers import exactly

QUICK = 2.0  # how much wider an interval may be in a quick look
LEAD = "lead"  # what a rank measures
_FINE = 0.1  # of a level's range: how exactly it is known, where the file does not say

COLUMNS = {
    "file": "pattern file, without its ending",
    "pattern": "name of the pattern in its file",
    "group": "heading under which it is listed",
    "title": "what it is about",
    "claim": "what the source says, in our words",
    "source": "where the source says so",
    "kind": "effect, interaction, level, change, trend, contrast, rank or absent",
    "measure": "what is measured",
    "unit": "unit of effect, low and high",
    "expectation": "what is expected of the effect",
    "accepts_low": "least effect that the expectation accepts",
    "accepts_high": "greatest effect that the expectation accepts",
    "effect": "mean over replicates",
    "low": "lower end of its 95% interval",
    "high": "upper end of its 95% interval",
    "replicates": "replicates in which it could be measured",
    "verdict": "reproduced, contradicted, undecided or not applicable",
    "remark": "a few words on an effect that is not what was expected",
    "note": "what to know about the pattern",
}
"""Columns of the table of patterns."""

Judged = Effect | Interaction | Level | LevelChange | Trend | Contrast
Meter = Callable[[int, int], AbstractContextManager[Tell]]
"""Given the number of a batch and its runs: a context that yields what hears of runs."""


@dataclass(frozen=True)
class Term:
    """A quantity in a world, with the weight that it has in a row."""

    weight: float
    world: str
    quantity: Quantity


@dataclass(frozen=True)
class Row:
    """One thing that a pattern expects: a sum of terms, the range that is accepted."""

    name: str
    pattern: AnyPattern
    measure: str
    unit: str
    expectation: str
    accepts: Range
    neutral: float
    half_width: float
    terms: tuple[Term, ...]

    def values(self, sample: Sample) -> np.ndarray:
        """The sum of terms in every replicate that all of them have, NaN left out."""
        parts = [t.weight * sample.values(t.world, t.quantity) for t in self.terms]
        shortest = min(map(len, parts))
        total = np.sum([part[:shortest] for part in parts], axis=0)
        return np.asarray(total[~np.isnan(total)])

    def is_narrow(self, sample: Sample, relax: float) -> bool:
        """Whether the interval is as narrow as wanted, or cannot become so."""
        _, low, high = interval_of_mean(self.values(sample))
        return (high - low) / 2 <= relax * self.half_width


def rows_of(file: PatternFile, window: Window | None = None) -> list[Row]:
    """What all patterns of a file expect, in its order; nothing for those that are absent.

    ``window`` looks at effects, interactions, levels and contrasts in these quarters, whatever the file says.
    """
    return [row for name, p in file.patterns.items() for row in _rows(name, p, file, window)]


def _rows(
    name: str, pattern: AnyPattern, file: PatternFile, window: Window | None
) -> Iterator[Row]:
    if isinstance(pattern, Absent):
        return
    if isinstance(pattern, Rank):
        lead = Lead(pattern.top, pattern.below, pattern.dimensions)
        yield _row(name, pattern, file, LEAD, "positive", (Term(1.0, pattern.world, lead),))
    elif isinstance(pattern, Level | LevelChange):
        for measure, accepts in pattern.between.items():
            terms = tuple(_terms(pattern, measure, file, window))
            yield _level(name, pattern, file, measure, accepts, terms)
    else:
        for measure, expectation in pattern.expect.items():
            terms = tuple(_terms(pattern, measure, file, window))
            yield _row(name, pattern, file, measure, expectation, terms)


def _row(
    name: str,
    pattern: AnyPattern,
    file: PatternFile,
    measure: str,
    expectation: str,
    terms: tuple[Term, ...],
) -> Row:
    unit = unit_of(measure) or SHARE
    margin = file.margins[unit]
    accepts = accepted(expectation, margin.neutral, margin.least)
    return Row(
        name, pattern, measure, unit, expectation, accepts, margin.neutral, margin.half_width, terms
    )


def _level(
    name: str,
    pattern: Level | LevelChange,
    file: PatternFile,
    measure: str,
    accepts: Range,
    terms: tuple[Term, ...],
) -> Row:
    unit = unit_of(measure)
    half = (accepts[1] - accepts[0]) / 2
    width = file.margins[unit].half_width if unit in file.margins else _FINE * half
    expectation = f"{exactly(accepts[0])} to {exactly(accepts[1])}"
    return Row(name, pattern, measure, unit, expectation, accepts, half, width, terms)


def _terms(
    pattern: Judged, measure: str, file: PatternFile, window: Window | None
) -> Iterator[Term]:
    """The terms of one measure of a pattern."""
    if isinstance(pattern, Trend | LevelChange):
        for weight, world in _followed(pattern):
            yield Term(weight, world, Tally(measure, pattern.community, *pattern.late))
            yield Term(-weight, world, Tally(measure, pattern.community, *pattern.early))
        return
    if isinstance(pattern, Contrast):
        here, at = pattern.world, window and window[1]
        for weight, inside in ((1.0, True), (-1.0, False)):
            yield Term(weight, here, FirmMean(measure, pattern.of, inside, here, (here,), at))
        return
    arms = _arms(pattern)
    worlds = tuple(world for _, world in arms)
    ticks = file.worlds[worlds[0]].run.ticks
    first, last = window or pattern.at or (max(0, ticks - QUARTERS), ticks - 1)
    if isinstance(pattern, Level):
        seen = pattern.seen
        for weight, world in arms:
            place = (measure, pattern.community, first, last)
            yield Term(weight, world, Score(*place, seen) if seen else Tally(*place))
        return
    among = pattern.among
    for weight, world in arms:
        if among is None:
            yield Term(weight, world, Tally(measure, pattern.community, first, last))
        else:
            at = window and window[1]
            chosen = FirmMean(measure, among.of, among.inside, worlds[0], worlds, at)
            yield Term(weight, world, chosen)


def _followed(pattern: Trend | LevelChange) -> list[tuple[float, str]]:
    """Weight and world of each world that is followed over time."""
    if isinstance(pattern, LevelChange):
        return [(1.0 / len(pattern.worlds), world) for world in pattern.worlds]
    other = [] if pattern.against is None else [(-1.0, pattern.against)]
    return [(1.0, pattern.world), *other]


def _arms(pattern: Effect | Interaction | Level) -> list[tuple[float, str]]:
    """Weight and world of each arm."""
    if isinstance(pattern, Effect):
        return [(1.0, pattern.treatment), (-1.0, pattern.control)]
    if isinstance(pattern, Interaction):
        signs = {"both": 1.0, "first": -1.0, "second": -1.0, "neither": 1.0}
        return [(sign, getattr(pattern, key)) for key, sign in signs.items()]
    return [(1.0 / len(pattern.worlds), world) for world in pattern.worlds]


def no_meter(batch: int, total: int) -> AbstractContextManager[Tell]:
    """A progress counter that says nothing."""
    return nullcontext(lambda runs, failed, resumed: None)


def examine(
    file: PatternFile,
    store: Store,
    seed: int | None = None,
    quick: bool = False,
    meter: Meter = no_meter,
    run: RunsPoints = run_points,
) -> pd.DataFrame:
    """Run the worlds of a pattern file and judge its patterns: a row an expectation (``COLUMNS``).

    ``store`` keeps every finished point; ``seed`` overrides the scenarios' own; ``quick`` is content with
    intervals twice as wide. Raises IncompleteError if a run failed.
    """
    sample = Sample(dict(file.worlds), store, seed, run)
    rows = rows_of(file)
    gather(rows, sample, file.sampling, QUICK if quick else 1.0, meter)
    return _table(file, rows, sample)


def gather(rows: list[Row], sample: Sample, sampling: Sampling, relax: float, meter: Meter) -> None:
    """Run batches until every row is narrow enough, or as many as are allowed."""
    most = max(sampling.batch, int(sampling.most / relax**2))
    wide, done, batch = rows, 0, 0
    while wide and done < most:
        wanted = wanted_by(wide)
        replicates = range(done, min(done + sampling.batch, most))
        runs = len(sample.asked(wanted, replicates)) * len(replicates)
        batch += 1
        with meter(batch, runs) as tell:
            sample.extend(wanted, replicates, tell)
        done = replicates.stop
        wide = [row for row in wide if not row.is_narrow(sample, relax)]


def wanted_by(rows: list[Row]) -> set[tuple[str, Quantity]]:
    """Worlds and quantities that some rows are made of."""
    return {(term.world, term.quantity) for row in rows for term in row.terms}


def judged(row: Row, sample: Sample) -> dict[str, Any]:
    """What a sample says of a row: columns ``measure`` to ``remark`` of ``COLUMNS``."""
    values = row.values(sample)
    mean, low, high = interval_of_mean(values)
    return {
        "measure": row.measure,
        "unit": row.unit,
        "expectation": row.expectation.replace("_", " "),
        "accepts_low": row.accepts[0],
        "accepts_high": row.accepts[1],
        "effect": mean,
        "low": low,
        "high": high,
        "replicates": len(values),
        "verdict": verdict(low, high, row.accepts),
        "remark": remark(row.expectation, row.accepts, low, high, row.neutral),
    }


def _table(file: PatternFile, rows: list[Row], sample: Sample) -> pd.DataFrame:
    lines: list[dict[str, Any]] = []
    for name, pattern in file.patterns.items():
        said = {
            key: getattr(pattern, key)
            for key in ("group", "title", "claim", "source", "kind", "note")
        }
        if isinstance(pattern, Absent):
            results = [{"measure": m, "verdict": NOT_APPLICABLE} for m in pattern.measures]
        else:
            results = [judged(row, sample) for row in rows if row.name == name]
        lines += [{"pattern": name, **said, **result} for result in results]
    return pd.DataFrame(lines, columns=[column for column in COLUMNS if column != "file"])


def counts(table: pd.DataFrame) -> dict[str, Any]:
    """How many patterns there are and how many are reproduced, contradicted, undecided; by group."""

    def of(part: pd.DataFrame) -> dict[str, int]:
        said = part["verdict"].value_counts()
        return {"patterns": len(part)} | {
            each.replace(" ", "_"): int(said.get(each, 0)) for each in VERDICTS
        }

    by_group = {str(group): of(part) for group, part in table.groupby("group", sort=False)}
    return of(table) | {"by_group": by_group}
