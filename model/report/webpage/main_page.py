"""The page of the main job: simulated beside scored upgrading, and designs of an institution."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.report.webpage.comparison_page import (
    Tables,
    answer,
    assumptions,
    effects_section,
    pictures,
    table,
)
from model.report.webpage.document import DocumentSection, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, horizon, provenance
from model.wording.numbers import counted, fixed, titled

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {
    "sector_means": "Mean simulated and scored upgrading by sector and dimension, with {level} ranges.",
    "simulated_beside_scored": "Simulated beside scored upgrading of every cluster.",
    "collective_efficiency": "Collective efficiency measured from the simulated world beside the print.",
    "sources_by_sector": "Share of mastered practices by the channel through which they came, by sector.",
}
_DESIGNS = {
    "paths": "How the outcomes move over time, a line a design, with {level} bands.",
    "by_community": "Product upgrading at the end in each community, a mark a design.",
}


def main_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that the main job wrote."""
    designs = manifest["designs"] | {"calibrated": manifest["calibrated"]}
    tables, clusters = Tables.read(folder, designs), table(folder, "clusters", needed=True)
    return Page(
        kind="Main job",
        title="Clusters beside their scores, and designs of a knowledge institution",
        question="How near does the model come to published scores, and which design upgrades most?",
        answer=[
            *answer(tables, designs),
            f"With parameters drawn from the posterior: {_lower(manifest['under_uncertainty'])}",
            _distance(manifest["distance"]),
        ],
        design=[
            ("Clusters", f"{clusters['case'].nunique()}, each run on its own"),
            (
                "Designs",
                f"{len(manifest['designs']['scenarios'])} of one country, the first without any",
            ),
            ("Horizon of the designs", horizon(designs)),
        ],
        sections=[
            DocumentSection(
                "Simulated beside scored", (), [_sectors(clusters), *pictures(folder, _FIGURES)]
            ),
            effects_section(tables),
            DocumentSection("Figures of the designs", (), pictures(folder, _DESIGNS)),
        ],
        assumptions=assumptions(designs),
        provenance=provenance(designs),
        command=command_of(manifest),
        folds=folds(designs),
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _distance(distance: Mapping[str, Any]) -> str:
    by = ", ".join(f"{name} {fixed(mae, 2)}" for name, mae in distance["by_dimension"].items())
    return (
        f"Over {counted(distance['scores'], 'published score')} (0-3) simulated upgrading is off by "
        f"{fixed(distance['mae'], 2)} on average ({by})."
    )


def _sectors(clusters: pd.DataFrame) -> Grid:
    known = clusters.dropna(subset="scored")
    gap = (known["simulated"] - known["scored"]).abs()
    groups = known.assign(gap=gap).groupby(["sector_title", "dimension"], sort=False)
    rows = [
        [str(sector), titled(str(dimension)), fixed(part["simulated"].mean(), 2),
         fixed(part["scored"].mean(), 2), fixed(part["gap"].mean(), 2), str(len(part))]
        for (sector, dimension), part in groups
    ]  # fmt: skip
    columns = ["sector", "dimension", "simulated", "scored", "mean absolute error", "scores"]
    return Grid(
        "Upgrading, score 0-3: means over clusters with a score", columns, rows, range(2, 6)
    )
