"""Who learned from whom: the network of lessons among producers, from the ledger of a run.

A firm stands for its place; a tie leads from whom somebody learned to who did. Measures are those of
the study of knowledge networks in clusters (Giuliani and Bell 2005, Research Policy 34, 47-68; Wasserman
and Faust 1994): most firms of a cluster hardly belong to the network, a few able ones give most, and
a few carry knowledge in from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from model.theory.interaction import FORGOTTEN, OVERTAKEN, PEER, RECOMBINATION


@dataclass(frozen=True)
class Lessons:
    """Lessons among the firms of one run, one entry a practice mastered.

    ``giver``, ``taker``: (n_lessons,) int64, numbers of firms; ``lead``: (n_lessons,) float64,
    practices mastered in all by the giver, and ``level`` by the taker, before the quarter, NaN where a
    place has changed hands since; ``quarter``: (n_lessons,) int64, when; ``community``: (n_firms,)
    int64; ``here``: (n_firms,) bool, the firms asked about.
    """

    giver: np.ndarray
    taker: np.ndarray
    lead: np.ndarray
    level: np.ndarray
    quarter: np.ndarray
    community: np.ndarray
    here: np.ndarray

    def among(self) -> tuple[np.ndarray, np.ndarray]:
        """Giver and taker of the lessons with both ends here."""
        inside = self.here[self.giver] & self.here[self.taker]
        return self.giver[inside], self.taker[inside]

    def within(self, first: int, last: int) -> Lessons:
        """The lessons of the quarters ``first`` to ``last``, both counted."""
        then = (self.quarter >= first) & (self.quarter <= last)
        each = {
            name: getattr(self, name)[then]
            for name in ("giver", "taker", "lead", "level", "quarter")
        }
        return replace(self, **each)

    def ties(self) -> tuple[np.ndarray, np.ndarray]:
        """The distinct (giver, taker) among the firms here."""
        giver, taker = self.among()
        pairs = np.unique(giver * len(self.here) + taker)
        return pairs // len(self.here), pairs % len(self.here)


@dataclass(frozen=True)
class NetworkMeasure:
    """A number of the network of a run, by community or of the whole country."""

    name: str
    unit: str
    formula: str
    source: str
    compute: Callable[[Lessons], float]


def density(lessons: Lessons) -> float:
    """Ties there are over ties there could be; NaN with fewer than two firms."""
    n = int(lessons.here.sum())
    return len(lessons.ties()[0]) / (n * (n - 1)) if n > 1 else float("nan")


def giving_gini(lessons: Lessons) -> float:
    """Gini coefficient of lessons given over firms; 0 if nobody gave any, NaN without firms."""
    given = np.sort(np.bincount(lessons.among()[0], minlength=len(lessons.here))[lessons.here])
    n, total = len(given), given.sum()
    if n == 0:
        return float("nan")
    if total == 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ given / (n * total))


def reciprocity(lessons: Lessons) -> float:
    """Share of ties whose opposite exists; NaN without ties."""
    giver, taker = lessons.ties()
    if len(giver) == 0:
        return float("nan")
    n = len(lessons.here)
    return float(np.isin(giver * n + taker, taker * n + giver).mean())


def able_givers(lessons: Lessons) -> float:
    """Practices of the giver over those of the taker, each the mean over lessons; NaN without any."""
    known = lessons.here[lessons.taker] & np.isfinite(lessons.lead) & np.isfinite(lessons.level)
    below = lessons.level[known].sum()
    return float(lessons.lead[known].sum() / below) if below > 0 else float("nan")


def gatekeepers(lessons: Lessons) -> float:
    """Share of firms that learned from another community and taught somebody of their own."""
    across = lessons.community[lessons.giver] != lessons.community[lessons.taker]
    fetched = np.zeros(len(lessons.here), bool)
    fetched[lessons.taker[across]] = True
    passed = np.zeros(len(lessons.here), bool)
    passed[lessons.giver[~across]] = True
    return _share(fetched & passed, lessons)


def isolates(lessons: Lessons) -> float:
    """Share of firms that neither gave nor took a lesson, wherever."""
    linked = np.zeros(len(lessons.here), bool)
    linked[lessons.giver] = True
    linked[lessons.taker] = True
    return _share(~linked, lessons)


def across(lessons: Lessons) -> float:
    """Share of the lessons that firms here took which came from another community; NaN without any."""
    took = lessons.here[lessons.taker]
    if not took.any():
        return float("nan")
    away = lessons.community[lessons.giver] != lessons.community[lessons.taker]
    return float(away[took].mean())


def _share(chosen: np.ndarray, lessons: Lessons) -> float:
    return float(chosen[lessons.here].mean()) if lessons.here.any() else float("nan")


_BELL = "Giuliani and Bell 2005"
NETWORK_MEASURES = (
    NetworkMeasure("lessons", "practices a firm", "lessons among the firms / firms", "C2",
                   lambda lessons: len(lessons.among()[0]) / max(1, int(lessons.here.sum()))),
    NetworkMeasure("density", "share of ordered pairs", "ties / n (n - 1)",
                   "Wasserman and Faust 1994", density),
    NetworkMeasure("giving_gini", "Gini 0-1", "Gini coefficient of lessons given over firms",
                   _BELL, giving_gini),
    NetworkMeasure("reciprocity", "share of ties", "ties whose opposite exists / ties",
                   "Wasserman and Faust 1994", reciprocity),
    NetworkMeasure("able_givers", "ratio",
                   "practices of givers / those of takers, before the lesson, means over lessons", _BELL,
                   able_givers),
    NetworkMeasure("gatekeepers", "share of firms",
                   "learned from another community and taught in their own / firms", _BELL, gatekeepers),
    NetworkMeasure("isolates", "share of firms", "neither gave nor took / firms", _BELL, isolates),
    NetworkMeasure("across", "share of lessons", "lessons taken from another community / lessons taken",
                   "MP17: closed networks", across),
)  # fmt: skip


def lessons_of_run(ledger: np.ndarray, firms: np.ndarray, ticks: int) -> Lessons:
    """The lessons of one run, all its firms taken together.

    ``ledger``: LEDGER rows of the run; ``firms``: (n_firms,) FIRM at the end; ``ticks``: quarters of the run.
    """
    mastered = np.bitwise_count(firms["mastered"]).sum(axis=1, dtype=np.int64)
    rows = ledger[np.isin(ledger["channel"], (PEER, RECOMBINATION))]
    giver, taker = rows["source"].astype(np.int64), rows["firm"].astype(np.int64)
    level = _levels(ledger, firms, mastered, ticks)
    born = firms["born"].astype(np.int64)
    known = (born[giver] <= rows["tick"]) & (born[taker] <= rows["tick"])
    quarter = rows["tick"].astype(np.int64)
    return Lessons(
        giver=giver,
        taker=taker,
        lead=np.where(known, level[giver, quarter], np.nan),
        level=np.where(known, level[taker, quarter], np.nan),
        quarter=quarter,
        community=firms["community"].astype(np.int64),
        here=np.ones(len(firms), bool),
    )


def _levels(ledger: np.ndarray, firms: np.ndarray, mastered: np.ndarray, ticks: int) -> np.ndarray:
    """(n_firms, ticks) practices mastered before each quarter by who holds the place at the end.

    What was booked from a quarter on is taken back from what is mastered at the end.
    """
    own = ledger[ledger["born"] == firms["born"][ledger["firm"]]]
    change = np.zeros((len(firms), ticks), np.int64)
    lost = np.isin(own["channel"], (FORGOTTEN, OVERTAKEN))
    np.add.at(change, (own["firm"], own["tick"]), np.where(lost, -1, 1))
    since = change[:, ::-1].cumsum(axis=1)[:, ::-1]
    return np.asarray(mastered)[:, None] - since
