"""``uv run run.py`` without a command: simulate, print two tables and a statement, write a page."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from calibration.commands.clusters_and_designs import (
    NOTE,
    Overview,
    distance,
    overview,
    run_quarters,
)
from calibration.evidence.case_tables import load_cases
from calibration.posterior.shipped_posterior import shipped_posterior
from calibration.validation.policy_uncertainty import at_equal_cost, difference, statement
from model.experiments.experiment import load_experiment
from model.experiments.points.store import opened
from model.records.result_files import (
    check_writable,
    results_folder,
    write_manifest,
    write_parquet,
    write_table,
)
from model.report.effect_figures import by_community, paths, policy_effects
from model.report.jobs import command_line
from model.report.learning_figures import collective_efficiency, sources_of_learning
from model.report.progress import progress
from model.report.score_figures import sector_means, simulated_beside_scored
from model.report.style import save
from model.report.terminal_tables import effects_table, sector_table
from model.report.webpage.report_file import report
from model.scenario.faults import show_path

EXPERIMENT = Path("scenarios", "experiments", "institutions.toml")
REPLICATES = (20, 40)  # of each cluster, of each design
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
    with progress("Forty clusters, five designs", total, quiet) as tell:
        done = overview(cases, experiment, REPLICATES, seed, workers, tell)
        with opened(None) as store:
            drawn = at_equal_cost(experiment, sample, store, seed, workers, tell)
    uncertain = difference(drawn)
    said = statement(uncertain)
    with results_folder(target) as folder:
        write_table(drawn, folder, "policy_draws", parquet=False)
        _write(folder, done, said)
    console.print(sector_table(done.beside, NOTE))
    console.print(effects_table(done.effects, experiment.spec.question))
    console.print(f"{said}\n", style="bold")
    seconds = time.monotonic() - start
    console.print(
        f"The tables are at the documented defaults, the statement over {uncertain.draws} draws of the "
        f"calibrated posterior. Page: {show_path(target / 'report.html')} ({seconds:.0f} s)"
    )
    return {
        "out": str(target),
        "runs": len(cases) * REPLICATES[0]
        + len(experiment.scenarios) * REPLICATES[1]
        + 2 * len(sample),
        "seconds": round(seconds, 1),
        "calibrated": False,
        "distance": distance(done.beside),
        "policy": asdict(uncertain),
    }


def _write(folder: Path, done: Overview, said: str) -> None:
    arms = {arm: done.experiment.title_of(arm) for arm in done.experiment.scenarios}
    sectors = dict(zip(done.beside["case"], done.beside["sector_title"], strict=True))
    write_table(done.beside, folder, "clusters")
    write_table(done.efficiency, folder, "collective_efficiency")
    write_table(done.effects, folder, "effects")
    write_parquet(done.clusters.series, folder, "series_clusters")
    write_parquet(done.clusters.learning, folder, "learning_clusters")
    write_parquet(done.designs.series, folder, "series")
    write_parquet(done.designs.firms, folder, "firms")
    write_parquet(done.designs.ledger, folder, "ledger")
    figures = {
        "simulated_beside_scored": simulated_beside_scored(done.beside, fitted=False),
        "sector_means": sector_means(done.beside, fitted=False),
        "collective_efficiency": collective_efficiency(done.efficiency, NOTE),
        "policy_effects": policy_effects(done.effects, NOTE, done.experiment.spec.question),
        "paths": paths(done.designs.country, ("process", "product", "functional", "wage"), arms),
        "by_community": by_community(done.designs.series, "product", arms),
        "sources_by_sector": sources_of_learning(done.clusters.learning, sectors),
    }
    for name, figure in figures.items():
        save(figure, folder, name)
    write_manifest(
        folder,
        {
            "command": command_line(),
            "calibrated": False,
            "clusters": done.clusters.manifest,
            "designs": done.designs.manifest,
            "distance": distance(done.beside),
            "under_uncertainty": said,
        },
    )
    report(folder)
