"""Quality of the front against effort, of the search and of chance, and runs a second.

    uv run bench/search.py [FILE] [--effort 250 500 1000 2000] [--json] [--workers N]

bench/README.md says what each number means. Ends with exit code 1 if a second look at the store, which
runs nothing, finds another front.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from model.experiments.points.runner import run_points
from model.experiments.points.store import Store
from model.experiments.search.common_cases import CommonCases
from model.experiments.search.fresh_look import FRESH_FROM
from model.experiments.search.policy_design import mean_known
from model.experiments.search.search_file import PolicySearch, load_search
from model.experiments.search.strategies import STRATEGIES, best_of, explore, hypervolume

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "scenarios" / "search" / "one_institution.toml"


def with_effort(search: PolicySearch, runs: int, seed: int) -> PolicySearch:
    """The search with other runs and seed."""
    effort = search.spec.effort.model_copy(update={"runs": runs, "seed": seed})
    return replace(search, spec=search.spec.model_copy(update={"effort": effort}))


def fronts(
    search: PolicySearch, store: Store, workers: int, efforts: list[int], seeds: int
) -> tuple[dict[str, dict[int, list[np.ndarray]]], int]:
    """By strategy and effort, means of the finalists on fresh cases, one array a seed; runs in all."""
    run = partial(run_points, workers=workers)
    fresh = CommonCases(search, store, run, FRESH_FROM)
    found: dict[str, dict[int, list[np.ndarray]]] = {}
    runs = 0
    for strategy in STRATEGIES:
        for effort in efforts:
            for seed in range(1, 1 + seeds):
                small = with_effort(search, effort, seed)
                cases = CommonCases(small, store, run)
                best = best_of(explore(cases, strategy), search.spec.effort.finalists)
                designs = [attempt.raced.design for attempt in best]
                effects = fresh.effects(designs, search.spec.effort.fresh)
                means = np.array([mean_known(each) for each in effects])
                found.setdefault(strategy, {}).setdefault(effort, []).append(means)
                runs += cases.runs
    return found, runs + fresh.runs


def main() -> int:
    """Measure, print a line a number, and JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    parser.add_argument("--effort", nargs="+", type=int, default=[250, 500, 1000, 2000])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    search = load_search(asked.file)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "points") as store:
        start = time.perf_counter()
        found, runs = fronts(search, store, asked.workers, asked.effort, asked.seeds)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        again, _ = fronts(search, store, asked.workers, asked.effort, asked.seeds)
        resumed = time.perf_counter() - start
    every = np.concatenate([m for by in found.values() for some in by.values() for m in some])
    reference = np.minimum(every.min(axis=0), 0.0)  # of the world as it is, or worse
    told: dict[str, Any] = {
        "load": os.getloadavg()[0],
        "runs": runs,
        "runs_a_second": runs / seconds,
    }
    told["seconds_resumed"] = resumed
    for strategy, by in found.items():
        for effort, some in by.items():
            sizes = [hypervolume(means, reference) if len(means) else 0.0 for means in some]
            told[f"{strategy}_{effort}"] = [round(size, 3) for size in sizes]
    told["same_again"] = all(
        np.array_equal(one, other)
        for strategy, by in found.items()
        for effort, some in by.items()
        for one, other in zip(some, again[strategy][effort], strict=True)
    )
    for name, value in told.items():
        print(f"{name:28} {value:.4g}" if isinstance(value, float) else f"{name:28} {value}")
    if asked.json:
        print(json.dumps(told))
    return 0 if told["same_again"] else 1


if __name__ == "__main__":
    sys.exit(main())
