"""What the command ``calibrate`` does: screen, simulate, fit, write, print."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from calibration.commands.study_options import StudyOptions
from calibration.evidence.case_tables import DIMENSIONS
from calibration.posterior.inference import Problem
from calibration.posterior.marginals import directions, marginals
from calibration.posterior.mcmc import Draws
from calibration.posterior.shipped_posterior import FOLDER, shipped_screening
from calibration.posterior.workflow import (
    CalibrationStudy,
    posterior_of,
    problem_of,
    screening,
)
from calibration.validation.aims import figures_table
from calibration.validation.plots import before_and_after
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.style import save
from model.scenario.faults import show_path
from model.wording.numbers import between, fixed

THEORY = "parameters."  # keys that every scenario has, so that any experiment can draw from them
KEPT_FILES = ("posterior.csv", "posterior_theory.csv", "provenance.json", "screening.csv")


def calibrate(
    options: StudyOptions,
    screen_first: bool,
    console: Console,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Infer the parameters from the evidence and write the results; returns the facts for ``--json``.

    ``without``: kinds of evidence that are left out.
    """
    start = time.monotonic()
    target = options.target
    check_writable(target)
    study = options.study(beside=target)
    chosen = screening(study) if screen_first else shipped_screening()
    problem = problem_of(study, chosen, without)
    draws = posterior_of(study, problem)
    fit = {
        kind: round(float(each.mean()), 2) for kind, each in problem.by_evidence(draws.z).items()
    }
    known = marginals(problem, draws)
    facts = {
        "out": str(target),
        "runs": study.effort.points * len(study.cases),
        "failed": study.effort.points - problem.emulator.points,
        "free": problem.free,
        "draws": len(draws.z),
        "effective": round(draws.effective, 1),
        "reduction": round(draws.reduction, 4),
        "log_likelihood": fit,
        "without": sorted(without),
        "plausible": round(problem.plausible, 4),
    }
    with results_folder(target) as folder:
        _write(folder, study, problem, draws, chosen, known, facts)
    if options.keep:
        for name in KEPT_FILES:
            shutil.copyfile(target / name, FOLDER / name)
    console.print(marginals_table(known, study, draws))
    seconds = time.monotonic() - start
    console.print(f"Results: {show_path(target)} ({seconds:.0f} s)")
    return facts | {"seconds": round(seconds, 1)}


def _write(
    folder: Path,
    study: CalibrationStudy,
    problem: Problem,
    draws: Draws,
    chosen: pd.DataFrame,
    known: pd.DataFrame,
    facts: dict[str, Any],
) -> None:
    sample = pd.DataFrame(problem.values(draws.z), columns=list(problem.names))
    write_table(sample, folder, "posterior", parquet=False)
    theory = [name for name in sample if name.startswith(THEORY)]
    write_table(sample[theory], folder, "posterior_theory", parquet=False)
    write_table(chosen, folder, "screening", parquet=False)
    write_table(known, folder, "marginals", parquet=False)
    write_table(directions(problem, draws), folder, "directions", parquet=False)
    write_table(emulator_table(study, problem), folder, "emulator", parquet=False)
    if problem.figures is not None:
        told = figures_table(problem.figures, problem.values(draws.z)[:, : problem.free])
        write_table(told, folder, "figures", parquet=False)
    about = {
        "made_by": "uv run run.py calibrate --keep",
        "cases": show_path(study.table),
        "effort": study.effort.name,
        "seed": study.seed,
        "points": problem.emulator.points,
        "degree": problem.emulator.degree,
        "penalty": problem.emulator.penalty,
        **{key: facts[key] for key in ("free", "draws", "effective", "reduction", "plausible")},
        "without": facts["without"],
        **provenance(study.asked),
    }
    text = json.dumps(about, indent=1, ensure_ascii=False)
    (folder / "provenance.json").write_text(text + "\n", encoding="utf-8")
    save(before_and_after(known), folder, "before_and_after")
    write_manifest(folder, about | {"command": command_line(), "facts": facts})


def emulator_table(study: CalibrationStudy, problem: Problem) -> pd.DataFrame:
    """How far the emulator can be trusted, by cluster and dimension.

    Columns: case, dimension, chance (standard deviation of one history of the mean firm's score around
    the emulator, held out), explained (share of the variance over the prior that it explains).
    """
    emulator = problem.emulator
    shape = emulator.chance.shape[:2]
    cluster, dimension = np.indices(shape)
    return pd.DataFrame(
        {
            "case": np.array([case.case for case in study.fitted_cases])[cluster.ravel()],
            "dimension": np.array(DIMENSIONS)[dimension.ravel()],
            "chance": emulator.chance[..., 0].ravel(),
            "explained": emulator.explained[..., 0].ravel(),
        }
    )


def marginals_table(known: pd.DataFrame, study: CalibrationStudy, draws: Draws) -> Table:
    """Each number before and after, for the terminal."""
    number = len(study.fitted_cases)
    given = int((~np.isnan(study.observed)).sum())
    shown = Table(
        title=f"What {given} scores of {number} clusters and the figures beside them say of the numbers",
        caption=f"Medians and central 95% intervals; known: share of the prior's variance taken away. "
        f"{len(draws.z)} draws, worth {draws.effective:.0f} independent ones; potential scale reduction "
        f"{draws.reduction:.3f}.",
        box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left", title_style="bold",
        pad_edge=False,
    )  # fmt: skip
    for name in ("number", "before", "after", "known"):
        shown.add_column(name, justify="left" if name == "number" else "right")
    for row in known.to_dict("records"):
        before = between(row["prior_low"], row["prior_high"], 2)
        after = between(row["low"], row["high"], 2)
        shown.add_row(
            row["key"].removeprefix("parameters."),
            f"{fixed(row['prior_median'], 2)} ({before})",
            f"{fixed(row['median'], 2)} ({after})",
            f"{100 * max(0.0, row['contraction']):.0f}%",
        )
    return shown
