"""Advance all runs of a world, in blocks over threads.

A block is a fixed number of runs: which thread takes it changes nothing, since runs share no rows and
draws know no order. The ledger of a block grows when a quarter might not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import numpy as np

from model.compiler import let_keys_wrap
from model.engine.ledger import LedgerRoom
from model.engine.run_tables import Room, RunTables, room_for
from model.engine.tick import advance
from model.engine.timetable import Write, timetables, write
from model.engine.took_part import TookPart
from model.scenario.schema import Scenario
from model.world import tables as t
from model.world.build import World

_BLOCK = 8  # runs; small enough to spread over threads
_PIECE = 1_000_000  # firm-quarters between two looks at the clock and the keyboard, about a second


@dataclass
class Ensemble:
    """A world in motion: its tables, its series so far and its ledger.

    ``horizon`` is the most quarters it can be advanced to. ``series`` has (sum over runs of horizon x
    communities) rows: quarter by quarter, community by community, run after run.
    """

    world: World
    horizon: int
    interventions: list[dict[str, Any]] = field(default_factory=list)
    """What was written into single firms from outside: quarter, firm, what."""
    keeps_ledger: bool = True
    """Whether bookings are kept when their quarter is over: of a long run they take most of the memory."""
    keeps_participation: bool = False
    """Whether it is noted who took part in what and when, for which runs are stopped every quarter."""
    series: np.recarray = field(init=False)
    _before: np.recarray = field(init=False)
    _ledgers: list[LedgerRoom] = field(init=False)  # a block
    _timetables: list[dict[int, list[Write]]] = field(init=False)  # a run
    _took_part: list[TookPart] = field(init=False)  # a block

    def __post_init__(self) -> None:
        self.series = self._room()
        self._before = t.table(t.FIRM, len(self.world.firms))
        blocks = -(-len(self.world.runs) // _BLOCK)
        self._ledgers = [new_ledger(self.keeps_ledger) for _ in range(blocks)]
        self._timetables = timetables(self.world)
        noted = range(blocks) if self.keeps_participation else ()
        self._took_part = [TookPart(self.world, *self._runs_of(block)) for block in noted]

    def _runs_of(self, block: int) -> tuple[int, int]:
        """The first run of a block and the one after its last."""
        return block * _BLOCK, min((block + 1) * _BLOCK, len(self.world.runs))

    def follow(self, scenarios: tuple[Scenario, ...]) -> None:
        """Go on by the timetables of other scenarios; what they say of quarters past is not written."""
        self.world = replace(self.world, scenarios=scenarios)
        self._timetables = timetables(self.world)

    def _room(self) -> np.recarray:
        """An empty series up to the horizon; tells each run where its rows are."""
        rows = 0
        for run in self.world.runs:
            communities = int(run.communities[1] - run.communities[0])
            run.series = rows, rows + self.horizon * communities
            rows += self.horizon * communities
        return t.table(t.SERIES, rows)

    def extend(self, horizon: int) -> None:
        """Move the horizon further away; what was recorded stays. ValueError if it comes nearer."""
        if horizon < self.horizon:
            raise ValueError(f"horizon {horizon} is nearer than the present one of {self.horizon}")
        recorded = [self.series[slice(*run.series)] for run in self.world.runs]
        self.horizon = horizon
        self.series = self._room()
        for run, rows in zip(self.world.runs, recorded, strict=True):
            self.series[run.series[0] : run.series[0] + len(rows)] = rows

    @property
    def ledger(self) -> np.recarray:
        """All bookings so far: runs in order, quarters in order within each run's advance.

        ValueError if they were not kept.
        """
        if not self.keeps_ledger:
            raise ValueError(
                "the ledger of these runs was not kept; run them again with their ledger"
            )
        joined = np.concatenate(self.bookings)
        order = np.argsort(joined["run"], kind="stable")
        return joined[order].view(np.recarray)

    @property
    def bookings(self) -> list[np.ndarray]:
        """The ledger so far in pieces, not copied, each of some runs; what is in them does not change."""
        return [ledger.rows[: ledger.used[0]] for ledger in self._ledgers]

    @property
    def took_part(self) -> np.ndarray:
        """(n,) TOOK_PART, who took part in what and when. ValueError if that was not noted."""
        if not self.keeps_participation:
            raise ValueError("who took part in what was not noted; run again with the ledger")
        return np.concatenate([log.noted for log in self._took_part])

    def advance(
        self, until: int, workers: int = 1, done: Callable[[int], None] | None = None
    ) -> None:
        """Advance every run to quarter ``until`` on ``workers`` threads, this one if it is one.

        ``done`` is called, from the threads, with the run-quarters just finished. An interrupt ends
        all threads after the piece they are at. Raises ValueError past the horizon.
        """
        if until > self.horizon:
            raise ValueError(f"quarter {until} lies beyond the horizon of {self.horizon}")
        stop = Event()
        if workers == 1 or len(self._ledgers) == 1:  # a thread costs a tenth of a millisecond
            let_keys_wrap()
            for block in range(len(self._ledgers)):
                self._advance_block(block, until, stop, done)
            return
        pool = ThreadPoolExecutor(workers, initializer=let_keys_wrap)
        try:
            blocks = range(len(self._ledgers))
            work = [pool.submit(self._advance_block, b, until, stop, done) for b in blocks]
            for finished in work:
                finished.result()
        except BaseException:
            stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _advance_block(
        self, block: int, until: int, stop: Event, done: Callable[[int], None] | None
    ) -> None:
        w = self.world
        lo, hi = self._runs_of(block)
        firms = w.runs["firms"]
        piece = max(1, _PIECE // int(firms[hi - 1, 1] - firms[lo, 0]))
        piece = 1 if self.keeps_participation else piece
        ticks = w.runs["tick"][lo:hi]
        tick, room = int(ticks.min()), room_for(w.runs[lo:hi])
        while tick < until and not stop.is_set():
            before = int(ticks.sum())
            self._change_world(lo, hi)
            to = min(tick + piece, until, self._next(lo, hi, tick))
            self._advance_piece(block, lo, hi, to, room)
            tick = int(ticks.min())
            if self.keeps_participation:
                self._took_part[block].look(w)
            if done:
                done(int(ticks.sum()) - before)

    def _change_world(self, lo: int, hi: int) -> None:
        """Write what the timetables of runs ``lo`` to ``hi - 1`` hold for the quarter ahead (event 1)."""
        for run in range(lo, hi):
            if writes := self._timetables[run].get(int(self.world.runs[run].tick)):
                write(self.world.slice(run), writes)

    def _next(self, lo: int, hi: int, tick: int) -> int:
        """The next quarter after ``tick`` for which a timetable of these runs holds something."""
        ticks = (when for run in range(lo, hi) for when in self._timetables[run] if when > tick)
        return min(ticks, default=self.horizon)

    def _advance_piece(self, block: int, lo: int, hi: int, until: int, room: Room) -> None:
        w = self.world
        tables = tables_of_runs(w, self._before, self.series)
        given = lo, hi, until, tables, w.parameters
        while needed := advance(w.runs, *given, self._ledgers[block], room):
            rows = max(int(needed) + 4096, 2 * len(self._ledgers[block].rows))
            self._ledgers[block] = longer(self._ledgers[block], rows)


def tables_of_runs(world: World, before: np.recarray, series: np.recarray) -> RunTables:
    """What ``advance`` is given: the tables of a world, room for a copy of its firms, and its series."""
    return RunTables(
        before, world.firms, world.ties, world.chains, world.institutions, world.communities,
        world.sectors, world.instruments, series,
    )  # fmt: skip


def new_ledger(kept: bool = True) -> LedgerRoom:
    """A ledger without room or rows; if it is not ``kept`` it holds one quarter at a time."""
    return LedgerRoom(t.table(t.LEDGER, 0), np.zeros(1, np.int64), kept)


def longer(ledger: LedgerRoom, room: int) -> LedgerRoom:
    """The same ledger with room for so many rows."""
    rows, used = t.table(t.LEDGER, room), ledger.used[0]
    # as bytes: column by column takes fifteen times longer
    rows[:used].view(np.uint8)[:] = ledger.rows[:used].view(np.uint8)
    return ledger._replace(rows=rows)
