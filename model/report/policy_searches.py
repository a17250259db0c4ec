"""What the command ``search`` does: explore, look again at the best, write tables, a figure and a page."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from model.experiments.points.store import Store
from model.experiments.search.common_cases import CommonCases
from model.experiments.search.fresh_look import (
    FreshLook,
    attempts_table,
    called_best,
    designs_table,
    look_again,
    outcomes_table,
    strategies_table,
    theories_table,
    tradeoffs_table,
)
from model.experiments.search.search_file import PolicySearch, load_search
from model.experiments.search.strategies import STRATEGIES, Attempt, explore
from model.language import noted, say
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.drawing import Drawing
from model.report.front_figure import front_of_designs
from model.report.jobs import command_line
from model.report.made_titles import in_words
from model.report.pointwise import How, facts
from model.report.progress import counted_runs
from model.scenario.faults import show_path
from model.wording.numbers import between, fixed, level, percent
from model.wording.search_sentences import answer_of_search, design_title

_TEXT = {"evolution": noted("Search"), "chance": noted("Random search")}


def search_file(
    file: Path, settings: list[str], seed: int | None, target: Path, how: How, console: Console
) -> dict[str, Any]:
    """Run a search file and write what it found; returns the facts for ``--json``."""
    start = time.monotonic()
    search = load_search(file, settings, seed)
    check_writable(target)
    spec = search.spec
    attempts: dict[str, list[Attempt]] = {}
    there: list[int] = []
    runs = 0
    with Store(how.path(target)) as store:
        for strategy in STRATEGIES:
            with counted_runs(say(_TEXT[strategy]), spec.effort.runs, how.quiet) as tell:
                cases = CommonCases(search, store, how.run_kept, tell=_counting(tell, there))
                attempts[strategy] = explore(cases, strategy)
                runs += cases.runs
        text = say("The best on fresh random numbers")
        with counted_runs(text, _fresh_runs(search), how.quiet) as tell:
            look = look_again(search, attempts, store, how.run_kept, _counting(tell, there))
    tables = tables_of(look, attempts)
    _write(look, tables, runs + look.runs, target, console)
    console.print(_front(tables["designs"], spec.title))
    best = called_best(tables["designs"])
    asked = {"search": spec.model_dump(mode="json")}
    told_of = {name: in_words(table, asked) for name, table in tables.items()}
    for sentence in answer_of_search(told_of, best):
        console.print(sentence, markup=False)
    console.print(say("Results: {folder}", folder=show_path(target)), markup=False)
    told = facts(runs + look.runs, sum(there), 0, target, start)
    return told | {"best": best, "front": _names(tables["designs"])}


def _names(designs: pd.DataFrame) -> list[str]:
    return [str(name) for name in designs.loc[designs["front"], "design"]]


def _counting(tell: Any, there: list[int]) -> Any:
    """Tells of runs, and keeps in mind how many were there already."""

    def count(runs: int, failed: int, found: bool) -> None:
        if found:
            there.append(runs)
        tell(runs, failed, found)

    return count


def _fresh_runs(search: PolicySearch) -> int:
    """About how many runs the fresh look takes."""
    effort, known = search.spec.effort, len(search.spec.designs) + 1
    setting = 2 * (2 * effort.finalists + known) * effort.most
    theories = 1 + sum(bool(view.neutral) for view in search.spec.theories.values())
    return setting + (effort.finalists * (1 + theories) + known * theories) * effort.fresh


def tables_of(
    look: FreshLook, attempts: Mapping[str, Sequence[Attempt]]
) -> dict[str, pd.DataFrame]:
    """All tables of a search by the name of their file."""
    designs = designs_table(look)
    return {
        "designs": designs,
        "outcomes": outcomes_table(look),
        "theories": theories_table(look),
        "tradeoffs": tradeoffs_table(look, designs),
        "strategies": strategies_table(look, attempts),
        "attempts": attempts_table(look.search, attempts),
    }


def _write(
    look: FreshLook, tables: Mapping[str, pd.DataFrame], runs: int, target: Path, console: Console
) -> None:
    search = look.search
    with results_folder(target) as folder:
        for name, table in tables.items():
            inputs = list(search.spec.choose) if name in ("designs", "attempts") else ()
            write_table(table, folder, name, parquet=False, inputs=inputs)
        drawing = Drawing(folder, console)
        drawing.figure("front", lambda: front_of_designs(look, tables["designs"]))
        asked = {
            "search": search.spec.model_dump(mode="json"),
            "base": search.world.model_dump(mode="json"),
        }
        manifest = {
            **asked,
            "runs": runs,
            "draws": len(search.draws) if search.spec.draws else 0,
            "best": called_best(tables["designs"]),
            **({"not_drawn": drawing.failed} if drawing.failed else {}),
            "seed": search.world.run.seed,
            "command": command_line(),
        }
        write_manifest(folder, manifest | provenance(asked))
        drawing.page()


def _front(designs: pd.DataFrame, title: str) -> Table:
    """The designs for the terminal, those of most worth first."""
    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column(say("design"))
    for name in (
        say("front"), say("worth"), level(), say("chance to be worth most"), say("regret"),
        say("in theory"), say("money"),
    ):  # fmt: skip
        shown.add_column(name, justify="right")
    for row in designs.to_dict("records"):
        shown.add_row(
            design_title(row["title"]), say("yes") if row["front"] else "", fixed(row["worth"], 1),
            between(row["worth_low"], row["worth_high"], 1), percent(row["best"]),
            fixed(row["regret"], 1), row["worst_theory"], fixed(row["money"], 0),
        )  # fmt: skip
    return shown
