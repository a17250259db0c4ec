"""What a trial measures of a firm: a look at the firms of a study, and numbers made of looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.engine.observe import list_sales
from model.theory.interaction import PEER
from model.theory.practices import DIMENSIONS, PRACTICES, PROCESS, PRODUCT

if TYPE_CHECKING:
    from model.world.build import RunView

FIRM_OUTCOMES = (
    "practices", "capability", "process", "product", "functional", "sales", "exports", "exporting", "workers",
    "wage_bill", "productivity", "output_per_hour", "profit", "survival", "dropped", "pupils", "spread",
)  # fmt: skip
"""practices: share mastered of all practices of some kinds; capability: of process and product; process,
product, functional: of one kind; sales, exports, wage_bill: units of account a quarter; profit: the same,
before luck, what is left for the owner, whose own work is paid no wage; productivity: value added per worker,
so revenue productivity; output_per_hour: what a worker makes, at no price; dropped: share of adopted
practices that are gone; pupils: firms that learned a taught practice from the firm; spread: whether it
masters a taught practice."""


@dataclass(frozen=True)
class Look:
    """Firms of a study at the end of a quarter; all arrays (n_firms,) but masks."""

    there: np.ndarray  # bool: in business, and the same firm as at the start
    mastered: np.ndarray  # (n_firms, 4) int64 masks
    workers: np.ndarray
    wage: np.ndarray  # units of account per worker and quarter
    value_added: np.ndarray  # the same
    sales: np.ndarray  # units of account a quarter
    exports: np.ndarray
    hours: np.ndarray  # of institutions' staff so far
    made: np.ndarray  # output of a worker, whatever it sells for
    overhead: float  # units of account a worker and quarter


def look(view: RunView, rows: np.ndarray, born: np.ndarray) -> Look:
    """The firms in ``rows`` of a run that entered in the quarters ``born``."""
    sales, exports = np.zeros(len(view.firms)), np.zeros(len(view.firms))
    list_sales(
        view.firms, view.chains, view.communities, view.sectors, view.parameters, sales, exports
    )
    firms = view.firms[rows]
    gain = float(view.parameters.value_added.gain[PROCESS])
    process = np.bitwise_count(firms.mastered[:, PROCESS]) / PRACTICES
    return Look(
        there=(firms.active == 1) & (firms.born == born),
        mastered=np.array(firms.mastered),
        workers=np.array(firms.workers),
        wage=np.array(firms.wage),
        value_added=np.array(firms.value_added),
        sales=sales[rows],
        exports=exports[rows],
        hours=np.array(firms.hours),
        made=1.0 + gain * process,
        overhead=float(view.parameters.resources.overhead),
    )


@dataclass(frozen=True)
class PassedOn:
    """What became of a taught practice: pupils (n_firms,) by teacher."""

    practices: np.ndarray  # (4,) int64 masks of the practices that were taught
    pupils: np.ndarray


def lessons_from(ledger: np.ndarray, taught: np.ndarray, rows: np.ndarray, first: int) -> PassedOn:
    """Count who learned a taught practice from whom, from quarter ``first`` on, in one run's ledger."""
    shown = np.array([int(taught[d]) for d in range(len(DIMENSIONS))])
    passed = (ledger["channel"] == PEER) & (ledger["tick"] >= first)
    passed &= (shown[ledger["dimension"]] >> ledger["practice"]) & 1 == 1
    pairs = np.unique(ledger[passed][["source", "firm"]])
    counted = np.bincount(pairs["source"], minlength=int(rows.max(initial=0)) + 1)
    return PassedOn(shown, counted[rows].astype(float))


def firm_numbers(
    measure: str, dimensions: Sequence[str], start: Look, seen: Sequence[Look], lessons: PassedOn
) -> np.ndarray:
    """(waves, n_firms) of a measure; NaN for firms that are no longer there.

    ``dropped`` and ``pupils`` look at the whole time and give one wave.
    """
    last = seen[-1]
    if measure == "dropped":
        new = seen[0].mastered & ~start.mastered
        kinds = [DIMENSIONS.index(name) for name in dimensions]
        adopted = np.bitwise_count(new[:, kinds]).sum(axis=1)
        gone = np.bitwise_count((new & ~last.mastered)[:, kinds]).sum(axis=1)
        there = last.there & seen[0].there & (adopted > 0)
        return np.where(there, gone / np.maximum(1, adopted), np.nan)[None]
    if measure == "pupils":
        return np.where(last.there, lessons.pupils, np.nan)[None]
    if measure == "survival":
        return np.array([each.there.astype(float) for each in seen])
    return np.array(
        [np.where(each.there, _number(measure, dimensions, each, lessons), np.nan) for each in seen]
    )


def _number(measure: str, dimensions: Sequence[str], seen: Look, lessons: PassedOn) -> np.ndarray:
    if measure in DIMENSIONS:
        return _share(seen, [DIMENSIONS.index(measure)])
    match measure:
        case "practices":
            return _share(seen, [DIMENSIONS.index(name) for name in dimensions])
        case "capability":
            return _share(seen, [PROCESS, PRODUCT])
        case "exporting":
            return (seen.exports > 0).astype(float)
        case "wage_bill":
            return seen.wage * seen.workers
        case "productivity":
            return seen.value_added
        case "output_per_hour":
            return seen.made
        case "profit":
            hired = np.maximum(0.0, seen.workers - 1.0)
            return (seen.value_added - seen.overhead) * seen.workers - seen.wage * hired
        case "spread":
            return ((seen.mastered & lessons.practices) != 0).any(axis=1).astype(float)
        case _:
            return np.array(getattr(seen, measure), dtype=float)


def _share(seen: Look, kinds: list[int]) -> np.ndarray:
    return np.bitwise_count(seen.mastered[:, kinds]).sum(axis=1) / (PRACTICES * len(kinds))
