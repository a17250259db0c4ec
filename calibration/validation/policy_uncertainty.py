"""Policy under uncertainty: two designs compared in every draw of the posterior.

Draw number i is one country: its numbers, its random numbers (replicate i), every design. The difference
between two designs in it is due to the design alone; over draws it varies with what is not known of the
numbers and with chance, which is what a government that decides once faces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from calibration.posterior.credible_intervals import central
from calibration.prior.overlay import lay, model_numbers
from model.experiments.equal_money import with_budget
from model.experiments.experiment import Experiment
from model.experiments.points.point import Keep, Point, Quantity, with_seed
from model.experiments.points.point_tables import check_complete
from model.experiments.points.point_tables import values as point_values
from model.experiments.points.runner import run_points
from model.experiments.points.store import Store
from model.scenario import Scenario
from model.wording.policy_sentence import policy_sentence

TREATED, AGAINST, MEASURE = "bridging", "fee_association", "process_breadth_2"
COST = "public_cost"


@dataclass(frozen=True)
class PolicyEffect:
    """What one design does over another, over draws, in the units of the measure."""

    effect: float
    low: float
    high: float
    positive: float
    draws: int
    cost: float  # public money of the design over that of the other, mean over draws


def policy_outcomes(
    worlds: Mapping[str, Scenario],
    sample: pd.DataFrame,
    measures: tuple[str, ...],
    store: Store,
    seed: int | None = None,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Measures of the whole country in the last quarter, a row a draw and arm.

    Columns: draw, arm, the measures, public_cost (units of account over the run). ``worlds``: scenarios by
    arm, of one horizon; ``seed`` overrides theirs. What the store holds is not run again; ``done`` hears
    of run-quarters. Raises IncompleteError if a run failed.
    """
    ticks = next(iter(worlds.values())).run.ticks
    quantities = [Quantity(name, ticks - 1, ticks - 1) for name in measures]
    keep = Keep((*quantities, Quantity(COST, 0, ticks - 1, total=True)))
    points = [
        Point(scenario, draw, 1, keep)
        for draw, values in enumerate(model_numbers(sample).to_dict("records"))
        for scenario in lay(
            [with_seed(world, seed) for world in worlds.values()],
            {str(key): float(value) for key, value in values.items()},
        )
    ]

    def tell(runs: int, failed: int, resumed: bool) -> None:
        if done:
            done(runs * ticks)

    check_complete(run_points(points, store, workers, tell=tell), "a comparison over draws")
    rows = []
    for number, point in enumerate(points):
        draw, arm = divmod(number, len(worlds))
        *last, cost = map(float, point_values(point, store)[0, 0])
        found = dict(zip(measures, last, strict=True))
        rows.append({"draw": draw, "arm": list(worlds)[arm], **found, COST: cost})
    return pd.DataFrame(rows)


def at_equal_cost(
    experiment: Experiment,
    sample: pd.DataFrame,
    store: Store,
    seed: int | None = None,
    workers: int = 1,
    done: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """``policy_outcomes`` of two designs, the one spending a quarter what the other does on average.

    A design that keeps firms out leaves part of its budget unspent, so equal budgets are no equal cost.
    """
    both = experiment.scenarios
    measures = (MEASURE,)
    first = policy_outcomes({AGAINST: both[AGAINST]}, sample, measures, store, seed, workers, done)
    a_quarter = float(first[COST].mean()) / both[AGAINST].run.ticks
    cut = with_budget(both[TREATED], a_quarter)
    second = policy_outcomes({TREATED: cut}, sample, measures, store, seed, workers, done)
    return pd.concat([first, second], ignore_index=True)


def difference(
    table: pd.DataFrame, measure: str = MEASURE, treated: str = TREATED, against: str = AGAINST
) -> PolicyEffect:
    """The paired difference of two arms over draws; ``table`` from ``policy_outcomes``."""
    by_arm = table.pivot(index="draw", columns="arm", values=[measure, COST])
    apart = (by_arm[measure][treated] - by_arm[measure][against]).to_numpy(float)
    low, high = central(apart)
    spent = by_arm[COST].mean()
    cost = float(spent[treated] / spent[against]) if spent[against] > 0 else float("nan")
    return PolicyEffect(float(apart.mean()), low, high, float((apart > 0).mean()), len(apart), cost)


def statement(found: PolicyEffect) -> str:
    """The difference in words, for breadth of process upgrading."""
    return policy_sentence(asdict(found))
