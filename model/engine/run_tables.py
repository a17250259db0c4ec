"""What the events of a quarter are given: the tables of a run, its ties by firm, tallies, scratch, the date.

Events take these named tuples and unpack what they need. Rules of the theory take records and numbers
only: arrays inside a named tuple that goes into a rule cost several times the rule itself
(``docs/decisions/0003-arguments-of-events.md``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compiler import engine
from model.theory.practices import DIMENSIONS, PRACTICES
from model.world.tables import NOBODY


class RunTables(NamedTuple):
    """The tables that a quarter reads and writes: of many runs end to end, or the rows of one run."""

    old: np.ndarray  # (n_firms,) FIRM, as at the end of the quarter before
    new: np.ndarray  # (n_firms,) FIRM, as they become
    ties: np.ndarray  # (n_ties,) TIE
    chains: np.ndarray  # (n_chains,) CHAIN
    institutions: np.ndarray  # (n_institutions,) INSTITUTION
    communities: np.ndarray  # (n_communities,) COMMUNITY
    sectors: np.ndarray  # (n_sectors,) SECTOR
    instruments: np.ndarray  # (n_instruments,) INSTRUMENT
    series: np.ndarray  # (horizon x n_communities,) SERIES


class TiesByFirm(NamedTuple):
    """Which ties each firm has: those of firm i are ``rows[first[i] : first[i + 1]]``.

    Ties of this quarter are in use and not yet listed. From ``newest[i]``, the newest of those of which i
    is firm a, or NOBODY, ``rows[2 * e]`` leads from each tie e to the one before it: room that a tie
    takes only when it is listed.
    """

    first: np.ndarray  # (n_firms + 1,) int64
    rows: np.ndarray  # (2 n_ties,) int64, rows of TIE
    newest: np.ndarray  # (n_firms,) int64, rows of TIE
    used: np.ndarray  # (2,) int64: ties listed here, ties in use (those of this quarter besides)


class Tallies(NamedTuple):
    """Sums of one quarter."""

    spending: np.ndarray  # (n_firms,) float64, what each firm spent, units of account
    visits: np.ndarray  # (n_communities,) int64, participations in institutions' events
    flows: np.ndarray  # (n_communities, 2) int64, entries and exits
    spent_public: np.ndarray  # (n_institutions,) float64, units of account


class Scratch(NamedTuple):
    """Room that an event may use as it likes and that the next one finds as it comes."""

    queue: np.ndarray  # (n_firms,) int64, rows of firms in some order
    ranks: np.ndarray  # (n_firms,) int64, draws of firms in a queue, or their rows
    eligible: np.ndarray  # (n_firms,) int8, 1 for firms that take part in a lot
    by_ability: np.ndarray  # (98,) int64, firms by practices of process and product (0-96)
    masters: np.ndarray  # (n_communities, 2, 48) int64, firms that master each practice
    of_chains: np.ndarray  # (n_chains, 2) float64, sums over suppliers
    of_markets: np.ndarray  # (n_sectors, 3) float64, sums over sellers
    overtaken: np.ndarray  # (n_sectors, 4) int64, masks of practices


class Quarter(NamedTuple):
    """The quarter that is lived: of which run, which one, and the key of its draws."""

    run: int  # row of the run
    tick: int
    key: np.uint64


class Room(NamedTuple):
    """What runs write in besides their tables, one after another, each over what the one before left."""

    by_firm: TiesByFirm
    tallies: Tallies
    scratch: Scratch


def room_for(runs: np.ndarray) -> Room:
    """Room for each of some runs, (n_runs,) RUN: as many rows as the largest needs."""

    def rows(name: str) -> int:
        return int((runs[name][:, 1] - runs[name][:, 0]).max())

    firms, communities, chains = rows("firms"), rows("communities"), rows("chains")
    sectors, listed = rows("sectors"), 2 * rows("ties")
    return Room(
        TiesByFirm(
            np.zeros(firms + 1, np.int64),
            np.zeros(listed, np.int64),
            np.zeros(firms, np.int64),
            np.zeros(2, np.int64),
        ),
        Tallies(
            np.zeros(firms),
            np.zeros(communities, np.int64),
            np.zeros((communities, 2), np.int64),
            np.zeros(rows("institutions")),
        ),
        Scratch(
            np.zeros(firms, np.int64),
            np.zeros(firms, np.int64),
            np.zeros(firms, np.int8),
            np.zeros(2 * PRACTICES + 2, np.int64),
            np.zeros((communities, 2, PRACTICES), np.int64),
            np.zeros((chains, 2)),
            np.zeros((sectors, 3)),
            np.zeros((sectors, len(DIMENSIONS)), np.int64),
        ),
    )


@engine
def list_ties(n, ties, used, by_firm, at):
    """List the first ``used`` ties of ``n`` firms.

    ``ties``: (n_ties,) TIE; ``by_firm``: TiesByFirm, written here; ``at``: (n_firms,) int64 scratch.
    """
    first, rows = by_firm.first, by_firm.rows
    for i in range(n):
        first[i] = 0
        by_firm.newest[i] = NOBODY
    first[n] = 0
    for e in range(used):
        first[ties[e].a + 1] += 1
        first[ties[e].b + 1] += 1
    for i in range(n):
        at[i] = first[i]
        first[i + 1] += first[i]
    for e in range(used):
        rows[at[ties[e].a]] = e
        at[ties[e].a] += 1
        rows[at[ties[e].b]] = e
        at[ties[e].b] += 1
    by_firm.used[:] = used


@engine
def list_new_ties(n, ties, by_firm, added):
    """List the ties of this quarter too, each after the others of its firms.

    ``n``: how many firms there are; ``ties``: (n_ties,) TIE; ``added``: (n_firms,) int64 scratch.
    """
    first, rows = by_firm.first, by_firm.rows
    listed, used = by_firm.used[0], by_firm.used[1]
    for i in range(n):
        added[i] = 0
    for e in range(listed, used):
        added[ties[e].a] += 1
        added[ties[e].b] += 1
        by_firm.newest[ties[e].a] = NOBODY
    moved = 2 * (used - listed)
    for i in range(n - 1, -1, -1):  # from behind, so that nothing is written over
        end = first[i + 1]
        first[i + 1] = end + moved
        moved -= added[i]
        for at in range(end - 1, first[i] - 1, -1):
            rows[at + moved] = rows[at]
        added[i] = end + moved
    for e in range(listed, used):
        rows[added[ties[e].a]] = e
        added[ties[e].a] += 1
        rows[added[ties[e].b]] = e
        added[ties[e].b] += 1
    by_firm.used[0] = used
