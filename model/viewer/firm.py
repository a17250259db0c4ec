"""One firm to read about: what it is, what it learnt and from whom, what it could learn now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.engine.ensemble import Ensemble
from model.outlook import Explanation, explain
from model.theory.interaction import (
    BUYER,
    FORGOTTEN,
    INHERITANCE,
    INSTITUTION,
    LABOUR,
    OVERTAKEN,
    PEER,
    RECOMBINATION,
    START,
)
from model.theory.practices import PER_RUNG
from model.world.row_names import Names
from model.world.tables import NOBODY

FIRM = "firm "
"""Before the number of a firm, where others have a key."""


@dataclass(frozen=True)
class Lesson:
    """Practices that a firm mastered, lost or brought along in one quarter from one source."""

    tick: int
    dimension: int
    rung: int  # 1-3
    practices: int
    channel: int  # of CHANNELS
    who: str  # what to call the peer, chain or institution; empty for the rest


@dataclass(frozen=True, eq=False)
class Card:
    """A firm at the end of a quarter; ``firm`` is its row, with ``active`` 0 where none is there."""

    row: int
    tick: int
    firm: np.record
    names: Names
    lessons: tuple[Lesson, ...]  # in order of time
    outlook: Explanation | None  # None where no firm is there to learn


def card(ensemble: Ensemble, row: int) -> Card:
    """What there is to read about the firm that now holds the place of a row."""
    world = ensemble.world
    firm = world.firms[row].copy()
    return Card(
        row=row,
        tick=int(world.runs[0].tick),
        firm=firm,
        names=world.names[0],
        lessons=_lessons(ensemble, row, int(firm.born)),
        outlook=explain(world, row) if firm.active else None,
    )


def _lessons(ensemble: Ensemble, row: int, born: int) -> tuple[Lesson, ...]:
    names = ensemble.world.names[0]
    ledger = ensemble.ledger
    own = ledger[(ledger["firm"] == row) & (ledger["born"] == born)]
    counts: dict[tuple[int, int, int, int, int], int] = {}
    for entry in own:
        rung = int(entry.practice) // PER_RUNG + 1
        what = (int(entry.tick), int(entry.dimension), rung, int(entry.channel), int(entry.source))
        counts[what] = counts.get(what, 0) + 1
    return tuple(
        Lesson(tick, d, rung, n, channel, _who(channel, source, names))
        for (tick, d, rung, channel, source), n in sorted(counts.items())
    )


def _who(channel: int, source: int, names: Names) -> str:
    if source == NOBODY or channel in (START, FORGOTTEN, OVERTAKEN):
        return ""
    if channel == BUYER:
        return names.chains[source]
    if channel == INSTITUTION:
        return names.institutions[source]
    if channel in (PEER, LABOUR, INHERITANCE, RECOMBINATION):
        return f"{FIRM}{source}"
    return ""
