"""What the command ``sweep`` does: run the points of a design, write tables and figures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from model.experiments.design_table import design_of
from model.experiments.points.point_tables import failures, tidy, write_parquet
from model.experiments.points.runner import Ran
from model.experiments.points.store import Store
from model.experiments.summary import summary
from model.experiments.sweep_file import Sweep, load_sweep
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.drawing import Drawing
from model.report.jobs import command_line
from model.report.pointwise import AllFailedError, How, facts, shard_done, tell_failures
from model.report.sweep_figures import figures
from model.scenario.faults import Fault, show_path


def sweep_file(
    file: Path,
    settings: list[str],
    replicates: int | None,
    seed: int | None,
    target: Path,
    how: How,
    console: Console,
) -> dict[str, Any]:
    """Run a sweep file, write its tables and figures; returns the facts for ``--json``."""
    start = time.monotonic()
    sweep = load_sweep(file, settings, replicates, seed)
    check_writable(target)
    ran = how.run(sweep.spec.title, sweep.points, target)
    if how.shard:
        return shard_done(ran, how.path(target), file, how.shard, console, start)
    with Store(how.path(target)) as store:
        table = tidy(sweep.points, store, design_of(sweep))
    _write(sweep, table, ran, target, console)
    tell_failures(ran, console)
    console.print(
        f"{ran.points - len(ran.failed):,} points, {ran.runs:,} runs; {ran.resumed:,} points were "
        f"there already. Results: {show_path(target)}"
    )
    if len(ran.failed) == ran.points:
        raise AllFailedError(Fault(show_path(file), "", "", "every point failed", ran.failed[0]))
    return facts(ran.runs, ran.resumed, len(ran.failed), target, start)


def _write(sweep: Sweep, table: pd.DataFrame, ran: Ran, target: Path, console: Console) -> None:
    with results_folder(target) as folder:
        write_parquet(table, folder / "sweep.parquet")
        design = design_of(sweep)
        short = summary(table, design, sweep.spec.outcomes)
        write_table(short, folder, "summary", parquet=False, inputs=design.columns)
        if ran.failed:
            failed = failures(ran, design)
            write_table(failed, folder, "failures", parquet=False, inputs=design.columns)
        drawing = Drawing(folder, console)
        asked = {
            "sweep": sweep.spec.model_dump(mode="json"),
            "base": sweep.base.model_dump(mode="json"),
        }
        for name, make in figures(folder, asked).items():
            drawing.figure(name, make)
        manifest = {
            **asked,
            "points": ran.points,
            "runs": ran.runs,
            "failed": len(ran.failed),
            **({"not_drawn": drawing.failed} if drawing.failed else {}),
            "seed": sweep.base.run.seed,
            "command": command_line(),
        }
        write_manifest(folder, manifest | provenance(asked))
        if len(table):
            drawing.page()
