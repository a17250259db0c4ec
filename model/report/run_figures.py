"""The figure of a run, made from the files of its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.report.comparison_figures import community_titles
from model.report.effect_figures import paths
from model.report.frames import series_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("process", "product", "functional", "intersectoral")


def figures(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Callable[[], Figure]]:
    """How the figure is made, by name."""
    series = series_of(folder, "series", SHOWN)
    series["community"] = series["community"].astype(str)
    known = community_titles(manifest["scenarios"])
    places = {key: known[key] for key in dict.fromkeys(series["community"])}
    return {"paths": lambda: paths(series, SHOWN, places, by="community")}
