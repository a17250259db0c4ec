"""A choice as worlds, at budgets that spend the money.

A rule that keeps firms out leaves part of a budget unspent, and a programme that opens late has fewer
quarters to spend it in. So what a design spends is measured, and its budgets are raised or cut together
until it spends the money of the search over the run, or as much of it as it can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model.experiments.equal_money import with_budgets_times
from model.experiments.search.search_file import NONE, PolicySearch
from model.scenario import Scenario

TOLERANCE = 0.03
"""Share of the money by which what is spent may differ."""
ROUNDS = 3  # of measuring and setting budgets


@dataclass(frozen=True)
class PolicyDesign:
    """A design under every draw, at the budgets of the file times ``times``."""

    name: str
    written: tuple[Scenario, ...] = field(repr=False)
    """Its worlds with budgets as the file writes them."""
    row: dict[str, Any] = field(default_factory=dict)
    """What was chosen; empty for known designs."""
    own: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """Institutions and instruments that it adds to the world: those whose budgets are set."""
    times: float = 1.0

    @property
    def worlds(self) -> tuple[Scenario, ...]:
        """Its worlds at the budgets that are set."""
        return tuple(with_budgets_times(world, self.times, *self.own) for world in self.written)

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for equal designs at equal budgets."""
        return (self.name if not self.row else "", *self.row.items(), self.times)

    def written_money(self) -> float:
        """Money over the run if all that is written were spent, units of account."""
        world = self.written[0]
        ticks, (institutions, instruments) = world.run.ticks, self.own
        open_for = [
            (each.budget, min(each.closes, ticks) - each.opens)
            for name, each in world.institutions.items()
            if name in institutions
        ] + [
            (each.budget, min(each.last + 1, ticks) - each.first)
            for name, each in world.instruments.items()
            if name in instruments
        ]
        return float(sum(budget * max(0, quarters) for budget, quarters in open_for))


def policy_design(
    search: PolicySearch, name: str, worlds: tuple[Scenario, ...], row: dict[str, Any] | None = None
) -> PolicyDesign:
    """A design at budgets that would spend the money of the search if nothing stayed unspent."""
    first, world = worlds[0], search.world
    own = (
        frozenset(first.institutions.keys() - world.institutions.keys()),
        frozenset(first.instruments.keys() - world.instruments.keys()),
    )
    design = PolicyDesign(name, worlds, row or {}, own)
    written = design.written_money()
    return replace(design, times=money_of(search) / written) if written > 0 else design


def nothing(search: PolicySearch) -> PolicyDesign:
    """The world as it is."""
    return PolicyDesign(NONE, search.worlds_of([]))


def money_of(search: PolicySearch) -> float:
    """Public money of a design over the run, units of account."""
    return search.spec.money * search.world.run.ticks


def nearer(search: PolicySearch, design: PolicyDesign, spent: float) -> PolicyDesign:
    """The design at budgets nearer to spending the money, given what it spends now; itself if near."""
    money = money_of(search)
    written = design.written_money()
    if written <= 0 or spent <= 0 or abs(spent / money - 1) <= TOLERANCE:
        return design
    times = min(design.times * money / spent, search.spec.raised * money / written)
    return replace(design, times=times)


def mean_known(values: np.ndarray) -> np.ndarray:
    """Means over cases (rows) of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    mean: np.ndarray = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def distinct(designs: Sequence[PolicyDesign]) -> list[PolicyDesign]:
    """Each of them once."""
    return list({design.key: design for design in designs}.values())
