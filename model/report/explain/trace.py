"""One replicate run again, quarter by quarter, with one place traced.

Draws are made where they are used from (seed, replicate, who, when, what for), so a run done again
from its manifest is the same run; that it is is checked against the ledger of the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.engine.ensemble import Ensemble
from model.provenance import provenance
from model.records.records import Records
from model.report.explain.result import LEDGER, ReplayError, ResultFolder
from model.scenario.faults import Fault, InputError, show_path
from model.scenario.schema import Scenario
from model.world.build import RunView, build
from model.world.row_names import Names
from model.world.tables import SPARE

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PlaceState:
    """What surrounds one place at the end of a quarter; copies, so that it stays as it was."""

    tick: int  # the quarter just done, -1 before the first
    firm: np.record
    community: np.record
    sector: np.record
    chains: np.recarray
    institutions: np.recarray
    ties: dict[int, tuple[float, int]]  # row of the other firm -> trust, kind


class Trace:
    """A run in motion and the place in it that is traced, row ``place`` of its firms."""

    def __init__(self, result: ResultFolder, label: str, replicate: int, place: int) -> None:
        self.result, self.label, self.replicate, self.place = result, label, replicate, place
        self.scenario: Scenario = result.scenario(label)
        self.ticks = int(result.manifest.get("ticks", self.scenario.run.ticks))
        world = build((self.scenario,), (replicate,))
        if not 0 <= place < len(world.firms):
            allowed = f"the places of {label} are 0 to {len(world.firms) - 1}"
            raise InputError(Fault("--firm", str(place), "", allowed))
        self.ensemble = Ensemble(world, self.ticks)
        self.snapshots = [self._snapshot()]

    @property
    def names(self) -> Names:
        """What the rows of its tables are called."""
        return self.ensemble.world.names[0]

    @property
    def view(self) -> RunView:
        """Its tables as they stand."""
        return self.ensemble.world.slice(0)

    def step(self) -> None:
        """One quarter more, and a look at the place."""
        self.ensemble.advance(len(self.snapshots))
        self.snapshots.append(self._snapshot())

    def run(self, done: Callable[[int], None] | None = None) -> Trace:
        """To the end of what the result recorded; ``done`` is told of the quarters just finished."""
        while len(self.snapshots) <= self.ticks:
            self.step()
            if done:
                done(1)
        return self

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """What the whole run booked, once it has ended."""
        return Records(self.ensemble, (self.label,)).ledger

    def _snapshot(self) -> PlaceState:
        view = self.view
        firm = view.firms[self.place].copy()
        community = view.communities[firm.community].copy()
        mine = view.ties[(view.ties.a == self.place) | (view.ties.b == self.place)]
        return PlaceState(
            tick=int(view.run.tick) - 1,
            firm=firm,
            community=community,
            sector=view.sectors[community.sector].copy(),
            chains=view.chains.copy(),
            institutions=view.institutions.copy(),
            ties={
                int(tie.a + tie.b) - self.place: (float(tie.trust), int(tie.kind))
                for tie in mine
                if tie.kind != SPARE
            },
        )


def check_replay(trace: Trace) -> None:
    """Raise ReplayError unless the run, done again, booked what the result's ledger holds."""
    result = trace.result
    recorded = result.ledger(trace.label, trace.replicate).astype(str)
    again = trace.ledger.astype(str)
    if list(recorded.columns) == list(again.columns):
        n = min(len(recorded), len(again))
        apart = (recorded.to_numpy()[:n] != again.to_numpy()[:n]).any(axis=1)
        if len(recorded) == len(again) and not apart.any():
            return
        first = int(apart.argmax()) if apart.any() else n
        longer = again if len(again) > first else recorded
        where = f"parts from the replay in quarter {longer['tick'].iloc[first]}"
    else:
        where = "has other columns than this version writes"
    made, now = result.manifest, provenance({})
    changed = [f"sources {made.get('source')}, now {now['source']}"] * (
        made.get("source") != now["source"]
    )
    versions = made.get("versions", {})
    changed += [
        f"{name} {versions.get(name)}, now {version}"
        for name, version in now["versions"].items()
        if versions.get(name) != version
    ]
    why = f"made with {'; '.join(changed)}" if changed else "sources and versions are the same"
    file = show_path(result.folder / LEDGER)
    raise ReplayError(Fault(file, "", "", f"{where} ({why})", "run the command again"))
