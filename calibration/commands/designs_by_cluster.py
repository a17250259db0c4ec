"""The designs of the main job in every scored cluster: which is best, how surely, what one misses.

A design is put into a cluster with the money a firm that it costs in the country, serves the cluster alone,
and stands beside
the institutions that the cluster has already. Each draw of the posterior is one history of the cluster, on
random numbers that all designs share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from rich import box
from rich.table import Table

from calibration.commands.clusters_and_designs import at_draws_of_case, case_scenarios
from calibration.evidence.case_tables import Case, scores
from calibration.posterior.credible_intervals import central
from model.experiments.arms import Run
from model.experiments.experiment import Experiment
from model.experiments.points.point import Keep, Point, with_seed
from model.experiments.points.point_tables import check_complete, values
from model.experiments.points.store import Store
from model.scenario import Scenario
from model.wording.numbers import counted, fixed

_PREFIX = "design_"
_SIGN = {"higher": 1.0, "lower": -1.0}


def placed(design: Scenario, cluster: Scenario) -> Scenario:
    """The cluster with the institutions of a design beside its own, at the same public money a firm."""
    share = _places(cluster) / _places(design)
    home = next(iter(cluster.communities))
    added = {
        f"{_PREFIX}{name}": each.model_copy(
            update={
                "reach": (),
                "home": home,
                "budget": each.budget * share,
                "donor": each.donor * share,
                "access": each.access.model_copy(update={"chains": ()}),
            }
        )
        for name, each in design.institutions.items()
    }
    return cluster.model_copy(update={"institutions": {**cluster.institutions, **added}})


def _places(scenario: Scenario) -> int:
    return sum(place.places for place in scenario.communities.values())


def designs_by_cluster(
    experiment: Experiment,
    cases: Sequence[Case],
    sample: pd.DataFrame,
    store: Store,
    run: Run,
    seed: int | None = None,
) -> pd.DataFrame:
    """A row a scored cluster and design, for the first outcome of the experiment.

    Columns: case, title, sector, outcome, arm, arm_title, effect (against the baseline, mean over draws),
    low, high
    (central 95% of draws), best (share of draws in which it is best, ties shared), regret (what is missed
    by it, mean over draws), draws.
    """
    outcome = experiment.spec.outcomes[0]
    scored = [case for case in cases if any(v is not None for v in scores(case).values())]
    scenarios = case_scenarios(scored)
    shape = len(sample), len(experiment.scenarios)
    rows: list[Mapping[str, object]] = []
    for place, case in enumerate(
        scored
    ):  # one by one: worlds of all draws of all clusters are many
        own = with_seed(scenarios[case.case], seed)
        keep = Keep((outcome.quantity(own.run.ticks),))
        points = [
            Point(placed(arm, world), number, 1, keep)
            for number, world in enumerate(at_draws_of_case(own, place, sample))
            for arm in experiment.scenarios.values()
        ]
        check_complete(run(points), "designs in every cluster")
        found = np.array([values(point, store)[0, 0, 0] for point in points]).reshape(shape)
        sign = _SIGN[outcome.better]
        rows += _of_cluster(experiment, case, np.nan_to_num(sign * found), sign)
    return pd.DataFrame(rows)


def _of_cluster(
    experiment: Experiment, case: Case, good: np.ndarray, sign: float
) -> list[Mapping[str, object]]:
    """Rows of one cluster; good: (draws, arms), more is better."""
    arms, outcome = list(experiment.scenarios), experiment.spec.outcomes[0]
    most = good.max(axis=1, keepdims=True)
    best = (good == most) / (good == most).sum(axis=1, keepdims=True)
    without = good[:, arms.index(experiment.spec.baseline)]
    rows: list[Mapping[str, object]] = []
    for place, arm in enumerate(arms):
        apart = sign * (good[:, place] - without)
        low, high = central(apart)
        rows.append({
            "case": case.case, "title": f"{case.cluster}, {case.industry}", "sector": case.sector_group,
            "outcome": outcome.name, "arm": arm, "arm_title": experiment.title_of(arm),
            "effect": apart.mean(), "low": low, "high": high, "best": best[:, place].mean(),
            "regret": (most[:, 0] - good[:, place]).mean(), "draws": len(good),
        })  # fmt: skip
    return rows


def by_cluster_table(found: pd.DataFrame, outcome_title: str) -> Table:
    """How the designs stand over all clusters, for the terminal."""
    shown = Table(
        title=f"In each cluster: {outcome_title}", box=box.SIMPLE_HEAD, title_justify="left",
        title_style="bold", pad_edge=False, caption_justify="left",
        caption=f"{counted(found['case'].nunique(), 'scored cluster')}, "
        f"{counted(found['draws'], 'posterior draw')} "
        "each; the same public money a firm; first: clusters where it is best most often; by_cluster.csv "
        "has each",
    )  # fmt: skip
    for name in ("design", "first", "chance to be best", "effect", "regret"):
        shown.add_column(name, justify="left" if name == "design" else "right")
    winners = found.loc[found.groupby("case")["best"].idxmax(), "arm"].value_counts()
    for arm, part in found.groupby("arm", sort=False):
        shown.add_row(
            part["arm_title"].iloc[0], str(int(winners.get(arm, 0))), fixed(part["best"].mean(), 2),
            fixed(part["effect"].mean(), 3), fixed(part["regret"].mean(), 3),
        )  # fmt: skip
    return shown
