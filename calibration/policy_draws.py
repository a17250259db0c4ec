"""Policy under uncertainty: two designs compared in every draw of the posterior.

Draw number i is one country: its numbers, its random numbers (replicate i), every design. The difference
between two designs in it is due to the design alone; over draws it varies with what is not known of the
numbers and with chance, which is what a government that decides once faces.
"""

from __future__ import annotations

from collections.abc import Callable
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
    experiment: Experiment,
    sample: pd.DataFrame,
    measures: tuple[str, ...],
    arms: tuple[str, ...] | None = None,
    seed: int | None = None,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Measures of the whole country in the last quarter, a row a draw and arm.

    Columns: draw, arm, the measures, public_cost (units of account over the run). ``done`` hears of
    run-quarters.
    """
    chosen = arms or tuple(experiment.scenarios)
    worlds = [experiment.scenarios[arm] for arm in chosen]
    numbers = model_numbers(sample).to_dict("records")
    ticks = worlds[0].run.ticks

    def one(draw: int) -> list[dict[str, object]]:
        values = {str(key): float(value) for key, value in numbers[draw].items()}
        ensemble = Ensemble(build(lay(worlds, values), range(draw, draw + 1), seed), ticks)
        ensemble.advance(ticks)
        rows: list[dict[str, object]] = []
        for run, arm, world in zip(ensemble.world.runs, chosen, worlds, strict=True):
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
                done(ticks * len(chosen))
    finally:
        pool.shutdown(cancel_futures=True)
    return pd.DataFrame([row for draw in range(len(numbers)) for row in found[draw]])


def difference(
    table: pd.DataFrame, measure: str = MEASURE, treated: str = TREATED, against: str = AGAINST
) -> Difference:
    """The paired difference of two arms over draws; ``table`` from ``outcomes``."""
    by_arm = table.pivot(index="draw", columns="arm", values=[measure, "public_cost"])
    apart = (by_arm[measure][treated] - by_arm[measure][against]).to_numpy(float)
    low, high = np.quantile(apart, [0.025, 0.975])
    cost = by_arm["public_cost"]
    return Difference(
        float(apart.mean()), float(low), float(high), float((apart > 0).mean()), len(apart),
        float(cost[treated].mean() / cost[against].mean()),
    )  # fmt: skip


def statement(found: Difference) -> str:
    """The difference in words, for breadth of process upgrading."""
    raised = "raised" if found.effect >= 0 else "lowered"
    points = 100 * abs(found.effect), 100 * found.low, 100 * found.high
    return (
        f"Inclusive, jointly governed bridging {raised} breadth of process upgrading (firms on rung 2 or "
        f"above) by {points[0]:.0f} percentage points (95% interval {points[1]:.0f} to {points[2]:.0f}) "
        f"over the fee-based association at equal public budgets (public money spent: {found.cost:.2f} "
        f"times as much), and was ahead in {found.positive:.0%} of {found.draws} posterior draws."
    )
