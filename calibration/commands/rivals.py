"""What the command ``rivals`` does: every theory calibrated anew, scored, a table, a page."""

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
from calibration.evidence.rival_views import load_rival_views
from calibration.posterior.shipped_posterior import shipped_screening
from calibration.posterior.workflow import CalibrationStudy, refuse_joined
from calibration.validation.information_gain import candidate_quantities, gains_table
from calibration.validation.rival_contest import contest, rival_margins, weights_table
from calibration.validation.rivals_page import RivalFindings, rivals_figure, rivals_markdown
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.style import save
from model.scenario.faults import show_path
from model.wording.numbers import between, fixed

PAGE = "rivals.md"
PICTURE = "rivals.png"
IMAGES = Path("docs", "images")


def rivals(root: Path, options: StudyOptions, console: Console) -> dict[str, Any]:
    """Hold the contest and write the results; returns the facts for ``--json``."""
    start = time.monotonic()
    target = options.target
    check_writable(target)
    study = options.study(beside=target.with_name("calibrate"))  # work is shared with that command
    refuse_joined(study)
    found = hold_contest(study)
    with results_folder(target) as folder:
        for name in ("weights", "margins", "gains", "by_cluster"):
            write_table(getattr(found, name), folder, name, parquet=False)
        save(rivals_figure(found), folder, "rivals")
        (folder / PAGE).write_text(rivals_markdown(found), encoding="utf-8", newline="\n")
        facts = {"command": command_line(), "facts": found.facts()}
        write_manifest(folder, provenance(study.asked) | facts)
    if options.keep:
        shutil.copyfile(target / PAGE, root / "docs" / PAGE)
        shutil.copyfile(target / PICTURE, root / IMAGES / PICTURE)
    console.print(rivals_table(found))
    seconds = time.monotonic() - start
    console.print(f"Page: {show_path(target / PAGE)} ({seconds:.0f} s)")
    return found.facts() | {"out": str(target), "seconds": round(seconds, 1)}


def hold_contest(study: CalibrationStudy, screened: pd.DataFrame | None = None) -> RivalFindings:
    """The contest of the rivals that ship, on a study; ``screened``: default, the shipped screening."""
    views = load_rival_views()
    ticks = study.scenarios[0].run.ticks
    chosen = shipped_screening() if screened is None else screened
    fits = contest(study, chosen, views, candidate_quantities(ticks))
    density = np.stack([fit.density for fit in fits.values()], axis=1)
    by_cluster = pd.DataFrame(density, columns=list(fits))
    by_cluster.insert(0, "case", [case.case for case in study.fitted_cases])
    by_cluster.insert(1, "title", [f"{c.cluster}, {c.industry}" for c in study.fitted_cases])
    by_cluster["best"] = np.array(list(fits))[density.argmax(axis=1)]
    return RivalFindings(
        views=views,
        weights=weights_table(fits),
        margins=rival_margins(fits),
        gains=gains_table({name: fit.runs for name, fit in fits.items()}, ticks, study.seed),
        by_cluster=by_cluster,
        points=study.effort.rival,
        effort=study.effort.name,
        seed=study.seed,
    )


def rivals_table(found: RivalFindings) -> Table:
    """The rivals for the terminal."""
    shown = Table(
        title="Rival theories on clusters left out", box=box.SIMPLE_HEAD, title_justify="left",
        title_style="bold", pad_edge=False, caption_justify="left",
        caption="weight: stacking, 95% over resampled clusters; log density: of all scores of a cluster",
    )  # fmt: skip
    for name in ("view", "weight", "log density", "error", "CRPS"):
        shown.add_column(name, justify="left" if name == "view" else "right")
    for row in found.weights.to_dict("records"):
        ends = between(row["weight_low"], row["weight_high"], 2)
        shown.add_row(
            row["title"], f"{fixed(row['weight'], 2)} ({ends})", fixed(row["log_density"], 3),
            f"{row['mae']:.3f}", f"{row['crps']:.3f}",
        )  # fmt: skip
    return shown
