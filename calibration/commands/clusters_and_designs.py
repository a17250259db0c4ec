"""The main job: all clusters beside their scores, and five institution designs in one country.

Everything is simulated on common random numbers at the model's default parameters, which are not
calibrated; the results say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from calibration.posterior.credible_intervals import central
from model.experiments.arms import measured_from
from model.experiments.compare import effects
from model.experiments.experiment import Experiment
from model.records.records import Records, simulate
from model.scenario import Scenario, load

NOTE = "Parameters are documented defaults and not calibrated."


@dataclass(frozen=True)
class Overview:
    """Records and tables of the main job."""

    clusters: Records
    designs: Records
    experiment: Experiment
    beside: pd.DataFrame
    efficiency: pd.DataFrame
    effects: pd.DataFrame


def case_scenarios(cases: Sequence[Case], folder: Path = CASES) -> dict[str, Scenario]:
    """The scenario of each cluster, by its key."""
    return {case.case: load(folder / f"{case.case}.toml") for case in cases}


def beside_scores(records: Records, cases: Sequence[Case]) -> pd.DataFrame:
    """Simulated beside scored upgrading at the end of the run.

    Columns: case, title, sector, sector_title, country, dimension, simulated (mean over replicates),
    low, high (range of 95% of replicates), scored (NaN where not given), replicates.
    """
    country = records.country
    last = country[country["tick"] == country["tick"].max()].groupby("scenario")
    titles = {
        label: next(iter(scenario.sectors.values())).title
        for label, scenario in zip(records.labels, records.ensemble.world.scenarios, strict=True)
    }
    rows = []
    for case in cases:
        values = last.get_group(case.case)
        for dimension in DIMENSIONS:
            scored = scores(case)[dimension]
            low, high = central(values[dimension].to_numpy())
            rows.append(
                {
                    "case": case.case,
                    "title": f"{case.cluster}, {case.industry}",
                    "sector": case.sector_group,
                    "sector_title": titles[case.case],
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


def efficiency_beside_print(records: Records, cases: Sequence[Case]) -> pd.DataFrame:
    """Collective efficiency measured from the world beside GPR05 Table 2, by sector.

    Columns: sector, sector_title, component, simulated (mean over clusters and replicates, last
    quarter), low, high (range of 95% of clusters and replicates), printed (NaN for components).
    """
    country = records.country
    last = country[country["tick"] == country["tick"].max()]
    sector_of = {case.case: case.sector_group for case in cases}
    titles = {
        sector_of[label]: next(iter(scenario.sectors.values())).title
        for label, scenario in zip(records.labels, records.ensemble.world.scenarios, strict=True)
    }
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
    return ticks * (cases * replicates[0] + len(experiment.scenarios) * replicates[1])


def overview(
    cases: Sequence[Case],
    experiment: Experiment,
    replicates: tuple[int, int] = (20, 40),
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Overview:
    """Run the main job: replicates of each cluster, and of each design."""
    clusters = simulate(case_scenarios(cases), replicates[0], seed, workers, progress)
    designs = simulate(experiment.scenarios, replicates[1], seed, workers, progress)
    return Overview(
        clusters=clusters,
        designs=designs,
        experiment=experiment,
        beside=beside_scores(clusters, cases),
        efficiency=efficiency_beside_print(clusters, cases),
        effects=effects(experiment, measured_from(experiment, designs)),
    )


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
