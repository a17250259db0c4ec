"""What the main job simulates: all clusters, beside published scores, and institution designs in one country.

Every run takes its numbers from a draw of the calibrated posterior. A cluster runs once at each draw, with
random
numbers of that draw; a design runs a few times at each, on random numbers that all designs share. Clusters
run a few at a time, and of each few only what tables and figures need is kept.
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
from calibration.posterior.measurement_model import GRID, PREFIX
from calibration.prior.overlay import case_numbers, lay, lay_cases, model_numbers
from calibration.prior.translation import within_degree
from calibration.validation.draws_and_chance import draws_and_chance, over_draws
from model.engine.tick import QUARTERS
from model.experiments.arms import Cell, Run, fates, keep_of, outcomes_of
from model.experiments.communities import community_effects
from model.experiments.compare import effects
from model.experiments.equal_money import ROUNDS, at_equal_money, budget_of
from model.experiments.experiment import Experiment
from model.experiments.gains import gains
from model.experiments.kept_records import frame_of_records
from model.experiments.points.point import Point, with_seed
from model.experiments.points.point_tables import check_complete
from model.experiments.points.store import Store
from model.experiments.ranking import ranking, regret
from model.language import say
from model.measures.upgrading import LEADING, leading
from model.records.records import manifest_of, simulate
from model.report.main_figures import NOTE, SEEN
from model.scenario import Scenario, load

_IN_FULL = 1  # draws of the designs of which firms and ledger are kept: the ledger is long
_AT_ONCE = 1  # clusters in memory together, each at all draws
_DRAW = " at draw "  # between the name of a cluster and the number of a draw, in a label


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
    """Means over draws; ``low`` and ``high`` are the central 95% of draws and runs."""
    doubt: pd.DataFrame
    """How much of an effect's spread is chance and how much the model's numbers (`draws_and_chance`)."""
    ranking: pd.DataFrame
    regret: pd.DataFrame
    gains: pd.DataFrame
    communities: pd.DataFrame
    money: pd.DataFrame
    country: pd.DataFrame
    """Series of the whole country."""
    manifest: dict[str, Any]


def seen_note() -> str:
    """What a reader of simulated scores has to know."""
    return f"{say(NOTE)} {say(SEEN)}"


def case_scenarios(cases: Sequence[Case], folder: Path = CASES) -> dict[str, Scenario]:
    """The scenario of each cluster, by its key."""
    return {case.case: load(folder / f"{case.case}.toml") for case in cases}


def simulate_clusters(
    cases: Sequence[Case],
    sample: pd.DataFrame,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Clusters:
    """Run every cluster once at each draw of ``sample`` (a row a draw, columns dotted keys).

    In tables the number of a draw is called replicate.
    """
    scenarios = case_scenarios(cases)
    if seed is not None:
        scenarios = {name: with_seed(each, seed) for name, each in scenarios.items()}
    series, learning, described = [], [], []
    names = list(scenarios)
    for first in range(0, len(names), _AT_ONCE):
        few = {
            f"{name}{_DRAW}{number}": world
            for place, name in enumerate(names[first : first + _AT_ONCE], first)
            for number, world in enumerate(at_draws_of_case(scenarios[name], place, sample))
        }
        records = simulate(few, 1, None, workers, progress)
        yearly = records.series
        series.append(_by_draw(yearly[yearly["tick"] % QUARTERS == QUARTERS - 1]))
        learning.append(_by_draw(records.learning))
        described.append(described_means(_by_draw(records.firms)))
    yearly = pd.concat(series, ignore_index=True)
    last = yearly[yearly["tick"] == yearly["tick"].max()]
    ticks = next(iter(scenarios.values())).run.ticks
    return Clusters(
        beside=beside_scores(pd.concat(described, ignore_index=True), scenarios, cases, sample),
        efficiency=efficiency_beside_print(last, scenarios, cases),
        series=yearly,
        learning=pd.concat(learning, ignore_index=True),
        manifest=manifest_of(scenarios, range(len(sample)), ticks),
    )


def at_draws_of_case(scenario: Scenario, place: int, sample: pd.DataFrame) -> list[Scenario]:
    """A cluster at each draw: numbers, components within its degree, random numbers of its own."""
    worlds = []
    for number, values in enumerate(case_numbers(sample).to_dict("records")):
        (laid,) = lay_cases([scenario], {str(k): float(v) for k, v in values.items()})
        within = within_degree(laid, np.random.default_rng((scenario.run.seed, place, number)))
        worlds.append(with_seed(within, scenario.run.seed + number))
    return worlds


def _by_draw(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the draw as replicate, in place of the label."""
    told = frame["scenario"].astype(str).str.split(_DRAW, expand=True)
    return frame.assign(scenario=told[0], replicate=told[1].astype(int)).reset_index(drop=True)


def described_means(firms: pd.DataFrame) -> pd.DataFrame:
    """Scores of the firms that a cluster's scorers describe, all firms where none is of that kind.

    ``firms``: firms of the last quarter. Columns: scenario, replicate, and two a dimension: mean of those
    firms, and of the foremost among them (``leading``).
    """
    rows = []
    for (cluster, replicate), here in firms.groupby(["scenario", "replicate"], sort=False):
        whom = firms_scored(str(cluster))
        local = (here["ownership"] == "local").to_numpy()
        levels = here[list(DIMENSIONS)].to_numpy(float)
        meant = (
            levels[local] if whom == "local" else levels[~local] if whom == "foreign" else levels
        )
        levels = meant if len(meant) else levels
        means = dict(zip(DIMENSIONS, levels.mean(axis=0).tolist(), strict=True))
        foremost = {leading(d): _foremost(levels[:, n]) for n, d in enumerate(DIMENSIONS)}
        rows.append({"scenario": cluster, "replicate": replicate, **means, **foremost})
    return pd.DataFrame(rows)


def _foremost(values: np.ndarray) -> float:
    """Mean of the most able ``LEADING`` share, a firm on its edge counting in part; NaN without firms."""
    ordered, number = np.sort(values)[::-1], len(values) * LEADING
    weights = np.clip(number - np.arange(len(values)), 0.0, 1.0)
    return float(ordered @ weights / weights.sum()) if len(values) else float("nan")


def _trade(scenario: Scenario) -> str:
    """The title of the only sector of a cluster."""
    return next(iter(scenario.sectors.values())).title


def beside_scores(
    last: pd.DataFrame,
    scenarios: Mapping[str, Scenario],
    cases: Sequence[Case],
    sample: pd.DataFrame,
) -> pd.DataFrame:
    """Simulated beside scored upgrading at the end of the run; ``last``: means of the last quarter.

    Simulated is what scorers would see of a cluster at that draw of ``sample``, without their noise:
    foremost firms
    count more than others, and each kind of upgrading has a level of its own (`measurement_model`).

    Columns: case, title, sector, sector_title, country, dimension, simulated (mean over replicates),
    low, high (range of 95% of replicates), scored (NaN where not given), replicates.
    """
    runs = last.groupby("scenario")
    rows = []
    for case in cases:
        values = runs.get_group(case.case)
        for dimension in DIMENSIONS:
            scored = scores(case)[dimension]
            shown = _shown(values, dimension, sample)
            low, high = central(shown)
            rows.append(
                {
                    "case": case.case,
                    "title": f"{case.cluster}, {case.industry}",
                    "sector": case.sector_group,
                    "sector_title": _trade(scenarios[case.case]),
                    "country": case.country,
                    "dimension": dimension,
                    "simulated": shown.mean(),
                    "low": low,
                    "high": high,
                    "scored": np.nan if scored is None else scored,
                    "replicates": len(values),
                }
            )
    return pd.DataFrame(rows)


def _shown(runs: pd.DataFrame, dimension: str, sample: pd.DataFrame) -> np.ndarray:
    """What the material shows of a cluster at each draw, score points within 0 to 3."""
    draws = sample.iloc[runs["replicate"].to_numpy()]
    weight = draws[f"{PREFIX}leaders"].to_numpy()
    mean, foremost = runs[dimension].to_numpy(), runs[leading(dimension)].to_numpy()
    shown = (1 - weight) * mean + weight * np.nan_to_num(foremost)
    return np.clip(shown + draws[f"{PREFIX}shift_{dimension}"].to_numpy(), *GRID[[0, -1]])


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


def run_quarters(cases: int, experiment: Experiment, draws: int, runs: tuple[int, int]) -> int:
    """How many run-quarters the main job simulates, for a progress bar; one horizon for all.

    ``draws`` of the clusters; ``runs``: draws of the designs, and replicates at each.
    """
    ticks = next(iter(experiment.scenarios.values())).run.ticks
    designs = len(experiment.scenarios) * runs[0] * (runs[1] + ROUNDS)
    return ticks * (cases * draws + designs)


def simulate_designs(
    experiment: Experiment,
    sample: pd.DataFrame,
    replicates: int,
    store: Store,
    run: Run,
    seed: int | None = None,
) -> Designs:
    """Run the designs at the same money spent: replicates at each draw of ``sample``, alike in all designs.

    Firms and ledger are kept of the first draw.
    """
    drawn = replace(experiment, draws=_arms_at(experiment, sample))
    alike = at_equal_money(drawn, store, run, 1, seed)
    cells = []
    for number, arms in enumerate(alike.draws):
        for arm, scenario in arms.items():
            seeded = with_seed(scenario, seed)
            keep = replace(
                keep_of(alike, seeded, records=number < _IN_FULL), communities=True, series=True
            )
            point = Point(seeded, number * replicates, replicates, keep)
            cells.append(Cell(arm, number, point))
    check_complete(run([cell.point for cell in cells]), "a comparison")
    frame = outcomes_of(alike, cells, store)
    country = frame_of_records(cells, store, "country")
    scenarios = alike.scenarios
    ticks = next(iter(scenarios.values())).run.ticks
    doubt = draws_and_chance(alike, frame)
    return Designs(
        experiment=alike,
        cells=cells,
        effects=over_draws(effects(alike, frame), doubt),
        doubt=doubt,
        ranking=ranking(alike, frame),
        regret=regret(alike, frame),
        gains=gains(alike, fates(cells, store)),
        communities=community_effects(alike, cells, store),
        money=money(alike, country),
        country=country,
        manifest=manifest_of(scenarios, range(len(sample) * replicates), ticks)
        | {
            "experiment": {
                "title": alike.spec.title,
                "question": alike.spec.question,
                "primary": alike.spec.primary,
            },
            "compared": {"replicates": replicates, "draws": len(sample)},
        },
    )


def _arms_at(experiment: Experiment, sample: pd.DataFrame) -> tuple[dict[str, Scenario], ...]:
    """The arms with the numbers of each draw laid over them."""
    return tuple(
        dict(zip(experiment.scenarios, lay(
            list(experiment.scenarios.values()), {str(k): float(v) for k, v in values.items()}
        ), strict=True))
        for values in model_numbers(sample).to_dict("records")
    )  # fmt: skip


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
