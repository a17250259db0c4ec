"""What the command ``patterns`` does: examine pattern files, write the table, print it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from model.experiments.patterns.examine import COLUMNS, counts, examine
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.verdict import (
    CONTRADICTED,
    NOT_APPLICABLE,
    REPRODUCED,
    UNDECIDED,
)
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.progress import progress
from model.report.webpage.report_file import report
from model.scenario.faults import show_path
from model.wording.expectations import expected
from model.wording.numbers import interval

_STYLES = {REPRODUCED: "green", CONTRADICTED: "red", UNDECIDED: "yellow", NOT_APPLICABLE: "dim"}
NOTE = (
    "Effects are differences on common random numbers, with 95% intervals; what an expectation "
    "accepts is said in the pattern file. Parameters are documented defaults and not calibrated."
)


def examine_files(
    files: Mapping[str, PatternFile],
    settings: list[str],
    seed: int | None,
    workers: int,
    quick: bool,
    target: Path,
    console: Console,
    quiet: bool,
) -> dict[str, Any]:
    """Examine patterns, by the name of their file; returns the facts for ``--json``."""
    check_writable(target)
    start = time.monotonic()
    tables = []
    for name, file in files.items():

        def meter(batch: int, quarters: int, name: str = name) -> AbstractContextManager[Any]:
            return progress(f"{name}, batch {batch}", quarters, quiet)

        tables.append(examine(file, seed, workers, quick, meter).assign(file=name))
    table = pd.concat(tables, ignore_index=True)[list(COLUMNS)]
    facts = counts(table)
    with results_folder(target) as folder:
        write_table(table, folder, "patterns", parquet=False)
        asked = {
            "seed": seed,
            "quick": quick,
            "patterns": {name: file.model_dump(mode="json") for name, file in files.items()},
        }
        manifest = {
            "command": command_line(),
            "settings": settings,
            **asked,
            "counts": facts,
        }
        write_manifest(folder, provenance(asked) | manifest)
        report(folder)
    for name, file in files.items():
        console.print(patterns_tables(table[table["file"] == name], file.title))
    console.print(summary(facts))
    console.print(NOTE)
    console.print(f"Results: {show_path(target)}")
    return facts | {"out": str(target), "seconds": round(time.monotonic() - start, 2)}


def patterns_tables(table: pd.DataFrame, title: str) -> Group:
    """The rows of one file, a table for each group; columns of ``COLUMNS``."""
    groups = [_group(str(name), rows) for name, rows in table.groupby("group", sort=False)]
    return Group(Text(f"\n{title}", style="bold"), *groups)


def _group(name: str, rows: pd.DataFrame) -> Table:
    shown = Table(title=name, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("", width=30)
    shown.add_column("measure", width=17)
    shown.add_column("expected", width=18)
    shown.add_column("found (95% interval)", width=24, justify="right")
    shown.add_column("runs", width=4, justify="right")
    shown.add_column("verdict", width=14)
    told = ""
    for row in rows.to_dict("records"):
        shown.add_row(*_cells(row, repeated=row["title"] == told))
        told = row["title"]
    return shown


def _cells(row: dict[str, Any], repeated: bool) -> list[Any]:
    what = Text("" if repeated else row["title"])
    measure = str(row["measure"]).replace("_", " ")
    verdict = Text(row["verdict"], style=_STYLES[row["verdict"]])
    if row["verdict"] == NOT_APPLICABLE:
        return [what, measure, "", "", "", verdict]
    found = Text(interval(row["effect"], row["low"], row["high"], 2))
    if row["remark"]:
        found.append(f"\n{row['remark']}", style="dim")
    return [what, measure, expected(row), found, str(int(row["replicates"])), verdict]


def summary(facts: dict[str, Any]) -> Text:
    """One line that says how many rows came out how."""
    said = {verdict: facts[verdict.replace(" ", "_")] for verdict in _STYLES}
    parts = [f"{number} {verdict}" for verdict, number in said.items() if number]
    return Text(f"{facts['patterns']} rows: {', '.join(parts)}.", style="bold")
