"""``uv run run.py`` without a command: simulate, print tables and a statement, write a page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from calibration.commands.clusters_and_designs import (
    NOTE,
    Clusters,
    Designs,
    distance,
    run_quarters,
    simulate_clusters,
    simulate_designs,
)
from calibration.evidence.case_tables import load_cases
from calibration.posterior.shipped_posterior import shipped_posterior
from calibration.validation.policy_uncertainty import at_equal_cost, difference, statement
from model.experiments.experiment import load_experiment
from model.experiments.kept_records import frame_of_records, kept, write_records
from model.experiments.points.point import Point
from model.experiments.points.runner import Ran, run_points
from model.experiments.points.store import Store, opened
from model.records.result_files import (
    check_writable,
    results_folder,
    write_manifest,
    write_parquet,
    write_table,
)
from model.report.effect_figures import by_community, paths, policy_effects, who_gains
from model.report.jobs import command_line, peak_mb
from model.report.learning_figures import collective_efficiency, sources_of_learning
from model.report.progress import progress
from model.report.score_figures import sector_means, simulated_beside_scored
from model.report.style import save
from model.report.terminal_tables import (
    effects_table,
    money_table,
    sector_table,
    standing_table,
)
from model.report.webpage.report_file import report
from model.scenario.faults import show_path

EXPERIMENT = Path("scenarios", "experiments", "institutions.toml")
REPLICATES = (20, 40)  # of each cluster, of each design
SCORE = "process"  # of which it is told who gains
PATHS = ("process", "process_breadth_2", "productivity_gap", "workers", "wage", "exports")
DRAWS = 100  # of the posterior, in each of which two designs are compared


def main_job(
    root: Path, target: Path, workers: int, seed: int | None, console: Console, quiet: bool
) -> dict[str, Any]:
    """Run the main job and write ``target``; returns the facts for ``--json``."""
    start = time.monotonic()
    cases = load_cases()
    experiment = load_experiment(root / EXPERIMENT)
    check_writable(target)
    sample = shipped_posterior(DRAWS)
    ticks = next(iter(experiment.scenarios.values())).run.ticks
    total = run_quarters(len(cases), experiment, REPLICATES) + ticks * 2 * len(sample)
    with progress("Forty clusters, five designs", total, quiet) as tell, opened(None) as store:

        def run(points: Sequence[Point]) -> Ran:
            return run_points(
                points, store, workers, tell=lambda runs, failed, resumed: tell(runs * ticks)
            )

        clusters = simulate_clusters(cases, REPLICATES[0], seed, workers, tell)
        designs = simulate_designs(experiment, REPLICATES[1], store, run, seed)
        drawn = at_equal_cost(experiment, sample, store, seed, workers, tell)
        uncertain = difference(drawn)
        said = statement(uncertain)
        with results_folder(target) as folder:
            write_table(drawn, folder, "policy_draws", parquet=False)
            _write(folder, clusters, designs, store, said)
    console.print(sector_table(clusters.beside, NOTE))
    console.print(effects_table(designs.effects, experiment.spec.question))
    console.print(standing_table(designs.communities, designs.gains, SCORE))
    console.print(money_table(designs.money))
    console.print(f"{said}\n", style="bold")
    seconds, peak = time.monotonic() - start, peak_mb()
    memory = f", {peak:.0f} MB" if peak else ""
    console.print(
        f"The tables are at the documented defaults, the statement over {uncertain.draws} draws of the "
        f"calibrated posterior. Page: {show_path(target / 'report.html')} ({seconds:.0f} s{memory})"
    )
    return {
        "out": str(target),
        "runs": len(cases) * REPLICATES[0]
        + len(experiment.scenarios) * REPLICATES[1]
        + 2 * len(sample),
        "seconds": round(seconds, 1),
        "peak_mb": peak,
        "calibrated": False,
        "distance": distance(clusters.beside),
        "policy": asdict(uncertain),
    }


def _write(folder: Path, clusters: Clusters, designs: Designs, store: Store, said: str) -> None:
    experiment = designs.experiment
    arms = {arm: experiment.title_of(arm) for arm in experiment.scenarios}
    sectors = dict(zip(clusters.beside["case"], clusters.beside["sector_title"], strict=True))
    write_table(clusters.beside, folder, "clusters")
    write_table(clusters.efficiency, folder, "collective_efficiency")
    write_parquet(clusters.series, folder, "series_clusters")
    write_parquet(clusters.learning, folder, "learning_clusters")
    for name in ("effects", "ranking", "gains", "communities", "money"):
        table = getattr(designs, name)
        write_table(table, folder, name, parquet=False, inputs=("budget", "matters"))
    write_records(designs.cells, store, "series", folder / "series.parquet")
    for name in ("firms", "ledger"):
        write_records(kept(designs.cells), store, name, folder / f"{name}.parquet")
    last = frame_of_records(designs.cells, store, "series", last=True)
    figures = {
        "simulated_beside_scored": simulated_beside_scored(clusters.beside, fitted=False),
        "sector_means": sector_means(clusters.beside, fitted=False),
        "collective_efficiency": collective_efficiency(clusters.efficiency, NOTE),
        "policy_effects": policy_effects(designs.effects, NOTE, experiment.spec.question),
        "paths": paths(designs.country, PATHS, arms),
        "by_community": by_community(last, SCORE, arms),
        "who_gains": who_gains(designs.gains, NOTE),
        "sources_by_sector": sources_of_learning(clusters.learning, sectors),
    }
    for name, figure in figures.items():
        save(figure, folder, name)
    write_manifest(
        folder,
        {
            "command": command_line(),
            "calibrated": False,
            "clusters": clusters.manifest,
            "designs": designs.manifest,
            "distance": distance(clusters.beside),
            "under_uncertainty": said,
        },
    )
    report(folder)
