"""What the command ``patterns`` does: examine pattern files, write the table, print it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from model.experiments.patterns import horizons, no_effect
from model.experiments.patterns.examine import COLUMNS, Meter, counts, examine
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.patterns.verdict import (
    CONTRADICTED,
    NOT_APPLICABLE,
    REPRODUCED,
    UNDECIDED,
)
from model.experiments.points.runner import Tell
from model.experiments.points.store import Store
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.all_verdicts import verdicts_page
from model.report.jobs import command_line
from model.report.pointwise import How
from model.report.progress import counted_runs
from model.report.webpage.report_file import report
from model.scenario.faults import Fault, InputError, show_path
from model.wording.expectations import expected
from model.wording.numbers import fixed, interval

_STYLES = {REPRODUCED: "green", CONTRADICTED: "red", UNDECIDED: "yellow", NOT_APPLICABLE: "dim"}
NOTE = (
    "Effects are differences on common random numbers, with 95% intervals; what an expectation "
    "accepts is said in the pattern file. Parameters are documented defaults; levels of the tables "
    "are those of the fitted model (medians of the posterior)."
)


def examine_files(
    files: Mapping[str, PatternFile],
    settings: list[str],
    seed: int | None,
    quick: bool,
    years: bool,
    page: Path | None,
    target: Path,
    how: How,
    console: Console,
) -> dict[str, Any]:
    """Examine patterns, by the name of their file; returns the facts for ``--json``.

    ``years`` examines those files again at their horizons that state some; ``page`` is where what is found is
    also written as Markdown.
    """
    check_writable(target)
    if years and not any(file.horizons for file in files.values()):
        hint = "write horizons = [10, 20] above its tables, or leave out --horizons"
        raise InputError(Fault(", ".join(files), "horizons", "", "is said by none of them", hint))
    start = time.monotonic()
    with Store(how.path(target)) as store:
        run = how.run_kept
        table = _all(
            files,
            "",
            lambda file, meter: examine(file, store, seed, quick, meter, run),
            how.quiet,
        )[list(COLUMNS)]
        nothing = _all(
            files,
            " without effects",
            lambda file, meter: no_effect.examine_nothing(file, store, seed, meter, run),
            how.quiet,
        )[list(no_effect.COLUMNS)]
        later = None
        if years:
            later = _all(
                {name: file for name, file in files.items() if file.horizons},
                " at its horizons",
                lambda file, meter: horizons.examine_horizons(file, store, seed, quick, meter, run),
                how.quiet,
            )[list(horizons.COLUMNS)]
    facts = counts(table) | {"no_effect_world": no_effect.facts(nothing)}
    if later is not None:
        facts |= {"horizons": horizons.facts(later)}
    with results_folder(target) as folder:
        accepts = ("accepts_low", "accepts_high")
        write_table(table, folder, "patterns", parquet=False, inputs=accepts)
        write_table(nothing, folder, "no_effect", parquet=False)
        if later is not None:
            write_table(later, folder, "horizons", parquet=False)
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
    if page is not None:
        titles = {name: file.title for name, file in files.items()}
        page.write_text(verdicts_page(table, nothing, later, titles, quick), encoding="utf-8")
    for name, file in files.items():
        console.print(patterns_tables(table[table["file"] == name], file.title))
    console.print(no_effect_summary(nothing))
    if later is not None:
        console.print(horizons_table(later))
    console.print(summary(facts))
    console.print(NOTE)
    console.print(f"Results: {show_path(target)}")
    return facts | {"out": str(target), "seconds": round(time.monotonic() - start, 2)}


def _all(
    files: Mapping[str, PatternFile],
    what: str,
    look: Callable[[PatternFile, Meter], pd.DataFrame],
    quiet: bool,
) -> pd.DataFrame:
    """What a look at each file finds, one table after the other."""
    tables = []
    for name, file in files.items():

        def meter(batch: int, runs: int, name: str = name) -> AbstractContextManager[Tell]:
            return counted_runs(f"{name}{what}, batch {batch}", runs, quiet)

        tables.append(look(file, meter).assign(file=name))
    return pd.concat(tables, ignore_index=True)


def no_effect_summary(table: pd.DataFrame) -> Text:
    """How many rows of a sign are met where nothing differs, and which."""
    facts = no_effect.facts(table)
    text = Text("\nA world without effects", style="bold")
    text.append(
        f"\n{facts['signs_met']} of {facts['signs']} rows of a sign are met where nothing differs.",
        style="none",
    )
    for row in table[table["met"].astype(bool)].to_dict("records"):
        found = interval(row["effect"], row["low"], row["high"], 2)
        text.append(f"\n  {row['file']}/{row['pattern']} ({row['measure']}): {found}", style="red")
    return text


def horizons_table(table: pd.DataFrame) -> Table:
    """Rows whose verdict is not the same at all horizons; columns of ``horizons.COLUMNS``."""
    facts = horizons.facts(table)
    reproduced = ", ".join(f"{n} at year {year}" for year, n in facts["reproduced"].items())
    title = (
        f"{facts['changed']} of {facts['rows']} rows change their verdict between years, "
        f"{facts['reversed']} turn round. Reproduced: {reproduced}."
    )
    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("", width=34)
    shown.add_column("expected", width=18)
    for year in facts["years"]:
        shown.add_column(f"year {year}", justify="right")
    changed = table[table["changed"].astype(bool)]
    for (_, pattern, measure), rows in changed.groupby(["file", "pattern", "measure"], sort=False):
        cells: list[Any] = [f"{pattern} ({measure})".replace("_", " ")]
        cells.append(str(rows["expectation"].iloc[0]))
        for row in rows.sort_values("year").to_dict("records"):
            cells.append(Text(fixed(row["effect"], 2), style=_STYLES[row["verdict"]]))
        shown.add_row(*cells)
    return shown


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
