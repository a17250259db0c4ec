"""What the command ``sensitivity`` does: run the points of a study, write tables, figures, page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from model.experiments.points.point_tables import write_parquet
from model.experiments.points.runner import Ran
from model.experiments.points.store import Store
from model.experiments.sensitivity.run import Findings, findings
from model.experiments.sensitivity.study import Study, load_study
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.drawing import Drawing
from model.report.jobs import command_line
from model.report.pointwise import How, facts, shard_done
from model.report.sensitivity_figures import figures
from model.scenario.faults import show_path
from model.wording.numbers import interval

if TYPE_CHECKING:
    import pandas as pd


def sensitivity_file(
    file: Path,
    settings: list[str],
    replicates: int | None,
    seed: int | None,
    target: Path,
    how: How,
    console: Console,
) -> dict[str, Any]:
    """Run a sensitivity file, write and print its tables; returns the facts for ``--json``.

    Raises IncompleteError, which lists the points that failed or are missing, before any index is given.
    """
    start = time.monotonic()
    study = load_study(file, settings, replicates, seed)
    check_writable(target)
    ran = how.run(study.spec.title, study.points, target)
    if how.shard:
        return shard_done(ran, how.path(target), file, how.shard, console, start)
    with Store(how.path(target)) as store:
        found = findings(study, ran, store)
    _write(study, found, ran, target, console)
    for table in _tables(found):
        console.print(table)
    console.print(f"Results: {show_path(target)} (report.html tells them)")
    return facts(ran.runs, ran.resumed, len(ran.failed), target, start)


def _write(study: Study, found: Findings, ran: Ran, target: Path, console: Console) -> None:
    with results_folder(target) as folder:
        write_parquet(found.points, folder / "points.parquet")
        for name, table in found.tables().items():
            if name != "points":
                write_table(table, folder, name, parquet=False)
        drawing = Drawing(folder, console)
        scenarios = {"base": study.world} | ({"arm": study.arm} if study.arm else {})
        asked = {
            "sensitivity": study.spec.model_dump(mode="json"),
            "scenarios": {name: s.model_dump(mode="json") for name, s in scenarios.items()},
        }
        for name, make in figures(folder, asked | {"failing": found.failing}).items():
            drawing.figure(name, make)
        manifest = {
            **asked,
            "ticks": study.world.run.ticks,
            "points": ran.points,
            "runs": ran.runs,
            "failed": len(ran.failed),
            "failing": found.failing,
            **({"not_drawn": drawing.failed} if drawing.failed else {}),
            "command": command_line(),
        }
        write_manifest(folder, manifest | provenance(asked))
        drawing.page()


def _tables(found: Findings) -> list[Table]:
    """For the terminal: total indices, mean absolute effects, or what single factors do."""
    shown = []
    if found.sobol is not None:
        total = found.sobol[found.sobol["order"] == "total"]
        shown.append(_table("Share of the variance with all interactions (Sobol)", total, "index"))
    if found.morris is not None:
        shown.append(_table("Mean absolute effect of a move (Morris)", found.morris, "mu_star"))
    if found.tornado is not None and not shown:
        rows = found.tornado.assign(
            factor_title=found.tornado["factor_title"] + ": " + found.tornado["setting"]
        )
        shown.append(_table("One at a time: change against the base", rows, "effect"))
    if found.discovery is not None and len(found.discovery):
        boxes = Table(title="Where it fails", title_justify="left", box=box.SIMPLE_HEAD)
        for column in ("conditions", "points", "share that fails (95% interval)"):
            boxes.add_column(column, justify="left" if column == "conditions" else "right")
        for row in found.discovery.to_dict("records"):
            told = interval(row["density"], row["low"], row["high"], 2)
            boxes.add_row(row["conditions"], str(row["points"]), told)
        shown.append(boxes)
    return shown


def _table(title: str, rows: pd.DataFrame, value: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("factor")
    parts = {str(name): part for name, part in rows.groupby("outcome_title", sort=False)}
    for name in parts:
        table.add_column(f"{name}\n(95% interval)", justify="right")
    for place in range(len(next(iter(parts.values())))):
        lines = [part.iloc[place] for part in parts.values()]
        cells = [interval(line[value], line["low"], line["high"]) for line in lines]
        table.add_row(str(lines[0]["factor_title"]), *cells)
    return table
