"""Designs run on the same draws and random numbers, so that luck cancels between them.

Case i is draw i (they take turns) with the random numbers of replicate i. What a design does in a case is
a point of the store like any other: so a search goes on after any interruption, on any number of workers
or machines, and comes to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.engine.tick import QUARTERS
from model.experiments.outcomes import public_money
from model.experiments.points.point import Keep, Point, Quantity
from model.experiments.points.point_tables import check_complete, values
from model.experiments.points.runner import RunsPoints, Tell
from model.experiments.points.store import Store
from model.experiments.search.policy_design import (
    ROUNDS,
    TOLERANCE,
    PolicyDesign,
    mean_known,
    money_of,
    nearer,
    nothing,
)
from model.experiments.search.search_file import WEAKEST, PolicySearch
from model.scenario import Scenario

MONEY, HELPED = -2, -1
"""Columns after the aims: public money over the run, and firm-years of service."""


@dataclass
class CommonCases:
    """The cases from ``start`` on, and what is known of designs in them."""

    search: PolicySearch
    store: Store
    run: RunsPoints
    start: int = 0
    neutral: tuple[str, ...] = ()
    """Mechanisms put neutral beside those of the world: a rival theory."""
    tell: Tell | None = None
    runs: int = 0
    """Runs that were asked for so far, whether the store had them or not."""
    _known: dict[tuple[Any, ...], np.ndarray] = field(default_factory=dict)

    def values(self, designs: Sequence[PolicyDesign], number: int) -> list[np.ndarray]:
        """Of each design in the first ``number`` cases: aims, money, help; (number, aims + 2)."""
        todo = {d.key: d for d in designs if self._so_far(d) < number}
        points: dict[tuple[Any, ...], list[Point]] = {
            key: self._points(design, self._so_far(design), number) for key, design in todo.items()
        }
        every = [point for few in points.values() for point in few]
        if every:
            check_complete(self.run(every, self.store, tell=self.tell), "a search")
        self.runs += sum(point.count for point in every)
        for key, few in points.items():
            rows = np.concatenate([self._read(point) for point in few])
            before = self._known.get(key)
            self._known[key] = rows if before is None else np.concatenate([before, rows])
        return [self._known[design.key][:number] for design in designs]

    def effects(self, designs: Sequence[PolicyDesign], number: int) -> list[np.ndarray]:
        """What each design adds to the world as it is in each case, in what matters; (number, aims).

        More is better in every column.
        """
        base, *rest = self.values([nothing(self.search), *designs], number)
        aims = self.search.spec.aims
        scale = np.array([(1 if aim.better == "higher" else -1) / aim.matters for aim in aims])
        return [(found - base)[:, : len(aims)] * scale for found in rest]

    def extra(self, designs: Sequence[PolicyDesign], number: int) -> list[tuple[float, float]]:
        """Money and help over the run beside those of the world as it is, means over cases."""
        base, *rest = self.values([nothing(self.search), *designs], number)
        means = [mean_known(found - base) for found in rest]
        return [(float(mean[MONEY]), float(mean[HELPED])) for mean in means]

    def at_the_money(self, designs: Sequence[PolicyDesign], number: int) -> list[PolicyDesign]:
        """The designs at budgets that spend the money, by what they spend in the first ``number`` cases.

        The last step is not measured: a design that still spends too much is cut once more.
        """
        money, found = money_of(self.search), list(designs)
        for _ in range(ROUNDS - 1):
            spent = self.extra(found, number)
            found = [nearer(self.search, d, m) for d, (m, _) in zip(found, spent, strict=True)]
        spent = self.extra(found, number)
        return [
            nearer(self.search, d, m) if m > money * (1 + TOLERANCE) else d
            for d, (m, _) in zip(found, spent, strict=True)
        ]

    def _so_far(self, design: PolicyDesign) -> int:
        return len(self._known.get(design.key, ()))

    def _points(self, design: PolicyDesign, first: int, stop: int) -> list[Point]:
        worlds = [self._in_theory(world) for world in design.worlds]
        keep = self._keep()
        if len(worlds) == 1:
            return [Point(worlds[0], self.start + first, stop - first, keep)]
        return [Point(worlds[i % len(worlds)], self.start + i, 1, keep) for i in range(first, stop)]

    def _in_theory(self, world: Scenario) -> Scenario:
        neutral = tuple(dict.fromkeys((*world.neutral, *self.neutral)))
        return world.model_copy(update={"neutral": neutral})

    def _keep(self) -> Keep:
        spec, ticks = self.search.spec, self.search.world.run.ticks
        last = ticks - 1
        return Keep(
            (
                *(aim.quantity(ticks) for aim in spec.aims),
                public_money(ticks),
                Quantity("served", 0, last),
                Quantity("firms", 0, last),
            ),
            communities=any(aim.where == WEAKEST for aim in spec.aims),
        )

    def _read(self, point: Point) -> np.ndarray:
        """(replicates, aims + 2) of a point that is there."""
        found = values(point, self.store)
        aims = self.search.spec.aims
        rows = np.empty((point.count, len(aims) + 2))
        for column, aim in enumerate(aims):
            rows[:, column] = found[:, 0, column]
            if aim.where == WEAKEST:
                each = found[:, 1:, column]
                worst = np.fmin if aim.better == "higher" else np.fmax
                rows[:, column] = worst.reduce(each, axis=1)
        rows[:, MONEY] = found[:, 0, len(aims)]
        years = self.search.world.run.ticks / QUARTERS
        rows[:, HELPED] = found[:, 0, len(aims) + 1] * found[:, 0, len(aims) + 2] * years
        return rows


def worth(search: PolicySearch, effects: np.ndarray) -> np.ndarray:
    """Effects in what matters (..., aims) as one number: their weighted sum."""
    weights = np.array([aim.weight for aim in search.spec.aims])
    return np.asarray(effects @ weights)
