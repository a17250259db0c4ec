"""Time and memory from 200 firms to a million: from a scenario to its series, world and graph included.

    uv run bench/scale.py [--json] [--quick] [--quarters N]

Each size is a process of its own, so that its memory is its own. bench/README.md says what each number
means.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from bench.worlds import country, sectors
from model.engine.ensemble import Ensemble
from model.report.jobs import peak_mb
from model.world.build import build

ROOT = Path(__file__).resolve().parents[1]
SIZES = (200, 2_000, 20_000, 200_000, 1_000_000)
LINEAR_FROM = 2_000  # firms; below, what a run takes whatever its size counts
HORIZON = 80  # quarters
TIMES, OFTEN = 3, 20_000  # runs of each size, up to so many firms
FEW, MANY = 2, 64  # communities of each of four sectors: 8 in a country, or 256
OF_MANY = 1_000_000  # firms of a country of 256 communities
REGIONS, OF_REGION = 32, 31_256  # worlds, firms of each: 256 communities and a million firms in all
STATUS = Path("/proc/self/status")


def once(firms: int, regions: int, quarters: int, threads: int, apiece: int) -> dict[str, float]:
    """Build and advance worlds without their ledger; seconds and megabytes of this process.

    ``apiece``: communities of each of four sectors.
    """
    small = Ensemble(build([country(16, quarters=1)], [0]), 1, keeps_ledger=False)
    small.advance(1)  # compiled code and libraries are there
    before = held_mb()
    scenario = country(firms, quarters=quarters, apiece=apiece)
    clock, cpu = time.perf_counter(), time.process_time()
    world = build([scenario], range(regions))
    built = time.process_time() - cpu
    ensemble = Ensemble(world, quarters, keeps_ledger=False)
    ensemble.advance(quarters, threads)
    return {
        "seconds": time.perf_counter() - clock,
        "cpu_s": time.process_time() - cpu,
        "cpu_s_building": built,
        "peak_mb": held_mb(),
        "before_mb": before,
        "value_added": float(ensemble.series["value_added"].sum()),
    }


def held_mb() -> float:
    """The most memory this process has held, megabytes; not counting what its parent held."""
    if STATUS.exists():
        said = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(said["VmHWM"].split()[0]) / 1024.0
    return peak_mb() or np.nan


def measured(
    firms: int, regions: int, quarters: int, threads: int, apiece: int = FEW
) -> dict[str, float]:
    """``once`` in a process of its own."""
    asked = json.dumps([firms, regions, quarters, threads, apiece])
    command = [sys.executable, __file__, "--once", asked]
    settings = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=settings, cwd=ROOT, check=True, capture_output=True)
    return dict(json.loads(done.stdout))


def exponent(sizes: list[int], amounts: list[float]) -> float:
    """The power of size with which an amount grows: least squares on logarithms."""
    return float(np.polyfit([log(n) for n in sizes], [log(a) for a in amounts], 1)[0])


def measure(sizes: tuple[int, ...], quarters: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """One run of each size, a country of many communities, then one of regions on two threads."""
    tell(f"\nFrom scenario to series, {quarters} quarters, ledger not kept, building included")
    tell(f"  (the quickest of {TIMES} up to {OFTEN:,} firms)")
    rows = {
        firms: min(
            (measured(firms, 1, quarters, 1) for _ in range(TIMES if firms <= OFTEN else 1)),
            key=lambda row: row["cpu_s"],  # other work on the machine only adds
        )
        for firms in sizes
    }
    for firms, row in rows.items():
        tell(_line(f"{firms:,} firms", firms * quarters, row))
    large = [firms for firms in sizes if firms >= LINEAR_FROM]
    facts: dict[str, Any] = {"scale": rows, "scale_quarters": quarters}
    facts["time_exponent"] = round(exponent(large, [rows[n]["cpu_s"] for n in large]), 3)
    more = [rows[n]["peak_mb"] - rows[n]["before_mb"] for n in large]
    # a small world fits into what was free before
    facts["memory_exponent"] = round(exponent(large[-2:], [max(1.0, m) for m in more[-2:]]), 3)
    tell(
        f"  grows with the power {facts['time_exponent']} of firms in processor time from "
        f"{large[0]:,} on, {facts['memory_exponent']} in memory over the last two"
    )
    if max(sizes) >= 1_000_000:
        row = measured(OF_MANY, 1, quarters, 1, MANY)
        where = f"{OF_MANY:,} firms, {MANY * len(sectors())} communities"
        tell(_line(where, OF_MANY * quarters, row))
        facts["communities"] = row
        row = measured(OF_REGION, REGIONS, quarters, 2)
        what = f"{REGIONS} regions of {OF_REGION:,}, 2 threads"
        tell(_line(what, OF_REGION * REGIONS * quarters, row))
        tell(f"  (that is {REGIONS * len(country(OF_REGION).communities)} communities)")
        facts["regions"] = row
    return facts


def _line(what: str, firm_ticks: int, row: dict[str, float]) -> str:
    each = 1e9 * (row["cpu_s"] - row["cpu_s_building"]) / firm_ticks
    return (
        f"  {what:<36}{row['seconds']:>9,.1f} s {row['cpu_s']:>9,.1f} s of processors, "
        f"{row['cpu_s_building']:,.1f} of them building; {each:,.0f} ns a firm-tick; "
        f"{row['peak_mb']:,.0f} MB ({row['before_mb']:,.0f} before)"
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--quick", action="store_true", help="no more than 20,000 firms")
    parser.add_argument("--quarters", type=int, default=HORIZON, help="of each run")
    parser.add_argument("--once", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(once(*json.loads(asked.once))))
        return 0
    sizes = SIZES[:3] if asked.quick else SIZES
    facts = measure(sizes, asked.quarters, lambda line: print(line, flush=True))
    if asked.json:
        print(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
