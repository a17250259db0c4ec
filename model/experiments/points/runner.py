"""From points to a store: run what is not there yet, keep each chunk before it is reported.

The same call resumes by itself, since points that the store knows are not run again. Order, chunks,
workers and machines decide nothing but the time it takes.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Protocol

from model.experiments.points.executors import Chunk, Executor, Processes, Threads
from model.experiments.points.point import Point, runs_in
from model.experiments.points.room import check_room
from model.experiments.points.store import Result, Store
from model.scenario.faults import Fault, InputError, show_path

CHUNK = 1_000_000  # firm-quarters: about half a second, against some milliseconds around it
_RUNS = 256  # in a chunk, however small they are
_PER_WORKER = 4  # chunks at least, so that the last ones end at about the same time
_LEAST = 50_000  # firm-quarters of a chunk that is made smaller for that
WORTH_PROCESSES = 20_000_000  # firm-quarters from which processes are worth their start
_CLUSTER = 256  # workers for which chunks are cut on a cluster
Tell = Callable[[int, int, bool], None]
"""Hears of runs and failed points, once they are kept; the last: they were there already."""
Shard = tuple[int, int]


class RunsPoints(Protocol):
    """Runs the points that a store lacks, wherever: ``run_points``, or that with its options given."""

    def __call__(
        self, points: Sequence[Point], store: Store, *, tell: Tell | None = None
    ) -> Ran: ...


class StoppedError(Exception):
    """Interrupted, everything finished being kept; the command line says so and ends with 130."""

    faults: tuple[Fault, ...] = ()
    exit_code = 130


class ChangedSourcesError(InputError):
    """Sources changed on the way: no result of theirs is taken; the command line ends with 1."""

    exit_code = 1


@dataclass(frozen=True)
class Ran:
    """What there is after running: counts of points, and what went wrong."""

    points: int
    runs: int
    """Runs, that is replicates of all points, resumed ones included."""
    resumed: int
    """Points that were there already."""
    failed: dict[int, str]
    """Place of a point in the list -> its error."""
    left: list[int]
    """Places of points that are not there: those of other shards."""
    damaged: tuple[int, ...] = ()
    """Places of points whose stored result had been damaged; they were computed again."""


def run_points(
    points: Sequence[Point],
    store: Store,
    workers: int = 1,
    on: str = "",
    shard: Shard | None = None,
    retry: bool = False,
    tell: Tell | None = None,
) -> Ran:
    """Run the points that a store lacks, or holds damaged, and keep them.

    A failure is kept with its error, and tried again only with ``retry``. ``on``: ``dask=ADDRESS``,
    or here. ``shard`` (i, n): only every n-th point, from the i-th (1 to n) on. ``tell``: see
    ``Tell``. Raises StoppedError
    when interrupted, StoreError if the store can't be written, ChangedSourcesError if sources change on
    the way, InputError if the cluster can't be used or points do not fit (``room``).
    """
    mine = [p for place, p in enumerate(points) if not shard or place % shard[1] == shard[0] - 1]
    by_key = {point.key: point for point in mine}
    known = store.known()
    spoilt = frozenset(store.damaged(key for key in by_key if key in known))
    if spoilt:
        store.discard(spoilt)
        known = {key: error for key, error in known.items() if key not in spoilt}
    todo = {
        key: point
        for key, point in by_key.items()
        if key not in known or (retry and known[key] is not None)
    }
    resumed = sum(point.key not in todo for point in mine)
    if tell and resumed:
        there = [key for key in by_key if key not in todo]
        runs = runs_in(by_key[key] for key in there)
        tell(runs, sum(known[key] is not None for key in there), True)
    if todo:
        try:
            with _ended_by_signals():
                _run(list(todo.values()), store, workers, on, retry, tell)
        except KeyboardInterrupt:
            kept = sum(key in by_key for key in store.known())
            raise StoppedError(
                f"Interrupted. {kept:,} of {len(by_key):,} points are kept in "
                f"{show_path(store.path)}; the same command goes on from there."
            ) from None
    known = store.known()
    failed = {place: str(known[p.key]) for place, p in enumerate(points) if known.get(p.key)}
    left = [place for place, p in enumerate(points) if p.key not in known]
    damaged = tuple(place for place, p in enumerate(points) if p.key in spoilt)
    return Ran(len(points), runs_in(points), resumed, failed, left, damaged)


def _run(
    todo: list[Point], store: Store, workers: int, on: str, retry: bool, tell: Tell | None
) -> None:
    check_room(todo, store.path, workers, here=not on)
    count = {point.key: point.count for point in todo}
    executor = _executor(on, workers, sum(point.work for point in todo))
    cut_for = _CLUSTER if on else workers

    def chunks() -> Iterator[Chunk]:
        for chunk in chunked(todo, cut_for):
            if not retry:  # another process on this store may have been here
                chunk = tuple(point for point in chunk if not store.has(point.key))
            if chunk:
                yield chunk

    with closing(executor.results(chunks())) as finished:  # type: ignore[type-var]
        for results in finished:
            _check_asked(results, count)
            store.put(results, again=retry)
            if tell:
                runs = sum(count[result.key] for result in results)
                tell(runs, sum(result.error is not None for result in results), False)


def _check_asked(results: Sequence[Result], asked: Container[str]) -> None:
    """ChangedSourcesError where a worker, started later than this process, knows points by other keys."""
    if any(result.key not in asked for result in results):
        allowed = (
            "a file of model/ or calibration/ changed while points were run, so that they would mix"
        )
        hint = "give the same command again, and leave these files alone until it ends"
        raise ChangedSourcesError(Fault("", "", "", allowed, hint))


def _executor(on: str, workers: int, work: int) -> Executor:
    if on:
        from model.experiments.points.cluster import Cluster

        return Cluster(on)
    if workers > 1 and work > WORTH_PROCESSES:
        return Processes(workers)
    return Threads(workers)


def chunked(points: Sequence[Point], workers: int = 1) -> Iterator[Chunk]:
    """Points to be run in one call: of one horizon, the same replicates, and not too many."""
    total = sum(point.work for point in points)
    most = max(_LEAST, min(CHUNK, total // (workers * _PER_WORKER)))

    def alike(point: Point) -> tuple[int, int, int]:
        return point.horizon, point.first, point.count

    for _, group in groupby(sorted(points, key=alike), key=alike):
        chunk: list[Point] = []
        size = 0
        for point in group:
            if chunk and (size + point.work > most or runs_in(chunk) + point.count > _RUNS):
                yield tuple(chunk)
                chunk, size = [], 0
            chunk.append(point)
            size += point.work
        yield tuple(chunk)


def parse_shard(text: str) -> Shard | None:
    """``i/n`` as two numbers, None for ""; InputError for anything else."""
    if not text:
        return None
    number, slash, of = text.partition("/")
    if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return int(number), int(of)
    allowed = "must be i/n, the i-th of n parts"
    raise InputError(Fault("", "--shard", text, allowed, "write e.g. --shard 1/8"))


def store_path(out: Path, shard: Shard | None = None) -> Path:
    """Where the points of a folder of results are kept: beside it, a shard's in a file of its own."""
    part = f".shard-{shard[0]}-of-{shard[1]}" if shard else ""
    return out.with_name(f"{out.name}.points{part}.sqlite")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A batch system's request to end counts as an interrupt."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
