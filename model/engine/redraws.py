"""The coming quarter of one run, drawn again and again: what firms may learn, as frequencies.

A copy of the run is advanced by one quarter, each time with other draws; the world itself is not
touched and its own draws are not used. So every rule of the theory stands once: what is told as a
chance is how often it happened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.compiler import let_keys_wrap
from model.draws import REDRAW, key
from model.engine.ensemble import longer, new_ledger, tables_of_runs
from model.engine.run_tables import room_for
from model.engine.tick import advance
from model.engine.timetable import timetable, write
from model.theory.interaction import (
    CHANNELS,
    FORGOTTEN,
    INHERITANCE,
    LABOUR,
    OVERTAKEN,
    PEER,
    RECOMBINATION,
    START,
)
from model.theory.practices import DIMENSIONS
from model.world import tables as t
from model.world.build import TABLES, RunView, World
from model.world.tables import NOBODY

TIMES = 400  # a chance of 0.1 is then known to within 0.03, nineteen times out of twenty
_FEWEST = 50
_MOST_FIRMS = 2_000_000  # firms drawn in all: a large world is drawn fewer times
_AT_ONCE = 50_000  # firms whose copies are held at a time
_RUNS = 1 << 16  # more than are ever drawn at a time
_NOT_LEARNED = (START, INHERITANCE, FORGOTTEN, OVERTAKEN)

LESSON = np.dtype(
    [
        ("firm", "i4"),  # row of the firm
        ("dimension", "i1"),
        ("channel", "i1"),  # of CHANNELS
        ("source", "i4"),  # row of the neighbour, chain or institution; NOBODY for the rest
        ("draws", "i8"),  # quarters drawn in which it mastered something new this way
    ]
)


@dataclass(frozen=True)
class Redraws:
    """What the firms of a run did in a coming quarter that was drawn ``times`` times."""

    times: int
    attended: np.ndarray  # (n_firms, 4) int64, quarters in which it worked on a kind of upgrading
    mastered: np.ndarray  # (n_firms, 4) int64, quarters in which it mastered something new of it
    learned: np.ndarray  # (n_firms,) int64, quarters in which it mastered anything new
    lessons: np.recarray  # LESSON, sorted by firm

    def lessons_of(self, row: int) -> np.recarray:
        """The lessons of one firm."""
        first, last = np.searchsorted(self.lessons["firm"], (row, row + 1))
        return self.lessons[first:last].view(np.recarray)


def redraw(world: World, run: int = 0, times: int | None = None) -> Redraws:
    """Draw the coming quarter of a run ``times`` times (as often as the size of the run allows)."""
    view = world.slice(run)
    n = len(view.firms)
    if times is None:
        times = max(_FEWEST, min(TIMES, _MOST_FIRMS // n))
    attended = np.zeros((n, len(DIMENSIONS)), np.int64)
    mastered = np.zeros((times, n, len(DIMENSIONS)), bool)
    lessons = []
    ways = n, len(DIMENSIONS), len(CHANNELS), n + len(view.chains) + len(view.institutions) + 1
    neighbours = _neighbours(view)
    piece = max(1, _AT_ONCE // n)
    for first in range(0, times, piece):
        drawn = _copies(world, run, range(first, min(first + piece, times)))
        ledger = _one_quarter(drawn)
        ledger = ledger[~np.isin(ledger["channel"], _NOT_LEARNED)]
        mastered[first + ledger["run"], ledger["firm"], ledger["dimension"]] = True
        lessons.append(_distinct(ledger, neighbours, ways))
        worked_on = drawn.firms.dimension.reshape(-1, n)
        for d in range(len(DIMENSIONS)):
            attended[:, d] += (worked_on == d).sum(axis=0)
    attended[view.firms.active == 0] = 0
    return Redraws(
        times,
        attended,
        mastered.sum(axis=0),
        mastered.any(axis=2).sum(axis=0),
        _counted(lessons, ways),
    )


def _copies(world: World, run: int, numbers: range) -> World:
    """The run as it stands, once for each number, each with draws of its own."""
    of = world.runs[run]
    stream = np.uint64(key(of.key, np.uint64(REDRAW)))
    runs = np.repeat(world.runs[run : run + 1], len(numbers)).view(np.recarray)
    tables: dict[str, Any] = {}
    for name in TABLES:
        rows = getattr(world, name)[slice(*of[name])]
        tables[name] = np.tile(rows, len(numbers)).view(np.recarray)
        runs[name] = np.arange(len(numbers))[:, None] * len(rows) + (0, len(rows))
    runs["key"] = [np.uint64(key(stream, np.uint64(number))) for number in numbers]
    drawn = replace(world, runs=runs, **tables)
    if writes := timetable(world, run).get(int(of.tick)):
        for row in range(len(runs)):
            write(drawn.slice(row), writes)
    return drawn


def _one_quarter(drawn: World) -> np.ndarray:
    """Advance all runs by one quarter; returns what it booked.

    A run writes its series at the row of the quarter: the slices overlap so that only the rows of this
    one are held.
    """
    let_keys_wrap()
    runs = drawn.runs
    tick = int(runs.tick[0])
    communities = int(runs.communities[0, 1] - runs.communities[0, 0])
    start = np.arange(len(runs)) * communities
    runs["series"] = np.column_stack((start, start + (tick + 1) * communities))
    series = t.table(t.SERIES, (len(runs) + tick) * communities)
    before = t.table(t.FIRM, len(drawn.firms))
    tables, ledger, room = tables_of_runs(drawn, before, series), new_ledger(), room_for(runs)
    given = 0, len(runs), tick + 1, tables, drawn.parameters
    while needed := advance(runs, *given, ledger, room):
        ledger = longer(ledger, max(int(needed), 2 * len(ledger.rows)))
    return np.asarray(ledger.rows[: ledger.used[0]])


def _neighbours(view: RunView) -> np.ndarray:
    """Sorted pairs of firms with a tie, each both ways round, as numbers (``_pair``)."""
    ties = view.ties[: int(view.run.used_ties)]
    a, b, n = ties["a"], ties["b"], len(view.firms)
    return np.sort(np.concatenate((_pair(a, b, n), _pair(b, a, n))))


def _pair(one: np.ndarray, other: np.ndarray, n: int) -> np.ndarray:
    return one.astype(np.int64) * n + other


def _distinct(ledger: np.ndarray, neighbours: np.ndarray, ways: tuple[int, ...]) -> np.ndarray:
    """Numbers (``ways``) of how each firm learned what; each counts once a run."""
    channel = ledger["channel"]
    source = ledger["source"].astype(np.int64)
    stranger = ~np.isin(_pair(ledger["firm"], source, ways[0]), neighbours)
    anybody = np.isin(channel, (LABOUR, RECOMBINATION))
    source[anybody | (stranger & (channel == PEER))] = NOBODY
    way = np.ravel_multi_index((ledger["firm"], ledger["dimension"], channel, source + 1), ways)
    _, first = np.unique(_pair(way, ledger["run"], _RUNS), return_index=True)
    return way[first]


def _counted(pieces: list[np.ndarray], ways: tuple[int, ...]) -> np.recarray:
    found, draws = np.unique(np.concatenate(pieces), return_counts=True)
    out = t.table(LESSON, len(found))
    out.firm, out.dimension, out.channel, source = np.unravel_index(found, ways)
    out.source = source - 1
    out.draws = draws
    return out
