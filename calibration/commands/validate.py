"""What the command ``validate`` does: find, write tables, figures and the page, print."""

from __future__ import annotations

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
from calibration.posterior.sector_levels import PATTERNS
from calibration.posterior.shipped_posterior import shipped_screening
from calibration.posterior.workflow import refuse_joined
from calibration.validation.findings import ValidationFindings, find
from calibration.validation.plots import (
    before_and_after,
    beside_yardsticks,
    predicted_beside_scored,
    rank_histograms,
    sign_probabilities,
)
from calibration.validation.policy_uncertainty import statement
from calibration.validation.validation_report import page
from model.experiments.experiment import load_experiment
from model.experiments.patterns.pattern_files import load_files
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.style import save
from model.scenario.faults import show_path

EXPERIMENT = Path("scenarios", "experiments", "institutions.toml")
PAGE = "validation.md"
IMAGES = Path("docs", "images")


def validate(root: Path, options: StudyOptions, console: Console) -> dict[str, Any]:
    """Validate the calibration of a case table and write the results; the facts for ``--json``."""
    start = time.monotonic()
    target = options.target
    check_writable(target)
    study = options.study(beside=target.with_name("calibrate"))  # work is shared with that command
    refuse_joined(study)
    files = {} if options.quick else load_files(sorted(PATTERNS.glob("*.toml")))
    found = find(study, shipped_screening(), files, load_experiment(root / EXPERIMENT))
    with results_folder(target) as folder:
        _write(folder, found)
    if options.keep:
        shutil.copyfile(target / PAGE, root / "docs" / PAGE)
        for picture in sorted(target.glob("validation_*.png")):
            shutil.copyfile(picture, root / IMAGES / picture.name)
    console.print(methods_table(found))
    console.print(statement(found.policy))
    seconds = time.monotonic() - start
    console.print(f"Page: {show_path(target / PAGE)} ({seconds:.0f} s)")
    return found.facts() | {"out": str(target), "seconds": round(seconds, 1)}


def _write(folder: Path, found: ValidationFindings) -> None:
    frames: dict[str, pd.DataFrame | None] = {
        "predictions": found.held_out.drop(columns="cluster"),
        "by_method": found.by_method,
        "by_dimension": found.by_dimension,
        "marginals": found.known,
        "directions": found.directions,
        "recovered": found.recovered,
        "clusters": found.cases,
        "channels": found.shares,
        "unscored": found.unscored,
        "patterns": found.patterns,
        "policy": found.policy_runs,
    }
    for name, frame in frames.items():
        if frame is not None:
            write_table(frame, folder, name, parquet=False)
    for name, figure in _figures(found).items():
        save(figure, folder, f"validation_{name}")
    (folder / PAGE).write_text(page(found), encoding="utf-8", newline="\n")
    facts = {"command": command_line(), "facts": found.facts()}
    write_manifest(folder, provenance(found.study.asked) | facts)


def _figures(found: ValidationFindings) -> dict[str, Any]:
    titles = {s.communities[c.case].sector: s.sectors[c.sector_group].title
              for c, s in zip(found.study.cases, found.study.scenarios, strict=True)}  # fmt: skip
    cases = found.study.fitted_cases
    drawn = {
        "yardsticks": beside_yardsticks(found.by_method),
        "before_and_after": before_and_after(found.known),
        "ranks": rank_histograms(found.recovered),
        "clusters": predicted_beside_scored(
            np.asarray(found.chances),
            found.problem.observed,
            [f"{case.cluster}, {case.industry}" for case in cases],
            [titles[case.sector_group] for case in cases],
        ),
    }
    if found.patterns is not None:
        drawn["patterns"] = sign_probabilities(found.patterns)
    return drawn


def methods_table(found: ValidationFindings) -> Table:
    """Model and yardsticks by what is left out, for the terminal."""
    shown = Table(
        title="Scores that were not fitted", box=box.SIMPLE_HEAD, title_justify="left",
        title_style="bold", pad_edge=False, caption_justify="left",
        caption="error: of the predictive median, points of 0-3; CRPS: continuous ranked probability "
        "score; coverage: of the central 90% interval, which gives itself what is said",
    )  # fmt: skip
    for name in ("left out", "method", "scores", "error", "CRPS", "coverage", "said"):
        shown.add_column(name, justify="left" if name in ("left out", "method") else "right")
    last = ""
    for row in found.by_method.to_dict("records"):
        if last and row["scheme"] != last:
            shown.add_section()
        shown.add_row(
            row["scheme"] if row["scheme"] != last else "", row["method"].replace("_", " "),
            str(row["scores"]), f"{row['mae']:.3f}", f"{row['crps']:.3f}", f"{row['coverage90']:.2f}",
            f"{row['said90']:.2f}",
        )  # fmt: skip
        last = row["scheme"]
    return shown
