"""A life: the path of one firm's scores and means, and what befell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from model.outlook import Explanation, explain
from model.report.explain.events import BROUGHT, UNLEARNED, Event, events, own_ledger
from model.report.explain.trace import Trace
from model.scenario.faults import Fault, InputError
from model.theory.absorption import within_reach
from model.theory.interaction import ENGINEERING, MACHINERY
from model.theory.practices import DIMENSIONS, capability, score
from model.theory.road import HIGH
from model.world.tables import NOBODY

if TYPE_CHECKING:
    import pandas as pd

MEANS = ("capability", "value_added", "wage", "resources")


@dataclass(frozen=True)
class Known:
    """Knowing what beside knowing how, in one dimension. Counts of practices.

    What a firm was shown and could not take up stays with it as something it knows of.
    """

    dimension: str
    too_early: int  # of which it heard, through its life, while they were out of reach
    caught_up: int  # those of them that it came to master later
    mastered: int  # at the end, as all below
    beyond: int  # known of, not mastered, out of reach
    with_machine: int  # known of, not mastered, within reach, embodied in a machine that is sold
    besides: int  # known of, not mastered, within reach


@dataclass(frozen=True)
class Life:
    """One firm from its entry to its closure or to the end of the run."""

    trace: Trace
    born: int  # quarter of its entry, 0 for founders
    events: tuple[Event, ...]
    path: pd.DataFrame  # a row a quarter: tick, scores by dimension, MEANS, high_road
    contracts: pd.DataFrame  # tick x lead firm: whether it supplies it
    memberships: pd.DataFrame  # tick x institution: whether it is a member

    @property
    def community(self) -> str:
        """Key of its community."""
        return self.trace.names.communities[self.trace.snapshots[0].firm.community]

    @property
    def closed(self) -> int | None:
        """The quarter in which it closed, None if it is in business."""
        last = self.events[-1]
        return last.tick if last.kind == "closed" else None

    @cached_property
    def lessons(self) -> pd.DataFrame:
        """A row a dimension, channel and source: practices that it mastered by its own learning."""
        own = own_ledger(self.trace, self.born).astype({"dimension": str, "channel": str})
        own = own[~own["channel"].isin((*BROUGHT, *UNLEARNED))]
        by = ["dimension", "channel", "source"]
        return own.groupby(by, sort=False).size().rename("practices").reset_index()

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """What it knows of and what it masters, by dimension."""
        mine = [s for s in self.trace.snapshots if s.firm.active and s.firm.born == self.born]
        params, last = self.trace.view.parameters, mine[-1]
        found = []
        for d, dimension in enumerate(DIMENSIONS):
            early, mastered = 0, int(last.firm.mastered[d])
            for before, after in pairwise(mine):
                heard = int(after.firm.aware[d]) & ~int(before.firm.aware[d])
                early |= heard & ~int(within_reach(before.firm, d, params))
            lacking = int(last.firm.aware[d]) & ~mastered
            reach = int(within_reach(last.firm, d, params))
            machine = int(last.sector.holds[d, MACHINERY - ENGINEERING])
            masks = (
                early, early & mastered, mastered, lacking & ~reach, lacking & reach & machine,
                lacking & reach & ~machine,
            )  # fmt: skip
            found.append(Known(dimension, *(mask.bit_count() for mask in masks)))
        return tuple(found)

    @cached_property
    def outlook(self) -> Explanation | None:
        """What it could learn next; None if it has closed."""
        if self.closed is not None:
            return None
        return explain(self.trace.ensemble.world, self.trace.place)

    def facts(self) -> dict[str, Any]:
        """The life as plain data."""
        last = self.path.iloc[-1]
        return {
            "scenario": self.trace.label,
            "replicate": self.trace.replicate,
            "firm": self.trace.place,
            "born": self.born,
            "closed": self.closed,
            "community": self.community,
            "scores": {d: round(float(last[d]), 4) for d in DIMENSIONS},
            "lessons": self.lessons.to_dict("records"),
            "known": [asdict(known) for known in self.known],
            "events": [
                {k: v for k, v in asdict(event).items() if v != ""} for event in self.events
            ],
        }


def who_was_there(trace: Trace, born: int | None) -> int:
    """The firm whose life is told: that which entered in ``born``, or that there at the end.

    InputError, naming those who were there, if there is none.
    """
    there = sorted({int(s.firm.born) for s in trace.snapshots if s.firm.active})
    last = trace.snapshots[-1].firm
    if born is None and last.active:
        return int(last.born)
    if born is not None and born in there:
        return born
    place = str(trace.place)
    entered = ", ".join(map(str, there))
    if born is None:
        allowed = f"the place is vacant at the end of {trace.label}"
        hint = f"--born tells of whom was there before, by quarter of entry: {entered}"
        raise InputError(Fault("--firm", place, "", allowed, hint))
    allowed = f"no firm entered place {place} of {trace.label} in that quarter"
    raise InputError(Fault("--born", str(born), "", allowed, f"firms entered it in {entered}"))


def live(trace: Trace, born: int) -> Life:
    """The life of the firm that entered the traced place in quarter ``born``; the run has ended."""
    import pandas as pd

    mine = [s for s in trace.snapshots if s.firm.active and s.firm.born == born]
    rows, supplied, joined = [], [], []
    for snapshot in mine:
        firm = snapshot.firm
        numbers = {d: score(firm.mastered[i]) for i, d in enumerate(DIMENSIONS)}
        numbers["capability"] = capability(firm)
        numbers |= {name: float(firm[name]) for name in MEANS[1:]}
        rows.append({"tick": snapshot.tick, **numbers, "high_road": bool(firm.road == HIGH)})
        held = {row for row in firm.contract.tolist() if row != NOBODY}
        supplied.append([row in held for row in range(len(trace.names.chains))])
        houses = trace.names.memberships(firm)
        joined.append([row in houses for row in range(len(trace.names.institutions))])
    path = pd.DataFrame(rows)
    return Life(
        trace=trace,
        born=born,
        events=tuple(events(trace, born)),
        path=path,
        contracts=_table(supplied, path["tick"], trace.names.chains),
        memberships=_table(joined, path["tick"], trace.names.institutions),
    )


def _table(rows: list[list[bool]], ticks: pd.Series, names: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    values = np.array(rows, bool).reshape(len(ticks), len(names))
    return pd.DataFrame(values, index=pd.Index(ticks, name="tick"), columns=list(names))
