"""What is shown: copies of a world's tables as they stood at the end of a quarter.

The page reads snapshots only, so that no picture mixes two quarters while the next one runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from model.engine.ensemble import Ensemble
from model.scenario.schema import Scenario
from model.world.row_names import Names

if TYPE_CHECKING:
    from model.viewer.firm import Card

_LIFE = ("active", "born", "mastered", "members", "contract", "road")
"""Columns in which two lives of a firm can part: who is there, knowledge, relations, strategy."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One world at the end of a quarter; arrays are copies or history that no longer changes."""

    scenario: Scenario
    names: Names
    tick: int  # quarters done
    firms: np.recarray
    ties: np.recarray  # those in use
    chains: np.recarray
    institutions: np.recarray
    series: np.ndarray  # (tick x communities) rows of ``tables.SERIES``
    before: (
        np.ndarray
    )  # (n_firms,) workers a year ago, or at the start; NaN for a firm founded since
    bookings: list[np.ndarray]  # rows of the ledger so far, in pieces

    @property
    def ended(self) -> bool:
        """Whether the horizon of the scenario is reached."""
        return self.tick >= self.scenario.run.ticks


@dataclass(frozen=True, eq=False)
class Frame:
    """All that one picture of the page shows."""

    number: int  # counts frames of a session, so that the page can say which it has drawn
    worlds: tuple[Snapshot, ...]  # one, or two that share all random numbers
    parted: np.ndarray  # (n_firms,) quarters done when its two lives first differed, -1 if never
    chosen: int = -1  # row of the firm that is looked at, -1 for none
    cards: tuple[Card, ...] = field(default=())  # that firm, in each world


def snapshot(ensemble: Ensemble, year_ago: np.ndarray | None = None) -> Snapshot:
    """The world of an ensemble of one run as it stands; ``year_ago``: its firms as they were then."""
    world = ensemble.world
    run = world.runs[0]
    tick = int(run.tick)
    names = world.names[0]
    return Snapshot(
        scenario=world.scenarios[0],
        names=names,
        tick=tick,
        firms=_kept(world.firms),
        ties=_kept(world.ties[: int(run.used_ties)]),
        chains=_kept(world.chains),
        institutions=_kept(world.institutions),
        series=np.asarray(ensemble.series)[: tick * len(names.communities)],
        before=_before(world.firms, world.firms if year_ago is None else year_ago),
        bookings=ensemble.bookings if ensemble.keeps_ledger else [],
    )


def _before(firms: np.ndarray, year_ago: np.ndarray) -> np.ndarray:
    same = (firms["born"] == year_ago["born"]) & (year_ago["active"] == 1)
    return np.where(same, year_ago["workers"], np.nan)


def never_parted(places: int) -> np.ndarray:
    """(places,) of a world that has just begun, or that has no twin."""
    return np.full(places, -1)


def lives_apart(one: Snapshot, other: Snapshot) -> np.ndarray:
    """(n_firms,) bool: whether a firm's two lives differ now. Worlds need the same places."""
    apart = np.zeros(len(one.firms), bool)
    for column in _LIFE:
        unlike = one.firms[column] != other.firms[column]
        apart |= unlike if unlike.ndim == 1 else unlike.any(axis=1)
    return apart & ((one.firms.active == 1) | (other.firms.active == 1))


def comparable(one: Snapshot, other: Snapshot) -> bool:
    """Whether row by row the firms of two worlds are the same ones: places alike."""
    return one.names.communities == other.names.communities and np.array_equal(
        one.firms["community"], other.firms["community"]
    )


def _kept(rows: np.ndarray) -> np.recarray:
    copy = rows.copy().view(np.recarray)
    copy.flags.writeable = False
    return copy
