"""How near the engine comes to the same whole tick in C, side by side in one run.

    uv run bench/c_tick.py [--json] [--quick]

bench/README.md says what each number means. Ends with exit code 1 if the two do not give the same bytes,
with 2 if there is no C compiler or the theory holds something that was not written in C.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from copy import deepcopy
from statistics import median
from time import thread_time
from typing import Any
from unittest import mock

from bench.c_twin import FLAGS, CTick, NoTwinError, Pair
from bench.worlds import country
from model.engine import tick

AIM = 1.1  # times the seconds of C
SIZES = ((200, 80), (2_000, 20), (20_000, 8))  # firms and quarters


def clocked(advance: Callable[..., int], spent: list[float]) -> Callable[..., int]:
    """The same, adding its seconds to the last of ``spent``.

    Only the calls count, without what both have in Python, and only seconds of the processor: what else
    the machine does meanwhile is not counted.
    """

    def with_clock(*given: Any) -> int:
        start = thread_time()
        needed = advance(*given)
        spent[-1] += thread_time() - start
        return needed

    return with_clock


def side_by_side(twin: CTick, firms: int, quarters: int, repeats: int) -> dict[str, Any]:
    """One run of each, in turns, from the same start, on one thread."""
    start = Pair.of(country(firms, quarters=quarters))
    seconds: dict[str, list[float]] = {"engine": [], "c": []}
    found: list[str] = []
    for repeat in range(repeats + 1):  # the first warms up
        pair = deepcopy(start)
        turns = [("engine", pair.engine, tick.advance), ("c", pair.c, twin.advance)]
        for name, ensemble, advance in turns[:: 1 if repeat % 2 else -1]:
            seconds[name].append(0.0)
            with mock.patch("model.engine.ensemble.advance", clocked(advance, seconds[name])):
                ensemble.advance(quarters)
        found += pair.differences()
    print(f"\nOne run of {firms:,} firms, {quarters} quarters, one thread")
    middles = {}
    for name, title in (("engine", "engine"), ("c", "the same tick in C")):
        samples = [1e9 * s / (firms * quarters) for s in seconds[name][1:]]
        middles[name] = median(samples)
        print(
            f"  {title:<42}{median(samples):>12,.5g} ns a firm-tick   "
            f"({min(samples):,.5g} to {max(samples):,.5g})"
        )
    ratios = [mine / c for mine, c in zip(seconds["engine"][1:], seconds["c"][1:], strict=True)]
    print(f"  {'engine over C, turn by turn':<42}{median(ratios):>12.3f} times          "
          f"({min(ratios):.3f} to {max(ratios):.3f})")  # fmt: skip
    for line in found[:5]:
        print(f"  NOT THE SAME: {line}")
    return {"ratio": round(median(ratios), 3), "same": not found} | {
        f"ns_{name}": round(middle, 1) for name, middle in middles.items()
    }


def main() -> int:
    """Build, compare, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    options = parser.parse_args()
    try:
        twin = CTick()
    except NoTwinError as why:
        print(f"bench/c_tick.py: {why}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}")
    print(f"{twin.version}, {' '.join(FLAGS[1:4])}")
    facts = {
        str(firms): side_by_side(twin, firms, quarters, 3 if options.quick else 9)
        for firms, quarters in SIZES
    }
    same = all(fact["same"] for fact in facts.values())
    print(f"\nThe same to the last bit: {'yes' if same else 'NO'}")
    for firms, fact in facts.items():
        said = "within" if fact["ratio"] <= AIM else "NOT within"
        print(f"{int(firms):,} firms: {said} {AIM} times the seconds of C")
    if options.json:
        ratios = {firms: fact["ratio"] for firms, fact in facts.items()}
        print(json.dumps({"ratio_c": ratios, "same_bytes": same, "by_size": facts}))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
