"""``run.py report RESULT``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import Facts, InLanguage, OutputOptions


def report(
    result: Annotated[Path, typer.Argument(help="folder of results")],
    ending: OutputOptions,
    brief: Annotated[
        bool, typer.Option("--brief", help="two pages to print, of a comparison: brief.html")
    ] = False,
    author: Annotated[str, typer.Option("--author", help="who signs the brief")] = "",
    lang: InLanguage = "en",
) -> Facts:
    """Write report.html into a folder of results, from the files that are there."""
    from model.report.webpage.report_file import brief as make_brief
    from model.report.webpage.report_file import report as make

    if author and not brief:
        raise typer.BadParameter("--author goes with --brief")
    page = make_brief(result, author, lang) if brief else make(result, lang)
    typer.echo(f"{'Brief' if brief else 'Report'}: {page}")
    return {"out": str(page)}
