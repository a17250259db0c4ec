"""From a folder of results to its page: what the command ``report`` does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from model.language import ENGLISH, speaking
from model.records.result_files import MANIFEST
from model.report.redrawing import redraw
from model.report.webpage.document import Page, write
from model.scenario.faults import Fault, InputError, show_path

_PAGES = {
    "experiment": "comparison_page",
    "sweep": "sweep_page",
    "search": "search_page",
    "sensitivity": "sensitivity_page",
    "patterns": "patterns_page",
    "designs": "main_page",
    "replicates": "run_page",
}
"""Key of the manifest that tells what a folder is -> module and function that make its page.

The first that is there decides: others hold replicates too."""
_RUN = "replicates"
_BRIEF = {"experiment", "designs", _RUN}
"""Results that a brief can tell."""


def report(folder: Path, language: str = ENGLISH) -> Path:
    """Make ``report.html`` from the files of a folder of results; returns its path.

    Figures in another language are drawn again. Raises InputError where the folder holds no results.
    """
    with speaking(language):
        redraw(folder, manifest_in(folder))
        return write(page_of(folder), folder)


def brief(folder: Path, author: str = "", language: str = ENGLISH) -> Path:
    """Make ``brief.html``, two printed pages, of a comparison, a run or the main job; returns its path.

    A figure in another language is drawn again. Raises InputError where the folder holds none of these.
    """
    from model.report.webpage.brief_page import write_brief

    manifest = manifest_in(folder)
    kind = next((key for key in _PAGES if key in manifest), "")
    if kind not in _BRIEF:
        hint = "give a folder that compare, run or the main job wrote"
        raise _unusable(folder, "holds nothing that a brief tells", hint)
    try:
        with speaking(language):
            if kind == _RUN:  # others show no figure
                redraw(folder, manifest)
            return write_brief(folder, manifest, author)
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise _unusable(
            folder, f"lacks {missing}", "run the command of its manifest again"
        ) from None


def tables(folder: Path, workbook: bool, csv: bool, language: str = ENGLISH) -> list[Path]:
    """Write the tables of a folder for people, as asked; InputError where it holds no results."""
    from model.report.tables_for_people import write_csv, write_workbook

    manifest = manifest_in(folder)
    made = [write for write, asked in ((write_workbook, workbook), (write_csv, csv)) if asked]
    with speaking(language):
        return [write(folder, manifest) for write in made]


def page_of(folder: Path) -> Page:
    """The page of a folder of results."""
    manifest = manifest_in(folder)
    for key, name in _PAGES.items():
        if key in manifest:
            make: Callable[[Path, Mapping[str, Any]], Page] = getattr(
                import_module(f".{name}", __package__), name
            )
            try:
                return make(folder, manifest)
            except FileNotFoundError as error:
                missing = Path(str(error.filename)).name
                again = "run the command of its manifest again"
                raise _unusable(folder, f"lacks {missing}", again) from None
    raise _unusable(folder, "holds no result of which a page is made", _HOW)


_HOW = "give a folder that the main job, run, compare, sweep, search, sensitivity or patterns wrote"


def manifest_in(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results; InputError where it has none."""
    if not folder.is_dir():
        raise _unusable(folder, "is no folder", _HOW)
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise _unusable(folder, f"holds no {MANIFEST}", _HOW) from None
    except (OSError, ValueError) as error:
        raise _unusable(folder, f"its {MANIFEST} can't be read ({error})", _HOW) from None


def _unusable(folder: Path, problem: str, hint: str) -> InputError:
    return InputError(Fault(show_path(folder), "", "", problem, hint))
