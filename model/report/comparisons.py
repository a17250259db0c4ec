"""What the command ``compare`` does: run the arms, compare them, write tables and figures."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from model.experiments.arms import MONEY, Sampled, fates, outcomes_of, points_of, run_arms
from model.experiments.compare import effects, is_narrow
from model.experiments.crossed import factor_effects
from model.experiments.experiment import Experiment, load_experiment
from model.experiments.gains import gains
from model.experiments.kept_records import kept, write_records
from model.experiments.points.point_tables import write_parquet
from model.experiments.points.store import Store
from model.experiments.ranking import ranking, regret
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.comparison_figures import figures
from model.report.drawing import Drawing
from model.report.jobs import command_line
from model.report.pointwise import How, facts, shard_done
from model.report.terminal_tables import effects_table, factors_table, ranking_table
from model.report.webpage.money_notes import warned
from model.scenario.faults import Fault, InputError, show_path
from model.scenario.money import Money
from model.wording.currency import common_money, with_currency
from model.wording.numbers import quoted
from model.wording.sentences import few_pairs


@dataclass(frozen=True)
class Compared:
    """All tables of a comparison."""

    measured: pd.DataFrame
    effects: pd.DataFrame
    ranking: pd.DataFrame
    gains: pd.DataFrame
    factors: pd.DataFrame
    regret: pd.DataFrame


def compare_arms(
    file: Path,
    settings: list[str],
    replicates: int | None,
    seed: int | None,
    target: Path,
    how: How,
    console: Console,
) -> dict[str, Any]:
    """Run an experiment file, write and print its comparison; returns the facts for ``--json``."""
    start = time.monotonic()
    experiment = load_experiment(file, settings)
    title, precision = experiment.spec.title, experiment.spec.precision
    check_writable(target)
    if how.shard:
        if precision and replicates is None:
            hint = "give --replicates, or run it on a cluster with --on"
            allowed = "what to run next is known only when a batch is done"
            raise InputError(Fault("", "--shard", how.shard, allowed, hint))
        ran = how.run(title, points_of(experiment, replicates, seed), target)
        return shard_done(ran, how.path(target), file, how.shard, console, start)
    with Store(how.path(target)) as store:
        sampled = run_arms(
            experiment,
            store,
            lambda points: how.run(title, points, target),
            lambda frame: is_narrow(experiment, frame),
            replicates,
            seed,
        )
        compared = _compared(experiment, sampled, store)
        _write(experiment, sampled, store, compared, target, console)
    console.print(effects_table(compared.effects, experiment.spec.question))
    if len(compared.factors):
        console.print(factors_table(compared.factors))
    console.print(ranking_table(compared.ranking))
    if doubt := few_pairs(compared.effects):
        console.print(doubt)
    for warning in _warnings(experiment, compared.measured):
        console.print(f"Warning: {warning}.")
    if not sampled.narrow:
        console.print(f"Not as narrow as the file asks after {sampled.replicates:,} replicates.")
    console.print(f"Results: {show_path(target)}")
    return facts(sampled.runs, sampled.resumed, 0, target, start)


def _compared(experiment: Experiment, sampled: Sampled, store: Store) -> Compared:
    frame = outcomes_of(experiment, sampled.cells, store)
    return Compared(
        measured=frame,
        effects=with_currency(effects(experiment, frame), "public_cost", _money(experiment)),
        ranking=ranking(experiment, frame),
        gains=gains(experiment, fates(sampled.cells, store)),
        factors=factor_effects(experiment, frame),
        regret=regret(experiment, frame) if experiment.draws else pd.DataFrame(),
    )


def _write(
    experiment: Experiment,
    sampled: Sampled,
    store: Store,
    compared: Compared,
    target: Path,
    console: Console,
) -> None:
    cells = kept(sampled.cells)
    with results_folder(target) as folder:
        write_parquet(compared.measured, folder / "outcomes.parquet")
        for name in ("effects", "ranking", "gains", "factors", "regret"):
            if len(table := getattr(compared, name)):
                write_table(table, folder, name, parquet=False, inputs=("matters",))
        if cells:
            for name in ("series", "country", "firms", "ledger", "learning"):
                write_records(cells, store, name, folder / f"{name}.parquet")
        drawing = Drawing(folder, console)
        manifest = _manifest(experiment, sampled)
        for name, make in figures(folder, manifest).items():
            drawing.figure(name, make)
        not_drawn = {"not_drawn": drawing.failed} if drawing.failed else {}
        told = {
            "warnings": _warnings(experiment, compared.measured),
            "spent": _spent(compared.measured),
        }
        write_manifest(folder, manifest | told | not_drawn)
        drawing.page()


def _money(experiment: Experiment) -> Money | None:
    return common_money(scenario.money for scenario in experiment.scenarios.values())


def _warnings(experiment: Experiment, frame: pd.DataFrame) -> list[str]:
    """What the file hardly means, and which arms left much of their public money."""
    worlds = experiment.scenarios
    return warned(worlds, _spent(frame), {arm: quoted(experiment.title_of(arm)) for arm in worlds})


def _spent(frame: pd.DataFrame) -> dict[str, float]:
    """Public money of each arm over the run, mean over replicates."""
    return {str(arm): float(mean) for arm, mean in frame.groupby("arm")[MONEY].mean().items()}


def _manifest(experiment: Experiment, sampled: Sampled) -> dict[str, Any]:
    """What it takes to make the results again, in the words of all manifests."""
    first = {cell.arm: cell.point.scenario for cell in reversed(sampled.cells)}
    arms = {arm: first[arm] for arm in experiment.scenarios}
    known = kept(sampled.cells) or sampled.cells
    asked = {
        "scenarios": {arm: scenario.model_dump(mode="json") for arm, scenario in arms.items()},
        "replicates": sorted({r for cell in known for r in cell.point.replicates}),
        "ticks": next(iter(arms.values())).run.ticks,
        "experiment": experiment.spec.model_dump(mode="json"),
    }
    return {
        **asked,
        "runs": sampled.runs,
        **provenance(asked),
        "command": command_line(),
        "compared": {"replicates": sampled.replicates, "draws": len(experiment.draws)},
    }
