"""Advance all runs of a world, in blocks over threads.

A block is a fixed number of runs: which thread takes it changes nothing, since runs share no rows and
draws know no order. The ledger of a block grows when a quarter might not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from model.engine.tick import advance
from model.world import tables as t
from model.world.build import World

_BLOCK = 8  # runs; small enough to spread over threads and to show progress


@dataclass
class Ensemble:
    """A world in motion: its tables, its series so far and its ledger.

    ``horizon`` is the most quarters it can be advanced to. ``series`` has (sum over runs of horizon x
    communities) rows: quarter by quarter, community by community, run after run.
    """

    world: World
    horizon: int
    series: np.recarray = field(init=False)
    _before: np.recarray = field(init=False)
    _ledgers: list[np.recarray] = field(init=False)
    _booked: list[int] = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        rows = 0
        for run in world.runs:
            communities = int(run.communities[1] - run.communities[0])
            run.series = rows, rows + self.horizon * communities
            rows += self.horizon * communities
        self.series = t.table(t.SERIES, rows)
        self._before = t.table(t.FIRM, len(world.firms))
        blocks = -(-len(world.runs) // _BLOCK)
        self._ledgers = [t.table(t.LEDGER, 0) for _ in range(blocks)]
        self._booked = [0] * blocks

    @property
    def ledger(self) -> np.recarray:
        """All bookings so far: runs in order, quarters in order within each run's advance."""
        parts = [rows[:n] for rows, n in zip(self._ledgers, self._booked, strict=True)]
        joined = np.concatenate(parts)
        order = np.argsort(joined["run"], kind="stable")
        return joined[order].view(np.recarray)

    def advance(
        self, until: int, workers: int = 1, done: Callable[[int], None] | None = None
    ) -> None:
        """Advance every run to quarter ``until`` on ``workers`` threads.

        ``done`` is called with the number of runs finished, block by block. Raises ValueError past
        the horizon.
        """
        if until > self.horizon:
            raise ValueError(f"quarter {until} lies beyond the horizon of {self.horizon}")
        blocks = range(len(self._ledgers))

        def work(block: int) -> int:
            return self._advance_block(block, until)

        if workers == 1:
            finished = map(work, blocks)
            for runs in finished:
                if done:
                    done(runs)
            return
        with ThreadPoolExecutor(workers) as pool:
            for runs in pool.map(work, blocks):
                if done:
                    done(runs)

    def _advance_block(self, block: int, until: int) -> int:
        w = self.world
        lo, hi = block * _BLOCK, min((block + 1) * _BLOCK, len(w.runs))
        while True:
            booked, needed = advance(
                w.runs, lo, hi, until, w.firms, self._before, w.ties, w.chains, w.institutions,
                w.communities, w.sectors, w.parameters, self.series,
                self._ledgers[block], self._booked[block],
            )  # fmt: skip
            self._booked[block] = int(booked)
            if not needed:
                return hi - lo
            longer = t.table(t.LEDGER, max(int(needed) + 4096, 2 * len(self._ledgers[block])))
            longer[:booked] = self._ledgers[block][:booked]
            self._ledgers[block] = longer
