"""Counts the calls of a run in plain Python, where each can be seen; ``test_work`` starts it."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from model import draws
from model.engine import institutions, learning
from model.engine.run_tables import TiesByFirm
from model.world.tables import NOBODY, TIE, table
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
            (institutions, "by_lot"), (institutions, "applicant"), (institutions, "would_give_way"),
            (institutions, "prefers"),
        )
    ]  # fmt: skip
    ensemble.advance(QUARTERS)
    for put_back in back:
        put_back()
    return dict(tally)


class Ties:
    """A table of ties that counts how often one is looked at."""

    def __init__(self, rows: int) -> None:
        """``rows``: how many ties there is room for."""
        self._rows, self.looks = table(TIE, rows).view(np.recarray), 0

    def __len__(self) -> int:
        """How many ties there is room for."""
        return len(self._rows)

    def __getitem__(self, e: int) -> Any:
        """Row ``e``."""
        self.looks += 1
        return self._rows[e]


def asked_ahead() -> dict[str, int]:
    """Of those whom institutions serve in a world of many firms, of how many memory was asked for before."""
    tally, asked = Counter(), [NOBODY] * 4

    def served(name: str) -> Callable[[], None]:
        function = getattr(institutions, name)

        def serve(i: int, *given: Any) -> Any:
            tally["served"] += 1
            tally["asked"] += asked[-4:-2] == [
                i,
                i,
            ]  # as it was and as it becomes; then the next one was
            return function(i, *given)

        setattr(institutions, name, serve)
        return lambda: setattr(institutions, name, function)

    def plan(*given: Any) -> int:
        events = planned(*given)
        tally["services"] += events > 0
        return events

    ensemble = live(scenario(*EVERYTHING), 0, horizon=QUARTERS)
    planned, ask, many = institutions.planned_events, institutions.ask_for_firm, institutions.MANY
    institutions.planned_events, institutions.MANY = plan, 0
    institutions.ask_for_firm = lambda i, firms: asked.append(i)
    back = [served(name) for name in ("_teach", "_hear_out")]
    ensemble.advance(QUARTERS)
    for put_back in back:
        put_back()
    institutions.planned_events, institutions.ask_for_firm, institutions.MANY = planned, ask, many
    return dict(tally)


def looks_at_ties(pairs: int) -> int:
    """How many ties are looked at where two firms meet, a stranger each, and stay in touch: a quarter."""
    ensemble = live(scenario(ONE, parameters(forums={"meeting": 1.0})), 0, horizon=1)
    ties, firms = Ties(pairs + 1), 2 * pairs  # with room to the end
    by_firm = TiesByFirm(
        np.zeros(firms + 1, np.int64),
        np.zeros(2 * len(ties), np.int64),
        np.full(firms, NOBODY),
        np.zeros(2, np.int64),
    )
    for i in range(pairs):
        for _ in range(2):  # the second time they are in touch already
            institutions.bring_together(
                2 * i, 2 * i + 1, ties, by_firm, ensemble.world.parameters[0]
            )
    assert by_firm.used[1] == pairs
    return ties.looks


WORLDS: dict[str, tuple[tuple, dict]] = {
    "everything": ((*EVERYTHING, parameters(board={"ties": 0.0})), {}),
    "forty": ((ONE, STILL), {}),
    "eighty": ((ONE, STILL), {"firms": 80}),
    "eighty, half vacant": ((ONE, STILL), {"firms": 80, "vacant": 40}),
    "ignorant": ((ONE, STILL, NO_SOURCES, IGNORANT), {}),
}

if __name__ == "__main__":
    calls = {name: work(*layers, **how) for name, (layers, how) in WORLDS.items()}
    calls["ahead"] = asked_ahead()
    calls["meetings"] = {"few": looks_at_ties(20), "many": looks_at_ties(80)}
    json.dump(calls, sys.stdout)
