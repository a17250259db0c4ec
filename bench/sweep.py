"""What running points costs beside simulating them, and what it survives.

    uv run bench/sweep.py [--json] [--quick]

bench/README.md says what each number means. Ends with exit code 1 if killing changed a byte.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from model.experiments.arms import with_seed
from model.experiments.points.cluster import Cluster
from model.experiments.points.evaluate import evaluate
from model.experiments.points.executors import Executor, Processes, Threads
from model.experiments.points.point import Keep, Point, Quantity
from model.experiments.points.runner import CHUNK, chunked
from model.experiments.points.store import Result, Store
from model.scenario import load

ROOT = Path(__file__).resolve().parents[1]
WORLD = ROOT / "scenarios" / "worlds" / "four_wine_regions.toml"
TICKS = 40
SEEDS = 20  # different ones of the points, each with networks of its own
UNWATCHED = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"}
SWEEP = """
title = "Many points"
question = "How long do they take?"
base = "{world}"
replicates = 2
overlay.run.ticks = 20
overlay.communities.valley.firms = 20
overlay.communities.foothills.firms = 12
overlay.communities.oasis.firms = 10
overlay.communities.highland.firms = 8

[design]
kind = "latin_hypercube"
points = {points}

[vary.floor]
key = "parameters.absorption.floor"
low = 0.0
high = 0.5
[vary.ties]
key = "across.ties"
low = 0.0
high = 2.0

[[outcomes]]
measure = "product"
[[outcomes]]
measure = "gini"
"""


def some_points(number: int) -> list[Point]:
    """Points of 240 firms and 40 quarters, 4 replicates each, on common random numbers."""
    world = load(WORLD, [f"run.ticks={TICKS}"])
    keep = Keep((Quantity("product", TICKS - 1, TICKS - 1), Quantity("gini", TICKS - 1, TICKS - 1)))
    return [Point(with_seed(world, 1 + n % SEEDS), 0, 4, keep) for n in range(number)]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor in this process and its finished children."""
    clock, own = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - own


def rates(number: int, rounds: int) -> dict[str, float]:
    """Runs a second: bare, through the store, on one and two workers; shares of overhead.

    Medians of some rounds, each with bare runs in between: a machine is not the same from one minute to the
    next.
    """
    points = some_points(number)
    runs = sum(point.count for point in points)
    chunks = list(chunked(points))
    evaluate(points[:SEEDS])  # compiled rules and networks are there
    seconds: dict[str, list[float]] = defaultdict(list)
    stored: list[float] = []

    def time_bare() -> None:
        seconds["bare"].append(timed(lambda: [evaluate(chunk) for chunk in chunks])[0])

    def through(store: Store, executor: Executor) -> None:
        stored.append(0.0)
        for results in executor.results(iter(chunks)):
            start = time.perf_counter()
            store.put(results)
            stored[-1] += time.perf_counter() - start

    for _ in range(rounds):
        time_bare()
        for workers in (2, 1):  # so that ``stored`` ends with what one thread took
            with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "points") as store:
                each = timed(partial(through, store, Threads(workers)))[0]
                seconds[f"threads_{workers}"].append(each)
        for workers in (1, 2):
            time_bare()
            seconds[f"processes_{workers}"].append(_warm(Processes(workers), workers, chunks))
            if each := _on_dask(workers, chunks):
                seconds[f"dask_{workers}"].append(each)
    middle = {name: median(samples) for name, samples in seconds.items()}
    found = {name: runs / middle[name] for name in middle}
    found["store_share"] = stored[-1] / seconds["threads_1"][-1]
    for kind in ("threads", "processes", "dask"):
        if f"{kind}_1" in found:
            found[f"overhead_{kind}"] = 1.0 - found[f"{kind}_1"] / found["bare"]
            found[f"efficiency_{kind}_2"] = found[f"{kind}_2"] / found[f"{kind}_1"] / 2
    return found


def _on_dask(workers: int, chunks: Sequence[tuple[Point, ...]]) -> float | None:
    """Seconds for the chunks on a cluster on this machine; None where Dask is not installed.

    Its workers do not watch themselves, as docs/experiments.md has them.
    """
    try:
        import dask
        from distributed import LocalCluster
    except ImportError:
        return None
    with (
        dask.config.set(UNWATCHED),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as local,
    ):
        return _warm(Cluster(f"dask={local.scheduler_address}"), workers, chunks)


def _warm(executor: Executor, workers: int, chunks: Sequence[tuple[Point, ...]]) -> float:
    """Seconds for the chunks once each process has what this one has: compiled rules and networks."""
    first = [chunks[0][:SEEDS]] * (2 * workers)
    results = executor.results(iter([*first, *chunks]))
    for _ in first:
        next(results)
    start = time.perf_counter()
    for _ in results:
        pass
    return time.perf_counter() - start


def start_up() -> float:
    """Seconds until a process of its own has run a first point."""
    return timed(lambda: list(Processes(1).results(iter([tuple(some_points(1))]))))[0]


def commits() -> float:
    """Milliseconds of a durable commit of 25 points."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "points") as store:
        start = time.perf_counter()
        for number in range(100):
            few = [Result(f"{number}-{i}", {"values": os.urandom(1600)}) for i in range(25)]
            store.put(few)
        return (time.perf_counter() - start) * 10


def command(file: Path, out: Path, workers: int = 2) -> list[str]:
    """The command of a sweep."""
    rest = ["--out", str(out), "--workers", str(workers), "--quiet", "--json"]
    return [sys.executable, "run.py", "sweep", str(file), *rest]


def large(points: int) -> dict[str, float]:
    """Time, memory and disk of a large sweep, figures and tables included."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "sweep.toml", Path(folder) / "out"
        file.write_text(SWEEP.format(world=WORLD, points=points))
        seconds, _ = timed(lambda: subprocess.run(command(file, out), cwd=ROOT, check=True,
                                                  stdout=subprocess.DEVNULL))  # fmt: skip
        again, _ = timed(lambda: subprocess.run(command(file, out), cwd=ROOT, check=True,
                                                stdout=subprocess.DEVNULL))  # fmt: skip
        return {
            "points": points,
            "seconds": seconds,
            "seconds_resumed": again,
            "peak_mb_largest_process": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            / 1024,
            "store_mb": out.with_name("out.points.sqlite").stat().st_size / 1e6,
            "table_mb": (out / "sweep.parquet").stat().st_size / 1e6,
        }


def kills(number: int, points: int) -> dict[str, Any]:
    """A sweep killed (-9) at random moments, resumed each time, beside one that was left alone."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        file, out, quiet = (Path(folder) / name for name in ("sweep.toml", "out", "quiet"))
        file.write_text(SWEEP.format(world=WORLD, points=points))
        subprocess.run(command(file, quiet), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        store, kept, during = out.with_name("out.points.sqlite"), [0], 0
        for _ in range(number):
            life = subprocess.Popen(command(file, out), cwd=ROOT, stdout=subprocess.DEVNULL)
            until = time.monotonic() + (chance.random() * 6.0 if chance.random() < 0.25 else 600.0)
            while (
                _count(store) <= kept[-1] and life.poll() is None and time.monotonic() < until
            ):  # to its next commit, or not so far
                time.sleep(0.001)
            time.sleep(chance.random() * 0.3)
            during += life.poll() is None
            life.send_signal(signal.SIGKILL)
            life.wait()
            kept.append(_count(store))
        subprocess.run(command(file, out), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        names = ("sweep.parquet", "summary.csv")
        same = all((out / name).read_bytes() == (quiet / name).read_bytes() for name in names)
        growing = all(one <= other for one, other in pairwise(kept))
        return {"kills": during, "kept": kept[1:], "never_less": growing, "same_bytes": same}


def _count(store: Path) -> int:
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as base:
            return int(base.execute("SELECT count(*) FROM points").fetchone()[0])
    except sqlite3.Error:
        return 0


def main() -> int:
    """Measure, print a line a number, and JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    found: dict[str, Any] = {"chunk_firm_quarters": CHUNK, "load": os.getloadavg()[0]}
    found |= rates(*((40, 1) if asked.quick else (300, 3)))
    found |= {"start_of_a_process_s": start_up(), "commit_ms": commits()}
    found["large"] = large(1_000 if asked.quick else 10_000)
    found["killed"] = kills(3 if asked.quick else 20, 1_000 if asked.quick else 4_000)
    for name, value in found.items():
        print(f"{name:28} {value:.4g}" if isinstance(value, float) else f"{name:28} {value}")
    if asked.json:
        print(json.dumps(found))
    return 0 if found["killed"]["same_bytes"] else 1


if __name__ == "__main__":
    sys.exit(main())
