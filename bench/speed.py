"""How fast the engine is beside a plain Mesa model of the same theory, side by side in one run.

    uv run bench/speed.py [--json] [--quick] [--docs]

bench/README.md says what each number means. Ends with exit code 1 if the two do not give the same
trajectories.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import tracemalloc
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest import mock

import mesa
import numpy as np

from bench import (
    plain_chains,
    plain_institutions,
    plain_learning,
    plain_markets,
    plain_mesa,
    plain_policy,
    scale,
)
from bench.plain_mesa import Country
from bench.same import differences
from bench.worlds import country
from model import compiler
from model.engine import tick
from model.engine.ensemble import Ensemble
from model.scenario.schema import Scenario
from model.world.build import build
from model.world.tables import FIRM, TIE

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "engine.md"
HELD = re.compile(r"(<!-- bench -->\n```text\n).*?(```\n<!-- end -->)", re.DOTALL)
HORIZON = 80  # quarters of a run as scenarios have it by default
QUARTERS = 20  # enough for a rate where a run of plain Mesa takes long
YEAR = 4  # quarters, of the largest run of plain Mesa: what is done once a year is in it
COPIED = 256_000_000  # bytes, more than any processor's cache
ENSEMBLE = 32  # runs: four blocks, so that two threads share them evenly
BATCH = 4  # runs of plain Mesa, whose cost a run does not depend on how many there are
FIRST_RESULT = (
    "from bench.worlds import country; from model import simulate; "
    "simulate(country(200), replicates=1).series"
)


def main() -> int:
    """Measure and print; the exit code says whether the trajectories were the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--quick", action="store_true", help="few repetitions, no large worlds")
    parser.add_argument("--docs", action="store_true", help=f"write what is said to {PAGE.name}")
    options = parser.parse_args()
    started = perf_counter()
    if compiler.cold():
        print("Compiling the model first (once; some twenty seconds).", flush=True)
    tell(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    started_up(country(16, quarters=1))
    facts: dict[str, Any] = beside_plain_mesa(3 if options.quick else 7, large=not options.quick)
    facts |= ensembles(2 if options.quick else 5)
    facts |= linearity([2_000, 20_000] if options.quick else [2_000, 20_000, 200_000])
    facts |= limit(facts["ns_per_firm_tick"])
    facts |= where_time_goes()
    facts |= memory()
    facts |= scale.measure(scale.SIZES[:3] if options.quick else scale.SIZES, scale.HORIZON, tell)
    facts |= first_result()
    facts["seconds"] = round(perf_counter() - started, 1)
    if options.docs:
        write_page()
    if options.json:
        print(json.dumps(facts))
    return 0 if facts["same_trajectories"] else 1


_told: list[str] = []


def tell(line: str) -> None:
    """Print a line of the report, and keep it for the page."""
    _told.extend(line.split("\n"))
    print(line, flush=True)


def write_page() -> None:
    """Put the report into the page about the engine."""
    report = "".join(f"{line}\n" for line in _told)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(HELD.sub(lambda found: found[1] + report + found[2], text), encoding="utf-8")


def timed(work: Callable[..., object], *given: object) -> float:
    """Seconds that a call takes."""
    start = perf_counter()
    work(*given)
    return perf_counter() - start


def show(what: str, samples: list[float], unit: str, scale: float) -> float:
    """Print median, min and max of samples times ``scale``; returns the median."""
    low, middle, high = (scale * of(samples) for of in (min, median, max))
    tell(f"  {what:<42}{middle:>12,.5g} {unit:<15} ({low:,.5g} to {high:,.5g})")
    return middle


def ready(scenario: Scenario, runs: int = 1) -> Ensemble:
    """An ensemble that has not moved yet."""
    return Ensemble(build([scenario], range(runs)), scenario.run.ticks)


def started_up(scenario: Scenario) -> None:
    """Go once through everything, so that nothing is loaded or compiled while measuring."""
    ready(scenario).advance(scenario.run.ticks)


def run_through(model: Country) -> None:
    """All quarters of a plain model."""
    while model.running:
        model.step()


def own_draws() -> ExitStack:
    """Let plain Mesa take numbers from Python's generator instead of hashing keys.

    The same model in distribution: what hashing costs in Python is told apart from the rest.
    """
    bits = random.Random(1).getrandbits
    patches = ExitStack()

    def key(parent: int, child: int) -> int:
        return bits(64)

    for module in (
        plain_chains, plain_institutions, plain_learning, plain_markets, plain_mesa, plain_policy
    ):  # fmt: skip
        patches.enter_context(mock.patch.object(module, "key", key))
    return patches


def beside_plain_mesa(repeats: int, large: bool) -> dict[str, Any]:
    """One run on one thread, engine and plain Mesa in turns, from the same start."""
    facts: dict[str, Any] = {"ratio_plain_mesa": {}, "ratio_plain_mesa_own_draws": {}}
    same = True
    for firms, quarters in ((200, HORIZON), (2_000, QUARTERS), *[(20_000, YEAR)] * large):
        scenario = country(firms, quarters=quarters)
        plain, drawing, engine = [], [], []
        for _ in range(repeats if firms < 1_000 else min(repeats, 3)):
            model, ensemble = Country(scenario), ready(scenario)
            plain.append(timed(run_through, model))
            engine.append(timed(ensemble.advance, quarters))
            same &= not differences(model, ensemble)
            with own_draws():
                drawing.append(timed(run_through, Country(scenario)))
        per_tick = 1e9 / (firms * quarters)
        tell(f"\nOne run of {firms:,} firms, {quarters} quarters, one thread")
        show("plain Mesa", plain, "ns a firm-tick", per_tick)
        show("plain Mesa with Python's own generator", drawing, "ns a firm-tick", per_tick)
        show("engine", engine, "ns a firm-tick", per_tick)
        ratio, drawn = median(plain) / median(engine), median(drawing) / median(engine)
        tell(f"  the engine is {ratio:.0f} times as fast ({drawn:.0f} where Python draws its own)")
        facts["ratio_plain_mesa"][str(firms)] = round(ratio, 1)
        facts["ratio_plain_mesa_own_draws"][str(firms)] = round(drawn, 1)
        if firms == 2_000:
            facts["firm_ticks_per_s"] = round(firms * quarters / median(engine))
    tell(f"  trajectories the same to the last bit: {'yes' if same else 'NO'}")
    return facts | {"same_trajectories": same}


def ensembles(repeats: int) -> dict[str, Any]:
    """Many runs of 200 firms from scenario to last quarter: one engine call, mesa.batch_run."""
    scenario = country(200, quarters=QUARTERS)
    calls: dict[str, list[float]] = defaultdict(list)
    for _ in range(repeats):
        for threads in (1, 2):
            start = perf_counter()
            ensemble = ready(scenario, ENSEMBLE)
            calls[f"advance {threads}"].append(timed(ensemble.advance, QUARTERS, threads))
            calls[f"engine {threads}"].append(perf_counter() - start)
        start = perf_counter()
        mesa.batch_run(
            Country,
            {"scenario": [scenario], "replicate": range(BATCH)},
            number_processes=1,
            max_steps=QUARTERS,
            display_progress=False,
        )
        calls["batch_run"].append(perf_counter() - start)
    tell(f"\nEnsembles of 200 firms, {QUARTERS} quarters, world building included")
    batch = show("mesa.batch_run, one process", calls["batch_run"], "ms a run", 1e3 / BATCH)
    facts = {}
    firm_ticks = ENSEMBLE * 200 * QUARTERS
    for threads in (1, 2):
        what = f"engine, {ENSEMBLE} runs in one call, threads: {threads}"
        mine = show(what, calls[f"engine {threads}"], "ms a run", 1e3 / ENSEMBLE)
        advancing = calls[f"advance {threads}"]
        show("  of which quarters", advancing, "ns a firm-tick", 1e9 / firm_ticks)
        facts[f"ratio_batch_run_{threads}"] = round(batch / mine, 1)
        facts[f"ensemble_firm_ticks_per_s_{threads}"] = round(firm_ticks / median(advancing))
        tell(f"  the engine needs one part in {batch / mine:.0f} of the time")
    return facts | {"ratio_batch_run": facts.pop("ratio_batch_run_1")}


def linearity(sizes: list[int]) -> dict[str, Any]:
    """Time a firm-tick as the world grows."""
    tell("\nOne run of larger and larger worlds, one thread")
    times: dict[int, list[float]] = defaultdict(list)
    worlds = {firms: build([country(firms)], [0]) for firms in sizes}
    for _ in range(3):
        for firms, world in worlds.items():
            ensemble = Ensemble(deepcopy(world), 8)
            times[firms].append(timed(ensemble.advance, 8))
    return {
        "ns_per_firm_tick": {
            str(firms): round(
                show(f"{firms:,} firms", times[firms], "ns a firm-tick", 1e9 / (8 * firms))
            )
            for firms in sizes
        }
    }


def limit(ns_per_firm_tick: dict[str, float]) -> dict[str, Any]:
    """What the memory of this machine allows: each table once through the processor a quarter.

    A firm is read as it was, and read and written as it becomes; a tie is read and written. The rate is that
    of a copy by NumPy, read and written bytes counted both.
    """
    firms = max(map(int, ns_per_firm_tick))
    world = build([country(firms)], [0])
    ties = int(world.runs[0].used_ties)
    moved = 3 * FIRM.itemsize + 2 * TIE.itemsize * ties / firms
    source = np.ones(COPIED, np.uint8)
    target = np.empty_like(source)
    seconds = [timed(np.copyto, target, source) for _ in range(6)][1:]
    tell(f"\nWhat memory allows, {firms:,} firms")
    rate = show("copy by NumPy", [2 * COPIED / s for s in seconds], "GB a second", 1e-9)
    least = moved / rate
    share = least / ns_per_firm_tick[str(firms)]
    tell(
        f"  {moved:,.0f} bytes a firm-tick at least: {least:,.0f} ns, {share:.1%} of what the engine takes"
    )
    return {"bytes_per_firm_tick": round(moved), "limit_ns": round(least, 1), "limit_share": share}


def where_time_goes() -> dict[str, Any]:
    """Each event of a quarter timed by itself: its events compiled, the loop over them not."""
    spent: dict[str, float] = defaultdict(float)

    def with_clock(name: str, event: Callable) -> Callable:
        def run(*given: Any) -> Any:
            start = perf_counter()
            result = event(*given)
            spent[name] += perf_counter() - start
            return result

        return run

    def key(parent: Any, child: Any) -> np.uint64:  # compiled code hands back a Python int
        return np.uint64(tick_key(np.uint64(parent), np.uint64(child)))

    tick_key = tick.key
    loops = (tick.advance.py_func, tick.advance_quarter.py_func)
    called = {name for loop in loops for name in loop.__code__.co_names} - {"advance_quarter"}
    clocks = {
        name: with_clock(name, thing)
        for name, thing in vars(tick).items()
        if name in called
        and hasattr(thing, "py_func")
        and thing.__module__.startswith("model.engine")
    }
    firms, quarters = 20_000, 8
    with (
        mock.patch.dict(
            vars(tick), clocks | {"key": key, "advance_quarter": tick.advance_quarter.py_func}
        ),
        mock.patch("model.engine.ensemble.advance", tick.advance.py_func),
    ):
        for size in (2_000, firms):  # the smaller world loads each event by itself
            spent.clear()
            ready(country(size)).advance(quarters)
    total = sum(spent.values())
    tell(f"\nWhere the time goes, {firms:,} firms")
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        each = 1e9 * seconds / (firms * quarters)
        tell(f"  {name:<42}{each:>12,.5g} ns a firm-tick  ({seconds / total:.1%})")
    return {"time_shares": {name: round(seconds / total, 4) for name, seconds in spent.items()}}


def memory() -> dict[str, Any]:
    """Bytes that one more firm takes, beside its ties and its ledger: declared and measured."""
    few, more = 8_000, 16_000
    declared = 2 * FIRM.itemsize
    measured = (held(more) - held(few)) / (more - few)
    tell(f"\nMemory: {declared} bytes a firm declared, {measured:.1f} measured")
    return {"bytes_per_sme": declared, "bytes_per_sme_measured": round(measured, 1)}


def held(firms: int) -> int:
    """Bytes that an ensemble of one run holds without ties, or bodies that make some."""
    data = country(firms, quarters=1).model_dump()
    data["across"]["ties"] = 0.0
    for community in data["communities"].values():
        community["topology"] = "none"
    for institution in data["institutions"].values():
        institution["services"]["meeting"] = 0.0
        institution["board"] = {"government": 1}
    scenario = Scenario.model_validate(data)
    tracemalloc.start()
    ensemble = ready(scenario)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del ensemble
    return size


def first_result() -> dict[str, Any]:
    """Seconds from starting Python to a first run's series, with nothing and all compiled."""
    tell("\nFrom starting Python to the first result, 200 firms, 60 quarters")
    command, samples = [sys.executable, "-c", FIRST_RESULT], defaultdict(list)
    for _ in range(3):
        with tempfile.TemporaryDirectory() as cache:
            settings = os.environ | {"HIGHROAD_CACHE": cache, "PYTHONPATH": str(ROOT)}
            for name in ("cold", "warm", "warm"):
                start = perf_counter()
                subprocess.run(command, env=settings, cwd=ROOT, check=True)
                samples[name].append(perf_counter() - start)
    return {f"{name}_s": round(show(name, each, "s", 1.0), 2) for name, each in samples.items()}


if __name__ == "__main__":
    sys.exit(main())
