"""Points to numbers: simulate points together, and keep of each what it asks for.

Points of one horizon and the same replicates run in one call of the engine. What else runs in that
call decides nothing: runs share no rows, draws know no order, and each run is measured on its own.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.engine.ensemble import Ensemble
from model.experiments.points.firm_groups import OWNERS, FirmGroup, apart
from model.experiments.points.firm_snapshots import snapshot
from model.experiments.points.founders import fates, practices_mastered
from model.experiments.points.point import Keep, Point, Quantity
from model.measures import BY_NAME, OF_LESSONS, pooled
from model.measures.learning_network import lessons_of_run
from model.records.records import Records
from model.theory.ownership import LOCAL
from model.theory.practices import PRACTICES
from model.world.build import build
from model.world.row_names import Names

AT_ONCE = 800_000  # firm-quarters in one call of the engine: a hundred megabytes
_RUNS = 256  # runs in one call of the engine, however small

RECORDS = ("series", "country", "firms", "ledger", "learning")
SERIES = ("series", "country")  # those that are kept alone where only series are asked for
VALUES, FOUNDERS, SNAPSHOTS = "values", "founders", "snapshots"
LEVELS, GAINED = "levels", "gained"
_COUNTS = (LEVELS, GAINED)
Parts = dict[str, bytes]
"""What is kept of a point, by name: ``values`` (replicates, places, quantities) and ``founders``
(replicates, 3, columns) as little-endian float64; ``levels`` (replicates, communities, owners, dimensions,
practices + 1), firms of the last quarter, local ones and ones with a parent, and ``gained`` (replicates,
communities, dimensions, channels), practices of the whole run, as little-endian int32; ``snapshots``
(replicates, quarters, firms) as ``firm_snapshots.SNAPSHOT``, deflated; frames of ``RECORDS`` as Parquet."""
GroupMeans = dict[Quantity, list[float]]
"""What a run says of groups of firms, quarter by quarter; of lessons, in all and by community."""


def evaluate(
    points: Sequence[Point], workers: int = 1, look: Callable[[], None] = lambda: None
) -> list[Parts]:
    """Run points of one horizon and the same replicates; what each keeps, in their order.

    ``look`` is called about once a second and may raise to have it end.
    """
    replicates = points[0].replicates
    kept: list[dict[str, list]] = [{} for _ in points]
    for few in _slices(points, replicates):
        world = build([point.scenario for point in points], few)
        start, founded = world.firms.mastered.copy(), world.firms.active == 1
        asked = any(point.keep.ledger for point in points)
        ensemble = Ensemble(world, points[0].horizon, keeps_ledger=asked)
        seen: list[list[np.ndarray]] = [[] for _ in world.runs]
        groups: list[GroupMeans] = [{} for _ in world.runs]
        for until in _stops(points):
            ensemble.advance(until, workers, lambda quarters: look())
            for number, run in enumerate(world.runs):
                keep, quarter = points[int(run.world)].keep, until - 1
                if quarter not in keep.looks:
                    continue
                firms = snapshot(world.slice(number))
                if quarter in keep.firms_after:
                    seen[number].append(firms)
                names = world.names[int(run.world)]
                lessons = [q for q in keep.quantities if q.of_lessons and q.last == quarter]
                if lessons:
                    groups[number] |= _of_lessons(ensemble, number, lessons)
                for quantity in dict.fromkeys(keep.quantities):
                    if quantity.by_firms and quarter in quantity.quarters:
                        mean = _of_groups(quantity, firms, names)
                        groups[number].setdefault(quantity, []).append(mean)
        for number in range(len(world.runs)):
            point = int(world.runs.world[number])
            keep = points[point].keep
            for name, rows in _of_run(ensemble, number, keep, start, founded, groups[number]):
                kept[point].setdefault(name, []).append(rows)
            if seen[number]:
                kept[point].setdefault(SNAPSHOTS, []).append(np.stack(seen[number]))
        for point, name, frame in _frames(ensemble, points):
            kept[point].setdefault(name, []).append(frame)
    return [{name: _packed(name, rows) for name, rows in parts.items()} for parts in kept]


def _stops(points: Sequence[Point]) -> list[int]:
    """Quarters up to which to simulate at a time: to where firms are looked at, and to the end."""
    looks = {quarter + 1 for point in points for quarter in point.keep.looks}
    return sorted(looks | {points[0].horizon})


def _slices(points: Sequence[Point], replicates: range) -> Iterator[range]:
    """The replicates in so few at a time that they fit into memory."""
    each = sum(point.work // point.count for point in points)
    step = max(1, min(AT_ONCE // max(1, each), _RUNS // len(points)))
    for first in range(replicates.start, replicates.stop, step):
        yield range(first, min(first + step, replicates.stop))


def _of_run(
    ensemble: Ensemble,
    number: int,
    keep: Keep,
    start: np.ndarray,
    founded: np.ndarray,
    groups: GroupMeans,
) -> Iterator[tuple[str, np.ndarray]]:
    """What is kept of one run as numbers."""
    world = ensemble.world
    run = world.runs[number]
    names = world.names[int(run.world)]
    places = len(names.communities)
    rows = np.asarray(ensemble.series[slice(*run.series)])
    if keep.quantities:
        yield VALUES, _measured(rows, names.communities, keep, groups)
    if keep.practices:
        yield LEVELS, _levels(np.asarray(world.firms[slice(*run.firms)]), places)
        yield GAINED, rows.reshape(-1, places)["gained"].sum(axis=0)
    if keep.founders:
        here = slice(*run.firms)
        yield (
            FOUNDERS,
            fates(practices_mastered(start[here]), np.asarray(world.firms[here]), founded[here]),
        )


def _levels(firms: np.ndarray, places: int) -> np.ndarray:
    """Firms by practices mastered, (communities, owners, dimensions, practices + 1)."""
    here = firms[firms["active"] == 1]
    owner = (here["ownership"] != LOCAL).astype(int)
    level = np.bitwise_count(here["mastered"])
    counts = np.zeros((places, len(OWNERS), level.shape[1], PRACTICES + 1), np.int64)
    for d in range(level.shape[1]):
        np.add.at(counts, (here["community"], owner, d, level[:, d]), 1)
    return counts


def _of_groups(quantity: Quantity, firms: np.ndarray, names: Names) -> float:
    """A quantity of groups of firms in one quarter, as the groups are then."""
    return apart(
        quantity.measure,
        quantity.of,
        quantity.less,
        quantity.less_others,
        (firms, names),
        firms,
        (firms,),
    )


def _of_lessons(ensemble: Ensemble, number: int, quantities: Sequence[Quantity]) -> GroupMeans:
    """Measures of who learned from whom in their quarters, of the whole world and of each community."""
    world, ledger = ensemble.world, np.asarray(ensemble.ledger)
    run = world.runs[number]
    booked = ledger[ledger["run"] == number]
    firms = np.asarray(world.firms[slice(*run.firms)])
    lessons = lessons_of_run(booked, firms, int(run.tick))
    found: GroupMeans = {}
    for quantity in quantities:
        taken = lessons.within(quantity.first, quantity.last)
        here = [np.ones(len(firms), bool)]
        here += [
            firms["community"] == c for c in range(len(world.names[int(run.world)].communities))
        ]
        compute = OF_LESSONS[quantity.measure].compute
        found[quantity] = [compute(replace(taken, here=one)) for one in here]
    return found


def _measured(
    rows: np.ndarray, communities: tuple[str, ...], keep: Keep, groups: GroupMeans
) -> np.ndarray:
    """Quantities of the whole world, and of its communities where asked; (1 + places, quantities).

    What is of a group, or of two, stands in the place of the whole world, and nothing in the others.
    """
    places = len(communities)
    out = np.full((1 + places if keep.communities else 1, len(keep.quantities)), np.nan)
    for period in dict.fromkeys((q.first, q.last) for q in keep.quantities):
        part = rows[period[0] * places : (period[1] + 1) * places]
        whole = pooled(part, places)
        for column, quantity in enumerate(keep.quantities):
            if (quantity.first, quantity.last) != period:
                continue
            if quantity.of_lessons:
                _put_lessons(out[:, column], quantity, groups[quantity], communities)
                continue
            if quantity.by_firms:
                out[0, column] = _over_time(np.array(groups[quantity]), quantity)
                continue
            compute = BY_NAME[quantity.measure].compute
            if quantity.of is not None:
                each = compute(part).reshape(-1, places)
                there = each[:, _row_of(quantity.of, communities)]
                if quantity.less is not None:
                    there = there - each[:, _row_of(quantity.less, communities)]
                out[0, column] = _over_time(there, quantity)
                continue
            out[0, column] = _over_time(compute(whole), quantity)
            if keep.communities:
                each = compute(part).reshape(-1, places)
                out[1:, column] = [_over_time(each[:, place], quantity) for place in range(places)]
    return out


def _put_lessons(
    out: np.ndarray, quantity: Quantity, found: Sequence[float], communities: tuple[str, ...]
) -> None:
    """Put a measure of lessons where it belongs: (1 + places,) or (1,) of one quantity."""
    if quantity.of is None:
        out[:] = found[: len(out)]
        return
    out[0] = found[1 + _row_of(quantity.of, communities)]
    if quantity.less is not None:
        out[0] -= found[1 + _row_of(quantity.less, communities)]


def _row_of(group: FirmGroup, communities: tuple[str, ...]) -> int:
    assert group.community is not None
    return communities.index(group.community)


def _over_time(values: np.ndarray, quantity: Quantity) -> float:
    """A measure of each of some quarters as one number; NaN of none."""
    if quantity.known:
        values = values[~np.isnan(values)]
    if not len(values):
        return np.nan
    return float(np.sum(values) if quantity.total else np.mean(values))


def _frames(ensemble: Ensemble, points: Sequence[Point]) -> Iterator[tuple[int, str, pd.DataFrame]]:
    """What is kept of each point as frames, without the column that labels the scenario."""
    full = [number for number, point in enumerate(points) if point.keep.records]
    series = [n for n, point in enumerate(points) if point.keep.series or point.keep.records]
    records = Records(ensemble, tuple(f"{number:06d}" for number in range(len(points))))
    for name in RECORDS:
        wanted = series if name in SERIES else full
        if not wanted:
            continue
        frame = getattr(records, name)
        mine = frame.groupby("scenario").indices  # rows of each, in their order
        frame = frame.drop(columns="scenario")
        for number in wanted:
            rows = mine.get(f"{number:06d}", [])
            yield number, name, frame.take(rows).reset_index(drop=True)


def _packed(name: str, rows: list) -> bytes:
    if name in RECORDS:
        frame = pd.concat(rows, ignore_index=True)
        columns = {column: pa.array(frame[column], from_pandas=True) for column in frame}
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer, compression="zstd")
        return buffer.getvalue()
    if name == SNAPSHOTS:
        return zlib.compress(np.stack(rows).tobytes())
    return np.stack(rows).astype("<i4" if name in _COUNTS else "<f8").tobytes()
