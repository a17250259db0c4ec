"""``uv run run.py`` without a command: simulate, print tables and a statement, write a page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from calibration.commands.clusters_and_designs import (
    Clusters,
    Designs,
    distance,
    run_quarters,
    seen_note,
    simulate_clusters,
    simulate_designs,
)
from calibration.commands.designs_by_cluster import by_cluster_table, designs_by_cluster
from calibration.evidence.case_tables import load_cases
from calibration.posterior.shipped_posterior import shipped_posterior
from calibration.validation.policy_uncertainty import (
    AGAINST,
    COST,
    MEASURE,
    TREATED,
    PolicyEffect,
    difference,
    statement,
)
from model.experiments.arms import MONEY, Cell, measured
from model.experiments.experiment import load_experiment
from model.experiments.kept_records import kept, write_records
from model.experiments.points.point import Point
from model.experiments.points.runner import Ran, run_points
from model.experiments.points.store import Store, opened
from model.language import ENGLISH, speaking
from model.records.result_files import (
    check_writable,
    results_folder,
    write_manifest,
    write_parquet,
    write_table,
)
from model.report.jobs import command_line, peak_mb
from model.report.main_figures import SCORE, figures
from model.report.progress import progress
from model.report.style import save
from model.report.terminal_tables import (
    effects_table,
    money_table,
    sector_table,
    standing_table,
)
from model.report.webpage.report_file import report
from model.scenario.faults import show_path
from model.wording.numbers import MISSING, fixed

EXPERIMENT = Path("scenarios", "experiments", "institutions.toml")
DRAWS = (20, 30)  # of the posterior: for clusters, for designs
IN_CLUSTERS = 8  # draws of the designs in every cluster
REPLICATES = 2  # of each design at each draw: with one, luck and doubt are not told apart


def main_job(
    root: Path,
    target: Path,
    workers: int,
    seed: int | None,
    console: Console,
    quiet: bool,
    language: str = ENGLISH,
) -> dict[str, Any]:
    """Run the main job and write ``target``, its page in ``language``; returns the facts for ``--json``."""
    start = time.monotonic()
    cases = load_cases()
    experiment = load_experiment(root / EXPERIMENT)
    check_writable(target)
    for_clusters, for_designs = (shipped_posterior(number) for number in DRAWS)
    ticks = next(iter(experiment.scenarios.values())).run.ticks
    runs = len(for_designs), REPLICATES
    in_clusters = shipped_posterior(IN_CLUSTERS)
    total = run_quarters(len(cases), experiment, len(for_clusters), runs)
    total += ticks * len(cases) * len(experiment.scenarios) * len(in_clusters)
    with progress("Forty clusters, five designs", total, quiet) as tell, opened(None) as store:

        def run(points: Sequence[Point]) -> Ran:
            return run_points(
                points, store, workers, tell=lambda runs, failed, resumed: tell(runs * ticks)
            )

        clusters = simulate_clusters(cases, for_clusters, seed, workers, tell)
        designs = simulate_designs(experiment, for_designs, REPLICATES, store, run, seed)
        everywhere = designs_by_cluster(designs.experiment, cases, in_clusters, store, run, seed)
        uncertain = difference(policy_draws(designs.cells, store))
        said = statement(uncertain)
        with results_folder(target) as folder:
            write_table(everywhere, folder, "by_cluster", parquet=False)
            _write(folder, clusters, designs, store, uncertain, language)
    console.print(sector_table(clusters.beside, seen_note()))
    console.print(effects_table(designs.effects, experiment.spec.question, drawn=True))
    console.print(choice_table(designs))
    console.print(by_cluster_table(everywhere, experiment.spec.outcomes[0].label))
    console.print(standing_table(designs.communities, designs.gains, SCORE))
    console.print(money_table(designs.money))
    console.print(f"{said}\n", style="bold")
    seconds, peak = time.monotonic() - start, peak_mb()
    memory = f", {peak:.0f} MB" if peak else ""
    console.print(
        f"All of it over draws of the calibrated posterior: {len(for_clusters)} for clusters, "
        f"{len(for_designs)} with {REPLICATES} runs each for designs. "
        f"Page: {show_path(target / 'report.html')} ({seconds:.0f} s{memory})"
    )
    return {
        "out": str(target),
        "runs": len(cases) * len(for_clusters)
        + len(experiment.scenarios) * len(for_designs) * REPLICATES
        + len(everywhere) * len(in_clusters),
        "seconds": round(seconds, 1),
        "peak_mb": peak,
        "calibrated": True,
        "distance": distance(clusters.beside),
        "policy": asdict(uncertain),
        "variance": {
            "numbers": round(float(designs.doubt["numbers"].mean()), 4),
            "chance": round(float(designs.doubt["chance"].mean()), 4),
        },
    }


def policy_draws(cells: Sequence[Cell], store: Store) -> pd.DataFrame:
    """The two designs of the statement at every draw, columns as ``policy_uncertainty.policy_outcomes``."""
    frame = measured([cell for cell in cells if cell.arm in (TREATED, AGAINST)], store)
    by_draw = frame.groupby(["draw", "arm"], sort=False)[[MEASURE, MONEY]].mean()
    return by_draw.reset_index().rename(columns={MONEY: COST})


def choice_table(designs: Designs) -> Table:
    """Which design to choose for each outcome: chance to be best, regret, what its spread is made of."""
    shown = Table(
        title="Which design to choose", box=box.SIMPLE_HEAD, title_justify="left",
        title_style="bold", pad_edge=False, caption_justify="left",
        caption="chance: share of draws in which it is best; regret: what is missed by it, mean over "
        "draws, in the "
        "unit of the outcome; the spread of its effect is made by the model's numbers (doubt) and by luck",
    )  # fmt: skip
    for name in ("outcome", "best", "chance", "regret", "next", "chance", "doubt", "luck"):
        shown.add_column(name, justify="left" if name in ("outcome", "best", "next") else "right")
    missed = designs.regret.set_index(["outcome", "arm"])["mean"]
    spread = designs.doubt.set_index(["outcome", "arm"])
    for outcome, part in designs.ranking.groupby("outcome", sort=False):
        first, second = (row for _, row in part.nlargest(2, "best").iterrows())
        key = outcome, first["arm"]
        told = [MISSING, MISSING]
        if key in spread.index:
            told = [f"{100 * spread.loc[key, name]:.0f}%" for name in ("numbers", "chance")]
        shown.add_row(
            first["outcome_title"], first["arm_title"], fixed(first["best"], 2),
            fixed(missed[key], 3), second["arm_title"], fixed(second["best"], 2), *told,
        )  # fmt: skip
    return shown


def _write(
    folder: Path,
    clusters: Clusters,
    designs: Designs,
    store: Store,
    found: PolicyEffect,
    language: str,
) -> None:
    write_table(clusters.beside, folder, "clusters")
    write_table(clusters.efficiency, folder, "collective_efficiency")
    write_parquet(clusters.series, folder, "series_clusters")
    write_parquet(clusters.learning, folder, "learning_clusters")
    for name in ("effects", "doubt", "ranking", "regret", "gains", "communities", "money"):
        table = getattr(designs, name)
        write_table(table, folder, name, parquet=False, inputs=("budget", "matters"))
    for name in ("series", "country"):
        write_records(designs.cells, store, name, folder / f"{name}.parquet")
    for name in ("firms", "ledger"):
        write_records(kept(designs.cells), store, name, folder / f"{name}.parquet")
    manifest = {
        "command": command_line(),
        "calibrated": True,
        "clusters": clusters.manifest,
        "designs": designs.manifest,
        "distance": distance(clusters.beside),
        "policy": asdict(found),
    }
    with speaking(language):
        for name, make in figures(folder, manifest).items():
            save(make(), folder, name)
    write_manifest(folder, manifest)
    report(folder, language)
