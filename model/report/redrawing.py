"""Figures of a folder of results drawn again, where they are in another language than the one spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import spoken
from model.report.style import language_of, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MAKERS = {
    "experiment": "comparison_figures",
    "sweep": "sweep_figures",
    "sensitivity": "sensitivity_figures",
    "designs": "main_figures",
    "replicates": "run_figures",
}
"""Key of the manifest that tells what a folder is -> module that makes its figures from its files.

The first that is there decides, as for pages."""
_LACKING = (FileNotFoundError, KeyError, ValueError)
"""What a maker says where a table, a column or an entry of the manifest is not there."""


def redraw(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Draw the figures that are in another language again, in place; returns their names.

    A figure whose tables are not there (of an older version) stays as it is.
    """
    stale = [svg.stem for svg in sorted(folder.glob("*.svg")) if language_of(svg) != spoken()]
    name = next((module for key, module in _MAKERS.items() if key in manifest), "")
    if not stale or not name:
        return []
    figures: Callable[[Path, Mapping[str, Any]], dict[str, Callable[[], Figure]]]
    figures = import_module(f".{name}", __package__).figures
    drawn = []
    with suppress(*_LACKING):
        makers = figures(folder, manifest)
        for each in stale:
            with suppress(*_LACKING):
                save(makers[each](), folder, each)
                drawn.append(each)
    return drawn
