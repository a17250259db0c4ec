"""What the main job simulates: all clusters beside their scores, and institution designs in one country.

Everything runs on common random numbers at the model's default parameters, which are not calibrated; the
results say so. Clusters run a few at a time, and of each few only what tables and figures need is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.evidence.case_scenarios import CASES
from calibration.evidence.case_tables import (
    DIMENSIONS,
    Case,
    load_sector_collective_efficiency,
    scores,
)
from calibration.evidence.dossiers import firms_scored
from calibration.posterior.credible_intervals import central
from model.engine.tick import QUARTERS
from model.experiments.arms import Cell, Run, fates, keep_of, measured
from model.experiments.communities import community_effects
from model.experiments.compare import effects
from model.experiments.equal_money import ROUNDS, at_equal_money, budget_of
from model.experiments.experiment import Experiment
from model.experiments.gains import gains
from model.experiments.kept_records import frame_of_records
from model.experiments.points.point import Point, with_seed
from model.experiments.points.point_tables import check_complete
from model.experiments.points.store import Store
from model.experiments.ranking import ranking
from model.records.records import manifest_of, simulate
from model.scenario import Scenario, load

NOTE = "Parameters are documented defaults and not calibrated."
_BATCH = 5  # replicates of the designs in memory together
_IN_FULL = 2  # replicates of the designs of which firms and ledger are kept: the ledger is long
_AT_ONCE = 3  # clusters in memory together


@dataclass(frozen=True)
class Clusters:
    """Tables of the clusters."""

    beside: pd.DataFrame
    efficiency: pd.DataFrame
    series: pd.DataFrame
    """Every measure in the last quarter of each year."""
    learning: pd.DataFrame
    manifest: dict[str, Any]


@dataclass(frozen=True)
class Designs:
    """Tables of the designs, run at the same money spent."""

    experiment: Experiment
    cells: list[Cell]
    effects: pd.DataFrame
    ranking: pd.DataFrame
    gains: pd.DataFrame
    communities: pd.DataFrame
    money: pd.DataFrame
    country: pd.DataFrame
    """Series of the whole country."""
    manifest: dict[str, Any]


def case_scenarios(cases: Sequence[Case], folder: Path = CASES) -> dict[str, Scenario]:
    """The scenario of each cluster, by its key."""
    return {case.case: load(folder / f"{case.case}.toml") for case in cases}


def simulate_clusters(
    cases: Sequence[Case],
    replicates: int,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Clusters:
    """Run replicates of every cluster."""
    scenarios = case_scenarios(cases)
    series, learning, seen = [], [], []
    names = list(scenarios)
    for first in range(0, len(names), _AT_ONCE):
        few = {name: scenarios[name] for name in names[first : first + _AT_ONCE]}
        records = simulate(few, replicates, seed, workers, progress)
        series.append(records.series[records.series["tick"] % QUARTERS == QUARTERS - 1])
        learning.append(records.learning)
        seen.append(described_means(records.firms))
        seeded = dict(zip(records.labels, records.ensemble.world.scenarios, strict=True))
        scenarios.update(seeded)
    yearly = pd.concat(series, ignore_index=True)
    last = yearly[yearly["tick"] == yearly["tick"].max()]
    ticks = next(iter(scenarios.values())).run.ticks
    return Clusters(
        beside=beside_scores(pd.concat(seen, ignore_index=True), scenarios, cases),
        efficiency=efficiency_beside_print(last, scenarios, cases),
        series=yearly,
        learning=pd.concat(learning, ignore_index=True),
        manifest=manifest_of(scenarios, range(replicates), ticks),
    )


def described_means(firms: pd.DataFrame) -> pd.DataFrame:
    """Mean scores of the firms that a cluster's scorers describe, all firms where none is of that kind.

    ``firms``: firms of the last quarter. Columns: scenario, replicate, and one a dimension.
    """
    rows = []
    for (cluster, replicate), here in firms.groupby(["scenario", "replicate"], sort=False):
        whom = firms_scored(str(cluster))
        local = here["ownership"] == "local"
        meant = here[local] if whom == "local" else here[~local] if whom == "foreign" else here
        mean = (meant if len(meant) else here)[list(DIMENSIONS)].mean()
        rows.append({"scenario": cluster, "replicate": replicate, **mean})
    return pd.DataFrame(rows)


def _trade(scenario: Scenario) -> str:
    """The title of the only sector of a cluster."""
    return next(iter(scenario.sectors.values())).title


def beside_scores(
    last: pd.DataFrame, scenarios: Mapping[str, Scenario], cases: Sequence[Case]
) -> pd.DataFrame:
    """Simulated beside scored upgrading at the end of the run; ``last``: means of the last quarter.

    Columns: case, title, sector, sector_title, country, dimension, simulated (mean over replicates),
    low, high (range of 95% of replicates), scored (NaN where not given), replicates.
    """
    runs = last.groupby("scenario")
    rows = []
    for case in cases:
        values = runs.get_group(case.case)
        for dimension in DIMENSIONS:
            scored = scores(case)[dimension]
            low, high = central(values[dimension].to_numpy())
            rows.append(
                {
                    "case": case.case,
                    "title": f"{case.cluster}, {case.industry}",
                    "sector": case.sector_group,
                    "sector_title": _trade(scenarios[case.case]),
                    "country": case.country,
                    "dimension": dimension,
                    "simulated": values[dimension].mean(),
                    "low": low,
                    "high": high,
                    "scored": np.nan if scored is None else scored,
                    "replicates": len(values),
                }
            )
    return pd.DataFrame(rows)


def efficiency_beside_print(
    last: pd.DataFrame, scenarios: Mapping[str, Scenario], cases: Sequence[Case]
) -> pd.DataFrame:
    """Collective efficiency measured from the world beside GPR05 Table 2, by sector.

    Columns: sector, sector_title, component, simulated (mean over clusters and replicates, last
    quarter), low, high (range of 95% of clusters and replicates), printed (NaN for components).
    """
    sector_of = {case.case: case.sector_group for case in cases}
    titles = {sector_of[label]: _trade(scenario) for label, scenario in scenarios.items()}
    printed = {
        row.sector_group: {
            "external_economies": row.external_economies,
            "joint_action": row.joint_action,
            "collective_efficiency": row.ce_index,
        }
        for row in load_sector_collective_efficiency()
    }
    components = [name for name in last.columns if name.startswith("ce_")]
    rows = []
    for sector, values in last.groupby(last["scenario"].map(sector_of), sort=False):
        for name in (*components, "external_economies", "joint_action", "collective_efficiency"):
            low, high = central(values[name].to_numpy())
            rows.append(
                {
                    "sector": sector,
                    "sector_title": titles[str(sector)],
                    "component": name.removeprefix("ce_"),
                    "simulated": values[name].mean(),
                    "low": low,
                    "high": high,
                    "printed": printed.get(str(sector), {}).get(name, np.nan),
                }
            )
    return pd.DataFrame(rows)


def run_quarters(cases: int, experiment: Experiment, replicates: tuple[int, int]) -> int:
    """How many run-quarters the main job simulates, for a progress bar; one horizon for all."""
    ticks = next(iter(experiment.scenarios.values())).run.ticks
    designs = len(experiment.scenarios) * replicates[1] * (1 + ROUNDS)
    return ticks * (cases * replicates[0] + designs)


def simulate_designs(
    experiment: Experiment, replicates: int, store: Store, run: Run, seed: int | None = None
) -> Designs:
    """Run the designs at the same money spent; firms and ledger are kept of a few replicates."""
    alike = at_equal_money(experiment, store, run, replicates, seed)
    scenarios = {arm: with_seed(scenario, seed) for arm, scenario in alike.scenarios.items()}
    cells = []
    for arm, scenario in scenarios.items():
        for first in (0, *range(_IN_FULL, replicates, _BATCH)):
            keep = replace(
                keep_of(alike, scenario, records=first == 0), communities=True, series=True
            )
            count = min(_BATCH if first else _IN_FULL, replicates - first)
            cells.append(Cell(arm, 0, Point(scenario, first, count, keep)))
    check_complete(run([cell.point for cell in cells]), "a comparison")
    frame = measured(cells, store)
    country = frame_of_records(cells, store, "country")
    ticks = next(iter(scenarios.values())).run.ticks
    return Designs(
        experiment=alike,
        cells=cells,
        effects=effects(alike, frame),
        ranking=ranking(alike, frame),
        gains=gains(alike, fates(cells, store)),
        communities=community_effects(alike, cells, store),
        money=money(alike, country),
        country=country,
        manifest=manifest_of(scenarios, range(replicates), ticks)
        | {"experiment": {"primary": alike.spec.primary}},
    )


def money(experiment: Experiment, country: pd.DataFrame) -> pd.DataFrame:
    """What each design cost, means over replicates.

    Columns: arm, arm_title, budget (units of account a quarter), public_cost and private_cost (over the
    run), a_firm (public money a year and firm in business), a_firm_reached (a year and firm that belongs to
    the institution; NaN without), of_value_added (public money over the value added of small firms).
    """
    rows = []
    for arm, scenario in experiment.scenarios.items():
        mine = country[country["scenario"] == arm]
        each = mine.assign(
            reached=mine["reached"] * mine["firms"],
            value_added=mine["value_added"] * mine["workers"],
        )
        total = each[["public_cost", "private_cost", "firms", "reached", "value_added"]].sum()
        runs = mine["replicate"].nunique()
        reached = total["reached"] / QUARTERS
        rows.append(
            {
                "arm": arm,
                "arm_title": experiment.title_of(arm),
                "budget": budget_of(scenario),
                "public_cost": total["public_cost"] / runs,
                "private_cost": total["private_cost"] / runs,
                "a_firm": total["public_cost"] / (total["firms"] / QUARTERS),
                "a_firm_reached": total["public_cost"] / reached if reached else np.nan,
                "of_value_added": total["public_cost"] / total["value_added"],
            }
        )
    return pd.DataFrame(rows)


def distance(beside: pd.DataFrame) -> dict[str, Any]:
    """Mean absolute distance of simulated from scored, over the scores that are given."""
    given = beside.dropna(subset="scored")
    gap = (given["simulated"] - given["scored"]).abs()
    by_dimension = gap.groupby(given["dimension"]).mean()
    return {
        "mae": float(gap.mean()),
        "scores": len(given),
        "by_dimension": {str(k): float(v) for k, v in by_dimension.items()},
    }
