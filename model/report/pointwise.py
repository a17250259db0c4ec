"""What commands that run points have in common: how to run them, shards, failures, the last line."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from model.experiments.points.point import Point, runs_in
from model.experiments.points.point_tables import IncompleteError
from model.experiments.points.runner import Ran, parse_shard, run_points, store_path
from model.experiments.points.store import Store
from model.provenance import DOOR
from model.report.progress import counted_runs
from model.scenario.faults import Fault, InputError, show_path

_SHOWN = 5  # failures that are told


class AllFailedError(InputError):
    """Not one point went well; the command line ends with 1."""

    exit_code = 1


@dataclass(frozen=True)
class How:
    """How points are run, as the command line says it."""

    workers: int = 1
    on: str = ""
    shard: str = ""
    retry: bool = False
    store: Path | None = None
    quiet: bool = False
    complete: bool = False
    """Run nothing: all points must be there, as after shards."""

    def path(self, target: Path) -> Path:
        """Where the points of the results in ``target`` are kept."""
        return self.store or store_path(target, parse_shard(self.shard))

    def run(self, title: str, points: Sequence[Point], target: Path) -> Ran:
        """Run the points that the store lacks, with progress. IncompleteError if none may be run."""
        shard = parse_shard(self.shard)
        with Store(self.path(target)) as store:
            if self.complete:
                self._check(points, store)
            mine = points[shard[0] - 1 :: shard[1]] if shard else points
            distinct = {point.key: point for point in mine}.values()
            with counted_runs(title, runs_in(distinct), self.quiet) as tell:
                ran = run_points(points, store, self.workers, self.on, shard, self.retry, tell)
        _tell_damaged(ran, self.path(target))
        return ran

    def _check(self, points: Sequence[Point], store: Store) -> None:
        known = store.known()
        missing = [place for place, point in enumerate(points) if point.key not in known]
        if missing:
            some = ", ".join(map(str, missing[:_SHOWN])) + (" ..." if len(missing) > _SHOWN else "")
            allowed = f"lacks {len(missing):,} of {len(points):,} points: {some}"
            hint = (
                "run the shards that hold them (point p is in shard 1 + p modulo n), or all of it"
            )
            raise IncompleteError(Fault(show_path(store.path), "", "", allowed, hint))


def _tell_damaged(ran: Ran, store: Path) -> None:
    """Name the points of which the store held something else than was computed."""
    if not ran.damaged:
        return
    more = " ..." if len(ran.damaged) > _SHOWN else ""
    named = ", ".join(map(str, ran.damaged[:_SHOWN])) + more
    Console(stderr=True, highlight=False).print(
        f"{show_path(store)}: {len(ran.damaged):,} stored points were damaged and have been computed "
        f"again (points {named}). Check the disk.",
        markup=False,
    )


def tell_failures(ran: Ran, console: Console) -> None:
    """Say which points failed, the first few of them, and how to try them again."""
    if not ran.failed:
        return
    console.print(f"{len(ran.failed):,} of {ran.points:,} points failed (failures.csv):")
    for place, error in list(ran.failed.items())[:_SHOWN]:
        console.print(f"  point {place}: {error}", markup=False)
    console.print("--retry tries them again.")


def shard_done(
    ran: Ran, path: Path, file: Path, shard: str, console: Console, start: float
) -> dict[str, Any]:
    """Say what a shard has done and what comes next; the facts for ``--json``."""
    console.print(
        f"Shard {shard}: {ran.points - len(ran.left):,} of {ran.points:,} points are in "
        f"{show_path(path)}. When all shards are done: {DOOR} merge {show_path(file)}"
    )
    return facts(ran.runs, ran.resumed, len(ran.failed), path, start)


def facts(runs: int, resumed: int, failed: int, out: Path, start: float) -> dict[str, Any]:
    """The last line for scripts."""
    seconds = round(time.monotonic() - start, 2)
    return {"out": str(out), "runs": runs, "resumed": resumed, "failed": failed, "seconds": seconds}


def merge_shards(target: Path, stores: Sequence[Path], console: Console) -> None:
    """Take what the stores of shards hold into the store beside ``target``.

    Without ``stores``: all of shards that lie beside ``target``. InputError if there are none.
    """
    found = list(stores) or sorted(target.parent.glob(f"{target.name}.points.shard-*.sqlite"))
    if not found:
        hint = "run with --shard i/n first, or name the files with --from"
        raise InputError(Fault(show_path(target), "", "", "has no shards beside it", hint))
    for path in found:
        if not path.is_file():
            raise InputError(Fault("", "--from", str(path), "is no file", "name a shard's store"))
    with Store(store_path(target)) as store:
        for path in found:
            with Store(path) as shard:
                taken = store.take(shard)
            console.print(f"{show_path(path)}: {taken:,} points")
