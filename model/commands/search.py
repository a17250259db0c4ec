"""``run.py search FILE``"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, InLanguage, KeptOptions, Settings


@dataclass(frozen=True)
class SearchOptions(KeptOptions):
    """What a search takes."""

    settings: Settings = None


def search(
    file: Annotated[Path, typer.Argument(help="search file")],
    options: SearchOptions,
    lang: InLanguage = "en",
) -> Facts:
    """Look for the designs that public money buys most with; the same command resumes."""
    from model.language import speaking
    from model.report.policy_searches import search_file

    target = options.target("search", file.stem)
    with speaking(lang):
        return search_file(
            file, options.settings or [], options.seed, target, options.how, options.console
        )
