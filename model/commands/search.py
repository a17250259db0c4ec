"""``run.py search FILE``"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, KeptOptions, Settings


@dataclass(frozen=True)
class SearchOptions(KeptOptions):
    """What a search takes."""

    settings: Settings = None


def search(
    file: Annotated[Path, typer.Argument(help="search file")], options: SearchOptions
) -> Facts:
    """Look for the designs that public money buys most with; the same command resumes."""
    from model.report.policy_searches import search_file

    return search_file(
        file, options.settings or [], options.seed, options.target("search", file.stem), options.how,
        options.console,
    )  # fmt: skip
