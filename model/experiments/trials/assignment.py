"""Who is asked, who is assigned to which arm, and who takes the offer up.

Lots are drawn by seed and replicate, under a key of their own, when the study begins; until then all
worlds of a replicate are the same, so the same firms are in the same arms in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.draws import generator
from model.experiments.trials.trial_file import Pool, TrialArm, TrialFile
from model.theory.practices import PRACTICES, PROCESS, PRODUCT
from model.theory.road import HIGH
from model.theory.value_added import GLOBAL
from model.world.build import RunView
from model.world.row_names import Names
from model.world.tables import NOBODY

STUDY = 4
"""Under (seed, replicate), beside those of ``model.draws``."""
_ARM, _TAKER = 1, 2


@dataclass(frozen=True)
class Assignment:
    """The firms of a study in one run, (n_firms,) each."""

    rows: np.ndarray  # row within the run
    born: np.ndarray  # quarter of entry, which with the row names the firm
    arm: np.ndarray  # number of the arm
    takes: np.ndarray  # bool: takes up what its arm is offered


def assign(trial: TrialFile, view: RunView, names: Names, seed: int) -> Assignment:
    """Draw firms of the pool and put them into arms; fewer in each where the pool is too small."""
    draws = generator(seed, int(view.run.replicate), STUDY, _ARM)
    free = eligible(trial.pool, view, names)
    lot = draws.permutation(len(view.firms))
    control = list(trial.arms).index(trial.control)
    rows, arms = [], []
    for places, numbers in _groups(trial, names):
        here = free & np.isin(view.firms.community, places)
        wanted = {number: list(trial.arms.values())[number].firms for number in numbers}
        chosen, arm = _share_out(trial.pool, view, here, lot, wanted, control)
        free = free & ~np.isin(np.arange(len(free)), chosen)
        rows.append(chosen)
        arms.append(arm)
    row, arm = np.concatenate(rows), np.concatenate(arms)
    order = np.argsort(row)
    row, arm = row[order], arm[order]
    born = np.array(view.firms.born[row])
    return Assignment(row, born, arm, _takers(trial, view, row, arm, seed))


def eligible(pool: Pool, view: RunView, names: Names) -> np.ndarray:
    """Which firms of a run the study would ask, bool."""
    firms = view.firms
    able = np.bitwise_count(firms.mastered[:, [PROCESS, PRODUCT]]).sum(axis=1) / (2 * PRACTICES)
    ask = (firms.active == 1) & (firms.workers >= pool.smallest) & (firms.workers <= pool.largest)
    ask &= (able >= pool.least_capability) & (able <= pool.most_capability)
    ask &= np.isin(firms.community, _rows(pool.communities, names))
    if pool.exporters != "any":
        abroad = np.array([chain.reach == GLOBAL for chain in view.chains] + [False])
        exports = abroad[np.where(firms.contract == NOBODY, len(view.chains), firms.contract)]
        ask &= exports.any(axis=1) == (pool.exporters == "only")
    return ask


def _rows(wanted: Sequence[str], names: Names) -> list[int]:
    return [i for i, name in enumerate(names.communities) if not wanted or name in wanted]


def _groups(trial: TrialFile, names: Names) -> list[tuple[list[int], list[int]]]:
    """Communities and the arms that are filled from them together."""
    found: dict[tuple[int, ...], list[int]] = {}
    for number, arm in enumerate(trial.arms.values()):
        places = _rows(arm.communities or trial.pool.communities, names)
        found.setdefault(tuple(places), []).append(number)
    return [(list(places), numbers) for places, numbers in found.items()]


def _share_out(
    pool: Pool,
    view: RunView,
    here: np.ndarray,
    lot: np.ndarray,
    wanted: dict[int, int],
    control: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the firms of some arms, and the arm of each."""
    rows = np.flatnonzero(here)
    total = sum(wanted.values())
    share = min(1.0, len(rows) / total)
    sizes = {number: int(share * firms) for number, firms in wanted.items()}
    rows = rows[np.argsort(lot[rows])][: sum(sizes.values())]
    numbers = list(sizes)
    if pool.assigned == "drawn":
        if pool.by_community:
            rows = rows[np.argsort(view.firms.community[rows], kind="stable")]
        return rows, _dealt(sizes)
    rows = rows[np.argsort(_last_to_come(pool.assigned, view)[rows], kind="stable")]
    numbers.sort(key=lambda number: number == control)
    return rows, np.repeat(numbers, [sizes[number] for number in numbers])


def _dealt(sizes: dict[int, int]) -> np.ndarray:
    """Arms in a sequence in which each comes evenly spaced, so that neighbours are split."""
    at = [(np.arange(size) + 0.5) / size for size in sizes.values() if size]
    arms = np.repeat(list(sizes), list(sizes.values()))
    return arms[np.argsort(np.concatenate(at), kind="stable")] if at else arms


def _last_to_come(rule: str, view: RunView) -> np.ndarray:
    """Firms with a lower number come first; equal ones by lot."""
    if rule == "chosen":
        return -np.bitwise_count(view.firms.mastered[:, [PROCESS, PRODUCT]]).sum(
            axis=1, dtype=np.int64
        )
    if rule == "self_selected":
        return (view.firms.road != HIGH).astype(np.int64)
    return np.zeros(len(view.firms), np.int64)


def _takers(
    trial: TrialFile, view: RunView, row: np.ndarray, arm: np.ndarray, seed: int
) -> np.ndarray:
    draws = generator(seed, int(view.run.replicate), STUDY, _TAKER)
    lot = draws.permutation(len(view.firms))[row]
    takes = np.zeros(len(row), bool)
    for number, spec in enumerate(trial.arms.values()):
        takes |= _takers_of(spec, number, view, row, arm, lot)
    return takes


def _takers_of(
    spec: TrialArm, number: int, view: RunView, row: np.ndarray, arm: np.ndarray, lot: np.ndarray
) -> np.ndarray:
    mine = np.flatnonzero(arm == number)
    order = np.lexsort((lot[mine], _last_to_come(spec.takers, view)[row[mine]]))
    takes = np.zeros(len(row), bool)
    takes[mine[order][: round(spec.take_up * len(mine))]] = True
    return takes


def all_in(trial: TrialFile, given: Assignment, arm: int, view: RunView, seed: int) -> Assignment:
    """The same firms, all of them in one arm, of which the same share takes it up."""
    arms = np.full(len(given.rows), arm)
    return Assignment(given.rows, given.born, arms, _takers(trial, view, given.rows, arms, seed))
