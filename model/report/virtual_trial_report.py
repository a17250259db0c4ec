"""What the command ``trials`` does: replay published studies, judge, write tables, a figure and a page."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from model.experiments.factors import Draw
from model.experiments.points.runner import store_path
from model.experiments.points.store import Store
from model.experiments.trials.judgement import judge, trial_facts
from model.experiments.trials.trial_file import TrialFile, variants_of
from model.experiments.trials.virtual_trials import (
    BATCH,
    SEEDS,
    Batch,
    batches_of,
    results_of,
    run_batches,
)
from model.language import ENGLISH, say, say_name, speaking
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.progress import counted_runs
from model.report.style import save
from model.report.trial_figure import trials_side_by_side
from model.report.trial_page import published_words, trial_page, verdict
from model.scenario.faults import show_path
from model.wording.numbers import between, fixed

FIGURE = "trials"
_VARIANTS = 4  # what of the seeds the values of a sweep get that do not stand for the study


def run_trials(
    trials: Mapping[str, tuple[TrialFile, ...]],
    draws: Sequence[Draw],
    seeds: int,
    seed: int | None,
    workers: int,
    page: Path | None,
    target: Path,
    console: Console,
    quiet: bool,
) -> dict[str, Any]:
    """Replay studies and write what came out; returns the facts for ``--json``.

    ``page`` is where the result is also written as Markdown, with its figure in ``images`` beside it, both
    in English.
    """
    check_writable(target)
    start = time.monotonic()
    batches = {
        name: {
            variant.label: batches_of(trial, draws, _seeds(number, seeds), seed)
            for number, (variant, trial) in enumerate(
                zip(variants_of(several[0]), several, strict=True)
            )
        }
        for name, several in trials.items()
    }
    every = [batch for each in batches.values() for some in each.values() for batch in some]
    first = {name: several[0] for name, several in trials.items()}
    with Store(store_path(target)) as store:
        with counted_runs("Trials", sum(batch.count for batch in every), quiet) as tell:
            resumed = run_batches(every, store, workers, tell)
        outcomes, arms = _tables(batches, store)
    titles = titles_of(first)
    figure = trials_side_by_side(outcomes, titles, effort_of(seeds, draws))
    with results_folder(target) as folder:
        write_table(outcomes, folder, "trials", parquet=False)
        write_table(arms, folder, "arms", parquet=False)
        save(figure, folder, FIGURE)
        asked = {
            "seed": seed,
            "seeds": seeds,
            "draws": [show_path(draws[0].file)] if draws else [],
            "trials": {name: trial.model_dump(mode="json") for name, trial in first.items()},
        }
        write_manifest(folder, provenance(asked) | {"command": command_line(), **asked})
    if page is not None:
        with speaking(ENGLISH):
            effort = effort_of(seeds, draws)
            figure = trials_side_by_side(outcomes, titles_of(first), effort)
            save(figure, page.parent / "images", FIGURE)
            (page.parent / "images" / f"{FIGURE}.svg").unlink()  # the page shows the PNG
            text = trial_page(
                first, outcomes, arms, _made_by(seeds), effort, f"images/{FIGURE}.png"
            )
        page.write_text(text, encoding="utf-8")
    console.print(trial_table(outcomes, titles))
    console.print(verdict(outcomes))
    console.print(say("Results: {folder}", folder=show_path(target)))
    return trial_facts(outcomes, first) | {
        "out": str(target),
        "runs": sum(batch.count for batch in every),
        "resumed": resumed,
        "seconds": round(time.monotonic() - start, 2),
    }


def _made_by(seeds: int) -> str:
    return "uv run run.py trials --keep" + ("" if seeds == SEEDS else f" --seeds {seeds}")


def _seeds(number: int, seeds: int) -> int:
    return seeds if number == 0 else max(BATCH, seeds // _VARIANTS)


def _tables(
    batches: Mapping[str, Mapping[str, list[Batch]]], store: Store
) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables = [
        judge(name, {v: (some[0].trial, results_of(some, store)) for v, some in each.items()})
        for name, each in batches.items()
    ]
    outcomes, arms = zip(*tables, strict=True)
    return pd.concat(outcomes, ignore_index=True), pd.concat(arms, ignore_index=True)


def titles_of(trials: Mapping[str, TrialFile]) -> dict[str, str]:
    """Titles of studies by name, and of outcomes by ``study.outcome``.

    Those of files that ship are said in the language spoken.
    """
    titles = {name: say_name(trial.title) for name, trial in trials.items()}
    for name, trial in trials.items():
        for key, outcome in trial.outcomes.items():
            titles[f"{name}.{key}"] = say_name(outcome.title or key.replace("_", " "))
    return titles


def effort_of(seeds: int, draws: Sequence[Draw]) -> str:
    """How many studies are simulated, with which numbers of the model."""
    if not draws:
        return say("{seeds} seeds at the numbers of the files.", seeds=seeds)
    return say(
        "{seeds} seeds, spread over {draws} draws from the posterior.",
        seeds=seeds,
        draws=min(len(draws), -(-seeds // BATCH)),
    )


def trial_table(outcomes: pd.DataFrame, titles: Mapping[str, str]) -> Table:
    """A row an outcome, for the terminal."""
    title = say("Published programmes, replayed")
    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    shown.add_column(say("outcome"))
    for name in (
        say("published"), say("95% of simulated"), say("true"), say("sign"), say("inside"),
    ):  # fmt: skip
        shown.add_column(name, justify="right")
    for trial, part in outcomes.drop_duplicates(["trial", "outcome"]).groupby("trial", sort=False):
        shown.add_row(titles[str(trial)], style="bold")
        for row in part.to_dict("records"):
            inside = "" if row["inside"] is None else say("yes") if row["inside"] else say("no")
            shown.add_row(
                "  " + titles[f"{trial}.{row['outcome']}"], published_words(row),
                between(row["low"], row["high"], 2), fixed(row["true"], 2),
                fixed(row["sign_as_published"], 2), inside,
            )  # fmt: skip
    return shown
