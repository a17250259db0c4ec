"""Counts the calls of a run in plain Python, where each can be seen; ``test_work`` starts it."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from model import draws
from model.engine import institutions, learning
from tests.worlds import EVERYTHING, NO_SOURCES, ONE, by_dimension, live, parameters, scenario

QUARTERS = 4
STILL = parameters(resources={"patience": 1000, "entry": 0}, road={"confidence": 10.0})
IGNORANT = {"sectors": {"trade": {"start": by_dimension(0.0)}}}
"""Nobody masters or shows anything."""


def counted(module: Any, name: str, tally: Counter) -> Callable[[], None]:
    """Count the calls of a function of a module; returns what puts it back."""
    function = getattr(module, name)

    def count(*given: Any) -> Any:
        tally[name] += 1
        return function(*given)

    setattr(module, name, count)
    return lambda: setattr(module, name, function)


def work(*layers: dict, firms: int = 40, vacant: int = 0) -> dict[str, int]:
    """Calls by function in the first ``QUARTERS`` quarters; ``vacant``: places without a firm."""
    here = {"communities": {"here": {"firms": firms}}}
    ensemble = live(scenario(*layers, here), 0, horizon=QUARTERS)
    ensemble.world.firms.active[len(ensemble.world.firms) - vacant :] = 0
    tally: Counter = Counter()
    back = [
        counted(module, name, tally)
        for module, name in (
            (draws, "mix"), (learning, "attend"), (learning, "lost"), (learning, "have_lesson"),
            (institutions, "by_lot"), (institutions, "applicant"), (institutions, "prefers_second"),
        )
    ]  # fmt: skip
    ensemble.advance(QUARTERS)
    for put_back in back:
        put_back()
    return dict(tally)


WORLDS: dict[str, tuple[tuple, dict]] = {
    "everything": (EVERYTHING, {}),
    "forty": ((ONE, STILL), {}),
    "eighty": ((ONE, STILL), {"firms": 80}),
    "eighty, half vacant": ((ONE, STILL), {"firms": 80, "vacant": 40}),
    "ignorant": ((ONE, STILL, NO_SOURCES, IGNORANT), {}),
}

if __name__ == "__main__":
    json.dump({name: work(*layers, **how) for name, (layers, how) in WORLDS.items()}, sys.stdout)
