"""The timetable (event 1): what a scenario changes on the way is written into the tables of a run.

A change is laid over the scenario, rows are laid anew from that, and what differs from the rows before
is what the change decides; nothing else is written. So whatever a file can say of sectors, communities,
chains, institutions and instruments can change, and what the run has made of the rest stays. Draws are
those of the world's building: a body with twice the expertise knows all that it knew, and more.

It happens between two calls of ``advance``, before the quarter begins. A change may be written twice:
the second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.draws import WORLD, key
from model.scenario.changes import after, in_order
from model.scenario.schema import Scenario
from model.world import tables as t
from model.world.build import RunView, World, pairs_of
from model.world.row_names import Names
from model.world.rows import Rows, drawn, rows_of, tables_of

DRAWN = {
    "sectors": ("holds", "own", "known"),
    "communities": ("repertoire",),
    "chains": ("holds",),
    "institutions": ("expertise",),
}
"""Masks of practices that are drawn: single bits come and go, what a run made of the others stays."""

MOVED = {"chains": ("governance", "outside"), "sectors": ("rivals",)}
"""Numbers that a file sets and a run moves: a change that names them writes them in any case."""

ONCE = ("steered",)
"""Marks that are set and never taken back."""


@dataclass(frozen=True)
class Write:
    """A number that becomes ``value`` in a row of a run's table.

    Of a mask of practices ``value`` is (bits that come, bits that go), a number a kind of upgrading. In
    the table of ties the row is a community, a pair of them, or ``t.NOBODY`` for ties between any.
    """

    table: str
    row: Any
    column: str
    value: Any


@dataclass(frozen=True)
class ChangeStep:
    """One change of a scenario: when, the rows before and after, and what differs in every run."""

    tick: int
    before: Rows
    after: Rows
    writes: tuple[Write, ...]

    @property
    def redraws(self) -> bool:
        """Whether it changes shares by which masks are drawn, so that runs differ in what is written."""
        shares = (
            (r.holds, r.expertise, r.communities.repertoire_share, r.chains.particular)
            for r in (self.before, self.after)
        )
        return not all(np.array_equal(*pair) for pair in zip(*shares, strict=True))


def steps(scenario: Scenario, names: Names) -> tuple[ChangeStep, ...]:
    """The changes of a scenario in order of time."""
    found = []
    rows = rows_of(scenario, names)
    for _, change in in_order(scenario):
        later = after(scenario, change)
        new = rows_of(later, names, (scenario, rows))
        writes = [*_differences(rows, new), *_named(change, names, new)]
        writes += [
            Write("ties", w.row, "usual", w.value)
            for w in writes
            if (w.table, w.column) == ("communities", "trust")
        ]
        if later.across.trust != scenario.across.trust:
            writes.append(Write("ties", t.NOBODY, "usual", later.across.trust))
        if later.across != scenario.across:  # after the ties of all others
            writes += [Write("ties", (a, b), "usual", pair.trust) for a, b, pair in pairs_of(later)]
        found.append(ChangeStep(change.tick, rows, new, tuple(writes)))
        scenario, rows = later, new
    return tuple(found)


def timetables(world: World) -> list[dict[int, list[Write]]]:
    """What is written into each run at each quarter of its timetable."""
    laid = [steps(*pair) for pair in zip(world.scenarios, world.names, strict=True)]
    return [_of_run(run, laid[run.world]) for run in world.runs]


def timetable(world: World, run: int) -> dict[int, list[Write]]:
    """The same for one run."""
    number = int(world.runs[run].world)
    return _of_run(world.runs[run], steps(world.scenarios[number], world.names[number]))


def write(view: RunView, writes: list[Write]) -> None:
    """Write what a timetable holds for a quarter into the tables of a run."""
    for one in writes:
        rows = getattr(view, one.table)
        if one.table == "ties":
            rows["usual"][_ties_of(view, one.row)] = one.value
        elif one.column in DRAWN.get(one.table, ()):
            come, go = one.value
            rows[one.column][one.row] = (rows[one.column][one.row] & ~go) | come
        else:
            rows[one.column][one.row] = one.value


def _of_run(run: np.record, laid: tuple[ChangeStep, ...]) -> dict[int, list[Write]]:
    written: dict[int, list[Write]] = {}
    world_key = np.uint64(key(run.key, np.uint64(WORLD)))
    for step in laid:
        here = written.setdefault(step.tick, [])
        here += step.writes
        if step.redraws:
            here += _redrawn(drawn(step.before, world_key), drawn(step.after, world_key))
    return written


def _differences(before: Rows, new: Rows) -> Iterator[Write]:
    """What differs between two lays of the rows, column by column, before anything is drawn."""
    olds, news = tables_of(before), tables_of(new)
    for table in news:
        old, later = np.asarray(olds[table]), np.asarray(news[table])  # records are slow
        if olds[table] is news[table] or old.tobytes() == later.tobytes():
            continue
        for column in later.dtype.names or ():
            unlike = later[column] != old[column]
            if not unlike.any():
                continue
            for row in np.unique(np.nonzero(unlike)[0]).tolist():
                value = later[column][row].copy()
                if column not in ONCE or value:
                    yield Write(table, row, column, value)


def _named(change: Any, names: Names, new: Rows) -> Iterator[Write]:
    """Numbers that the change names and that the run may have moved meanwhile."""
    for table, columns in MOVED.items():
        for name, said in getattr(change, table).items():
            row = getattr(names, table).index(name)
            for column in columns:
                if getattr(said, column) is not None:
                    yield Write(table, row, column, tables_of(new)[table][column][row].copy())


def _redrawn(before: Rows, new: Rows) -> Iterator[Write]:
    """The bits that come and go in the masks of one run."""
    old, later = tables_of(before), tables_of(new)
    for table, columns in DRAWN.items():
        for column in columns:
            was, becomes = old[table][column], later[table][column]
            for row in range(len(becomes)):
                come, go = becomes[row] & ~was[row], was[row] & ~becomes[row]
                if come.any() or go.any():
                    yield Write(table, row, column, (come, go))


def _ties_of(view: RunView, community: Any) -> np.ndarray:
    """The ties of the start within a community, or between communities: (n_ties,) bool."""
    kinds = np.asarray(view.ties.kind)
    if community == t.NOBODY:
        return np.asarray(kinds == t.ACROSS)
    at = view.firms.community[view.ties.a]
    if isinstance(community, tuple):
        ends = np.sort([at, view.firms.community[view.ties.b]], axis=0)
        of_pair = (ends == np.sort(community)[:, None]).all(axis=0)
        return np.asarray((kinds == t.ACROSS) & of_pair)
    return np.asarray((kinds == t.LOCAL) & (at == community))
