"""Running the arms of an experiment: points, batches until intervals are narrow, what came out.

All arms run the same draws of parameters and the same replicates, so that they can be compared in
pairs. A batch is the same whatever came before it: adding replicates never changes those there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.experiments.experiment import ArmOutcome, Experiment
from model.experiments.outcomes import public_money
from model.experiments.points.firm_groups import apart
from model.experiments.points.founders import COLUMNS, THIRDS
from model.experiments.points.point import Keep, Point, Quantity, with_seed
from model.experiments.points.point_tables import check_complete, firms_after, founders, values
from model.experiments.points.runner import Ran
from model.experiments.points.store import Store
from model.scenario import Scenario
from model.world.row_names import names_of

BATCH = 10  # replicates that are finished together where no precision is asked for
MONEY = "public_money"
"""The column of public money spent over the run."""
Run = Callable[[Sequence[Point]], Ran]
"""Runs points, wherever."""


@dataclass(frozen=True)
class Cell:
    """The batch of replicates of one arm under one draw."""

    arm: str
    draw: int
    point: Point


@dataclass
class Sampled:
    """What running the arms left."""

    cells: list[Cell]
    replicates: int
    """Of every arm and draw."""
    narrow: bool = True
    """Whether all intervals became as narrow as the file asks."""
    runs: int = 0
    resumed: int = 0


def run_arms(
    experiment: Experiment,
    store: Store,
    run: Run,
    narrow: Callable[[pd.DataFrame], bool],
    replicates: int | None = None,
    seed: int | None = None,
) -> Sampled:
    """Run the arms: as many replicates as asked, or batch by batch until ``narrow`` says so.

    ``replicates`` and ``seed`` override the files' own. Raises IncompleteError if a point failed.
    """
    precision = experiment.spec.precision if replicates is None else None
    whole = replicates or next(iter(experiment.scenarios.values())).run.replicates
    sampled = Sampled([], 0)
    while True:
        until = min(sampled.replicates + precision.batch, precision.most) if precision else whole
        batch = list(_cells(experiment, range(sampled.replicates, until), whole, seed))
        ran = run([cell.point for cell in batch])
        check_complete(ran, "a comparison")
        sampled.cells += batch
        sampled.replicates = until
        sampled.runs += ran.runs
        sampled.resumed += ran.resumed
        if not precision:
            return sampled
        sampled.narrow = narrow(outcomes_of(experiment, sampled.cells, store))
        if sampled.narrow or until >= precision.most:
            return sampled


def points_of(
    experiment: Experiment, replicates: int | None = None, seed: int | None = None
) -> list[Point]:
    """The points of an experiment of a fixed number of replicates."""
    number = replicates or next(iter(experiment.scenarios.values())).run.replicates
    return [cell.point for cell in _cells(experiment, range(number), number, seed)]


def _cells(
    experiment: Experiment, replicates: range, whole: int, seed: int | None
) -> Iterator[Cell]:
    """Cells of some replicates; those among the first ``whole`` keep their records in full."""
    draws = experiment.draws or (experiment.scenarios,)
    for number, arms in enumerate(draws):
        for arm, scenario in arms.items():
            seeded = with_seed(scenario, seed)
            for first in range(replicates.start, replicates.stop, BATCH):
                last = min(first + BATCH, replicates.stop)
                keep = keep_of(experiment, scenario, not experiment.draws and last <= whole)
                yield Cell(arm, number, Point(seeded, first, last - first, keep))


def keep_of(experiment: Experiment, scenario: Scenario, records: bool) -> Keep:
    """What is kept of an arm: outcomes, public money, fates of founders, and records if asked."""
    ticks = scenario.run.ticks
    own = [outcome.quantity(ticks) for outcome in experiment.spec.outcomes if not outcome.chosen_in]
    looks = {quarter for chosen in _chosen(experiment, ticks) for quarter in chosen.quarters}
    return Keep(
        (*own, public_money(ticks)),
        founders=True,
        firms_after=tuple(sorted(looks)),
        records=records,
    )


def _of_chosen(
    outcomes: Sequence[ArmOutcome], arms: Mapping[str, Point], store: Store
) -> dict[str, np.ndarray]:
    """Outcomes of groups that are chosen in one arm, by arm: (replicates, outcomes)."""
    kept = {arm: firms_after(point, store) for arm, point in arms.items()}
    found = {arm: np.zeros((point.count, len(outcomes))) for arm, point in arms.items()}
    for column, outcome in enumerate(outcomes):
        chooser = outcome.chosen_in
        names = names_of(arms[chooser].scenario)
        quarters = [outcome.quantity(p.scenario.run.ticks).quarters for p in arms.values()]
        for replicate in range(arms[chooser].count):
            for when in zip(*quarters, strict=True):
                seen = {
                    arm: kept[arm][replicate, point.keep.firms_after.index(quarter)]
                    for (arm, point), quarter in zip(arms.items(), when, strict=True)
                }
                for arm, firms in seen.items():
                    found[arm][replicate, column] += apart(
                        outcome.measure, outcome.of, outcome.less, outcome.less_others,
                        (seen[chooser], names), firms, seen.values(),
                    ) / len(quarters[0])  # fmt: skip
    return found


def _chosen(experiment: Experiment, ticks: int) -> list[Quantity]:
    """What is of groups that are chosen in one arm: known only when all arms have been run."""
    return [outcome.quantity(ticks) for outcome in experiment.spec.outcomes if outcome.chosen_in]


def outcomes_of(experiment: Experiment, cells: Sequence[Cell], store: Store) -> pd.DataFrame:
    """A row an arm, draw and replicate: arm, draw, replicate, a column an outcome, public_money.

    ``cells``: of all arms. Firms of a group that is chosen in one arm count where they are in business, and
    the same, in every arm.
    """
    frame = measured(cells, store)
    if choosers := [outcome for outcome in experiment.spec.outcomes if outcome.chosen_in]:
        together: dict[tuple[int, int], dict[str, Point]] = {}
        for cell in cells:
            together.setdefault((cell.draw, cell.point.first), {})[cell.arm] = cell.point
        found = {of: _of_chosen(choosers, arms, store) for of, arms in together.items()}
        rows = [found[cell.draw, cell.point.first][cell.arm] for cell in cells]
        names = [outcome.name for outcome in choosers]
        frame = frame.join(pd.DataFrame(np.concatenate(rows), columns=names))
    order = [outcome.name for outcome in experiment.spec.outcomes]
    return frame[["arm", "draw", "replicate", *order, MONEY]]


def measured(cells: Sequence[Cell], store: Store, place: int = 0) -> pd.DataFrame:
    """A row an arm, draw and replicate: arm, draw, replicate, a column a quantity that is kept.

    ``place``: 0 for the whole world, 1 for its first community where those are kept, and so on.
    """
    frames = []
    for cell in cells:
        numbers = values(cell.point, store)[:, place]
        names = [quantity.name for quantity in cell.point.keep.quantities]
        frames.append(_indexed(cell).join(pd.DataFrame(numbers, columns=names)))
    return pd.concat(frames, ignore_index=True)


def fates(cells: Sequence[Cell], store: Store) -> pd.DataFrame:
    """A row an arm, draw, replicate and third of founders; columns as ``founders.COLUMNS``."""
    frames = []
    for cell in cells:
        numbers = founders(cell.point, store)
        for number, third in enumerate(THIRDS):
            frame = _indexed(cell).assign(third=third)
            frames.append(frame.join(pd.DataFrame(numbers[:, number], columns=list(COLUMNS))))
    return pd.concat(frames, ignore_index=True)


def _indexed(cell: Cell) -> pd.DataFrame:
    replicates = np.array(cell.point.replicates)
    return pd.DataFrame({"arm": cell.arm, "draw": cell.draw, "replicate": replicates})
