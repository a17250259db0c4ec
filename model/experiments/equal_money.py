"""Designs at the same money spent.

A design that keeps firms out, or asks of them what few have, leaves part of its budget unspent, so that
equal budgets are no equal cost. Budgets are cut until every design spends what the thriftiest does.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from model.experiments.arms import Cell, Run
from model.experiments.experiment import Experiment
from model.experiments.outcomes import public_money
from model.experiments.points.point import Keep, Point, with_seed
from model.experiments.points.point_tables import check_complete, values
from model.experiments.points.store import Store
from model.scenario import Scenario

ROUNDS = 2  # of measuring and cutting: what is spent is nearly, not quite, in step with a budget


def at_equal_money(
    experiment: Experiment, store: Store, run: Run, replicates: int, seed: int | None = None
) -> Experiment:
    """The experiment with budgets at which all arms that spend public money spend as much.

    As much as the arm that spends least at the budgets of the file, mean over so many ``replicates``: give
    those that are compared. Where parameters are drawn, mean over draws, so many replicates each; a design
    has one budget in all of them. What instruments spend is not touched. ``seed`` overrides the files' own.
    """
    scenarios, draws = dict(experiment.scenarios), [dict(arms) for arms in experiment.draws]
    target = None
    for _ in range(ROUNDS):
        spent = _spent(draws or [scenarios], store, run, seed, replicates)
        paid = {arm: money for arm, money in spent.items() if money > 0}
        if not paid:
            break
        target = min(paid.values()) if target is None else target
        for arm, money in paid.items():
            budget = budget_of(scenarios[arm]) * target / money
            for arms in (scenarios, *draws):
                arms[arm] = with_budget(arms[arm], budget)
    return replace(experiment, scenarios=scenarios, draws=tuple(draws))


def spending(
    scenarios: Mapping[str, Scenario], store: Store, run: Run, seed: int | None, replicates: int
) -> dict[str, float]:
    """Public money over the run by arm, units of account, mean over replicates."""
    return _spent([scenarios], store, run, seed, replicates)


def _spent(
    draws: Sequence[Mapping[str, Scenario]],
    store: Store,
    run: Run,
    seed: int | None,
    replicates: int,
) -> dict[str, float]:
    """Public money over the run by arm, mean over draws of parameters and replicates."""
    cells = []
    for number, arms in enumerate(draws):
        for arm, scenario in arms.items():
            keep = Keep((public_money(scenario.run.ticks),))
            seeded = with_seed(scenario, seed)
            cells.append(Cell(arm, number, Point(seeded, number * replicates, replicates, keep)))
    check_complete(run([cell.point for cell in cells]), "a comparison at equal money")
    found: dict[str, list[float]] = {arm: [] for arm in draws[0]}
    for cell in cells:
        found[cell.arm] += values(cell.point, store)[:, 0, 0].tolist()
    return {arm: float(np.mean(money)) for arm, money in found.items()}


def budget_of(scenario: Scenario) -> float:
    """The budget of all institutions together, units of account a quarter."""
    return float(sum(each.budget for each in scenario.institutions.values()))


def with_budget(scenario: Scenario, budget: float) -> Scenario:
    """The scenario with this public budget a quarter, shared by its institutions as before."""
    total = budget_of(scenario)
    return with_budgets_times(scenario, budget / total if total else 0.0, scenario.institutions)


def with_budgets_times(
    scenario: Scenario,
    factor: float,
    institutions: Container[str] = (),
    instruments: Container[str] = (),
) -> Scenario:
    """The scenario with the public budgets of the named institutions and instruments times a factor."""

    def scaled(table: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
        more = {n: {"budget": each.budget * factor} for n, each in table.items() if n in names}
        return {n: each.model_copy(update=more.get(n, {})) for n, each in table.items()}

    tables = {
        "institutions": scaled(scenario.institutions, institutions),
        "instruments": scaled(scenario.instruments, instruments),
    }
    return scenario.model_copy(update=tables)
