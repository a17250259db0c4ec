"""From a store to frames and files. Rows, columns and bytes depend on the points alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.experiments.points.evaluate import FOUNDERS, GAINED, LEVELS, SNAPSHOTS, VALUES
from model.experiments.points.firm_groups import OWNERS
from model.experiments.points.firm_snapshots import SNAPSHOT
from model.experiments.points.founders import COLUMNS as FOUNDERS_COLUMNS
from model.experiments.points.founders import THIRDS
from model.experiments.points.point import Point
from model.experiments.points.runner import Ran
from model.experiments.points.store import Store
from model.scenario.faults import Fault, InputError
from model.theory.practices import DIMENSIONS
from model.world.row_names import names_of

WHOLE = "*"
_GROUP = 100_000  # rows of a Parquet file that are packed together
_SHOWN = 5  # failures that are told


class IncompleteError(InputError):
    """A design of which points failed or are missing; the command line ends with 1."""

    exit_code = 1


def values(point: Point, store: Store) -> np.ndarray:
    """Quantities of a finished point, (replicates, 1 + communities or 1, quantities) float64."""
    numbers = np.frombuffer(store.part(point.key, VALUES), "<f8")
    return numbers.reshape(point.count, -1, len(point.keep.quantities))


def founders(point: Point, store: Store) -> np.ndarray:
    """Fates of founders, (replicates, 3, columns of ``founders.COLUMNS``) float64."""
    numbers = np.frombuffer(store.part(point.key, FOUNDERS), "<f8")
    return numbers.reshape(point.count, len(THIRDS), len(FOUNDERS_COLUMNS))


def practices(point: Point, store: Store) -> tuple[np.ndarray, np.ndarray]:
    """What firms of each community master at the end and by which channels they came to it, int32.

    Levels (replicates, communities, owners, dimensions, practices + 1): firms by practices mastered, in
    the order of ``firm_groups.OWNERS``. Gained (replicates, communities, dimensions, channels): practices
    over the run.
    """
    shape = point.count, len(point.scenario.communities)
    levels, gained = (
        np.frombuffer(store.part(point.key, part), "<i4") for part in (LEVELS, GAINED)
    )
    by_owner = levels.reshape(*shape, len(OWNERS), len(DIMENSIONS), -1)
    return by_owner, gained.reshape(*shape, len(DIMENSIONS), -1)


def firms_after(point: Point, store: Store) -> np.ndarray:
    """Every firm after each quarter of ``keep.firms_after``, (replicates, quarters, firms) SNAPSHOT."""
    seen = np.frombuffer(zlib.decompress(store.part(point.key, SNAPSHOTS)), SNAPSHOT)
    return seen.reshape(point.count, len(point.keep.firms_after), -1)


def tidy(points: Sequence[Point], store: Store, design: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row a point, community and replicate, in that order.

    Columns: point (place in the list), those of ``design`` (one row a point), community (``*``: the
    whole world, first), replicate, and one a quantity. A point without a result has no rows.
    """
    places, communities, replicates, numbers = [], [], [], []
    names = [quantity.name for quantity in points[0].keep.quantities] if points else []
    for place, point in _finished(points, store):
        found = values(point, store)
        here = [WHOLE]
        if point.keep.communities:
            here += names_of(point.scenario).communities
        numbers.append(found.transpose(1, 0, 2).reshape(-1, len(names)))
        places.append(np.full(len(here) * point.count, place))
        communities += [name for name in here for _ in point.replicates]
        replicates += list(point.replicates) * len(here)
    at = np.concatenate(places) if places else np.empty(0, np.int64)
    frame = pd.DataFrame({"point": at})
    if design is not None:
        frame = pd.concat([frame, design.iloc[at].reset_index(drop=True)], axis=1)
    frame["community"] = pd.Series(communities, dtype="str")
    frame["replicate"] = np.array(replicates, np.int64)
    columns = np.concatenate(numbers) if numbers else np.empty((0, len(names)))
    for column, name in enumerate(names):
        frame[name] = columns[:, column]
    return frame


def _finished(points: Sequence[Point], store: Store) -> Iterator[tuple[int, Point]]:
    known = store.known()
    for place, point in enumerate(points):
        if point.key in known and known[point.key] is None:
            yield place, point


def failures(ran: Ran, design: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row a point that failed: point, the columns of ``design``, error."""
    places = sorted(ran.failed)
    frame = pd.DataFrame({"point": np.array(places, np.int64)})
    if design is not None:
        frame = pd.concat([frame, design.iloc[places].reset_index(drop=True)], axis=1)
    frame["error"] = pd.Series([ran.failed[place] for place in places], dtype="str")
    return frame


def check_complete(ran: Ran, what: str) -> None:
    """IncompleteError that lists what failed or is missing, where ``what`` needs every point."""
    faults = [
        Fault(f"point {place}", "", "", f"failed: {error}", "--retry tries failures again")
        for place, error in sorted(ran.failed.items())
    ]
    if ran.left:
        some = ", ".join(map(str, ran.left[:_SHOWN])) + (" ..." if len(ran.left) > _SHOWN else "")
        missing = f"{len(ran.left):,} of {ran.points:,} points are missing: {some}"
        faults.append(Fault("", "", "", missing, "run the other shards and merge them"))
    if faults:
        more = (
            [Fault("", "", "", f"and {len(faults) - _SHOWN} more")] if len(faults) > _SHOWN else []
        )
        first = Fault("", "", "", f"{what} would mislead: the design is incomplete")
        raise IncompleteError(first, *faults[:_SHOWN], *more)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet whose bytes depend on what it holds alone: no metadata of pandas."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd", row_group_size=_GROUP)
