"""What ``calibrate --components`` does: infer each cluster's components, a table, a page, print."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from calibration.commands.study_options import StudyOptions
from calibration.posterior.latent_components import TOGETHER
from calibration.posterior.shipped_posterior import COMPONENTS, FOLDER
from calibration.validation.component_findings import (
    FITTED,
    PLANTED,
    QUICK_FITTED,
    QUICK_PLANTED,
    ComponentFindings,
    find_components,
)
from calibration.validation.components_page import components_figure, components_markdown, plain
from model.provenance import provenance
from model.records.result_files import check_writable, results_folder, write_manifest, write_table
from model.report.jobs import command_line
from model.report.style import save
from model.scenario.faults import show_path
from model.wording.numbers import fixed, percent

PAGE = "components.md"
PICTURE = "components.png"
IMAGES = Path("docs", "images")


def infer_components(root: Path, options: StudyOptions, console: Console) -> dict[str, Any]:
    """Infer components, write the results; returns the facts for ``--json``."""
    start = time.monotonic()
    target = options.target
    check_writable(target)
    study = options.study(beside=target.with_name("calibrate"))  # work is shared with that command
    runs = (QUICK_FITTED, QUICK_PLANTED) if options.quick else (FITTED, PLANTED)
    found = find_components(study, *runs)
    with results_folder(target) as folder:
        write_table(found.by_component, folder, COMPONENTS, parquet=False)
        write_table(found.by_cluster, folder, "clusters", parquet=False)
        write_table(found.planted, folder, "planted", parquet=False)
        save(components_figure(found), folder, "components")
        text = components_markdown(found)
        (folder / PAGE).write_text(text, encoding="utf-8", newline="\n")
        facts = {"command": command_line(), "facts": found.facts()}
        write_manifest(folder, provenance(study.asked) | facts)
    if options.keep:
        shutil.copyfile(target / f"{COMPONENTS}.csv", FOLDER / f"{COMPONENTS}.csv")
        shutil.copyfile(target / PAGE, root / "docs" / PAGE)
        shutil.copyfile(target / PICTURE, root / IMAGES / PICTURE)
    console.print(components_table(found))
    seconds = time.monotonic() - start
    console.print(f"Page: {show_path(target / PAGE)} ({seconds:.0f} s)")
    return found.facts() | {"out": str(target), "seconds": round(seconds, 1)}


def components_table(found: ComponentFindings) -> Table:
    """A row a cluster for the terminal: what all of its components do together, and the one known best."""
    shown = Table(
        title="What scores tell of components of collective efficiency", box=box.SIMPLE_HEAD,
        title_justify="left", title_style="bold", pad_edge=False, caption_justify="left",
        caption="together: mean place, in standard deviations from the middle of the degree; narrower: by "
        "which the standard deviation shrinks; worth: equal draws, of all pairs of a draw and places",
    )  # fmt: skip
    for name in ("cluster", "degree", "together", "narrower", "best known", "narrower", "worth"):
        shown.add_column(name, justify="left" if name in ("cluster", "best known") else "right")
    worth = found.by_cluster.set_index("case")
    for case, part in found.by_component.groupby("case", sort=False):
        row = worth.loc[case]
        share = percent(row["effective"] / row["pairs"])
        if case in found.refused:
            shown.add_row(
                str(case), row["degree"], "too few draws bear its scores", "", "", "", share
            )
            continue
        whole, best = _together_and_best(part)
        shown.add_row(
            str(case), row["degree"], fixed(whole["shift"], 2), percent(whole["contraction"]),
            plain(best["component"]), percent(best["contraction"]), share,
        )  # fmt: skip
    return shown


def _together_and_best(part: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    alone = part[part["component"] != TOGETHER]
    return part[part["component"] == TOGETHER].iloc[0], alone.loc[alone["contraction"].idxmax()]
