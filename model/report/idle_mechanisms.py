"""What ``patterns --ablate`` does: each mechanism neutral in turn, a table, a page for docs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from model.experiments.patterns.ablation import (
    MATTERS,
    QUICK_REPLICATES,
    REPLICATES,
    ablate,
    facts,
)
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.points.store import Store
from model.parameters import catalogue
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.pointwise import How
from model.report.progress import counted_runs
from model.scenario.faults import show_path
from model.wording.numbers import interval


def ablate_files(
    files: Mapping[str, PatternFile],
    settings: list[str],
    seed: int | None,
    quick: bool,
    page: Path | None,
    target: Path,
    how: How,
    console: Console,
) -> dict[str, Any]:
    """Put each mechanism to its neutral case in turn; returns the facts for ``--json``.

    ``page`` is where the table is also written as Markdown.
    """
    check_writable(target)
    start = time.monotonic()
    with Store(how.path(target)) as store:
        table = ablate(
            files,
            store,
            seed,
            quick,
            meter=lambda title, total: counted_runs(title, total, how.quiet),
            run=how.run_kept,
        )
    found = facts(table)
    with results_folder(target) as folder:
        write_table(table, folder, "ablation", parquet=False)
        asked = {
            "seed": seed,
            "quick": quick,
            "ablated": {name: file.model_dump(mode="json") for name, file in files.items()},
        }
        told = {"command": command_line(), "settings": settings, **asked, "counts": found}
        write_manifest(folder, provenance(asked) | told)
    if page is not None:
        page.write_text(markdown(table, quick), encoding="utf-8")
    console.print(ablation_table(table))
    console.print(summary(table))
    console.print(f"Results: {show_path(target)}")
    return found | {"out": str(target), "seconds": round(time.monotonic() - start, 2)}


def ablation_table(table: pd.DataFrame) -> Table:
    """The mechanisms, columns of ``ablation.COLUMNS``, those that are idle dimmed."""
    shown = Table(title="Without each mechanism", title_justify="left", box=box.SIMPLE_HEAD)
    shown.add_column("mechanism")
    for name in ("rows lost", "contradicted", "gained", "largest change"):
        shown.add_column(name, justify="right")
    shown.add_column("of")
    shown.add_column("in")
    for row in table.to_dict("records"):
        shown.add_row(*_cells(row), style="dim" if row["idle"] else "")
    return shown


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{row['key']} {row['mechanism']}",
        str(row["rows_lost"]),
        str(row["rows_contradicted"]),
        str(row["rows_gained"]),
        interval(row["largest_change"], row["low"], row["high"], 2),
        str(row["outcome"]).replace("_", " "),
        str(row["world"]),
    ]


def summary(table: pd.DataFrame) -> Text:
    """One line that says which mechanisms are idle."""
    idle = list(table.loc[table["idle"], "mechanism"])
    if not idle:
        said = f"Each of the {len(table)} mechanisms owns a row and moves something by {MATTERS:g} or more."
        return Text(said, style="bold")
    said = f"{len(idle)} of {len(table)} mechanisms own no row or move nothing by {MATTERS:g}"
    return Text(f"{said}: {', '.join(idle)}.", style="bold")


def markdown(table: pd.DataFrame, quick: bool) -> str:
    """The page of docs: what was done, the mechanisms, the rows that each one owns."""
    command = "uv run run.py patterns --ablate --keep" + (" --quick" if quick else "")
    runs = QUICK_REPLICATES if quick else REPLICATES
    lines = [
        "# Without each mechanism",
        "",
        f"Made by `{command}`; don't edit by hand.",
        "",
        "Each mechanism is put to its neutral case in turn (parameters, and data that this case names: no "
        "trust to begin with, no joint investment), in all worlds of the pattern files that ship, "
        f"{runs} runs each on the same random numbers. *Rows lost* are reproduced with all mechanisms and "
        "not without this one; *contradicted* are those of them that say the opposite by then, *gained* "
        "the rows that are reproduced only without it. *Largest change* is that of a headline outcome in "
        "the last year (scores of the four kinds of upgrading, shares of exporters and of owners on the "
        "high road, productivity beside large firms, jobs as a share), without less with: the outcome that "
        "moves most surely in one half of the runs, measured in the other half, with its 95% interval. A "
        "mechanism is *idle* that owns no row, or whose largest change is "
        f"below {MATTERS:g} or not told apart from none.",
        "",
        f"**{summary(table).plain}**",
        "",
        "| mechanism | rows lost | contradicted | gained | largest change | of | in | idle |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- | --- |",
    ]
    for row in table.to_dict("records"):
        name, *cells = _cells(row)
        lines.append("| " + " | ".join([f"`{name}`", *cells, "idle" if row["idle"] else ""]) + " |")
    lines += ["", "## Rows that die without it", ""]
    claims = {m.name: m.claim for m in catalogue()}
    for row in table[table["rows_lost"] > 0].to_dict("records"):
        lost = str(row["lost"]).split("; ")
        lines += [f"### {row['key']} {row['mechanism']}", "", claims[row["mechanism"]], ""]
        lines += [f"- {each}" for each in lost] + [""]
    return "\n".join(lines).rstrip() + "\n"
