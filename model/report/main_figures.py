"""The figures of the main job, made from the files of its folder.

Titles of the files that ship stand in the catalogues, since these are of ours: designs, outcomes, regions
and sectors are called in the language spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.records.result_files import read_parquet, read_table
from model.report.comparison_figures import community_titles, titles_of
from model.report.effect_figures import by_community, paths, policy_effects, who_gains
from model.report.frames import in_language, in_order, last_quarter, series_of
from model.report.learning_figures import collective_efficiency, sources_of_learning
from model.report.score_figures import sector_means, simulated_beside_scored

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("process", "process_breadth_2", "productivity_gap", "workers", "wage", "exports")
"""Measures that are shown over time."""
SCORE = "process"
"""The score of which it is told who gains."""
NOTE = noted("Numbers of the model are drawn from the calibrated posterior.")
SEEN = noted(
    "Simulated: as those who scored would see a cluster, without their noise; a replicate is a draw."
)


def figures(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Callable[[], Figure]]:
    """How each figure is made, by name."""
    designs, note = manifest["designs"], say(NOTE)
    seen = f"{note} {say(SEEN)}"
    effects, clusters = (in_language(read_table(folder, name)) for name in ("effects", "clusters"))
    titles = titles_of(effects, designs)
    places = {k: say_name(v) for k, v in community_titles(designs["scenarios"]).items()}

    return {
        "simulated_beside_scored": lambda: simulated_beside_scored(clusters, True, seen),
        "sector_means": lambda: sector_means(clusters, True, seen),
        "collective_efficiency": lambda: collective_efficiency(
            in_language(read_table(folder, "collective_efficiency")), note
        ),
        "policy_effects": lambda: policy_effects(
            effects, note, say_name(designs["experiment"]["question"]), drawn=True
        ),
        "paths": lambda: paths(
            series_of(folder, "country", SHOWN),
            SHOWN,
            titles,
            at_a_draw=designs["compared"]["replicates"],
        ),
        "by_community": lambda: by_community(
            last_quarter(series_of(folder, "series", [SCORE])).replace({"community": places}),
            SCORE,
            titles,
        ),
        "who_gains": lambda: who_gains(in_language(read_table(folder, "gains")), note, drawn=True),
        "sources_by_sector": lambda: sources_of_learning(
            read_parquet(folder, "learning_clusters"), in_order(clusters, "case", "sector_title")
        ),
    }
