"""Policy under uncertainty: two designs compared in every draw of the posterior.

Draw number i is one country: its numbers, its random numbers (replicate i), every design. The difference
between two designs in it is due to the design alone; over draws it varies with what is not known of the
numbers and with chance, which is what a government that decides once faces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.pattern_draws import model_numbers
from calibration.prior import lay
from model.compiler import let_keys_wrap
from model.engine.ensemble import Ensemble
from model.experiments.experiment import Experiment
from model.measures import BY_NAME, pooled
from model.scenario import Scenario
from model.wording.numbers import fixed
from model.world.build import build

TREATED, AGAINST, MEASURE = "bridging", "fee_association", "process_breadth_2"


@dataclass(frozen=True)
class Difference:
    """What one design does over another, over draws, in the units of the measure."""

    effect: float
    low: float
    high: float
    positive: float
    draws: int
    cost: float  # public money of the design over that of the other, mean over draws


def outcomes(
    worlds: Mapping[str, Scenario],
    sample: pd.DataFrame,
    measures: tuple[str, ...],
    seed: int | None = None,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Measures of the whole country in the last quarter, a row a draw and arm.

    Columns: draw, arm, the measures, public_cost (units of account over the run). ``worlds``: scenarios by
    arm; ``done`` hears of run-quarters.
    """
    arms, scenarios = tuple(worlds), tuple(worlds.values())
    numbers = model_numbers(sample).to_dict("records")
    ticks = scenarios[0].run.ticks

    def one(draw: int) -> list[dict[str, object]]:
        values = {str(key): float(value) for key, value in numbers[draw].items()}
        ensemble = Ensemble(build(lay(scenarios, values), range(draw, draw + 1), seed), ticks)
        ensemble.advance(ticks)
        rows: list[dict[str, object]] = []
        for run, arm, world in zip(ensemble.world.runs, arms, scenarios, strict=True):
            places = len(world.communities)
            whole = pooled(np.asarray(ensemble.series[slice(*run.series)]), places)
            last = {name: float(BY_NAME[name].compute(whole[-1:])[0]) for name in measures}
            cost = float(BY_NAME["public_cost"].compute(whole).sum())
            rows.append({"draw": draw, "arm": arm, **last, "public_cost": cost})
        return rows

    found: dict[int, list[dict[str, object]]] = {}
    pool = ThreadPoolExecutor(workers, initializer=let_keys_wrap)
    try:
        work = {pool.submit(one, draw): draw for draw in range(len(numbers))}
        for finished in as_completed(work):
            found[work[finished]] = finished.result()
            if done:
                done(ticks * len(arms))
    finally:
        pool.shutdown(cancel_futures=True)
    return pd.DataFrame([row for draw in range(len(numbers)) for row in found[draw]])


def at_equal_cost(
    experiment: Experiment,
    sample: pd.DataFrame,
    seed: int | None = None,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """``outcomes`` of the two designs where the one may spend a quarter what the other does on average.

    A design that keeps firms out leaves part of its budget unspent, so equal budgets are no equal cost.
    """
    both = experiment.scenarios
    measures = (MEASURE,)
    first = outcomes({AGAINST: both[AGAINST]}, sample, measures, seed, workers, done)
    a_quarter = float(first["public_cost"].mean()) / both[AGAINST].run.ticks
    cut = with_budget(both[TREATED], a_quarter)
    second = outcomes({TREATED: cut}, sample, measures, seed, workers, done)
    return pd.concat([first, second], ignore_index=True)


def with_budget(scenario: Scenario, budget: float) -> Scenario:
    """The scenario with this public budget a quarter, shared by its institutions as before."""
    total = sum(each.budget for each in scenario.institutions.values())
    shared = {
        name: each.model_copy(update={"budget": each.budget * budget / total if total else 0.0})
        for name, each in scenario.institutions.items()
    }
    return scenario.model_copy(update={"institutions": shared})


def difference(
    table: pd.DataFrame, measure: str = MEASURE, treated: str = TREATED, against: str = AGAINST
) -> Difference:
    """The paired difference of two arms over draws; ``table`` from ``outcomes``."""
    by_arm = table.pivot(index="draw", columns="arm", values=[measure, "public_cost"])
    apart = (by_arm[measure][treated] - by_arm[measure][against]).to_numpy(float)
    low, high = np.quantile(apart, [0.025, 0.975])
    spent = by_arm["public_cost"].mean()
    cost = float(spent[treated] / spent[against]) if spent[against] > 0 else float("nan")
    return Difference(
        float(apart.mean()), float(low), float(high), float((apart > 0).mean()), len(apart), cost
    )


def statement(found: Difference) -> str:
    """The difference in words, for breadth of process upgrading."""
    raised, sign = ("raised", 1.0) if found.effect >= 0 else ("lowered", -1.0)
    places = 1 if 0.99 < found.positive < 1 else 0  # what is not sure is not rounded to it
    ends = sorted((sign * found.low, sign * found.high))
    mean, low, high = (fixed(100.0 * x, 1) for x in (abs(found.effect), *ends))
    return (
        f"Inclusive, jointly governed bridging {raised} breadth of process upgrading (firms on rung 2 or "
        f"above) by {mean} percentage points (95% interval {low} to {high}) over the fee-based association "
        f"at equal public cost ({fixed(found.cost, 2)} times what that spends), and was ahead in "
        f"{fixed(100 * found.positive, places)}% of {found.draws} posterior draws."
    )
