"""What the commands ``sweep`` and ``merge`` do: run points, write tables and figures, say how it went."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from model.experiments.points.point import Point, runs_in, version
from model.experiments.points.runner import Ran, parse_shard, run_points, store_path
from model.experiments.points.store import Store
from model.experiments.points.tables import failures, tidy, write_parquet
from model.experiments.summary import summary
from model.experiments.sweep import Sweep, load_sweep
from model.records.records import provenance
from model.records.store import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.progress import counted_runs
from model.report.style import save
from model.report.sweep_figures import figures
from model.scenario.faults import Fault, InputError, show_path


@dataclass(frozen=True)
class How:
    """How points are run, as the command line says it."""

    workers: int = 1
    on: str = ""
    shard: str = ""
    retry: bool = False
    store: Path | None = None
    quiet: bool = False

    def run(self, title: str, points: Sequence[Point], target: Path) -> tuple[Ran, Path]:
        """Run the points that the store beside ``target`` lacks; what there is, and where."""
        shard = parse_shard(self.shard)
        path = self.store or store_path(target, shard)
        runs = runs_in(points if not shard else points[shard[0] - 1 :: shard[1]])
        with Store(path) as store, counted_runs(title, runs, self.quiet) as tell:
            return run_points(points, store, self.workers, self.on, shard, self.retry, tell), path


def sweep_file(
    file: Path,
    settings: list[str],
    replicates: int | None,
    seed: int | None,
    target: Path,
    how: How,
    console: Console,
) -> dict[str, Any]:
    """Run a sweep file, write its tables and figures; returns the facts for ``--json``."""
    start = time.monotonic()
    sweep = load_sweep(file, settings, replicates, seed)
    check_writable(target)
    ran, path = how.run(sweep.spec.title, sweep.points, target)
    if how.shard:
        return shard_done(ran, path, file, how, console, start)
    with Store(path) as store:
        table = tidy(sweep.points, store, sweep.design)
    write_sweep(sweep, table, ran, target)
    tell_failures(ran, console)
    console.print(f"{ran.points - len(ran.failed):,} points, {ran.runs:,} runs, {ran.resumed:,} "
                  f"points there already. Results: {show_path(target)}")  # fmt: skip
    if len(ran.failed) == ran.points:
        raise AllFailedError(Fault(show_path(file), "", "", "every point failed", ran.failed[0]))
    return facts(ran, target, start)


class AllFailedError(InputError):
    """Not one point went well; the command line ends with 1."""

    exit_code = 1


def write_sweep(sweep: Sweep, table: pd.DataFrame, ran: Ran, target: Path) -> None:
    """The folder of a sweep's results."""
    world = table[table["community"] == "*"]
    with results_folder(target) as folder:
        write_parquet(table, folder / "sweep.parquet")
        write_table(summary(table, sweep.design, sweep.spec.outcomes), folder, "summary", False)
        if ran.failed:
            write_table(failures(ran, sweep.design), folder, "failures", parquet=False)
        if len(world):
            for name, figure in figures(sweep, world).items():
                save(figure, folder, name)
        manifest = {
            "sweep": sweep.spec.model_dump(mode="json"),
            "base": sweep.base.model_dump(mode="json"),
            "points": ran.points,
            "runs": ran.runs,
            "failed": len(ran.failed),
            "seed": sweep.base.run.seed,
            "model": version(),
            "command": command_line(),
        }
        write_manifest(folder, manifest | provenance())


def tell_failures(ran: Ran, console: Console) -> None:
    """Say which points failed, the first few of them, and how to try them again."""
    if not ran.failed:
        return
    console.print(f"{len(ran.failed):,} of {ran.points:,} points failed (failures.csv):")
    for place, error in list(ran.failed.items())[:5]:
        console.print(f"  point {place}: {error}", markup=False)
    console.print("--retry tries them again.")


def shard_done(
    ran: Ran, path: Path, file: Path, how: How, console: Console, start: float
) -> dict[str, Any]:
    """Say what a shard has done and what comes next."""
    console.print(
        f"Shard {how.shard}: {ran.points - len(ran.left):,} of {ran.points:,} points are in "
        f"{show_path(path)}. When all shards are done: run.py merge {show_path(file)}"
    )
    return facts(ran, path, start)


def facts(ran: Ran, out: Path, start: float) -> dict[str, Any]:
    """The last line for scripts."""
    return {
        "out": str(out),
        "runs": ran.runs,
        "resumed": ran.resumed,
        "failed": len(ran.failed),
        "seconds": round(time.monotonic() - start, 2),
    }


def merge_shards(target: Path, stores: Sequence[Path], console: Console) -> Path:
    """Take what the stores of shards hold into the store beside ``target``; its path.

    Without ``stores``: all of shards that lie beside ``target``. InputError if there are none.
    """
    found = list(stores) or sorted(target.parent.glob(f"{target.name}.points.shard-*.sqlite"))
    if not found:
        hint = "run with --shard i/n first, or name the files with --from"
        raise InputError(Fault(show_path(target), "", "", "has no shards beside it", hint))
    for path in found:
        if not path.is_file():
            raise InputError(Fault("--from", "", str(path), "is no file", "name a shard's store"))
    path = store_path(target)
    with Store(path) as store:
        for each in found:
            with Store(each) as shard:
                taken = store.take(shard)
            console.print(f"{show_path(each)}: {taken:,} points")
    return path
