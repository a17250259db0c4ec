"""Who took part in what and when: memberships and instruments of single firms, noted quarter by quarter.

A firm's row holds where it is a member now and in which instruments it ever took part. Between two calls of
``advance`` the rows are compared with those of the quarter before; what differs has happened in the
quarter just lived. Who joins and closes within one quarter is not noted.
"""

from __future__ import annotations

import numpy as np

from model.world.build import World

MEMBER, INSTRUMENT = range(2)
TOOK_PART = np.dtype(
    [
        ("run", "i4"),  # row of the run
        ("tick", "i4"),  # quarter
        ("firm", "i4"),  # row of the firm in its world
        ("born", "i4"),  # tick of the firm's entry
        ("kind", "i1"),  # MEMBER, INSTRUMENT
        ("bit", "i1"),  # of FIRM.members or FIRM.programmes
        ("begins", "i1"),  # 1 where it begins, 0 where it ends
    ]
)
_COLUMNS = {MEMBER: "members", INSTRUMENT: "programmes"}


class TookPart:
    """What is noted of the firms of runs ``lo`` to ``hi - 1``."""

    def __init__(self, world: World, lo: int, hi: int) -> None:
        self._runs = np.arange(lo, hi)
        first, last = int(world.runs[lo].firms[0]), int(world.runs[hi - 1].firms[1])
        self._here = slice(first, last)
        self._starts = np.asarray(world.runs["firms"][lo:hi, 0]) - first
        firms = np.asarray(world.firms[self._here])
        self._born = np.full(len(firms), np.iinfo(np.int32).min, np.int32)
        self._held = {kind: np.zeros(len(firms), np.int64) for kind in _COLUMNS}
        self._noted: list[np.ndarray] = []
        self.look(world)

    def look(self, world: World) -> None:
        """Note what is different from when it last looked: the quarter before each run's present one."""
        firms = np.asarray(world.firms[self._here])
        born = firms["born"].copy()
        same = born == self._born
        for kind, column in _COLUMNS.items():
            held = np.where(firms["active"] == 1, firms[column], 0)
            before = np.where(same, self._held[kind], 0)
            self._note(world, born, kind, held & ~before, begins=1)
            if kind == MEMBER:
                self._note(
                    world, self._born, kind, self._held[kind] & ~np.where(same, held, 0), begins=0
                )
            self._held[kind] = held
        self._born = born

    def _note(
        self, world: World, born: np.ndarray, kind: int, bits: np.ndarray, *, begins: int
    ) -> None:
        rows = np.flatnonzero(bits)
        there = int(np.bitwise_or.reduce(bits[rows], initial=0))
        for bit in range(64):
            if not there >> bit & 1:
                continue
            which = rows[bits[rows] >> bit & 1 == 1]
            run = np.searchsorted(self._starts, which, side="right") - 1
            noted = np.zeros(len(which), TOOK_PART)
            noted["run"] = self._runs[run]
            noted["tick"] = np.maximum(0, world.runs["tick"][self._runs[run]] - 1)
            noted["firm"], noted["born"] = which - self._starts[run], born[which]
            noted["kind"], noted["bit"], noted["begins"] = kind, bit, begins
            self._noted.append(noted)

    @property
    def noted(self) -> np.ndarray:
        """(n,) TOOK_PART, in the order of time."""
        return np.concatenate([np.zeros(0, TOOK_PART), *self._noted])
